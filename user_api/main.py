"""Runs the API until it is told to stop."""

import uvicorn

from timecontrol.logs import configure_logs
from timecontrol.settings import load_settings
from user_api.app import make_app
from user_api.services import open_services

# The supervisor kills after 15 s; requests under way get most of that.
STOP_SECONDS = 8


def main() -> None:
    """Serve at the address of the settings."""
    configure_logs("user_api")
    settings = load_settings()
    uvicorn.run(
        make_app(open_services(settings)),
        host=settings.api.host,
        port=settings.api.port,
        loop="uvloop",
        http="httptools",
        # A line for each request would cost more than the request; faults are logged where they happen.
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=STOP_SECONDS,
    )


if __name__ == "__main__":
    main()
