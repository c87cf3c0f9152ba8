"""Each parameter: values at and around its bounds, and values that contradict themselves."""

import pytest
from pydantic import JsonValue, ValidationError

from timecontrol.policy.parameters import GROUPS, PARAMETERS

ON_TOP = {
    "regular": False,
    "overtime_125": False,
    "overtime_150": False,
    "double_time_200": False,
    "night_premium": True,
}
TIERS: list[JsonValue] = [
    {"over_minutes": 480, "pay_code": "overtime_150"},
    {"over_minutes": 720, "pay_code": "double_time_200"},
]
ROUNDING = ("rounding.clock_in", "rounding.clock_out", "rounding.break_start", "rounding.break_end")
TOTALS = ("rounding.session_total", "rounding.break_total", "rounding.day_total")
# Parameters that are one length in minutes, zero allowed.
LENGTHS = (
    "pairing.new_shift_after_gap_minutes",
    "breaks.rest_paid_up_to_minutes",
    "breaks.meal_unpaid_from_minutes",
    "breaks.minimum_counted_minutes",
    "breaks.long_after_minutes",
    "breaks.short_below_minutes",
    "breaks.meal_start_by_worked_minutes",
    "pay.minimum_call_out_minutes",
    "pay.meal_premium_minutes",
    "pay.rest_premium_minutes",
    "shift.early_window_minutes",
    "shift.late_window_minutes",
    "shift.late_grace_minutes",
    "shift.early_in_grace_minutes",
    "shift.early_leave_grace_minutes",
    "shift.late_out_grace_minutes",
    "shift.half_day_below_minutes",
    "shift.absent_below_minutes",
    "shift.no_show_after_minutes",
    "shift.over_scheduled_minutes",
    "shift.under_scheduled_minutes",
    "shift.over_weekly_scheduled_minutes",
    "exceptions.daily_worked_over_minutes",
    "exceptions.weekly_worked_over_minutes",
)
POSITIVE_LENGTHS = ("pairing.max_shift_minutes", "compliance.longest_work_minutes")
LENGTHS_BY_TYPE = ("breaks.long_after_minutes", "breaks.short_below_minutes")
FLAGS = ("breaks.from_schedule", "shift.trim_windows", "compliance.use_rounded")
MEAL: dict[str, JsonValue] = {"required_if_work_over_minutes": 300, "start_by_work_minutes": 300, "min_minutes": 30}
SECOND_MEAL: dict[str, JsonValue] = MEAL | {"required_if_work_over_minutes": 600, "start_by_work_minutes": 600}
REST: dict[str, JsonValue] = {
    "minutes": 10,
    "per_work_minutes": 240,
    "major_fraction": True,
    "none_under_work_minutes": 210,
}
SEVENTH: dict[str, JsonValue] = {
    "scope": "workweek",
    "first_minutes": 480,
    "pay_code": "overtime_150",
    "then_pay_code": "double_time_200",
}
BALANCE: dict[str, JsonValue] = {
    "tolerance_minutes": 0,
    "undertime_tolerance_minutes": 0,
    "allow_negative": False,
    "pay_code": "overtime_150",
}
WINDOW: dict[str, JsonValue] = {"from": "22:00", "to": "06:00", "pay_code": "overtime_150"}
NIGHT: dict[str, JsonValue] = {"from": "22:00", "to": "24:00", "pay_code": "night_premium"}


def of_all(names: tuple[str, ...], *values: JsonValue) -> list[tuple[str, JsonValue]]:
    return [(name, value) for name in names for value in values]


