"""Names of the cache's keys in the Read Redis; owners and lives are in docs/redis-keys.md."""

import hashlib
from datetime import date, timedelta

from sqlalchemy.dialects import postgresql
from sqlalchemy.sql import ClauseElement

from timecontrol.serving.reads import Parameters, Statement
from timecontrol.warehouse.named_sql import NamedSql

RUN_KEY = "marts:run"
REFRESHED_KEY = "marts:refreshed"
PEOPLE_KEY = "people"
HOURS_PATTERN = "hours:*"


def day_key(employee_id: str, day: date) -> str:
    """Where the hours of one workday are."""
    return f"hours:{employee_id}:day:{day.isoformat()}"


def week_key(employee_id: str, day: date) -> str:
    """Where the hours of the workweek that contains this day are."""
    return f"hours:{employee_id}:week:{day.isoformat()}"


def keys_of_week(employee_id: str, workweek: date) -> list[str]:
    """All keys that tell of a workweek, given its first day."""
    days = [workweek + timedelta(days=number) for number in range(7)]
    return [key(employee_id, day) for day in days for key in (day_key, week_key)]


def page_key(run_id: int, statement: Statement, parameters: Parameters) -> str:
    """Where a statement's result of one run is; equal statements with equal parameters share it."""
    sql, bound = content(statement)
    values = sorted({**bound, **parameters}.items())
    digest = hashlib.blake2b(repr((sql, values)).encode(), digest_size=16).hexdigest()
    return f"page:{run_id}:{digest}"


def content(statement: Statement) -> tuple[str, dict[str, object]]:
    """The text of a statement and the parameters that it holds itself."""
    if isinstance(statement, NamedSql):
        return statement.text, {}
    assert isinstance(statement, ClauseElement)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return str(compiled), dict(compiled.params)
