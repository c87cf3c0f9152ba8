"""The secrets of a stack: one for each principal of each server, made once and never overwritten."""

import base64
import json
import secrets
from typing import Any

from timecontrol.kept_files import read_kept
from timecontrol.settings import (
    KafkaUser,
    MongoUser,
    MysqlUser,
    PostgresRole,
    RedisUser,
    Settings,
    principals,
    read_settings,
)
from timecontrol.stack.files import write_private

PRINCIPALS = {
    "postgres": principals(PostgresRole),
    "kafka": principals(KafkaUser),
    "redis": principals(RedisUser),
    "mysql": principals(MysqlUser),
    "mongo": principals(MongoUser),
}
SIGNING_KEYS = ("record_signing", "token_signing")


def password() -> str:
    """192 bits in letters that need no quoting in any URL, shell or configuration file."""
    return secrets.token_urlsafe(24).replace("-", "x").replace("_", "y")


def completed(known: dict[str, Any]) -> dict[str, Any]:
    """The known secrets, and a new one for each that is missing."""
    found = {
        server: {name: known.get(server, {}).get(name) or password() for name in names}
        for server, names in PRINCIPALS.items()
    }
    keys = {name: known.get(name) or password() for name in SIGNING_KEYS}
    # MongoDB wants base64 of at least six bytes.
    mongo_key = known.get("mongo_key_file") or base64.b64encode(secrets.token_bytes(96)).decode()
    return found | keys | {"mongo_key_file": mongo_key}


def with_secrets(settings: Settings) -> Settings:
    """The same settings with every secret present; what is missing is made and kept in `<home>/secrets.json` (0600)."""
    path = settings.home / "secrets.json"
    known = read_kept(path)
    wanted = completed(known.get("secrets", {}))
    if wanted != known.get("secrets"):
        write_private(path, json.dumps(known | {"secrets": wanted}, indent=2))
    # Read again, so that what the environment gives still goes before the file.
    fresh = read_settings(home=settings.home, port_base=settings.port_base)
    return settings.model_copy(update={"secrets": fresh.secrets})
