"""The process of the archive sink: `python -m ingestion.sinks.archive.main`."""

from typing import Any

from pymongo import MongoClient

from ingestion.sinks.archive.collections import ensure_collections
from ingestion.sinks.archive.store import TOPICS, ArchiveStore, transient_errors
from ingestion.sinks.client import consumer_config
from ingestion.sinks.loop import RETRY_SECONDS, SinkLoop
from ingestion.sinks.run import run_sink
from timecontrol.logs import configure_logs
from timecontrol.retry import transient_retry
from timecontrol.settings import load_settings

GROUP = "timecontrol.sink_archive"
DATABASE = "timecontrol"

# A server on one network answers in milliseconds; what takes longer is retried, so that a request to stop is seen.
TIMEOUT_MS = 5_000


def main() -> None:
    """Copy refused payloads and administrative acts into MongoDB until SIGTERM."""
    configure_logs("sink_archive")
    settings = load_settings()
    client: MongoClient[dict[str, Any]] = MongoClient(
        settings.mongo.host,
        settings.mongo.port,
        username="app",
        password=settings.secrets.mongo["app"].get_secret_value(),
        directConnection=True,
        tz_aware=True,
        serverSelectionTimeoutMS=TIMEOUT_MS,
        socketTimeoutMS=2 * TIMEOUT_MS,
        w="majority",
        journal=True,
    )
    with client:
        database = client[DATABASE]
        for attempt in transient_retry(RETRY_SECONDS):
            with attempt, transient_errors():
                ensure_collections(database)
        signing_key = settings.secrets.record_signing.get_secret_value().encode()
        store = ArchiveStore(database, signing_key)
        run_sink(SinkLoop(consumer_config(settings, "sink_archive", GROUP), TOPICS, store))


if __name__ == "__main__":
    main()