ACCEPTED: list[tuple[str, JsonValue]] = [
    *of_all(("workday.starts_at",), "00:00", "12:00", "23:59"),
    *of_all(("workday.attribution",), "split_at_boundary", "shift_start", "shift_end", "most_time"),
    *of_all(("workweek.starts_on",), "sunday", "monday"),
    *of_all(("pairing.direction",), "explicit", "alternate"),
    *of_all(("pairing.hours_from",), "segments", "first_in_last_out"),
    *of_all(("pairing.repeat_within_seconds",), 0, 60, 86_400),
    *of_all(("pairing.in_after_in", "pairing.out_after_out"), "missing", "repeat"),
    *of_all(
        ("pairing.open_session",),
        "exclude",
        "close_at_scheduled_end",
        {"close_after_worked_over_expected_minutes": 0},
        {"close_after_worked_over_expected_minutes": 60},
    ),
    *of_all(LENGTHS, 0, 0.5, 60, 527_040),
    *of_all(POSITIVE_LENGTHS, 0.5, 960, 527_040),
    *of_all(LENGTHS_BY_TYPE, {"meal": 60, "rest": 0, "smoke": 527_040}),
    *of_all(
        ("breaks.count",),
        [{"after_worked_minutes": 0, "at_most": 0}],
        [{"types": ["rest", "meal"], "after_worked_minutes": 360, "at_least": 100, "at_most": 100}],
        [{"after_worked_minutes": 360, "at_least": 1}, {"types": ["meal"], "after_worked_minutes": 240, "at_most": 0}],
        [{"after_worked_minutes": 0, "at_most": 1}, {"after_worked_minutes": 360, "at_least": 2, "at_most": 3}],
    ),
    *of_all(FLAGS, True, False),
    *of_all(
        (*ROUNDING, *TOTALS),
        {"mode": "none"},
        {"mode": "up", "interval_minutes": 0.5, "grace_minutes": 3, "half": "down", "seconds": "drop"},
        {"mode": "nearest", "interval_minutes": 1440},
    ),
    *of_all(
        ROUNDING,
        {"mode": "down", "interval_minutes": 5, "only_near": {"at": "08:00", "window_minutes": 15}},
        {
            "mode": "down",
            "interval_minutes": 5,
            "only_near": {"scheduled": True, "window_minutes": 0},
            "otherwise": {"mode": "up", "interval_minutes": 1},
        },
    ),
    *of_all(TOTALS, {"mode": "up", "interval_minutes": 5, "only_near": {"minutes": 540, "window_minutes": 15}}),
    *of_all(
        ("rounding.snap_to_schedule",),
        {"clock_in": {"before_minutes": 0, "after_minutes": 5}},
        {"clock_out": {"before_minutes": 5, "after_minutes": 1440}},
    ),
    *of_all(("breaks.paid_types",), [], ["rest"], ["rest", "break"]),
    *of_all(
        ("breaks.auto_deduct",),
        [],
        [{"after_minutes": 0, "minutes": 60}],
        [{"from_minutes": 360, "minutes": 30, "capped": True, "additive": True, "place": "end", "basis": "gross"}],
    ),
    *of_all(
        ("breaks.auto_add",),
        [{"after_minutes": 360, "minutes": 60, "counts_punched": True}],
        [{"after_minutes": 0, "minutes": 15, "counts_punched": False, "types": ["meal"], "counts_as_work": True}],
    ),
    ("breaks.sleep", {"min_duty_minutes": 1440, "max_excluded_minutes": 480, "min_sleep_minutes": 300}),
    *of_all(
        ("overtime.daily_tiers", "overtime.weekly_tiers"), [], TIERS, [{"over_minutes": 0, "pay_code": "overtime_125"}]
    ),
    ("overtime.period_tiers", {"weeks": 2, "anchor_date": "2025-01-06", "tiers": TIERS}),
    *of_all(("overtime.weekly_counts",), "straight_time_only", "all"),
    *of_all(
        ("overtime.seventh_day",),
        SEVENTH,
        SEVENTH | {"day": 1, "first_minutes": 0},
        SEVENTH | {"scope": "nth_worked_day", "day": 7, "first_minutes": 1440},
        SEVENTH | {"scope": "rolling", "day": 31},
    ),
    *of_all(("overtime.rest_day", "overtime.holiday"), {"tiers": TIERS}, {"days": ["sunday"], "tiers": TIERS}),
    *of_all(
        ("overtime.alternative_workweek",),
        {"days": ["monday"], "scheduled_minutes": 600},
        {"days": ["monday"], "scheduled_minutes": 600, "other_days_tiers": TIERS},
    ),
    *of_all(("overtime.against_schedule",), BALANCE, BALANCE | {"target_minutes": 480}),
    *of_all(
        ("overtime.windows",),
        [],
        [WINDOW],
        [WINDOW | {"from": "00:00", "to": "24:00", "days": ["sunday"], "outside_schedule": True}],
    ),
    *of_all(
        ("premium.windows",),
        [NIGHT],
        [NIGHT | {"days": ["saturday"], "holidays": True, "minimum_minutes": 60, "after_worked_minutes": 480}],
    ),
    *of_all(("pay.minimum_call_out_minutes",), {"minutes": 240}, {"minutes": 240, "all_shifts": True}),
    *of_all(
        ("compliance.meal_periods",),
        [],
        [MEAL, SECOND_MEAL],
        [
            MEAL | {"waivable_up_to_work_minutes": 360},
            SECOND_MEAL | {"waivable_up_to_work_minutes": 720, "waivable_only_if_previous_taken": True},
        ],
    ),
    *of_all(("compliance.rest_periods",), REST, REST | {"recorded": False}),
    *of_all(
        ("compliance.break_total",),
        {
            "tiers": [
                {"work_over_minutes": 360, "min_total_minutes": 30},
                {"work_over_minutes": 540, "min_total_minutes": 45},
            ]
        },
        {"tiers": [{"work_from_minutes": 360, "min_total_minutes": None}], "basis": "gross", "uninterrupted": True},
        {
            "tiers": [{"continuous_over_minutes": 240, "min_total_minutes": 15}],
            "counts_paid": True,
            "min_block_minutes": 0,
        },
    ),
    *of_all(
        ("compliance.daily_rest",),
        {"minutes": 660},
        {"minutes": 660, "reduced_to_minutes": 659.5, "reduced_times_per_week": 3},
        {"minutes": 660, "reduced_to_minutes": 600, "compensate_within_days": 28, "compensate_with_minutes": 720},
    ),
    *of_all(
        ("compliance.weekly_rest",),
        {"minutes": 2100},
        {"minutes": 10_080, "per_days": 7, "pieces_of_at_least_minutes": 10_080},
        {"minutes": 4200, "per_days": 14, "anchor_date": "2025-01-06"},
        {"minutes": 4200, "per_days": 14, "rolling": True},
    ),
    *of_all(
        ("compliance.day_of_rest",),
        {},
        {"exempt_if_week_up_to_minutes": 1800, "exempt_if_every_day_up_to_minutes": 360},
    ),
    *of_all(
        ("compliance.daily_max", "compliance.weekly_max"), {"minutes": 600}, {"minutes": 600, "note_over_minutes": 599}
    ),
    *of_all(
        ("compliance.average_week", "compliance.average_day"),
        {"minutes": 2640, "weeks": 1},
        {"minutes": 480, "weeks": 104, "rolling": False, "working_days_per_week": 7, "leave_excluded": True},
    ),
    *of_all(("compliance.consecutive_days",), {"max": 1}, {"max": 366}),
    *of_all(
        ("compliance.night_work",),
        {"from": "23:00", "to": "06:00", "night_worker_over_minutes": 120},
        {"from": "00:00", "to": "05:00", "night_worker_from_minutes": 180, "daily_max_minutes": 600},
    ),
]

