"""The subscription on payroll's server to the publication `payroll` of the primary, which a migration makes.

Called by the stack's set-up after each start of payroll's server; finding everything in place, it changes nothing.
"""

from typing import Any

import psycopg
from psycopg import sql
from psycopg.errors import ObjectInUse

from timecontrol.alerts import alert
from timecontrol.contracts.errors import Transient
from timecontrol.retry import transient_retry
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect, conninfo

Connection = psycopg.Connection[Any]

# Publication, subscription and slot bear one name.
NAME = "payroll"
SCHEMAS = ["ledger", "payroll"]
READERS = ("payroll", "operator", "reader")

# The primary notices within seconds that a subscriber is gone and its slot is free.
SLOT_FREE_SECONDS = 30

TABLES = "select schemaname, tablename from pg_tables where schemaname = any(%s) order by 1, 2"
SLOT_STATUS = "select coalesce(wal_status, 'unreserved') from pg_replication_slots where slot_name = %s"
LOST = ("missing", "lost")
DROP_SLOT = "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = %s"


def subscribe(payroll: Connection, settings: Settings) -> bool:
    """Keep the subscription on payroll's server; `payroll` is its superuser, in autocommit.

    Returns True when it had to be built anew: the first time, and when the primary no longer has the slot or the log
    that was to be sent (an alert, since payroll's tables are empty until the copy is complete).
    """
    for schema in SCHEMAS:
        names = sql.SQL(", ").join(sql.Identifier(role) for role in READERS)
        payroll.execute(sql.SQL("grant usage on schema {} to {}").format(sql.Identifier(schema), names))
        statement = sql.SQL("grant select on all tables in schema {} to {}")
        payroll.execute(statement.format(sql.Identifier(schema), names))
    # A subscription belongs to one database of the cluster.
    known = payroll.execute("select from pg_subscription where subname = %s", (NAME,)).fetchone() is not None
    slot = _slot_status(settings)
    name, source = sql.Identifier(NAME), sql.Literal(conninfo(settings, "replication"))
    if known and slot not in LOST:
        payroll.execute(sql.SQL("alter subscription {} connection {}").format(name, source))
        payroll.execute(sql.SQL("alter subscription {} refresh publication").format(name))
        return False
    if known:
        alert(
            settings,
            "payroll's subscription is built anew",
            f"Its slot on the primary is {slot}; payroll's tables are empty until they are copied.",
        )
        _drop_subscription(payroll)
    # The first copy brings all rows, also those that an earlier subscription left here.
    tables = sql.SQL(", ").join(sql.Identifier(*row) for row in payroll.execute(TABLES, (SCHEMAS,)))
    payroll.execute(sql.SQL("truncate {}").format(tables))
    for attempt in transient_retry(SLOT_FREE_SECONDS):
        with attempt:
            _drop_slot(settings)
    statement = sql.SQL("create subscription {} connection {} publication {} with (slot_name = {})")
    payroll.execute(statement.format(name, source, name, name))
    return True


def is_fed(settings: Settings) -> bool:
    """Whether the primary still has the slot and the log that the subscription has not read; raises Transient."""
    return _slot_status(settings) not in LOST


def _slot_status(settings: Settings) -> str:
    with connect(settings, "replication") as primary:
        row = primary.execute(SLOT_STATUS, (NAME,)).fetchone()
    return str(row[0]) if row else "missing"


def _drop_subscription(payroll: Connection) -> None:
    """Drop the subscription without asking the primary for its slot."""
    name = sql.Identifier(NAME)
    payroll.execute(sql.SQL("alter subscription {} disable").format(name))
    payroll.execute(sql.SQL("alter subscription {} set (slot_name = none)").format(name))
    payroll.execute(sql.SQL("drop subscription {}").format(name))


def _drop_slot(settings: Settings) -> None:
    with connect(settings, "replication") as primary:
        try:
            primary.execute(DROP_SLOT, (NAME,))
        except ObjectInUse as error:
            raise Transient(f"the slot {NAME} is still in use: {error}") from error
