"""Commands of a session, and their refusals."""

from datetime import datetime, timedelta
from typing import Final

from domain.ids import ExerciseId, UserId, WorkoutId
from domain.kernel import Rejected, command, value
from domain.sessions.feedback_commands import ResultCommand
from domain.sessions.moments import MAX_SESSION_MS, Moment, check_moment
from domain.sessions.prescription_commands import MAX_LOAD_KG, HealthKitCommand, PrescriptionCommand
from domain.sessions.scoring import AthleteMass, ExerciseSpecs
from domain.sessions.tag_commands import ChangeTags
from domain.values import (
    CountedBy,
    CountSource,
    FaultJudgement,
    InvalidValue,
    Look,
    PoseSource,
    Span,
    Tempo,
    share,
    time_zone,
    within,
    within_calendar,
)

MAX_SETS: Final = 1000
"""Maximum number of sets in a session."""

MAX_TARGET: Final = 10_000
"""Maximum target of a set in repetitions."""

MAX_LOGGED: Final = 1000
"""Maximum number of repetitions logged at once."""

RESTORE_WINDOW: Final = timedelta(days=7)
"""Time in which a deleted session can be restored, the same as for recordings."""

CHECKS: Final = frozenset({"light", "body", "view", "people"})
"""Camera checks that can be overridden; a missing camera permission cannot."""


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
    claimed: bool = False

    def __post_init__(self) -> None:
        within("set", self.set, 1, MAX_SETS)
        if self.target_repetitions is not None:
            within("target_repetitions", self.target_repetitions, 1, MAX_TARGET)
        if self.at_ms is not None:
            within("at_ms", self.at_ms, 0, MAX_SESSION_MS)
        within("load_kg", self.load_kg or 0.0, 0.0, MAX_LOAD_KG)


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
    judgements: tuple[FaultJudgement, ...] | None = None
    form_error: float | None = None
    source: CountSource

    def __post_init__(self) -> None:
        within("number", self.number, 1, 10_000)
        within("confidence", self.confidence, 0.0, 1.0)
        for name in ("form", "symmetry", "form_error"):
            share(name, getattr(self, name))
        within("range_of_motion_deg", self.range_of_motion_deg or 0.0, 0.0, 360.0)


@command
class LogRepetitions:
    """Add repetitions that the athlete reports."""

    set: int
    repetitions: int
    at: Moment

    def __post_init__(self) -> None:
        within("repetitions", self.repetitions, 1, MAX_LOGGED)
        check_moment("at_ms", self.at)


