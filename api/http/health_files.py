"""Import of health records from a file, over REST."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from starlette.exceptions import HTTPException

from api.caller import CurrentCaller, Id
from api.encrypted_forms import EncryptedForms
from api.http.uploads import AnotherSite
from api.problem_details import problem_responses
from api.views.base import Body
from api.views.health_commands import RejectedRecord, consenting_writer
from application.caller import ANONYMOUS
from application.health.imports import MAX_FILE_BYTES, FileFormat
from domain.health.choices import find_source

router = APIRouter(
    route_class=EncryptedForms,
    prefix="/v1/me/health/sources",
    tags=["health data"],
    responses=problem_responses(403, 404, 413, 415, 422, 429, 503),
)


class HealthFileImported(Body):
    """Counts of an import, and the first 100 of the records that were not taken."""

    accepted: int
    unchanged: int
    rejected: int
    rejections: list[RejectedRecord]
    position: int


def _own_forms_only(request: Request) -> None:
    """Reject forms of other sites, and bodies of other types."""
    if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        raise AnotherSite
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(415, "A file is sent as multipart/form-data, in the field `file`.")


@router.post(
    "/{source}/files",
    operation_id="importHealthFile",
    summary="Import a file of health records",
    dependencies=[Depends(_own_forms_only)],
)
def import_file(
    *,
    source: Id,
    caller: CurrentCaller,
    file: Annotated[UploadFile, File(description="At most 64 MiB and 20,000 records.")],
    file_format: Annotated[FileFormat, Form(alias="format")],
    time_zone: Annotated[str, Form(alias="timeZone", description="IANA time zone of the days.")],
    since: Annotated[
        datetime | None, Form(description="Only records that start at this time or later.")
    ] = None,
) -> HealthFileImported:
    """Store the records of a file as records of a connected source, in metrics that you share.

    Another import of the file finds them unchanged.
    """
    if not file.size or file.size > MAX_FILE_BYTES:
        raise HTTPException(413 if file.size else 422, "A file has 1 byte to 64 MiB.")
    if since is not None and since.tzinfo is None:
        raise HTTPException(422, "The time `since` needs a time zone.")
    command_id = caller.platform.new_id()
    done = caller.platform.health_imports.take(
        consenting_writer(caller, command_id),
        find_source(source),
        file.file,
        file_format,
        time_zone,
        since,
        origin=caller.origin(ANONYMOUS),
        command_id=command_id,
    )
    return HealthFileImported(
        accepted=done.accepted,
        unchanged=done.unchanged,
        rejected=done.rejected,
        rejections=[RejectedRecord.of(each) for each in done.refused],
        position=done.position,
    )
