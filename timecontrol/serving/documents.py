"""Documents of employees in MongoDB: the bytes in GridFS under their SHA-256, what they are in `employee_documents`.

GridFS takes part in no transaction. So bytes are kept before the description that names them, and deleted after it;
what a crash leaves between the two is swept out when the next process starts to write.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

import gridfs
from bson import ObjectId
from pydantic import BaseModel
from pymongo import ASCENDING, DESCENDING, IndexModel, MongoClient
from pymongo.errors import CollectionInvalid

from timecontrol.clock import Clock
from timecontrol.mongo_errors import transient_errors
from timecontrol.settings import Settings

DATABASE = "timecontrol"
COLLECTION = "employee_documents"
#: The bucket's collections are `document_bytes.files` and `document_bytes.chunks`.
BUCKET = "document_bytes"

DocumentKind = Literal["contract", "sick_note", "other"]

# A server that is there answers within milliseconds; a request for a document waits no longer than this for another.
SELECTION_TIMEOUT_MS = 2_000
# 16 MB over a slow disk.
SOCKET_TIMEOUT_MS = 10_000

# An upload that is under way has bytes and no description yet; it does not take so long.
SWEEP_AFTER = timedelta(hours=1)

TEXT = {"bsonType": "string"}
VALIDATOR = {
    "$jsonSchema": {
        "bsonType": "object",
        "required": [
            *("_id", "employee_id", "kind", "file_name", "media_type", "byte_count", "sha256", "file_id"),
            *("version", "uploaded_by", "uploaded_at"),
        ],
        "properties": {
            "_id": TEXT,
            "employee_id": TEXT,
            "kind": {"enum": list(get_args(DocumentKind))},
            "file_name": TEXT,
            "media_type": TEXT,
            "byte_count": {"bsonType": ["int", "long"]},
            "sha256": {"bsonType": "string", "pattern": "^[0-9a-f]{64}$"},
            "file_id": {"bsonType": "objectId"},
            "version": {"bsonType": ["int", "long"]},
            "uploaded_by": TEXT,
            "uploaded_at": {"bsonType": "date"},
        },
        "additionalProperties": False,
    }
}
# One index for each query: the documents of an employee, the newest first; who uses a file (the sweep).
INDEXES = [
    IndexModel([("employee_id", ASCENDING), ("uploaded_at", DESCENDING)]),
    IndexModel([("file_id", ASCENDING)], unique=True),
]


class Document(BaseModel, frozen=True):
    """What a document is; `file_id` names its bytes in GridFS, where they are filed under `sha256`."""

    document_id: str
    employee_id: str
    kind: DocumentKind
    file_name: str
    media_type: str
    byte_count: int
    sha256: str
    file_id: str
    version: int
    uploaded_by: str
    uploaded_at: datetime


def sha256(content: bytes) -> str:
    """The name of bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


class DocumentStore:
    """Documents; safe to share between threads. Every method raises Transient while MongoDB is away."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._clock = clock
        self._client: MongoClient[dict[str, Any]] = MongoClient(
            settings.mongo.host,
            settings.mongo.port,
            username="app",
            password=settings.secrets.mongo["app"].get_secret_value(),
            directConnection=True,
            tz_aware=True,
            serverSelectionTimeoutMS=SELECTION_TIMEOUT_MS,
            socketTimeoutMS=SOCKET_TIMEOUT_MS,
            w="majority",
            journal=True,
            readConcernLevel="majority",
        )
        self._documents = self._client[DATABASE][COLLECTION]
        self._bytes = gridfs.GridFSBucket(self._client[DATABASE], BUCKET)
        self._ready = False

    def keep(self, content: bytes) -> str:
        """Keep bytes, and return the id for the document that is to name them."""
        with transient_errors():
            self._prepare()
            return str(self._bytes.upload_from_stream(sha256(content), content))

    def add(self, document: Document) -> None:
        """Keep a new document, whose bytes are kept already."""
        with transient_errors():
            self._documents.insert_one(stored(document))

    def replace(self, document: Document) -> bool:
        """Put a new version in place of the one before; False when that is not what is there any more."""
        with transient_errors():
            expected = {"_id": document.document_id, "version": document.version - 1}
            before = self._documents.find_one_and_replace(expected, stored(document))
            if before is None:
                return False
            self._forget(before["file_id"])
            return True

    def remove(self, document: Document) -> None:
        """Delete a document, its bytes first: a description without bytes can be deleted again, not the reverse."""
        with transient_errors():
            self._forget(ObjectId(document.file_id))
            self._documents.delete_one({"_id": document.document_id})

    def find(self, document_id: str) -> Document | None:
        """What a document is, None when there is none."""
        with transient_errors():
            found = self._documents.find_one({"_id": document_id})
        return None if found is None else described(found)

    def of_employee(self, employee_id: str) -> list[Document]:
        """The documents of an employee, the newest first."""
        with transient_errors():
            found = self._documents.find({"employee_id": employee_id}).sort("uploaded_at", DESCENDING)
            return [described(each) for each in found]

    def content(self, document: Document) -> bytes | None:
        """The bytes of a document, None when they were deleted or replaced meanwhile."""
        with transient_errors():
            try:
                return self._bytes.open_download_stream(ObjectId(document.file_id)).read()
            except gridfs.NoFile:
                return None

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def _forget(self, file_id: ObjectId) -> None:
        try:
            self._bytes.delete(file_id)
        except gridfs.NoFile:
            return

    def _prepare(self) -> None:
        """Make collection, validator and indexes where they are missing, and sweep; once for each process."""
        if self._ready:
            return
        database = self._client[DATABASE]
        try:
            database.create_collection(COLLECTION, validator=VALIDATOR)
        except CollectionInvalid:
            database.command("collMod", COLLECTION, validator=VALIDATOR)
        self._documents.create_indexes(INDEXES)
        for file_id in self._unused():
            self._forget(file_id)
        self._ready = True

    def _unused(self) -> list[ObjectId]:
        """Bytes that no document names."""
        users = {"from": COLLECTION, "localField": "_id", "foreignField": "file_id", "as": "users"}
        old = {"uploadDate": {"$lt": self._clock.now() - SWEEP_AFTER}}
        steps: list[dict[str, Any]] = [{"$match": old}, {"$lookup": users}, {"$match": {"users": []}}]
        return [file["_id"] for file in self._client[DATABASE][f"{BUCKET}.files"].aggregate(steps)]


def stored(document: Document) -> dict[str, Any]:
    """A document as the collection keeps it."""
    fields = document.model_dump(exclude={"document_id", "file_id"})
    return {"_id": document.document_id, "file_id": ObjectId(document.file_id)} | fields


def described(found: dict[str, Any]) -> Document:
    """A document of the collection."""
    fields = {name: value for name, value in found.items() if name not in {"_id", "file_id"}}
    return Document(document_id=found["_id"], file_id=str(found["file_id"]), **fields)
