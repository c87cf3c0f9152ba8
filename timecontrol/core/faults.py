"""Why the User Core does not do what was asked, where neither the input nor the caller's rights are the reason."""

from typing import Any


class Conflict(Exception):
    """The request contradicts what is there; `detail` is what it contradicts."""

    def __init__(self, code: str, reason: str, detail: dict[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.detail = detail


class NotFound(Exception):
    """There is no such thing; the message names it."""
