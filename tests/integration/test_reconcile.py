"""`timecontrol reconcile` on live data: clean after a load, red when something is missing; what was refused, replayed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.reconcile import acceptance_checks, all_checks, file_checks, log_checks, within_database
from ingestion.replay import discard, replay
from ingestion.sources.device_files.importer import archive as archive_file
from tests.capture import archive, as_owner, as_value, captured, event, new_id, produce, query, refusal, signed
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.contracts.errors import Rejected
from timecontrol.serving.reconcile import Check
from timecontrol.settings import Settings

WAIT_SECONDS = 60


@pytest.fixture
def stack(untouched_stack: RunningStack) -> RunningStack:
    """Reconciliation speaks of everything that was ever captured, also of what other tests break on purpose."""
    return untouched_stack


@pytest.fixture
def settings(stack: RunningStack) -> Settings:
    return stack.require("sink_postgres", "sink_archive", "outbox_relay", "write_redis", "mysql", "binlog_replicator")


def failing(checks: list[Check]) -> dict[str, str]:
    return {check.name: check.detail for check in checks if not check.ok}


def load(settings: Settings) -> str:
    """Punches, a repeat and something refused, all read; returns the employee."""
    who = f"reconcile-{new_id()}"
    body = event(who)
    produce(settings, [as_value(body), as_value(body), b"\xff", as_value(event(who, 1))], key=who)
    eventually(lambda: len(captured(settings, who)) == 2)
    return who


def test_clean_after_a_load_and_red_after_a_row_is_removed_by_hand(settings: Settings) -> None:
    who = load(settings)
    assert failing(all_checks(settings, WAIT_SECONDS)) == {}

    as_owner(settings, "create table raw.test_removed as select * from raw.punches where employee_id = %s", who)
    try:
        as_owner(settings, "delete from raw.punches where employee_id = %s", who)
        found = failing(list(within_database(settings)))
        assert set(found) == {"rows of raw.punches by batch", "dedup keys with their row"}
        [(removed,)] = query(
            settings, "select event_id::text from raw.punch_ids except select event_id::text from raw.punches limit 1"
        )
        assert removed in found["dedup keys with their row"]
        process = subprocess.run(
            [sys.executable, "-m", "timecontrol.cli", "reconcile"], capture_output=True, text=True, check=False
        )
        assert process.returncode == 1
        assert "MISSING" in process.stdout
    finally:
        as_owner(settings, "insert into raw.punches select * from raw.test_removed")
        as_owner(settings, "drop table raw.test_removed")
    assert failing(list(within_database(settings))) == {}


def test_a_quarantined_record_that_was_removed_is_missed(settings: Settings) -> None:
    who = load(settings)
    as_owner(
        settings, "create table raw.test_removed as select * from raw.quarantine where record_key = %s", who.encode()
    )
    try:
        as_owner(settings, "delete from raw.quarantine where record_key = %s", who.encode())
        assert set(failing(list(within_database(settings)))) == {"quarantined records by batch"}
    finally:
        as_owner(settings, "insert into raw.quarantine overriding system value select * from raw.test_removed")
        as_owner(settings, "drop table raw.test_removed")
    assert failing(list(within_database(settings))) == {}


def test_an_offset_without_a_record_is_missed(settings: Settings) -> None:
    """What a broker that lost a record in the middle of its log leaves: no row, no key, and a gap in the batch."""
    who = load(settings)
    [(batch, first)] = query(
        settings, "select batch_id, event_id from raw.punches where employee_id = %s order by occurred_at limit 1", who
    )
    gap = "update raw.batches set row_count = row_count - %s, gap_count = gap_count + %s where batch_id = %s"
    as_owner(settings, "create table raw.test_row as select * from raw.punches where event_id = %s", first)
    as_owner(settings, "create table raw.test_key as select * from raw.punch_ids where event_id = %s", first)
    try:
        as_owner(settings, "delete from raw.punches where event_id = %s", first)
        as_owner(settings, "delete from raw.punch_ids where event_id = %s", first)
        as_owner(settings, gap, 1, 1, batch)
        assert set(failing(list(within_database(settings)))) == {"offsets of punches.v1 accounted for"}
    finally:
        as_owner(settings, gap, -1, -1, batch)
        as_owner(settings, "insert into raw.punches select * from raw.test_row")
        as_owner(settings, "insert into raw.punch_ids select * from raw.test_key")
        as_owner(settings, "drop table raw.test_row, raw.test_key")
    assert failing(list(within_database(settings))) == {}


def test_a_row_without_its_dedup_key_is_named(settings: Settings) -> None:
    """It would be captured a second time when it comes again."""
    [event_id, _] = captured(settings, load(settings))
    as_owner(settings, "create table raw.test_key as select * from raw.punch_ids where event_id = %s", event_id)
    try:
        as_owner(settings, "delete from raw.punch_ids where event_id = %s", event_id)
        assert failing(list(within_database(settings))) == {"rows with their dedup key": f"without a key: {event_id}"}
    finally:
        as_owner(settings, "insert into raw.punch_ids select * from raw.test_key")
        as_owner(settings, "drop table raw.test_key")


def test_a_correction_that_was_approved_and_is_nowhere_is_missed(settings: Settings) -> None:
    """Its event waits in the outbox, is a row, or is in quarantine; the legacy system's punches likewise."""
    lost, waiting, legacy = new_id(), new_id(), new_id()
    headers = [["ce_id", waiting]]
    approve = (
        "insert into core.corrections (correction_id, employee_id, status, change, reason, actor) "
        "values (%s, 'E1', 'approved', '{}', 'test', 'test')"
    )
    try:
        as_owner(settings, approve, lost)
        as_owner(settings, approve, waiting)
        as_owner(
            settings,
            "insert into core.outbox (topic, record_key, headers, value, topic_id) values ('punches.v1', 'E1', %s, '', 'held')",
            json.dumps(headers),
        )
        as_owner(
            settings,
            "insert into raw.hr_image (table_name, row_key, row_data, gtid, row_number, version, topic_partition, punch_event_id) "
            "values ('attendance', '[\"test\"]', '{}', '0-1-1', 1, 1, 999, %s)",
            legacy,
        )
        found = failing(list(within_database(settings)))
        assert set(found) == {"legacy punches and approved corrections"}
        assert set(found["legacy punches and approved corrections"].split(", ")) == {lost, legacy}
    finally:
        as_owner(settings, "delete from core.corrections where actor = 'test'")
        as_owner(settings, "delete from core.outbox where event_id = %s", waiting)
        as_owner(settings, "delete from raw.hr_image where topic_partition = 999")


