"""Whether everything that was handed in has arrived: nothing waits in a folder, a buffer, the outbox or a topic."""

from collections.abc import Iterator

from timecontrol.serving.buffer import buffer_status
from timecontrol.settings import Settings
from timecontrol.stack.measures import group_lags
from timecontrol.warehouse.named_sql import named_sql
from timecontrol.warehouse.pools import connect


def waiting(settings: Settings) -> Iterator[str]:
    """What still waits, in words; nothing when all has arrived. Raises Transient when a server does not answer."""
    files = [path for path in (settings.home / "inbox").glob("*/*/*") if path.is_file() and path.name != "mapping.yaml"]
    if files:
        yield f"{len(files)} device files"
    imports = list((settings.home / "imports").glob("*.json"))
    if imports:
        yield f"{len(imports)} imports of device files that have not ended"
    buffer = buffer_status(settings)
    if buffer.entries:
        yield f"{buffer.entries:,} entries of the write buffer"
    with connect(settings, "operator") as connection:
        row = connection.execute(named_sql("summary")["outbox_depth"].for_psycopg()).fetchone()
    if row and row[0]:
        yield f"{row[0]:,} records of the outbox"
    for lag in group_lags(settings):
        if lag.records:
            yield f"{lag.records:,} records for {lag.group}"
