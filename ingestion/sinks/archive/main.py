"""The process of the archive sink: `python -m ingestion.sinks.archive.main`."""

import os
import threading
from functools import partial
from typing import Any

import structlog
from pymongo import MongoClient

from ingestion.sinks.archive.collections import ensure_collections
from ingestion.sinks.archive.quarantine import follow
from ingestion.sinks.archive.store import TOPICS, ArchiveStore, transient_writes
from ingestion.sinks.client import consumer_config
from ingestion.sinks.loop import RETRY_SECONDS, SinkLoop
from ingestion.sinks.run import run_sink
from timecontrol.alerts import alert
from timecontrol.logs import configure_logs
from timecontrol.retry import transient_retry
from timecontrol.settings import load_settings
from timecontrol.warehouse.pools import open_pool

log = structlog.get_logger()

GROUP = "timecontrol.sink_archive"
DATABASE = "timecontrol"

# A server on one network answers in milliseconds; what takes longer is retried, so that a request to stop is seen.
TIMEOUT_MS = 5_000


def main() -> None:
    """Copy refused payloads and administrative acts into MongoDB until SIGTERM.

    The quarantine of PostgreSQL is followed by a thread of its own: while that server is down, the topics go on.
    """
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
    with client, open_pool(settings, "archive", max_size=1) as pool:
        database = client[DATABASE]
        for attempt in transient_retry(RETRY_SECONDS):
            with attempt, transient_writes():
                ensure_collections(database)
        threading.excepthook = end_process
        threading.Thread(target=follow, args=(pool, database), name="quarantine", daemon=True).start()
        signing_key = settings.secrets.record_signing.get_secret_value().encode()
        store = ArchiveStore(database, signing_key)
        config = consumer_config(settings, "sink_archive", GROUP)
        run_sink(SinkLoop(config, TOPICS, store, partial(alert, settings)), settings)


def end_process(failure: threading.ExceptHookArgs) -> None:
    """What a thread did not expect ends the process, as it would in the main thread; the supervisor starts it anew."""
    log.critical("thread_failed", exc_info=(failure.exc_type, failure.exc_value, failure.exc_traceback))
    # sys.exit would end this thread alone. Being killed anywhere loses nothing.
    os._exit(1)


if __name__ == "__main__":
    main()
