"""Documents: kept in MongoDB, described in the cache, for the eyes of those concerned only."""

import hashlib
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from bson import ObjectId
from pymongo import MongoClient
from pymongo.database import Database

from tests.integration.api_client import NEEDED, Api, new_id
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.clock import SystemClock
from timecontrol.serving.document_cache import Cached, DocumentCache
from timecontrol.serving.documents import BUCKET, COLLECTION, DATABASE, Document, DocumentStore
from timecontrol.serving.redis_client import read_redis
from timecontrol.settings import MongoUser, Settings
from timecontrol.warehouse.pools import connect


@pytest.fixture(scope="module")
def settings(stack: RunningStack) -> Settings:
    return stack.require(*NEEDED)


@pytest.fixture(scope="module")
def api(settings: Settings) -> Api:
    return Api(settings)


def upload(
    client: httpx.Client, employee_id: str, content: bytes, kind: str = "sick_note", name: str = "note.pdf"
) -> httpx.Response:
    files = {"file": (name, content, "application/pdf")}
    return client.post(f"/v1/employees/{employee_id}/documents", files=files, data={"kind": kind})


def mongo(settings: Settings, user: MongoUser = "operator") -> Database[dict[str, Any]]:
    password = settings.secrets.mongo[user].get_secret_value()
    client: MongoClient[dict[str, Any]] = MongoClient(
        settings.mongo.host, settings.mongo.port, username=user, password=password, directConnection=True
    )
    return client[DATABASE]


def test_a_document_is_kept_read_replaced_and_deleted_and_the_cache_is_never_stale(
    api: Api, settings: Settings
) -> None:
    employee = api.employee()
    first, second = (f"{new_id('text')} {number}".encode() * 100_000 for number in (1, 2))
    made = upload(api.admin, employee, first, name="..\\Übung/Vertrag.pdf", kind="contract")
    assert made.status_code == 201
    place = f"/v1/documents/{made.json()['document_id']}"
    assert (made.json()["file_name"], made.json()["sha256"]) == ("Vertrag.pdf", hashlib.sha256(first).hexdigest())
    database = mongo(settings)
    assert database[f"{BUCKET}.files"].count_documents({"filename": made.json()["sha256"]}) == 1

    content = api.admin.get(f"{place}/content")
    assert (content.content, content.headers["content-type"]) == (first, "application/pdf")
    assert content.headers["content-disposition"].startswith("attachment")
    assert api.admin.get(place).headers["x-cache"] == "hit"

    replaced = api.admin.put(place, files={"file": ("new.pdf", second, "application/pdf")})
    assert (replaced.status_code, replaced.json()["version"]) == (200, 2)
    assert api.admin.get(place).json() == replaced.json()
    assert api.admin.get(f"{place}/content").content == second
    assert database[f"{BUCKET}.files"].count_documents({"filename": made.json()["sha256"]}) == 0

    assert api.admin.delete(place).status_code == 204
    assert api.admin.get(place).status_code == 404
    assert api.admin.get(f"/v1/employees/{employee}/documents").json() == []
    with connect(settings, "operator") as connection:
        acts = connection.execute(
            "select act from core.administrative_acts where subject = %s order by act_id",
            (f"document/{made.json()['document_id']}",),
        ).fetchall()
    assert acts == [("document.created",), ("document.updated",), ("document.deleted",)]


def test_the_second_read_comes_from_redis(stack: RunningStack, api: Api) -> None:
    employee = api.employee()
    place = f"/v1/documents/{upload(api.admin, employee, b'x').json()['document_id']}"
    stack.down(["read_redis"])
    stack.up(["read_redis"])

    eventually(lambda: api.admin.get(place).headers["x-cache"] == "miss")
    eventually(lambda: api.admin.get(place).headers["x-cache"] == "hit")


def test_the_same_bytes_twice_are_two_documents(api: Api) -> None:
    content = new_id("same").encode()
    places = [f"/v1/documents/{upload(api.admin, api.employee(), content).json()['document_id']}" for _ in range(2)]
    assert api.admin.delete(places[0]).status_code == 204
    assert api.admin.get(f"{places[1]}/content").content == content


def test_bytes_without_a_document_are_swept_out_when_they_are_old(api: Api, settings: Settings) -> None:
    upload(api.admin, api.employee(), b"so that the collections exist").raise_for_status()
    with closing(DocumentStore(settings, SystemClock())) as left_behind:
        old, young = ObjectId(left_behind.keep(b"old")), ObjectId(left_behind.keep(b"young"))
    writer = mongo(settings, "app")
    writer[f"{BUCKET}.files"].update_one({"_id": old}, {"$set": {"uploadDate": datetime(2026, 1, 1, tzinfo=UTC)}})
    with closing(DocumentStore(settings, SystemClock())) as next_process:
        next_process.keep(b"another")
    found = [each["_id"] for each in writer[f"{BUCKET}.files"].find({"_id": {"$in": [old, young]}})]
    assert found == [young]


