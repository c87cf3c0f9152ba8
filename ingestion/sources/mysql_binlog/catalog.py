"""What the legacy database says about its tables: columns, types and primary keys, from information_schema."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from ingestion.sources.mysql_binlog.connection import MysqlConnection, fetch_all

COLUMNS = """
select c.table_name, c.column_name, c.data_type, c.column_type, c.character_set_name, c.column_key = 'PRI', t.engine
from information_schema.columns as c
join information_schema.tables as t on t.table_schema = c.table_schema and t.table_name = c.table_name
where c.table_schema = %s and t.table_type = 'BASE TABLE'
order by c.table_name, c.ordinal_position
"""

CASCADES = """
select table_name, constraint_name
from information_schema.referential_constraints
where constraint_schema = %s and (delete_rule in ('CASCADE', 'SET NULL') or update_rule in ('CASCADE', 'SET NULL'))
"""


# A word in `enum('it''s','b')`.
QUOTED = re.compile(r"'((?:[^']|'')*)'")


@dataclass(frozen=True)
class Column:
    """One column. `data_type` is the bare type (`decimal`), `column_type` the declared one (`decimal(10,2) unsigned`)."""

    name: str
    data_type: str
    column_type: str
    charset: str | None
    in_primary_key: bool

    @property
    def words(self) -> tuple[str, ...]:
        """The values of an enum or set in their order; empty for other types."""
        if self.data_type not in ("enum", "set"):
            return ()
        return tuple(word.replace("''", "'").replace("\\\\", "\\") for word in QUOTED.findall(self.column_type))


@dataclass(frozen=True)
class Table:
    """One table with its columns in their order."""

    name: str
    engine: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> tuple[Column, ...]:
        """Columns of the primary key, in the order of the table's columns; empty without one."""
        return tuple(column for column in self.columns if column.in_primary_key)

    @property
    def obstacle(self) -> str | None:
        """Why the table cannot be replicated, None when it can."""
        if not self.key:
            return "it has no primary key, so its rows cannot be told apart"
        if self.engine.lower() != "innodb":
            return f"its engine {self.engine} knows no consistent snapshot; InnoDB does"
        compressed = [column.name for column in self.columns if "COMPRESSED" in column.column_type]
        return (
            f"its columns {', '.join(compressed)} are stored compressed, which is not supported" if compressed else None
        )


def read_catalog(connection: MysqlConnection, database: str) -> dict[str, Table]:
    """All tables of the database by name, also those with an obstacle."""
    columns: Mapping[str, list[Column]] = defaultdict(list)
    engines: dict[str, str] = {}
    for table, name, data_type, column_type, charset, in_key, engine in fetch_all(connection, COLUMNS, (database,)):
        columns[table].append(Column(name, data_type, column_type, charset, in_key == "1"))
        engines[table] = engine
    return {name: Table(name, engines[name], tuple(found)) for name, found in columns.items()}


def cascading_keys(connection: MysqlConnection, database: str) -> list[str]:
    """Foreign keys whose cascades change rows without a trace in the binary log, as `table.constraint`."""
    return [f"{table}.{name}" for table, name in fetch_all(connection, CASCADES, (database,))]
