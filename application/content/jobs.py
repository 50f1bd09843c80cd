"""Jobs of content: work on a file, such as its encoding, leased by one process at a time.

The queue `content-processing` only adds jobs, so no video holds up its other messages. A job whose
process dies goes to another one, which continues it from the log.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, Protocol
from uuid import UUID, uuid5

from application.content.encoding import EncodingFailed
from application.content.items import content_stream, find_item, newest_draft_request
from application.content.manifest import media_prefix
from application.content.upload_store import UploadKey
from application.kernel.cloud_events import EncodedEvent
from application.kernel.leased_jobs import JobLeases, LeasedJob, Progress
from application.kernel.outages import MAX_ENDED_ATTEMPTS, is_transient
from application.kernel.ports import Clock, EventLog
from application.kernel.video import PROCESS_ENDED
from domain.content import events
from domain.content.file_version import Stage
from domain.content.item import CONTENT, Item
from domain.ids import ContentId, TenantId, UserId
from domain.kernel import Origin, Rejected

Step = Literal["analyze", "check", "encode", "transcribe"]

STEPS: Final[dict[str, Step]] = {
    events.ContentUploaded.event_name: "check",  # type: ignore[attr-defined]  # by its decorator
    events.ChecksPassed.event_name: "encode",  # type: ignore[attr-defined]  # by its decorator
    events.ContentReady.event_name: "analyze",  # type: ignore[attr-defined]  # by its decorator
    events.CaptionDraftRequested.event_name: "transcribe",  # type: ignore[attr-defined]  # by its decorator
}
"""Step that an event causes."""

STAGES: Final[dict[Step, Stage]] = {"check": "checking", "encode": "checked"}
"""Stage of the newest version that waits for a step. Others need the published version."""


@dataclass(frozen=True, kw_only=True)
class ContentJob(LeasedJob):
    """A step of one version of an item."""

    content_id: ContentId
    trainer_id: UserId
    number: int
    step: Step

    @property
    def stream(self) -> str:
        return content_stream(self.content_id)

    @property
    def origin(self) -> Origin:
        """Origin of the commands of the job."""
        return Origin(
            tenant_id=self.tenant_id, actor=self.trainer_id, correlation_id=self.correlation_id
        )

    @property
    def upload(self) -> UploadKey:
        """Place of the uploaded file."""
        return UploadKey(self.tenant_id, self.content_id, self.number)

    @property
    def encoding_id(self) -> str:
        """Id of the stream of the encoded units."""
        return f"{self.content_id}.{self.number}"

    @property
    def prefix(self) -> str:
        """Prefix of the media."""
        return media_prefix(self.content_id, self.number)

    def command_id(self, purpose: str) -> UUID:
        """Return the id of a command, the same in each attempt."""
        return uuid5(self.id, f"{self.number}.{purpose}")


ENDED: Final = (*PROCESS_ENDED, EncodingFailed)
"""Refusals if a child process was ended: by the system, as for memory, or by the video."""


def may_succeed_later(refusal: Rejected, progress: Progress) -> bool:
    """Return whether another attempt may succeed: after an outage, or if a process was ended."""
    if isinstance(refusal, ENDED):
        return progress.attempts < MAX_ENDED_ATTEMPTS
    return is_transient(refusal)


class ContentJobStore(JobLeases[ContentJob], Protocol):
    """Durable store of jobs. Raises StorageUnavailable."""

    def add(self, job: ContentJob) -> None:
        """Store a new job; change nothing if its id exists."""
        ...

    def claim(self, owner: UUID, step: Step, lease_s: float) -> ContentJob | None:
        """Claim an unfinished job of a step without a lease, of any tenant; None if none is free.

        Tenants take turns, and so do the trainers of a tenant; of one trainer, the oldest job is
        first. The claim counts as an attempt.
        """
        ...

    def find(self, tenant_id: TenantId, job_id: UUID) -> ContentJob | None:
        """Return a job, or None if there is none."""
        ...

    def newest(
        self, tenant_id: TenantId, content_ids: Collection[ContentId]
    ) -> dict[ContentId, ContentJob]:
        """Return the newest job of each item that has one."""
        ...


@dataclass(frozen=True)
class ContentQueue:
    """Adds a job for each event that requires one."""

    log: EventLog
    jobs: ContentJobStore
    clock: Clock

    def submit(self, event: EncodedEvent) -> None:
        """Add the job that an event causes, unless it is done; ignore other events."""
        step = STEPS.get(event.name)
        if step is None:
            return
        tenant_id = TenantId(event.tenant_id)
        content_id = ContentId(event.stream.removeprefix(f"{CONTENT.category}-"))
        item = find_item(self.log, tenant_id, content_id)
        number = None if item is None else waiting_number(item, step)
        if item is None or number is None:
            return
        self.jobs.add(
            ContentJob(
                id=event.event_id,
                tenant_id=tenant_id,
                content_id=content_id,
                trainer_id=item.trainer_id,
                number=number,
                step=step,
                correlation_id=event.correlation_id,
                created_at=self.clock(),
            )
        )


def waiting_item(log: EventLog, job: ContentJob) -> Item | None:
    """Return the item of a job if it still waits for the step, otherwise None."""
    history = log.load(job.tenant_id, job.stream)
    item = CONTENT.fold(recorded.event for recorded in history)
    if not isinstance(item, Item) or item.offer == "taken_down":
        return None
    if job.step == "transcribe" and newest_draft_request(history) != job.id:
        return None
    return item if waiting_number(item, job.step) == job.number else None


def waiting_number(item: Item, step: Step) -> int | None:
    """Return the number of the version that waits for a step, or None."""
    if step == "analyze":
        return None if item.live is None else item.live.number
    if step == "transcribe":
        draft = item.draft
        return None if draft is None or draft.stage != "underway" else draft.number
    return item.newest.number if item.newest.stage == STAGES[step] else None
