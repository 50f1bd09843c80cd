"""Whether the process lives, and whether it can do its work."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.callers import platform_of
from api.http.body import Body
from api.problems import At, documented, respond
from application.platform import Platform
from application.projecting import status
from application.read_models import ReadModelUnavailable
from domain.ids import DEFAULT_TENANT
from domain.kernel import Rejected
from projections.catalogue import ALL

router = APIRouter(tags=["health"])

PROBE = b"Kinelog can write here."
"""Stored once: the media store keeps equal bytes under one digest."""


class Health(Body):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Readiness(Body):
    """Everything works. `lag`: by read model, positions of the log that are not in it yet."""

    status: Literal["ready"] = "ready"
    position: int
    lag: dict[str, int]


@router.get("/healthz", operation_id="health", summary="Whether the process answers")
def health() -> Health:
    """Answer, and nothing else: a restart is worth it only where this fails."""
    return Health()


@router.get(
    "/readyz",
    operation_id="readiness",
    summary="Whether log, read models and media can be used",
    response_model=Readiness,
    responses=documented(503),
)
def readiness(
    request: Request, platform: Annotated[Platform, Depends(platform_of)]
) -> Readiness | Response:
    """Try what requests need, and name what is down."""
    projections = _Projections(platform)
    down = [
        *_down("log", platform.log.head),
        *_down("readModels", projections.look),
        *_down("media", lambda: platform.media.put(DEFAULT_TENANT, PROBE)),
    ]
    if down:
        names = ", ".join(error.pointer.removeprefix("#/") for error in down)
        return respond(
            request,
            503,
            code="not_ready",
            title="Kinelog cannot work at the moment.",
            detail=f"Not available: {names}.",
            errors=down,
        )
    return Readiness(position=platform.log.head(), lag=projections.lag)


class _Projections:
    """How far the read models are."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.lag: dict[str, int] = {}

    def look(self) -> None:
        """Measure the lag. Raises ReadModelUnavailable where one is not served or stands still."""
        for found in status(self._platform.log, self._platform.tables, ALL):
            if not found.served or found.failure is not None:
                reason = found.failure.reason if found.failure else "not built"
                raise ReadModelUnavailable(f"{found.name} is not followed: {reason}.")
            self.lag[found.name] = found.lag


def _down(name: str, attempt: Callable[[], object]) -> list[At]:
    try:
        attempt()
    except Rejected as refusal:
        at = At(pointer=f"#/{name}", location="body", detail=refusal.detail, code=refusal.code)
        return [at]
    return []
