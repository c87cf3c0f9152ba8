"""What the projections of the live state read and write: commands of Redis, gathered first and executed as one."""

from collections.abc import Sequence
from typing import Protocol

#: One command with its arguments, as `execute_command` takes it.
Command = tuple[str | bytes | float, ...]


class Reader(Protocol):
    """Reads before the transaction. What was read under `watch` is unchanged when the commands are executed."""

    def watch(self, keys: Sequence[str]) -> None:
        """Let the transaction fail if one of these changes before it."""
        ...

    def mget(self, keys: Sequence[str]) -> list[bytes | None]:
        """The values of string keys, in one round trip; none for no keys."""
        ...

    def hmget(self, key: str, fields: Sequence[str]) -> list[bytes | None]:
        """The values of some fields of a hash, in one round trip; none for no fields."""
        ...

    def hgetall(self, key: str) -> dict[bytes, bytes]:
        """All fields of a hash."""
        ...

    def smembers(self, key: str) -> set[bytes]:
        """All members of a set."""
        ...
