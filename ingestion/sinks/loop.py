"""The loop of every sink: positions from its store, records from Kafka, both moved together by the store.

The group's committed offsets are written for display only. Where a partition is read from is what the store says; a
store that was set back (restored, promoted, flushed) is read again from where it then is.
"""

import threading
import time
from collections.abc import Callable, Sequence
from operator import methodcaller
from typing import ParamSpec, Protocol, TypeVar, cast

import structlog
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition
from confluent_kafka.admin import AdminClient

from ingestion.sinks.records import LogReplaced, PartitionId, Position, PositionMoved, PositionOutsideLog, Record, Run
from timecontrol.contracts.errors import Transient
from timecontrol.kafka_client import ClientConfig
from timecontrol.kafka_topics import Incarnation, Place, describe_topics
from timecontrol.retry import transient_retry

log = structlog.get_logger()

# A poll ends at whichever comes first. 10,000 rows make a commit's cost small against theirs; 32 MB bound the memory
# where records are large.
BATCH_RECORDS = 10_000
BATCH_BYTES = 32_000_000
# Messages taken from the client's queue at a time: at up to 8 MB each, by how much a batch may pass its bytes.
SLICE_RECORDS = 16
# How long a poll waits for a first record; also how soon a request to stop is seen.
POLL_SECONDS = 0.5
# A store or a broker that is restarted is back within this; after it the process ends and the supervisor starts it anew.
RETRY_SECONDS = 120
ADMIN_SECONDS = 10
# The client reports every attempt to connect again, a hundred a second; the log gets one in this time.
WARNING_SECONDS = 10.0

# A name that is not UTF-8 makes the client set an error and return all the same. Called as `message.headers()` from code
# that runs often the interpreter does not look for it, and it comes up at some call later; a methodcaller always looks.
HEADERS = methodcaller("headers")

#: Told what has happened, in a few words and in sentences.
Alarm = Callable[[str, str], None]
#: Told the position of each partition that this loop reads; answers whether the store is still there. Raises Transient.
CaughtUp = Callable[[Sequence[tuple[PartitionId, int]]], bool]
Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


class Store(Protocol):
    """Where a sink keeps its data and its positions."""

    def position(self, partition_id: PartitionId) -> Position | None:
        """From where to read, None for a partition never read; raises Transient."""
        ...

    def start(self, partition_id: PartitionId, offset: int) -> None:
        """Set the first position of a partition never read; raises Transient."""
        ...

    def knows_former_life(self, partition_id: PartitionId) -> bool:
        """Whether it holds a position in the same partition of a topic or cluster that this one has replaced."""
        ...

    def apply(self, runs: Sequence[Run]) -> None:
        """Take in the runs and move their positions; raises PositionMoved and writes nothing, or Transient."""
        ...


