"""Every line of a device file becomes a punch, a repeat or a rejected line with its number, bytes and reason."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.sources.device_files.decode import (
    Decoded,
    FileSource,
    decode,
    lines_account,
)
from ingestion.sources.device_files.layout import CsvMapping, load_mapping
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import to_json

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BERLIN = FileSource("ber", "T1", "Europe/Berlin")
ROOT = Path(__file__).parents[5]
SHARED_ATTLOG = ROOT.parent / "shared/data/attlog/1_attlog.dat"
GATE = CsvMapping.model_validate(
    {
        "columns": {"employee": "person", "instant": "at", "kind": "what"},
        "kinds": {"Gate_In": "clock_in", "gate_out": "clock_out"},
    }
)


def attlog(*lines: str) -> bytes:
    return "".join(line + "\n" for line in lines).encode()


def line(local: str, user: str = "7", state: int = 0) -> str:
    return f"{user:>9}\t{local}\t1\t{state}\t1\t0"


def csv(*lines: str, mapping: CsvMapping = GATE, header: str = "person,at,what") -> Decoded:
    return decode(attlog(header, *lines), FileSource("hq", "gate", "UTC", mapping), NOW)


def accounted(decoded: Decoded) -> int:
    return (
        decoded.header_count + decoded.blank_count + len(decoded.punches) + decoded.repeat_count + len(decoded.rejected)
    )


def test_attlog_line_becomes_a_punch_of_the_badge() -> None:
    (found,) = decode(attlog(line("2024-03-01 08:00:05", user="126", state=1)), BERLIN, NOW).punches
    assert found.line == 1
    punch = found.punch
    assert (punch.employee_id, punch.device_id, punch.site_id, punch.kind) == ("badge:T1:126", "T1", "ber", "clock_out")
    assert punch.occurred_at == datetime(2024, 3, 1, 7, 0, 5, tzinfo=UTC)
    assert punch.attributes == {"device_user": "126", "device_state": "1", "verify": "1", "work_code": "0"}


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (0, "clock_in"),
        (1, "clock_out"),
        (2, "break_start"),
        (3, "break_end"),
        (4, "clock_in"),
        (5, "clock_out"),
        (255, "unknown"),
        (9, "unknown"),
    ],
)
def test_states_of_zkteco(state: int, kind: str) -> None:
    (found,) = decode(attlog(line("2024-03-01 08:00:00", state=state)), BERLIN, NOW).punches
    assert found.punch.kind == kind


def test_a_longer_dump_gives_the_same_events_again() -> None:
    first = [line("2024-03-01 08:00:00"), line("2024-03-01 17:00:00", state=1)]
    short = decode(attlog(*first), BERLIN, NOW)
    longer = decode(attlog(*first, line("2024-03-02 08:00:00")), BERLIN, datetime(2026, 1, 2, tzinfo=UTC))
    exclude = {"received_at"}
    assert [found.punch.model_dump(exclude=exclude) for found in longer.punches[:2]] == [
        found.punch.model_dump(exclude=exclude) for found in short.punches
    ]
    assert len(longer.punches) == 3


def test_the_event_is_another_for_another_device_user_second_or_state() -> None:
    base = line("2024-03-01 08:00:00")
    variants = [
        base,
        line("2024-03-01 08:00:01"),
        line("2024-03-01 08:00:00", user="8"),
        line("2024-03-01 08:00:00", state=1),
    ]
    ids = {decode(attlog(text), BERLIN, NOW).punches[0].punch.event_id for text in variants}
    ids.add(decode(attlog(base), FileSource("ber", "T2", "Europe/Berlin"), NOW).punches[0].punch.event_id)
    assert len(ids) == 5


def test_event_ids_never_change() -> None:
    """A new value here would count every known device punch a second time."""
    (found,) = decode(attlog(line("2024-03-01 08:00:00")), BERLIN, NOW).punches
    assert str(found.punch.event_id) == "10b7cfc0-3a54-5635-8ac9-3439a109d179"


def test_identical_lines_are_one_event_and_counted() -> None:
    decoded = decode(attlog(line("2024-03-01 08:00:00"), line("2024-03-01 08:00:00")), BERLIN, NOW)
    assert ([found.line for found in decoded.punches], decoded.repeat_count, accounted(decoded)) == ([1], 1, 2)


def test_bad_lines_are_rejected_alone_with_number_bytes_and_reason() -> None:
    data = (
        attlog(line("2024-03-01 08:00:00"), line("2024-13-45 08:00:00"), "just text", "")
        + b"\xff\xfe\x80\t2024\t1\t0\n\x00\x00\x00\n"
    )
    decoded = decode(data, BERLIN, NOW)
    assert [(bad.line, bad.raw, bad.code) for bad in decoded.rejected] == [
        (2, line("2024-13-45 08:00:00").encode(), "invalid_instant"),
        (3, b"just text", "not_an_attlog_line"),
        (5, b"\xff\xfe\x80\t2024\t1\t0", "wrong_encoding"),
        (6, b"\x00\x00\x00", "not_an_attlog_line"),
    ]
    assert "'2024-13-45 08:00:00' is no instant" in decoded.rejected[0].reason
    assert (len(decoded.punches), decoded.blank_count, decoded.line_count, accounted(decoded)) == (1, 1, 6, 6)


def test_a_last_line_that_was_cut_off_is_rejected_and_comes_with_the_next_dump() -> None:
    whole = attlog(line("2024-03-01 08:00:00"), line("2024-03-01 17:00:00", state=1))
    cut = decode(whole[:-12], BERLIN, NOW)
    assert [(bad.line, bad.code) for bad in cut.rejected] == [(2, "not_an_attlog_line")]
    assert [found.line for found in decode(whole, BERLIN, NOW).punches] == [1, 2]


def test_instants_that_cannot_be_are_rejected() -> None:
    decoded = decode(
        attlog(line("1999-12-31 08:00:00"), line("2026-02-01 08:00:00"), line("2024-03-01 08:00:00")), BERLIN, NOW
    )
    assert [(bad.line, bad.code) for bad in decoded.rejected] == [(1, "before_2000"), (2, "far_future")]


@pytest.mark.parametrize("local", ["9999-12-31 23:59:59", "0001-01-01 00:00:00"])
@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Manila", "Europe/Berlin"])
def test_instants_that_no_utc_instant_is_are_rejected_alone(local: str, zone: str) -> None:
    good = line("2024-03-01 08:00:00")
    decoded = decode(attlog(good, line(local)), FileSource("x", "T1", zone), NOW)
    assert [bad.line for bad in decoded.rejected] == [2]
    assert len(decoded.punches) == 1


@pytest.mark.parametrize("instant", ["9999-12-31T23:59:59-10:00", "0001-01-01T00:00:00+10:00"])
def test_offsets_that_leave_the_calendar_reject_their_line(instant: str) -> None:
    decoded = csv(f"E1,{instant},gate_in", "E1,2024-03-01T08:00:00Z,gate_in")
    assert [(bad.line, bad.code) for bad in decoded.rejected] == [(2, "invalid_instant")]
    assert len(decoded.punches) == 1


def test_a_line_that_says_more_than_a_punch_is_rejected_whole() -> None:
    """Two lines in one, by a lost or an old Macintosh line end: neither may pass for a good one and drop the other."""
    good, other = line("2024-03-01 08:00:00"), line("2024-03-01 17:00:00", state=1)
    decoded = decode(attlog(good, good + other, good + "\r" + other, good + "\t\t"), BERLIN, NOW)
    assert [(bad.line, bad.code) for bad in decoded.rejected] == [(2, "too_many_columns"), (3, "control_character")]
    assert (len(decoded.punches), decoded.repeat_count) == (1, 1)


def test_control_characters_in_a_user_reject_the_line() -> None:
    decoded = decode(attlog(line("2024-03-01 08:00:00"), line("2024-03-01 08:00:00", user="a\x00b")), BERLIN, NOW)
    assert [bad.line for bad in decoded.rejected] == [2]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\r\n  \n", "empty_file"),
        (bytes(range(256)) * 20, "nothing_readable"),
        (attlog(line("2024-03-01 08:00:00")).decode().encode("utf-16"), "wrong_encoding"),
        (b"person,at,what\nE1,2024-03-01T08:00:00Z,GATE_IN\n", "nothing_readable"),
    ],
)
def test_files_that_are_refused_as_a_whole(data: bytes, code: str) -> None:
    with pytest.raises(Rejected) as refusal:
        decode(data, BERLIN, NOW)
    assert refusal.value.code == code


def test_windows_line_ends_and_a_byte_order_mark_are_no_part_of_the_content() -> None:
    plain = decode(attlog(line("2024-03-01 08:00:00")), BERLIN, NOW)
    windows = decode(b"\xef\xbb\xbf" + line("2024-03-01 08:00:00").encode() + b"\r\n", BERLIN, NOW)
    assert windows.punches == plain.punches


def folds(*locals_: str) -> list[tuple[str, bool]]:
    decoded = decode(attlog(*(line(local, user=str(number)) for number, local in enumerate(locals_, 1))), BERLIN, NOW)
    return [
        (f"{found.punch.occurred_at:%H:%M}", (found.punch.attributes or {}).get("ambiguous_time", False))
        for found in decoded.punches
    ]


def test_order_in_the_file_tells_the_passes_of_a_repeated_hour() -> None:
    # On 2024-10-27 Berlin's clocks showed 02:00 to 03:00 twice: at UTC+2, then at UTC+1.
    assert folds(
        "2024-10-27 01:50:00",
        "2024-10-27 02:30:00",
        "2024-10-27 02:50:00",
        "2024-10-27 02:10:00",
        "2024-10-27 03:00:00",
    ) == [
        ("23:50", False),
        ("00:30", False),
        ("00:50", False),
        ("01:10", False),
        ("02:00", False),
    ]


def test_a_repeated_hour_without_evidence_is_the_first_pass_and_marked() -> None:
    assert folds("2024-10-27 01:50:00", "2024-10-27 02:30:00") == [("23:50", False), ("00:30", True)]


def test_a_skipped_local_hour_is_rejected() -> None:
    decoded = decode(attlog(line("2024-03-31 02:30:00"), line("2024-03-31 03:30:00")), BERLIN, NOW)
    assert [(bad.line, bad.code) for bad in decoded.rejected] == [(1, "skipped_time")]
    assert "did not exist in Europe/Berlin" in decoded.rejected[0].reason


def test_csv_kinds_are_read_in_any_case_and_employees_are_named() -> None:
    decoded = csv("E1,2023-01-31T08:18:36.250Z,gate_IN", "E1,2023-01-31T09:18:36+02:00,GATE_OUT")
    assert [(found.line, found.punch.employee_id, found.punch.kind) for found in decoded.punches] == [
        (2, "E1", "clock_in"),
        (3, "E1", "clock_out"),
    ]
    assert [found.punch.occurred_at for found in decoded.punches] == [
        datetime(2023, 1, 31, 8, 18, 36, 250_000, tzinfo=UTC),
        datetime(2023, 1, 31, 7, 18, 36, tzinfo=UTC),
    ]
    assert accounted(decoded) == decoded.line_count == 3


def test_csv_rows_that_do_not_fit_are_rejected_alone() -> None:
    decoded = csv(
        "E1,2023-01-31T08:00:00Z,gate_in",
        'E1,"2023',
        "E1,2023-01-31T08:00:00Z",
        "E1,2023-01-31T08:00:00Z,lunch",
        ",2023-01-31T08:00:00Z,gate_in",
    )
    assert [(bad.line, bad.code) for bad in decoded.rejected] == [
        (3, "malformed_csv"),
        (4, "wrong_column_count"),
        (5, "unknown_kind"),
        (6, "missing_user"),
    ]
    assert "what is 'lunch', mapped are: gate_in, gate_out" in decoded.rejected[2].reason


def test_a_wrong_mapping_names_the_column_and_what_the_file_has() -> None:
    with pytest.raises(Rejected) as refusal:
        csv("E1,2023-01-31T08:00:00Z,gate_in", header="user_id,at,what")
    assert (
        refusal.value.reason
        == "the mapping's columns.employee is 'person', which the file does not have; its first line has: user_id, at, what"
    )


def test_csv_with_device_column_local_format_zone_and_encoding() -> None:
    mapping = CsvMapping.model_validate(
        {
            "delimiter": ";",
            "encoding": "latin-1",
            "columns": {"user": "Nummer", "instant": "Zeit", "device": "Gerät"},
            "instant_format": "%d.%m.%Y %H:%M",
        }
    )
    data = "Nummer;Zeit;Gerät\n17;01.07.2024 08:00;Tür\n".encode("latin-1")
    (found,) = decode(data, FileSource("ber", None, "Europe/Berlin", mapping), NOW).punches
    assert (found.punch.employee_id, found.punch.device_id, found.punch.kind) == ("badge:Tür:17", "Tür", "unknown")
    assert found.punch.occurred_at == datetime(2024, 7, 1, 6, tzinfo=UTC)


def test_the_keycard_example_is_accounted_for_line_by_line() -> None:
    source = FileSource("hq", "gate", "UTC", load_mapping(ROOT / "examples/keycard/mapping.yaml"))
    decoded = decode((ROOT / "examples/keycard/in_out_data.csv").read_bytes(), source, NOW)
    assert (decoded.line_count, decoded.header_count, len(decoded.punches), decoded.rejected) == (2351, 1, 2350, [])
    assert len({found.punch.employee_id for found in decoded.punches}) == 25


@pytest.mark.skipif(not SHARED_ATTLOG.exists(), reason="the real attlog dump may not be distributed with the project")
def test_the_real_attlog_is_accounted_for_line_by_line() -> None:
    ids, rejected = lines_account(SHARED_ATTLOG.read_bytes(), FileSource("mnl", "1", "Asia/Manila"), NOW)
    assert (len(ids), len(set(ids.values())), rejected) == (24162, 24162, [])


@given(st.binary(max_size=400))
def test_no_bytes_break_the_decoder(data: bytes) -> None:
    """Every line is accounted for, or the file is refused with a reason."""
    for source in (BERLIN, FileSource("hq", "gate", "UTC", GATE)):
        with contextlib.suppress(Rejected):
            decoded = decode(data, source, NOW)
            assert accounted(decoded) == decoded.line_count


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\n"), max_size=40), max_size=10))
def test_good_lines_survive_any_neighbours(neighbours: list[str]) -> None:
    good = line("2024-03-01 08:00:00")
    decoded = decode(attlog(*neighbours, good), BERLIN, NOW)
    assert decoded.punches[-1].line == len(neighbours) + 1
    assert accounted(decoded) == decoded.line_count
    assert all(to_json(found.punch) for found in decoded.punches)
