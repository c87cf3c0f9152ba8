"""Alerts: what a person should look at, in the log, in `<home>/logs/alerts.jsonl`, and posted where the settings say."""

import json
from datetime import UTC, datetime

import httpx
import structlog

from timecontrol.settings import Settings

log = structlog.get_logger()

# A receiver of alerts that is slow must not hold up the daemon.
POST_SECONDS = 5


def alert(settings: Settings, subject: str, message: str) -> None:
    """Tell of one thing that went wrong; a receiver that does not answer is logged, never raised."""
    record = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "subject": subject, "message": message}
    log.error("alert", **record)
    path = settings.home / "logs" / "alerts.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")
    if settings.alert_webhook is None:
        return
    try:
        httpx.post(str(settings.alert_webhook), json=record, timeout=POST_SECONDS).raise_for_status()
    except httpx.HTTPError as error:
        log.warning("alert_not_delivered", error=str(error))
