"""Whether the process lives, and whether it can do its work."""

import asyncio
from collections.abc import Iterable
from typing import Any, Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from api.problem_details import MEDIA_TYPE, RETRY_AFTER_S, FieldError, Problem, correlation_id
from api.views.base import Body
from application.kernel.consumer_lag import ProjectionLag, projection_lags
from application.kernel.read_models import ReadModelUnavailable
from application.operations.readiness import Check, Degraded, Finding, Readiness, Report
from application.platform import Platform
from domain.ids import DEFAULT_TENANT
from projections.registry import ALL

router = APIRouter(tags=["health"])

PROBE: Final = b"Kinelog can write here."
"""Stored again each time: the media store brings it to the disk, whatever lies there already."""

LATE_S: Final = 30.0
"""Older than this, an event that no read model has means that none takes it in."""


class Health(Body):
    """The process answers."""

    status: Literal["ok"] = "ok"


class CheckBody(Body):
    """What came of trying one dependency."""

    name: str
    state: Literal["ok", "degraded", "failed"]
    detail: str = Field(description="How it is, in one sentence.")
    duration_ms: float


class ReadinessBody(Body):
    """Requests are served; `degraded`: not all of them, or not from the newest data.

    `lag`: by read model, positions of the log that are not in it yet. `parked`: by read model,
    streams that it goes on without until it is repaired.
    """

    status: Literal["ready", "degraded"]
    position: int
    lag: dict[str, int]
    parked: dict[str, int]
    checks: list[CheckBody]


class NotReady(Problem):
    """Why no requests are served, and how everything else is."""

    checks: list[CheckBody]


class _Watch:
    """What the checks saw when they looked last."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.position = 0
        self.behind: tuple[ProjectionLag, ...] = ()

    def log(self) -> str:
        """Read the end of the log."""
        self.position = self._platform.log.head()
        return f"The log ends at position {self.position}."

    def read_models(self) -> str:
        """Measure how far they are. Raises ReadModelUnavailable where one is not built."""
        log, tables, now = self._platform.log, self._platform.tables, self._platform.clock()
        self.behind = projection_lags(log, tables, ALL, now=now)
        missing = [each.name for each in self.behind if each.lag is None]
        if missing:
            raise ReadModelUnavailable(f"Not built: {', '.join(missing)}.")
        if reasons := [*_late(self.behind), *_incomplete(self.behind)]:
            raise Degraded(" ".join(reasons))
        return "All read models follow the log."

    def media(self) -> str:
        """Write a file."""
        self._platform.media.put(DEFAULT_TENANT, PROBE)
        return "Files can be written."


def _late(behind: Iterable[ProjectionLag]) -> Iterable[str]:
    late = {each.name: each.lag.seconds for each in behind if each.lag is not None}
    if late and max(late.values()) > LATE_S:
        name = max(late, key=late.__getitem__)
        yield f"{name} is {late[name]:.0f} s behind the log: is a runner at work?"


def _incomplete(behind: Iterable[ProjectionLag]) -> Iterable[str]:
    parked = [f"{each.name} {each.parked}" for each in behind if each.parked]
    if parked:
        yield f"Streams are left out of {', '.join(parked)}."


def readiness_of(platform: Platform) -> tuple[Readiness, _Watch]:
    """Put together what this process tries when it is asked."""
    watch = _Watch(platform)
    own = [
        Check("log", watch.log),
        Check("readModels", watch.read_models),
        Check("media", watch.media),
    ]
    return Readiness([*own, *platform.checks]), watch


@router.get("/healthz", operation_id="health", summary="Whether the process answers")
async def health() -> Health:
    """Answer, and nothing else: a restart is worth it only where this fails."""
    return Health()


READINESS: Final[dict[int | str, dict[str, Any]]] = {
    503: {
        "description": "No requests are served; ask another process.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/NotReady"}}},
    }
}


@router.get(
    "/readyz",
    operation_id="readiness",
    summary="Whether requests can be served, and how each dependency is",
    response_model=ReadinessBody,
    responses=READINESS,
)
async def readiness(request: Request) -> ReadinessBody | Response:
    """Try every dependency, at most once a second, and wait no longer than two."""
    asked: Readiness = request.app.state.readiness
    watch: _Watch = request.app.state.watch
    report = await asyncio.shield(asyncio.wrap_future(asked.look()))
    if not report.is_ready:
        return _not_ready(request, report)
    return ReadinessBody(
        status="ready" if report.state == "ok" else "degraded",
        position=watch.position,
        lag={each.name: each.lag.events for each in watch.behind if each.lag is not None},
        parked={each.name: each.parked for each in watch.behind if each.parked},
        checks=_checks(report),
    )


def _checks(report: Report) -> list[CheckBody]:
    return [CheckBody.model_validate(finding) for finding in report.findings]


def _not_ready(request: Request, report: Report) -> Response:
    names = ", ".join(finding.name for finding in report.failed)
    detail = f"Not available: {names}."
    problem = NotReady(
        type="urn:kinelog:problem:not_ready",
        title="Kinelog cannot work at the moment.",
        status=503,
        detail=detail,
        instance=request.url.path,
        code="not_ready",
        correlation_id=correlation_id(request),
        errors=[_error(finding) for finding in report.failed],
        message=detail,
        checks=_checks(report),
    )
    content = problem.model_dump(mode="json", by_alias=True)
    return JSONResponse(content, 503, {"Retry-After": str(RETRY_AFTER_S)}, media_type=MEDIA_TYPE)


def _error(finding: Finding) -> FieldError:
    pointer = f"#/{finding.name}"
    return FieldError(pointer=pointer, location="body", detail=finding.detail, code=finding.code)
