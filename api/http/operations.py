"""Health and readiness checks."""

import asyncio
from collections.abc import Iterable
from typing import Any, Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from api.problem_details import MEDIA_TYPE, RETRY_AFTER_S, FieldError, Problem, correlation_id
from api.views.base import Body
from application.kernel.projection_status import ProjectionLag, projection_lags
from application.kernel.read_models import ReadModelUnavailable
from application.operations.readiness import Check, Degraded, Finding, Readiness, Report
from application.platform import Platform
from domain.ids import DEFAULT_TENANT
from projections.registry import ALL

router = APIRouter(tags=["health"])

PROBE: Final = b"Kinelog can write here."
"""Written each time: the media store writes it to disk even if it already exists."""

MAX_LAG_S: Final = 30.0
"""If no read model has an event after this time, no projection runner is working."""


class Health(Body):
    """Response of a live process."""

    status: Literal["ok"] = "ok"


class CheckBody(Body):
    """Result of one dependency check."""

    name: str
    state: Literal["ok", "degraded", "failed"]
    detail: str = Field(description="State in one sentence.")
    duration_ms: float


class ReadinessBody(Body):
    """Requests are served; `degraded`: not all of them, or not with the newest data.

    `lag`: by read model, log positions not yet included. `parked`: by read model, quarantined
    streams that it skips until they are repaired.
    """

    status: Literal["ready", "degraded"]
    position: int
    lag: dict[str, int]
    parked: dict[str, int]
    checks: list[CheckBody]


class NotReady(Problem):
    """Reasons why no requests are served, and the state of all dependencies."""

    checks: list[CheckBody]


class CheckResults:
    """Results of the latest checks."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.position = 0
        self.lags: tuple[ProjectionLag, ...] = ()

    def log(self) -> str:
        """Read the end of the log."""
        self.position = self._platform.log.head()
        return f"The log ends at position {self.position}."

    def read_models(self) -> str:
        """Measure the lag of the read models. Raises ReadModelUnavailable if one is not built."""
        log, tables, now = self._platform.log, self._platform.tables, self._platform.clock()
        self.lags = projection_lags(log, tables, ALL, now=now)
        missing = [each.name for each in self.lags if each.lag is None]
        if missing:
            raise ReadModelUnavailable(f"Not built: {', '.join(missing)}.")
        if reasons := [*_lagging(self.lags), *_quarantined(self.lags)]:
            raise Degraded(" ".join(reasons))
        return "All read models are up to date."

    def media(self) -> str:
        """Write a file."""
        self._platform.media.put(DEFAULT_TENANT, PROBE)
        return "Files can be written."


def _lagging(lags: Iterable[ProjectionLag]) -> Iterable[str]:
    lag_seconds = {each.name: each.lag.seconds for each in lags if each.lag is not None}
    if lag_seconds and max(lag_seconds.values()) > MAX_LAG_S:
        name = max(lag_seconds, key=lag_seconds.__getitem__)
        yield f"{name} is {lag_seconds[name]:.0f} s behind the log. Is a projection runner at work?"


def _quarantined(lags: Iterable[ProjectionLag]) -> Iterable[str]:
    quarantined = [f"{each.name} {each.quarantined}" for each in lags if each.quarantined]
    if quarantined:
        yield f"Streams are quarantined in {', '.join(quarantined)}."


def build_readiness(platform: Platform, *others: Check) -> tuple[Readiness, CheckResults]:
    """Return the readiness of this process, with other checks of it, and its latest results."""
    results = CheckResults(platform)
    own = [
        Check("log", results.log),
        Check("readModels", results.read_models),
        Check("media", results.media),
    ]
    return Readiness([*own, *others, *platform.checks]), results


@router.get("/healthz", operation_id="getHealth", summary="Check that the process responds")
async def health() -> Health:
    """Respond without checking anything: a restart helps only if this fails."""
    return Health()


READINESS: Final[dict[int | str, dict[str, Any]]] = {
    503: {
        "description": "No requests are served. Use another process.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/NotReady"}}},
    }
}


@router.get(
    "/readyz",
    operation_id="getReadiness",
    summary="Check that requests can be served",
    response_model=ReadinessBody,
    responses=READINESS,
)
async def readiness(request: Request) -> ReadinessBody | Response:
    """Check every dependency, at most once a second, with a timeout of two seconds."""
    check: Readiness = request.app.state.readiness
    results: CheckResults = request.app.state.check_results
    report = await asyncio.shield(asyncio.wrap_future(check.report()))
    if not report.is_ready:
        return _not_ready(request, report)
    return ReadinessBody(
        status="ready" if report.state == "ok" else "degraded",
        position=results.position,
        lag={each.name: each.lag.events for each in results.lags if each.lag is not None},
        parked={each.name: each.quarantined for each in results.lags if each.quarantined},
        checks=_checks(report),
    )


def _checks(report: Report) -> list[CheckBody]:
    return [CheckBody.model_validate(finding) for finding in report.findings]


def _not_ready(request: Request, report: Report) -> Response:
    names = ", ".join(finding.name for finding in report.failed)
    detail = f"Not available: {names}."
    problem = NotReady(
        type="urn:kinelog:problem:not_ready",
        title="The service is not ready.",
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