class SinkLoop:
    """Reads topics into a store until told to stop. Call `run` once; not for use from several threads.

    `alarm` is told of what a person should look at, `caught_up` when every partition has been read to the end that it
    had when it was begun.
    """

    def __init__(
        self,
        config: ClientConfig,
        topics: Sequence[str],
        store: Store,
        alarm: Alarm,
        caught_up: CaughtUp | None = None,
    ) -> None:
        self._topics = topics
        self._store = store
        self._next: dict[Place, tuple[PartitionId, int]] = {}
        self._ends: dict[Place, int] = {}
        self._caught_up = caught_up
        self._is_behind = True
        self._unverified: dict[Place, Position] = {}
        self._identity_in_doubt = threading.Event()
        self._warned_at = float("-inf")
        # What the group has committed may be behind: after an assignment, and after a commit that failed.
        self._commit_due = False
        self._consumer = Consumer(config | {"error_cb": self._on_error, "on_commit": self._on_commit})
        admin = {
            key: value for key, value in config.items() if key.startswith(("bootstrap", "security", "sasl", "client"))
        }
        self._admin = AdminClient(admin)
        self._identity: dict[str, Incarnation] = {}
        self._alarm = alarm
        self._replaced: set[str] = set()

    def run(self, stop: threading.Event) -> None:
        """Read until `stop` is set. Raises PositionOutsideLog, LogReplaced, and Transient after its retries."""
        self._identity = retrying(self._read_identity)
        self._consumer.subscribe(
            list(self._topics), on_assign=self._on_assign, on_revoke=self._on_revoke, on_lost=self._on_revoke
        )
        try:
            while not stop.is_set():
                runs = self._runs(self._poll())
                if self._identity_in_doubt.is_set():
                    self._verify_identity()
                if runs:
                    self._apply(runs)
                else:
                    self._follow_store()
                    self._commit_if_due()
                if self._is_behind:
                    self._look_whether_caught_up()
        finally:
            self._consumer.close()

    def _poll(self) -> list[Message]:
        first = self._consumer.poll(POLL_SECONDS)
        if first is None:
            return []
        messages = [first]
        size = len(first)
        while len(messages) < BATCH_RECORDS and size < BATCH_BYTES:
            more = self._consumer.consume(SLICE_RECORDS, 0)
            if not more:
                break
            messages += more
            size += sum(map(len, more))
        return messages

    def _runs(self, messages: Sequence[Message]) -> list[Run]:
        """The records by partition, each from the partition's position on; what lies before it is left out."""
        by_place: dict[Place, list[Record]] = {}
        expected = {place: offset for place, (_, offset) in self._next.items()}
        for message in messages:
            error = message.error()
            if error is not None:
                self._on_message_error(message, error)
                continue
            record = to_record(message)
            place = (record.topic, record.partition)
            if place in self._unverified:
                self._verify(self._unverified.pop(place), record)
            # A poll may span a rebalance: records of a partition that is gone, or the same ones again.
            if place in expected and record.offset >= expected[place]:
                by_place.setdefault(place, []).append(record)
                expected[place] = record.offset + 1
        return [Run(*self._next[place], records) for place, records in by_place.items()]

    def _apply(self, runs: Sequence[Run]) -> None:
        try:
            retrying(self._store.apply, runs)
        except PositionMoved:
            for run in runs:
                self._seek(run.partition_id)
            # A store that was set back in these was so in the others too, and nothing may come in those.
            self._follow_store()
            return
        done = []
        for run in runs:
            place = (run.partition_id.topic, run.partition_id.partition)
            self._next[place] = (run.partition_id, run.last_offset + 1)
            done.append(TopicPartition(*place, run.last_offset + 1))
        self._consumer.commit(offsets=done, asynchronous=True)

    def _follow_store(self) -> None:
        """Look whether a store was set back meanwhile, and read again from there. Nothing that was fetched may wait to be applied."""
        for partition_id, offset in list(self._next.values()):
            position = retrying(self._store.position, partition_id)
            if position is None or position.offset != offset:
                self._seek(partition_id)

    def _commit_if_due(self) -> None:
        """Nothing to read: what is shown as the lag is then the store's position and not a commit that was lost with a process."""
        if self._commit_due and self._next:
            self._commit_due = False
            positions = [TopicPartition(*place, offset) for place, (_, offset) in self._next.items()]
            self._consumer.commit(offsets=positions, asynchronous=True)

    def _look_whether_caught_up(self) -> None:
        positions = list(self._next.values())
        if not positions or any(offset < self._ends[place] for place, (_, offset) in self._next.items()):
            return
        self._is_behind = self._caught_up is not None and not retrying(self._caught_up, positions)

    def _seek(self, partition_id: PartitionId) -> None:
        place = (partition_id.topic, partition_id.partition)
        found = self._begin(partition_id)
        log.warning("position_read_again", topic=place[0], partition=place[1], offset=found.offset)
        self._consumer.seek(found)

    def _begin(self, partition_id: PartitionId) -> TopicPartition:
        """From where to fetch a partition: its position, or the record before it where that tells whether the log is whole."""
        place = (partition_id.topic, partition_id.partition)
        position = self._locate(partition_id)
        self._next[place] = (partition_id, position.offset)
        self._unverified.pop(place, None)
        if position.leader_epoch is None:
            return TopicPartition(*place, position.offset)
        self._unverified[place] = position
        return TopicPartition(*place, position.offset - 1)

    def _verify(self, position: Position, first: Record) -> None:
        """The record before the position is the one that was read: a log that was cut has grown on under another epoch."""
        if first.offset == position.offset - 1 and first.leader_epoch != position.leader_epoch:
            raise PositionOutsideLog(
                f"{first.topic}/{first.partition} was read to offset {position.offset}, but the record before it is of leader "
                f"epoch {first.leader_epoch}, not {position.leader_epoch}: the log was cut and has grown again, so other "
                "records have the offsets that were read. See docs/operations, position outside the log."
            )

    def _locate(self, partition_id: PartitionId) -> Position:
        """From where to read a partition: the store's position, or the start of the log if it was never read.

        Without the epoch where the log begins at the position, so that the record before it is gone.
        """
        place = TopicPartition(partition_id.topic, partition_id.partition)
        position = retrying(self._store.position, partition_id)
        low, high = retrying(self._watermarks, place)
        self._ends[place.topic, place.partition] = high
        self._is_behind = True
        if position is None:
            if place.topic not in self._replaced and retrying(self._store.knows_former_life, partition_id):
                self._replaced.add(place.topic)
                self._alarm(
                    f"the topic {place.topic} was made anew",
                    f"{place.topic} is read from the start of its new log. What the former log held and this sink had not read "
                    "is not read any more: the API's buffer and the outbox send theirs again, terminals must.",
                )
            retrying(self._store.start, partition_id, low)
            return Position(low)
        if not low <= position.offset <= high:
            raise PositionOutsideLog(
                f"{place.topic}/{place.partition} is to be read from offset {position.offset}, but the log holds {low} to {high}: "
                "records were lost or the log was replaced. See docs/operations, position outside the log."
            )
        return position if low < position.offset else Position(low)

    def _watermarks(self, place: TopicPartition) -> tuple[int, int]:
        try:
            low, high = self._consumer.get_watermark_offsets(place, ADMIN_SECONDS)
        except KafkaException as error:
            raise Transient(f"Kafka does not tell the offsets of {place.topic}/{place.partition}: {error}") from error
        return low, high

    def _read_identity(self) -> dict[str, Incarnation]:
        """The life of each topic; raises Transient while the broker or a topic is not there."""
        found = describe_topics(self._admin, self._topics, ADMIN_SECONDS)
        return {name: topic.incarnation for name, topic in found.items()}

    def _verify_identity(self) -> None:
        """After trouble with the broker: is it still the same log? Offsets of another one mean nothing to our positions."""
        found = retrying(self._read_identity)
        if found != self._identity:
            raise LogReplaced(
                f"the topics were made anew: {self._identity} became {found}. Started again, this sink reads them."
            )
        self._identity_in_doubt.clear()

    def _on_assign(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        for place in partitions:
            place.offset = self._begin(PartitionId(*self._identity[place.topic], place.topic, place.partition)).offset
            log.info("assigned", topic=place.topic, partition=place.partition, offset=place.offset)
        consumer.incremental_assign(partitions)
        self._commit_due = True

    def _on_revoke(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        for place in partitions:
            self._next.pop((place.topic, place.partition), None)
            log.info("revoked", topic=place.topic, partition=place.partition)
        consumer.incremental_unassign(partitions)

    def _on_commit(self, error: KafkaError | None, places: list[TopicPartition]) -> None:
        failure = error or next((place.error for place in places if place.error is not None), None)
        if failure is not None:
            self._warn("commit_failed", failure)
            self._commit_due = True

    def _on_error(self, error: KafkaError) -> None:
        self._warn("kafka_error", error)
        self._identity_in_doubt.set()

    def _warn(self, event: str, error: KafkaError) -> None:
        if time.monotonic() - self._warned_at > WARNING_SECONDS:
            log.warning(event, error=str(error))
            self._warned_at = time.monotonic()

    def _on_message_error(self, message: Message, error: KafkaError) -> None:
        # The underscore is the client's mark for its own errors, not for a private name.
        outside = (KafkaError._AUTO_OFFSET_RESET, KafkaError._LOG_TRUNCATION, KafkaError.OFFSET_OUT_OF_RANGE)  # noqa: SLF001
        if error.code() in outside:
            raise PositionOutsideLog(f"{message.topic()}/{message.partition()}: {error}")
        if error.fatal():
            raise KafkaException(error)
        self._on_error(error)


def retrying(function: Callable[Arguments, Answer], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
    """Call until it succeeds; raises Transient when RETRY_SECONDS have passed."""

    def attempt() -> Answer:
        try:
            return function(*args, **kwargs)
        except Transient as error:
            log.warning("retrying", error=str(error))
            raise

    return transient_retry(RETRY_SECONDS)(attempt)


def to_record(message: Message) -> Record:
    """The record of a message that is no error."""
    # The client types every part of a message as optional; only its headers may be absent in a record that is no error.
    # Types are quoted here: made anew for each record they would cost as much as the rest.
    fields = (message.topic(), message.partition(), message.offset(), message.key(), message.value())
    topic, partition, offset, key, value = cast("tuple[str, int, int, bytes | None, bytes | None]", fields)
    headers = to_headers(message)
    appended_ms, epoch = message.timestamp()[1], message.leader_epoch()
    return Record(topic, partition, offset, key, value, headers or (), appended_ms, headers is not None, epoch)


def to_headers(message: Message) -> Sequence[tuple[str, bytes | None]] | None:
    """The headers as the broker stores them: values are bytes. None when the client cannot read a name as UTF-8."""
    try:
        return cast("list[tuple[str, bytes | None]] | None", HEADERS(message)) or ()
    except (SystemError, UnicodeError):
        return None
