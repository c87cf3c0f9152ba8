"""The one source of now: injected, so that tests and simulations choose the instant."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Something that tells the instant."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands at one instant until it is set to another."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.instant
