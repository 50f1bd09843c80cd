"""Jobs of recordings' videos (R-EVT-05), which the queue `content-processing` adds.

A recording that has images requests its video when it is complete. The log decides whether the
video is missing, so a request that is delivered again makes no second one.
"""

from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID, uuid5

from application.kernel.cloud_events import EncodedEvent
from application.kernel.leased_jobs import JobLeases, LeasedJob
from application.kernel.ports import Clock, EventLog
from application.kernel.topics import QUEUES, Group
from domain.ids import RecordingId, TenantId, UserId
from domain.kernel import Origin
from domain.recordings import events
from domain.recordings.recording import RECORDING, Completed

GROUP: Final[Group] = next(queue for queue in QUEUES if queue.name == "content-processing")


@dataclass(frozen=True, kw_only=True)
class VideoJob(LeasedJob):
    """The video of a user's recording."""

    recording_id: RecordingId
    user_id: UserId

    @property
    def stream(self) -> str:
        return recording_stream(self.recording_id)

    @property
    def origin(self) -> Origin:
        """Origin of the commands of the job."""
        return Origin(
            tenant_id=self.tenant_id, actor=self.user_id, correlation_id=self.correlation_id
        )

    def command_id(self, purpose: str) -> UUID:
        """Return the id of a command, the same in each attempt."""
        return uuid5(self.id, purpose)


class VideoJobStore(JobLeases[VideoJob], Protocol):
    """Durable store of jobs. Raises StorageUnavailable."""

    def add(self, job: VideoJob) -> None:
        """Store a new job; change nothing if its id exists."""
        ...

    def claim(self, owner: UUID, lease_s: float) -> VideoJob | None:
        """Claim an unfinished job without a lease, of any tenant; None if none is free.

        Tenants take turns, and so do the users of a tenant; of one user, the oldest job is first.
        The claim counts as an attempt.
        """
        ...


@dataclass(frozen=True)
class VideoQueue:
    """Adds a job for each video that recordings request."""

    log: EventLog
    jobs: VideoJobStore
    clock: Clock

    def submit(self, event: EncodedEvent) -> None:
        """Add the job of a request, unless it is done; ignore other events."""
        if event.name != events.VideoRequested.event_name:  # type: ignore[attr-defined]  # by its decorator
            return
        tenant_id = TenantId(event.tenant_id)
        recording_id = RecordingId(event.stream.removeprefix(f"{RECORDING.category}-"))
        recording = without_video(self.log, tenant_id, recording_id)
        if recording is None:
            return
        self.jobs.add(
            VideoJob(
                id=event.event_id,
                tenant_id=tenant_id,
                recording_id=recording_id,
                user_id=recording.user_id,
                correlation_id=event.correlation_id,
                created_at=self.clock(),
            )
        )


def recording_stream(recording_id: RecordingId) -> str:
    """Return the stream of a recording."""
    return f"{RECORDING.category}-{recording_id}"


def without_video(
    log: EventLog, tenant_id: TenantId, recording_id: RecordingId
) -> Completed | None:
    """Return a recording that waits for its video, or None if it does not."""
    history = log.load(tenant_id, recording_stream(recording_id))
    recording = RECORDING.fold(recorded.event for recorded in history)
    if isinstance(recording, Completed) and recording.video_status == "pending":
        return recording
    return None
