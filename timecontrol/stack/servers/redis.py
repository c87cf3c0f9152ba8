"""The Write Redis (a durable buffer) and the Read Redis (a cache that also holds the live state)."""

import hashlib
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from timecontrol.settings import Address, RedisUser, Settings
from timecontrol.stack.binaries import system_program
from timecontrol.stack.files import make_directory, server_user, write_private
from timecontrol.stack.program import Program

# What each principal may do. `app` has no administration; `operator` looks at all and may flush the cache.
PERMISSIONS: dict[str, dict[RedisUser, str]] = {
    "write_redis": {
        "app": "~* &* +@all -@admin -@dangerous +info",
        "operator": "~* &* +@read +@connection -@dangerous +info +xinfo +slowlog +latency +memory +config|get +client|list",
    },
    "read_redis": {
        "app": "~* &* +@all -@admin -@dangerous +info",
        "operator": (
            "~* &* +@read +@connection -@dangerous +info +xinfo +slowlog +latency +memory +config|get +client|list "
            "+flushdb +flushall"
        ),
    },
}

# Accepted and not yet committed punches: each is on disk before it is acknowledged, and none is ever evicted.
WRITE_REDIS = """\
appendonly yes
appendfsync always
maxmemory 512mb
maxmemory-policy noeviction
"""

# A cache: keys with an expiry go first when it is full, live keys have none. Losing it loses nothing.
READ_REDIS = """\
appendonly no
maxmemory 256mb
maxmemory-policy volatile-lru
"""


def write_redis(settings: Settings) -> Program:
    """The buffer between the API and Kafka."""
    return _redis(settings, "write_redis", settings.write_redis, WRITE_REDIS)


def read_redis(settings: Settings) -> Program:
    """The cache that pages and the API read."""
    return _redis(settings, "read_redis", settings.read_redis, READ_REDIS)


def _redis(settings: Settings, name: str, address: Address, policy: str) -> Program:
    directory = settings.home / name
    user = server_user("redis")

    def prepare() -> None:
        make_directory(directory, user)
        write_private(directory / "users.acl", access_list(settings, name), user)
        write_private(directory / "redis.conf", configuration(address, directory, policy), user)

    def answers() -> bool:
        client = Redis(
            host=address.host,
            port=address.port,
            username="app",
            password=settings.secrets.redis["app"].get_secret_value(),
            socket_timeout=2,
            socket_connect_timeout=2,
            retry=Retry(NoBackoff(), 0),
        )
        try:
            with client:
                return bool(client.ping())
        except RedisError:
            return False

    return Program(
        name=name,
        command=(str(system_program("redis-server", "redis-server")), str(directory / "redis.conf")),
        answers=answers,
        directory=directory,
        os_user=user,
        ports=(address.port,),
        prepare=prepare,
    )


def access_list(settings: Settings, name: str) -> str:
    """The ACL file: the default user is off, passwords as hashes."""
    # Nobody can be the default user, but Redis 7.0 replays its append-only file with that user's rights: without them
    # every transaction in the file, reads of a consumer group included, is left out at a restart.
    lines = ["user default reset off ~* &* +@all"]
    for principal, permissions in PERMISSIONS[name].items():
        digest = hashlib.sha256(settings.secrets.redis[principal].get_secret_value().encode()).hexdigest()
        lines.append(f"user {principal} reset on #{digest} {permissions}")
    return "\n".join(lines) + "\n"


def configuration(address: Address, directory: Path, policy: str) -> str:
    """redis.conf of one server."""
    return f"""\
bind {address.host}
port {address.port}
dir "{directory}"
aclfile "{directory}/users.acl"
daemonize no
save ""
# Its own title would hide the environment by which the stack knows its processes.
set-proc-title no
loglevel notice
{policy}"""
