"""Secrets: made once, kept, private."""

import json
from pathlib import Path

import pytest

from timecontrol.settings import read_settings
from timecontrol.stack.credentials import PRINCIPALS, completed, with_secrets


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TIMECONTROL_HOME", str(tmp_path))
    return tmp_path


def test_every_principal_of_every_server_has_a_secret_of_its_own() -> None:
    made = completed({})
    passwords = [made[server][name] for server, names in PRINCIPALS.items() for name in names]
    assert len(set(passwords)) == len(passwords) == sum(map(len, PRINCIPALS.values()))
    assert all(len(password) == 32 and password.isalnum() for password in passwords)


def test_known_secrets_stay_and_missing_ones_are_made() -> None:
    made = completed({"redis": {"app": "kept"}, "token_signing": "kept too"})
    assert made["redis"]["app"] == "kept"
    assert made["token_signing"] == "kept too"
    assert len(made["redis"]["operator"]) == 32


def test_the_file_is_private_and_written_once(home: Path) -> None:
    first = with_secrets(read_settings())
    file = home / "secrets.json"
    content = file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o777 == 0o600
    assert with_secrets(read_settings()).secrets == first.secrets
    assert file.read_text(encoding="utf-8") == content


def test_the_environment_goes_before_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_secrets(read_settings())
    monkeypatch.setenv("TIMECONTROL_SECRETS__REDIS__APP", "from outside")
    assert with_secrets(read_settings()).secrets.redis["app"].get_secret_value() == "from outside"
    assert json.loads((home / "secrets.json").read_text())["secrets"]["redis"]["app"] != "from outside"


def test_no_secret_shows_when_settings_are_printed(home: Path) -> None:
    settings = with_secrets(read_settings())
    assert home == settings.home
    assert settings.secrets.postgres["owner"].get_secret_value() not in repr(settings)
