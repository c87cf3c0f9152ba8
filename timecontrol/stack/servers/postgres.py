"""The three PostgreSQL servers: primary, physical replica, and payroll's own (fed by logical replication)."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import structlog

from timecontrol.alerts import alert
from timecontrol.serving.payroll_replication import is_fed, subscribe
from timecontrol.settings import PostgresAddress, Settings
from timecontrol.stack.binaries import postgres_program
from timecontrol.stack.errors import StackError
from timecontrol.stack.files import make_directory, server_user, write_private
from timecontrol.stack.program import Program
from timecontrol.stack.servers import postgres_roles as roles
from timecontrol.warehouse.migrate import PAYROLL_MIGRATIONS, migrate
from timecontrol.warehouse.pools import Server, conninfo

log = structlog.get_logger()

REPLICA_SLOT = "replica"

COMMON = """\
unix_socket_permissions = 0700
password_encryption = scram-sha-256
wal_level = logical
max_wal_senders = 10
max_replication_slots = 10
# A replica or subscriber that is away longer than this much WAL is rebuilt rather than the disk filled.
max_slot_wal_keep_size = 4GB
max_wal_size = 2GB
# Write transactions are bounded: the watermark (pg_snapshot_xmin) cannot pass one that hangs.
idle_in_transaction_session_timeout = 60s
tcp_keepalives_idle = 30
# A peer that takes nothing any more: without an end a frozen replica holds up every checkpoint of the primary.
tcp_user_timeout = 30s
timezone = UTC
log_timezone = UTC
jit = off
max_connections = 100
log_line_prefix = '%m [%p] %q%u@%d/%a '
"""

# For 24 GiB and two cores shared with seven other servers.
PRIMARY_MEMORY = "shared_buffers = 512MB\neffective_cache_size = 4GB\nwork_mem = 16MB\nmaintenance_work_mem = 256MB\n"
SMALL_MEMORY = "shared_buffers = 128MB\neffective_cache_size = 1GB\nwork_mem = 8MB\nmaintenance_work_mem = 64MB\n"

# Passwords over TCP for everybody but the superuser, who has none and comes over the socket as the OS user of the stack.
ACCESS = """\
local all         postgres    peer map=setup
host  all         postgres    all           reject
host  replication replication 127.0.0.1/32  scram-sha-256
host  replication replication ::1/128       scram-sha-256
host  all         all         127.0.0.1/32  scram-sha-256
host  all         all         ::1/128       scram-sha-256
"""


@dataclass(frozen=True)
class Cluster:
    """One data directory with its configuration files beside it."""

    name: Server
    address: PostgresAddress
    directory: Path
    user: str | None

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.directory / "data"

    def write_configuration(self, extra: str) -> None:
        """The three configuration files, new at each start so that changed settings count."""
        make_directory(self.directory, self.user)
        text = (
            f"data_directory = '{self.data}'\nhba_file = '{self.directory}/pg_hba.conf'\n"
            f"ident_file = '{self.directory}/pg_ident.conf'\nunix_socket_directories = '{self.directory}'\n"
            f"listen_addresses = '{self.address.host}'\nport = {self.address.port}\n{COMMON}{extra}"
        )
        write_private(self.directory / "postgresql.conf", text, self.user)
        write_private(self.directory / "pg_hba.conf", ACCESS, self.user)
        write_private(self.directory / "pg_ident.conf", f"setup {roles.stack_user()} postgres\n", self.user)

    def initialise(self) -> None:
        """Make the data directory where there is none."""
        if (self.data / "PG_VERSION").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        self.run(
            *("initdb", "--pgdata", str(self.data), "--username", "postgres", "--auth", "reject"),
            # Text in the order of its bytes, which is what sorts and merges compare fastest; pages sort for people.
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--lc-collate", "C"),
            *("--data-checksums", "--no-instructions"),
        )

    def run(self, program: str, *arguments: str, environment: dict[str, str] | None = None) -> None:
        """Run one of PostgreSQL's tools as the server's user; raises StackError with what it said."""
        outcome = subprocess.run(
            [str(postgres_program(program)), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.directory,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"} | (environment or {}),
            user=self.user,
            group=self.user,
            extra_groups=[] if self.user else None,
        )
        if outcome.returncode != 0:
            raise StackError(f"{self.name}: {program} failed.\n{outcome.stdout}{outcome.stderr}")


def primary(settings: Settings) -> Program:
    """The primary: every write of the system, and the database of Dagster."""
    cluster = _cluster(settings, "postgres", settings.postgres)

    def prepare() -> None:
        cluster.write_configuration(PRIMARY_MEMORY)
        cluster.initialise()

    def provision() -> None:
        roles.provision_primary(settings, cluster.directory)
        migrate(conninfo(settings, "owner"))

    return _program(settings, cluster, prepare=prepare, provision=provision)


def payroll_db(settings: Settings) -> Program:
    """Payroll's own server: nothing but what the publication `payroll` carries."""
    cluster = _cluster(settings, "payroll_db", settings.payroll_db)

    def prepare() -> None:
        cluster.write_configuration(SMALL_MEMORY)
        cluster.initialise()

    def provision() -> None:
        roles.provision_payroll(settings, cluster.directory)
        migrate(conninfo(settings, "owner", "payroll_db"), only=PAYROLL_MIGRATIONS)
        with roles.superuser(cluster.directory, settings.payroll_db.port, settings.payroll_db.database) as superuser:
            subscribe(superuser, settings)

    server = _program(settings, cluster, prepare=prepare, provision=provision, needs=("postgres",))
    return replace(server, is_lost=lambda: not is_fed(settings))


