"""Analysis jobs: their view, and access to them."""

from datetime import datetime
from uuid import UUID

from api.views.base import Body
from application.analysis.jobs import AnalysisJob, JobNotFound, JobState
from application.caller import Caller


class JobProblem(Body):
    """Why an analysis failed.

    `alternatives`: ids of exercises to choose from, if the exercise was not recognized; upload the
    video again with one of them.
    """

    code: str
    detail: str
    alternatives: tuple[str, ...]


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
                JobProblem(
                    code=job.problem_code or "",
                    detail=job.problem_detail or "",
                    alternatives=tuple((job.alternatives or "").split()),
                )
                if failed
                else None
            ),
            created_at=job.created_at,
        )


def visible_job(caller: Caller, job_id: UUID) -> AnalysisJob:
    """Return the current state of a job. Raises JobNotFound if the caller may not see it."""
    current = caller.platform.jobs.get(caller.tenant_id, job_id)
    if not caller.sees("job", current.athlete_id):
        raise JobNotFound
    return current
