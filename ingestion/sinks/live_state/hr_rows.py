"""Which legacy rows a partition of `hr.changes.v1` holds, and by which snapshot; read when first needed."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from ingestion.sinks.live_state.commands import Command, Reader
from timecontrol.contracts.hr_change import HrChange
from timecontrol.serving.live_keys import hr_rows_key, hr_snapshot_key


class RowId(NamedTuple):
    """A row of the legacy database."""

    table: str
    row_key: str


class PartitionRows:
    """The rows of one partition, of the tables that concern this sink."""

    def __init__(self, reader: Reader, partition: int) -> None:
        self._reader = reader
        self._partition = partition
        stored = reader.mget([hr_snapshot_key(partition)])[0]
        self._snapshot = UUID(stored.decode()) if stored is not None else None
        self._changed: dict[RowId, str | None] = {}
        self._stored: dict[RowId, str] | None = None

    def is_current(self, snapshot_id: UUID) -> bool:
        """Whether no later snapshot was seen (UUIDv7 grow with time); remembers this one."""
        if self._snapshot is not None and snapshot_id < self._snapshot:
            return False
        self._snapshot = snapshot_id
        return True

    def put(self, change: HrChange) -> None:
        """Take in a row that is there, or is there no more."""
        row_id = RowId(change.table, change.row_key)
        self._changed[row_id] = None if change.row is None else str(change.snapshot_id)

    def remove_others(self, snapshot_id: UUID) -> list[RowId]:
        """Take out what this snapshot did not name; returns it."""
        return self._remove([row for row, snapshot in self._present().items() if snapshot != str(snapshot_id)])

    def remove_table(self, table: str) -> list[RowId]:
        """Take out a whole table; returns its rows."""
        return self._remove([row for row in self._present() if row.table == table])

    def commands(self) -> list[Command]:
        """The commands that write what was changed."""
        key = hr_rows_key(self._partition)
        written = [
            each
            for row, snapshot in self._changed.items()
            if snapshot is not None
            for each in (":".join(row), snapshot)
        ]
        removed = [":".join(row) for row, snapshot in self._changed.items() if snapshot is None]
        commands: list[Command] = [("HSET", key, *written)] if written else []
        commands += [("HDEL", key, *removed)] if removed else []
        if self._snapshot is not None:
            commands.append(("SET", hr_snapshot_key(self._partition), str(self._snapshot)))
        return commands

    def _present(self) -> dict[RowId, str]:
        if self._stored is None:
            raw = self._reader.hgetall(hr_rows_key(self._partition))
            self._stored = {
                RowId(*row.decode().split(":", maxsplit=1)): snapshot.decode() for row, snapshot in raw.items()
            }
        merged = self._stored | self._changed
        return {row: snapshot for row, snapshot in merged.items() if snapshot is not None}

    def _remove(self, rows: Sequence[RowId]) -> list[RowId]:
        self._changed.update(dict.fromkeys(rows))
        return list(rows)
