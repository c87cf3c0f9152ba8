"""Records of `hr.changes.v1` and `core.changes.v1`, for the sinks that read them besides punches. Pure."""

from typing import TypeVar

import msgspec

from ingestion.sinks.records import Record
from timecontrol.contracts.core_change import CoreChange
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.hr_change import HrChange

Change = TypeVar("Change", HrChange, CoreChange)

_hr = msgspec.json.Decoder(HrChange)
_core = msgspec.json.Decoder(CoreChange)


def decode_hr(record: Record) -> HrChange:
    """The change of a row of the legacy HR database; raises Rejected."""
    return _decode(_hr, record)


def decode_core(record: Record) -> CoreChange:
    """The change that people made; raises Rejected."""
    return _decode(_core, record)


def _decode(decoder: "msgspec.json.Decoder[Change]", record: Record) -> Change:
    try:
        return decoder.decode(record.value or b"")
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Rejected("malformed_change", f"not a change as {record.topic} carries them: {error}") from error
