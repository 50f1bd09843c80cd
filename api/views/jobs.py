"""Analysis jobs that a caller may see."""

from uuid import UUID

from application.analysis.jobs import AnalysisJob, JobNotFound
from application.caller import Caller


def visible_job(caller: Caller, job_id: UUID) -> AnalysisJob:
    """Return the current state of a job. Raises JobNotFound if the caller may not see it."""
    current = caller.platform.jobs.get(caller.tenant_id, job_id)
    if not caller.sees("job", current.athlete_id):
        raise JobNotFound
    return current
