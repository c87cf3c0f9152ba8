"""What-if: everybody's hours, pay and findings under one policy and under another, on what the last run knew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from timecontrol.errors import UserError
from timecontrol.policy.files import PolicyFile, PolicyFolder, read_policy_file
from timecontrol.policy.problems import InvalidFiles
from timecontrol.policy.resolve import resolve
from timecontrol.policy.rows import ParameterRow, PayCodeRow, PolicyRow, rows_of
from timecontrol.policy.store import insert_rows
from timecontrol.policy.values import did_you_mean
from timecontrol.progress import Report
from timecontrol.serving.replay import Days, KnownRun, Replay, beside
from timecontrol.settings import Settings
from timecontrol.warehouse.named_sql import named_sql

# What the two policies replace: assignments and everything that policies say.
OWN = frozenset({"core.policy_assignments", "policy.policies", "policy.parameters", "policy.pay_codes"})
SIDES = ("old", "new")
# A ten-thousandth of a second in hours, and far below a cent.
EXACT_DECIMALS = 7
MONEY = ("old_money", "new_money")
#: The keys of a comparison, and what is compared.
LINE_KEYS = ["site_id", "employee_id", "pay_code"]
FINDING_KEYS = ["site_id", "employee_id", "rule", "status"]


@dataclass(frozen=True)
class Chosen:
    """A policy to compute with: what it is called, and its dated values with what it inherits."""

    title: str
    parameters: tuple[ParameterRow, ...]


@dataclass(frozen=True)
class Difference:
    """Everybody under both policies.

    Attributes:
        run: the run whose inputs and now were taken.
        pay: site_id, employee_id, pay_code, multiplier, on_top, old and new (hours).
        findings: site_id, employee_id, rule, status, old and new (how many).
    """

    run: KnownRun
    pay: pd.DataFrame
    findings: pd.DataFrame

    def worth(self, rate: float | None) -> pd.DataFrame:
        """`pay`, with an hourly rate also old_money and new_money: hours times multiplier times the rate."""
        if rate is None:
            return self.pay
        worth = self.pay["multiplier"] * rate
        return self.pay.assign(old_money=self.pay["old"] * worth, new_money=self.pay["new"] * worth)


def hours_once(pay: pd.DataFrame) -> pd.DataFrame:
    """The same with no hours on top of base pay: such an hour is money and no further hour."""
    return pay.assign(**{side: pay[side].mask(pay["on_top"].astype(bool), 0.0) for side in SIDES})


def differences(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Sums by the keys: old, new and `difference`, where the frame has money also old_money, new_money, `money_difference`."""
    pairs = {"difference": SIDES} | ({"money_difference": MONEY} if MONEY[0] in frame else {})
    sums = frame.groupby(keys, dropna=False)[[name for pair in pairs.values() for name in pair]].sum()
    for name, (old, new) in pairs.items():
        # Hours are seconds divided: what is left of equal sums is no difference, and no negative zero.
        sums[name] = (sums[new] - sums[old]).round(EXACT_DECIMALS) + 0.0
    return sums.reset_index()


def by_size(sums: pd.DataFrame) -> pd.DataFrame:
    """Rows of `differences`, the largest difference first: of money where there is money, else of hours."""
    name = "money_difference" if MONEY[0] in sums else "difference"
    return sums.loc[sums[name].abs().sort_values(ascending=False, kind="stable").index]


def choose(folder: PolicyFolder, named: str, side: str) -> Chosen:
    """A policy of the folder by its name, or the file of one; raises UserError for one that is unknown or wrong."""
    policies = dict(folder.policies)
    name = named
    if named not in policies:
        policy = _of_file(folder, named)
        name = policy.policy
        policies[name] = policy
    resolved, problems = resolve(policies)
    if name not in resolved:
        raise InvalidFiles([problem for problem in problems if problem.file == policies[name].file])
    rows = tuple(
        ParameterRow(side, entry.parameter, entry.valid_from, entry.value, entry.reference, entry.file, entry.line)
        for entries in resolved[name].values()
        for entry in entries
    )
    return Chosen(policies[name].title, rows)


def _of_file(folder: PolicyFolder, named: str) -> PolicyFile:
    path = Path(named)
    if not path.is_file():
        raise UserError(f"There is neither a policy nor a file {named}{did_you_mean(named, folder.policies)}")
    return read_policy_file(path, path.parent, folder.on_top)


def compare(
    settings: Settings, folder: PolicyFolder, old: Chosen, new: Chosen, days: Days, report: Report
) -> Difference:
    """Compute the whole population under both policies; nothing of production changes. Raises UserError before the first run."""
    with beside(settings, datetime.max.replace(tzinfo=UTC), OWN) as replay:
        _write_policies(replay, (old, new), rows_of(folder).pay_codes)
        lines, findings = {}, {}
        for side in SIDES:
            with report.step(f"Computing everybody under the {side} policy"):
                _assign(replay, side)
                replay.compute()
            lines[side] = replay.read("pay_lines", days)
            findings[side] = replay.read("findings", days)
        multipliers = (
            pd.concat(lines.values()).drop_duplicates("pay_code").set_index("pay_code")[["multiplier", "on_top"]]
        )
        pay = side_by_side(lines, LINE_KEYS, "seconds").join(multipliers, on="pay_code")
        pay[list(SIDES)] /= 3600
        pay["multiplier"] = pay["multiplier"].astype(float)
        return Difference(replay.run, pay, side_by_side(findings, FINDING_KEYS, "findings"))


def _write_policies(replay: Replay, chosen: Sequence[Chosen], pay_codes: tuple[PayCodeRow, ...]) -> None:
    """The two policies under the names of their sides, known since ever: below any watermark."""
    schema = replay.made.prefix + "policy"
    policies = tuple(PolicyRow(side, policy.title, None) for side, policy in zip(SIDES, chosen, strict=True))
    with replay.connection.transaction():
        insert_rows(replay.connection, schema, "policies", policies, removed=False)
        insert_rows(
            replay.connection, schema, "parameters", (*chosen[0].parameters, *chosen[1].parameters), removed=False
        )
        insert_rows(replay.connection, schema, "pay_codes", pay_codes, removed=False)
        for table in ("policies", "parameters", "pay_codes"):
            replay.known_since_ever(f"policy.{table}")


def _assign(replay: Replay, side: str) -> None:
    """Give everybody the policy of this side, at all times."""
    people = replay.connection.execute(named_sql("replays")["population"].for_psycopg()).fetchall()
    replay.refill(
        "core.policy_assignments", ("employee_id", "policy", "actor"), [(who, side, "what-if") for (who,) in people]
    )


def side_by_side(frames: dict[str, pd.DataFrame], keys: list[str], value: str) -> pd.DataFrame:
    """The sums of `value` by the keys, in a column for each side; 0 where a side has none."""
    sums = {side: frame.groupby(keys, dropna=False)[value].sum() for side, frame in frames.items()}
    return pd.DataFrame(sums).fillna(0).astype(float).reset_index()
