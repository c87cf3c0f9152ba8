"""A comparison of two policies as people and programs read it: by pay code, site and employee, and by rule."""

import json
from collections.abc import Iterator

import pandas as pd
from rich.table import Table

from timecontrol.policy.difference import SIDES, Difference

# Of many employees those come first for whom most changes; the JSON has everybody.
MOST_EMPLOYEES = 20
MONEY = ("old_money", "new_money")


def tables(found: Difference, rate: float | None) -> Iterator[Table]:
    """Hours (and money) by pay code, by site, by the employees with the largest difference, and findings by rule."""
    pay = found.pay if rate is None else found.money(rate)
    yield compared("Hours by pay code", pay, ["pay_code"])
    # An hour on top of base pay is money and no further hour.
    paid = pay.assign(**{side: pay[side].mask(pay["on_top"].astype(bool), 0.0) for side in SIDES})
    yield compared("Paid hours by site", paid, ["site_id"])
    title = f"Paid hours by employee: the {MOST_EMPLOYEES} with the largest difference"
    yield compared(title, paid, ["employee_id"], most=MOST_EMPLOYEES)
    yield compared("Findings", found.findings, ["rule", "status"], digits=0)


def compared(title: str, frame: pd.DataFrame, keys: list[str], *, most: int | None = None, digits: int = 2) -> Table:
    """Sums by the keys: old, new and the difference, of hours or counts and, where the frame has it, of money."""
    pairs = [SIDES] + ([MONEY] if MONEY[0] in frame else [])
    sums = frame.groupby(keys, dropna=False)[[name for pair in pairs for name in pair]].sum()
    for old, new in pairs:
        sums[f"{new} - {old}"] = sums[new] - sums[old]
    last_old, last_new = pairs[-1]
    if most is not None:
        order = sums[f"{last_new} - {last_old}"].abs().sort_values(ascending=False, kind="stable").index
        sums = sums.loc[order].head(most)
    table = Table(*keys, title=title)
    for old, new in pairs:
        for heading in (old, new, "difference"):
            table.add_column(heading.replace("_", " "), justify="right")
    for key, row in sums.iterrows():
        names = key if isinstance(key, tuple) else (key,)
        numbers = [row[name] for old, new in pairs for name in (old, new, f"{new} - {old}")]
        table.add_row(*("-" if pd.isna(name) else str(name) for name in names), *(f"{n:,.{digits}f}" for n in numbers))
    return table


def to_json(found: Difference, rate: float | None) -> str:
    """Everybody's hours by pay code and findings by rule under both policies, with the run they were computed from."""
    pay = found.pay if rate is None else found.money(rate)
    content = {
        "run_id": found.run.run_id,
        "watermark": found.run.watermark,
        "now_at": found.run.now_at.isoformat(),
        "pay": json.loads(pay.to_json(orient="records")),
        "findings": json.loads(found.findings.to_json(orient="records")),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
