"""Types of session events in GraphQL: one for each event of the session feed."""

import enum
from datetime import datetime
from typing import Annotated, Any, Final

import strawberry

from api.graphql.derived_types import convert
from api.graphql.enums import HealthKitStatus
from api.graphql.source_counts import RepetitionsRevised
from application.live import feed_events


@strawberry.enum(description="Source of the count: the server, or a provisional count.")
class ProgressMode(enum.Enum):
    """Source of the count."""

    SERVER = "server"
    DEGRADED = "degraded"


@strawberry.type(description="The session started.")
class SessionStarted:
    """Start of a session."""

    at: datetime


@strawberry.type(description="A set started; target and load are null if not planned.")
class SetStarted:
    """Start of a set."""

    set: int
    exercise_id: str
    target_repetitions: int | None
    load_kg: float | None


@strawberry.type(description="A repetition was counted. Times are ms since the session began.")
class RepetitionCounted:
    """A counted repetition."""

    set: int
    number: int
    started_ms: int
    ended_ms: int
    range_of_motion_deg: float | None
    faults: list[str]


@strawberry.type(description="A movement was not counted as a repetition, and why.")
class RepetitionRejected:
    """A movement that was not counted."""

    set: int
    started_ms: int
    ended_ms: int
    reason: str


@strawberry.type(description="A position was held. Times are ms since the session began.")
class HoldMeasured:
    """A hold."""

    set: int
    started_ms: int
    ended_ms: int
    faults: list[str]


@strawberry.type(description="Form, 0..1, of a repetition, or of a hold if that is null.")
class FormMeasured:
    """A measured form."""

    set: int
    repetition: int | None
    form: float


@strawberry.type(description="A cue was given; `fault` is null for praise and framing.")
class CueGiven:
    """A correction or praise."""

    set: int
    repetition: int | None
    fault: str | None
    cue: str
    at_ms: int


@strawberry.type(description="A set was started despite a failed camera check.")
class ChecksOverridden:
    """Failed checks that the athlete overrode."""

    set: int
    checks: list[str]
    at_ms: int


@strawberry.type(description="The source of the count changed.")
class ModeChanged:
    """A new source."""

    mode: ProgressMode


@strawberry.type(description="A set was completed. Times are ms since the session began.")
class SetCompleted:
    """End of a set."""

    set: int
    repetitions: int
    started_ms: int
    ended_ms: int


@strawberry.type(description="The session was completed. `score` is 0..100.")
class SessionCompleted:
    """End of a session."""

    at: datetime
    duration_ms: int
    sets: int
    repetitions: int
    accuracy: float | None
    score: float | None
    calories_kcal: float


@strawberry.type(description="The athlete deleted the session.")
class SessionDeleted:
    """A deleted session is hidden."""

    at: datetime


@strawberry.type(description="The athlete restored the session.")
class SessionRestored:
    """A restored session is visible again."""

    at: datetime


@strawberry.type(
    description="The athlete corrected whether a movement counts; with the new count of its set."
)
class RepetitionOverruled:
    """A correction by the athlete."""

    set: int
    number: int
    accepted: bool
    repetitions: int
    started_ms: int
    ended_ms: int


@strawberry.type(
    description="Totals of an exercise in the session, which is completed with this event."
)
class ExercisePerformed:
    """Totals of an exercise."""

    exercise_id: strawberry.ID
    sets: int
    repetitions: int
    held_ms: int


@strawberry.type(description="The session follows a prescription with so many lines and sets.")
class PrescriptionTaken:
    """The prescription of a session."""

    lines: int
    sets: int


@strawberry.type(description="Sets of a line of the prescription, from 1, were skipped.")
class SetsSkipped:
    """Skipped sets."""

    line: int
    sets: int


@strawberry.type(description="The athlete started a rest after a set, of so many seconds.")
class RestPlanned:
    """Start of a rest."""

    after_set: int
    planned_s: int


@strawberry.type(description="The rest ended after so many milliseconds.")
class RestEnded:
    """End of a rest."""

    after_set: int
    rested_ms: int


@strawberry.type(description="The HealthKit status of the completed session changed.")
class HealthKitChanged:
    """A HealthKit status reported by the device."""

    status: HealthKitStatus
    reason: str | None


Progress = Annotated[
    SessionStarted
    | SetStarted
    | RepetitionCounted
    | RepetitionRejected
    | RepetitionsRevised
    | HoldMeasured
    | FormMeasured
    | CueGiven
    | ChecksOverridden
    | ModeChanged
    | SetCompleted
    | SessionCompleted
    | SessionDeleted
    | SessionRestored
    | RepetitionOverruled
    | ExercisePerformed
    | PrescriptionTaken
    | SetsSkipped
    | RestPlanned
    | RestEnded
    | HealthKitChanged,
    strawberry.union("Progress", description="An event of a session."),
]


@strawberry.type(description="An event of a session, with its cursor.")
class SessionEvent:
    """`cursor` marks its position; subscriptions can resume after it."""

    cursor: str
    event: Progress


@strawberry.type(description="Old form of `SessionEvent`.")
class SessionProgressed:
    """`cursor` marks its position; subscriptions can resume after it."""

    cursor: str
    progress: Progress


@strawberry.type(description="A cue, with its cursor.")
class CueEvent:
    """`cursor` marks its position; subscriptions can resume after it."""

    cursor: str
    cue: CueGiven


@strawberry.type(description="Old name of `CueEvent`.")
class Cued:
    """`cursor` marks its position; subscriptions can resume after it."""

    cursor: str
    cue: CueGiven


KINDS: Final[dict[type[feed_events.FeedEvent], type[Any]]] = {
    feed_events.SessionStarted: SessionStarted,
    feed_events.SetStarted: SetStarted,
    feed_events.RepetitionCounted: RepetitionCounted,
    feed_events.RepetitionRejected: RepetitionRejected,
    feed_events.RepetitionsRevised: RepetitionsRevised,
    feed_events.HoldMeasured: HoldMeasured,
    feed_events.FormMeasured: FormMeasured,
    feed_events.CueGiven: CueGiven,
    feed_events.ChecksOverridden: ChecksOverridden,
    feed_events.ModeChanged: ModeChanged,
    feed_events.SetCompleted: SetCompleted,
    feed_events.SessionCompleted: SessionCompleted,
    feed_events.SessionDeleted: SessionDeleted,
    feed_events.SessionRestored: SessionRestored,
    feed_events.RepetitionOverruled: RepetitionOverruled,
    feed_events.ExercisePerformed: ExercisePerformed,
    feed_events.PrescriptionTaken: PrescriptionTaken,
    feed_events.SetsSkipped: SetsSkipped,
    feed_events.RestPlanned: RestPlanned,
    feed_events.RestEnded: RestEnded,
    feed_events.HealthKitChanged: HealthKitChanged,
}
"""GraphQL types by feed event; their fields have the same names."""


def to_type(what: feed_events.FeedEvent) -> Any:
    """Return the GraphQL type of a feed event."""
    if isinstance(what, feed_events.RepetitionsRevised):
        return RepetitionsRevised.of(what)
    return convert(KINDS[type(what)], what)
