"""MariaDB as the legacy HR system: row-based binary log with full rows and column names, GTIDs strict."""

import subprocess
from pathlib import Path

import pymysql

from timecontrol.settings import MysqlUser, Settings
from timecontrol.stack.binaries import PROJECT, system_program
from timecontrol.stack.errors import StackError
from timecontrol.stack.files import make_directory, server_user, write_private
from timecontrol.stack.program import Program

# `hr` is the HR department's own program; the replicator reads the binary log and takes snapshots (and GET_LOCK, which
# needs no privilege).
GRANTS: dict[MysqlUser, tuple[str, ...]] = {
    "root": ("ALL PRIVILEGES ON *.* TO {user} WITH GRANT OPTION",),
    "hr": ("ALL PRIVILEGES ON `{database}`.* TO {user}",),
    "replicator": ("REPLICATION SLAVE, BINLOG MONITOR ON *.* TO {user}", "SELECT ON `{database}`.* TO {user}"),
    "operator": ("SELECT, PROCESS, BINLOG MONITOR, SLAVE MONITOR ON *.* TO {user}",),
}


def legacy_hr(settings: Settings) -> Program:
    """The server; its users are made by an init file that it runs before it accepts the first client."""
    directory = settings.home / "mysql"
    data = directory / "data"
    user = server_user("mysql")
    server = system_program("mariadbd", "mariadb-server")
    install = system_program("mariadb-install-db", "mariadb-server")

    def prepare() -> None:
        make_directory(directory, user)
        write_private(directory / "server.cnf", configuration(settings, directory), user)
        write_private(directory / "users.sql", account_statements(settings), user)
        # The installer makes this directory first and this table last.
        if (
            not (data / "mysql/time_zone_transition_type.frm").exists()
            and not (data / "mysql/global_priv.frm").exists()
        ):
            initialise(install, directory, user)

    def answers() -> bool:
        try:
            connection = pymysql.connect(
                host=settings.mysql.host,
                port=settings.mysql.port,
                user="operator",
                password=settings.secrets.mysql["operator"].get_secret_value(),
                connect_timeout=2,
                read_timeout=2,
            )
        except pymysql.err.Error:
            return False
        with connection, connection.cursor() as cursor:
            return bool(cursor.execute("select 1") == 1)

    return Program(
        name="mysql",
        command=(str(server), f"--defaults-file={directory}/server.cnf"),
        answers=answers,
        directory=directory,
        os_user=user,
        ports=(settings.mysql.port,),
        prepare=prepare,
        provision=lambda: create_tables(settings),
    )


def create_tables(settings: Settings) -> None:
    """The HR application's tables, where it has not made them yet: on a machine of ours nobody else does."""
    script = (PROJECT / "ingestion/sources/mysql_binlog/legacy_schema.sql").read_text(encoding="utf-8")
    lines = (line for line in script.splitlines() if not line.startswith("--"))
    connection = pymysql.connect(
        host=settings.mysql.host,
        port=settings.mysql.port,
        user="hr",
        password=settings.secrets.mysql["hr"].get_secret_value(),
        database=settings.mysql.database,
    )
    with connection, connection.cursor() as cursor:
        for statement in filter(str.strip, "\n".join(lines).split(";")):
            cursor.execute(statement)


def initialise(install: Path, directory: Path, user: str | None) -> None:
    """Make the data directory; raises StackError with what the installer said."""
    command = [
        str(install),
        f"--defaults-file={directory}/server.cnf",
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
        *([f"--user={user}"] if user else []),
    ]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False, cwd=directory)
    if outcome.returncode != 0:
        raise StackError(f"mysql: its data directory could not be made.\n{outcome.stdout}{outcome.stderr}")


def configuration(settings: Settings, directory: Path) -> str:
    """The option file; Debian's own is not read."""
    return f"""\
[server]
datadir={directory}/data
socket={directory}/mysqld.sock
pid-file={directory}/mysqld.pid
init-file={directory}/users.sql
bind-address={settings.mysql.host}
port={settings.mysql.port}
skip-name-resolve
character-set-server=utf8mb4
collation-server=utf8mb4_unicode_ci
default-time-zone=+00:00
server-id=1
log-bin={directory}/data/binlog
binlog-format=ROW
binlog-row-image=FULL
binlog-row-metadata=FULL
gtid-strict-mode=ON
sync-binlog=1
expire-logs-days=14
innodb-flush-log-at-trx-commit=1
innodb-buffer-pool-size=128M
innodb-log-file-size=48M
performance-schema=OFF
"""


def account_statements(settings: Settings) -> str:
    """The users with their passwords and rights, one statement a line as an init file wants it; kept out of the binary log."""
    database = settings.mysql.database
    lines = ["SET sql_log_bin = 0;", f"CREATE DATABASE IF NOT EXISTS `{database}` CHARACTER SET utf8mb4;"]
    for name, grants in GRANTS.items():
        for host in ("localhost", "127.0.0.1") if name == "root" else ("127.0.0.1",):
            account = f"'{name}'@'{host}'"
            password = settings.secrets.mysql[name].get_secret_value().replace("\\", "\\\\").replace("'", "''")
            lines.append(f"CREATE USER IF NOT EXISTS {account};")
            lines.append(f"ALTER USER {account} IDENTIFIED BY '{password}';")
            lines.extend(f"GRANT {grant.format(user=account, database=database)};" for grant in grants)
    return "\n".join(lines) + "\n"
