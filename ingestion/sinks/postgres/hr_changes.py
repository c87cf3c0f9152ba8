"""`hr.changes.v1` into the HR image: versions appended, the present row kept, legacy punches put into the outbox."""

from collections.abc import Mapping, Sequence

from ingestion.sinks.changes import decode_hr
from ingestion.sinks.postgres import legacy_punches
from ingestion.sinks.postgres.handler import Decoded, Outcome
from ingestion.sinks.records import Record, Refused
from timecontrol.contracts import punch
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.hr_change import TOPIC, HrChange, marks, same_row, sequence
from timecontrol.contracts.record import signed_headers
from timecontrol.warehouse import hr_store, outbox_store
from timecontrol.warehouse.hr_store import ImageRow, RowId, Stream, Version
from timecontrol.warehouse.pools import Connection

# A snapshot shows every row of its last transaction: no row number is greater.
ALL_ROWS = 2**62

HrRecord = Decoded[HrChange]


class HrChangesHandler:
    """The Postgres sink's code for `hr.changes.v1`; see `handler.Handler`."""

    topic = TOPIC

    def __init__(self, signing_key: bytes) -> None:
        self._signing_key = signing_key

    def decode(self, record: Record) -> HrChange:
        """The change; raises Rejected."""
        return decode_hr(record)

    def write(self, connection: Connection, decoded: Sequence[HrRecord], batch_ids: Mapping[int, int]) -> Outcome:
        """Apply what is not yet applied, partition by partition."""
        streams = hr_store.read_streams(connection)
        repeats: list[Record] = []
        refused: list[Refused] = []
        for partition in batch_ids:
            image = ImageWriter(connection, partition, self._signing_key)
            stream = streams.get(partition)
            for item in decoded:
                if item.record.partition == partition:
                    stream = self._apply(item, stream, image, repeats, refused)
            image.flush()
            refused += image.refused
            if stream is not None:
                hr_store.write_stream(connection, partition, stream)
        return Outcome(repeats, refused)

    def _apply(
        self, item: HrRecord, stream: Stream | None, image: "ImageWriter", repeats: list[Record], refused: list[Refused]
    ) -> Stream | None:
        """Apply one record; returns the stream after it."""
        change = item.content
        if change.op == "snapshot_begin" and (stream is None or change.snapshot_id > stream.snapshot_id):
            image.begin_snapshot(change)
            reached = {domain: (number, ALL_ROWS) for domain, number in marks(change.gtid).items()}
            return Stream(change.snapshot_id, ended=False, marks=reached)
        if stream is None or change.snapshot_id > stream.snapshot_id:
            reason = f"a {change.op} of the snapshot {change.snapshot_id} came before the snapshot's beginning"
            refused.append(Refused(item.record, Rejected("no_snapshot_begin", reason)))
        elif is_applied(change, stream):
            repeats.append(item.record)
        elif change.op == "snapshot_end":
            image.end_snapshot(item)
            stream.ended = True
        else:
            if change.op != "snapshot":
                domain, number = sequence(change.gtid)
                stream.marks[domain] = (number, change.row_number)
            if change.op == "truncate":
                image.truncate(item)
            else:
                image.change(item)
        return stream


def is_applied(change: HrChange, stream: Stream) -> bool:
    """Whether a record is a repeat: of a snapshot that is over, or not after the last change applied in its GTID domain.

    Within a partition the numbers of one domain only grow, so the last one applied stands for all before it. A row's own
    GTID would not do: with several domains there is no order between the row's last change and a repeat of one before.
    """
    if change.snapshot_id < stream.snapshot_id or change.op == "snapshot_begin":
        return True
    if change.op in ("snapshot", "snapshot_end"):
        return stream.ended
    domain, number = sequence(change.gtid)
    return (number, change.row_number) <= stream.marks.get(domain, (-1, 0))


