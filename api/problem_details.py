"""Problem Details (RFC 9457): the responses to rejected and failed requests."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, Literal, cast
from uuid import UUID

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from application.kernel.encryption import KeyRefused, KmsUnavailable
from application.kernel.ports import EventNotDecoded, StorageUnavailable
from application.privacy.consents import GIVEN_AT, ConsentMissing
from application.users.errors import TokenRefused
from domain.card_numbers import hide_card_numbers
from domain.kernel import LimitReached, Rejected, RejectionKind

log = structlog.get_logger()

MEDIA_TYPE: Final = "application/problem+json"

STATUS: Final[dict[RejectionKind, HTTPStatus]] = {
    "invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    "unauthenticated": HTTPStatus.UNAUTHORIZED,
    "forbidden": HTTPStatus.FORBIDDEN,
    "not_found": HTTPStatus.NOT_FOUND,
    "conflict": HTTPStatus.CONFLICT,
    "stale": HTTPStatus.PRECONDITION_FAILED,
    "unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
    "limited": HTTPStatus.TOO_MANY_REQUESTS,
}
"""HTTP status by kind of rejection. The only place that maps them."""

STATUS_TITLES: Final = {
    400: "The request cannot be parsed.",
    401: "You are not signed in, or your sign-in has ended. Sign in.",
    403: "You do not have permission.",
    404: "This resource does not exist.",
    405: "This path does not support this method.",
    409: "The request conflicts with the current state.",
    412: "The resource, or the log, is not in the state that the request requires.",
    413: "The request is too large.",
    415: "This content type is not supported here.",
    422: "The request is invalid.",
    429: "Too many requests. Wait, then retry.",
    503: "The service is temporarily unavailable. Retry later.",
}
"""Titles of HTTP statuses. Python's own phrases differ between versions."""

RETRY_AFTER_S: Final = 1

NO_STORE: Final = {"Cache-Control": "no-store"}
"""Errors are not cacheable: the next request may succeed."""

CHALLENGE: Final = 'Bearer realm="kinelog"'

MOST_ERRORS: Final = 20
"""Maximum number of validation errors in a response, even if every landmark is invalid."""

OPERATOR_REJECTIONS: Final = (EventNotDecoded, KeyRefused, KmsUnavailable, StorageUnavailable)
"""Rejections whose reason only the log has, because it is for operators."""

Location = Literal["body", "query", "path", "header"]


NOT_FOUND_PAGE: Final = "not_found.html"


def _is_navigation(request: HTTPConnection) -> bool:
    """Return whether a browser asks an application that has pages for a page."""
    return (
        request.scope["type"] == "http"
        and hasattr(request.app.state, "assets")
        and request.scope["method"] == "GET"
        and "text/html" in request.headers.get("accept", "")
        and not request.url.path.startswith(("/v1/", "/graphql", "/static/"))
    )


class FieldError(BaseModel):
    """One invalid field of a request."""

    pointer: str = Field(description="JSON pointer (RFC 6901) to the field, as a URI fragment.")
    location: Location = Field(description="Part of the request that the pointer refers to.")
    detail: str
    code: str


class Problem(BaseModel):
    """Problem Details (RFC 9457) of a failed request, with fields for older clients (C-35)."""

    type: str = Field(description="URI of the kind of problem. It ends with `code`.")
    title: str = Field(description="The kind of problem; the same for every occurrence.")
    status: int
    detail: str = Field(description="This occurrence, in one sentence.")
    instance: str = Field(description="Path of the request.")
    code: str = Field(description="Error code, for programs.")
    correlation_id: UUID = Field(description="Identifies the request in the server's log.")
    errors: list[FieldError] = []
    success: Literal[False] = False
    message: str = Field(description="Same as `detail`.")

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Unprocessable(Rejected):
    """The request has invalid fields. `errors` lists them."""

    code = "request.invalid"
    kind = "invalid"

    def __init__(self, *errors: FieldError) -> None:
        super().__init__(" ".join(f"{error.detail}" for error in errors))
        self.errors = errors


def correlation_id(request: HTTPConnection) -> UUID:
    """Return the correlation id of a request, which its response repeats as `Request-ID`."""
    return cast("UUID", request.state.correlation_id)


