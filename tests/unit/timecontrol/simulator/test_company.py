"""The simulated company follows from its seed alone, day by day."""

from datetime import date, timedelta
from itertools import pairwise

from timecontrol.simulator.company import Shift, make_people, shift_of
from timecontrol.simulator.punching import punches_of

MONDAY = date(2026, 11, 2)


def shifts(count: int, seed: int, days: int) -> list[Shift]:
    """All shifts of `count` people from a Monday on."""
    planned = (shift_of(person, MONDAY + timedelta(day)) for person in make_people(count, seed) for day in range(days))
    return [shift for shift in planned if shift is not None]


def test_the_same_seed_gives_the_same_people_and_another_seed_others() -> None:
    assert make_people(50, 7) == make_people(50, 7)
    assert [person.name for person in make_people(50, 7)] != [person.name for person in make_people(50, 8)]


def test_a_larger_company_and_a_longer_run_change_nothing_that_was() -> None:
    assert make_people(80, 7)[:50] == make_people(50, 7)
    short, longer = shifts(20, 7, 7), shifts(20, 7, 14)
    assert set(short) <= set(longer)


def test_without_mess_every_shift_has_four_punches_in_order() -> None:
    for shift in shifts(30, 7, 7):
        punches = punches_of(shift, 7, "none")
        assert [punch.kind for punch in punches] == ["clock_in", "break_start", "break_end", "clock_out"]
        assert all(earlier.at < later.at for earlier, later in pairwise(punches))


def test_event_ids_are_unique_and_the_same_on_every_run() -> None:
    first = [punch.event_id for shift in shifts(60, 7, 14) for punch in punches_of(shift, 7, "wild")]
    again = [punch.event_id for shift in shifts(60, 7, 14) for punch in punches_of(shift, 7, "wild")]
    assert first == again
    assert len(set(first)) == len(first)


def test_wild_mess_makes_more_of_everything_than_normal() -> None:
    def irregular(level: str) -> int:
        kinds = ["clock_in", "break_start", "break_end", "clock_out"]
        return sum([punch.kind for punch in punches_of(shift, 7, level)] != kinds for shift in shifts(60, 7, 14))  # type: ignore[arg-type]  # the two levels are literals below

    assert 0 < irregular("normal") < irregular("wild")
