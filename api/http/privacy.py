"""Data exports, erasure, consents and access log of the signed-in user."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field, SecretStr
from starlette.exceptions import HTTPException

from api.caller import CurrentCaller, CurrentClaims
from api.http.byte_ranges import StoredFile
from api.http.pages import page_info
from api.http.rate_limits import rate_limited
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views.access_log import AccessBody, to_accesses
from api.views.base import Body, PageInfo
from api.views.consents import ConsentInput, ConsentsBody, get_consents, record_consent
from api.views.data_exports import Export, NewExport, export_page, get_export, request_export
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from application.kernel.read_models import PAGE_LIMIT, Window
from application.privacy.data_exports import prefix_of
from application.privacy.personal_exports import ExportFormat, ExportQuotaExceeded
from application.privacy.reauthentication import PrivacyServices
from domain.erasures.commands import ErasureUnknown
from domain.erasures.erasure import Certified, Pending, Underway
from domain.kernel import Origin
from domain.users.identities import MAX_PASSWORD_LENGTH

router = APIRouter(
    prefix="/v1/me",
    tags=["privacy"],
    responses=problem_responses(401, 422, 503),
)


EVERYTHING: Final = NewExport.model_validate({})
"""Requested by a body that is empty."""

FILES: Final[dict[ExportFormat, tuple[str, str]]] = {
    "archive": ("kinelog.zip", "application/zip"),
    "csv": ("kinelog-sessions.zip", "application/zip"),
    "json": ("kinelog-sessions.zip", "application/zip"),
    "pdf": ("kinelog-report.pdf", "application/pdf"),
    "fit": ("kinelog-fit.zip", "application/zip"),
    "tcx": ("kinelog-tcx.zip", "application/zip"),
    "fhir": ("kinelog-fhir.zip", "application/zip"),
    "open_mhealth": ("kinelog-open-mhealth.zip", "application/zip"),
}
"""Name and media type of the files of each format."""


def _services(caller: CurrentCaller) -> PrivacyServices:
    return caller.platform.privacy()


Services = Annotated[PrivacyServices, Depends(_services)]


@router.post(
    "/exports",
    operation_id="requestExport",
    summary="Request a copy of your data",
    status_code=202,
    responses=problem_responses(429),
)
def start_export(
    caller: CurrentCaller,
    _: CurrentClaims,
    command_id: CommandId,
    response: Response,
    body: NewExport = EVERYTHING,
) -> Export:
    """Start an export. A retry with the same `Idempotency-Key` returns the same one."""
    try:
        export = request_export(caller, body, command_id)
    except ExportQuotaExceeded as full:
        again = {"Retry-After": str(full.retry_after_s)}
        raise HTTPException(429, full.detail, headers=again) from full
    response.headers["Location"] = f"/v1/me/exports/{export.id}"
    return export


class ExportPage(Body):
    """A page of exports."""

    items: list[Export]
    page_info: PageInfo


@router.get("/exports", operation_id="listExports", summary="List your exports, newest first")
def list_exports(
    caller: CurrentCaller,
    _: CurrentClaims,
    response: Response,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> ExportPage:
    """Return a page of your exports that can still be downloaded, or are being made."""
    page = export_page(caller, window(first, after))
    info = page_info(response, page, "/v1/me/exports", first=first)
    return ExportPage(items=[Export.of(edge.row) for edge in page.edges], page_info=info)


@router.get(
    "/exports/{export_id}",
    operation_id="getExport",
    summary="Get the state of an export",
    responses=problem_responses(404),
)
def export(export_id: UUID, caller: CurrentCaller, _: CurrentClaims) -> Export:
    """Return whether the file is ready."""
    return get_export(caller, export_id)


@router.get(
    "/exports/{export_id}/archive",
    operation_id="downloadExport",
    summary="Download an export (zip or PDF)",
    response_class=Response,
    responses={
        **problem_responses(404, 409),
        200: {
            "content": {
                media_type: {"schema": {"type": "string", "format": "binary"}}
                for media_type in ("application/zip", "application/pdf")
            }
        },
        206: {"description": "The part requested by `Range`, so that downloads can resume."},
        416: {"description": "The range is beyond the end of the archive."},
    },
)
def archive(
    export_id: UUID,
    request: Request,
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
) -> Response:
    """Return the file, only to the person who requested it."""
    exports = services.exports
    export, stored = exports.file(export_id, claims.user_id, origin=caller.origin())
    name, media_type = FILES[export.format]
    digest = stored.digest
    etag = f'"{digest}"'
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
        "ETag": etag,
    }
    prefix = prefix_of(export_id)
    archive = StoredFile(exports.media, caller.tenant_id, prefix, digest, headers, media_type)
    is_same = request.headers.get("if-range", etag) == etag
    return archive.to_response(request.headers.get("range", "") if is_same else "")


class ErasureRequest(Body):
    """Request of account deletion. The password is required if the sign-in is not recent."""

    password: Annotated[SecretStr | None, Field(max_length=MAX_PASSWORD_LENGTH)] = None


class ErasureStatus(Body):
    """State of an account deletion. It can be cancelled until `due_at`."""

    state: str
    due_at: datetime | None


@router.post(
    "/erasure",
    operation_id="requestErasure",
    summary="Request account deletion",
    status_code=202,
    dependencies=[Depends(rate_limited)],  # a password can be tried here
    responses=problem_responses(403, 409, 429),
)
def request_erasure(
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
    command_id: CommandId,
    body: ErasureRequest,
) -> ErasureStatus:
    """Request deletion of all data of the caller. It cannot be undone once it has started.

    The last administrator of a tenant gives someone else that role first.
    """
    password = None if body.password is None else body.password.get_secret_value()
    services.reauthentication.require(claims, password)
    origin = caller.origin()
    state = services.erasure.request(claims.user_id, origin=origin, command_id=command_id)
    if isinstance(state, Pending):
        services.notice.request(claims.user_id, state, origin=origin)
        if state.due_at <= caller.platform.clock():
            services.later(lambda: services.erase_at_once(claims.user_id, origin=origin))
    return _erasure_status(services, origin, claims)


@router.get(
    "/erasure",
    operation_id="getErasure",
    summary="Get the state of account deletion",
    responses=problem_responses(404),
)
def erasure(caller: CurrentCaller, services: Services, claims: CurrentClaims) -> ErasureStatus:
    """Return when the deletion starts."""
    return _erasure_status(services, caller.origin(), claims)


@router.delete(
    "/erasure",
    operation_id="cancelErasure",
    summary="Cancel account deletion",
    status_code=204,
    responses=problem_responses(404, 409),
)
def cancel_erasure(
    caller: CurrentCaller, services: Services, claims: CurrentClaims, command_id: CommandId
) -> None:
    """Cancel the deletion if it has not started."""
    services.erasure.cancel(claims.user_id, origin=caller.origin(), command_id=command_id)


def _erasure_status(
    services: PrivacyServices, origin: Origin, claims: CurrentClaims
) -> ErasureStatus:
    match services.erasure.state(origin.tenant_id, claims.user_id):
        case Pending(due_at=due):
            return ErasureStatus(state="waiting", due_at=due)
        case Underway():
            return ErasureStatus(state="underway", due_at=None)
        case Certified():
            return ErasureStatus(state="certified", due_at=None)
        case _:
            raise ErasureUnknown


@router.get("/consents", operation_id="listConsents", summary="List your consents")
def consents(caller: CurrentCaller, _: CurrentClaims) -> ConsentsBody:
    """Return the caller's consent for each purpose, with its text."""
    return get_consents(caller)


@router.put(
    "/consents",
    operation_id="recordConsent",
    summary="Give or withdraw a consent",
    responses=problem_responses(409),
)
def change_consent(
    caller: CurrentCaller, _: CurrentClaims, command_id: CommandId, body: ConsentInput
) -> ConsentsBody:
    """Record a decision. Withdrawing a consent takes effect at once."""
    return record_consent(caller, body, command_id, "rest")


class AccessLogBody(Body):
    """A page of accesses."""

    items: list[AccessBody]
    page_info: PageInfo


@router.get("/access-log", operation_id="getAccessLog", summary="List who accessed your data")
def access_log(
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
    response: Response,
    first: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = 100,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> AccessLogBody:
    """Return a page of the reads by others, and of the exports, newest first."""
    wanted = Window(first=first, after=after)
    page = services.access.page(claims.tenant_id, claims.user_id, wanted)
    info = page_info(response, page, "/v1/me/access-log", first=first)
    items = to_accesses(caller, claims.user_id, [edge.row for edge in page.edges])
    return AccessLogBody(items=items, page_info=info)
