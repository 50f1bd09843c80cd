"""What a client is told when something is refused or goes wrong: Problem Details of RFC 9457."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, Literal, cast
from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from application.privacy.consents import GIVEN_AT, ConsentMissing
from application.users.errors import TokenRefused
from domain.kernel import Rejected, RejectionKind

MEDIA_TYPE: Final = "application/problem+json"

STATUS: Final[dict[RejectionKind, HTTPStatus]] = {
    "invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    "unauthenticated": HTTPStatus.UNAUTHORIZED,
    "forbidden": HTTPStatus.FORBIDDEN,
    "not_found": HTTPStatus.NOT_FOUND,
    "conflict": HTTPStatus.CONFLICT,
    "stale": HTTPStatus.PRECONDITION_FAILED,
    "unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The only place where a refusal becomes a status."""

HTTP: Final = {
    400: "The request cannot be read.",
    401: "Nobody has signed in, or not any more.",
    403: "This is not for you to do.",
    404: "There is nothing at this path.",
    405: "This path does not answer this method.",
    409: "The request contradicts what has happened.",
    412: "What this request was to replace has been changed meanwhile.",
    413: "The request is larger than it may be.",
    415: "The request is of a type that is not taken here.",
    422: "The request is well-formed, and refused.",
    429: "Too many requests; wait before the next one.",
    503: "Something that is needed cannot be used at the moment.",
}
"""What statuses mean here. Python's own phrases changed from version to version."""

RETRY_AFTER_S: Final = 1

NO_STORE: Final = {"Cache-Control": "no-store"}
"""What is refused now may be answered in a moment, and to somebody else."""

CHALLENGE: Final = 'Bearer realm="kinelog"'

Location = Literal["body", "query", "path", "header"]


class FieldError(BaseModel):
    """One thing that is wrong with a request."""

    pointer: str = Field(description="JSON pointer (RFC 6901) to it, as a URI fragment.")
    location: Location = Field(description="The part of the request it points into.")
    detail: str
    code: str


class Problem(BaseModel):
    """Why a request did not succeed (RFC 9457), with the fields of older clients (C-35)."""

    type: str = Field(description="Names this kind of problem; it ends with `code`.")
    title: str = Field(description="What kind of problem this is; the same each time.")
    status: int
    detail: str = Field(description="One sentence about this occurrence.")
    instance: str = Field(description="The path that was asked.")
    code: str = Field(description="Name of the rule that refused, for programs.")
    correlation_id: UUID = Field(description="Finds this request in our log.")
    errors: list[FieldError] = []
    success: Literal[False] = False
    message: str = Field(description="The same as `detail`.")

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Unprocessable(Rejected):
    """A request is answered only where all of its fields can be understood."""

    code = "request.invalid"
    kind = "invalid"

    def __init__(self, *errors: FieldError) -> None:
        super().__init__(" ".join(f"{error.detail}" for error in errors))
        self.errors = errors


def correlation_id(request: HTTPConnection) -> UUID:
    """Identify the request, as its answer's `Request-ID` does."""
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
) -> JSONResponse:
    """Answer a request with a problem; `members` are those of its kind alone."""
    problem = Problem(
        type=f"urn:kinelog:problem:{code}",
        title=title,
        status=status,
        detail=detail,
        instance=request.url.path,
        code=code,
        correlation_id=correlation_id(request),
        errors=list(errors),
        message=detail,
    )
    content = problem.model_dump(mode="json", by_alias=True) | dict(members or {})
    return JSONResponse(content, status, NO_STORE | (headers or {}), media_type=MEDIA_TYPE)


def to_response(request: HTTPConnection, refusal: Rejected) -> Response:
    """Answer with the rule that refused."""
    return problem_response(
        request,
        STATUS[refusal.kind],
        code=refusal.code,
        title=title_of(type(refusal)),
        detail=refusal.detail,
        errors=refusal.errors if isinstance(refusal, Unprocessable) else (),
        headers=_headers(refusal),
        members=_members(refusal),
    )


def _members(refusal: Rejected) -> Mapping[str, str] | None:
    """Say what is to be done about a refusal, where a program can do it."""
    if isinstance(refusal, ConsentMissing):
        return {"purpose": refusal.purpose, "givenAt": GIVEN_AT}
    return None


def _headers(refusal: Rejected) -> dict[str, str] | None:
    """Say when to ask again, or how to sign in (RFC 6750, section 3)."""
    match refusal.kind:
        case "unavailable":
            return {"Retry-After": str(RETRY_AFTER_S)}
        case "unauthenticated" if isinstance(refusal, TokenRefused):
            return {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'}
        case "unauthenticated":
            return {"WWW-Authenticate": CHALLENGE}
        case _:
            return None


def title_of(rule: type[Rejected]) -> str:
    """Say the rule itself, as its class does."""
    return " ".join((rule.__doc__ or rule.code).split())


def validation_problem(request: HTTPConnection, invalid: RequestValidationError) -> Response:
    """Answer with everything that is wrong in the request's shape."""
    return to_response(request, Unprocessable(*(_error_at(error) for error in invalid.errors())))


def _error_at(error: dict[str, Any]) -> FieldError:
    part, *steps = error["loc"]
    escaped = (str(step).replace("~", "~0").replace("/", "~1") for step in steps)
    return FieldError(
        pointer="#" + "".join(f"/{step}" for step in escaped),
        location=part,
        detail=f"{error['msg']}.",
        code=error["type"],
    )


def http_problem(request: Request, error: HTTPException) -> Response:
    """Answer with what HTTP itself has a status for: no such path, method, size or type."""
    title = HTTP.get(error.status_code, error.detail)
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
    """Answer without a word of what broke; it is in our log, under the correlation id."""
    return problem_response(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        code="internal",
        title="Something of ours broke.",
        detail="Something of ours broke. It is in our log under this correlation id.",
    )


def install_handlers(app: FastAPI) -> None:
    """Let every refusal and malformed request of an application be answered as a problem."""
    app.add_exception_handler(Rejected, to_response)  # type: ignore[arg-type]  # takes its own kind
    app.add_exception_handler(RequestValidationError, validation_problem)  # type: ignore[arg-type]  # same
    app.add_exception_handler(HTTPException, http_problem)  # type: ignore[arg-type]  # same


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe these answers in OpenAPI as problems."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {"description": HTTP[status], "content": {MEDIA_TYPE: schema}}
        for status in statuses
    }
