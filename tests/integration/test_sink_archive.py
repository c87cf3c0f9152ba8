"""The archive on real servers: copies of what was refused, once each, and the audit log."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.errors import WriteError

from ingestion.sinks.archive.collections import Documents
from tests.capture import archive, as_owner, as_value, captured, event, new_id, produce, refusal
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.settings import Settings


@pytest.fixture
def settings(stack: RunningStack) -> Settings:
    return stack.require("sink_archive")


@pytest.fixture
def documents(settings: Settings) -> Iterator[Documents]:
    with archive(settings) as database:
        yield database


def test_refused_payloads_are_kept_once_and_named_by_their_place(settings: Settings, documents: Documents) -> None:
    raw = b'{"cut of' + new_id().encode()
    digest = hashlib.sha256(raw).hexdigest()
    places = produce(settings, [raw, as_value(event("archive")), raw], key="archive")
    eventually(lambda: documents["quarantine"].count_documents({"payload_sha256": digest}) == 2)
    found = documents["quarantine"].find({"payload_sha256": digest}).sort("place")
    assert [(each["place"], each["code"], bytes(each["record_key"])) for each in found] == [
        (f"punches.v1/{partition}/{offset}", "malformed_json", b"archive")
        for partition, offset in (places[0], places[2])
    ]
    [payload] = documents["punch_payloads"].find({"_id": digest})
    assert bytes(payload["payload"]) == raw


def copies(documents: Documents, place: tuple[int, int]) -> list[dict[str, Any]]:
    """What the archive holds of the record at this place of the topic as it is now."""
    return list(documents["quarantine"].find({"place": f"punches.v1/{place[0]}/{place[1]}"}))


def test_what_only_postgres_can_tell_is_copied_too(stack: RunningStack, documents: Documents) -> None:
    settings = stack.require("sink_archive", "sink_postgres")
    who = f"archive-{new_id()}"
    first = event(who)
    other = first | {"kind": "clock_out"}
    broken = b'{"cut of' + new_id().encode()
    as_owner(settings, f"alter table raw.punches add constraint archive check (employee_id <> '{who}x') not valid")
    try:
        [*_, conflict] = produce(settings, [as_value(first), as_value(other)], key=who)
        [impossible, cut] = produce(settings, [as_value(event(f"{who}x")), broken], key=who)
        eventually(lambda: refusal(settings, impossible))
    finally:
        as_owner(settings, "alter table raw.punches drop constraint archive")
    for place, code, payload in (
        (conflict, "content_conflict", as_value(other)),
        (impossible, "refused_by_database", None),
        # The archive finds this one by itself, and again in the quarantine.
        (cut, "malformed_json", broken),
    ):
        stored = refusal(settings, place)
        assert stored is not None
        assert stored[0] == code
        [copy] = eventually(lambda place=place: copies(documents, place))
        assert (copy["code"], copy["topic"], bytes(copy["record_key"])) == (code, "punches.v1", who.encode())
        [kept] = documents["punch_payloads"].find({"_id": copy["payload_sha256"]})
        assert bytes(kept["payload"]) == (payload or bytes(stored[1]))


def test_lines_of_device_files_are_copied(stack: RunningStack, documents: Documents) -> None:
    settings = stack.require("sink_archive", "postgres")
    place = f"file:{new_id()}#3"
    as_owner(
        settings,
        "insert into raw.quarantine (source, place, code, reason, payload) values ('device_file', %s, 'no_time', 'none', 'x')",
        place,
    )
    [copy] = eventually(lambda: list(documents["quarantine"].find({"place": place})))
    assert (copy["_id"], copy["topic"], copy["headers"]) == (f"device_file/{place}", None, [])


def test_the_copies_of_the_quarantine_are_made_once_whatever_is_killed(stack: RunningStack) -> None:
    settings = stack.require("sink_archive", "sink_postgres")
    who = f"archive-{new_id()}"
    first = event(who)
    repeats = [as_value(first | {"kind": "clock_out", "site_id": f"S{number}"}) for number in range(400)]
    stack.down(["sink_archive"])
    try:
        places = produce(settings, [as_value(first), *repeats], key=who)[1:]
        eventually(lambda: refusal(settings, places[-1]))
    finally:
        stack.up(["sink_archive"])
    wanted = {"place": {"$in": [f"punches.v1/{partition}/{offset}" for partition, offset in places]}}
    with archive(settings) as documents:
        eventually(lambda: documents["quarantine"].count_documents(wanted) > 0)
        stack.kill(["sink_archive"])
        eventually(lambda: documents["quarantine"].count_documents(wanted) == len(repeats))
        # From the start again, as after the loss of its position.
        documents["archive_positions"].delete_many({"topic": "raw.quarantine"})
        eventually(lambda: documents["archive_positions"].count_documents({"topic": "raw.quarantine"}) == 1)
        assert documents["quarantine"].count_documents(wanted) == len(repeats)


def test_administrative_acts_become_the_audit_log(settings: Settings, documents: Documents) -> None:
    act = new_id()
    value = {
        "entity": "act",
        "id": act,
        "change": "created",
        "data": {"act": "quarantine.discard", "subject": "quarantine/17", "detail": {"reason": "test", "a.b": "$x"}},
        "actor": "ada",
        "at": "2026-03-02T08:00:00Z",
    }
    impossible = value | {"id": new_id(), "data": {"act": "x", "subject": "y", "detail": {"number": 2**70}}}
    # The outbox may send an act twice.
    values = [as_value(impossible), as_value(value), as_value(value)]
    produce(settings, values, key=f"act:{act}", user="outbox", topic="core.changes.v1")
    log = documents["audit_log"]
    eventually(lambda: log.count_documents({"_id": act}) == 1)
    found = log.find_one({"_id": act})
    assert found is not None
    assert (found["actor"], found["subject"], found["detail"]) == (
        "ada",
        "quarantine/17",
        {"reason": "test", "a.b": "$x"},
    )
    assert found["at"] == datetime(2026, 3, 2, 8, tzinfo=UTC)
    digest = hashlib.sha256(as_value(impossible)).hexdigest()
    # Written after the acts of its batch.
    eventually(lambda: documents["quarantine"].count_documents({"payload_sha256": digest}) == 1)


def test_validators_refuse_what_has_another_shape(documents: Documents) -> None:
    for name in ("quarantine", "punch_payloads", "audit_log"):
        with pytest.raises(WriteError, match="Document failed validation"):
            documents[name].insert_one({"_id": f"test-{new_id()}", "colour": "green"})


def test_while_mongo_is_down_punches_go_on_and_the_archive_catches_up(stack: RunningStack, settings: Settings) -> None:
    stack.require("sink_postgres")
    who = f"archive-{new_id()}"
    raw = json.dumps({"cut": who}).encode()
    stack.down(["sink_archive", "mongo"])
    try:
        produce(settings, [raw, as_value(event(who))], key=who)
        eventually(lambda: len(captured(settings, who)) == 1)
    finally:
        stack.up(["mongo", "sink_archive"])
    with archive(settings) as documents:
        digest = hashlib.sha256(raw).hexdigest()
        eventually(lambda: documents["punch_payloads"].count_documents({"_id": digest}) == 1)
