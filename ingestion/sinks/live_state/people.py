"""Changes of HR and of the User Core into `profile:` and `site:`."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import msgspec

from ingestion.sinks.live_state.commands import Command, Reader
from ingestion.sinks.live_state.profiles import HR_ENTITIES, Entity, Parts, hr_entity, profile, with_core, with_hr
from timecontrol.contracts.core_change import CoreChange
from timecontrol.contracts.hr_change import HrChange
from timecontrol.serving.live_keys import SITES_KEY, hr_rows_key, hr_snapshot_key, parts_key, profile_key, site_key

_decoder = msgspec.json.Decoder(Parts)

Identity = tuple[Entity, str]
ENTITIES: tuple[Entity, ...] = ("employee", "site")


def project_core(known: "KnownParts", changes: Iterable[CoreChange]) -> None:
    """Take in changes of the User Core; those of other entities than people and sites are passed over."""
    for change in changes:
        for entity in ENTITIES:
            if change.entity == entity:
                known[entity, change.id] = with_core(known[entity, change.id], change)


def project_hr(reader: Reader, known: "KnownParts", partition: int, changes: Iterable[HrChange]) -> list[Command]:
    """Take in changes of the legacy rows in one partition, in their order; returns the commands for the rows themselves.

    The end of a snapshot deletes what the snapshot did not name; a record of a snapshot that is over is passed over.
    """
    rows = _Rows(reader, partition)
    for change in changes:
        if not rows.is_current(change.snapshot_id):
            continue
        gone: list[Identity] = []
        if change.op == "snapshot_end":
            gone = rows.remove_others(change.snapshot_id)
        elif change.op == "truncate":
            gone = rows.remove_table(change.table)
        elif change.op != "snapshot_begin" and (identity := hr_entity(change)) is not None:
            rows.put(change)
            known[identity] = with_hr(known[identity], change.row)
        for identity in gone:
            known[identity] = with_hr(known[identity], None)
    return rows.commands()


class KnownParts:
    """The parts of entities: read when first asked for, changed in memory, written at the end."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._parts: dict[Identity, Parts] = {}
        self._changed: set[Identity] = set()

    def __getitem__(self, identity: Identity) -> Parts:
        if identity not in self._parts:
            key = parts_key(*identity)
            # HR and the User Core come by different topics, which two processes of this sink may be reading.
            self._reader.watch([key])
            stored = self._reader.mget([key])[0]
            self._parts[identity] = _decoder.decode(stored) if stored is not None else Parts()
        return self._parts[identity]

    def __setitem__(self, identity: Identity, parts: Parts) -> None:
        self._changed.add(identity)
        self._parts[identity] = parts

    def commands(self, today: date) -> list[Command]:
        """The commands that write what was changed; profiles as they are on this day."""
        changed = ((identity, parts) for identity, parts in self._parts.items() if identity in self._changed)
        return [command for (entity, identity), parts in changed for command in _write(entity, identity, parts, today)]


def _write(entity: Entity, identity: str, parts: Parts, today: date) -> list[Command]:
    key = profile_key(identity) if entity == "employee" else site_key(identity)
    if parts.empty:
        gone: list[Command] = [("DEL", parts_key(entity, identity), key)]
        return gone if entity == "employee" else [*gone, ("SREM", SITES_KEY, identity)]
    fields = [each for pair in profile(entity, parts, today).items() for each in pair]
    commands: list[Command] = [("SET", parts_key(entity, identity), msgspec.json.encode(parts)), ("HSET", key, *fields)]
    return commands if entity == "employee" else [*commands, ("SADD", SITES_KEY, identity)]


class _Rows:
    """Which legacy rows of people and sites a partition holds, and by which snapshot; read when first needed."""

    def __init__(self, reader: Reader, partition: int) -> None:
        self._reader = reader
        self._partition = partition
        stored = reader.mget([hr_snapshot_key(partition)])[0]
        self._snapshot = UUID(stored.decode()) if stored is not None else None
        self._changed: dict[str, str | None] = {}
        self._stored: dict[str, str] | None = None

    def is_current(self, snapshot_id: UUID) -> bool:
        """Whether no later snapshot was seen (UUIDv7 grow with time); remembers this one."""
        if self._snapshot is not None and snapshot_id < self._snapshot:
            return False
        self._snapshot = snapshot_id
        return True

    def put(self, change: HrChange) -> None:
        self._changed[f"{change.table}:{change.row_key}"] = None if change.row is None else str(change.snapshot_id)

    def remove_others(self, snapshot_id: UUID) -> list[Identity]:
        """Take out what this snapshot did not name; returns whom that concerns."""
        return self._remove([row for row, snapshot in self._present().items() if snapshot != str(snapshot_id)])

    def remove_table(self, table: str) -> list[Identity]:
        """Take out a whole table; returns whom that concerns."""
        return self._remove([row for row in self._present() if row.partition(":")[0] == table])

    def commands(self) -> list[Command]:
        key = hr_rows_key(self._partition)
        written = [each for row, snapshot in self._changed.items() if snapshot is not None for each in (row, snapshot)]
        removed = [row for row, snapshot in self._changed.items() if snapshot is None]
        commands: list[Command] = [("HSET", key, *written)] if written else []
        commands += [("HDEL", key, *removed)] if removed else []
        return (
            [*commands, ("SET", hr_snapshot_key(self._partition), str(self._snapshot))] if self._snapshot else commands
        )

    def _present(self) -> dict[str, str]:
        if self._stored is None:
            raw = self._reader.hgetall(hr_rows_key(self._partition))
            self._stored = {row.decode(): snapshot.decode() for row, snapshot in raw.items()}
        merged = self._stored | self._changed
        return {row: snapshot for row, snapshot in merged.items() if snapshot is not None}

    def _remove(self, rows: Sequence[str]) -> list[Identity]:
        self._changed.update(dict.fromkeys(rows))
        return [identity_of(row) for row in rows]


def identity_of(row: str) -> Identity:
    """The entity of a legacy row named `<table>:<row key>`."""
    table, _, row_key = row.partition(":")
    entity, _column = HR_ENTITIES[table]
    return entity, str(msgspec.json.decode(row_key)[0])
