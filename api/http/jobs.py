"""Analyses under way: how far they are, once or as it changes."""

from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

import anyio
from anyio.to_thread import run_sync
from fastapi import APIRouter, Header
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.caller import Caller, CurrentCaller
from api.problem_details import problem_responses
from api.views.base import Body
from application.analysis.jobs import AnalysisJob, JobNotFound, JobState

router = APIRouter(prefix="/v1/jobs", tags=["jobs"], responses=problem_responses(404, 422))

HEARTBEAT_S: Final = 15
"""Silence after which a comment is sent, well within the idle limits of proxies."""

RECONNECT_MS: Final = 2000

WAIT_S: Final = 5.0
"""How long a thread waits for news of a job before it looks whether anybody still listens."""

GRACE_S: Final = 2.0
"""Time that streams are given to end when the server does; they need far less."""

LISTENERS: Final = 256
"""Threads that may wait at the same time; they are not those that answer other requests."""


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
        """Leave out what is ours: the digest, the tenant, the correlation."""
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
    return Job.of(_known(caller, job_id))


def _known(caller: Caller, job_id: UUID) -> AnalysisJob:
    known = caller.platform.jobs.get(caller.tenant_id, job_id)
    if not caller.sees("job", known.athlete_id):
        raise JobNotFound
    return known


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
    known = await run_sync(
        _known, caller, job_id
    )  # an unknown job is refused before the stream begins
    closing = anyio.Event()
    return EventSourceResponse(
        _followed(caller, known, last_event_id or 0, closing),
        ping=HEARTBEAT_S,
        shutdown_event=closing,
        shutdown_grace_period=GRACE_S,
    )


_listening: Final = anyio.CapacityLimiter(LISTENERS)


async def _followed(
    caller: Caller, known: AnalysisJob, seen: int, closing: anyio.Event
) -> AsyncIterator[ServerSentEvent]:
    """Tell each change once, until the job is over or the server closes."""
    while True:
        if known.revision > seen:
            seen = known.revision
            data = Job.of(known).model_dump_json(by_alias=True)
            yield ServerSentEvent(data, event="job", id=str(seen), retry=RECONNECT_MS)
        if known.is_over or closing.is_set():
            return
        known = await _news(caller, known, seen, closing)


async def _news(caller: Caller, known: AnalysisJob, seen: int, closing: anyio.Event) -> AnalysisJob:
    """Wait in a thread for a change, or for the server's end; left alone, the thread ends soon."""
    wait = partial(
        caller.platform.jobs.wait, known.tenant_id, known.id, after=seen, timeout_s=WAIT_S
    )
    async with anyio.create_task_group() as tasks:

        async def give_up() -> None:
            await closing.wait()
            tasks.cancel_scope.cancel()

        tasks.start_soon(give_up)
        known = await run_sync(wait, abandon_on_cancel=True, limiter=_listening)
        tasks.cancel_scope.cancel()
    return known
