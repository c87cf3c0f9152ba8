"""Generated cases: messy punches around clock changes, under policies drawn from the whole vocabulary."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.reference.times import WEEKDAYS, instant

Draw = Callable[[st.SearchStrategy[Any]], Any]
Case = dict[str, Any]
MINUTE = 60

# Days just before a clock change, both ways, by whole and half hours, at night and at midnight; and days without one.
ZONES = [
    ("UTC", "2025-06-02"),
    ("Europe/Berlin", "2025-03-29"),
    ("Europe/Berlin", "2025-10-25"),
    ("America/Los_Angeles", "2025-03-08"),
    ("America/New_York", "2025-11-01"),
    ("Asia/Kathmandu", "2024-02-28"),
    ("Australia/Lord_Howe", "2025-04-05"),
    ("Australia/Lord_Howe", "2025-10-04"),
    ("America/Santiago", "2025-04-05"),
    ("America/Santiago", "2025-09-06"),
    ("Africa/Cairo", "2025-04-24"),
]
clock = st.sampled_from(["00:00", "02:00", "05:30", "08:00", "12:00", "17:00", "20:00", "22:00"])
end_clock = st.sampled_from(["02:30", "06:00", "09:15", "16:00", "23:00", "24:00"])
weekdays = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=4, unique=True)
short = st.sampled_from([0, 1, 5, 7.5, 10, 15, 30])
pause = st.sampled_from([5, 10, 15, 20, 30, 45, 60])
work = st.sampled_from([0, 60, 180, 210, 240, 300, 360, 480, 540, 600, 720])
overtime = st.sampled_from(["overtime_125", "overtime_150", "overtime_200", "double_time_200"])
on_top = st.sampled_from(["night_premium", "weekend_premium"])
flag = st.booleans()


def fields(required: dict[str, st.SearchStrategy[Any]], **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(required, optional=optional)


def tiers(marks: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One or two, rising."""
    return st.lists(st.tuples(marks, overtime), min_size=1, max_size=2, unique_by=lambda tier: tier[0]).map(
        lambda rows: [{"over_minutes": over, "pay_code": code} for over, code in sorted(rows)]
    )


@st.composite
def roundings(draw: Draw, near: st.SearchStrategy[Any] | None = None, *, otherwise: bool = True) -> Any:  # noqa: ANN401 -- a parameter
    rule: dict[str, Any] = {
        "mode": draw(st.sampled_from(["nearest", "up", "down"])),
        "interval_minutes": draw(st.sampled_from([1, 5, 6, 10, 15, 30])),
    }
    rule |= draw(fields({}, half=st.sampled_from(["up", "down"]), seconds=st.sampled_from(["keep", "drop", "up"])))
    if rule["mode"] != "nearest":
        rule |= draw(fields({}, grace_minutes=st.sampled_from([0, 1, 3, 5])))
    if near is not None and draw(st.integers(0, 3)) == 0:
        rule["only_near"] = draw(near) | {"window_minutes": draw(st.sampled_from([5, 15, 60]))}
        if otherwise and draw(flag):
            rule["otherwise"] = draw(roundings(otherwise=False))
    return rule


near_clock = st.one_of(fields({"at": clock}), st.just({"scheduled": True}))
near_total = fields({"minutes": work})
snap = fields({"before_minutes": short, "after_minutes": short})
snaps = st.one_of(fields({"clock_in": snap}, clock_out=snap), fields({"clock_out": snap}))
window = {"from": clock, "to": end_clock}
deduction = st.one_of(*(fields({mark: work, "minutes": pause}, counts_punched=flag, capped=flag, additive=flag,
                               place=st.sampled_from(["at_trigger", "end"]), basis=st.sampled_from(["worked", "gross"]))
                        for mark in ("after_minutes", "from_minutes")))  # fmt: skip


