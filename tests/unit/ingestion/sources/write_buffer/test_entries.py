"""What becomes of an entry of the Write Redis: whatever it holds, records that Kafka and the sinks take."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ingestion.sources.write_buffer.entries import StreamEntry, records_of, stream_entry
from timecontrol.contracts.buffer import FIELD, BufferedRecord, encode
from timecontrol.contracts.punch import MAX_RECORD_BYTES

GOOD = BufferedRecord(str(UUID(int=7)), "E1", "api", "api:test", b"{}")


def test_what_a_door_has_written_is_sent_as_it_is() -> None:
    refused = BufferedRecord(str(UUID(int=8)), "E1", "api", "api:test", b"{", "malformed_json: cut off")
    assert list(records_of(stream_entry(b"1-0", {FIELD: encode([GOOD, refused])}))) == [GOOD, refused]
    assert records_of(stream_entry(b"1-0", None)) == ()


def test_a_record_that_no_sink_takes_is_kept_in_pieces_beside_the_others() -> None:
    large = BufferedRecord(str(UUID(int=9)), "E1", "api", "api:test", b"x" * (MAX_RECORD_BYTES + 1))
    first, second, good = records_of(StreamEntry("1-0", encode([large, GOOD])))
    assert first.value + second.value == large.value
    assert (first.refused or "").startswith("too_large: the record has 900001 bytes")
    assert good == GOOD


def test_an_id_that_is_none_is_refused() -> None:
    [record] = records_of(StreamEntry("1-0", encode([BufferedRecord("none", "E1", "api", "api:test", b"{}")])))
    assert (record.value, record.refused) == (b"{}", "unreadable_entry: the record's event id 'none' is no UUID")


def test_an_entry_with_other_fields_is_refused_with_all_of_them() -> None:
    [record] = records_of(stream_entry(b"1-0", {b"other": b"mark"}))
    assert b"mark" in record.value
    assert (record.refused or "").startswith("unreadable_entry: ")


@given(
    st.binary(max_size=200) | st.builds(lambda name: encode([BufferedRecord(name, name, name, name, b"")]), st.text())
)
def test_every_content_gives_records_with_ids(content: bytes) -> None:
    for record in records_of(StreamEntry("1-0", content)):
        assert UUID(record.event_id)