@command
class OverruleRepetition:
    """Accept or reject a movement as a repetition, whatever the counter found.

    `number` names it, or `start_ms` where it has none; without both it is the last repetition that
    counts.
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
        within("at_ms", self.at_ms, 0, MAX_SESSION_MS)


@command
class NotePraise:
    set: int
    repetition: int
    cue: str
    at_ms: int

    def __post_init__(self) -> None:
        within("at_ms", self.at_ms, 0, MAX_SESSION_MS)


@command
class MeasureHold:
    set: int
    span: Span
    form: float | None = None
    faults: tuple[str, ...] = ()
    unjudged: tuple[str, ...] | None = None
    judgements: tuple[FaultJudgement, ...] | None = None
    source: CountSource

    def __post_init__(self) -> None:
        within("end_ms", self.span.end_ms, 0, MAX_SESSION_MS)
        share("form", self.form)


@command
class LogHold:
    """Add a hold that the athlete reports; it ended `at`."""

    set: int
    duration_ms: int
    at: Moment

    def __post_init__(self) -> None:
        within("duration_ms", self.duration_ms, 0, MAX_SESSION_MS)
        check_moment("at_ms", self.at)


@command
class FinishSet:
    """Complete a set `at`; without `start_ms` it began when it was started, or with a movement."""

    set: int
    start_ms: int | None = None
    at: Moment

    def __post_init__(self) -> None:
        within("set", self.set, 1, MAX_SETS)
        if self.start_ms is not None:
            within("start_ms", self.start_ms, 0, MAX_SESSION_MS)
        check_moment("end_ms", self.at)


@command
class CompleteSet:
    """Complete a set with a known span, from a camera or a video."""

    set: int
    span: Span

    def __post_init__(self) -> None:
        within("set", self.set, 1, MAX_SETS)
        within("end_ms", self.span.end_ms, 0, MAX_SESSION_MS)


@value
class CaptureStats:
    """Frames that a camera delivered, which only the client knows."""

    frames: int = 0
    frames_with_pose: int = 0

    def __post_init__(self) -> None:
        within("frames", self.frames, 0, 10_000_000)
        within("frames_with_pose", self.frames_with_pose, 0, self.frames)


@command
class CompleteSession:
    """Complete a session without an open set, and compute its figures.

    `within_day`: `at` is of the server's clock; the session ends as `ending.ended_at` says.
    `expected_sets` is the latest set with frames, which workers may not have recorded yet.
    """

    at: datetime
    within_day: bool = False
    capture: CaptureStats = CaptureStats()
    body_mass: AthleteMass = AthleteMass()
    specs: ExerciseSpecs
    expected_sets: int = 0
    request_healthkit: bool = False

    def __post_init__(self) -> None:
        within_calendar(self.at)


@command
class OverrideChecks:
    """Begin a set although these camera checks failed."""

    set: int
    checks: tuple[str, ...]
    at_ms: int

    def __post_init__(self) -> None:
        within("at_ms", self.at_ms, 0, MAX_SESSION_MS)
        if not self.checks or not set(self.checks) <= CHECKS:
            raise InvalidValue(f"Name one or more of the checks {', '.join(sorted(CHECKS))}.")


DetectionCommand = (StartSet | CompleteSet | CountRepetition | RejectRepetition | MeasureHold) | (
    ReconcileRepetitions | NoteFault | NotePraise
)
"""Commands that a camera's detections become."""


@command
class RecordDetections:
    """Execute these commands; they may be late, or follow others that were lost."""

    detections: tuple[DetectionCommand, ...]


@command
class DeleteSession:
    at: datetime


@command
class RestoreSession:
    at: datetime


SessionCommand = (
    StartSession
    | DetectionCommand
    | RecordDetections
    | LogHold
    | FinishSet
    | CompleteSession
    | OverrideChecks
    | DeleteSession
    | ResultCommand
    | RestoreSession
    | ChangeTags
    | LogRepetitions
    | OverruleRepetition
    | PrescriptionCommand
    | HealthKitCommand
)


class AthleteMissing(Rejected):
    """A session belongs to an athlete. Give a user id (R-IDN-16)."""

    code = "session.athlete_missing"
    kind = "invalid"


class SessionAlreadyStarted(Rejected):
    """The session has already started."""

    code = "session.already_started"


class SessionNotUnderway(Rejected):
    """The session is not under way: it has not started, or it is completed or deleted."""

    code = "session.not_underway"


class SetUnderway(Rejected):
    """A set is still under way. Complete it first."""

    code = "session.set_underway"


class NoSetUnderway(Rejected):
    """No set is under way. Start a set first."""

    code = "session.no_set_underway"


class SetOutOfOrder(Rejected):
    """This set number is out of order: sets are numbered 1, 2, 3 as they are performed."""

    code = "session.set_out_of_order"
    kind = "invalid"


class RepetitionOutOfOrder(Rejected):
    """This number is out of order: repetitions are numbered 1, 2, 3 as they are counted."""

    code = "session.repetition_out_of_order"
    kind = "invalid"


class RepetitionNotCounted(Rejected):
    """This set has no such repetition."""

    code = "session.repetition_not_counted"
    kind = "invalid"


class SessionNotFound(Rejected):
    """There is no such session, or it was deleted."""

    code = "session.unknown"
    kind = "not_found"


class SessionMissing(Rejected):
    """There is no such session, or it was deleted."""

    code = "session.not_there"
    kind = "not_found"


class TagsMoved(Rejected):
    """The tags have changed since you read them. Read them again."""

    code = "session.tags_moved"
    kind = "stale"


class SessionGone(Rejected):
    """A deleted session can be restored for seven days. This one is older."""

    code = "session.gone"
