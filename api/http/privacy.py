"""What somebody asks about what is known of them: to have it, and to be forgotten."""

from collections import deque
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field, SecretStr

from api.caller import CurrentCaller, CurrentClaims
from api.http.byte_ranges import Film
from api.http.idempotency import CommandId
from api.http.rate_limits import rate_limited
from api.problem_details import problem_responses
from api.views.base import Body
from application.privacy.consents import TEXTS, ConsentStatus
from application.privacy.data_exports import ExportState, PersonalExport, prefix_of
from application.privacy.reauthentication import PrivacyServices
from application.users.tokens import AccessClaims
from domain.erasures.commands import ErasureUnknown
from domain.erasures.erasure import Certified, Pending, Underway
from domain.kernel import Origin
from domain.users.identities import ConsentPurpose, ConsentSource

router = APIRouter(
    prefix="/v1/me",
    tags=["privacy"],
    responses=problem_responses(401, 422, 503),
)


def _services(caller: CurrentCaller) -> PrivacyServices:
    return caller.platform.privacy()


Services = Annotated[PrivacyServices, Depends(_services)]


class Export(Body):
    """An archive of what is known of whoever asks. `size` in bytes."""

    id: UUID
    state: ExportState
    created_at: datetime
    expires_at: datetime
    files: int
    size: int
    problem_code: str | None

    @classmethod
    def of(cls, export: PersonalExport) -> "Export":
        """Leave out what is ours."""
        return cls(
            id=export.id,
            state=export.state,
            created_at=export.created_at,
            expires_at=export.expires_at,
            files=export.files,
            size=export.size,
            problem_code=export.problem_code,
        )


@router.post(
    "/exports",
    operation_id="requestExport",
    summary="Ask for everything that is known of oneself",
    status_code=202,
)
def request_export(
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
    command_id: CommandId,
    response: Response,
) -> Export:
    """Begin to make an archive; the same `Idempotency-Key` leads to the same one."""
    export = services.exports.ask(command_id, claims.user_id, origin=caller.origin())
    response.headers["Location"] = f"/v1/me/exports/{export.id}"
    return Export.of(export)


@router.get(
    "/exports/{export_id}",
    operation_id="export",
    summary="How far an archive is",
    responses=problem_responses(404),
)
def export(
    export_id: UUID, caller: CurrentCaller, services: Services, claims: CurrentClaims
) -> Export:
    """Tell whether it can be fetched."""
    return Export.of(services.exports.get(export_id, claims.user_id, origin=caller.origin()))


@router.get(
    "/exports/{export_id}/archive",
    operation_id="exportArchive",
    summary="The archive (zip)",
    response_class=Response,
    responses={
        **problem_responses(404, 409),
        200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}},
        206: {"description": "The part asked for by `Range`: a download can be resumed."},
        416: {"description": "The archive has no such part."},
    },
)
def archive(
    export_id: UUID,
    request: Request,
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
) -> Response:
    """Give the file to whom it is about, and to nobody else."""
    exports = services.exports
    digest = exports.archive(export_id, claims.user_id, origin=caller.origin()).digest
    etag = f'"{digest}"'
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": 'attachment; filename="kinelog.zip"',
        "ETag": etag,
    }
    prefix = prefix_of(export_id)
    archive = Film(exports.media, caller.tenant_id, prefix, digest, headers, "application/zip")
    is_same = request.headers.get("if-range", etag) == etag
    return archive.answer(request.headers.get("range", "") if is_same else "")


class ErasureWish(Body):
    """The wish to be forgotten. The password is needed where one signed in a while ago."""

    password: Annotated[SecretStr | None, Field(max_length=128)] = None


class ErasureBody(Body):
    """How far it is; until `due_at` it can be called off."""

    state: str
    due_at: datetime | None


