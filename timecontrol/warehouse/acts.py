"""Administrative acts: who did what to whom, written in the transaction of the act itself, and announced by the outbox."""

from collections.abc import Mapping

import msgspec
from psycopg.types.json import Jsonb

from timecontrol.contracts.core_change import CLOUDEVENT_TYPE, TOPIC, CoreChange
from timecontrol.warehouse.outbox_store import add
from timecontrol.warehouse.pools import Connection

INSERT = """
insert into core.administrative_acts (actor, act, subject, detail) values (%s, %s, %s, %s) returning act_id, acted_at
"""


def record_act(connection: Connection, actor: str, act: str, subject: str, detail: Mapping[str, object]) -> None:
    """Write down an act (`quarantine.discard`) on a subject (`quarantine/17`), in the caller's transaction."""
    found = connection.execute(INSERT, (actor, act, subject, Jsonb(detail))).fetchone()
    assert found is not None
    act_id, acted_at = found
    change = CoreChange(
        entity="act",
        id=str(act_id),
        change="created",
        data={"act": act, "subject": subject, "detail": dict(detail)},
        actor=actor,
        at=acted_at,
    )
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_type", CLOUDEVENT_TYPE.encode()),
        ("ce_id", f"act/{act_id}".encode()),
        ("ce_source", b"user_core"),
        ("content-type", b"application/json"),
    ]
    add(connection, TOPIC, f"act:{act_id}", headers, msgspec.json.encode(change))
