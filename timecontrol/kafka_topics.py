"""What the broker says about topics: which life of each this is, its partitions, and which offsets they hold."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from confluent_kafka import KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from timecontrol.contracts.errors import Transient

#: A topic and the number of one of its partitions.
Place = tuple[str, int]


class Incarnation(NamedTuple):
    """One life of a topic: a cluster or a topic that was made anew under its old name has other ids."""

    cluster_id: str
    topic_id: str


class Topic(NamedTuple):
    """A topic that is there, with the numbers of its partitions in their order."""

    incarnation: Incarnation
    partitions: Sequence[int]


def describe_topics(admin: AdminClient, names: Iterable[str], seconds: float) -> dict[str, Topic]:
    """These topics by name. Raises Transient when the broker does not answer within `seconds`, or one is not there."""
    try:
        cluster_id = str(admin.list_topics(timeout=seconds).cluster_id)
        described = admin.describe_topics(TopicCollection(list(names)), request_timeout=seconds)
        found = {name: future.result() for name, future in described.items()}
    except KafkaException as error:
        raise Transient(f"Kafka does not tell its cluster and topics: {error}") from error
    return {
        name: Topic(Incarnation(cluster_id, str(topic.topic_id)), sorted(each.id for each in topic.partitions))
        for name, topic in found.items()
    }


def offsets(
    admin: AdminClient,
    places: Iterable[Place],
    end: Literal["first", "next"],
    seconds: float,
    on_unknown: Callable[[Place, Transient], None] | None = None,
) -> dict[Place, int]:
    """The first offset that each partition holds, or the next that will be written to it.

    Raises Transient when the broker does not tell one within `seconds`; with `on_unknown` that is told, and the others
    are returned.
    """
    spec = OffsetSpec.earliest() if end == "first" else OffsetSpec.latest()  # type: ignore[no-untyped-call]  # confluent_kafka left it out
    asked = {TopicPartition(*place): spec for place in places}
    # The client refuses to ask for nothing.
    answers = admin.list_offsets(asked, request_timeout=seconds) if asked else {}
    found: dict[Place, int] = {}
    for answered, future in answers.items():
        place = (answered.topic, answered.partition)
        try:
            found[place] = future.result().offset
        except KafkaException as error:
            unknown = Transient(f"Kafka does not tell the offsets of {place[0]}/{place[1]}: {error}")
            if on_unknown is None:
                raise unknown from error
            on_unknown(place, unknown)
    return found