@st.composite
def meals(draw: Draw) -> list[dict[str, Any]]:
    """One or two periods, each owed and waivable after the one before."""
    rules: list[dict[str, Any]] = []
    for over in sorted(draw(st.lists(work, min_size=1, max_size=2, unique=True))):
        rule = draw(fields({"start_by_work_minutes": work, "min_minutes": pause}))
        rule["required_if_work_over_minutes"] = over
        if draw(flag):
            rule["waivable_up_to_work_minutes"] = over + draw(pause)
            rule |= {"waivable_only_if_previous_taken": draw(flag)} if rules else {}
        rules.append(rule)
    return rules


limits_by_type = st.dictionaries(st.sampled_from(["meal", "rest", "other", "sleep"]), pause, min_size=1, max_size=2)


@st.composite
def break_counts(draw: Draw) -> list[dict[str, Any]]:
    """One or two steps for the same types; the bounds of the second are higher."""
    types = draw(
        fields({}, types=st.lists(st.sampled_from(["meal", "rest", "other"]), min_size=1, max_size=2, unique=True))
    )
    bounds = draw(st.sampled_from([{"at_least": 1}, {"at_most": 0}, {"at_most": 1}, {"at_least": 1, "at_most": 1}]))
    marks = sorted(draw(st.lists(work, min_size=1, max_size=2, unique=True)))
    return [
        {"after_worked_minutes": after} | types | {key: value + number for key, value in bounds.items()}
        for number, after in enumerate(marks)
    ]


