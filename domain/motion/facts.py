"""Motion facts: repetitions, holds, faults, and poses lost and found.

All times are seconds since the session began, on the clock of the frames.
"""

from typing import Literal

from domain.kernel import unfrozen_value, value
from domain.values import FaultJudgement, Tempo, View

Phase = Literal["rest", "eccentric", "effort", "concentric", "hold"]

RejectionReason = Literal[
    "too_shallow", "too_fast", "too_slow", "pose_lost", "incomplete", "not_periodic"
]
"""Reason why a movement was not counted.

`too_shallow`: did not reach the athlete's own range or the exercise's minimum. `too_fast`,
`too_slow`: shorter or longer than the exercise allows. `pose_lost`: the athlete was not seen for a
part of it. `incomplete`: the set ended within it. `not_periodic`: counted live, withdrawn when the
whole set showed that it was not a repetition."""


@value
class RepetitionCounted:
    """A movement reached its effort extreme and returned to rest.

    `number` counts from 1 within the set. Of the two pauses in `tempo`, one is at the effort
    extreme and the other is the rest since the previous repetition (0 before the first one of a
    set). `range_of_motion_deg` is None without metric landmarks, or for angles that no joint can
    have. `symmetry` is 1 for equal travel of both sides, None if one side is hidden. `form` and
    `confidence` are 0..1. `faults` are ids of the definition's faults, in its order; `unjudged` are
    those that could not be judged, because the view does not show them or a landmark was not seen.
    A repetition that was found only at the end of the set has times only: `tempo` and `form` are
    None, no fault is judged. `form` is also None if the view shows too little of what can go wrong.
    `judgements`: of each fault that was judged, how sure it is.
    `form_error`: standard deviation of `form`, 0..1.
    """

    number: int
    started_s: float
    ended_s: float
    tempo: Tempo | None
    range_of_motion_deg: float | None
    symmetry: float | None
    form: float | None
    confidence: float
    faults: tuple[str, ...]
    view: View | None = None
    unjudged: tuple[str, ...] = ()
    judgements: tuple[FaultJudgement, ...] = ()
    form_error: float | None = None


@value
class RepetitionRejected:
    """A movement that looked like a repetition and was not counted, with the reason."""

    reason: RejectionReason
    started_s: float
    ended_s: float


@value
class RepetitionsReconciled:
    """Review of the whole set at its end changes the live count to `repetitions`.

    `withdrawn`: numbers of live repetitions that were none; each also has a RepetitionRejected.
    `added`: numbers of missed ones; each has a RepetitionCounted just before this.
    """

    repetitions: int
    withdrawn: tuple[int, ...]
    added: tuple[int, ...]


@value
class FaultSeen:
    """A named deviation from good form, with the sentence that corrects it."""

    fault: str
    cue: str
    at_s: float
    repetition: int


@value
class PraiseEarned:
    """A repetition without a fault, with a sentence of praise."""

    cue: str
    at_s: float
    repetition: int


@value
class HoldStarted:
    """A timed position was reached."""

    at_s: float


@value
class HoldMeasured:
    """A timed position was held and left: its seconds, form 0..1 and faults.

    `unjudged` and `judgements`: as in RepetitionCounted.
    """

    started_s: float
    ended_s: float
    held_s: float
    form: float
    confidence: float
    faults: tuple[str, ...]
    unjudged: tuple[str, ...] = ()
    judgements: tuple[FaultJudgement, ...] = ()


@value
class PoseLost:
    """The athlete was no longer seen from this time on."""

    at_s: float


@value
class PoseFound:
    """The athlete was seen again."""

    at_s: float


MotionFact = (
    RepetitionCounted
    | RepetitionRejected
    | RepetitionsReconciled
    | FaultSeen
    | PraiseEarned
    | HoldStarted
    | HoldMeasured
    | PoseLost
    | PoseFound
)


@unfrozen_value
class TraceSample:
    """One point of the curve a page draws, 15 a second, about 0.2 s behind the camera.

    `effort` is 0 at the exercise's usual rest and 1 at its usual extreme; it may leave 0..1.
    `angle_deg` is the driving joint's angle, None without metric landmarks.
    """

    time_s: float
    effort: float
    angle_deg: float | None
    phase: Phase
