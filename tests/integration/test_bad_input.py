"""Bad input on real servers: a clear error that names the place and the reason, and nothing is lost.

Here stands what the tests of the single doors do not hold. Punches refused by the API: `test_api_punches`; records in the
topic: `test_sink_postgres`; lines and mappings of files: `test_device_files` and the unit tests beside their decoder.
"""

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.capture import as_value, captured, event, new_id, produce, query
from tests.integration.api_client import NEEDED, Api
from tests.integration.computing import Inputs
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.cli import app
from timecontrol.clock import FixedClock
from timecontrol.contracts.badges import badge_employee_id
from timecontrol.serving.compute import run
from timecontrol.settings import Settings, SettingsError, read_settings
from timecontrol.stack import binaries, files
from timecontrol.stack.binaries import MissingPackage
from timecontrol.stack.errors import StackError


@pytest.fixture(scope="module")
def settings(stack: RunningStack) -> Settings:
    return stack.require(*NEEDED)


@pytest.fixture(scope="module")
def api(settings: Settings) -> Api:
    return Api(settings)


def quarantined(settings: Settings, payload: bytes) -> list[str]:
    """The codes under which these bytes are in quarantine."""
    return [code for (code,) in query(settings, "select code from raw.quarantine where payload = %s", payload)]


@pytest.mark.parametrize("text", ["1700000000", "1.7e9", "2026-05-04", "yesterday", 1700000000])
def test_an_instant_that_is_none_is_refused_by_the_api_and_in_the_topic(
    api: Api, settings: Settings, text: str | int
) -> None:
    body = {"event_id": new_id(), "employee_id": f"E-{new_id()}", "kind": "clock_in", "occurred_at": text}
    answer = api.device().post("/v1/punches", json=body)
    fault = answer.json()
    assert (answer.status_code, fault["code"], fault["field"]) == (422, "invalid_field", "occurred_at")
    assert "RFC 3339 text with an offset, such as 2026-11-24T08:00:00+01:00" in fault["reason"]
    record = as_value(event(f"E-{new_id()}", occurred_at=text))
    produce(settings, [record])
    for sent in (answer.request.content, record):
        assert eventually(lambda sent=sent: quarantined(settings, sent)) == ["invalid_field"]


def test_a_repeated_event_with_other_content_is_kept_beside_the_first(api: Api, settings: Settings) -> None:
    who, device = f"E-{new_id()}", api.device("T9")
    first = {"event_id": new_id(), "employee_id": who, "kind": "clock_in", "occurred_at": "2026-05-04T08:00:00Z"}
    for kind in ("clock_in", "clock_out", "clock_in"):
        device.post("/v1/punches", json=first | {"kind": kind}).raise_for_status()
    kinds = "select kind from raw.punches where employee_id = %s"
    assert eventually(lambda: query(settings, kinds, who)) == [("clock_in",)]
    refusals = (
        "select code, convert_from(payload, 'UTF8')::jsonb ->> 'kind', reason from raw.quarantine where record_key = %s"
    )
    [(code, kind, reason)] = eventually(lambda: query(settings, refusals, who.encode()))
    assert (code, kind) == ("content_conflict", "clock_out")
    assert first["event_id"] in reason


def test_an_unknown_badge_and_an_unknown_employee_are_kept_and_join_when_they_appear(settings: Settings) -> None:
    inputs = Inputs(settings)
    inputs.empty()
    mark = new_id()
    who, stranger, device = f"known-{mark}", f"stranger-{mark}", f"T-{mark}"
    badge = badge_employee_id(device, "7")
    for recorded_id, details in (
        (badge, {"device_id": device, "attributes": {"device_user": "7"}}),
        (stranger, {"device_id": "T1"}),
    ):
        values = [
            as_value(event(recorded_id, number, kind=kind, **details))
            for number, kind in ((0, "clock_in"), (240, "clock_out"))
        ]
        produce(settings, values, key=recorded_id)
        eventually(lambda recorded_id=recorded_id: len(captured(settings, recorded_id)) == 2)

    def compute() -> tuple[set[tuple[str, str]], set[tuple[str, date, int]]]:
        run(settings, reason="test", clock=FixedClock(datetime(2026, 3, 4, tzinfo=UTC)))
        exceptions = query(settings, "select employee_id, kind from marts.fct_exceptions where kind like 'unknown%%'")
        days = query(settings, "select employee_id, workday, worked_seconds from marts.fct_workdays")
        return set(exceptions), set(days)

    day = date(2026, 3, 2)
    exceptions, days = compute()
    assert exceptions == {(badge, "unknown_badge"), (stranger, "unknown_employee")}
    assert days == {(badge, day, 14_400), (stranger, day, 14_400)}
    inputs.add("core.employees", employee_id=who, name="Ada")
    inputs.add("core.employees", employee_id=stranger, name="Ben")
    inputs.add("core.badges", device_id=device, device_user="7", employee_id=who)
    exceptions, days = compute()
    assert exceptions == set()
    assert {row for row in days if row[2]} == {(who, day, 14_400), (stranger, day, 14_400)}


def imported(*arguments: str | Path) -> Result:
    """`timecontrol import …` with the place that every file of these tests comes from."""
    return CliRunner().invoke(app, ["import", *map(str, arguments), "--site", "bad", "--zone", "UTC"])


def said(result: Result) -> str:
    """What a person reads, in one line."""
    return " ".join(f"{result.output} {result.exception or ''}".split())


@pytest.fixture
def csv(tmp_path: Path) -> tuple[Path, Path]:
    """Where a CSV file goes, and its mapping."""
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("columns: {employee: who, instant: at, kind: what, device: door}\nkinds: {IN: clock_in}\n")
    return tmp_path / "doors.csv", mapping