limits = fields({"minutes": st.sampled_from([120, 480, 600])}, note_over_minutes=st.sampled_from([30, 60]))
break_tier = st.tuples(
    st.sampled_from(["work_over_minutes", "work_from_minutes", "continuous_over_minutes"]), work, pause
)
average_rule = fields(
    {"minutes": st.sampled_from([120, 480, 2400]), "weeks": st.sampled_from([1, 2])},
    rolling=flag, leave_excluded=flag, working_days_per_week=st.sampled_from([1, 5, 6]),
)  # fmt: skip
reduced_rest = fields(
    {"minutes": st.just(660), "reduced_to_minutes": st.sampled_from([480, 600])},
    reduced_times_per_week=st.sampled_from([1, 2]),
)
made_good_within = st.sampled_from([1, 3, 28])

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "workday.starts_at": st.sampled_from(["00:00", "02:30", "06:00", "12:00", "23:00"]),
    "workday.attribution": st.sampled_from(["split_at_boundary", "shift_start", "shift_end", "most_time"]),
    "workweek.starts_on": st.sampled_from(WEEKDAYS),
    "pairing.direction": st.sampled_from(["explicit", "alternate"]),
    "pairing.hours_from": st.sampled_from(["segments", "first_in_last_out"]),
    "pairing.repeat_within_seconds": st.sampled_from([0, 30, 300]),
    "pairing.in_after_in": st.sampled_from(["missing", "repeat"]),
    "pairing.out_after_out": st.sampled_from(["missing", "repeat"]),
    "pairing.new_shift_after_gap_minutes": st.sampled_from([30, 60, 480]),
    "pairing.max_shift_minutes": st.sampled_from([300, 600, 1440]),
    "pairing.open_session": st.one_of(
        st.sampled_from(["exclude", "close_at_scheduled_end"]),
        fields({"close_after_worked_over_expected_minutes": work}),
    ),
    **{
        f"rounding.{kind}": roundings(near_clock)
        for kind in ("clock_in", "clock_out")
    },
    **{f"rounding.{kind}": roundings(fields({"at": clock})) for kind in ("break_start", "break_end")},
    **{f"rounding.{total}": roundings(near_total) for total in ("session_total", "break_total", "day_total")},
    "rounding.snap_to_schedule": snaps,
    "breaks.paid_types": st.lists(st.sampled_from(["rest", "meal", "other"]), max_size=2, unique=True),
    "breaks.rest_paid_up_to_minutes": pause,
    "breaks.meal_unpaid_from_minutes": pause,
    "breaks.minimum_counted_minutes": pause,
    "breaks.long_after_minutes": st.one_of(st.sampled_from([45, 60, 90]), limits_by_type),
    "breaks.short_below_minutes": st.one_of(pause, limits_by_type),
    "breaks.count": st.lists(
        break_counts(), min_size=1, max_size=2, unique_by=lambda steps: str(sorted(steps[0].get("types", [])))
    ).map(lambda lists: [step for steps in lists for step in steps]),
    "breaks.meal_start_by_worked_minutes": work,
    "breaks.auto_deduct": st.lists(deduction, min_size=1, max_size=3),
    "breaks.auto_add": st.lists(
        fields(
            {"after_minutes": work, "minutes": pause, "counts_punched": flag},
            counts_as_work=flag, additive=flag,
            types=st.lists(st.sampled_from(["meal", "rest", "other"]), min_size=1, max_size=2, unique=True),
        ),
        min_size=1, max_size=3,
    ),
    "breaks.from_schedule": flag,
    "breaks.sleep": fields(
        {"min_duty_minutes": work.filter(bool), "max_excluded_minutes": pause, "min_sleep_minutes": st.sampled_from([5, 20])}
    ),
    "overtime.daily_tiers": tiers(work),
    "overtime.weekly_tiers": tiers(st.sampled_from([300, 600, 960, 2400])),
    "overtime.period_tiers": fields(
        {"weeks": st.sampled_from([2, 4]), "anchor_date": st.just("2025-01-06"), "tiers": tiers(st.sampled_from([600, 960]))}
    ),
    "overtime.weekly_counts": st.sampled_from(["straight_time_only", "all"]),
    "overtime.seventh_day": st.sampled_from([("workweek", 7), ("rolling", 2), ("rolling", 3), ("nth_worked_day", 2)]).flatmap(
        lambda of: fields({"scope": st.just(of[0]), "day": st.just(of[1]), "first_minutes": work,
                           "pay_code": overtime, "then_pay_code": overtime})
    ),
    "overtime.rest_day": fields({"tiers": tiers(work)}, days=weekdays),
    "overtime.holiday": fields({"tiers": tiers(work)}),
    "overtime.alternative_workweek": fields({"days": weekdays, "scheduled_minutes": work}, other_days_tiers=tiers(work)),
    "overtime.against_schedule": fields(
        {"tolerance_minutes": short, "undertime_tolerance_minutes": short, "allow_negative": flag, "pay_code": overtime},
        target_minutes=work,
    ),
    "overtime.windows": st.lists(fields(window | {"pay_code": overtime}, days=weekdays, outside_schedule=flag), min_size=1, max_size=2),
    "premium.windows": st.lists(
        fields(window | {"pay_code": on_top}, days=weekdays, holidays=flag, minimum_minutes=pause, after_worked_minutes=work),
        min_size=1, max_size=2, unique_by=lambda rule: rule["pay_code"],
    ),
    "pay.minimum_call_out_minutes": st.one_of(work, fields({"minutes": work}, all_shifts=flag)),
    "pay.meal_premium_minutes": st.just(60),
    "pay.rest_premium_minutes": st.just(60),
    "shift.early_window_minutes": st.sampled_from([0, 30, 60, 240]),
    "shift.late_window_minutes": st.sampled_from([0, 30, 60, 240]),
    "shift.trim_windows": flag,
    "shift.late_grace_minutes": short,
    "shift.early_in_grace_minutes": short,
    "shift.early_leave_grace_minutes": short,
    "shift.late_out_grace_minutes": short,
    "shift.half_day_below_minutes": st.sampled_from([180, 240]),
    "shift.absent_below_minutes": pause,
    "shift.no_show_after_minutes": st.sampled_from([60, 480, 960]),
    "shift.over_scheduled_minutes": short,
    "shift.under_scheduled_minutes": short,
    "shift.over_weekly_scheduled_minutes": short,
    "exceptions.daily_worked_over_minutes": work,
    "exceptions.weekly_worked_over_minutes": st.sampled_from([0, 300, 600, 960, 2400]),
    "compliance.use_rounded": flag,
    "compliance.meal_periods": meals(),
    "compliance.rest_periods": fields(
        {"minutes": pause, "per_work_minutes": st.sampled_from([120, 240]), "major_fraction": flag,
         "none_under_work_minutes": st.sampled_from([0, 60, 210])},
        recorded=flag,
    ),
    "compliance.break_total": fields(
        {"tiers": st.lists(break_tier, min_size=1, max_size=2, unique_by=lambda tier: tier[1]).map(
            lambda rows: [{kind: mark, "min_total_minutes": least}
                          for (kind, mark, _), least in zip(sorted(rows, key=lambda row: row[1]),
                                                            sorted(row[2] for row in rows), strict=True)])},
        min_block_minutes=pause, basis=st.sampled_from(["net", "gross"]), uninterrupted=flag, end_of_work_counts=flag,
        counts_paid=flag,
    ),
    "compliance.longest_work_minutes": st.sampled_from([60, 240, 360]),
    "compliance.daily_rest": st.one_of(
        fields({"minutes": st.sampled_from([240, 660])}),
        reduced_rest,
        st.tuples(reduced_rest, made_good_within, st.sampled_from([660, 720])).map(
            lambda drawn: drawn[0] | {"compensate_within_days": drawn[1], "compensate_with_minutes": drawn[2]}
        ),
    ),
    "compliance.weekly_rest": st.one_of(
        fields({"minutes": st.sampled_from([660, 2100])}, pieces_of_at_least_minutes=st.sampled_from([60, 480, 660])),
        fields({"minutes": st.sampled_from([660, 2100]), "rolling": st.just(True)}, per_days=st.sampled_from([7, 14])),
        st.sampled_from(["2025-01-06", "2025-06-03"]).map(
            lambda anchor: {"minutes": 2100, "per_days": 14, "anchor_date": anchor}
        ),
    ),
    "compliance.day_of_rest": fields({}, exempt_if_week_up_to_minutes=work, exempt_if_every_day_up_to_minutes=work),
    "compliance.daily_max": limits,
    "compliance.weekly_max": limits,
    "compliance.average_week": average_rule,
    "compliance.average_day": average_rule,
    "compliance.consecutive_days": fields({"max": st.sampled_from([1, 2])}),
    "compliance.night_work": st.sampled_from(["night_worker_over_minutes", "night_worker_from_minutes"]).flatmap(
        lambda mark: fields(window | {mark: pause}, daily_max_minutes=work.filter(bool))
    ),
}  # fmt: skip


