"""Why a second is paid as it is, in words: from the parameters that were in force. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from timecontrol.serving.explain.model import Reason
from timecontrol.serving.explain.words import duration

# What each parameter that makes a pay line says to somebody who does not know its name.
PAY_SENTENCES = {
    "overtime.daily_tiers": "more work in the day than is paid at the base rate",
    "overtime.weekly_tiers": "more work in the week than is paid at the base rate",
    "overtime.period_tiers": "more work in the period of several weeks than is paid at the base rate",
    "overtime.seventh_day": "work on the seventh day",
    "overtime.rest_day": "work on a rest day",
    "overtime.holiday": "work on a holiday",
    "overtime.windows": "work at hours that are overtime",
    "overtime.against_schedule": "more work than was scheduled",
    "overtime.alternative_workweek": "more work in the day than the alternative workweek allows",
    "premium.windows": "work at hours that earn a premium",
    "pay.minimum_call_out_minutes": "the least that is paid to somebody who was called in",
    "pay.meal_premium_minutes": "a meal break was missing, late or too short",
    "pay.rest_premium_minutes": "a rest break was not given",
    "rounding.session_total": "added since the total of the session is rounded",
    "rounding.break_total": "the last seconds of a break are work, since the total of the breaks is rounded",
    "rounding.day_total": "added since the total of the day is rounded",
    "breaks.auto_add": "the policy adds time for breaks",
}

PAID_TYPES = "breaks.paid_types"
#: What says whether a break is paid.
DECIDE_PAY_OF_BREAKS = (
    "pairing.hours_from",
    "breaks.minimum_counted_minutes",
    "breaks.rest_paid_up_to_minutes",
    "breaks.meal_unpaid_from_minutes",
    "breaks.sleep",
    PAID_TYPES,
)


@dataclass(frozen=True)
class Parameter:
    """The version of a parameter that is in force on a date."""

    name: str
    value: Any
    valid_from: date
    reference: str | None


def in_force(versions: Sequence[Mapping[str, Any]], day: date) -> dict[str, Parameter]:
    """Of all versions (rows of `dim_policies` of one policy), those that count on the day; abolished ones are left out."""
    newest: dict[str, Mapping[str, Any]] = {}
    for row in versions:
        name = row["parameter"]
        if row["valid_from"] <= day and (name not in newest or row["valid_from"] > newest[name]["valid_from"]):
            newest[name] = row
    return {
        name: Parameter(name, row["value"], row["valid_from"], row["reference"])
        for name, row in newest.items()
        if row["value"] is not None
    }


def because(sentence: str, parameter: Parameter | None) -> Reason:
    """A sentence with the parameter behind it."""
    if parameter is None:
        return Reason(sentence)
    return Reason(sentence, parameter.name, parameter.value, parameter.valid_from, parameter.reference)


NAMES = {"other": "a break of another kind", "sleep": "sleep"}
GAP = "time between two sessions counts as a meal break"


def break_reason(kind: str, seconds: int, *, is_paid: bool, is_gap: bool, rules: Mapping[str, Parameter]) -> Reason:
    """Why a break of this length is (not) paid, in the order in which the rules are asked."""
    hours_from = rules.get("pairing.hours_from")
    if hours_from is not None and hours_from.value == "first_in_last_out":
        return because("all time from the first clock in to the last clock out counts", hours_from)
    minimum = rules.get("breaks.minimum_counted_minutes")
    if minimum is not None and seconds < 60 * minimum.value:
        return because(f"a break shorter than {minutes(minimum.value)} is work", minimum)
    rest = rules.get("breaks.rest_paid_up_to_minutes")
    if kind == "rest" and rest is not None:
        length = "of at most" if is_paid else "longer than"
        return because(f"a rest break {length} {minutes(rest.value)} is {paid(is_paid)}", rest)
    meal = rules.get("breaks.meal_unpaid_from_minutes")
    if kind == "meal" and meal is not None:
        length = "shorter than" if is_paid else "of at least"
        counted = f"{GAP}; " if is_gap else ""
        return because(f"{counted}a meal break {length} {minutes(meal.value)} is {paid(is_paid)}", meal)
    sleep = rules.get("breaks.sleep")
    if kind == "sleep" and sleep is not None:
        duty, least, most = (
            minutes(sleep.value[f"{name}_minutes"]) for name in ("min_duty", "min_sleep", "max_excluded")
        )
        if is_paid:
            return because(f"sleep is unpaid only if it lasts {least}, in a duty of at least {duty}", sleep)
        return because(f"sleep in a duty of at least {duty} is unpaid up to {most}", sleep)
    name = f"{GAP}, which" if is_gap else NAMES.get(kind, f"a {kind} break")
    return by_type(f"{name} is {paid(is_paid)}", rules.get(PAID_TYPES))


def by_type(sentence: str, types: Parameter | None) -> Reason:
    """A sentence about a break whose kind alone decides, with the kinds that are paid."""
    if types is None:
        return Reason(
            f"{sentence}: where the policy does not name the kinds that are paid, only rest breaks are", PAID_TYPES
        )
    kinds = ", ".join(types.value)
    return because(
        f"{sentence}: the policy pays {f'these kinds of breaks: {kinds}' if kinds else 'no kind of break'}", types
    )


def sleep_over_limit_reason(rules: Mapping[str, Parameter]) -> Reason:
    """Why the rest of a sleep is paid."""
    sleep = rules.get("breaks.sleep")
    limit = f"{minutes(sleep.value['max_excluded_minutes'])} of it" if sleep else "a part of it"
    return because(f"only {limit} are unpaid in a duty; the rest of the sleep is work", sleep)


def pay_reason(row: Mapping[str, Any], versions: Sequence[Mapping[str, Any]]) -> Reason:
    """Why a part of a pay line has this pay code; `row` is its row of `fct_pay_lineage`, `versions` are rows of `dim_policies`.

    The version that decided is the one that the lineage names: for a tier of a week that in force on its first day.
    """
    parameter = row["parameter"]
    if parameter is None:
        return Reason("worked time that no overtime rule claims" if row["source"] == "segment" else row["source"])
    return decided(PAY_SENTENCES.get(parameter, f"the rule {parameter}"), row, versions)


def decided(sentence: str, row: Mapping[str, Any], versions: Sequence[Mapping[str, Any]]) -> Reason:
    """A sentence with the version of the parameter that a row of `fct_pay_lineage` names, and its value."""
    version = (row["parameter"], row["parameter_valid_from"], row["reference"])
    values = [
        each["value"] for each in versions if (each["parameter"], each["valid_from"], each["reference"]) == version
    ]
    return Reason(
        sentence, row["parameter"], values[0] if values else None, row["parameter_valid_from"], row["reference"]
    )


def uncertain_reason(
    segment: Mapping[str, Any], sessions: Sequence[Mapping[str, Any]], rules: Mapping[str, Parameter]
) -> tuple[str, Reason]:
    """What time between punches is that is neither work nor break, and why.

    The rows are of `fct_segments` and `fct_sessions`, sessions in the order of time.
    """
    last = next((row for row in reversed(sessions) if row["worked_shift_id"] == segment["worked_shift_id"]), None)
    session = last if last and last["session_id"] == segment["session_id"] else None
    if session is not None and session["is_open"]:
        return "time of a session that goes on", Reason("it counts when the session has an end")
    if session is not None and session["out_at"] is None:
        sentence = "nobody clocked out, so the session does not count; a correction decides"
        return "time of a session without an end", by_default(sentence, "pairing.open_session", rules)
    name = "pairing.out_after_out" if segment["session_id"] is None else "pairing.in_after_in"
    sentence = "a punch is missing, so nobody knows whether this was work; a correction decides"
    return "time with a missing punch", by_default(sentence, name, rules)


def by_default(sentence: str, name: str, rules: Mapping[str, Parameter]) -> Reason:
    """A sentence with a parameter whose default counts where the policy does not set it."""
    return because(sentence, rules[name]) if name in rules else Reason(sentence, name)


def minutes(value: float) -> str:
    """Minutes of a parameter as people say them."""
    return duration(round(value * 60))


def paid(is_paid: bool) -> str:  # noqa: FBT001  the word for a truth value
    """The word."""
    return "paid" if is_paid else "unpaid"
