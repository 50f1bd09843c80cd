"""Recorder: append frames and images of a live session; acknowledged frames survive a crash.

Landmarks are stored in chunks in the media store, images each under its digest, with a list for
each chunk; the log names the chunks (R-RPL-02). A recording has the id of its session. Stopping it
completes it at once, and requests the video of its images, which a job makes
(`application.recordings.videos`).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from uuid import UUID, uuid5

import numpy as np

from application.kernel.command_handler import CommandHandler, Request, Snapshot
from application.kernel.ports import Clock, EventLog, MediaStore, NewId
from application.kernel.video import ImageCodec
from application.live.chunk import TimesNotIncreasing
from application.recordings.pose_archive import PoseArchive
from application.sessions.fact_mapping import milliseconds
from domain.ids import RecordingId, TenantId, UserId
from domain.kernel import Origin, Rejected, value
from domain.motion.landmarks import LANDMARK_COUNT, Floats, PoseChunk
from domain.recordings import commands as recording
from domain.recordings import events
from domain.recordings.recording import (
    RECORDING,
    Completed,
    Deleted,
    Failed,
    NotStarted,
    Recording,
    Removed,
    Running,
)

NAMESPACE: Final = UUID("019a9f1e-6c41-7c58-8a05-5f0f2c3b7d11")
"""Namespace of the ids of append commands: the same frames are appended once."""

Status = Literal["recording", "paused", "completed", "failed", "deleted"]


class FramesLeftOut(Rejected):
    """Frames of a recording are numbered from 0 without a gap."""

    code = "recording.frames_left_out"

    def __init__(self, expected: int) -> None:
        super().__init__(f"Frames are missing. Send frame {expected} of the recording first.")
        self.expected = expected


@value
class RecordingProgress:
    """Progress of a recording: all frames before `frame_count` are stored.

    `end_ms` is the time of the last of them since the session began, 0 for none. `position` and
    `version` are those of the recording's last event, `state` is the decider's state after it.
    """

    id: RecordingId
    user_id: UserId
    status: Status
    frame_count: int = 0
    end_ms: int = 0
    images: int = 0
    aspect_ratio: float = 1.0
    position: int = 0
    version: int = 0
    state: Recording = NotStarted()


@dataclass(frozen=True, eq=False)
class FrameBatch:
    """Consecutive frames, the first with number `first`, and the image of each that has one."""

    first: int
    chunk: PoseChunk
    pictures: tuple[bytes | None, ...]

    def without(self, count: int) -> "FrameBatch":
        """Return the batch without its first `count` frames."""
        chunk = self.chunk
        rest = PoseChunk(
            chunk.times_s[count:],
            chunk.image[count:],
            None if chunk.world is None else chunk.world[count:],
            chunk.aspect_ratio,
        )
        return FrameBatch(self.first + count, rest, self.pictures[count:])

    def followed_by(self, other: "FrameBatch") -> "FrameBatch":
        """Append the following frames; either batch may lack world landmarks."""
        first, second = self.chunk, other.chunk
        has_world = first.world is not None or second.world is not None
        chunk = PoseChunk(
            np.concatenate([first.times_s, second.times_s]),
            np.concatenate([first.image, second.image]),
            np.concatenate([_world(first), _world(second)]) if has_world else None,
            first.aspect_ratio,
        )
        return FrameBatch(self.first, chunk, (*self.pictures, *other.pictures))


def _world(chunk: PoseChunk) -> Floats:
    if chunk.world is not None:
        return chunk.world
    return np.full((len(chunk), LANDMARK_COUNT, 3), np.nan, np.float32)


@dataclass(frozen=True)
class Recorder:
    """Recordings and their media; the only writer for live sessions (R-RPL-14)."""

    log: EventLog
    commands: CommandHandler
    media: MediaStore
    archive: PoseArchive
    pictures: ImageCodec
    clock: Clock
    new_id: NewId

    def get_progress(self, tenant_id: TenantId, recording_id: RecordingId) -> RecordingProgress:
        """Return the progress of a recording. Raises RecordingNotFound."""
        history = self.log.load(tenant_id, f"{RECORDING.category}-{recording_id}")
        progress = _progress_of(recording_id, [recorded.event for recorded in history])
        if progress is None:
            raise recording.RecordingNotFound
        return replace(progress, position=history[-1].position, version=history[-1].version)

    def update(self, tenant_id: TenantId, progress: RecordingProgress) -> RecordingProgress:
        """Update the progress of a recording; reads only new events."""
        stream = f"{RECORDING.category}-{progress.id}"
        new = self.log.load(tenant_id, stream, after_version=progress.version)
        if not new:
            return progress
        now = _advance(progress, [recorded.event for recorded in new])
        return replace(now, position=new[-1].position, version=new[-1].version)

    def execute(
        self,
        recording_id: RecordingId,
        command: recording.RecordingCommand,
        *,
        origin: Origin,
        command_id: UUID | None = None,
    ) -> RecordingProgress:
        """Execute a command and return the progress. Raises its refusals."""
        resolved_id = command_id or self.new_id()
        self.commands.execute(
            Request(RECORDING, recording_id, [command]), origin=origin, command_id=resolved_id
        )
        return self.get_progress(origin.tenant_id, recording_id)

    def check(self, batch: FrameBatch) -> None:
        """Open the pictures. Raises PictureRefused."""
        for picture in batch.pictures:
            if picture is not None:
                self.pictures.check(picture)

    def append(
        self, progress: RecordingProgress, batch: FrameBatch, *, origin: Origin
    ) -> tuple[RecordingProgress, int]:
        """Append frames that are new; returns the progress and the bytes added.

        The cost does not grow with the recording. Raises FramesLeftOut,
        TimesNotIncreasing, RecordingIsPaused, RecordingNotUnderway and StorageUnavailable.
        """
        progress = self.update(origin.tenant_id, progress)
        if batch.first > progress.frame_count:
            raise FramesLeftOut(progress.frame_count)
        new = batch.without(min(progress.frame_count - batch.first, len(batch.chunk)))
        if not len(new.chunk):
            return progress, 0
        if progress.status == "paused":
            raise recording.RecordingIsPaused
        if progress.status != "recording":
            raise recording.RecordingNotUnderway
        start_ms = milliseconds(float(new.chunk.times_s[0]))
        if progress.frame_count and start_ms < progress.end_ms:
            raise TimesNotIncreasing
        command, added = self._stored(origin.tenant_id, progress, new)
        named = (origin.tenant_id, progress.id, str(command.first_frame), repr(command))
        command_id = uuid5(NAMESPACE, "\x1f".join(named))
        request = Request(
            RECORDING, progress.id, [command], Snapshot(progress.version, progress.state)
        )
        try:
            self.commands.execute(request, origin=origin, command_id=command_id)
        except recording.FramesOutOfOrder:  # another connection stored some
            return self.append(progress, batch, origin=origin)
        return self.update(origin.tenant_id, progress), added

    def stop(self, recording_id: RecordingId, *, origin: Origin) -> RecordingProgress:
        """Complete the recording, and request the video of its images, if there are any."""
        return self.execute(recording_id, recording.StopRecording(at=self.clock()), origin=origin)

    def size(self, tenant_id: TenantId, recording_id: RecordingId) -> int:
        """Return the bytes of a recording in the media store."""
        total, after = 0, ""
        while page := self.media.list_media(tenant_id, recording_id, after=after):
            total += sum(each.size for each in page)
            after = page[-1].digest
        return total

    def remove(self, recording_id: RecordingId, *, origin: Origin) -> RecordingProgress:
        """Remove the media of a recording that was deleted long enough ago.

        The event is stored first, so that removing can be repeated. Raises RecordingRestorable.
        """
        removal = recording.RemoveMedia(at=self.clock())
        progress = self.execute(recording_id, removal, origin=origin)
        self.media.clear(origin.tenant_id, recording_id)
        return progress

    def _stored(
        self, tenant_id: TenantId, progress: RecordingProgress, batch: FrameBatch
    ) -> tuple[recording.AppendFrames, int]:
        """Store frames and images; returns the command that appends them, and their bytes."""
        chunk, added = batch.chunk, 0

        def put(content: bytes) -> str:
            nonlocal added
            added += len(content)
            return self.media.put(tenant_id, content, prefix=progress.id, subject=progress.user_id)

        listed = [None if each is None else put(each) for each in batch.pictures]
        images = sum(each is not None for each in listed)
        command = recording.AppendFrames(
            first_frame=batch.first,
            frames=len(chunk),
            start_ms=milliseconds(float(chunk.times_s[0])),
            end_ms=milliseconds(float(chunk.times_s[-1])),
            digest=put(self.archive.encode(chunk)),
            images=images,
            images_digest=put(json.dumps(listed).encode()) if images else None,
        )
        return command, added


def _progress_of(recording_id: RecordingId, history: Sequence[Any]) -> RecordingProgress | None:
    started = next((each for each in history if isinstance(each, events.RecordingStarted)), None)
    if started is None:
        return None
    begun = RecordingProgress(
        id=recording_id,
        user_id=started.user_id,
        status="recording",
        aspect_ratio=started.aspect_ratio,
    )
    return _advance(begun, history)


def _advance(progress: RecordingProgress, new: Sequence[Any]) -> RecordingProgress:
    state = RECORDING.fold(new, progress.state)
    appended = [each for each in new if isinstance(each, events.FramesAppended)]
    last = appended[-1] if appended else None
    images = sum(each.images for each in new if isinstance(each, events.ImagesAppended))
    return replace(
        progress,
        status=_status(state) or progress.status,
        frame_count=progress.frame_count if last is None else last.first_frame + last.frames,
        end_ms=progress.end_ms if last is None else last.end_ms,
        images=progress.images + images,
        state=state,
    )


def _status(state: Recording) -> Status | None:
    match state:
        case NotStarted():
            return None
        case Running(paused=paused):
            return "paused" if paused else "recording"
        case Completed() | Removed():
            return "completed"
        case Failed():
            return "failed"
        case Deleted():
            return "deleted"
