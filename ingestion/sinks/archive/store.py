"""Records into MongoDB: documents named by their place or id first, then the position, so that a repeat changes nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import bson
import structlog
from bson.errors import InvalidDocument
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from ingestion.sinks.archive.collections import AUDIT_LOG, PAYLOADS, POSITIONS, QUARANTINE, Documents
from ingestion.sinks.archive.refused import RefusedCopy, from_record
from ingestion.sinks.changes import decode_core, decode_hr
from ingestion.sinks.decode import decode_punch
from ingestion.sinks.records import PartitionId, Position, PositionMoved, Record, Refused, Run
from timecontrol.contracts import core_change, hr_change, punch
from timecontrol.contracts.core_change import CoreChange
from timecontrol.contracts.errors import Rejected, Transient
from timecontrol.mongo_errors import transient_errors

log = structlog.get_logger()

DUPLICATE_KEY = 11000

TOPICS = (punch.TOPIC, hr_change.TOPIC, core_change.TOPIC)


class ArchiveStore:
    """See `ingestion.sinks.loop.Store`."""

    def __init__(self, database: Documents, signing_key: bytes) -> None:
        self._database = database
        self._signing_key = signing_key

    def position(self, partition_id: PartitionId) -> Position | None:
        """The next offset, None for a partition never read."""
        with transient_errors():
            found = self._database[POSITIONS].find_one({"_id": position_id(partition_id)})
        return None if found is None else Position(int(found["next_offset"]), found.get("leader_epoch"))

    def start(self, partition_id: PartitionId, offset: int) -> None:
        """Begin a partition that was never read."""
        first = {"$setOnInsert": {"topic": partition_id.topic, "next_offset": offset}}
        with transient_writes():
            self._database[POSITIONS].update_one({"_id": position_id(partition_id)}, first, upsert=True)

    def knows_former_life(self, partition_id: PartitionId) -> bool:
        """Whether this partition of another topic or cluster by the same name was read."""
        same_partition = {"$regex": f"/{partition_id.partition}$", "$ne": position_id(partition_id)}
        with transient_errors():
            found = self._database[POSITIONS].find_one({"topic": partition_id.topic, "_id": same_partition})
        return found is not None

    def apply(self, runs: Sequence[Run]) -> None:
        """Write what is to be kept of the runs, then move each position from where its run begins."""
        with transient_writes():
            for run in runs:
                self._keep(run)
                moved = self._database[POSITIONS].update_one(
                    {"_id": position_id(run.partition_id), "next_offset": run.first_offset},
                    {"$set": {"next_offset": run.last_offset + 1, "leader_epoch": run.leader_epoch}},
                )
                if moved.matched_count == 0:
                    raise PositionMoved

    def _keep(self, run: Run) -> None:
        refused: list[Refused] = []
        acts: list[UpdateOne] = []
        for record in run.records:
            try:
                act = self._act(record)
            except Rejected as error:
                refused.append(Refused(record, error))
            else:
                if act is not None:
                    acts.append(act)
        if acts:
            self._database[AUDIT_LOG].bulk_write(acts, ordered=False)
        keep_refused(self._database, [from_record(run.partition_id.topic_id, item) for item in refused])

    def _act(self, record: Record) -> UpdateOne | None:
        """How to keep an administrative act; None for what is kept elsewhere. Raises Rejected for what goes to quarantine."""
        if record.topic == punch.TOPIC:
            decode_punch(record, self._signing_key)
        elif record.topic == hr_change.TOPIC:
            decode_hr(record)
        else:
            change = decode_core(record)
            if change.entity == "act":
                return inserting(change.id, act_document(change, record))
        return None


def keep_refused(database: Documents, refused: Sequence[RefusedCopy]) -> None:
    """Keep what was refused: the bytes first, so that no entry is without them. A repeat changes nothing."""
    if not refused:
        return
    payloads = [inserting(each.payload_id, each.payload_document()) for each in refused]
    database[PAYLOADS].bulk_write(payloads, ordered=False)
    database[QUARANTINE].bulk_write([inserting(each.name, each.document()) for each in refused], ordered=False)


@contextmanager
def transient_writes() -> Iterator[None]:
    """Errors of MongoDB that pass, and of our own writers: two may meet on one document."""
    try:
        with transient_errors():
            yield
    except DuplicateKeyError as error:
        raise Transient(f"MongoDB: {error}") from error
    except BulkWriteError as error:
        if any(each["code"] != DUPLICATE_KEY for each in error.details["writeErrors"]):
            raise
        raise Transient(f"MongoDB: {error}") from error


def inserting(identity: str, document: dict[str, Any]) -> UpdateOne:
    """Insert the document unless there is one of this id."""
    return UpdateOne({"_id": identity}, {"$setOnInsert": document}, upsert=True)


def position_id(partition_id: PartitionId) -> str:
    """Name of a partition's position."""
    return f"{partition_id.cluster_id}/{partition_id.topic_id}/{partition_id.partition}"


def act_document(change: CoreChange, record: Record) -> dict[str, Any]:
    """An administrative act, as the audit log shows it; raises Rejected for what BSON cannot hold."""
    document = {
        "actor": change.actor,
        "at": change.at,
        "act": str(change.data.get("act", "")),
        "subject": str(change.data.get("subject", "")),
        "detail": dict(change.data.get("detail") or {}),
        "place": record.place,
    }
    try:
        bson.encode(document)
    except (InvalidDocument, OverflowError) as error:
        raise Rejected("not_storable", f"MongoDB cannot hold the act: {error}") from error
    return document
