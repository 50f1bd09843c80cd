"""What may be asked of a session, and how it is refused."""

from datetime import datetime, timedelta
from typing import Final

from domain.ids import ExerciseId, UserId, WorkoutId
from domain.kernel import Rejected, command
from domain.sessions.events import BodyMass, Performance
from domain.sessions.prescription_commands import LONGEST_MS, HealthKitCommand, PrescriptionCommand
from domain.sessions.tags import normalize_tags
from domain.values import (
    CountedBy,
    InvalidValue,
    Look,
    PoseSource,
    Span,
    Tempo,
    time_zone,
    within,
    within_calendar,
)

MOST_LOGGED: Final = 1000
"""Repetitions logged at once."""

UNDO: Final = timedelta(days=7)
"""For so long a deleted session can be brought back, as its recording can."""

CHECKS: Final = frozenset({"light", "body", "view", "people"})
"""What is looked at before a camera counts, beside the camera itself, without which it cannot."""


def share(name: str, part: float | None) -> None:
    """Refuse with InvalidValue what is no share, 0..1; what was not measured is None."""
    if part is not None:
        within(name, part, 0.0, 1.0)


@command
class StartSession:
    athlete_id: UserId
    workout_id: WorkoutId | None = None
    at: datetime
    time_zone: str = "UTC"

    def __post_init__(self) -> None:
        time_zone(self.time_zone)
        within_calendar(self.at)
        if not self.athlete_id.strip():
            raise AthleteMissing


@command
class StartSet:
    set: int
    exercise_id: ExerciseId
    counted_by: CountedBy
    target_repetitions: int | None = None
    load_kg: float | None = None
    target_hold_s: int | None = None
    line: int | None = None
    at_ms: int | None = None

    def __post_init__(self) -> None:
        within("set", self.set, 1, 1000)
        if self.target_repetitions is not None:
            within("target_repetitions", self.target_repetitions, 1, 10_000)
        if self.at_ms is not None:
            within("at_ms", self.at_ms, 0, LONGEST_MS)
        if self.load_kg is not None:
            within("load_kg", self.load_kg, 0.0, 1000.0)


@command
class CountRepetition:
    set: int
    number: int
    span: Span
    tempo: Tempo | None = None
    range_of_motion_deg: float | None = None
    symmetry: float | None = None
    form: float | None = None
    confidence: float = 1.0
    faults: tuple[str, ...] = ()
    unjudged: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        within("number", self.number, 1, 10_000)
        within("confidence", self.confidence, 0.0, 1.0)
        share("form", self.form)
        share("symmetry", self.symmetry)
        if self.range_of_motion_deg is not None:
            within("range_of_motion_deg", self.range_of_motion_deg, 0.0, 360.0)


@command
class LogRepetitions:
    """So many more were done, says the athlete."""

    set: int
    repetitions: int
    at_ms: int

    def __post_init__(self) -> None:
        within("repetitions", self.repetitions, 1, MOST_LOGGED)
        within("at_ms", self.at_ms, 0, LONGEST_MS)


@command
class OverruleRepetition:
    """Say of a movement whether it was a repetition.

    It is named by its `number`, or by its beginning where it has none; by neither, the last one
    that stands is meant.
    """

    set: int
    accepted: bool
    number: int | None = None
    start_ms: int | None = None


@command
class RejectRepetition:
    set: int
    span: Span
    reason: str


@command
class ReconcileRepetitions:
    set: int
    withdrawn: tuple[int, ...] = ()
    added: tuple[int, ...] = ()
    counted_by: CountedBy
    looks: tuple[Look, ...] = ()
    stands: PoseSource | None = None


@command
class NoteFault:
    set: int
    repetition: int | None = None
    fault: str
    cue: str
    at_ms: int

    def __post_init__(self) -> None:
        within("at_ms", self.at_ms, 0, LONGEST_MS)


@command
class NotePraise:
    set: int
    repetition: int
    cue: str
    at_ms: int

    def __post_init__(self) -> None:
        within("at_ms", self.at_ms, 0, LONGEST_MS)


