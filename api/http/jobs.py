"""Analysis jobs over REST: current state and progress events."""

from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

import anyio
from anyio.to_thread import run_sync
from fastapi import APIRouter, Header
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.caller import CurrentCaller
from api.problem_details import problem_responses
from api.views.base import Body
from api.views.jobs import visible_job
from application.analysis.jobs import AnalysisJob, JobState
from application.caller import Caller

router = APIRouter(prefix="/v1/jobs", tags=["jobs"], responses=problem_responses(404, 422))

HEARTBEAT_S: Final = 15
"""Seconds of silence after which a comment is sent, well within the idle limits of proxies."""

RECONNECT_MS: Final = 2000

WAIT_S: Final = 5.0
"""Seconds that a thread waits for a change of a job before it checks for disconnected clients."""

GRACE_S: Final = 2.0
"""Seconds that streams have to end when the server shuts down; they need far less."""

LISTENERS: Final = 256
"""Maximum number of waiting threads; they are separate from those that answer other requests."""


class JobProblem(Body):
    """Why an analysis failed."""

    code: str
    detail: str


class Job(Body):
    """An analysis job. `revision` rises with each change."""

    id: UUID
    state: JobState
    progress: float
    revision: int
    name: str
    exercise: str | None
    session_id: str | None
    problem: JobProblem | None
    created_at: datetime

    @classmethod
    def of(cls, job: AnalysisJob) -> "Job":
        """Return the public view of a job, without its digest, tenant and correlation."""
        failed = job.problem_code is not None
        return cls(
            id=job.id,
            state=job.state,
            progress=job.progress,
            revision=job.revision,
            name=job.name,
            exercise=job.exercise,
            session_id=job.session_id,
            problem=(
                JobProblem(code=job.problem_code or "", detail=job.problem_detail or "")
                if failed
                else None
            ),
            created_at=job.created_at,
        )


@router.get("/{job_id}", operation_id="getJob", summary="Get an analysis job")
def job(job_id: UUID, caller: CurrentCaller) -> Job:
    """Return the current state of a job."""
    return Job.of(visible_job(caller, job_id))


STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": (
            "Events named `job`: `id` is the revision, `data` the Job as JSON. Those after "
            "`Last-Event-ID`, as they happen; the stream ends after the final state."
        ),
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@router.get(
    "/{job_id}/events",
    operation_id="followJob",
    summary="Follow an analysis (server-sent events)",
    responses=STREAM,
    response_class=EventSourceResponse,
)
async def events(
    job_id: UUID,
    caller: CurrentCaller,
    last_event_id: Annotated[int | None, Header(description="The last revision seen.")] = None,
) -> EventSourceResponse:
    """Follow the job from the revision that the client has seen last."""
    current = await run_sync(visible_job, caller, job_id)  # 404 before the stream begins
    closing = anyio.Event()
    return EventSourceResponse(
        _job_events(caller, current, last_event_id or 0, closing),
        ping=HEARTBEAT_S,
        shutdown_event=closing,
        shutdown_grace_period=GRACE_S,
    )


_listening: Final = anyio.CapacityLimiter(LISTENERS)


async def _job_events(
    caller: Caller, current: AnalysisJob, seen: int, closing: anyio.Event
) -> AsyncIterator[ServerSentEvent]:
    """Yield each change once, until the job is over or the server shuts down."""
    while True:
        if current.revision > seen:
            seen = current.revision
            data = Job.of(current).model_dump_json(by_alias=True)
            yield ServerSentEvent(data, event="job", id=str(seen), retry=RECONNECT_MS)
        if current.is_over or closing.is_set():
            return
        current = await _news(caller, current, seen, closing)


async def _news(
    caller: Caller, current: AnalysisJob, seen: int, closing: anyio.Event
) -> AnalysisJob:
    """Wait in a thread for a change or for shutdown; an abandoned thread ends soon."""
    wait = partial(
        caller.platform.jobs.wait, current.tenant_id, current.id, after=seen, timeout_s=WAIT_S
    )
    async with anyio.create_task_group() as tasks:

        async def give_up() -> None:
            await closing.wait()
            tasks.cancel_scope.cancel()

        tasks.start_soon(give_up)
        current = await run_sync(wait, abandon_on_cancel=True, limiter=_listening)
        tasks.cancel_scope.cancel()
    return current
