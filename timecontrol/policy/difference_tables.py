"""A comparison of two policies as people read it on a terminal: by pay code, site and employee, and by rule."""

from collections.abc import Iterator

import pandas as pd
from rich.table import Table

from timecontrol.policy.difference import Difference, by_size, differences, hours_once

# Of many employees those come first for whom most changes; the JSON has everybody.
MOST_EMPLOYEES = 20


def tables(found: Difference, rate: float | None) -> Iterator[Table]:
    """Hours (and money) by pay code, by site, by the employees with the largest difference, and findings by rule."""
    pay = found.worth(rate)
    paid = hours_once(pay)
    yield table("Hours by pay code", differences(pay, ["pay_code"]), 1)
    yield table("Paid hours by site", differences(paid, ["site_id"]), 1)
    employees = by_size(differences(paid, ["employee_id"])).head(MOST_EMPLOYEES)
    yield table(f"Paid hours by employee: the {MOST_EMPLOYEES} with the largest difference", employees, 1)
    yield table("Findings", differences(found.findings, ["rule", "status"]), 2, digits=0)


def table(title: str, sums: pd.DataFrame, keys: int, *, digits: int = 2) -> Table:
    """Rows of `differences`, of which the first `keys` columns are names."""
    drawn = Table(*sums.columns[:keys], title=title)
    # As they are read: old, new and their difference, then the same of money.
    numbers = sorted(sums.columns[keys:], key=lambda name: "money" in name)
    for name in numbers:
        drawn.add_column(str(name).replace("_", " "), justify="right")
    for row in sums.to_dict("records"):
        names = ("-" if pd.isna(row[name]) else str(row[name]) for name in sums.columns[:keys])
        # A sum of fractions may lie a hair under zero: adding zero takes the sign from what rounds to it.
        drawn.add_row(*names, *(f"{round(row[name], digits) + 0:,.{digits}f}" for name in numbers))
    return drawn
