"""Changes that are none are refused, so that they stop no sink."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from ingestion.sinks.changes import decode_core, decode_hr
from ingestion.sinks.records import Record
from timecontrol.contracts import core_change, hr_change
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.hr_change import HrChange, Op


def record(topic: str, value: bytes) -> Record:
    return Record(topic, 0, 0, None, value, (), 0)


def hr(op: Op, gtid: str) -> Record:
    change = HrChange("t", "[1]", op, {"id": 1}, gtid, 1, UUID(int=1), datetime(2026, 1, 5, tzinfo=UTC))
    return record(hr_change.TOPIC, msgspec.json.encode(change))


@pytest.mark.parametrize(
    ("op", "gtid"),
    [("insert", "nonsense"), ("delete", "a-b-c"), ("truncate", ""), ("update", "uuid:x"), ("snapshot_begin", "0-1")],
)
def test_a_place_that_is_none_is_refused(op: Op, gtid: str) -> None:
    with pytest.raises(Rejected) as caught:
        decode_hr(hr(op, gtid))
    assert (caught.value.code, caught.value.field) == ("malformed_change", "gtid")


@pytest.mark.parametrize(
    ("op", "gtid"), [("insert", "0-1-42"), ("snapshot_begin", ""), ("snapshot_begin", "0-1-42,1-2-7"), ("snapshot", "")]
)
def test_a_place_in_a_log_is_read(op: Op, gtid: str) -> None:
    assert decode_hr(hr(op, gtid)).gtid == gtid


@pytest.mark.parametrize("value", [b"", b"{}", b"\xff", b"[" * 100_000, b'{"data": ' + b"[" * 100_000])
def test_what_is_no_change_is_refused(value: bytes) -> None:
    for decode, topic in ((decode_hr, hr_change.TOPIC), (decode_core, core_change.TOPIC)):
        with pytest.raises(Rejected) as caught:
            decode(record(topic, value))
        assert caught.value.code == "malformed_change"