@router.post(
    "/erasure",
    operation_id="requestErasure",
    summary="Ask to be forgotten",
    status_code=202,
    dependencies=[Depends(rate_limited)],  # a password can be tried here
    responses=problem_responses(403, 429),
)
def request_erasure(
    caller: CurrentCaller, services: Services, claims: CurrentClaims, asked: ErasureWish
) -> ErasureBody:
    """Ask for everything about oneself to be removed, which cannot be undone once it has begun."""
    password = None if asked.password is None else asked.password.get_secret_value()
    services.reauthentication.require(claims, password)
    origin = caller.origin()
    state = services.erasure.request(claims.user_id, origin=origin)
    if isinstance(state, Pending) and state.due_at <= caller.platform.clock():
        services.later(lambda: services.erasure.carry_out(claims.user_id, origin=origin))
    return _told(services, origin, claims)


@router.get(
    "/erasure",
    operation_id="erasure",
    summary="Whether one is to be forgotten",
    responses=problem_responses(404),
)
def erasure(caller: CurrentCaller, services: Services, claims: CurrentClaims) -> ErasureBody:
    """Tell when it begins."""
    return _told(services, caller.origin(), claims)


@router.delete(
    "/erasure",
    operation_id="cancelErasure",
    summary="Stay",
    status_code=204,
    responses=problem_responses(404, 409),
)
def cancel_erasure(caller: CurrentCaller, services: Services, claims: CurrentClaims) -> None:
    """Call it off, as long as it has not begun."""
    services.erasure.cancel(claims.user_id, origin=caller.origin())


def _told(services: PrivacyServices, origin: Origin, claims: CurrentClaims) -> ErasureBody:
    match services.erasure.state(origin.tenant_id, claims.user_id):
        case Pending(due_at=due):
            return ErasureBody(state="waiting", due_at=due)
        case Underway():
            return ErasureBody(state="underway", due_at=None)
        case Certified():
            return ErasureBody(state="certified", due_at=None)
        case _:
            raise ErasureUnknown


class ConsentBody(Body):
    """How somebody stands to a purpose. `text` is what is agreed to, in its present `version`."""

    purpose: ConsentPurpose
    given: bool
    given_version: str | None
    at: datetime | None
    source: ConsentSource | None
    version: str
    text: str

    @classmethod
    def of(cls, known: ConsentStatus) -> "ConsentBody":
        """Tell it together with the words."""
        text = TEXTS[known.purpose]
        return cls(
            purpose=known.purpose,
            given=known.given,
            given_version=known.version,
            at=known.at,
            source=known.source,
            version=text.version,
            text=text.words,
        )


class ConsentWish(Body):
    """What is said to a purpose; whoever agrees names the version of the text they read."""

    purpose: ConsentPurpose
    given: bool
    version: str = ""


class ConsentsBody(Body):
    """Every purpose there is."""

    items: list[ConsentBody]


@router.get("/consents", operation_id="consents", summary="What one has agreed to")
def consents(services: Services, claims: CurrentClaims) -> ConsentsBody:
    """Tell every purpose, with its text."""
    return _consents(services, claims)


@router.put(
    "/consents",
    operation_id="sayConsent",
    summary="Agree to a purpose, or take it back",
    responses=problem_responses(409),
)
def say_consent(
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
    command_id: CommandId,
    asked: ConsentWish,
) -> ConsentsBody:
    """Agree or not; what needs a consent is refused from now on where there is none."""
    services.consents.say(
        claims.user_id,
        asked.purpose,
        asked.version if asked.given else None,
        source="rest",
        origin=caller.origin(),
        command_id=command_id,
    )
    return _consents(services, claims)


def _consents(services: PrivacyServices, claims: AccessClaims) -> ConsentsBody:
    known = services.consents.of(claims.tenant_id, claims.user_id)
    return ConsentsBody(items=[ConsentBody.of(each) for each in known])


class AccessBody(Body):
    """Somebody was given something about oneself."""

    by: str
    what: Literal["read", "export"]
    kind: str
    which: str
    at: datetime
    correlation_id: UUID


class AccessLogBody(Body):
    """Who was given what, the newest first."""

    items: list[AccessBody]


@router.get("/access-log", operation_id="accessLog", summary="Who was given one's data")
def access_log(
    services: Services,
    claims: CurrentClaims,
    first: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> AccessLogBody:
    """Tell the newest reads by others, and exports."""
    newest = deque(services.access.of(claims.tenant_id, claims.user_id), maxlen=first)
    return AccessLogBody(items=[AccessBody.model_validate(each) for each in reversed(newest)])
