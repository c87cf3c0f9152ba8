#!/usr/bin/env bash
# Installs what is missing: system packages, Python packages into .venv, the broker's jars. Run again, it does nothing.
# `bootstrap.sh dev` adds the browser of the tests.
set -euo pipefail
cd "$(dirname "$0")/.."

started=$SECONDS
say() { printf '%s (%s s)\n' "$1" "$((SECONDS - started))"; }

# Older ones bring PostgreSQL 13 or 14 and Redis 6.0, which do not know what the servers are set up with.
os_release=$(cat /etc/os-release)
field() { sed -n "s/^$1=//p" <<<"$os_release" | tr -d '"'; }
system=$(field ID) version=$(field VERSION_ID)
case $system in
    debian) oldest=12 ;;
    ubuntu) oldest=24.04 ;;
    *) oldest="" ;;
esac
if [ -n "$oldest" ] && [ -n "$version" ] && dpkg --compare-versions "$version" lt "$oldest"; then
    echo "$(field NAME) $version is too old: its PostgreSQL and Redis are. Debian 12, Ubuntu 24.04 or newer is needed." >&2
    exit 1
fi

python=""
for candidate in python3 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || {
    echo "Python 3.11, 3.12 or 3.13 is needed, as Debian 12 and 13 and Ubuntu 24.04 have it: apt-get install python3" >&2
    exit 1
}

# Program that shows the package is there, and the package that brings it.
needed=(
    "/usr/lib/postgresql/*/bin/initdb postgresql"
    "/usr/bin/redis-server redis-server"
    "/usr/sbin/mariadbd mariadb-server"
    "/usr/bin/java default-jre-headless" # 17 on Debian 12, 21 on newer ones and Ubuntu 24.04; the broker needs 17
    "/usr/bin/mvn maven"
    "/usr/bin/curl curl" # brings libcurl4, which mongod needs
)
# Ubuntu's package of Chromium is a snap, which Playwright cannot drive; there it brings its own (below).
is_debian() { [ "$system" = debian ]; }
if [ "${1:-}" = dev ] && is_debian; then needed+=("/usr/bin/chromium chromium"); fi

missing=()
# Debian and Ubuntu keep this module of Python in a package of its own.
"$python" -c 'import ensurepip' 2>/dev/null || missing+=("$python-venv")
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

# uv comes last: without it the environment is not there, or its making was cut short.
if [ ! -x .venv/bin/uv ]; then
    "$python" -m venv --clear .venv
    .venv/bin/python -m pip install -q uv
fi

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

if [ "${1:-}" = dev ] && ! is_debian && ! compgen -G "$HOME/.cache/ms-playwright/chromium-*" >/dev/null; then
    say "installing the browser of the tests"
    .venv/bin/playwright install --with-deps chromium
fi
say "everything is installed"
