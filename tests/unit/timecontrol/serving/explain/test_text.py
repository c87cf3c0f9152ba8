"""Lines of an explanation."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from timecontrol.serving.explain.model import PayPart, Reason, SessionStep, Unpaid
from timecontrol.serving.explain.text import because, by_workday, pay_part, session, unpaid
from timecontrol.serving.explain.words import Wall

WALL = Wall(date(2026, 10, 7), ZoneInfo("UTC"))
ROUNDED = Reason("the policy rounds the clock in", "rounding.clock_in", {}, date(2020, 1, 1), "works agreement")


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, 7, hour, minute, tzinfo=UTC)


def test_what_rounding_gives_is_said_in_positive_minutes() -> None:
    taken = Unpaid(240, "rounding of the clock in", at(8), at(8, 4), ROUNDED)
    given = Unpaid(-240, "rounding of the clock in", at(8), at(8, 4), ROUNDED)
    said = "rounding of the clock in 08:00 – 08:04: the policy rounds the clock in [rounding.clock_in since 2020-01-01; works agreement]"
    assert unpaid(taken, WALL) == f"4 min {said}"
    assert unpaid(given, WALL) == f"4 min counted as work all the same, {said}"


def test_a_default_is_said_to_be_one() -> None:
    assert because(Reason("so", "breaks.paid_types")) == "so [breaks.paid_types, by default]"
    assert because(Reason("so")) == "so"


def test_what_is_guaranteed_lies_in_no_time() -> None:
    part = PayPart(5400, "guarantee", at(8), at(9), None, None, ROUNDED)
    assert pay_part(part, WALL).startswith("1 h 30 min: the policy")
    worked = PayPart(3600, "segment", at(8), at(9), None, None, Reason("so"))
    assert pay_part(worked, WALL) == "1 h 08:00 – 09:00: so"


def test_a_session_says_that_another_workday_has_a_part_of_it() -> None:
    def said(*, is_cut: bool) -> list[str]:
        times = (at(20), at(23), at(20), at(23), 10_800)
        return list(session(SessionStep(WALL.day, *times, is_open=False, counts=True, is_cut=is_cut, breaks=()), WALL))

    assert said(is_cut=False) == ["20:00 – 23:00: worked 3 h"]
    assert said(is_cut=True) == ["20:00 – 23:00: worked 3 h, a part of it in another workday"]


def test_what_began_the_day_before_is_told_under_its_shift() -> None:
    said = [(date(2026, 10, 6), ["in"]), (WALL.day, ["unused"]), (date(2026, 10, 6), ["break", "out"])]
    assert list(by_workday("Punches", said, WALL.day)) == [
        ("Punches of the shift that began on Tuesday 6 October", ["in", "break", "out"]),
        ("Punches", ["unused"]),
    ]
