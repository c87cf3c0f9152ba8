"""Settings of every part: addresses, directories and secrets, read once at start and passed on as one typed value.

Every setting is an environment variable with the prefix `TIMECONTROL_`, nested names joined by `__`
(`TIMECONTROL_POSTGRES__HOST`). Secrets come from `<home>/secrets.json` (mode 0600, made at the first start of the
stack) or from the environment (`TIMECONTROL_SECRETS__POSTGRES__INGEST`), the environment first.

What `stack up` finds in its environment it keeps in `<home>/settings.json` (0600), so that every other shell that knows
the home alone has the same settings.
"""

import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, Field, HttpUrl, Json, PositiveInt, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from timecontrol.errors import UserError
from timecontrol.kept_files import read_kept, read_kept_texts

PostgresRole = Literal[
    "owner", "ingest", "archive", "core", "transform", "reader", "payroll", "operator", "replication", "dagster"
]
KafkaUser = Literal[
    "admin",
    "terminal",
    "gateway",
    "device_files",
    "outbox",
    "replicator",
    "sink_postgres",
    "sink_live_state",
    "sink_archive",
    "operator",
]
RedisUser = Literal["app", "operator"]
MysqlUser = Literal["root", "hr", "replicator", "operator"]
MongoUser = Literal["root", "app", "operator"]

#: Whose GTIDs and snapshots the replicator meets.
MysqlFlavour = Literal["mariadb", "mysql"]

Port = Annotated[int, Field(ge=1, le=65535)]

# Room for a second stack (tests) at another base without a clash; 27000-27999 is assigned to nothing common.
DEFAULT_PORT_BASE = 27000
# Ports below are for the system's own; above, the last server's would be none.
LOWEST_BASE, HIGHEST_BASE = 1024, 65000

# A server's port is the base plus its number, so that one setting moves a whole stack.
PORT_OFFSETS = {
    "postgres": 0,
    "replica": 1,
    "payroll_db": 2,
    "write_redis": 3,
    "read_redis": 4,
    "kafka": 5,
    "kafka_controller": 6,
    "mysql": 7,
    "mongo": 8,
    "api": 9,
    "dashboards": 10,
    "dagster": 11,
    "dagster_code": 12,
}


PREFIX = "TIMECONTROL_"
# What else begins with the prefix: the variables of our tests, and the mark of a stack's processes (stack/supervisor.py).
OTHER_VARIABLES = ("TIMECONTROL_TEST_", "TIMECONTROL_REFERENCE_", "TIMECONTROL_SEEDS", "TIMECONTROL_SUPERVISED")


class SettingsError(UserError):
    """A setting is missing or wrong; the message names the setting, what it is and what it may be."""


class Address(BaseModel, frozen=True, extra="forbid"):
    """Where a server listens."""

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Port


class PostgresAddress(Address, frozen=True):
    """Where a PostgreSQL server listens, and the database on it."""

    database: str = "timecontrol"


class MysqlAddress(Address, frozen=True):
    """Where the legacy HR system listens, its schema, and which of the two servers it is."""

    database: str = "legacy_hr"
    flavour: MysqlFlavour = "mariadb"


class Secrets(BaseModel, frozen=True, extra="forbid"):
    """One secret for each principal of each server, and the keys that sign what our own services write."""

    postgres: dict[PostgresRole, SecretStr] = {}
    kafka: dict[KafkaUser, SecretStr] = {}
    redis: dict[RedisUser, SecretStr] = {}
    mysql: dict[MysqlUser, SecretStr] = {}
    mongo: dict[MongoUser, SecretStr] = {}
    mongo_key_file: SecretStr = SecretStr("")
    #: HMAC-SHA256 key with which our own producers sign records of `punches.v1` (see contracts.signature).
    record_signing: SecretStr = SecretStr("")
    #: Key that signs the session tokens of people and devices.
    token_signing: SecretStr = SecretStr("")


def default_home() -> Path:
    """Where a stack keeps its data: `/var/lib/timecontrol` for root, else `~/.local/share/timecontrol`.

    Not inside the checkout: the database servers run under their own users and must be able to reach it.
    """
    return Path("/var/lib/timecontrol") if os.geteuid() == 0 else Path.home() / ".local/share/timecontrol"


def _absolute(home: Path) -> Path:
    """Refuse a folder that would be another one in each process that is started elsewhere, as an empty name would be."""
    if not home.is_absolute():
        raise ValueError("name a folder from the root on, such as /var/lib/timecontrol")
    return home


