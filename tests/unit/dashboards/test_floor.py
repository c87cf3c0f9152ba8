"""Where each person stands on the live floor."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboards.floor import MISSING_AFTER, Presence, Shift, Tolerance, place, presence_of, tolerances

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TOLERANCE = Tolerance(grace=timedelta(minutes=5), missing_after=timedelta(minutes=30))


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def shift(starts: float, minutes: float = 480) -> Shift:
    return Shift(at(starts), at(starts + minutes))


@pytest.mark.parametrize(
    ("presence", "planned", "status", "note"),
    [
        (Presence("in", at(-60), at(-60)), shift(-60), "in", ""),
        (Presence("in", at(-48), at(-48)), shift(-60), "in", "came 12 min late"),
        (Presence("in", at(-54), at(-54)), shift(-60), "in", "came 6 min late"),
        (Presence("in", at(-60), at(-60)), None, "in", "no shift now"),
        (Presence("break", at(-10), at(-60), "meal"), shift(-60), "break", "Meal break"),
        (Presence("out", at(-20), None), shift(-60, 120), "left", "1 h 20 min before the end"),
        (None, shift(90), "expected", ""),
        (None, shift(-5), "expected", ""),
        (None, shift(-6), "late", "6 min late so far"),
        (None, shift(-31), "missing", "31 min without a punch"),
        # Yesterday's clock out says nothing of today's shift.
        (Presence("out", at(-900), None), shift(-31), "missing", "31 min without a punch"),
        # In beyond the longest shift: forgotten, so the shift of today is missed.
        (Presence("in", at(-700), at(-700), "", at(-1)), shift(-31), "missing", "31 min without a punch"),
        (Presence("in", at(-700), at(-700), "", at(-1)), None, "forgotten", "see the day and propose a correction"),
        # The longest shift ends now, or is longer than usual: still in.
        (Presence("in", at(-700), at(-700), "", at(0)), None, "in", "no shift now"),
        (Presence("in", at(-1000), at(-1000), "", at(400)), None, "in", "no shift now"),
    ],
)
def test_place(presence: Presence | None, planned: Shift | None, status: str, note: str) -> None:
    placed = place(presence, planned, TOLERANCE, NOW)
    assert placed is not None
    assert (placed.status, placed.note) == (status, note)


def test_seconds_late_are_not_worth_a_word() -> None:
    placed = [place(Presence("in", at(-60 + late), at(-60 + late)), shift(-60), Tolerance(), NOW) for late in (0.9, 1)]
    assert [one.note for one in placed if one] == ["", "came 1 min late"]


def test_who_is_out_and_not_awaited_is_not_on_the_board() -> None:
    assert place(None, None, TOLERANCE, NOW) is None
    assert place(Presence("out", at(-20), None), None, TOLERANCE, NOW) is None


def test_tolerances_of_a_policy_come_from_its_parameters() -> None:
    rows = [
        {"policy": "a", "parameter": "shift.late_grace_minutes", "value": 7},
        {"policy": "a", "parameter": "shift.no_show_after_minutes", "value": 45},
        {"policy": "b", "parameter": "shift.late_grace_minutes", "value": 3},
        {"policy": "c", "parameter": "shift.late_grace_minutes", "value": None},
    ]
    assert tolerances(rows) == {
        "a": Tolerance(timedelta(minutes=7), timedelta(minutes=45)),
        "b": Tolerance(timedelta(minutes=3), MISSING_AFTER),
    }


def test_a_live_hash_is_read() -> None:
    began, until = b"2026-11-24T06:00:00+00:00", b"2026-11-24T22:00:00+00:00"
    read = presence_of([b"break", b"2026-11-24T08:00:00+00:00", began, b"meal", until])
    assert read == Presence("break", at(-60), at(-180), "meal", at(780))
    assert presence_of([b"out", b"", b"", b"", None]) == Presence("out", None)