def test_a_position_that_skipped_records_is_missed(settings: Settings, stack: RunningStack) -> None:
    who = load(settings)
    [(partition,)] = query(
        settings, "select topic_partition from raw.punches where employee_id = %s order by topic_offset limit 1", who
    )
    stack.down(["sink_postgres"])
    move = "update raw.positions set next_offset = next_offset + %s where partition = %s and topic = 'punches.v1'"
    produce(settings, [as_value(event(who, 5)), as_value(event(who, 6))], partition=partition)
    as_owner(settings, move, 1, partition)
    try:
        found = failing(list(within_database(settings)))
        assert found["offsets of punches.v1 accounted for"].startswith(
            f"partitions: {partition} (batches do not continue at "
        )
    finally:
        as_owner(settings, move, -1, partition)
        stack.up(["sink_postgres"])
    assert failing(list(log_checks(settings, WAIT_SECONDS))) == {}
    assert failing(list(within_database(settings))) == {}


def test_an_acceptance_of_the_api_that_is_nowhere_is_missed(settings: Settings) -> None:
    who = load(settings)
    [known] = [str(captured(settings, who)[0])]
    refused = new_id()
    value = b"{"
    [place] = produce(settings, [value], key=who, headers=signed(settings, value, refused, "gateway"), user="gateway")
    eventually(lambda: refusal(settings, place))
    journal = settings.home / "journal"
    journal.mkdir(exist_ok=True)
    path = journal / f"acceptances-test-{new_id()}.jsonl"
    line = json.dumps({"event_ids": [known, refused], "accepted_at": "2026-03-02T08:00:00Z"})
    try:
        path.write_text(f'{line}\n{{"event_ids": ["cut off')
        [clean] = acceptance_checks(settings)
        assert clean.ok
        lost = new_id()
        path.write_text(json.dumps({"event_ids": [known, lost], "accepted_at": "2026-03-02T08:00:00Z"}) + "\n")
        [check] = acceptance_checks(settings)
        assert check.expected is not None
        assert (check.found, check.detail) == (check.expected - 1, lost)
    finally:
        path.unlink()