def replica(settings: Settings) -> Program:
    """The physical replica: read-only, fed through a slot; rebuilt when the primary no longer has the WAL it needs."""
    cluster = _cluster(settings, "replica", settings.replica)

    def prepare() -> None:
        password = settings.secrets.postgres["replication"].get_secret_value()
        source = f"host={settings.postgres.host} port={settings.postgres.port} user=replication"
        cluster.write_configuration(
            SMALL_MEMORY
            + "hot_standby = on\nhot_standby_feedback = off\nmax_standby_streaming_delay = 30s\n"
            + f"primary_slot_name = '{REPLICA_SLOT}'\nprimary_conninfo = '{source} password={password} application_name=replica'\n"
        )
        if not (cluster.data / "standby.signal").exists() or not _can_follow(settings):
            _copy_primary(settings, cluster, source, password)

    server = _program(settings, cluster, prepare=prepare, needs=("postgres",))
    return replace(server, is_lost=lambda: not _can_follow(settings))


def _can_follow(settings: Settings) -> bool:
    """Whether the primary still has the slot, and with it all WAL that the replica has not read."""
    with roles.superuser(settings.home / "postgres", settings.postgres.port) as connection:
        row = connection.execute(
            "select wal_status from pg_replication_slots where slot_name = %s", (REPLICA_SLOT,)
        ).fetchone()
    return row is not None and row[0] != "lost"


def _copy_primary(settings: Settings, cluster: Cluster, source: str, password: str) -> None:
    """Build the replica's data directory anew from the running primary, with a new slot."""
    if (cluster.data / "standby.signal").exists():
        alert(settings, "the replica is built anew", "The primary no longer has its slot, or the log it has not read.")
    else:
        log.info("replica_is_built", reason="no data directory yet")
    shutil.rmtree(cluster.data, ignore_errors=True)
    with roles.superuser(settings.home / "postgres", settings.postgres.port) as connection:
        connection.execute(
            "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = %s", (REPLICA_SLOT,)
        )
    cluster.run(
        *("pg_basebackup", "--dbname", source, "--pgdata", str(cluster.data), "--wal-method", "stream"),
        *("--checkpoint", "fast", "--create-slot", "--slot", REPLICA_SLOT),
        environment={"PGPASSWORD": password},
    )
    signal_file = cluster.data / "standby.signal"
    signal_file.touch(mode=0o600)
    if cluster.user is not None:
        shutil.chown(signal_file, cluster.user, cluster.user)


def _cluster(settings: Settings, name: Server, address: PostgresAddress) -> Cluster:
    return Cluster(name, address, settings.home / name, server_user("postgres"))


def _program(
    settings: Settings,
    cluster: Cluster,
    *,
    prepare: Callable[[], None],
    provision: Callable[[], None] | None = None,
    needs: tuple[str, ...] = (),
) -> Program:
    def answers() -> bool:
        try:
            with psycopg.connect(conninfo(settings, "operator", cluster.name), autocommit=True) as connection:
                return connection.execute("select 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    def accepts_setup() -> bool:
        try:
            with roles.superuser(cluster.directory, cluster.address.port) as connection:
                return connection.execute("select 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    return Program(
        name=cluster.name,
        command=(str(postgres_program("postgres")), "-c", f"config_file={cluster.directory}/postgresql.conf"),
        answers=answers,
        directory=cluster.directory,
        os_user=cluster.user,
        ports=(cluster.address.port,),
        needs=needs,
        prepare=prepare,
        accepts_setup=accepts_setup,
        provision=provision or (lambda: None),
        # "Fast" shutdown: sessions are ended, a checkpoint is written.
        stop_signal="INT",
    )
