"""Records of `hr.changes.v1` and `core.changes.v1`, for the sinks that read them besides punches. Pure."""

from typing import TypeVar

import msgspec

from ingestion.sinks.records import Record
from timecontrol.contracts.core_change import CoreChange
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.hr_change import HrChange, marks, sequence

Change = TypeVar("Change", HrChange, CoreChange)

_hr = msgspec.json.Decoder(HrChange)
_core = msgspec.json.Decoder(CoreChange)


def decode_hr(record: Record) -> HrChange:
    """The change of a row of the legacy HR database; raises Rejected."""
    change = _decode(_hr, record)
    try:
        if change.op == "snapshot_begin":
            marks(change.gtid)
        elif change.op not in ("snapshot", "snapshot_end"):
            sequence(change.gtid)
    except ValueError as error:
        raise Rejected("malformed_change", f"gtid {change.gtid!r} is no place in a log: {error}", "gtid") from error
    return change


def decode_core(record: Record) -> CoreChange:
    """The change that people made; raises Rejected."""
    return _decode(_core, record)


def _decode(decoder: "msgspec.json.Decoder[Change]", record: Record) -> Change:
    try:
        return decoder.decode(record.value or b"")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Rejected("malformed_change", f"not a change as {record.topic} carries them: {error}") from error