def local(at: int, zone: ZoneInfo) -> dict[str, Any]:
    """An instant as a case writes it: local, with `fold` where the hour is repeated."""
    moment = datetime.fromtimestamp(at, zone)
    written: dict[str, Any] = {"at": moment.replace(tzinfo=None, fold=0).isoformat()}
    return written | ({"fold": 1} if moment.fold else {})


@st.composite
def duties(draw: Draw, midnight: int) -> list[dict[str, Any]]:
    """A worked shift as it would be punched: in, breaks, out; with what people and devices do to it."""
    at = midnight + draw(st.sampled_from([0, 60, 90, 330, 470, 475, 480, 488, 720, 1200, 1320, 1435])) * MINUTE
    punches: list[dict[str, Any]] = [{"kind": "clock_in", "at": at}]
    for _ in range(draw(st.integers(0, 2))):
        at += draw(work.filter(bool)) * MINUTE // 2
        kind = draw(st.sampled_from(["meal", "meal", "rest", "other", "sleep"]))
        gap = draw(st.integers(0, 3)) == 0
        punches.append(
            {"kind": "clock_out", "at": at} if gap else {"kind": "break_start", "at": at, "break_type": kind}
        )
        at += draw(pause) * MINUTE + draw(st.sampled_from([0, 0, -1, 1]))
        punches.append({"kind": "clock_in", "at": at} if gap else {"kind": "break_end", "at": at, "break_type": kind})
    at += draw(work.filter(bool)) * MINUTE + draw(st.sampled_from([0, 0, 0, 1, 29, 451, 900]))
    punches.append({"kind": "clock_out", "at": at})
    mess = draw(st.sampled_from(["none"] * 4 + ["forgotten", "twice", "unknown", "other kind", "moved"]))
    index = draw(st.integers(0, len(punches) - 1))
    if mess == "forgotten":
        del punches[index]
    elif mess == "twice":
        punches.insert(
            index, punches[index] | {"at": punches[index]["at"] + draw(st.sampled_from([0, 20, 60, 61, 600]))}
        )
    elif mess == "unknown":
        punches[index] = {"kind": "unknown", "at": punches[index]["at"]}
    elif mess == "other kind":
        punches[index] |= {"kind": draw(st.sampled_from(["clock_in", "clock_out", "break_start", "break_end"]))}
    elif mess == "moved":
        punches[index] |= {"at": punches[index]["at"] + draw(st.sampled_from([-1, 7, 3600, 5 * 3600]))}
    return punches