@command
class MeasureHold:
    set: int
    span: Span
    form: float | None = None
    faults: tuple[str, ...] = ()
    unjudged: tuple[str, ...] | None = None
    by_hand: bool = False

    def __post_init__(self) -> None:
        within("end_ms", self.span.end_ms, 0, LONGEST_MS)
        share("form", self.form)


@command
class CompleteSet:
    set: int
    span: Span

    def __post_init__(self) -> None:
        within("set", self.set, 1, 1000)
        within("end_ms", self.span.end_ms, 0, LONGEST_MS)


@command
class CompleteSession:
    at: datetime
    duration_ms: int
    frames: int = 0
    frames_with_pose: int = 0
    accuracy: float | None = None
    performance: Performance | None = None
    calories_kcal: float = 0.0
    body_mass: BodyMass | None = None

    def __post_init__(self) -> None:
        within_calendar(self.at)
        within("duration_ms", self.duration_ms, 0, LONGEST_MS)
        within("frames_with_pose", self.frames_with_pose, 0, self.frames)
        share("accuracy", self.accuracy)
        if self.performance is not None:
            within("performance", self.performance.score, 0.0, 100.0)
        within("calories_kcal", self.calories_kcal, 0.0, 20_000.0)


@command
class OverrideChecks:
    """Begin a set although these checks of the camera's picture are not right."""

    set: int
    checks: tuple[str, ...]
    at_ms: int

    def __post_init__(self) -> None:
        within("at_ms", self.at_ms, 0, LONGEST_MS)
        if not self.checks or not set(self.checks) <= CHECKS:
            raise InvalidValue(f"Checks that can be overridden are {', '.join(sorted(CHECKS))}.")


@command
class DeleteSession:
    at: datetime


@command
class RestoreSession:
    at: datetime


@command
class ChangeTags:
    """`tags`: all that the session is to have from now on."""

    tags: tuple[str, ...]

    def __post_init__(self) -> None:
        normalize_tags(self.tags)


SessionCommand = (
    StartSession
    | StartSet
    | CountRepetition
    | RejectRepetition
    | ReconcileRepetitions
    | NoteFault
    | NotePraise
    | MeasureHold
    | CompleteSet
    | CompleteSession
    | OverrideChecks
    | DeleteSession
    | RestoreSession
    | ChangeTags
    | LogRepetitions
    | OverruleRepetition
    | PrescriptionCommand
    | HealthKitCommand
)


class AthleteMissing(Rejected):
    """A session belongs to an athlete; an empty user id would leave it without one (R-IDN-16)."""

    code = "session.athlete_missing"
    kind = "invalid"


class SessionAlreadyStarted(Rejected):
    """A session starts once."""

    code = "session.already_started"


class SessionNotUnderway(Rejected):
    """Nothing is added to a session before it starts or after it is completed."""

    code = "session.not_underway"


class SetUnderway(Rejected):
    """A set is completed before the next one starts, and before the session is completed."""

    code = "session.set_underway"


class NoSetUnderway(Rejected):
    """Repetitions, faults and holds belong to a set that is underway."""

    code = "session.no_set_underway"


class SetOutOfOrder(Rejected):
    """Sets are numbered 1, 2, 3 in the order in which they are performed."""

    code = "session.set_out_of_order"
    kind = "invalid"


class RepetitionOutOfOrder(Rejected):
    """Repetitions of a set are numbered 1, 2, 3 in the order in which they are counted."""

    code = "session.repetition_out_of_order"
    kind = "invalid"


class RepetitionNotCounted(Rejected):
    """Only a repetition that was counted in this set can be withdrawn."""

    code = "session.repetition_not_counted"
    kind = "invalid"


class SessionMissing(Rejected):
    """There is no such session, or it was deleted."""

    code = "session.not_there"
    kind = "not_found"


class TagsMoved(Rejected):
    """The tags were changed meanwhile; look at them again before changing them."""

    code = "session.tags_moved"
    kind = "stale"


class SessionGone(Rejected):
    """A deleted session can be brought back for seven days."""

    code = "session.gone"
