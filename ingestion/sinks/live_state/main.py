"""The process of the live state sink: `python -m ingestion.sinks.live_state.main`."""

from functools import partial

from redis import Redis

from ingestion.sinks.client import consumer_config
from ingestion.sinks.live_state.store import TOPICS, LiveStateStore
from ingestion.sinks.loop import SinkLoop
from ingestion.sinks.run import run_sink
from timecontrol.alerts import alert
from timecontrol.clock import SystemClock
from timecontrol.logs import configure_logs
from timecontrol.settings import load_settings

GROUP = "timecontrol.sink_live_state"

# One transaction may set the state of thousands of employees; readers of single keys have a far shorter bound.
TIMEOUT_SECONDS = 10


def main() -> None:
    """Keep the live state up to date until SIGTERM."""
    configure_logs("sink_live_state")
    settings = load_settings()
    redis = Redis(
        host=settings.read_redis.host,
        port=settings.read_redis.port,
        username="app",
        password=settings.secrets.redis["app"].get_secret_value(),
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
    )
    with redis:
        signing_key = settings.secrets.record_signing.get_secret_value().encode()
        store = LiveStateStore(redis, SystemClock(), signing_key)
        config = consumer_config(settings, "sink_live_state", GROUP)
        run_sink(SinkLoop(config, TOPICS, store, partial(alert, settings), store.caught_up), settings)


if __name__ == "__main__":
    main()
