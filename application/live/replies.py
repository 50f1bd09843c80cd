"""Replies to a chunk: progress, feedback, cues, and the landmarks that the server found.

A `ChunkResult` is the result for the client. A `LiveReply` is that of a worker; every API process
receives every one.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, Self

import numpy as np

from application.live.chunk import FrameChunk, SessionChunk, SessionKey
from application.live.tracker import Detection, Feedback, TrackerState, TrackResult
from application.sessions.fact_mapping import milliseconds
from domain.coaching import cue_memory
from domain.kernel import Rejected, value
from domain.motion.landmarks import LANDMARK_COUNT, Floats, PoseChunk

_PACKED = "<f4"
_IMAGE, _WORLD = 4, 3


@value
class ServerLandmarks:
    """Landmarks of all frames of a chunk, ours among the device's.

    `image` has for each frame and point x, y, z and visibility, `world` x, y and z in metres, where
    they are known: floats of 32 bits, little-endian; NaN is what was not found.
    """

    image: bytes
    world: bytes | None


def to_server_landmarks(sent: PoseChunk, seen: PoseChunk) -> ServerLandmarks | None:
    """Return the landmarks of an analyzed chunk, None if the analysis added none."""
    if seen is sent:
        return None
    world = None if seen.world is None else seen.world.astype(_PACKED).tobytes()
    return ServerLandmarks(seen.image.astype(_PACKED).tobytes(), world)


def with_server_landmarks(sent: PoseChunk, found: ServerLandmarks | None) -> PoseChunk:
    """Return a chunk with the server's landmarks."""
    if found is None:
        return sent
    world = None if found.world is None else _unpacked(found.world, _WORLD)
    return PoseChunk(sent.times_s, _unpacked(found.image, _IMAGE), world, sent.aspect_ratio)


def _unpacked(packed: bytes, width: int) -> Floats:
    return np.frombuffer(packed, _PACKED).reshape(-1, LANDMARK_COUNT, width).astype(np.float32)


Mode = Literal["live", "degraded"]
"""`degraded`: the workers' count is unavailable, and the feedback is provisional."""

Confidence = Literal["normal", "low"]

LOW_RATE_HZ = 10.0
"""Below this rate counting is unreliable: of 152 recorded sets, 59 % were counted right within one
at 10 to 15 Hz, 40 % at 4 Hz and 26 % at 2 Hz (C-30)."""


@value
class Cue:
    """A correction or, without `fault`, praise, at a time since the session began.

    `repetition` is 0 for what belongs to no repetition, as in a hold. `cue` is shown and `say`
    spoken, empty where the athlete wants silence; `urgent` is what may injure, and interrupts.
    """

    repetition: int
    fault: str | None
    cue: str
    at_ms: int
    say: str = ""
    urgent: bool = False


@value
class StreamProgress:
    """Progress of a session's chunks: all up to `sequence`, the latest of `set`.

    `over`: the set has ended. `seen_to_s`: time of the latest frame.
    """

    set: int
    sequence: int
    exercise: str
    over: bool
    seen_to_s: float | None


@value
class ChunkResult:
    """The result of a chunk: progress of the session, feedback and cues.

    `sequence` is the chunk's own. `acknowledged` is the highest sequence that is stored for
    certain, with all before it. `found` are the landmarks that the server found in its images.
    """

    sequence: int
    acknowledged: int
    set: int
    over: bool
    mode: Mode
    feedback: Feedback
    cues: tuple[Cue, ...]
    found: ServerLandmarks | None = None


def to_progress(session: TrackerState) -> StreamProgress:
    """Return the progress of a session's chunks."""
    return StreamProgress(
        set=session.watching.set,
        sequence=session.sequence,
        exercise=session.watching.exercise,
        over=session.motion is None,
        seen_to_s=session.seen_to_s,
    )


def to_cues(detections: Iterable[Detection], set_number: int) -> tuple[Cue, ...]:
    """Return the cues among the detections of a set, in their order."""
    cues: list[Cue] = []
    for one in detections:
        if one.watching.set != set_number:
            continue
        if isinstance(one.fact, cue_memory.Cue):
            said = one.fact
            at_ms = milliseconds(said.at_s)
            cues.append(
                Cue(
                    repetition=said.repetition or 0,
                    fault=said.fault,
                    cue=said.text,
                    at_ms=at_ms,
                    say=said.say,
                    urgent=said.category == "safety",
                )
            )
    return tuple(cues)


def frame_rate_confidence(chunk: PoseChunk) -> Confidence:
    """Return whether a chunk has enough frames a second to count reliably."""
    if len(chunk) < 2:
        return "low"
    rate = (len(chunk) - 1) / float(chunk.times_s[-1] - chunk.times_s[0])
    return "low" if rate < LOW_RATE_HZ else "normal"


@value
class LiveReply:
    """The reply to chunk `sequence` of a session, with the progress of its chunks.

    From a worker: feedback, cues, and the landmarks `found` in images; or `refused`, why the chunk
    was dead-lettered ("code: sentence"). With neither it is from an API process: the chunk is
    stored, and no worker replied in time. `found` is sent once, because the images of a duplicate
    are not analyzed again.
    """

    session: SessionKey
    sequence: int
    standing: StreamProgress
    feedback: Feedback | None = None
    cues: tuple[Cue, ...] = ()
    refused: str | None = None
    found: ServerLandmarks | None = None

    @classmethod
    def processed(
        cls, sent: SessionChunk, result: TrackResult, landmarks: ServerLandmarks | None = None
    ) -> Self:
        """Return a worker's reply to a chunk that it processed."""
        state = result.session
        return cls(
            session=sent.session,
            sequence=sent.sequence,
            standing=to_progress(state),
            feedback=state.feedback,
            cues=to_cues(result.detections, state.watching.set),
            found=landmarks,
        )

    @classmethod
    def rejected(cls, key: SessionKey, message: FrameChunk, error: Exception) -> Self:
        """Return a worker's reply to a chunk that it could not process."""
        why = f"{error.code}: {error.detail}" if isinstance(error, Rejected) else repr(error)
        return cls.unprocessed(key, message, why)

    @classmethod
    def unprocessed(cls, key: SessionKey, message: FrameChunk, why: str) -> Self:
        """Return the reply to a chunk that workers refuse. `why` names the reason."""
        progress = replace(after(None, message), over=False)  # the chunk did not end its set
        return cls(session=key, sequence=message.sequence, standing=progress, refused=why)

    @property
    def is_from_worker(self) -> bool:
        """Whether a worker processed or rejected the chunk."""
        return self.feedback is not None or self.refused is not None


def after(progress: StreamProgress | None, message: FrameChunk) -> StreamProgress:
    """Return the progress of a session after one more chunk."""
    times = message.chunk.times_s
    seen_to_s = None if progress is None else progress.seen_to_s
    return StreamProgress(
        set=message.set,
        sequence=message.sequence,
        exercise=message.exercise,
        over=message.last,
        seen_to_s=float(times[-1]) if len(times) else seen_to_s,
    )
