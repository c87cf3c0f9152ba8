"""The journal of acceptances: what the API has said yes to, for `timecontrol reconcile` to find again in PostgreSQL."""

import errno
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from timecontrol.contracts.errors import Transient


class Journal:
    """Appends to `<home>/journal/acceptances-<date>.jsonl`, a line for each request: `{"event_ids": […], "accepted_at": …}`.

    The punches themselves are safe when this is written; the journal is what they are held against.
    """

    def __init__(self, home: Path) -> None:
        self._folder = home / "journal"
        self._folder.mkdir(parents=True, exist_ok=True)

    def write(self, event_ids: Sequence[str], accepted_at: datetime) -> None:
        """Add one acceptance; raises Transient when the disk is full, also where it took a part of the line."""
        line = msgspec.json.encode({"event_ids": event_ids, "accepted_at": accepted_at}) + b"\n"
        path = self._folder / f"acceptances-{accepted_at.date().isoformat()}.jsonl"
        # One write of one line: processes that append side by side do not mix their lines.
        try:
            with path.open("ab", buffering=0) as file:
                written = file.write(line)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            raise Transient(f"the journal: {error}") from error
        if written != len(line):
            raise Transient(f"the journal: {written} of {len(line)} bytes were written to {path}")