def test_a_line_of_a_file_that_is_nowhere_is_missed(settings: Settings, tmp_path: Path) -> None:
    serial = new_id()
    dump = tmp_path / f"{serial}_attlog.dat"
    lines = [f"{number}\t2026-03-02 08:{number:02}:00\t1\t0\t1\t0" for number in range(1, 6)]
    # The serial also makes the bytes new: the same ones from another device would be refused.
    dump.write_text("\n".join([*lines, f"not a line {serial}"]) + "\n")
    command = [
        sys.executable,
        "-m",
        "timecontrol.cli",
        "import",
        str(dump),
        "--site",
        "S1",
        "--zone",
        "Asia/Manila",
        "--quiet",
    ]
    subprocess.run(command, check=True, capture_output=True)
    assert failing(list(log_checks(settings, WAIT_SECONDS))) == {}
    [clean] = file_checks(settings)
    assert clean.ok
    [(sha256, imported)] = query(
        settings, "select file_sha256, punch_count from raw.files where file_name = %s", dump.name
    )
    assert imported == 5
    as_owner(settings, "create table raw.test_removed as select * from raw.quarantine where file_sha256 = %s", sha256)
    try:
        as_owner(settings, "delete from raw.quarantine where file_sha256 = %s", sha256)
        [check] = file_checks(settings)
        assert not check.ok
        assert check.detail == f"{dump.name}#6"
    finally:
        as_owner(settings, "insert into raw.quarantine overriding system value select * from raw.test_removed")
        as_owner(settings, "drop table raw.test_removed")


def test_a_file_whose_import_was_cut_short_is_named(settings: Settings) -> None:
    """Killed after its punches were sent and before it was recorded: its bad lines are nowhere."""
    files = settings.home / "files"
    cut = archive_file(files, new_id().replace("-", ""), b"1\t2026-03-02 08:00:00\t1\t0\t1\t0\nnot a line\n")
    try:
        found = failing(list(file_checks(settings)))
        assert set(found) == {"files whose import did not end"}
        assert f"to be imported again; in {files}: {cut.name}" in found["files whose import did not end"]
    finally:
        cut.unlink()
    assert failing(list(file_checks(settings))) == {}


def test_a_server_that_is_away_is_said_and_the_rest_is_checked(settings: Settings, stack: RunningStack) -> None:
    stack.down(["write_redis"])
    try:
        found = failing(all_checks(settings, 0))
    finally:
        stack.up(["write_redis"])
    assert set(found) == {"API acceptances"}
    assert found["API acceptances"].startswith("cannot be checked: the Write Redis does not answer")


def quarantine_id(settings: Settings, payload: bytes) -> int:
    [(found,)] = query(settings, "select max(quarantine_id) from raw.quarantine where payload = %s", payload)
    return int(found)


