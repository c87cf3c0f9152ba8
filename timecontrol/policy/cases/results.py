"""What the models computed for each case, in the words of a case file: minutes as numbers, instants local with offset."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from psycopg import sql
from psycopg.rows import dict_row
from pydantic import JsonValue

from timecontrol.policy.cases.local_time import zone
from timecontrol.policy.cases.model import SUM_NAMES
from timecontrol.policy.cases.read import SoundCase
from timecontrol.warehouse.named_sql import named_sql
from timecontrol.warehouse.pools import Connection

Row = dict[str, Any]
#: Rows by mart (the statements of sql/cases.sql) and employee.
Marts = Mapping[str, Mapping[str, list[Row]]]


def read_marts(connection: Connection, schema: str) -> Marts:
    """All rows of the marts in `schema`, by mart and employee."""
    marts: dict[str, dict[str, list[Row]]] = {}
    with connection.transaction():
        connection.execute(sql.SQL("set local search_path to {}").format(sql.Identifier(schema)))
        for name, statement in named_sql("cases").items():
            by_employee: dict[str, list[Row]] = defaultdict(list)
            for row in connection.cursor(row_factory=dict_row).execute(sql.SQL(statement.text)):
                by_employee[row.pop("employee_id")].append(row)
            marts[name] = by_employee
    return marts


def results(cases: Iterable[SoundCase], marts: Marts) -> dict[str, dict[str, JsonValue]]:
    """The answer of each case by its name."""
    return {
        case.name: answer({name: rows.get(case.employee_id, []) for name, rows in marts.items()}, case.inputs.time_zone)
        for case in cases
    }


def answer(marts: Mapping[str, list[Row]], time_zone: str) -> dict[str, JsonValue]:
    """The answer of one case from its rows of each mart."""
    days = marts["days"]
    lines = marts["pay_lines"]
    lists = {
        name: [_spell(row, time_zone) for row in marts[name]]
        for name in ("worked_shifts", "sessions", "shift_outcomes", "findings", "exceptions", "pay_lines")
    }
    return {
        "total": _sums(days, lines),
        "days": {
            day: _sums(_of(days, "date", day), _of(lines, "date", day)) | _ends(_of(days, "date", day), time_zone)
            for day in _labels("date", days, lines)
        },
        "weeks": {
            week: _sums(_of(days, "week", week), _of(lines, "week", week)) for week in _labels("week", days, lines)
        },
        **{name: [{key: row[key] for key in row if key != "week"} for row in rows] for name, rows in lists.items()},
    }


def _labels(key: str, *tables: list[Row]) -> list[str]:
    return sorted({row[key].isoformat() for rows in tables for row in rows})


def _of(rows: list[Row], key: str, label: str) -> list[Row]:
    return [row for row in rows if row[key].isoformat() == label]


def _sums(days: list[Row], lines: list[Row]) -> dict[str, JsonValue]:
    """Sums over days, and minutes by pay code."""
    pay: dict[str, int] = defaultdict(int)
    for line in lines:
        pay[line["pay_code"]] += line["seconds"]
    sums: dict[str, JsonValue] = {
        name: minutes(sum(day[name.replace("_minutes", "_seconds")] or 0 for day in days)) for name in SUM_NAMES
    }
    return sums | {"pay": {code: minutes(seconds) for code, seconds in sorted(pay.items()) if seconds}}


def _ends(days: list[Row], time_zone: str) -> dict[str, JsonValue]:
    first = days[0] if days else {"first_in": None, "last_out": None}
    return {name: _value(name, first[name], time_zone) for name in ("first_in", "last_out")}


def _spell(row: Row, time_zone: str) -> dict[str, JsonValue]:
    """A row by the names of a case file; `…_seconds` becomes `…_minutes`."""
    return {_minutes_name(name): _value(name, value, time_zone) for name, value in row.items()}


def _minutes_name(name: str) -> str:
    return "minutes" if name == "seconds" else name.replace("_seconds", "_minutes")


def _value(name: str, value: object, time_zone: str) -> JsonValue:
    """One value of a mart as JSON; the fields of `breaks` and `deductions` are instants as text."""
    if isinstance(value, datetime):
        return value.astimezone(zone(time_zone)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [
            {
                key: _instant_text(item, time_zone) if isinstance(item, str) and key != "type" else item
                for key, item in part.items()
            }
            for part in value
        ]
    if value is not None and name.endswith("seconds"):
        assert isinstance(value, int)
        return minutes(value)
    assert value is None or isinstance(value, (str, int, float, bool))
    return value


def _instant_text(text: str, time_zone: str) -> str:
    return datetime.fromisoformat(text).astimezone(zone(time_zone)).isoformat()


def minutes(seconds: int) -> int | float:
    """Seconds as minutes: whole where they are."""
    return seconds // 60 if seconds % 60 == 0 else seconds / 60