def test_a_cell_of_a_megabyte_is_quarantined_with_its_line_and_the_rest_is_loaded(
    settings: Settings, csv: tuple[Path, Path]
) -> None:
    path, mapping = csv
    who = f"E-{new_id()}"
    large = f"{who},2026-03-02T09:00:00Z,IN,{'T' * 1_000_000}"
    path.write_text(f"who,at,what,door\n{who},2026-03-02T08:00:00Z,IN,T1\n{large}\n{who},2026-03-02T10:00:00Z,IN,T1\n")
    result = imported(path, "--device", "doors", "--mapping", mapping)
    assert result.exit_code == 0, said(result)
    assert eventually(lambda: len(captured(settings, who)) == 2)
    lines = "select file_line, code, payload from raw.quarantine where file_sha256 = %s"
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    [(line, code, payload)] = query(settings, lines, sha256)
    assert (line, code, bytes(payload)) == (3, "malformed_csv", large.encode())


def test_a_file_that_was_cut_off_loses_its_last_line_until_the_whole_one_comes(
    settings: Settings, csv: tuple[Path, Path]
) -> None:
    path, mapping = csv
    who = f"E-{new_id()}"
    whole = f"who,at,what,door\n{who},2026-03-02T08:00:00Z,IN,T1\n{who},2026-03-02T10:00:00Z,IN,T1\n"
    for content, count in ((whole[:-9], 1), (whole, 2)):
        path.write_text(content)
        result = imported(path, "--device", "doors", "--mapping", mapping)
        assert result.exit_code == 0, said(result)
        eventually(lambda count=count: len(captured(settings, who)) == count)
    cut = whole[:-9].encode()
    [(line,)] = query(
        settings, "select file_line from raw.quarantine where file_sha256 = %s", hashlib.sha256(cut).hexdigest()
    )
    assert line == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("who,at,what,door\nZoë,2026-03-02T08:00:00Z,IN,T1\n".encode("utf-16"), ["utf-8", "encoding"]),
        (b"name;at\nE1;2026-03-02T08:00:00Z\n", ["columns.employee is 'who'", "name;at"]),
        (b"who,at,what,door\nE1,02/03/2026,IN,T1\n", ["02/03/2026"]),
        (b"who,at,what,door\nE1,2026-03-02T08:00:00Z,lunch,T1\n", ["line 2", "what is 'lunch', mapped are: in"]),
    ],
)
@pytest.mark.usefixtures("settings")
def test_a_wrong_encoding_or_mapping_refuses_the_file_and_says_what_does_not_fit(
    csv: tuple[Path, Path], content: bytes, words: list[str]
) -> None:
    path, mapping = csv
    path.write_bytes(content)
    result = imported(path, "--device", "doors", "--mapping", mapping)
    assert result.exit_code != 0
    assert all(word in said(result) for word in [str(path.name), *words]), said(result)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TIMECONTROL_POSTGRES__PORT", "five", ["TIMECONTROL_POSTGRES__PORT='five'", "integer"]),
        ("TIMECONTROL_KAFKA__PORT", "70000", ["TIMECONTROL_KAFKA__PORT='70000'", "less than or equal to 65535"]),
        ("TIMECONTROL_MYSQL__FLAVOUR", "oracle", ["TIMECONTROL_MYSQL__FLAVOUR='oracle'", "'mariadb' or 'mysql'"]),
        ("TIMECONTROL_REPLICA_MAX_AGE_SECONDS", "0", ["TIMECONTROL_REPLICA_MAX_AGE_SECONDS='0'", "greater than 0"]),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_may_be(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: list[str]
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refusal:
        read_settings()
    assert all(word in str(refusal.value) for word in words), str(refusal.value)


def test_a_missing_package_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(binaries, "KAFKA_JARS", tmp_path)
    monkeypatch.setattr(binaries.sysconfig, "get_paths", lambda: {"purelib": str(tmp_path)})
    for asked, program, command in (
        (lambda: binaries.system_program("no-such-server", "redis-server"), "no-such-server", "apt-get install"),
        (lambda: binaries.postgres_program("no_such_tool"), "no_such_tool (PostgreSQL 15 or newer)", "postgresql"),
        (binaries.mongod, "mongod", "scripts/bootstrap.sh"),
        (binaries.kafka_class_path, "The Kafka broker", "scripts/bootstrap.sh"),
    ):
        with pytest.raises(MissingPackage) as missing:
            asked()
        assert str(missing.value).startswith(program)
        assert "is not installed. Install it with: " in str(missing.value)
        assert command in str(missing.value)


def test_a_full_disk_is_refused_before_any_server_writes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    usage = files.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _path: usage._replace(free=500 * 1024**2))
    home = tmp_path / "home"
    with pytest.raises(StackError, match=rf"Only 500 MiB are free for {home}; the stack needs 2,048 MiB"):
        files.make_home(read_settings(home=home))
    assert sorted(path.name for path in home.iterdir()) == ["logs", "run"]


def test_a_record_of_a_batch_that_is_wrong_names_its_place_and_harms_no_other(api: Api, settings: Settings) -> None:
    who = f"E-{new_id()}"
    good = {"event_id": new_id(), "employee_id": who, "kind": "clock_in", "occurred_at": "2026-05-04T08:00:00Z"}
    wrong = good | {"event_id": new_id(), "occurred_at": "2087-05-04T08:00:00Z"}
    answer = api.device().post("/v1/punches/batch", content=json.dumps([good, wrong]))
    [first, second] = answer.json()["results"]
    assert (first["status"], first["event_id"]) == ("accepted", good["event_id"])
    assert (second["index"], second["status"], second["code"], second["field"]) == (
        1,
        "refused",
        "far_future",
        "occurred_at",
    )
    eventually(lambda: len(captured(settings, who)) == 1)
