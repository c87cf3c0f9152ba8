"""Contracts, sick notes and other papers of employees; up to 16 MB each."""

import re
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Response, UploadFile
from pydantic import BaseModel

from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import Name
from timecontrol.core.access import Forbidden
from timecontrol.core.faults import Conflict, NotFound
from timecontrol.core.people import check_right, need_person
from timecontrol.core.schedule import new_id
from timecontrol.core.tokens import Claims
from timecontrol.serving.document_cache import Cached
from timecontrol.serving.documents import Document, DocumentKind, sha256
from timecontrol.warehouse.core_store import announce, transaction
from user_api.auth import Caller, Hr
from user_api.errors import FAULTS, Fault
from user_api.services import Services, ServicesOf

router = APIRouter(
    prefix="/v1",
    tags=["documents"],
    responses=FAULTS | {404: {"model": Fault, "description": "There is no such document"}},
)

# The design's limit; a scanned contract of 30 pages has 5 MB.
MAX_DOCUMENT_BYTES = 16 * 1024 * 1024
# What is sent inline could be shown by the browser as a page of ours; so everything is a download.
HARMLESS = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}

# RFC 9110: type and subtype are tokens, parameters follow; more than ASCII a header cannot carry.
MEDIA_TYPE = re.compile(r"[!#$%&'*+.^_`|~\w-]+/[!#$%&'*+.^_`|~\w-]+[ \t]*(;[\t\x20-\x7e]*)?", re.ASCII)
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")

Upload = Annotated[UploadFile, File(description="Up to 16 MB")]


class DocumentView(BaseModel):
    """A document without its bytes."""

    document_id: str
    employee_id: str
    kind: DocumentKind
    file_name: str
    media_type: str
    byte_count: int
    sha256: str
    version: int
    uploaded_by: str
    uploaded_at: datetime


@router.post("/employees/{employee_id}/documents", status_code=201)
def upload(
    employee_id: Name,
    claims: Caller,
    services: ServicesOf,
    file: Upload,
    kind: Annotated[DocumentKind, Form()] = "other",
) -> DocumentView:
    """Keep a document. Employees hand in their own sick notes; contracts are for HR."""
    now = services.clock.now()
    with transaction(services.engine) as session:
        check_right(session, claims, "documents", employee_id, now.date())
        need_person(session, employee_id, now.date())
    if kind == "contract" and "hr" not in claims.roles:
        raise Forbidden("Contracts are filed by HR.")
    content = read_upload(file)
    document = Document(
        document_id=new_id(),
        employee_id=employee_id,
        kind=kind,
        file_name=file_name(file),
        media_type=media_type(file),
        byte_count=len(content),
        sha256=sha256(content),
        file_id=services.documents.keep(content),
        version=1,
        uploaded_by=claims.actor,
        uploaded_at=milliseconds(now),
    )
    with transaction(services.engine) as session:
        announce(session, "document", document.document_id, "created", described(document), claims.actor, now)
        # Last before the commit: what MongoDB does not take is not announced. A crash in between leaves a document
        # that nobody was told of.
        services.documents.add(document)
    services.document_cache.changed(document.document_id, document)
    return view(document)


@router.get("/employees/{employee_id}/documents")
def employee_documents(employee_id: Name, claims: Caller, services: ServicesOf) -> list[DocumentView]:
    """The documents of an employee, for themselves and HR."""
    check(services, claims, employee_id)
    return [view(document) for document in services.documents.of_employee(employee_id)]


@router.get("/documents/{document_id}")
def document(document_id: Name, claims: Caller, services: ServicesOf, response: Response) -> DocumentView:
    """What a document is; `X-Cache` says whether the Read Redis knew (`hit`) or MongoDB was asked (`miss`)."""
    return view(visible(services, claims, document_id, response))


@router.get(
    "/documents/{document_id}/content",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The bytes, as a download"}},
)
def document_content(document_id: Name, claims: Caller, services: ServicesOf) -> Response:
    """The bytes of a document."""
    response = Response(headers=HARMLESS)
    found = visible(services, claims, document_id, response)
    content = services.documents.content(found)
    if content is None:
        raise NotFound(f"There is no document {document_id!r}.")
    headers = dict(response.headers) | {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.file_name, safe='')}",
        "ETag": f'"{found.sha256}"',
    }
    headers.pop("content-length")
    return Response(content, media_type=found.media_type, headers=headers)


