#!/usr/bin/env bash
# Installs what is missing: system packages, Python packages into .venv, the broker's jars. Run again, it does nothing.
# `bootstrap.sh dev` adds what tests and lint need.
set -euo pipefail
cd "$(dirname "$0")/.."

started=$SECONDS
say() { printf '%s (%s s)\n' "$1" "$((SECONDS - started))"; }

# Program that shows the package is there, and the package that brings it.
needed=(
    "/usr/lib/postgresql/*/bin/initdb postgresql"
    "/usr/bin/redis-server redis-server"
    "/usr/sbin/mariadbd mariadb-server"
    "/usr/bin/java openjdk-17-jre-headless"
    "/usr/bin/mvn maven"
    "/usr/bin/python3 python3-venv"
    "/usr/bin/curl curl" # brings libcurl4, which mongod needs
)
[ "${1:-}" = dev ] && needed+=("/usr/bin/chromium* chromium")

missing=()
for entry in "${needed[@]}"; do
    read -r program package <<<"$entry"
    compgen -G "$program" >/dev/null || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
    as_root=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || {
            echo "These packages are missing and sudo is not there: install them as root: apt-get install ${missing[*]}" >&2
            exit 1
        }
        as_root=(sudo)
    fi
    say "installing system packages: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

python=""
for candidate in python3 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || {
    echo "Python 3.11, 3.12 or 3.13 is needed: apt-get install python3 python3-venv" >&2
    exit 1
}
[ -x .venv/bin/python ] || "$python" -m venv .venv
[ -x .venv/bin/uv ] || .venv/bin/python -m pip install -q uv

# requirements.txt pins all packages, those of the tests too; installing them again takes half a second.
stamp=.venv/installed-$(cat requirements.txt pyproject.toml | sha256sum | cut -c1-16)
if [ ! -e "$stamp" ]; then
    say "installing Python packages"
    VIRTUAL_ENV=$PWD/.venv .venv/bin/uv pip install -q --compile-bytecode -r requirements.txt
    VIRTUAL_ENV=$PWD/.venv .venv/bin/uv pip install -q --no-deps -e .
    touch "$stamp"
fi

jars=.venv/kafka
if [ ! -e "$jars/complete" ]; then
    say "installing the broker's jars"
    mvn -B -q -f timecontrol/stack/kafka/pom.xml dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$PWD/$jars"
    touch "$jars/complete"
fi
say "everything is installed"
