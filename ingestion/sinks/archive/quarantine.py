"""The quarantine of PostgreSQL into the archive: what only the Postgres sink can tell (other content, a value it cannot
hold), and lines of device files.

The archive refuses by itself what no decoder accepts, also while PostgreSQL is down; here it follows `raw.quarantine`, so
that its copy is whole.
"""

import time
from typing import NoReturn

import structlog
from psycopg_pool import ConnectionPool

from ingestion.sinks.archive.collections import POSITIONS, Documents
from ingestion.sinks.archive.refused import from_row
from ingestion.sinks.archive.store import keep_refused, transient_writes
from timecontrol.contracts.errors import Transient
from timecontrol.mongo_errors import transient_errors
from timecontrol.warehouse.pools import Connection
from timecontrol.warehouse.quarantine import Reached, committed_after
from timecontrol.warehouse.transactions import transaction

log = structlog.get_logger()

# How soon a copy is there; each look is one index scan that mostly finds nothing.
LOOK_SECONDS = 1.0
# A server that is away is asked again after this.
PAUSE_SECONDS = 5.0
# Payloads may have 8 MB each: bounds the memory of one step.
ROWS_AT_ONCE = 50

NAME = "raw.quarantine"


def follow(pool: ConnectionPool[Connection], database: Documents) -> NoReturn:
    """Copy what is quarantined, for ever; a server that is away is waited for, anything else is raised."""
    while True:
        try:
            more = copy_some(pool, database)
        except Transient as error:
            log.warning("quarantine_not_followed", error=str(error))
            time.sleep(PAUSE_SECONDS)
        else:
            if not more:
                time.sleep(LOOK_SECONDS)


def copy_some(pool: ConnectionPool[Connection], database: Documents) -> bool:
    """Copy the next rows, then move the position; whether there may be more. Raises Transient."""
    with transaction(pool) as connection:
        position = f"{cluster_of(connection)}/{NAME}"
    # Between two transactions: none stands idle while MongoDB is waited for.
    with transient_errors():
        reached = _reached(database, position)
    with transaction(pool) as connection:
        rows = committed_after(connection, reached, ROWS_AT_ONCE)
    if rows:
        last = {"topic": NAME, "xid": rows[-1].xid, "next_offset": rows[-1].quarantine_id + 1}
        with transient_writes():
            keep_refused(database, [from_row(row) for row in rows])
            database[POSITIONS].update_one({"_id": position}, {"$set": last}, upsert=True)
    return len(rows) == ROWS_AT_ONCE


def cluster_of(connection: Connection) -> int:
    """Which PostgreSQL this is: transactions of another one are numbered anew."""
    found = connection.execute("select system_identifier from pg_control_system()").fetchone()
    assert found is not None
    return int(found[0])


def _reached(database: Documents, position: str) -> Reached:
    found = database[POSITIONS].find_one({"_id": position})
    return Reached(0, 0) if found is None else Reached(found["xid"], found["next_offset"] - 1)
