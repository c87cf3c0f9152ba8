"""Where a day was worked: whose zone and whose holidays it has, and to which site payroll takes it."""

from datetime import UTC, date, datetime, timedelta

from tests.integration.computing import Inputs, computed_anew, differing_rows
from tests.running_stack import RunningStack
from timecontrol.clock import FixedClock
from timecontrol.serving.compute import run
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect

THIRD, FOURTH, FIFTH = date(2026, 7, 3), date(2026, 7, 4), date(2026, 7, 5)
# 22:00 on the third in New York, and 22:00 on the fourth in Berlin.
EVENING_AWAY = datetime(2026, 7, 4, 2, tzinfo=UTC)
EVENING_AT_HOME = datetime(2026, 7, 4, 20, tzinfo=UTC)
NIGHT = timedelta(hours=8)
CLOCK = FixedClock(datetime(2026, 7, 10, tzinfo=UTC))

RULES: dict[str, object] = {
    "workday.attribution": "split_at_boundary",
    "overtime.holiday": {"tiers": [{"over_minutes": 0, "pay_code": "holiday_200"}]},
    "premium.windows": [
        {"pay_code": "night_premium", "from": "00:00", "to": "06:00", "holidays": False},
        {"pay_code": "night_premium", "from": "22:00", "to": "24:00", "holidays": False},
    ],
}


def lines(settings: Settings) -> list[tuple[object, ...]]:
    """Pay lines as payroll takes them: day, site, pay code, hours."""
    with connect(settings, "transform") as connection:
        return connection.execute(
            "select workday, site_id, pay_code, seconds / 3600 from marts.fct_pay_lines order by workday, pay_code"
        ).fetchall()


def days(settings: Settings) -> list[tuple[object, ...]]:
    """Workdays with their site and zone."""
    with connect(settings, "transform") as connection:
        return connection.execute(
            "select workday, site_id, time_zone from marts.fct_workdays order by workday"
        ).fetchall()


def test_the_morning_after_a_night_elsewhere_is_of_that_site(stack: RunningStack) -> None:
    """A night away from home, over a holiday that only the site away has, and an evening at home on the same day."""
    settings = stack.require("postgres")
    inputs = Inputs(settings)
    inputs.empty()
    inputs.add("core.sites", site_id="home", name="Home", time_zone="Europe/Berlin")
    inputs.add("core.sites", site_id="away", name="Away", time_zone="America/New_York")
    inputs.policy("split", RULES)
    inputs.add("core.employees", employee_id="ana", name="Ana", site_id="home")
    inputs.add("core.policy_assignments", employee_id="ana", policy="split")
    inputs.punch("ana", "clock_in", EVENING_AWAY, site_id="away")
    inputs.punch("ana", "clock_out", EVENING_AWAY + NIGHT, site_id="away")
    run(settings, reason="first", clock=CLOCK)
    assert days(settings) == [(THIRD, "away", "America/New_York"), (FOURTH, "away", "America/New_York")]
    before_midnight = [(THIRD, "away", "night_premium", 2), (THIRD, "away", "regular", 2)]
    assert lines(settings) == [*before_midnight, (FOURTH, "away", "night_premium", 6), (FOURTH, "away", "regular", 6)]

    inputs.add("core.holidays", site_id="away", holiday=FOURTH, name="Independence Day")
    run(settings, reason="a holiday away", clock=CLOCK)
    assert lines(settings) == [*before_midnight, (FOURTH, "away", "holiday_200", 6)]

    # A day is of the site at which its work began; a window asks for the holidays of where the work inside it was done.
    inputs.punch("ana", "clock_in", EVENING_AT_HOME, site_id="home")
    inputs.punch("ana", "clock_out", EVENING_AT_HOME + NIGHT, site_id="home")
    run(settings, reason="home again", clock=CLOCK)
    assert days(settings) == [
        (THIRD, "away", "America/New_York"),
        (FOURTH, "away", "America/New_York"),
        (FIFTH, "home", "Europe/Berlin"),
    ]
    assert lines(settings) == [
        *before_midnight,
        (FOURTH, "away", "holiday_200", 8),
        (FOURTH, "away", "night_premium", 2),
        (FIFTH, "home", "night_premium", 6),
        (FIFTH, "home", "regular", 6),
    ]
    with computed_anew(settings) as schema:
        assert differing_rows(settings, schema) == {}
