"""A session is recorded while it goes: what was told as kept is kept, whatever dies (R-RPL-02).

Landmarks lie in chunks in the media store, pictures each under its digest, with a list for each
chunk; the log names the chunks. A recording has the id of the session that it shows. Stopping makes
the film of the pictures first and then, in one transaction, attaches it and completes the
recording: killed before, the recording still runs, and can be stopped again.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal
from uuid import UUID, uuid5

import numpy as np

from application.kernel.command_handler import CommandHandler, Request, Snapshot
from application.kernel.ports import Clock, EventLog, MediaCorrupt, MediaMissing, MediaStore, NewId
from application.kernel.video import FILM_TYPE, ImageCodec, VideoUnwritable
from application.live.chunk import TimesNotIncreasing
from application.recordings.pose_archive import PoseArchive
from application.sessions.fact_mapping import milliseconds
from domain.ids import RecordingId, SessionId, TenantId, UserId
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
"""Ids of the commands that append frames live here: the same frames are appended once."""

Status = Literal["recording", "paused", "completed", "failed", "deleted"]


class FramesLeftOut(Rejected):
    """Frames of a recording are numbered from 0, and none is left out."""

    code = "recording.frames_left_out"

    def __init__(self, expected: int) -> None:
        super().__init__(f"Frame {expected} of the recording comes next; send it first.")
        self.expected = expected


@value
class RecordingProgress:
    """How far a recording has come: all frames before `frame_count` are kept.

    `end_ms` is the time of the last of them since the session began, 0 for none. `position` is that
    of the recording's last fact in the log, `version` its number in the recording, and `state` what
    the recording came to by it.
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
    """Frames, the first of which is number `first`, and the picture of each that has one."""

    first: int
    chunk: PoseChunk
    pictures: tuple[bytes | None, ...]

    def without(self, count: int) -> "FrameBatch":
        """Leave the first so many out."""
        chunk = self.chunk
        rest = PoseChunk(
            chunk.times_s[count:],
            chunk.image[count:],
            None if chunk.world is None else chunk.world[count:],
            chunk.aspect_ratio,
        )
        return FrameBatch(self.first + count, rest, self.pictures[count:])

    def followed_by(self, other: "FrameBatch") -> "FrameBatch":
        """Join frames that follow; a frame of either may have world landmarks, or none."""
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
    """Writes recordings and their media; nobody else writes those of live sessions (R-RPL-14)."""

    log: EventLog
    commands: CommandHandler
    media: MediaStore
    archive: PoseArchive
    pictures: ImageCodec
    clock: Clock
    new_id: NewId

    def kept(self, tenant_id: TenantId, recording_id: RecordingId) -> RecordingProgress:
        """Tell how far a recording has come. Raises RecordingNotFound."""
        history = self.log.load(tenant_id, f"{RECORDING.category}-{recording_id}")
        known = _kept(recording_id, [recorded.event for recorded in history])
        if known is None:
            raise recording.RecordingNotFound
        return replace(known, position=history[-1].position, version=history[-1].version)

    def since(self, tenant_id: TenantId, known: RecordingProgress) -> RecordingProgress:
        """Tell how far a recording has come that had come so far; reads what is new."""
        stream = f"{RECORDING.category}-{known.id}"
        news = self.log.load(tenant_id, stream, after_version=known.version)
        if not news:
            return known
        now = _further(known, [recorded.event for recorded in news])
        return replace(now, position=news[-1].position, version=news[-1].version)

    def ask(
        self,
        recording_id: RecordingId,
        asked: Sequence[recording.RecordingCommand]
        | Callable[[Sequence[Any]], Sequence[recording.RecordingCommand]],
        *,
        origin: Origin,
        command_id: UUID | None = None,
    ) -> RecordingProgress:
        """Carry commands out; gives where that leads. Raises what they are refused with."""
        wanted = command_id or self.new_id()
        self.commands.execute(
            Request(RECORDING, recording_id, asked), origin=origin, command_id=wanted
        )
        return self.kept(origin.tenant_id, recording_id)

    def check(self, filmed: FrameBatch) -> None:
        """Open the pictures. Raises PictureRefused."""
        for picture in filmed.pictures:
            if picture is not None:
                self.pictures.check(picture)

    def append(
        self, known: RecordingProgress, filmed: FrameBatch, *, origin: Origin
    ) -> tuple[RecordingProgress, int]:
        """Keep frames; those that are kept already are left out. Tells also the bytes added.

        It takes as long after an hour of recording as at its beginning. Raises FramesLeftOut,
        TimesNotIncreasing, RecordingIsPaused, RecordingNotUnderway and StorageUnavailable.
        """
        known = self.since(origin.tenant_id, known)
        if filmed.first > known.frame_count:
            raise FramesLeftOut(known.frame_count)
        news = filmed.without(min(known.frame_count - filmed.first, len(filmed.chunk)))
        if not len(news.chunk):
            return known, 0
        if known.status == "paused":
            raise recording.RecordingIsPaused
        if known.status != "recording":
            raise recording.RecordingNotUnderway
        start_ms = milliseconds(float(news.chunk.times_s[0]))
        if known.frame_count and start_ms < known.end_ms:
            raise TimesNotIncreasing
        asked, added = self._stored(origin.tenant_id, known.id, news)
        named = (origin.tenant_id, known.id, str(asked.first_frame), repr(asked))
        command_id = uuid5(NAMESPACE, "\x1f".join(named))
        request = Request(RECORDING, known.id, [asked], Snapshot(known.version, known.state))
        try:
            self.commands.execute(request, origin=origin, command_id=command_id)
        except recording.FramesOutOfOrder:  # another connection has kept some of them meanwhile
            return self.append(known, filmed, origin=origin)
        return self.since(origin.tenant_id, known), added

    def stop(self, recording_id: RecordingId, *, origin: Origin) -> RecordingProgress:
        """Make the film of the pictures, if there are any, and complete the recording.

        While the film is made the recording is paused, so that it shows all that was kept. One
        whose film cannot be made has failed; all else that was kept of it stays.
        """
        known = self.kept(origin.tenant_id, recording_id)
        if known.status == "recording" and known.images:
            known = self.ask(
                recording_id, [recording.PauseRecording(at=self.clock())], origin=origin
            )
        ending: list[recording.RecordingCommand] = []
        try:
            if known.status == "paused" and known.images:
                digest = self._film(origin.tenant_id, recording_id)
                ending.append(recording.AttachVideo(digest=digest, media_type=FILM_TYPE))
        except (MediaCorrupt, MediaMissing, VideoUnwritable) as broken:
            ending.append(recording.FailRecording(reason=broken.detail, at=self.clock()))

        def ended(history: Sequence[Any]) -> Sequence[recording.RecordingCommand]:
            now = _kept(recording_id, history)
            if now is None or now.status == "completed":  # somebody else was faster
                return []
            if any(isinstance(each, recording.FailRecording) for each in ending):
                return ending
            return [*ending, recording.CompleteRecording(duration_ms=now.end_ms, at=self.clock())]

        return self.ask(recording_id, ended, origin=origin)

    def size(self, tenant_id: TenantId, recording_id: RecordingId) -> int:
        """Count the bytes that lie in the media store for a recording."""
        total, after = 0, ""
        while page := self.media.list_media(tenant_id, recording_id, after=after):
            total += sum(each.size for each in page)
            after = page[-1].digest
        return total

    def remove(self, recording_id: RecordingId, *, origin: Origin) -> RecordingProgress:
        """Remove the media of one that was deleted long enough ago. Raises RecordingRestorable.

        First the fact, which says that it may be done, then the deed, which may be done again.
        """
        known = self.ask(recording_id, [recording.RemoveMedia(at=self.clock())], origin=origin)
        self.media.clear(origin.tenant_id, recording_id)
        return known

    def _stored(
        self, tenant_id: TenantId, recording_id: RecordingId, filmed: FrameBatch
    ) -> tuple[recording.AppendFrames, int]:
        """Store frames and pictures; gives the command that enters them, and their bytes."""
        chunk, added = filmed.chunk, 0

        def put(content: bytes) -> str:
            nonlocal added
            added += len(content)
            return self.media.put(tenant_id, content, prefix=recording_id)

        listed = [None if each is None else put(each) for each in filmed.pictures]
        images = sum(each is not None for each in listed)
        asked = recording.AppendFrames(
            first_frame=filmed.first,
            frames=len(chunk),
            start_ms=milliseconds(float(chunk.times_s[0])),
            end_ms=milliseconds(float(chunk.times_s[-1])),
            digest=put(self.archive.encode(chunk)),
            images=images,
            images_digest=put(json.dumps(listed).encode()) if images else None,
        )
        return asked, added

    def _film(self, tenant_id: TenantId, recording_id: RecordingId) -> str:
        with tempfile.TemporaryDirectory(prefix="kinelog-film-") as folder:
            path = Path(folder) / "film.mp4"
            self.pictures.encode_video(path, self._pictures(tenant_id, recording_id))
            return self.media.put_file(tenant_id, path, prefix=recording_id)

    def _pictures(
        self, tenant_id: TenantId, recording_id: RecordingId
    ) -> Iterator[tuple[float, bytes]]:
        chunks: dict[int, str] = {}
        for recorded in self.log.load(tenant_id, f"{RECORDING.category}-{recording_id}"):
            match recorded.event:
                case events.FramesAppended(first_frame=first, digest=digest):
                    chunks[first] = digest
                case events.ImagesAppended(first_frame=first, digest=digest):
                    chunk = self.archive.read(tenant_id, SessionId(recording_id), chunks[first])
                    names = self.archive.pictures(tenant_id, SessionId(recording_id), digest)
                    for time_s, name in zip(chunk.times_s.tolist(), names, strict=True):
                        if name is not None:
                            yield time_s, self.media.get(tenant_id, name, prefix=recording_id)
                case _:
                    continue


def _kept(recording_id: RecordingId, history: Sequence[Any]) -> RecordingProgress | None:
    started = next((each for each in history if isinstance(each, events.RecordingStarted)), None)
    if started is None:
        return None
    begun = RecordingProgress(
        id=recording_id,
        user_id=started.user_id,
        status="recording",
        aspect_ratio=started.aspect_ratio,
    )
    return _further(begun, history)


def _further(known: RecordingProgress, news: Sequence[Any]) -> RecordingProgress:
    state = RECORDING.fold(news, known.state)
    appended = [each for each in news if isinstance(each, events.FramesAppended)]
    last = appended[-1] if appended else None
    images = sum(each.images for each in news if isinstance(each, events.ImagesAppended))
    return replace(
        known,
        status=_status(state) or known.status,
        frame_count=known.frame_count if last is None else last.first_frame + last.frames,
        end_ms=known.end_ms if last is None else last.end_ms,
        images=known.images + images,
        state=state,
    )


def _status(state: Recording) -> Status | None:
    match state:
        case NotStarted():
            return None
        case Running(paused=paused):
            return "paused" if paused else "recording"
        case Completed():
            return "completed"
        case Failed():
            return "failed"
        case Deleted() | Removed():
            return "deleted"
