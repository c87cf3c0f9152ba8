"""Runs the flusher until it is told to stop. Start it once; a second one does no harm and no good."""

import time

import structlog
from redis import Redis
from redis.exceptions import RedisError

from ingestion.service import stop_on_signals
from ingestion.sources.write_buffer.broker import Broker
from ingestion.sources.write_buffer.flusher import Flusher
from ingestion.sources.write_buffer.stream import Stream
from ingestion.topic_log import TopicLog
from timecontrol.contracts.errors import Transient
from timecontrol.contracts.punch import TOPIC
from timecontrol.logs import configure_logs
from timecontrol.serving.buffer import client_options
from timecontrol.settings import load_settings
from timecontrol.warehouse.pools import open_pool

log = structlog.get_logger()

# How long a read waits for the first entry: what is sent is looked at in between.
WAIT_MS = 100
# An entry stays this long at least; soon enough that the buffer's age says something about the sink.
SETTLE_SECONDS = 0.25
# How often we ask which life of the topic this is, and whether its log still holds what it acknowledged.
INCARNATION_SECONDS = 2.0
# Pause before a server that did not answer is asked again.
PAUSE_SECONDS = 1.0


def main() -> None:
    """Flush until SIGTERM; a server that is away is waited for, whatever else goes wrong ends the process."""
    configure_logs("flusher")
    settings = load_settings()
    stop = stop_on_signals()
    stream = Stream(Redis(**client_options(settings)))
    broker = Broker(settings)
    topic_log = TopicLog(settings, "gateway", TOPIC)
    with open_pool(settings, "ingest", max_size=1) as pool:
        flusher = Flusher(stream, broker, topic_log, pool)
        incarnation = None
        joined = False
        asked_at = settled_at = float("-inf")
        while not stop.is_set():
            try:
                ask = incarnation is None or time.monotonic() - asked_at > INCARNATION_SECONDS
                if ask:
                    # While Kafka is away the last one known still holds: a new one is noticed when it answers again.
                    incarnation = topic_log.incarnation() or incarnation
                    asked_at = time.monotonic()
                if incarnation is None:
                    stop.wait(PAUSE_SECONDS)
                    continue
                if not joined:
                    stream.join()
                    joined = True
                flusher.send_new(incarnation, WAIT_MS)
                if ask or time.monotonic() - settled_at > SETTLE_SECONDS:
                    more = flusher.settle(incarnation, look_for_losses=ask)
                    settled_at = float("-inf") if more else time.monotonic()
            except RedisError as error:
                log.warning("write_redis_does_not_answer", error=str(error))
                joined = False
                stop.wait(PAUSE_SECONDS)
            except Transient as error:
                log.warning("postgres_does_not_answer", error=str(error))
                settled_at = time.monotonic() + PAUSE_SECONDS
    broker.close()


if __name__ == "__main__":
    main()
