"""The raw rows, written by ingestion and the User Core; Dagster only looks at them."""

from collections.abc import Iterator

import dagster as dg
from psycopg import sql

from orchestration.transient import retried
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect

TABLES = {
    ("raw", "punches"): "Every accepted punch event once.",
    ("raw", "hr_versions"): "Every version of every row of the legacy HR database.",
    ("core", "employees"): "People as HR entered them, by dates.",
    ("core", "shifts"): "Scheduled shifts.",
    ("core", "leave"): "Leave.",
    ("policy", "parameters"): "The dated parameters of each policy.",
}

LATEST = "select coalesce(max(xid), 0), (select reltuples from pg_class where oid = {}::regclass) from {}"


@dg.multi_observable_source_asset(  # type: ignore[untyped-decorator]  # Dagster left it untyped
    specs=[
        dg.AssetSpec([*key], description=text, group_name="inputs", kinds={"postgres"}) for key, text in TABLES.items()
    ],
    can_subset=True,
)
def inputs(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> Iterator[dg.ObserveResult]:
    """The newest transaction in each table, which is its version, and about how many rows there are."""
    with retried(), connect(settings, "operator") as connection:
        for key in context.selected_asset_keys:
            table = sql.Identifier(*key.path)
            statement = sql.SQL(LATEST).format(sql.Literal(table.as_string(connection)), table)
            latest, rows = connection.execute(statement).fetchone() or (0, 0)
            yield dg.ObserveResult(
                asset_key=key,
                data_version=dg.DataVersion(str(latest)),
                metadata={"newest_transaction": latest, "rows_estimated": max(int(rows), 0)},
            )
