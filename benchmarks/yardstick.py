"""What the machine can do: the same punches through plain DuckDB, which pairs neighbours and knows no rule."""

import tempfile
from pathlib import Path
from time import monotonic

import duckdb

from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect

COPY_OUT = "copy (select employee_id, kind, occurred_at from raw.punches) to stdout (format csv)"
READ = """
create table punches as
select * from read_csv(?, header = false, names = ['employee_id', 'kind', 'occurred_at'],
    types = {'employee_id': 'varchar', 'kind': 'varchar', 'occurred_at': 'timestamptz'})
"""
PAIR = """
create table segments as
select
    employee_id, kind, occurred_at as started_at,
    lead(occurred_at) over (partition by employee_id order by occurred_at) as ended_at,
    lead(kind) over (partition by employee_id order by occurred_at) as next_kind
from punches
"""


def pairing_seconds(settings: Settings) -> float:
    """Seconds that DuckDB takes to pair all punches, which it holds in memory already."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "punches.csv"
        with (
            connect(settings, "transform") as connection,
            file.open("wb") as out,
            connection.cursor() as cursor,
            cursor.copy(COPY_OUT) as rows,
        ):
            out.writelines(rows)
        with duckdb.connect() as database:
            database.execute(READ, [str(file)])
            started = monotonic()
            database.execute(PAIR)
            return monotonic() - started
