"""The entry of the Write Redis: what one version accepted before an update, the next one must still send."""

import json
from pathlib import Path
from typing import Any

from timecontrol.contracts import buffer
from timecontrol.contracts.buffer import BufferedRecord, decode, encode

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parent / "golden/write_buffer_entry.json").read_bytes())
RECORDS = tuple(
    BufferedRecord(event_id, key, source, origin, value.encode(), refused)
    for event_id, key, source, origin, value, refused in GOLDEN["records"]
)


def test_an_entry_has_these_bytes() -> None:
    assert encode(RECORDS).hex() == GOLDEN["entry_hex"]


def test_an_entry_of_before_is_read() -> None:
    assert decode(bytes.fromhex(GOLDEN["entry_hex"])) == RECORDS


def test_it_is_found_under_these_names() -> None:
    assert (buffer.STREAM, buffer.GROUP, buffer.FIELD.decode()) == (GOLDEN["stream"], GOLDEN["group"], GOLDEN["field"])