def test_unauthorised_reads_are_refused_and_recorded(api: Api, settings: Settings) -> None:
    boss_id = api.employee()
    employee = api.employee(manager_id=boss_id)
    owner = api.person("employee", employee_id=employee)
    note = upload(owner, employee, b"sick note").json()
    place = f"/v1/documents/{note['document_id']}"
    assert owner.get(place).status_code == 200
    assert upload(owner, employee, b"contract", kind="contract").status_code == 403
    boss = api.person("manager", "employee", employee_id=boss_id)
    answers = [boss.get(place), boss.get(f"{place}/content"), api.device().get(place)]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert answers[0].json()["reason"] == f"You may not open the documents of employee {employee!r}."
    assert owner.delete(place).status_code == 403
    with connect(settings, "operator") as connection:
        refused = connection.execute(
            "select subject, detail ->> 'method' from core.administrative_acts where act = 'access.refused' and subject like %s",
            (f"{place}%",),
        ).fetchall()
    assert sorted(refused) == [(place, "DELETE"), (place, "GET"), (place, "GET"), (f"{place}/content", "GET")]


def test_sixteen_megabytes_and_one_byte_more(api: Api) -> None:
    employee = api.employee()
    limit = 16 * 1024 * 1024
    made = upload(api.admin, employee, b"\x00" * limit)
    assert made.status_code == 201
    assert len(api.admin.get(f"/v1/documents/{made.json()['document_id']}/content").content) == limit
    refused = upload(api.admin, employee, b"\x00" * (limit + 1))
    assert (refused.status_code, refused.json()["code"]) == (422, "too_large")
    assert upload(api.admin, employee, b"").json()["code"] == "empty_document"
    assert upload(api.admin, employee, b"x", kind="novel").status_code == 422


@pytest.mark.parametrize("media_type", ["text/pl\x01ain", "text/\x00", "text", "text/plain; name=Übung"])
def test_a_media_type_that_no_download_could_name_is_refused(api: Api, media_type: str) -> None:
    content = f'--cut\r\nContent-Disposition: form-data; name="file"; filename="a"\r\nContent-Type: {media_type}\r\n\r\nx\r\n--cut--'
    answer = api.admin.post(
        f"/v1/employees/{api.employee()}/documents",
        content=content.encode(),
        headers={"Content-Type": "multipart/form-data; boundary=cut"},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_media_type"), answer.text


def test_a_file_name_loses_its_control_characters(api: Api) -> None:
    content = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="no\x00te\x1f.txt"\r\n\r\nx\r\n--cut--'
    headers = {"Content-Type": "multipart/form-data; boundary=cut"}
    made = api.admin.post(f"/v1/employees/{api.employee()}/documents", content=content, headers=headers)
    assert (made.status_code, made.json()["file_name"]) == (201, "note.txt"), made.text
    found = api.admin.get(f"/v1/documents/{made.json()['document_id']}/content")
    assert (found.content, found.headers["content-type"]) == (b"x", "application/octet-stream")


def test_of_two_changes_the_cache_keeps_the_later_whoever_tells_it_first(api: Api, settings: Settings) -> None:
    made = upload(api.admin, api.employee(), b"x").json()
    cache = DocumentCache(read_redis(settings))
    first = Document(**made, file_id="none")
    third, second = (first.model_copy(update={"version": version}) for version in (3, 2))
    cache.changed(first.document_id, third)
    cache.changed(first.document_id, second)
    assert cache.get(first.document_id) == Cached(document=third)
    cache.changed(first.document_id, None)
    cache.changed(first.document_id, third)
    assert cache.get(first.document_id) == Cached(document=None)


def test_the_validator_refuses_what_is_no_document(settings: Settings, api: Api) -> None:
    upload(api.admin, api.employee(), b"so that the collection exists").raise_for_status()
    options = mongo(settings)[COLLECTION].options()
    assert options["validator"]["$jsonSchema"]["additionalProperties"] is False
    assert "employee_id_1_uploaded_at_-1" in mongo(settings)[COLLECTION].index_information()


def test_while_mongo_is_down_only_documents_are_unavailable(stack: RunningStack, api: Api) -> None:
    employee = api.employee()
    stack.down(["mongo"])
    try:
        answer = api.admin.get(f"/v1/employees/{employee}/documents")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert upload(api.admin, employee, b"x").status_code == 503
        assert api.admin.get(f"/v1/employees/{employee}").status_code == 200
        punch = {"employee_id": employee, "kind": "clock_in", "occurred_at": "2026-05-04T08:00:00Z"}
        assert api.device().post("/v1/punches", json=punch).status_code == 202
    finally:
        stack.up(["mongo"])
    assert upload(api.admin, employee, b"x").status_code == 201