class ImageWriter:
    """Collects the changes of one partition and writes them in bulk; `flush` before anything that must see them."""

    def __init__(self, connection: Connection, partition: int, signing_key: bytes) -> None:
        self._connection = connection
        self._partition = partition
        self._signing_key = signing_key
        self._waiting: list[tuple[RowId, HrRecord]] = []
        self.refused: list[Refused] = []

    def begin_snapshot(self, change: HrChange) -> None:
        """Put the snapshot on record."""
        hr_store.begin_snapshot(self._connection, change.snapshot_id, change.gtid, change.changed_at)

    def change(self, item: HrRecord) -> None:
        """A row of a snapshot, an insert, an update or a delete."""
        self._waiting.append((RowId(item.content.table, item.content.row_key), item))

    def truncate(self, item: HrRecord) -> None:
        """Delete all rows of a table."""
        self.flush()
        self._delete(hr_store.rows_of_table(self._connection, self._partition, item.content.table), item)

    def end_snapshot(self, item: HrRecord) -> None:
        """Delete the rows that the snapshot did not name."""
        self.flush()
        self._delete(hr_store.unnamed_rows(self._connection, self._partition, item.content.snapshot_id), item)
        hr_store.end_snapshot(self._connection, item.content.snapshot_id)

    def _delete(self, row_ids: Sequence[RowId], item: HrRecord) -> None:
        self._waiting = [(row_id, item) for row_id in row_ids]
        self.flush()

    def flush(self) -> None:
        """Write what waits, in its order."""
        if not self._waiting:
            return
        row_ids = sorted({row_id for row_id, _ in self._waiting})
        before = hr_store.read_image(self._connection, row_ids)
        gone = hr_store.count_versions(self._connection, [row_id for row_id in row_ids if row_id not in before])
        present: dict[RowId, ImageRow] = dict(before)
        counts = {row_id: image.version for row_id, image in before.items()} | gone
        versions: list[Version] = []
        records: list[outbox_store.NewRecord] = []
        for row_id, item in self._waiting:
            change, row = item.content, item.content.row
            old = present.get(row_id)
            if old is None and row is None:
                # A delete of a row that was never shown: there is nothing to take out.
                continue
            changed = old is None or row is None or not same_row(old.row, row)
            standing = old.punch_event_id if old else None
            if changed:
                counts[row_id] = counts.get(row_id, 0) + 1
                versions.append(_version(row_id, item))
                if row_id.table == legacy_punches.TABLE:
                    step = legacy_punches.transition(
                        row_id.row_key, counts[row_id], old.row if old else None, row, standing
                    )
                    standing = step.punch_event_id
                    records += self._outbox(item, step.events)
            if row is None:
                del present[row_id]
            else:
                present[row_id] = ImageRow(
                    row, change.gtid, change.row_number, change.snapshot_id, counts[row_id], self._partition, standing
                )
        self._waiting = []
        hr_store.append_versions(self._connection, versions)
        hr_store.upsert_image(self._connection, list(present.items()))
        hr_store.delete_image(self._connection, [row_id for row_id in before if row_id not in present])
        outbox_store.add_all(self._connection, records)

    def _outbox(self, item: HrRecord, events: Sequence[legacy_punches.LegacyEvent]) -> list[outbox_store.NewRecord]:
        origin = f"mysql:{item.content.gtid}#{item.content.row_number}"
        records = []
        for event in events:
            if len(event.value) > punch.MAX_RECORD_BYTES:
                reason = f"the punch of {legacy_punches.TABLE} {item.content.row_key} has {len(event.value)} bytes"
                self.refused.append(Refused(item.record, Rejected("too_large", reason)))
                continue
            headers = signed_headers(
                event.event_id, legacy_punches.SOURCE, event.value, "core", self._signing_key, origin=origin
            )
            records.append(outbox_store.NewRecord(punch.TOPIC, event.key, headers, event.value))
        return records


def _version(row_id: RowId, item: HrRecord) -> Version:
    change = item.content
    op = change.op if change.row is not None else "delete"
    return Version(
        row_id=row_id,
        op=op,
        row=change.row,
        gtid=change.gtid,
        row_number=change.row_number,
        snapshot_id=change.snapshot_id,
        changed_at=change.changed_at,
        partition=item.record.partition,
        offset=item.record.offset,
    )
