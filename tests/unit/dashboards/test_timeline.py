"""Days as they are drawn, those on which clocks change among them."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashboards.lanes import lanes
from dashboards.timeline import LABEL_PLACES, Day, Rows, bars, day_chart, marks, places, plans, wall_clock

NEW_YORK = ZoneInfo("America/New_York")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def segment(kind: str, start: str, end: str | None, **more: object) -> dict[str, Any]:
    ended_at = None if end is None else utc(end)
    return {"kind": kind, "break_type": None, "is_paid": None, "started_at": utc(start), "ended_at": ended_at} | more


def day_of(day: date, segments: Rows = (), shifts: Rows = (), punches: Rows = ()) -> Day:
    return Day(day, NEW_YORK, segments, shifts, punches, utc("2026-03-06T20:00"))


def test_segments_are_named_by_what_they_count_as() -> None:
    day = day_of(
        date(2026, 3, 6),
        segments=[
            segment("work", "2026-03-06T13:00", "2026-03-06T17:00"),
            segment("break", "2026-03-06T17:00", "2026-03-06T17:30", break_type="meal", is_paid=False),
            segment("break", "2026-03-06T17:30", "2026-03-06T17:40", break_type="rest", is_paid=True),
            segment("uncertain", "2026-03-06T17:40", None),
        ],
    )
    drawn = bars(day)
    assert list(drawn["group"]) == ["Work", "Unpaid break", "Paid break", "Uncertain"]
    assert list(drawn["name"]) == ["Work", "Meal", "Rest", "Uncertain"]
    assert list(drawn["length"]) == ["4 h", "30 min", "10 min", "2 h 20 min so far"]
    assert (drawn["start"].iloc[0], drawn["end"].iloc[0]) == (8.0, 12.0)
    assert list(drawn["to"]) == ["12:00", "12:30", "12:40", "still open"]


def test_what_nobody_has_ended_is_not_drawn_over_days() -> None:
    forgotten = bars(day_of(date(2026, 3, 2), segments=[segment("uncertain", "2026-03-02T13:00", None)])).iloc[0]
    assert (forgotten["start"], forgotten["end"], forgotten["length"]) == (8.0, 36.0, "103 h so far")


def test_the_day_that_clocks_go_forward_is_drawn_as_long_as_it_was() -> None:
    day = day_of(date(2026, 3, 8), segments=[segment("work", "2026-03-08T05:00", "2026-03-08T08:00")])
    drawn = bars(day).iloc[0]
    # Midnight to 04:00 by the clock are three elapsed hours.
    assert (drawn["start"], drawn["end"], drawn["from"], drawn["to"]) == (0.0, 3.0, "00:00", "04:00")
    assert [wall_clock(day, hour) for hour in (1, 2, 3)] == ["01:00", "03:00", "04:00"]


def test_the_repeated_hour_is_labelled_twice() -> None:
    day = day_of(date(2026, 11, 1))
    assert [wall_clock(day, hour) for hour in (0, 1, 2, 3, 25)] == ["00:00", "01:00", "01:00", "02:00", "Mon 00:00"]


def test_shifts_and_punches_say_their_local_times() -> None:
    punch = {"occurred_at": utc("2026-03-06T13:01:30"), "kind": "clock_in", "source": "terminal", "device_id": "T1"}
    day = day_of(
        date(2026, 3, 6),
        shifts=[
            {"shift_start": utc("2026-03-06T13:00"), "shift_end": utc("2026-03-06T21:30")},
            {"shift_start": None, "shift_end": None},
        ],
        punches=[punch | {"unused_because": None}, punch | {"unused_because": "repeat"}],
    )
    assert list(plans(day)["name"]) == ["Scheduled 08:00–16:30"]
    assert list(marks(day)["clock"]) == ["08:01:30", "08:01:30"]
    assert list(marks(day)["taken"]) == ["used", "not used: repeat"]


def test_charts_of_empty_and_full_days_are_valid() -> None:
    day = date(2026, 3, 6)
    rows = [segment("work", "2026-03-06T13:00", "2026-03-06T17:00")]
    assert day_chart(day_of(day)).to_dict()["layer"]
    assert day_chart(day_of(day, segments=rows)).to_dict()["layer"]
    chart = lanes([day_of(day, segments=rows)]).to_dict()
    assert chart["params"][0]["name"] == "day"


def test_times_of_punches_near_each_other_stand_above_one_another() -> None:
    low, middle, high = LABEL_PLACES
    assert places([8, 12, 12.5, 13], room=1) == [low, low, middle, low]
    # Four within the room of one: the last has none, and its mark says the time when it is hovered over.
    assert places([12, 12.1, 12.2, 12.3], room=1) == [low, middle, high, None]


def test_no_two_times_of_a_day_touch_each_other_on_a_phone() -> None:
    def punch(time: str) -> dict[str, Any]:
        more = {"kind": "clock_in", "source": "terminal", "device_id": "T1", "unused_because": None}
        return {"occurred_at": utc(f"2026-03-06T{time}")} | more

    chart = day_chart(day_of(date(2026, 3, 6), punches=[punch(time) for time in ("13:00", "17:00", "17:29", "21:30")]))
    found = chart.to_dict()
    narrow = next(
        layer for layer in found["layer"] if layer["mark"].get("opacity", {}).get("expr", "").startswith("width <")
    )
    rows = found["datasets"][narrow["data"]["name"]]
    assert [(row["label"], row["place"]) for row in rows] == [
        ("08:00", LABEL_PLACES[0]),
        ("12:00", LABEL_PLACES[0]),
        ("12:29", LABEL_PLACES[1]),
        ("16:30", LABEL_PLACES[0]),
    ]
