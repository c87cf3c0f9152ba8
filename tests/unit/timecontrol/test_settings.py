"""Settings: a wrong one is named with its value and what it may be, and a name that no setting has is refused."""

from pathlib import Path

import pytest

from timecontrol.settings import SettingsError, read_settings
from timecontrol.stack.supervisor import MARK


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMECONTROL_HOME", str(tmp_path))


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("TIMECONTROL_PORT_BASE", "abc", "TIMECONTROL_PORT_BASE='abc': Input should be a valid integer"),
        ("TIMECONTROL_PORT_BASE", "", "TIMECONTROL_PORT_BASE='': Input should be a valid integer"),
        ("TIMECONTROL_EXTERNAL", "kafka", "TIMECONTROL_EXTERNAL='kafka': Invalid JSON"),
        ("TIMECONTROL_KAFKA__PORT", "high", "TIMECONTROL_KAFKA__PORT='high': Input should be a valid integer"),
        ("TIMECONTROL_KAFKA__HOTS", "broker", "TIMECONTROL_KAFKA__HOTS='broker': Extra inputs are not permitted"),
        ("TIMECONTROL_KAFKA", "broker", "TIMECONTROL_KAFKA='broker': Input should be a valid dictionary"),
        (
            "TIMECONTROL_KAFKA_HOST",
            "broker",
            "TIMECONTROL_KAFKA_HOST: no setting has this name; did you mean TIMECONTROL_KAFKA__HOST?",
        ),
        (
            "TIMECONTROL_PORTBASE",
            "27000",
            "TIMECONTROL_PORTBASE: no setting has this name; did you mean TIMECONTROL_PORT_BASE?",
        ),
        ("TIMECONTROL_HOME", "", "TIMECONTROL_HOME='': Value error, name a folder from the root on"),
        ("TIMECONTROL_HOME", "here", "TIMECONTROL_HOME='here': Value error, name a folder from the root on"),
        ("TIMECONTROL_KAFKA__HOST", "", "TIMECONTROL_KAFKA__HOST='': String should have at least 1 character"),
        ("TIMECONTROL_ALERT_WEBHOOK", "silly", "TIMECONTROL_ALERT_WEBHOOK='silly': Input should be a valid URL"),
        ("TIMECONTROL_EXTERNAL", "kafka", """write a JSON list of servers, such as '["kafka"]'"""),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, complaint: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refusal:
        read_settings()
    assert complaint in str(refusal.value)


def test_all_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMECONTROL_PORT_BASE", "80")
    monkeypatch.setenv("TIMECONTROL_KAFKA__PORT", "0")
    with pytest.raises(SettingsError, match=r"TIMECONTROL_PORT_BASE='80'.*\n.*TIMECONTROL_KAFKA__PORT='0'"):
        read_settings()


def test_a_base_without_room_for_ports_is_one_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMECONTROL_PORT_BASE", "99999")
    with pytest.raises(SettingsError) as refusal:
        read_settings()
    assert [line.strip() for line in str(refusal.value).splitlines()[1:]] == [
        "TIMECONTROL_PORT_BASE='99999': Input should be less than or equal to 65000"
    ]


def test_a_wrong_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMECONTROL_SECRETS__REDIS", "hush")
    with pytest.raises(SettingsError, match="TIMECONTROL_SECRETS__REDIS=…: ") as refusal:
        read_settings()
    assert "hush" not in str(refusal.value)


def test_the_variables_of_tests_and_of_the_supervisor_are_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TIMECONTROL_TEST_HOME", "TIMECONTROL_REFERENCE_SEED", "TIMECONTROL_SEEDS", MARK):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("TIMECONTROL_EXTERNAL", '["kafka"]')
    assert read_settings().external == {"kafka"}
