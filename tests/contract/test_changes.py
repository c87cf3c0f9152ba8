"""Records of `hr.changes.v1` and `core.changes.v1`: keys, partitions, headers and values, to the byte."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from psycopg.types.json import Jsonb
from sqlalchemy.orm import Session

from ingestion.sources.mysql_binlog.changes import Place, marker_records, row_key, row_record
from tests.running_stack import RunningStack
from timecontrol.contracts import core_change, hr_change
from timecontrol.contracts.core_change import CoreChange
from timecontrol.contracts.hr_change import HrChange
from timecontrol.warehouse.core_store import announce, core_engine, driver, write
from timecontrol.warehouse.core_tables import Badge, Employee, Holiday, PolicyAssignment, Shift, Site
from timecontrol.warehouse.infinite import FIRST_DAY, LAST_INSTANT
from timecontrol.warehouse.pools import Connection, connect

GOLDEN = Path(__file__).parent / "golden"
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
PLACE = Place("0-1-42", 7, UUID("018f6e0e-0000-7000-8000-000000000001"), AT)
Line = dict[str, Any]


def golden(name: str) -> list[Line]:
    return [json.loads(line) for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines()]


def test_the_topics_have_these_names() -> None:
    assert (hr_change.TOPIC, hr_change.POSITIONS_TOPIC) == ("hr.changes.v1", "replicator.positions.v1")
    assert (core_change.TOPIC, core_change.CLOUDEVENT_TYPE) == ("core.changes.v1", "timecontrol.core-change.v1")


def test_changes_of_legacy_rows() -> None:
    row = {"site_id": "BER", "day": "2026-12-25", "name": "Fête", "paid": None, "number": 18446744073709551615}
    key = row_key(row, ["site_id", "day"])
    start = PLACE._replace(row_number=0)
    records = [row_record("holidays", key, op, row, PLACE, 3) for op in ("snapshot", "insert", "update")]
    records.append(row_record("holidays", key, "delete", None, PLACE, 3))
    for op, table in (("snapshot_begin", ""), ("snapshot_end", ""), ("truncate", "holidays")):
        records += marker_records(op, table, start, 3)[1:2]
    lines = [{"key": each.key, "partition": each.partition, "value": each.value.decode()} for each in records]
    assert lines == golden("hr_changes.jsonl")
    for line in lines:
        assert msgspec.json.decode(line["value"], type=HrChange).gtid == "0-1-42"


@pytest.fixture
def session(stack: RunningStack) -> Iterator[Session]:
    """A transaction of the User Core that is never committed: what it announces nobody sends."""
    engine = core_engine(stack.require("postgres"))
    with Session(engine) as opened:
        yield opened
        opened.rollback()
    engine.dispose()


def announced(connection: Connection) -> list[Line]:
    """What this transaction has put into the outbox, without the administrative acts, whose ids are counted."""
    rows = connection.execute(
        "select topic, record_key, headers, convert_from(value, 'UTF8') from core.outbox "
        "where xmin = pg_current_xact_id()::xid and record_key not like 'act:%' order by outbox_id"
    )
    return [
        {"topic": topic, "key": key, "headers": headers, "value": value}
        for topic, key, headers, value in rows.fetchall()
    ]


def test_changes_of_the_user_core(session: Session) -> None:
    by = {"actor": "ada"}
    shift = {"starts_at": AT, "ends_at": AT.replace(hour=16), "breaks": [], "site_id": "BER", "pattern_id": None}
    names = {"email": None, "team": "red", "manager_id": None, "time_zone": None, "cost_center": None}
    write(session, Site(site_id="BER", name="Zoë", time_zone="Europe/Berlin", **by), "created", AT)
    person = Employee(
        employee_id="E1",
        valid_from=FIRST_DAY,
        name="Ada",
        site_id="BER",
        active=True,
        facts={"minor": False},
        **names,
        **by,
    )
    write(session, person, "updated", AT)
    policy = PolicyAssignment(employee_id="E1", valid_from=date(2026, 3, 1), policy="us-ca", **by)
    write(session, policy, "created", AT)
    badge = Badge(device_id="T1", device_user="7", employee_id="E1", valid_from=AT, valid_to=LAST_INSTANT, **by)
    write(session, badge, "deleted", AT)
    write(session, Shift(shift_id="S-1", employee_id="E1", **shift, **by), "created", AT)
    write(session, Holiday(site_id="BER", holiday=date(2026, 12, 25), name="Xmas", **by), "created", AT)
    announce(session, "correction", "C-1", "updated", {"status": "approved"}, "ada", AT)
    lines = announced(driver(session))
    assert lines == golden("core_changes.jsonl")
    for line in lines:
        assert msgspec.json.decode(line["value"], type=CoreChange).at == AT


def test_parameters_of_policies(stack: RunningStack) -> None:
    with connect(stack.require("postgres"), "owner") as connection, connection.transaction(force_rollback=True):
        [version] = connection.execute(
            "insert into policy.parameters (policy, parameter, valid_from, value, reference, file, line, removed, loaded_at) "
            "values ('us-ca', 'pairing.direction', '2026-03-01', %s, 'a law', 'us-ca.yaml', 3, false, %s) returning version_id",
            (Jsonb("alternate"), AT),
        ).fetchone() or (None,)
        [line] = announced(connection)
    headers = dict(line["headers"])
    assert headers.pop("ce_id") == f"policy_parameter/{version}"
    assert headers == {
        "ce_specversion": "1.0",
        "ce_type": "timecontrol.core-change.v1",
        "ce_source": "policy_files",
        "content-type": "application/json",
    }
    assert (line["topic"], line["key"]) == ("core.changes.v1", "policy_parameter:us-ca/pairing.direction")
    assert msgspec.json.decode(line["value"], type=CoreChange) == CoreChange(
        "policy_parameter",
        "us-ca/pairing.direction",
        "updated",
        {
            "policy": "us-ca",
            "parameter": "pairing.direction",
            "valid_from": "2026-03-01",
            "value": "alternate",
            "reference": "a law",
        },
        "policy_files",
        AT,
    )
