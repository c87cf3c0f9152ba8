"""The replicator on real servers: MariaDB, Kafka and the Postgres sink; image equal row by row whatever happens."""

import hashlib
import random
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from unittest.mock import MagicMock

import pymysql
import pytest
import uuid_utils

from ingestion.kafka import AcknowledgedProducer
from ingestion.sources.mysql_binlog import connection, replicator
from ingestion.sources.mysql_binlog.changes import KafkaRecord
from tests.integration.legacy_database import image, kill, session, snapshots, versions, wait_until_equal
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.clock import SystemClock
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect

NEEDED = ("sink_postgres", "binlog_replicator", "outbox_relay")


@pytest.fixture
def settings(stack: RunningStack) -> Iterator[Settings]:
    settings = stack.require("mysql", *NEEDED)
    with session(settings) as legacy:
        legacy.execute("drop table if exists scratch")
    yield settings
    with session(settings) as legacy:
        legacy.execute("drop table if exists scratch")


def new_id(prefix: str) -> str:
    return f"{prefix}-{uuid_utils.uuid7()}"


def punches(settings: Settings, employee: str) -> list[tuple[str, str, str | None]]:
    """(kind, 'plain' or what it does, of which kind) of the punches of an employee, in the order of their capture."""
    with connect(settings, "operator") as connection:
        return connection.execute(
            """
            select
                p.kind,
                case when p.supersedes is not null then 'supersedes' when p.voids is not null then 'voids' else 'plain' end,
                q.kind
            from raw.punches as p
            left join raw.punches as q on q.event_id = coalesce(p.supersedes, p.voids)
            where p.employee_id = %s
            order by p.topic_offset
            """,
            (employee,),
        ).fetchall()


def purge_logs(root: "pymysql.cursors.Cursor") -> None:
    """Leave only the log that is being written; the server keeps those that a reader's session still holds open."""
    root.execute("select id from information_schema.processlist where command = 'Binlog Dump'")
    for (process,) in root.fetchall():
        root.execute(f"kill {process}")
    root.execute("flush binary logs")

    def one_left() -> bool:
        root.execute("show master status")
        current = root.fetchall()[0][0]
        root.execute("purge binary logs to %s", (current,))
        root.execute("show binary logs")
        return [name for name, _ in root.fetchall()] == [current]

    eventually(one_left)


def test_insert_update_delete_and_change_of_key(settings: Settings) -> None:
    employee, renamed = new_id("E"), new_id("E")
    with session(settings) as legacy:
        legacy.execute(
            "insert into employees (employee_id, name, hired_on) values (%s, 'Ann', '2020-01-01')", (employee,)
        )
        eventually(lambda: (image(settings, "employees", f'["{employee}"]') or {}).get("name") == "Ann")
        legacy.execute("update employees set name = 'Änn' where employee_id = %s", (employee,))
        eventually(lambda: (image(settings, "employees", f'["{employee}"]') or {}).get("name") == "Änn")
        legacy.execute("update employees set employee_id = %s where employee_id = %s", (renamed, employee))
        eventually(lambda: image(settings, "employees", f'["{renamed}"]'))
        eventually(lambda: image(settings, "employees", f'["{employee}"]') is None)
        legacy.execute("delete from employees where employee_id = %s", (renamed,))
        eventually(lambda: image(settings, "employees", f'["{renamed}"]') is None)
    assert versions(settings, "employees", f'["{employee}"]') == [
        ("insert", False),
        ("update", False),
        ("delete", True),
    ]
    assert versions(settings, "employees", f'["{renamed}"]') == [("insert", False), ("delete", True)]
    wait_until_equal(settings)


def test_legacy_punches_become_events_corrections_and_voids(settings: Settings) -> None:
    employee, other = new_id("E"), new_id("E")
    number = random.SystemRandom().getrandbits(60)
    with session(settings) as legacy:
        legacy.execute(
            "insert into attendance (attendance_id, employee_id, kind, punched_at) values (%s, %s, 'clock_in', '2026-01-05 08:00')",
            (number, employee),
        )
        legacy.execute("update attendance set kind = 'clock_out' where attendance_id = %s", (number,))
        # Not a matter of the punch: no event.
        legacy.execute("update attendance set updated_at = '2026-01-06' where attendance_id = %s", (number,))
        legacy.execute("update attendance set employee_id = %s where attendance_id = %s", (other, number))
        legacy.execute("delete from attendance where attendance_id = %s", (number,))
        legacy.execute(
            "insert into attendance (attendance_id, employee_id, kind, punched_at) values (%s, %s, 'break_start', '2026-01-05 09:00')",
            (number, other),
        )
    of_first = [
        ("clock_in", "plain", None),
        ("clock_out", "supersedes", "clock_in"),
        ("clock_out", "voids", "clock_out"),
    ]
    of_other = [("clock_out", "plain", None), ("clock_out", "voids", "clock_out"), ("break_start", "plain", None)]
    eventually(lambda: punches(settings, employee) == of_first)
    eventually(lambda: punches(settings, other) == of_other)


