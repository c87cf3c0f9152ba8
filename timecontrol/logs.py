"""Structured logs: one JSON object a line on standard error, instants in UTC, `service` in each."""

import logging
import sys

import structlog


def configure_logs(service: str) -> None:
    """Set up logging of this process; call once, first thing in `main`. `service` is the name in the supervisor."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    structlog.contextvars.bind_contextvars(service=service)