def problem_response(
    request: HTTPConnection,
    status: int,
    *,
    code: str,
    title: str,
    detail: str,
    errors: Sequence[FieldError] = (),
    headers: dict[str, str] | None = None,
    members: Mapping[str, int | str] | None = None,
) -> Response:
    """Return a problem response, or a page if a browser opens a URL without a page.

    `members` extend the problem with fields of its kind.
    """
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.UNAUTHORIZED) and _is_navigation(request):
        page: Response = request.app.state.assets.document(NOT_FOUND_PAGE, request.scope)
        page.status_code = status
        page.headers.update(NO_STORE | (headers or {}))
        return page
    problem = Problem(
        type=f"urn:kinelog:problem:{code}",
        title=title,
        status=status,
        detail=hide_card_numbers(detail),
        instance=hide_card_numbers(request.url.path),
        code=code,
        correlation_id=correlation_id(request),
        errors=list(errors),
        message=hide_card_numbers(detail),
    )
    content = problem.model_dump(mode="json", by_alias=True) | dict(members or {})
    return JSONResponse(content, status, NO_STORE | (headers or {}), media_type=MEDIA_TYPE)


def to_response(
    request: HTTPConnection, refusal: Rejected, status: HTTPStatus | None = None
) -> Response:
    """Return the problem response for a rejection. Default status: that of its kind."""
    return problem_response(
        request,
        status or STATUS[refusal.kind],
        code=refusal.code,
        title=title_of(type(refusal)),
        detail=public_detail(refusal),
        errors=refusal.errors if isinstance(refusal, Unprocessable) else (),
        headers=_headers(refusal),
        members=_members(refusal),
    )


def _members(refusal: Rejected) -> Mapping[str, str] | None:
    """Return the extra fields that let a client act on a rejection."""
    if isinstance(refusal, ConsentMissing):
        return {"purpose": refusal.purpose, "givenAt": GIVEN_AT}
    return None


def _headers(refusal: Rejected) -> dict[str, str] | None:
    """Return `Retry-After` or the authentication challenge (RFC 6750, section 3)."""
    match refusal.kind:
        case "limited" if isinstance(refusal, LimitReached):
            return {"Retry-After": str(refusal.retry_after_s)}
        case "unavailable":
            return {"Retry-After": str(RETRY_AFTER_S)}
        case "unauthenticated" if isinstance(refusal, TokenRefused):
            return {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'}
        case "unauthenticated":
            return {"WWW-Authenticate": CHALLENGE}
        case _:
            return None


def title_of(rule: type[Rejected]) -> str:
    """Return the text of a rejection's class, used as the title of its problem."""
    return " ".join((rule.__doc__ or rule.code).split())


def public_detail(refusal: Rejected) -> str:
    """Return what a rejection tells clients.

    Why the storage failed, or an event or a key cannot be read, is only in the log: the reason has
    addresses of servers, paths of files, and names of streams.
    """
    if not isinstance(refusal, OPERATOR_REJECTIONS):
        return refusal.detail
    title = title_of(type(refusal))
    if refusal.detail != title:
        log.warning("request.unavailable", code=refusal.code, reason=refusal.detail)
    return title


def validation_problem(
    request: HTTPConnection, invalid: RequestValidationError, status: HTTPStatus | None = None
) -> Response:
    """Return the problem response that lists the first invalid fields of a request."""
    refusal = Unprocessable(*(_error_at(error) for error in invalid.errors()[:MOST_ERRORS]))
    return to_response(request, refusal, status)


def _error_at(error: dict[str, Any]) -> FieldError:
    part, *steps = error["loc"]
    escaped = (str(step).replace("~", "~0").replace("/", "~1") for step in steps)
    return FieldError(
        pointer="#" + "".join(f"/{step}" for step in escaped),
        location=part,
        detail=hide_card_numbers(f"{error['msg']}."),
        code=error["type"],
    )


def http_problem(request: Request, error: HTTPException) -> Response:
    """Return the problem response for an HTTP error such as an unknown path or method."""
    title = STATUS_TITLES.get(error.status_code, error.detail)
    unsaid = error.detail == HTTPStatus(error.status_code).phrase
    return problem_response(
        request,
        error.status_code,
        code=f"http.{error.status_code}",
        title=title,
        detail=title if unsaid else error.detail,
        headers=dict(error.headers or {}),
    )


def internal_problem(request: HTTPConnection) -> Response:
    """Return the 500 response. Details are only in the log, under the correlation id."""
    return problem_response(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        code="internal",
        title="Internal error.",
        detail="Internal error. Quote the correlation ID when you report it.",
    )


def install_handlers(app: FastAPI) -> None:
    """Make an application respond with problems to rejections and invalid requests."""
    app.add_exception_handler(Rejected, to_response)  # type: ignore[arg-type]  # takes its own kind
    app.add_exception_handler(RequestValidationError, validation_problem)  # type: ignore[arg-type]  # same
    app.add_exception_handler(HTTPException, http_problem)  # type: ignore[arg-type]  # same


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI description of these problem responses."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {"description": STATUS_TITLES[status], "content": {MEDIA_TYPE: schema}}
        for status in statuses
    }
