"""Workers of content: each runs the jobs of one step."""

from collections.abc import Callable

from application.content.jobs import ENDED, ContentJob, ContentJobStore, Step, waiting_item
from application.kernel.leased_jobs import TURN_S, WATCH_S, JobWorker, Progress
from application.kernel.ports import EventLog


def content_worker(
    step: Step,
    jobs: ContentJobStore,
    log: EventLog,
    work: Callable[[ContentJob, Progress], None],
    give_up: Callable[[ContentJob], None],
    abandon: Callable[[ContentJob], None],
    *,
    turn_s: float = TURN_S,
    watch_s: float = WATCH_S,
) -> JobWorker[ContentJob]:
    """Return a worker of the jobs of one step, which are needed while their item waits for it.

    `give_up` rejects the file of a job, and `abandon` removes what was left of it.
    """
    return JobWorker(
        name=f"content-{step}",
        claim=lambda owner, lease_s: jobs.claim(owner, step, lease_s),
        jobs=jobs,
        is_needed=lambda job: waiting_item(log, job) is not None,
        work=work,
        give_up=give_up,
        abandon=abandon,
        repeated=ENDED,
        turn_s=turn_s,
        watch_s=watch_s,
    )