@st.composite
def case_files(draw: Draw, supported: frozenset[str], policies: list[str]) -> Case:
    """A case without `expect`: a few days of work around a date, planned or not."""
    name, first = draw(st.sampled_from(ZONES))
    zone, day = ZoneInfo(name), date.fromisoformat(first)
    noon = instant(datetime.combine(day, datetime.min.time()) + timedelta(hours=12), zone)
    midnights = [noon + (24 * n - 12) * 3600 for n in range(draw(st.sampled_from([1, 2, 2, 3, 8])))]
    punches = [punch for midnight in midnights if draw(st.integers(0, 9)) for punch in draw(duties(midnight))]
    shifts = []
    for midnight in midnights if draw(flag) else []:
        start = midnight + draw(st.sampled_from([0, 300, 480, 540, 1320])) * MINUTE
        end = start + draw(st.sampled_from([240, 480, 540])) * MINUTE
        shift = {"start": local(start, zone)["at"], "end": local(end, zone)["at"]}
        shifts.append(shift)
        if draw(flag):
            begins = start + 120 * MINUTE
            ends = begins + draw(pause) * MINUTE
            if "fold" in local(begins, zone) | local(ends, zone):
                continue  # a break of a scheduled shift is written without the pass of a repeated hour
            shift["breaks"] = [{"start": local(begins, zone)["at"], "end": local(ends, zone)["at"], "paid": draw(flag)}]
    parameters = draw(st.lists(st.sampled_from(sorted(supported)), max_size=8, unique=True))
    case: Case = {
        "parameters": {key: draw(VALUES[key]) for key in sorted(parameters)},
        "timezone": name,
        "punches": [{**punch, **local(punch["at"], zone)} for punch in sorted(punches, key=lambda one: one["at"])],
        "shifts": shifts,
    }
    days = [str(day + timedelta(days=n)) for n in range(len(midnights) + 1)]
    case |= draw(fields({}, holidays=st.lists(st.sampled_from(days), max_size=2, unique=True)))
    if draw(st.integers(0, 3)) == 0:
        case["leave"] = [
            dict(zip(["from", "to"], sorted([draw(st.sampled_from(days)), draw(st.sampled_from(days))]), strict=True))
        ]
    if draw(st.integers(0, 3)) == 0:
        case["employee"] = {"meal_waiver_first": draw(flag), "meal_waiver_second": draw(flag)}
    if punches and draw(st.integers(0, 3)) == 0:
        last = max(punch["at"] for punch in punches)
        # A second past no mark, so that "has passed" is never asked on the mark itself.
        case["as_of"] = local(last + draw(st.sampled_from([13, 3613, 18013, 61213])), zone)["at"]
    if draw(st.integers(0, 4)) == 0:
        case["policy"] = draw(st.sampled_from(policies))
    return case
