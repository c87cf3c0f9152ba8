"""What a person reads after a run of cases: each difference with file, case and place, then one line that sums up."""

import json
from collections.abc import Iterator

from timecontrol.policy.cases.run import Report

# A row or two fit on a line; of a longer list the beginning says enough.
LONGEST_VALUE = 300


def report_lines(report: Report) -> Iterator[str]:
    """The report, line by line."""
    for wrong in report.wrong:
        for problem in wrong.problems:
            yield f"ERROR {problem}"
    for checked in report.checked:
        for difference in checked.differences:
            yield f"DIFFERS {checked.case.file}:{checked.case.line}: {checked.case.name}: {difference.path}"
            yield f"    expected {_spell(difference.expected)}"
            yield f"    computed {_spell(difference.actual)}"
    differing = sum(bool(checked.differences) for checked in report.checked)
    silent = sum(checked.case.expect is None for checked in report.checked)
    agreeing = len(report.checked) - differing - silent
    counts = [f"{agreeing} as expected", f"{differing} differ", f"{len(report.wrong)} wrong"]
    if silent:
        counts.append(f"{silent} without expectation")
    yield f"{len(report.checked) + len(report.wrong)} cases: {', '.join(counts)}"


def _spell(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} …"