REFUSED: list[tuple[str, JsonValue, str]] = [
    ("workday.starts_at", "24:00", "match pattern"),
    ("workday.starts_at", "8:00", "match pattern"),
    ("workday.starts_at", 480, "valid string"),
    ("workday.attribution", "midnight", "'split_at_boundary', 'shift_start', 'shift_end' or 'most_time'"),
    ("workweek.starts_on", "Monday", "'monday'"),
    ("pairing.direction", "implicit", "'explicit' or 'alternate'"),
    ("pairing.hours_from", "sessions", "'segments' or 'first_in_last_out'"),
    ("pairing.repeat_within_seconds", -1, "greater than or equal to 0"),
    ("pairing.repeat_within_seconds", 86_401, "less than or equal to 86400"),
    ("pairing.repeat_within_seconds", 1.5, "valid integer"),
    ("pairing.in_after_in", "ignore", "'missing' or 'repeat'"),
    ("pairing.out_after_out", "ignore", "'missing' or 'repeat'"),
    ("pairing.open_session", "close", "'exclude' or 'close_at_scheduled_end'"),
    ("pairing.open_session", {"close_after": 60}, "unknown key close_after"),
    *(
        (name, value, reason)
        for name in LENGTHS
        for value, reason in ((-0.5, "greater than or equal to 0"), (527_041, "527040"))
    ),
    *((name, "60", "valid number") for name in LENGTHS),
    *((name, True, "valid number") for name in LENGTHS),
    *((name, {}, "at least 1 item") for name in LENGTHS_BY_TYPE),
    *((name, {"meal": -0.5}, "greater than or equal to 0") for name in LENGTHS_BY_TYPE),
    *((name, {"Meal": 60}, "match pattern") for name in LENGTHS_BY_TYPE),
    *((name, [60], "valid number") for name in LENGTHS_BY_TYPE),
    ("breaks.count", [], "at least 1 item"),
    ("breaks.count", [{"after_worked_minutes": 360}], "at_least or at_most must be given"),
    ("breaks.count", [{"at_least": 1}], "required"),
    ("breaks.count", [{"after_worked_minutes": 360, "at_least": 0}], "greater than or equal to 1"),
    ("breaks.count", [{"after_worked_minutes": 360, "at_most": -1}], "greater than or equal to 0"),
    ("breaks.count", [{"after_worked_minutes": 360, "at_most": 101}], "less than or equal to 100"),
    ("breaks.count", [{"after_worked_minutes": 360, "at_least": 1, "types": []}], "at least 1 item"),
    ("breaks.count", [{"after_worked_minutes": 360, "at_least": 2, "at_most": 1}], "no number of breaks is right"),
    (
        "breaks.count",
        [{"after_worked_minutes": 0, "at_most": 1}, {"after_worked_minutes": 360, "at_least": 2}],
        "after 360 minutes no number of breaks is right: at_least 2, at_most 1",
    ),
    (
        "breaks.count",
        [
            {"types": ["meal", "rest"], "after_worked_minutes": 360, "at_least": 1},
            {"types": ["rest", "meal"], "after_worked_minutes": 360, "at_most": 2},
        ],
        "must rise: 360 comes after 360",
    ),
    *((name, 0, "greater than 0") for name in POSITIVE_LENGTHS),
    *((name, 527_041, "527040") for name in POSITIVE_LENGTHS),
    *((name, 1, "valid boolean") for name in FLAGS),
    *((name, {"mode": "up"}, "mode up needs interval_minutes") for name in (*ROUNDING, *TOTALS)),
    *((name, {"mode": "up", "interval_minutes": 0}, "greater than 0") for name in (*ROUNDING, *TOTALS)),
    *((name, {"mode": "up", "interval_minutes": 1441}, "less than or equal to 1440") for name in (*ROUNDING, *TOTALS)),
    *((name, {"mode": "closest", "interval_minutes": 5}, "'nearest'") for name in (*ROUNDING, *TOTALS)),
    *(
        (name, {"mode": "none", "otherwise": {"mode": "none"}}, "otherwise needs only_near")
        for name in (*ROUNDING, *TOTALS)
    ),
    *(
        (name, {"mode": "none", "only_near": {"at": "08:00", "scheduled": True, "window_minutes": 5}}, "exactly one of")
        for name in ROUNDING
    ),
    *(
        (name, {"mode": "none", "only_near": {"window_minutes": 5}}, "exactly one of at, scheduled")
        for name in ROUNDING
    ),
    *((name, {"mode": "none", "only_near": {"at": "08:00", "window_minutes": 5}}, "unknown key at") for name in TOTALS),
    ("rounding.snap_to_schedule", {}, "clock_in or clock_out must be given"),
    ("rounding.snap_to_schedule", {"clock_in": {"before_minutes": 5}}, "required"),
    ("rounding.snap_to_schedule", {"clock_in": {"before_minutes": 1441, "after_minutes": 0}}, "1440"),
    ("breaks.paid_types", ["rest", "rest"], "named twice: rest"),
    ("breaks.paid_types", ["Rest"], "match pattern"),
    ("breaks.auto_deduct", [{"minutes": 60}], "exactly one of after_minutes, from_minutes"),
    ("breaks.auto_deduct", [{"after_minutes": 1, "from_minutes": 1, "minutes": 60}], "exactly one of"),
    ("breaks.auto_deduct", [{"after_minutes": 360, "minutes": 0}], "greater than 0"),
    ("breaks.auto_deduct", [{"after_minutes": 360, "minutes": 60, "place": "start"}], "'at_trigger' or 'end'"),
    ("breaks.auto_add", [{"after_minutes": 360, "minutes": 60}], "required"),
    ("breaks.auto_add", [{"after_minutes": 360, "minutes": 0, "counts_punched": True}], "greater than 0"),
    ("breaks.sleep", {"min_duty_minutes": 300, "max_excluded_minutes": 480, "min_sleep_minutes": 301}, "no duty"),
    ("overtime.daily_tiers", [TIERS[1], TIERS[0]], "over_minutes must rise: 480 comes after 720"),
    ("overtime.weekly_tiers", [TIERS[0], TIERS[0]], "over_minutes must rise"),
    (
        "overtime.daily_tiers",
        [{"over_minutes": 480, "pay_code": "overtime_15"}],
        "unknown pay code overtime_15; did you mean",
    ),
    ("overtime.daily_tiers", [{"over_minutes": 480, "pay_code": "night_premium"}], "comes on top of base pay"),
    (
        "overtime.daily_tiers",
        [{"from_minutes": 480, "pay_code": "overtime_150"}],
        "unknown key from_minutes; did you mean over_minutes",
    ),
    ("overtime.period_tiers", {"weeks": 0, "anchor_date": "2025-01-06", "tiers": TIERS}, "greater than or equal to 1"),
    ("overtime.period_tiers", {"weeks": 53, "anchor_date": "2025-01-06", "tiers": TIERS}, "less than or equal to 52"),
    ("overtime.period_tiers", {"weeks": 2, "anchor_date": "2025-02-30", "tiers": TIERS}, "day is out of range"),
    ("overtime.weekly_counts", "none", "'straight_time_only' or 'all'"),
    ("overtime.seventh_day", SEVENTH | {"day": 0}, "greater than or equal to 1"),
    ("overtime.seventh_day", SEVENTH | {"day": 8}, "a workweek has no day 8"),
    ("overtime.seventh_day", SEVENTH | {"scope": "rolling", "day": 32}, "less than or equal to 31"),
    ("overtime.seventh_day", SEVENTH | {"first_minutes": 1441}, "1440"),
    ("overtime.rest_day", {"days": [], "tiers": TIERS}, "at least 1 item"),
    ("overtime.holiday", {"days": ["sunday", "sunday"], "tiers": TIERS}, "named twice"),
    ("overtime.alternative_workweek", {"days": ["monday"], "scheduled_minutes": 1441}, "1440"),
    ("overtime.against_schedule", BALANCE | {"tolerance_minutes": -1}, "greater than or equal to 0"),
    ("overtime.against_schedule", BALANCE | {"target_minutes": 1441}, "1440"),
    ("overtime.windows", [WINDOW | {"to": "22:00"}], "has no length"),
    ("overtime.windows", [WINDOW | {"from": "24:00"}], "match pattern"),
    ("overtime.windows", [WINDOW | {"to": "24:01"}], "match pattern"),
    ("premium.windows", [NIGHT | {"pay_code": "overtime_150"}], "replaces base pay"),
    ("premium.windows", [NIGHT | {"to": "22:00"}], "has no length"),
    ("pay.minimum_call_out_minutes", {"all_shifts": True}, "required"),
    ("compliance.meal_periods", [SECOND_MEAL, MEAL], "must rise"),
    ("compliance.meal_periods", [MEAL | {"min_minutes": 0}], "greater than 0"),
    ("compliance.meal_periods", [MEAL | {"waivable_up_to_work_minutes": 300}], "below it nothing is owed"),
    (
        "compliance.meal_periods",
        [MEAL | {"waivable_only_if_previous_taken": True}],
        "needs waivable_up_to_work_minutes",
    ),
    (
        "compliance.meal_periods",
        [MEAL | {"waivable_up_to_work_minutes": 360, "waivable_only_if_previous_taken": True}],
        "first period has none before it",
    ),
    ("compliance.rest_periods", REST | {"per_work_minutes": 0}, "greater than 0"),
    ("compliance.break_total", {"tiers": []}, "at least 1 item"),
    ("compliance.break_total", {"tiers": [{"work_over_minutes": 360}]}, "required"),
    ("compliance.break_total", {"tiers": [{"min_total_minutes": 30}]}, "exactly one of"),
    (
        "compliance.break_total",
        {"tiers": [{"work_over_minutes": m, "min_total_minutes": 30} for m in (540, 360)]},
        "work_over_minutes must rise",
    ),
    ("compliance.daily_rest", {"minutes": 660, "reduced_to_minutes": 660}, "must be less than minutes"),
    ("compliance.daily_rest", {"minutes": 660, "reduced_times_per_week": 3}, "needs reduced_to_minutes"),
    (
        "compliance.daily_rest",
        {"minutes": 660, "reduced_to_minutes": 600, "compensate_within_days": 28},
        "belong together",
    ),
    ("compliance.weekly_rest", {"minutes": 10_081}, "do not fit into 7 days"),
    ("compliance.weekly_rest", {"minutes": 2100, "per_days": 8}, "7 or 14"),
    ("compliance.weekly_rest", {"minutes": 2100, "per_days": 14}, "needs anchor_date"),
    ("compliance.weekly_rest", {"minutes": 2100, "anchor_date": "2025-01-06"}, "belongs to per_days 14"),
    ("compliance.weekly_rest", {"minutes": 2100, "pieces_of_at_least_minutes": 2101}, "more than the rest"),
    ("compliance.day_of_rest", {"exempt_if_every_day_up_to_minutes": 1441}, "1440"),
    ("compliance.daily_max", {"minutes": 0}, "greater than 0"),
    ("compliance.daily_max", {"minutes": 600, "note_over_minutes": 600}, "must be less than minutes"),
    ("compliance.weekly_max", {"minutes": 2880, "note_over_minutes": 2881}, "must be less than minutes"),
    ("compliance.average_week", {"minutes": 2640, "weeks": 0}, "greater than or equal to 1"),
    ("compliance.average_week", {"minutes": 2640, "weeks": 105}, "less than or equal to 104"),
    ("compliance.average_day", {"minutes": 480, "weeks": 24, "working_days_per_week": 8}, "less than or equal to 7"),
    ("compliance.consecutive_days", {"max": 0}, "greater than or equal to 1"),
    ("compliance.consecutive_days", {"max": 367}, "less than or equal to 366"),
    ("compliance.night_work", {"from": "23:00", "to": "06:00"}, "exactly one of"),
    ("compliance.night_work", {"from": "23:00", "to": "23:00", "night_worker_over_minutes": 120}, "has no length"),
]