def test_a_kind_that_does_not_exist_is_quarantined_and_its_correction_counts(settings: Settings) -> None:
    employee, number = new_id("E"), random.SystemRandom().getrandbits(60)
    with session(settings) as legacy:
        legacy.execute(
            "insert into attendance (attendance_id, employee_id, kind, punched_at) values (%s, %s, 'lunch', '2026-01-05 08:00')",
            (number, employee),
        )
        legacy.execute("update attendance set kind = 'break_start' where attendance_id = %s", (number,))
    eventually(lambda: punches(settings, employee) == [("break_start", "supersedes", None)])
    with connect(settings, "operator") as connection:
        found = connection.execute(
            "select code from raw.quarantine where position(%s in payload) > 0", (employee.encode(),)
        ).fetchall()
    assert found == [("invalid_field",)]


def test_a_row_that_no_message_holds_delays_nobody(settings: Settings) -> None:
    """6 MB of bytes have 8 MB as JSON, more than Kafka takes."""
    with session(settings) as legacy:
        legacy.execute("create table scratch (id integer primary key, photo longblob, name varchar(20))")
        legacy.execute("insert into scratch values (1, repeat('x', 6000000), 'Ann')")
        legacy.execute("insert into scratch values (2, 'x', 'Ben')")
    eventually(lambda: image(settings, "scratch", "[2]"), timeout=60)
    digest = hashlib.sha256(b"x" * 6_000_000).hexdigest()
    expected = {"id": 1, "photo": {"omitted_bytes": 6_000_000, "sha256": digest}, "name": "Ann"}
    assert image(settings, "scratch", "[1]") == expected
    wait_until_equal(settings)


def test_columns_added_and_dropped_and_tables_emptied(settings: Settings) -> None:
    with session(settings) as legacy:
        legacy.execute("create table scratch (id int primary key, a varchar(10), gone int)")
        legacy.execute("insert into scratch values (1, 'x', 7), (2, 'y', 8), (3, 'z', 9)")
        wait_until_equal(settings)
        before = snapshots(settings)
        legacy.execute("alter table scratch add column added decimal(6,2) not null default 1.50, drop column gone")
        legacy.execute("update scratch set a = 'xx' where id = 1")
        eventually(lambda: image(settings, "scratch", "[1]") == {"id": 1, "a": "xx", "added": "1.50"})
        wait_until_equal(settings)
        assert image(settings, "scratch", "[3]") == {"id": 3, "a": "z", "added": "1.50"}
        assert snapshots(settings) == before + 1
        legacy.execute("truncate table scratch")
        legacy.execute("insert into scratch values (2, 'again', 0)")
        eventually(lambda: image(settings, "scratch", "[1]") is None)
        wait_until_equal(settings)
        assert image(settings, "scratch", "[2]") == {"id": 2, "a": "again", "added": "0.00"}
        legacy.execute("drop table scratch")
        eventually(lambda: image(settings, "scratch", "[2]") is None)
    # Rows that a snapshot shows unchanged have no new version.
    assert versions(settings, "scratch", "[3]")[-3:] == [("insert", False), ("snapshot", False), ("delete", True)]


def test_a_log_purged_while_the_replicator_was_away_is_answered_by_a_snapshot(
    stack: RunningStack, settings: Settings
) -> None:
    kept, gone = new_id("E"), new_id("E")
    with session(settings) as legacy, session(settings, "root") as root:
        for employee in (kept, gone):
            legacy.execute(
                "insert into employees (employee_id, name, hired_on) values (%s, 'A', '2020-01-01')", (employee,)
            )
        eventually(lambda: image(settings, "employees", f'["{gone}"]'))
        before = snapshots(settings)
        stack.down(["binlog_replicator"])
        legacy.execute("delete from employees where employee_id = %s", (gone,))
        legacy.execute("update employees set name = 'B' where employee_id = %s", (kept,))
        purge_logs(root)
        stack.require("binlog_replicator")
        eventually(lambda: snapshots(settings) == before + 1)
    wait_until_equal(settings)
    assert versions(settings, "employees", f'["{gone}"]') == [("insert", False), ("delete", True)]
    assert versions(settings, "employees", f'["{kept}"]') == [("insert", False), ("snapshot", False)]


def test_a_snapshot_that_is_interrupted_begins_again_under_a_new_id(stack: RunningStack, settings: Settings) -> None:
    def unfinished() -> bool:
        with connect(settings, "operator") as connection:
            return bool(connection.execute("select from raw.hr_streams where not snapshot_ended limit 1").fetchall())

    with session(settings) as legacy:
        legacy.execute("create table scratch (id int primary key, a varchar(100))")
        legacy.execute("insert into scratch select seq, repeat('x', 100) from seq_1_to_20000")
        wait_until_equal(settings)
        before = snapshots(settings)
        stack.down(["binlog_replicator"])
        # Gone from the log for the one that comes back: only a snapshot shows it.
        legacy.execute("delete from scratch where id <= 1000")
        legacy.execute("alter table scratch add column b int")
        stack.require("binlog_replicator")
        eventually(unfinished)
        kill(stack, "binlog_replicator")
        legacy.execute("delete from scratch where id between 1001 and 2000")
    wait_until_equal(settings)
    assert snapshots(settings) == before + 1
    assert versions(settings, "scratch", "[1500]")[-1] == ("delete", True)
    assert versions(settings, "scratch", "[2001]")[-2:] == [("insert", False), ("snapshot", False)]


