"""The file of the first accounts' passwords, where somebody has edited it."""

import json
from pathlib import Path

import pytest

from timecontrol.core.first_accounts import accounts_file, ensure_accounts
from timecontrol.kept_files import KeptFileError
from timecontrol.settings import read_settings


@pytest.mark.parametrize(("password", "shown"), [(None, "null"), (20, "20")])
def test_a_password_that_is_no_text_is_named_before_anything_is_asked_of_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: object, shown: str
) -> None:
    monkeypatch.setenv("TIMECONTROL_HOME", str(tmp_path))
    settings = read_settings()
    path = accounts_file(settings)
    path.write_text(json.dumps({"admin": "word", "hr": password}))
    with pytest.raises(KeptFileError) as found:
        ensure_accounts(settings)
    assert str(found.value).startswith(f"{path} is damaged: hr is {shown}, no text in quotes.")
