"""Videos of recordings (R-EVT-05): the queue `content-processing` and its handler.

A recording that has images requests its video when it is complete. Until the video is attached, the
recording is replayed without it. The log decides whether a video is missing, so a request that is
delivered again makes no second one; after a crash, the next process starts again from the images.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event
from typing import Any, Final
from uuid import uuid5

import structlog

from application.kernel.cloud_events import EncodedEvent
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.log_queue import RETRY, FailedEvents, LogQueueProcessor, Positions
from application.kernel.ports import Clock, EventLog, LogTail, MediaStore
from application.kernel.relay import EncodedLog
from application.kernel.subscription import (
    POLL_S,
    Draw,
    LeaderLock,
    LogSource,
    Policy,
    Stopped,
    Subscription,
    is_transient,
)
from application.kernel.topics import QUEUES, Group
from application.kernel.video import VIDEO_TYPE, VideoEncoder
from application.recordings.pose_archive import PoseArchive
from domain.ids import RecordingId, SessionId, TenantId
from domain.kernel import Origin, Rejected
from domain.recordings import commands as recordings
from domain.recordings import events
from domain.recordings.recording import RECORDING, Completed

GROUP: Final[Group] = next(queue for queue in QUEUES if queue.name == "content-processing")

BATCH: Final = 5000

INTERNAL: Final = "internal"
"""Problem of a video that failed because of an internal error, which was logged."""

logger: Any = structlog.get_logger()


@dataclass(frozen=True)
class VideoMaker:
    """Makes the videos that recordings request."""

    log: EventLog
    commands: CommandHandler
    media: MediaStore
    archive: PoseArchive
    encoder: VideoEncoder
    clock: Clock

    def encode_video(self, event: EncodedEvent, stop: Event) -> None:
        """Make and attach the video that an event requests, if it is missing; ignore other events.

        What prevents the video for good is stored in the recording. Raises Stopped as soon as
        `stop` is set, and what a later attempt may avoid, such as StorageUnavailable.
        """
        if event.name != events.VideoRequested.event_name:  # type: ignore[attr-defined]  # by its decorator
            return
        tenant_id = TenantId(event.tenant_id)
        recording_id = RecordingId(event.stream.removeprefix(f"{RECORDING.category}-"))
        recording = self._pending(tenant_id, recording_id)
        if recording is None:
            return
        origin = Origin(
            tenant_id=tenant_id, actor=recording.user_id, correlation_id=event.correlation_id
        )
        command = self._filmed(tenant_id, recording_id, recording, stop)
        command_id = uuid5(event.event_id, type(command).__name__)
        try:
            self.commands.execute(
                Request(RECORDING, recording_id, [command]), origin=origin, command_id=command_id
            )
        except Rejected as refusal:
            if is_transient(refusal):
                raise
            # The recording was deleted or got a video meanwhile; restoring it requests one again.
            logger.info("video.not_needed", recording=recording_id, code=refusal.code)
        else:
            logger.info("video.done", recording=recording_id, outcome=type(command).__name__)

    def _pending(self, tenant_id: TenantId, recording_id: RecordingId) -> Completed | None:
        history = self.log.load(tenant_id, f"{RECORDING.category}-{recording_id}")
        recording = RECORDING.fold(recorded.event for recorded in history)
        if isinstance(recording, Completed) and recording.video_status == "pending":
            return recording
        return None

    def _filmed(
        self, tenant_id: TenantId, recording_id: RecordingId, recording: Completed, stop: Event
    ) -> recordings.AttachVideo | recordings.FailVideo:
        """Make and store the video; return the command that says so, or why there is none."""
        pictures = self._pictures(tenant_id, recording_id, stop)
        try:
            with self.encoder.encode(pictures) as video:
                digest = self.media.put_stream(
                    tenant_id, video, prefix=recording_id, subject=recording.user_id
                )
        except Stopped:
            raise
        except Rejected as refusal:
            if is_transient(refusal):
                raise
            logger.warning("video.failed", recording=recording_id, code=refusal.code)
            return recordings.FailVideo(problem=refusal.code, at=self.clock())
        except Exception:
            logger.exception("video.failed", recording=recording_id)
            return recordings.FailVideo(problem=INTERNAL, at=self.clock())
        return recordings.AttachVideo(digest=digest, media_type=VIDEO_TYPE)

    def _pictures(
        self, tenant_id: TenantId, recording_id: RecordingId, stop: Event
    ) -> Iterator[tuple[float, bytes]]:
        """Yield each image and its time in seconds."""
        chunks: dict[int, str] = {}
        session_id = SessionId(recording_id)
        for recorded in self.log.load(tenant_id, f"{RECORDING.category}-{recording_id}"):
            match recorded.event:
                case events.FramesAppended(first_frame=first, digest=digest):
                    chunks[first] = digest
                case events.ImagesAppended(first_frame=first, digest=digest):
                    chunk = self.archive.read(tenant_id, session_id, chunks[first])
                    names = self.archive.pictures(tenant_id, session_id, digest)
                    for time_s, name in zip(chunk.times_s.tolist(), names, strict=True):
                        if stop.is_set():
                            raise Stopped
                        if name is not None:
                            yield time_s, self.media.get(tenant_id, name, prefix=recording_id)
                case _:
                    continue


def video_subscription(
    *,
    log: EncodedLog,
    tail: LogTail,
    positions: Positions,
    failed: FailedEvents,
    encode_video: Callable[[EncodedEvent, Event], None],
    lock: LeaderLock,
    clock: Clock,
    draw: Draw,
) -> Subscription[EncodedEvent]:
    """Return the subscription that makes videos without a bus."""
    processor = LogQueueProcessor(
        GROUP.name,
        positions,
        encode_video,
        failed=failed,
        log=log,
        clock=clock,
    )
    policy = Policy(batch_size=BATCH, poll_s=POLL_S, retry=RETRY)
    return Subscription(LogSource(log, tail), processor, lock, policy, draw=draw)
