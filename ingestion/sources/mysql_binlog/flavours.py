"""What MariaDB and MySQL do differently: the position of a snapshot, the requirements, positions that advance.

MariaDB 10.11 is what the tests run. The MySQL side is written from its documentation and has not been run.
"""

from collections.abc import Mapping
from typing import Protocol

from pymysqlreplication.gtid import Gtid, GtidSet

from ingestion.sources.mysql_binlog.connection import MysqlConnection, fetch_all, fetch_value
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.hr_change import sequence
from timecontrol.settings import MysqlFlavour


class Flavour(Protocol):
    """The differences."""

    is_mariadb: bool
    #: Server variables and what they must be for row images to be whole and named.
    required: Mapping[str, str]

    def begin_snapshot(self, connection: MysqlConnection) -> str:
        """Begin a transaction that sees one state of all tables; returns the position of that state."""
        ...

    def advance(self, position: str, gtid: str) -> str:
        """The position after a transaction."""
        ...


ROW_IMAGES = {"log_bin": "ON", "binlog_format": "ROW", "binlog_row_image": "FULL", "binlog_row_metadata": "FULL"}
SNAPSHOT = "start transaction with consistent snapshot"
ISOLATION = "set session transaction isolation level repeatable read"


class MariaDb:
    """MariaDB from 10.5: GTIDs `domain-server-sequence`, one for each domain in a position."""

    is_mariadb = True
    required: Mapping[str, str] = ROW_IMAGES | {"log_bin_compress": "OFF"}

    def begin_snapshot(self, connection: MysqlConnection) -> str:
        """The snapshot knows the place in the log at which it was taken; the server translates it to a GTID."""
        with connection.cursor() as cursor:
            cursor.execute(ISOLATION)
            cursor.execute(SNAPSHOT)
        status = dict(fetch_all(connection, "show status like 'binlog_snapshot%'"))
        place = (status["Binlog_snapshot_file"], status["Binlog_snapshot_position"])
        return str(fetch_value(connection, "select binlog_gtid_pos(%s, %s)", place))

    def advance(self, position: str, gtid: str) -> str:
        """The transaction's GTID takes the place of its domain's."""
        latest = {sequence(part)[0]: part for part in filter(None, position.split(","))}
        latest[sequence(gtid)[0]] = gtid
        return ",".join(latest[domain] for domain in sorted(latest))


class MySql:
    """MySQL from 8.0.14 with `gtid_mode=ON`: a position is the set of all transactions seen. Not tested on a server."""

    is_mariadb = False
    required: Mapping[str, str] = ROW_IMAGES | {
        "gtid_mode": "ON",
        "binlog_row_value_options": "",
        "binlog_transaction_compression": "OFF",
    }

    def begin_snapshot(self, connection: MysqlConnection) -> str:
        """The snapshot does not know its place, so nothing may commit between the two statements: a short global read lock."""
        with connection.cursor() as cursor:
            cursor.execute(ISOLATION)
            cursor.execute("flush tables with read lock")
            try:
                cursor.execute(SNAPSHOT)
                position = fetch_value(connection, "select @@global.gtid_executed")
            finally:
                cursor.execute("unlock tables")
        return str(position).replace("\n", "")

    def advance(self, position: str, gtid: str) -> str:
        """The set with one transaction more."""
        return str(GtidSet(position) + Gtid(gtid)) if position else str(GtidSet(gtid))


FLAVOURS: Mapping[MysqlFlavour, Flavour] = {"mariadb": MariaDb(), "mysql": MySql()}


def check_source(connection: MysqlConnection, flavour: Flavour) -> None:
    """Raise Rejected naming each server variable that would make the log incomplete, and what it must be."""
    found = dict(fetch_all(connection, "show global variables"))
    wrong = [
        f"{name} is {found.get(name, 'not there')}, must be {value or 'empty'}"
        for name, value in flavour.required.items()
        if found.get(name, "").upper() != value
    ]
    if wrong:
        raise Rejected("wrong_source", "the legacy database cannot be replicated: " + "; ".join(wrong))
