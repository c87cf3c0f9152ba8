"""The stream in the Write Redis, as the flusher reads it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from redis import Redis
from redis.exceptions import ResponseError

from ingestion.sources.write_buffer.entries import StreamEntry, stream_entry
from timecontrol.contracts.buffer import GROUP, STREAM

# One name for every flusher there ever is: a new process takes over what the last one had read.
CONSUMER = "flusher"
# Entries of one read: a batch of 5,000 punches has 1.5 MB, the largest body that the API takes 5, so this bounds a read to
# about 100 MB, to 320 MB where a device sends nothing but bodies of that size.
ENTRIES_AT_ONCE = 64
NEW = ">"


class Stream:
    """Reads entries, gives out those of a former process first, and takes out what is committed."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._after = "0"

    def join(self) -> None:
        """Make the consumer group if this Redis has none, and begin with what was read before and not taken out."""
        # Asked first: a Redis that is full makes no group, not even one that is there, and must be emptied all the same.
        if not self._has_group():
            self._redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
        self._after = "0"

    def _has_group(self) -> bool:
        try:
            groups: Any = self._redis.xinfo_groups(STREAM)
        except ResponseError as error:
            if "no such key" not in str(error):
                raise
            return False
        return GROUP.encode() in [group["name"] for group in groups]

    def read(self, wait_ms: int) -> list[StreamEntry]:
        """The next entries, at most ENTRIES_AT_ONCE; waits for the first, empty when none came within `wait_ms`.

        Raises redis' errors; `join` again after one.
        """
        wait = wait_ms if self._after == NEW else None
        answer: Any = self._redis.xreadgroup(GROUP, CONSUMER, {STREAM: self._after}, count=ENTRIES_AT_ONCE, block=wait)
        rows = answer[0][1] if answer else []
        entries = [stream_entry(entry_id, fields) for entry_id, fields in rows]
        if self._after != NEW:
            # Through with what was pending: from now on only new entries.
            self._after = entries[-1].entry_id if entries else NEW
        return entries

    def again(self, entry_ids: Sequence[str]) -> list[StreamEntry]:
        """These entries once more, for what must be sent again or compared with the quarantine."""
        pipeline = self._redis.pipeline(transaction=False)
        for entry_id in entry_ids:
            pipeline.xrange(STREAM, entry_id, entry_id)
        return [
            stream_entry(entry_id.encode(), rows[0][1] if rows else None)
            for entry_id, rows in zip(entry_ids, pipeline.execute(), strict=True)
        ]

    def take_out(self, entry_ids: Iterable[str]) -> None:
        """Remove entries that are committed."""
        ids = list(entry_ids)
        if ids:
            # No transaction: a Redis that is full refuses one. Deleted first, since what is only pending is read again.
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.xdel(STREAM, *ids)
            pipeline.xack(STREAM, GROUP, *ids)
            pipeline.execute()


def accepted_at(entry_id: str) -> datetime:
    """When the Write Redis took the entry; ids begin with milliseconds since 1970."""
    return datetime.fromtimestamp(int(entry_id.split("-", maxsplit=1)[0]) / 1000, UTC)
