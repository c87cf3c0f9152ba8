"""SQLAlchemy engines for readers: read-only transactions of one snapshot each, bounded at the server."""

from sqlalchemy import Engine, create_engine

from timecontrol.settings import PostgresRole, Settings
from timecontrol.warehouse.pools import Server, sqlalchemy_url

# Readers have another server to ask: they give up sooner than writers.
READ_CONNECT_TIMEOUT_SECONDS = 2

# A process of pages or of the API serves few requests at once; more would wait for the two servers' cores anyway.
POOL_SIZE = 4
# Whoever got no connection of this server by then asks the other one.
POOL_WAIT_SECONDS = 2


def read_engine(settings: Settings, role: PostgresRole, server: Server) -> Engine:
    """An engine whose transactions are read-only and repeatable, in UTC, with the `statement_timeout` of the settings.

    Connects on first use; the caller disposes of it.
    """
    milliseconds = settings.read_timeout_seconds * 1000
    return create_engine(
        sqlalchemy_url(settings, role, server),
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        pool_timeout=POOL_WAIT_SECONDS,
        connect_args={
            "connect_timeout": READ_CONNECT_TIMEOUT_SECONDS,
            "application_name": f"timecontrol-{role}-reads",
            "options": (
                f"-c statement_timeout={milliseconds} -c idle_in_transaction_session_timeout={milliseconds} "
                "-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read -c TimeZone=UTC"
            ),
        },
    )