@pytest.mark.parametrize(("name", "value"), ACCEPTED)
def test_a_value_at_its_bounds_is_accepted_and_its_normal_form_is_stable(name: str, value: JsonValue) -> None:
    normal = PARAMETERS[name].normalise(value, ON_TOP)
    assert PARAMETERS[name].normalise(normal, ON_TOP) == normal


@pytest.mark.parametrize(("name", "value", "reason"), REFUSED)
def test_a_value_beyond_its_bounds_is_refused_with_the_reason(name: str, value: JsonValue, reason: str) -> None:
    with pytest.raises(ValidationError) as caught:
        PARAMETERS[name].normalise(value, ON_TOP)
    assert reason in str(caught.value)


@pytest.mark.parametrize("name", PARAMETERS)
def test_each_parameter_has_accepted_and_refused_values_here(name: str) -> None:
    assert name in {tried for tried, _ in ACCEPTED}
    assert name in {tried for tried, _, _ in REFUSED}


@pytest.mark.parametrize("name", [name for name, declared in PARAMETERS.items() if declared.default is not None])
def test_defaults_are_in_normal_form(name: str) -> None:
    assert PARAMETERS[name].normalise(PARAMETERS[name].default) == PARAMETERS[name].default


def test_each_parameter_belongs_to_a_group_and_says_what_it_means() -> None:
    modules = {module.__name__ for _, module in GROUPS}
    assert {declared.model.__module__ for declared in PARAMETERS.values()} == modules
    assert [name for name, declared in PARAMETERS.items() if not declared.model.__doc__] == []


def test_normal_form_fills_in_defaults_and_leaves_out_what_is_null() -> None:
    given: JsonValue = [{"after_minutes": 360, "minutes": 30, "from_minutes": None}]
    assert PARAMETERS["breaks.auto_deduct"].normalise(given) == [
        {
            "after_minutes": 360,
            "minutes": 30,
            "counts_punched": True,
            "capped": False,
            "additive": False,
            "place": "at_trigger",
            "basis": "worked",
        }
    ]
