"""Analysis jobs in GraphQL: the current state, and progress as a subscription."""

import enum
from collections.abc import AsyncGenerator
from functools import partial
from typing import Final
from uuid import UUID

import anyio
import strawberry
from anyio.to_thread import run_sync

from api.graphql.context import Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.views import jobs as views
from api.views.jobs import visible_job
from application.analysis.jobs import AnalysisJob
from application.live.feed_access import FeedAccess

WAIT_S: Final = 5.0
"""Seconds to wait for a change of a job before the sign-in is checked again."""

LISTENERS: Final = 256
"""Maximum number of waiting threads; they are separate from those that answer other requests."""

_listening: Final = anyio.CapacityLimiter(LISTENERS)


@strawberry.enum
class JobState(enum.Enum):
    """State of an analysis job."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@derived(views.JobProblem)
class JobProblem:
    """Why an analysis failed."""


@derived(views.Job)
class Job:
    """The analysis of an uploaded video."""

    state: JobState

    @classmethod
    def of(cls, job: AnalysisJob) -> "Job":
        """Return the public view of a job."""
        return convert(cls, views.Job.of(job))


@strawberry.type
class JobQueries:
    """Queries of jobs."""

    @field("Get an analysis job.")
    def job(self, info: Info, job_id: UUID) -> Job:
        """Return the current state of a job."""
        return Job.of(visible_job(info.context.caller, job_id))


async def follow_job(
    access: FeedAccess, job_id: UUID, after: int
) -> AsyncGenerator[AnalysisJob, None]:
    """Yield a job after each change beyond revision `after`, until it is over.

    Raises JobNotFound, TooManyStreams, and TokenRefused as soon as the sign-in has ended.
    """
    with access.streams.acquire(access.caller.cache_scope[:2]):
        while True:
            caller = await run_sync(access.current_caller)
            job = await run_sync(visible_job, caller, job_id)
            if job.revision > after:
                after = job.revision
                yield job
            if job.is_over:
                return
            wait = partial(
                caller.platform.jobs.wait, job.tenant_id, job.id, after=after, timeout_s=WAIT_S
            )
            await run_sync(wait, abandon_on_cancel=True, limiter=_listening)
