"""Result of a chunk: progress, feedback and cues."""

from collections.abc import Iterable
from typing import Literal

from application.live.server_landmarks import ServerLandmarks
from application.live.tracker import Detection, Feedback, TrackerState
from application.sessions.fact_mapping import milliseconds
from domain.coaching import cue_memory
from domain.kernel import value
from domain.motion.landmarks import PoseChunk

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
