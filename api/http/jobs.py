"""Analysis jobs over REST: current state and progress events."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.caller import CurrentCaller
from api.http.followed import RECONNECT_MS, follow
from api.middleware.authentication import bearer
from api.problem_details import problem_responses
from api.views.jobs import Job, visible_job
from application.analysis.jobs import AnalysisJob
from application.live.feed_access import FeedAccess
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
    access = JobAccess(FeedAccess(caller, bearer(request), request.app.state.streams), job_id)
    seen = last_event_id or 0

    def to_event(job: AnalysisJob) -> ServerSentEvent | None:
        nonlocal seen
        if job.revision <= seen:
            return None
        seen = job.revision
        data = Job.of(job).model_dump_json(by_alias=True)
        return ServerSentEvent(data, event="job", id=str(seen), retry=RECONNECT_MS)

    return await follow(request, access, to_event, lambda job: job.is_over)


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