def test_a_transaction_that_takes_longer_than_an_idle_session_lives_is_passed(
    stack: RunningStack, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One statement over a large table; the times are those of production divided by twenty."""
    stop = threading.Event()
    sessions = MagicMock(wraps=connection.mysql_connection)
    send = replicator._send

    def send_slowly(producer: AcknowledgedProducer, records: Sequence[KafkaRecord]) -> None:
        send(producer, records)
        stop.wait(0.02)

    monkeypatch.setattr(connection, "SESSION_TIMEOUT_SECONDS", 3)
    monkeypatch.setattr(replicator, "mysql_connection", sessions)
    with session(settings) as legacy:
        legacy.execute("create table scratch (id int primary key, a varchar(100))")
        wait_until_equal(settings)
        stack.down(["binlog_replicator"])
        # In events of 8 KB: more than 200, each sent slowly.
        legacy.execute("insert into scratch select seq, repeat('x', 100) from seq_1_to_15000")
    monkeypatch.setattr(replicator, "_send", send_slowly)
    running = threading.Thread(target=replicator.Replicator(settings, SystemClock(), stop).run)
    running.start()
    try:
        eventually(lambda: image(settings, "scratch", "[15000]"), timeout=60)
        with session(settings) as legacy:
            legacy.execute("insert into scratch values (15001, 'behind it')")
        eventually(lambda: image(settings, "scratch", "[15001]"))
    finally:
        stop.set()
        running.join()
        stack.require("binlog_replicator")
    # One session that held the lock all the time: nothing was begun again.
    assert sessions.call_count == 1


def test_a_second_replicator_waits_for_the_first(stack: RunningStack, settings: Settings) -> None:
    employee = new_id("E")
    command = [sys.executable, "-m", "ingestion.sources.mysql_binlog.main"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as second:
        assert second.stderr is not None
        try:
            assert "waiting_for_lock" in second.stderr.readline()
            stack.down(["binlog_replicator"])
            assert "streaming" in second.stderr.readline()
            with session(settings) as legacy:
                legacy.execute(
                    "insert into employees (employee_id, name, hired_on) values (%s, 'A', '2020-01-01')", (employee,)
                )
            eventually(lambda: image(settings, "employees", f'["{employee}"]'))
        finally:
            second.terminate()
        assert second.wait(20) == 0
    stack.require("binlog_replicator")
    wait_until_equal(settings)
    assert versions(settings, "employees", f'["{employee}"]') == [("insert", False)]


def test_killed_at_random_during_a_load_the_image_is_equal_and_nothing_doubled(
    stack: RunningStack, settings: Settings
) -> None:
    chance = random.Random(20261124)
    employee = new_id("E")
    first = random.SystemRandom().getrandbits(50) << 10
    alive: set[int] = set()
    written = 0
    with session(settings) as legacy:
        for step in range(600):
            number = first + step
            legacy.execute(
                "insert into attendance (attendance_id, employee_id, kind, punched_at) values (%s, %s, 'unknown', '2026-01-05 08:00')",
                (number, employee),
            )
            alive.add(number)
            written += 1
            if chance.random() < 0.3:
                legacy.execute(
                    "update attendance set kind = 'clock_in' where attendance_id = %s and kind = 'unknown'", (number,)
                )
                written += 1
            if chance.random() < 0.2:
                victim = chance.choice(sorted(alive))
                legacy.execute("delete from attendance where attendance_id = %s", (victim,))
                alive.remove(victim)
                written += 1
            if step % 100 == 50:
                kill(stack, chance.choice(("binlog_replicator", "outbox_relay", "sink_postgres")))
    stack.require(*NEEDED)
    wait_until_equal(settings, timeout=120)
    eventually(lambda: len(punches(settings, employee)) == written, timeout=60)
    with connect(settings, "operator") as connection:
        standing = connection.execute(
            """
            select count(*)
            from raw.punches as p
            where p.employee_id = %s and p.voids is null
                and not exists (select from raw.punches as q where p.event_id in (q.supersedes, q.voids))
            """,
            (employee,),
        ).fetchone()
        entries = connection.execute(
            "select count(*), count(distinct (gtid, row_number, row_key)) from raw.hr_versions where row_data ->> 'employee_id' = %s",
            (employee,),
        ).fetchone()
    assert standing == (len(alive),)
    assert entries is not None
    assert entries[0] == entries[1]