def test_after_a_fix_a_refused_record_is_replayed_once_and_logged(settings: Settings) -> None:
    """The door refused it; now its bytes are accepted as they are."""
    who = f"replay-{new_id()}"
    body = event(who)
    value = as_value(body)
    headers = signed(settings, value, body["event_id"], "gateway", origin="api:t1", refused="unknown_site: no site S1")
    [place] = produce(settings, [value], key=who, headers=headers, user="gateway")
    eventually(lambda: refusal(settings, place))
    number = quarantine_id(settings, value)
    replay(settings, number, "ada", "the site is known now")
    eventually(lambda: len(captured(settings, who)) == 1)
    assert query(
        settings, "select origin, topic_offset > %s from raw.punches where employee_id = %s", place[1], who
    ) == [("api:t1", True)]
    acts = query(
        settings, "select actor, act, detail from core.administrative_acts where subject = %s", f"quarantine/{number}"
    )
    assert acts == [("ada", "quarantine.replay", {"reason": "the site is known now"})]
    with pytest.raises(Rejected, match="was replayed by ada"):
        replay(settings, number, "ada", "again")
    with archive(settings) as documents:
        log = documents["audit_log"]
        eventually(lambda: log.count_documents({"subject": f"quarantine/{number}", "actor": "ada"}) == 1)


def test_what_stays_wrong_is_refused_again_and_can_be_discarded(settings: Settings) -> None:
    who = f"discard-{new_id()}"
    value = b"{" + who.encode()
    [place] = produce(settings, [value], key=who)
    eventually(lambda: refusal(settings, place))
    first = quarantine_id(settings, value)
    replay(settings, first, "ada", "try")
    eventually(lambda: quarantine_id(settings, value) > first)
    second = quarantine_id(settings, value)
    discard(settings, second, "ada", "a broken terminal")
    with pytest.raises(Rejected, match="was discarded by ada"):
        discard(settings, second, "ada", "again")
    with pytest.raises(Rejected, match="there is no quarantined record"):
        discard(settings, 10**12, "ada", "none")


def test_a_replay_gives_a_device_no_right_to_correct(settings: Settings) -> None:
    who = f"rights-{new_id()}"
    value = as_value(event(who, voids=new_id()))
    [place] = produce(settings, [value], key=who)
    eventually(lambda: refusal(settings, place))
    first = quarantine_id(settings, value)
    replay(settings, first, "ada", "try")
    eventually(lambda: quarantine_id(settings, value) > first)
    assert captured(settings, who) == []


def test_a_replay_lets_no_device_say_when_it_was_received(settings: Settings) -> None:
    """Refused for its constraint only, which is gone: then it is captured, received when Kafka had it."""
    who = f"unsigned-{new_id()}"
    value = as_value(event(who, received_at="2026-03-02T08:00:05Z"))
    as_owner(settings, f"alter table raw.punches add constraint test_only check (employee_id <> '{who}') not valid")
    try:
        [place] = produce(settings, [value], key=who)
        eventually(lambda: refusal(settings, place))
    finally:
        as_owner(settings, "alter table raw.punches drop constraint test_only")
    replay(settings, quarantine_id(settings, value), "ada", "the constraint is gone")
    eventually(lambda: len(captured(settings, who)) == 1)
    recent = "select received_at > now() - interval '10 minutes' from raw.punches where employee_id = %s"
    assert query(settings, recent, who) == [(True,)]


def test_the_quarantine_is_listed_and_shown_on_the_command_line(settings: Settings) -> None:
    value = b"\x1b[31mred\x00" + new_id().encode()
    [place] = produce(settings, [value], key="cli")
    eventually(lambda: refusal(settings, place))
    number = quarantine_id(settings, value)
    listed = cli("list", "--limit", "5")
    assert f"│ {number} │" in listed
    assert "malformed_json" in listed
    shown = cli("show", str(number))
    assert "\x1b" not in shown
    assert r"\x1b[31mred\x00" in shown
    assert f"Record {number} was discarded." in cli("discard", str(number), "--reason", "a test")
    assert f"│ {number} │" not in cli("list", "--limit", "5")


def cli(*arguments: str) -> str:
    command = [sys.executable, "-m", "timecontrol.cli", "quarantine", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
