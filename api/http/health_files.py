"""Imports of files of health records, over REST."""

from hashlib import sha256
from typing import Annotated, BinaryIO, Final
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, File, Form, Header, Query, Request, Response, UploadFile
from starlette.exceptions import HTTPException

from api.caller import CurrentCaller, Id
from api.encrypted_forms import EncryptedForms
from api.http.pages import page_info
from api.http.uploads import AnotherSite
from api.idempotency import IdempotencyKeyReused
from api.problem_details import problem_responses
from api.views.base import Body, IsoTime, PageInfo
from api.views.health_commands import consenting_writer
from api.views.health_imports import HealthFileImport, get_import, import_page
from application.caller import Caller
from application.health.imports import MAX_FILE_BYTES, FileFormat, HealthImport
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from domain.health.choices import find_source
from domain.health.integration import NotConnected
from domain.ids import UserId
from domain.values import time_zone as checked_time_zone

NAMESPACE: Final = UUID("0d9e8a53-0d0e-5a53-9c4b-6a1f3c0e7b21")
"""Namespace of ids of imports: the same `Idempotency-Key` always leads to the same import."""

PIECE: Final = 1024 * 1024
"""Bytes that are hashed at a time."""

files = APIRouter(
    route_class=EncryptedForms,
    prefix="/v1/me/health/sources",
    tags=["health data"],
    responses=problem_responses(403, 404, 409, 413, 415, 422, 429, 503),
)
imports = APIRouter(
    prefix="/v1/me/health/imports",
    tags=["health data"],
    responses=problem_responses(403, 404, 422, 503),
)


class HealthImportPage(Body):
    """A page of imports."""

    items: list[HealthFileImport]
    page_info: PageInfo


def _own_forms_only(request: Request) -> None:
    """Reject forms of other sites, and bodies of other types."""
    if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        raise AnotherSite
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(415, "A file is sent as multipart/form-data, in the field `file`.")


@files.post(
    "/{source}/files",
    operation_id="importHealthFile",
    summary="Import a file of health records",
    status_code=202,
    dependencies=[Depends(_own_forms_only)],
)
def import_file(
    *,
    source: Id,
    caller: CurrentCaller,
    response: Response,
    file: Annotated[UploadFile, File(description="At most 250 MB and 5,000,000 records.")],
    file_format: Annotated[FileFormat, Form(alias="format")],
    time_zone: Annotated[str, Form(alias="timeZone", description="IANA time zone of the days.")],
    since: Annotated[
        IsoTime | None,
        Form(description="Only records that start at this time or later."),
    ] = None,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            description="Retries with the same key return the same import.",
        ),
    ] = None,
) -> HealthFileImport:
    """Import the records of a file in the background, as records of a connected source.

    Metrics that you do not share are rejected. Another import of the file finds its records
    unchanged.
    """
    if not file.size or file.size > MAX_FILE_BYTES:
        raise HTTPException(413 if file.size else 422, "A file has 1 byte to 250 MB.")
    platform, own = caller.platform, find_source(source)
    user_id = consenting_writer(caller, platform.new_id())
    if not platform.health.is_connected(caller.tenant_id, user_id, own):
        raise NotConnected
    new = HealthImport(
        id=_import_id(caller, user_id, idempotency_key),
        tenant_id=caller.tenant_id,
        user_id=user_id,
        source=own,
        format=file_format,
        time_zone=checked_time_zone(time_zone),
        since=since,
        digest=_digest(file.file),
        created_at=platform.clock(),
    )
    taken = platform.health_imports.submit(new, file.file)
    if (taken.digest, taken.source, taken.format, taken.since, taken.time_zone) != (
        new.digest, new.source, new.format, new.since, new.time_zone,
    ):  # fmt: skip
        raise IdempotencyKeyReused
    response.headers["Location"] = f"/v1/me/health/imports/{taken.id}"
    return HealthFileImport.of(taken)


def _digest(file: BinaryIO) -> str:
    digest = sha256()
    file.seek(0)
    while piece := file.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _import_id(caller: Caller, user_id: UserId, key: str | None) -> UUID:
    if key is None:
        return caller.platform.new_id()
    return uuid5(NAMESPACE, f"{caller.tenant_id}\x1f{user_id}\x1f{key}")


@imports.get("", operation_id="listHealthImports", summary="List your imports of files")
def list_imports(
    caller: CurrentCaller,
    response: Response,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> HealthImportPage:
    """Return a page of your imports, newest first. They are listed for some weeks."""
    page = import_page(caller, window(first, after))
    info = page_info(response, page, "/v1/me/health/imports", first=first)
    return HealthImportPage(
        items=[HealthFileImport.of(edge.row) for edge in page.edges], page_info=info
    )


@imports.get("/{import_id}", operation_id="getHealthImport", summary="Get an import of a file")
def one_import(import_id: UUID, caller: CurrentCaller) -> HealthFileImport:
    """Return how far an import is."""
    return get_import(caller, import_id)