@router.put(
    "/documents/{document_id}", responses={409: {"model": Fault, "description": "Replaced by somebody else meanwhile"}}
)
def replace(document_id: Name, claims: Hr, services: ServicesOf, file: Upload) -> DocumentView:
    """Put new bytes in place of the old ones."""
    before = services.documents.find(document_id)
    if before is None:
        raise NotFound(f"There is no document {document_id!r}.")
    check(services, claims, before.employee_id)
    now = services.clock.now()
    content = read_upload(file)
    changes: dict[str, Any] = {
        "file_name": file_name(file),
        "media_type": media_type(file),
        "byte_count": len(content),
        "sha256": sha256(content),
        "file_id": services.documents.keep(content),
        "version": before.version + 1,
        "uploaded_by": claims.actor,
        "uploaded_at": milliseconds(now),
    }
    after = before.model_copy(update=changes)
    with transaction(services.engine) as session:
        announce(session, "document", document_id, "updated", described(after), claims.actor, now)
        if not services.documents.replace(after):
            raise Conflict("changed_meanwhile", "Somebody else has changed the document: read it again.")
    services.document_cache.changed(document_id, after)
    return view(after)


@router.delete("/documents/{document_id}", status_code=204)
def delete(document_id: Name, claims: Hr, services: ServicesOf) -> None:
    """Delete a document with its bytes; that there was one stays written down."""
    before = services.documents.find(document_id)
    if before is None:
        raise NotFound(f"There is no document {document_id!r}.")
    check(services, claims, before.employee_id)
    now = services.clock.now()
    with transaction(services.engine) as session:
        announce(session, "document", document_id, "deleted", described(before), claims.actor, now)
        services.documents.remove(before)
    services.document_cache.changed(document_id, None)


def visible(services: Services, claims: Claims, document_id: str, response: Response) -> Document:
    """The document, from the cache or from MongoDB, if the caller may see it; raises NotFound or Forbidden."""
    known: Cached | None = services.document_cache.get(document_id)
    response.headers["X-Cache"] = "miss" if known is None else "hit"
    found = services.documents.find(document_id) if known is None else known.document
    if found is None:
        raise NotFound(f"There is no document {document_id!r}.")
    if known is None:
        services.document_cache.fill(found)
    check(services, claims, found.employee_id)
    return found


def check(services: Services, claims: Claims, employee_id: str) -> None:
    """Raise Forbidden unless the caller may see the employee's documents."""
    with transaction(services.engine) as session:
        check_right(session, claims, "documents", employee_id, services.clock.now().date())


def read_upload(file: UploadFile) -> bytes:
    """The bytes; raises Rejected for none or too many."""
    content = file.file.read(MAX_DOCUMENT_BYTES + 1)
    if len(content) > MAX_DOCUMENT_BYTES:
        raise Rejected("too_large", f"the document has more than {MAX_DOCUMENT_BYTES} bytes", "file")
    if not content:
        raise Rejected("empty_document", "the document is empty: choose another file", "file")
    return content


def file_name(file: UploadFile) -> str:
    """The name without folders and control characters, cut to what file systems take."""
    name = CONTROL_CHARACTERS.sub("", file.filename or "").replace("\\", "/").rsplit("/", 1)[-1]
    return name[-200:] or "document"


def media_type(file: UploadFile) -> str:
    """What the client says the bytes are; raises Rejected for what is no media type: no download could name it."""
    given = file.content_type or "application/octet-stream"
    if not MEDIA_TYPE.fullmatch(given):
        raise Rejected("invalid_media_type", f"the Content-Type {given!r} of the file is no media type", "file")
    return given


def milliseconds(moment: datetime) -> datetime:
    """An instant as MongoDB keeps it, so that the cache and the collection say the same."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def described(document: Document) -> dict[str, Any]:
    """What is announced of a document: all but its bytes."""
    return document.model_dump(exclude={"file_id"})


def view(document: Document) -> DocumentView:
    """A document as the API shows it."""
    return DocumentView(**described(document))
