"""Analysis jobs over REST: current state and progress events."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

import anyio
from fastapi import APIRouter, Header, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.caller import CurrentCaller
from api.http.followed import RECONNECT_MS, event_stream, states
from api.http.session_events import too_many_streams
from api.middleware.authentication import bearer
from api.problem_details import problem_responses
from api.views.jobs import Job, visible_job
from application.analysis.jobs import AnalysisJob
from application.live.feed_access import FeedAccess, TooManyStreams
from domain.kernel import Rejected

router = APIRouter(prefix="/v1/jobs", tags=["jobs"], responses=problem_responses(404, 422))

WAIT_S: Final = 3.0
"""Seconds that a thread waits for a change of a job before it checks the client's sign-in again."""


@router.get("/{job_id}", operation_id="getJob", summary="Get an analysis job")
def job(job_id: UUID, caller: CurrentCaller) -> Job:
    """Return the current state of a job."""
    return Job.of(visible_job(caller, job_id))


STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": (
            "Events named `job`: `id` is the revision, `data` the Job as JSON. Those after "
            "`Last-Event-ID`, as they happen; the stream ends after the final state, or when the"
            " client loses access."
        ),
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@router.get(
    "/{job_id}/events",
    operation_id="followJob",
    summary="Follow an analysis (server-sent events)",
    responses=STREAM | problem_responses(429),
    response_class=EventSourceResponse,
)
async def events(
    job_id: UUID,
    caller: CurrentCaller,
    request: Request,
    last_event_id: Annotated[int | None, Header(description="The last revision seen.")] = None,
) -> Response:
    """Follow the job from the revision that the client has seen last."""
    closing = anyio.Event()
    access = JobAccess(FeedAccess(caller, bearer(request), request.app.state.streams), job_id)
    revisions = states(access, closing)
    try:
        first = await anext(revisions)  # checks access before the stream begins
    except TooManyStreams as refusal:
        return too_many_streams(request, refusal)
    return event_stream(_job_events(first, revisions, last_event_id or 0), closing)


@dataclass(frozen=True)
class JobAccess:
    """Access of one connection to a job; each look at the job verifies the sign-in again."""

    feed: FeedAccess
    job_id: UUID

    def current(self) -> AnalysisJob:
        """Return the job. Raises JobNotFound, TokenRefused and SignInRequired."""
        return visible_job(self.feed.current_caller(), self.job_id)

    def wait(self, seen: AnalysisJob) -> None:
        """Return once the job has a later revision, or after a while."""
        jobs, tenant = self.feed.caller.platform.jobs, self.feed.caller.tenant_id
        with suppress(Rejected):  # `current` raises it again, outside the task group
            jobs.wait(tenant, self.job_id, after=seen.revision, timeout_s=WAIT_S)


async def _job_events(
    first: AnalysisJob, revisions: AsyncGenerator[AnalysisJob, None], seen: int
) -> AsyncIterator[ServerSentEvent]:
    """Yield each change once, until the job is over or access is lost."""
    async with aclosing(revisions):
        current = first
        while True:
            if current.revision > seen:
                seen = current.revision
                data = Job.of(current).model_dump_json(by_alias=True)
                yield ServerSentEvent(data, event="job", id=str(seen), retry=RECONNECT_MS)
            if current.is_over:
                return
            try:
                current = await anext(revisions)
            except (StopAsyncIteration, Rejected):
                return
