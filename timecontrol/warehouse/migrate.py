"""Numbered migrations: each SQL file of `migrations/` is applied once, in order, in a transaction of its own."""

from importlib.resources import files
from importlib.resources.abc import Traversable

import psycopg
import structlog

from timecontrol.warehouse.locks import AdvisoryLock

log = structlog.get_logger()

# Payroll's own server holds only what is published to it.
PAYROLL_MIGRATIONS = frozenset({"0002_payroll.sql"})


def migration_files() -> list[Traversable]:
    """All migrations in order."""
    folder = files("timecontrol.warehouse") / "migrations"
    return sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)


def migrate(conninfo: str, only: frozenset[str] | None = None) -> list[str]:
    """Apply what is missing, as the role of `conninfo` (owner); returns the names applied.

    `only` limits it to these files (payroll's server). Raises what PostgreSQL raises; a failed file leaves nothing behind.
    """
    applied: list[str] = []
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", (AdvisoryLock.MIGRATE,))
        connection.execute(
            "create table if not exists public.schema_migrations "
            "(name text primary key, applied_at timestamptz not null default now())"
        )
        done = {row[0] for row in connection.execute("select name from public.schema_migrations")}
        for migration in migration_files():
            if migration.name in done or (only is not None and migration.name not in only):
                continue
            with connection.transaction():
                connection.execute(migration.read_text(encoding="utf-8").encode())
                connection.execute("insert into public.schema_migrations (name) values (%s)", (migration.name,))
            applied.append(migration.name)
            log.info("migrated", migration=migration.name)
    return applied
