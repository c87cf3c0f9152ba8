"""The two errors that a caller may handle; anything else crashes the process, loudly, and the supervisor restarts it."""


class Rejected(Exception):
    """Input that will never be accepted as it is: quarantined with its bytes, place and reason, never retried.

    Attributes:
        code: a short name of the fault, stable, for grouping (`unknown_field`, `far_future`).
        reason: a sentence that says what is wrong and what would be right.
        field: the field concerned, where it is one field.
    """

    def __init__(self, code: str, reason: str, field: str | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.field = field


class Transient(Exception):
    """Something outside is not there at the moment (a server, a lock): retried with a bound, see `timecontrol.retry`."""
