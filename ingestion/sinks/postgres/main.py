"""The process of the Postgres sink: `python -m ingestion.sinks.postgres.main`."""

from functools import partial
from typing import Any

from ingestion.sinks.client import consumer_config
from ingestion.sinks.loop import SinkLoop
from ingestion.sinks.postgres.consumer import PostgresStore
from ingestion.sinks.postgres.handler import Handler
from ingestion.sinks.postgres.hr_changes import HrChangesHandler
from ingestion.sinks.postgres.punches import PunchHandler
from ingestion.sinks.run import run_sink
from timecontrol.alerts import alert
from timecontrol.logs import configure_logs
from timecontrol.settings import load_settings
from timecontrol.warehouse.pools import open_pool

GROUP = "timecontrol.sink_postgres"


def main() -> None:
    """Read punches and changes of the HR database into PostgreSQL until SIGTERM."""
    configure_logs("sink_postgres")
    settings = load_settings()
    signing_key = settings.secrets.record_signing.get_secret_value().encode()
    handlers: list[Handler[Any]] = [PunchHandler(signing_key), HrChangesHandler(signing_key)]
    with open_pool(settings, "ingest", max_size=1) as pool:
        store = PostgresStore(pool, handlers, signing_key)
        topics = [handler.topic for handler in handlers]
        config = consumer_config(settings, "sink_postgres", GROUP)
        run_sink(SinkLoop(config, topics, store, partial(alert, settings)), settings)


if __name__ == "__main__":
    main()
