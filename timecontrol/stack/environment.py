"""`timecontrol env`: addresses and secrets of the running stack as shell exports, so that other clients work at once."""

import shlex
from typing import Annotated, Any
from urllib.parse import quote

import typer
from pydantic import SecretStr

from timecontrol.errors import UserError
from timecontrol.settings import Settings, load_settings
from timecontrol.stack.credentials import PRINCIPALS
from timecontrol.stack.servers.mongo import DATABASE

DEFAULT_ROLE = "operator"


def env(
    role: Annotated[
        str, typer.Option(help="Principal to sign in as; a server that does not know it gets the operator.")
    ] = DEFAULT_ROLE,
) -> None:
    """Print shell exports for psql, kcat, redis-cli, mongosh, mysql and curl: `eval "$(timecontrol env)"`."""
    for name, value in exports(load_settings(), role).items():
        typer.echo(f"export {name}={shlex.quote(value)}")


def exports(settings: Settings, role: str = DEFAULT_ROLE) -> dict[str, str]:
    """Environment variables by name, as each client calls them; secrets included.

    Raises UserError for a role that no server knows.
    """
    known = sorted({name for names in PRINCIPALS.values() for name in names})
    if role not in known:
        raise UserError(f"--role {role}: no server knows it. There are: {', '.join(known)}")
    return (
        _postgres(settings, role) | _kafka(settings, role) | _redis(settings, role) | _mongo(settings, role)
        | _mysql(settings, role) | _addresses(settings)
    )  # fmt: skip


def _principal(secrets: dict[Any, SecretStr], role: str) -> tuple[str, str]:
    name = role if role in secrets else DEFAULT_ROLE
    return name, secrets[name].get_secret_value()


def _postgres(settings: Settings, role: str) -> dict[str, str]:
    user, password = _principal(settings.secrets.postgres, role)
    return {
        "PGHOST": settings.postgres.host,
        "PGPORT": str(settings.postgres.port),
        "PGUSER": user,
        "PGPASSWORD": password,
        "PGDATABASE": "dagster" if user == "dagster" else settings.postgres.database,
        "PGREPLICAHOST": settings.replica.host,
        "PGREPLICAPORT": str(settings.replica.port),
        "PGPAYROLLHOST": settings.payroll_db.host,
        "PGPAYROLLPORT": str(settings.payroll_db.port),
    }


def _kafka(settings: Settings, role: str) -> dict[str, str]:
    user, password = _principal(settings.secrets.kafka, role)
    return {
        "KAFKA_BOOTSTRAP": f"{settings.kafka.host}:{settings.kafka.port}",
        "KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
        "KAFKA_SASL_MECHANISM": "SCRAM-SHA-256",
        "KAFKA_USERNAME": user,
        "KAFKA_PASSWORD": password,
    }


def _redis(settings: Settings, role: str) -> dict[str, str]:
    user, password = _principal(settings.secrets.redis, role)
    credentials = f"{quote(user)}:{quote(password, safe='')}"
    read = f"redis://{credentials}@{settings.read_redis.host}:{settings.read_redis.port}/0"
    write = f"redis://{credentials}@{settings.write_redis.host}:{settings.write_redis.port}/0"
    return {"REDIS_URL": read, "READ_REDIS_URL": read, "WRITE_REDIS_URL": write}


def _mongo(settings: Settings, role: str) -> dict[str, str]:
    user, password = _principal(settings.secrets.mongo, role)
    where = f"{settings.mongo.host}:{settings.mongo.port}/{DATABASE}"
    options = "authSource=admin&directConnection=true"
    return {"MONGO_URL": f"mongodb://{quote(user)}:{quote(password, safe='')}@{where}?{options}"}


def _mysql(settings: Settings, role: str) -> dict[str, str]:
    user, password = _principal(settings.secrets.mysql, role)
    return {
        "MYSQL_HOST": settings.mysql.host,
        "MYSQL_PORT": str(settings.mysql.port),
        # The mysql client itself reads MYSQL_HOST, this one and MYSQL_PWD; it needs `--user="$MYSQL_USER"`.
        "MYSQL_TCP_PORT": str(settings.mysql.port),
        "MYSQL_PWD": password,
        "MYSQL_USER": user,
        "MYSQL_PASSWORD": password,
        "MYSQL_DATABASE": settings.mysql.database,
    }


def _addresses(settings: Settings) -> dict[str, str]:
    return {
        "TIMECONTROL_HOME": str(settings.home),
        "API_URL": f"http://{settings.api.host}:{settings.api.port}",
        "DASHBOARDS_URL": f"http://{settings.dashboards.host}:{settings.dashboards.port}",
        "DAGSTER_URL": f"http://{settings.dagster.host}:{settings.dagster.port}",
    }
