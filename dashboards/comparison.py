"""A comparison of two policies as the page shows it: sums, and rows by pay code, site, employee and rule. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import pandas as pd

from dashboards.words import pay_code, rule, status
from timecontrol.policy.difference import EXACT_DECIMALS, MONEY, SIDES, Difference, by_size, differences, hours_once

# Half of the last digit that tables show: hours are seconds divided, and their sums are not exact.
SMALLEST = 0.005


@dataclass(frozen=True)
class Pair:
    """A sum under both policies."""

    old: float
    new: float

    @property
    def difference(self) -> float:
        """The new one less the old one."""
        return round(self.new - self.old, EXACT_DECIMALS) + 0.0


@dataclass(frozen=True)
class Totals:
    """The sums of everybody: paid hours, money (None without a rate), violated findings, and whose pay differs.

    Attributes:
        people: how many have hours at all.
        changed: how many of them have other hours of any pay code.
    """

    hours: Pair
    money: Pair | None
    violated: Pair
    people: int
    changed: int


def of_people(found: Difference, employee_ids: Collection[str]) -> Difference:
    """The part of a comparison that tells of these employees."""
    pay, findings = (frame[frame["employee_id"].isin(employee_ids)] for frame in (found.pay, found.findings))
    return replace(found, pay=pay, findings=findings)


def has_difference(found: Difference) -> bool:
    """Whether anybody's hours of any pay code, or findings, differ."""
    return any(((frame["new"] - frame["old"]).abs() >= SMALLEST).any() for frame in (found.pay, found.findings))


def totals(found: Difference, rate: float | None) -> Totals:
    """The sums."""
    pay = found.worth(rate)
    by_person = (pay["new"] - pay["old"]).abs().groupby(pay["employee_id"]).max()
    return Totals(
        hours=_pair(hours_once(pay), SIDES),
        money=None if rate is None else _pair(pay, MONEY),
        violated=_pair(violated(found), SIDES),
        people=len(by_person),
        changed=int((by_person >= SMALLEST).sum()),
    )


def by_pay_code(found: Difference, rate: float | None) -> pd.DataFrame:
    """A row for each pay code, base pay first, the most hours first: code, and the columns of `differences`."""
    sums = differences(found.worth(rate), ["pay_code", "on_top"])
    on_top = sums["on_top"].astype(bool)
    code = sums["pay_code"].map(pay_code) + on_top.map({True: " (on top)", False: ""})
    order = sums.assign(most=-sums[list(SIDES)].max(axis=1)).sort_values(["on_top", "most"]).index
    return sums.assign(code=code).loc[order].reset_index(drop=True)


def by_site(found: Difference, rate: float | None, names: dict[str, str]) -> pd.DataFrame:
    """Paid hours of each site where the work was, the largest difference first; `violated` of those whose site it is."""
    sums = _with_violated(found, rate, "site_id")
    return sums.assign(site=[names.get(site, site) if isinstance(site, str) else "No site" for site in sums["site_id"]])


def by_employee(found: Difference, rate: float | None, people: pd.DataFrame) -> pd.DataFrame:
    """Paid hours and violated findings of each employee, the largest difference first; `people` has name, team, site."""
    sums = _with_violated(found, rate, "employee_id").merge(people, how="left", on="employee_id")
    return sums.assign(name=sums["name"].fillna(sums["employee_id"]))


def by_rule(found: Difference) -> pd.DataFrame:
    """How many findings each rule has with each status, the largest difference first."""
    sums = by_size(differences(found.findings, ["rule", "status"])).astype(dict.fromkeys((*SIDES, "difference"), int))
    return sums.assign(what=sums["rule"].map(rule), answer=sums["status"].map(status))


def violated(found: Difference) -> pd.DataFrame:
    """The findings that say that a rule was broken."""
    return found.findings[found.findings["status"] == "violated"]


def _pair(frame: pd.DataFrame, columns: tuple[str, str]) -> Pair:
    old, new = (float(frame[column].sum()) for column in columns)
    return Pair(old, new)


def _with_violated(found: Difference, rate: float | None, key: str) -> pd.DataFrame:
    sums = differences(hours_once(found.worth(rate)), [key])
    broken = differences(violated(found), [key])[[key, "difference"]].rename(columns={"difference": "violated"})
    both = sums.merge(broken, how="outer", on=key)
    numbers = both.columns.drop(key)
    return by_size(both.assign(**both[numbers].fillna(0)).astype({"violated": int}))