class Settings(BaseSettings):
    """All settings of one stack; immutable, made by `load_settings`, before the first start by `read_settings`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        # The fields themselves check what stands in a variable, so that all that is wrong is said in one form.
        enable_decoding=False,
        frozen=True,
    )

    home: Annotated[Path, AfterValidator(_absolute)] = Field(default_factory=default_home)
    port_base: int = Field(default=DEFAULT_PORT_BASE, ge=LOWEST_BASE, le=HIGHEST_BASE)
    #: Servers that run elsewhere, as a JSON list: the stack does not start them, only uses their addresses.
    external: Json[frozenset[str]] = Field(default=frozenset(), validate_default=False)

    postgres: PostgresAddress
    replica: PostgresAddress
    payroll_db: PostgresAddress
    write_redis: Address
    read_redis: Address
    kafka: Address
    kafka_controller: Address
    mysql: MysqlAddress
    mongo: Address
    api: Address
    dashboards: Address
    dagster: Address
    dagster_code: Address
    secrets: Secrets = Secrets()

    #: Age (seconds) of the replica's heartbeat over which readers go to the primary; the row is written each second.
    replica_max_age_seconds: PositiveInt = 10
    #: Address (http or https) to which each alert is posted as JSON; without one alerts go to the log and its file alone.
    alert_webhook: HttpUrl | None = None
    #: Longest time (seconds) that a statement of a reader may take; a page that needs more is asked for less instead.
    read_timeout_seconds: PositiveInt = 5

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  part of the signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  part of the signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, what the stack keeps, its secrets, and ports from `port_base`."""
        home = Path((env_settings() | init_settings()).get("home") or default_home())
        kept = EnvSettingsSource(settings_cls)
        kept.env_vars = {name.lower(): value for name, value in kept_settings(home).items()}
        given = kept() | env_settings() | init_settings()
        secrets_file = InitSettingsSource(settings_cls, init_kwargs=read_kept(home / "secrets.json"))
        ports = PortDefaults(settings_cls, _possible_base(given.get("port_base")))
        return init_settings, env_settings, kept, secrets_file, ports


class PortDefaults(PydanticBaseSettingsSource):
    """Gives each server the port that follows from the base; any other source overrides it."""

    def __init__(self, settings_cls: type[BaseSettings], base: int) -> None:
        super().__init__(settings_cls)
        self.base = base

    def get_field_value(
        self,
        field: object,  # noqa: ARG002  part of the signature
        field_name: str,
    ) -> tuple[object, str, bool]:
        """One field's default, as pydantic-settings asks for it."""
        offset = PORT_OFFSETS.get(field_name)
        return (None if offset is None else {"port": self.base + offset}), field_name, False

    def __call__(self) -> dict[str, object]:
        """All defaults of this source."""
        return {name: {"port": self.base + offset} for name, offset in PORT_OFFSETS.items()}


def settings_file(home: Path) -> Path:
    """Where the stack of a home keeps the settings that `stack up` was given."""
    return home / "settings.json"


def kept_settings(home: Path) -> dict[str, str]:
    """The settings that the stack of a home keeps, as variables of an environment; empty before its first start."""
    return read_kept_texts(settings_file(home))


def given_settings() -> dict[str, str]:
    """The settings in this process's environment, as they stand there."""
    return {name: value for name, value in os.environ.items() if _is_ours(name)}


def load_settings() -> Settings:
    """The settings of this process and of the stack at its home; raises SettingsError where no stack was started."""
    settings = read_settings()
    if not settings.secrets.postgres:
        raise SettingsError(
            f"No stack was started at TIMECONTROL_HOME={settings.home}. "
            "Start one with `make run` or `timecontrol stack up`, or name the home of one that was."
        )
    return settings


def read_settings(**given: object) -> Settings:
    """The settings before the stack's first start has made its secrets, `given` before all other sources.

    Raises SettingsError naming each that is wrong, and each variable with our prefix that is no setting.
    """
    wrong = list(_unknown_names())
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # pydantic checks them, and PortDefaults gives the addresses
    except ValidationError as error:
        for item in error.errors():
            name = PREFIX + "__".join(str(part).upper() for part in item["loc"])
            wrong.append(f"{name}={_shown(item['loc'], item['input'])}: {item['msg']}{_advice(item['type'])}")
    if wrong:
        raise SettingsError("These settings are wrong:\n  " + "\n  ".join(wrong))
    return settings


def _advice(kind: str) -> str:
    """What may stand there, where pydantic's words do not say it."""
    return """; write a JSON list of servers, such as '["kafka"]'""" if kind == "json_invalid" else ""


def _shown(place: tuple[int | str, ...], given: object) -> str:
    """The value as a message may show it: a secret is none even where it is wrong."""
    return "…" if place[:1] == ("secrets",) else repr(given)


def _unknown_names() -> Iterator[str]:
    """What is wrong with each variable that has the prefix and names no field; pydantic sees only those it knows."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    for field in PORT_OFFSETS:
        known += [f"{PREFIX}{field}__{name}".upper() for name in (*Address.model_fields, "database")]
    for name in given_settings():
        if name.partition("__")[0] not in known:
            nearest = get_close_matches(name, known, n=1)
            yield f"{name}: no setting has this name" + (f"; did you mean {nearest[0]}?" if nearest else "")


def _is_ours(name: str) -> bool:
    return name.startswith(PREFIX) and not name.startswith(OTHER_VARIABLES)


def _possible_base(given: object) -> int:
    """The base of the ports, or the default for what is none: the field `port_base` refuses that in its own words."""
    try:
        base = int(str(given))
    except ValueError:
        return DEFAULT_PORT_BASE
    return base if LOWEST_BASE <= base <= HIGHEST_BASE else DEFAULT_PORT_BASE


def principals(names: object) -> tuple[str, ...]:
    """The names that a Literal type of this module allows."""
    return tuple(get_args(names))
