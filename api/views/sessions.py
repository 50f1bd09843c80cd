"""Sessions as JSON, named as in GraphQL (C-53); only `id` is `sessionId` there."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, Literal, Self, get_args

from pydantic import Field

from api.views.base import Body, PageInfo, StrictTypes
from application.sessions.session_parts import SessionParts
from domain import values
from domain.motion.exercises.recognition import Recognition
from domain.motion.facts import RejectionReason
from domain.values import CountSource, Degree, PoseSource
from projections.exercise_set import ExerciseSet
from projections.repetition import Repetition as RepetitionRow
from projections.session_summary import SessionSummary

COUNTER_REASONS: Final = ", ".join(f"`{reason}`" for reason in get_args(RejectionReason))
RPE_FELT: Final = "How hard the set felt, as the athlete said: RPE 1 to 10. Null: no answer."
"""Description of a rating of perceived exertion."""

REJECTION_REASONS: Final = (
    f"{COUNTER_REASONS}, `athlete` if the athlete rejected it, `later_look` if a later count "
    "withdrew it, or `after_session` if it arrived when the session was completed."
)
"""Description of the reasons why a movement was not counted."""


class Performance(Body):
    """Score of a session, 0..100, and its inputs, each 0..1 (C-16)."""

    score: float
    completion: float | None
    form: float | None
    tempo: float | None
    range_of_motion: float | None


class CountedBy(Body):
    """The accepted source of the count, with its pose model and exercise definition version.

    `learned` identifies what the counter learned from examples, None if it learned nothing.
    """

    source: CountSource
    model: str
    definition_version: int
    learned: str | None


class SourceCount(Body):
    """The count of a set from one source: the device's landmarks, or its pictures."""

    poses: PoseSource
    model: str
    frames: int
    repetitions: int
    faults: list[str]


class SourceCounts(Body):
    """Counts of a set by source if they differ, and the accepted source (C-02)."""

    source_counts: tuple[SourceCount, ...] = Field(
        validation_alias="looks", description="Two that came to different figures; none otherwise."
    )
    accepted_source: PoseSource | None = Field(
        validation_alias="stands", description="The accepted one of the two."
    )
    looks: tuple[SourceCount, ...] = Field(deprecated="Use `sourceCounts`.")
    stands: PoseSource | None = Field(deprecated="Use `acceptedSource`.")


class Session(Body):
    """A session of one athlete. Times in ms since it began; None if not measured."""

    id: str
    athlete_id: str
    workout_id: str | None
    exercise_id: str | None
    exercises: tuple[str, ...]
    status: Literal["underway", "completed"]
    time_zone: str
    day: date
    started_at: datetime
    completed_at: datetime | None
    duration_ms: int
    frames: int
    frames_with_pose: int
    set_count: int
    repetition_count: int
    verified_repetition_count: int | None = Field(
        description="Counted by Kinelog itself; only these count for leaderboards and awards. "
        "Null until the session is completed."
    )
    rejected_count: int
    accuracy: float | None
    performance: Performance | None
    calories_kcal: float
    counted_by: CountedBy | None
    tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, row: SessionSummary) -> Self:
        """Convert a row of the read model."""
        return cls.model_validate(_summary_fields(row))


class Tempo(StrictTypes):
    """Seconds of the four phases of a repetition."""

    eccentric_s: float
    bottom_pause_s: float
    concentric_s: float
    top_pause_s: float


class FaultJudgement(Body):
    """How far one fault of a repetition is beyond what is usual, and how sure that is.

    `probability`, 0..1: that the true value is beyond `bound`, given how precisely `measured` is
    known. Both have the unit of the fault's measure in the exercise: degrees, or lengths of the
    body. Only `clear` and `severe` faults are reported and coached.
    """

    fault: str
    degree: Degree
    probability: float
    measured: float
    bound: float


class Repetition(Body):
    """A repetition that counts; degrees, and 0..1 for symmetry, form and confidence.

    `unjudged`: faults that the view could not show, None if unknown. `by_hand`: the athlete logged
    it, whatever the source of the count (C-49). `source`: who counted it, None if unknown.
    """

    set: int
    number: int
    start_ms: int
    end_ms: int
    tempo: Tempo | None
    range_of_motion_deg: float | None
    symmetry: float | None
    form: float | None
    confidence: float
    faults: tuple[str, ...]
    unjudged: tuple[str, ...] | None
    by_hand: bool
    source: CountSource | None
    verified: bool = Field(description="Whether Kinelog counted it from landmarks that it has.")
    judgements: tuple[FaultJudgement, ...] | None = Field(
        description="Of each fault that was judged; null if unknown."
    )
    form_error: float | None = Field(
        description="Standard deviation of the form, 0..1; null if unknown."
    )

    @classmethod
    def of(cls, row: RepetitionRow) -> Self:
        """Convert a row of the read model."""
        timed = row.eccentric_s is not None
        return cls(
            set=row.set,
            number=row.number,
            start_ms=row.start_ms,
            end_ms=row.end_ms,
            tempo=Tempo.model_validate(row) if timed else None,
            range_of_motion_deg=row.range_of_motion_deg,
            symmetry=row.symmetry,
            form=row.form,
            confidence=row.confidence,
            faults=row.faults,
            unjudged=row.unjudged,
            by_hand=row.by_hand,
            source=row.source,
            verified=row.verified,
            judgements=None
            if row.judgements is None
            else tuple(FaultJudgement.model_validate(each) for each in row.judgements),
            form_error=row.form_error,
        )


class RejectedRepetition(Body):
    """A movement that was not counted, and why."""

    set: int
    start_ms: int
    end_ms: int
    reason: str = Field(description=REJECTION_REASONS)


class Cue(Body):
    """A cue of the coach; `fault` is null for praise."""

    set: int
    repetition: int | None
    fault: str | None
    cue: str
    at_ms: int


class FaultFeedback(Body):
    """The athlete's feedback on a fault: reported and `wrong`, or judged and `missed`.

    `repetition` is null for holds and for cues about no repetition. It changes no figure.
    """

    set: int
    repetition: int | None
    fault: str
    feedback: values.FaultFeedback


class Set(SourceCounts):
    """One exercise without rest. `repetitions` is the accepted count.

    `unjudged`: faults that could not be assessed, None if unknown. `overridden`: failed camera
    checks that the athlete overrode.
    """

    number: int
    exercise_id: str
    status: Literal["underway", "completed"]
    target_repetitions: int | None
    load_kg: float | None
    rpe: float | None = Field(description=RPE_FELT)
    repetitions: int
    rejected: int
    hold_ms: int
    start_ms: int | None
    end_ms: int | None
    unjudged: tuple[str, ...] | None
    overridden: tuple[str, ...]
    counted_by: CountedBy | None
    verified_repetitions: int | None = Field(
        description="Of `repetitions`, those that Kinelog counted itself. Null until completion."
    )
    verified_hold_ms: int | None = Field(
        description="Of `holdMs`, what Kinelog measured itself. Null until completion."
    )

    @classmethod
    def of(cls, row: ExerciseSet) -> Self:
        """Convert a row of the read model."""
        counts = tuple(SourceCount.model_validate(count) for count in row.looks)
        return cls(
            number=row.number,
            exercise_id=row.exercise_id,
            status=row.status,
            target_repetitions=row.target_repetitions,
            load_kg=row.load_kg,
            rpe=row.rpe,
            repetitions=row.repetitions,
            rejected=row.rejected,
            hold_ms=row.hold_ms,
            start_ms=row.start_ms,
            end_ms=row.end_ms,
            unjudged=row.unjudged,
            overridden=row.overridden,
            counted_by=_counted_by(row),
            verified_repetitions=row.verified_repetitions,
            verified_hold_ms=row.verified_hold_ms,
            source_counts=counts,
            accepted_source=row.stands,
            looks=counts,
            stands=row.stands,
        )


class SessionDetail(Session):
    """A session with all its parts. Its recording has the session's id."""

    sets: list[Set]
    repetitions: list[Repetition]
    rejected_repetitions: list[RejectedRepetition]
    cues: list[Cue]
    fault_feedback: list[FaultFeedback]
    recording_id: str | None

    @classmethod
    def with_parts(cls, row: SessionSummary, parts: SessionParts) -> Self:
        """Convert a row and its parts."""
        recording = parts.recording()
        return cls.model_validate(
            {
                **_summary_fields(row),
                "sets": [Set.of(each) for each in parts.sets()],
                "repetitions": [Repetition.of(each) for each in parts.repetitions()],
                "rejected_repetitions": parts.rejected(),
                "cues": parts.cues(),
                "fault_feedback": parts.fault_feedback(),
                "recording_id": None if recording is None else recording.id,
            }
        )


class SessionPage(Body):
    """Part of the list of sessions, newest first."""

    items: list[Session]
    page_info: PageInfo


class TraceSamples(Body):
    """Columns of equal length. `angleDeg` has None if no angle could be measured."""

    time_s: Sequence[float]
    effort: Sequence[float]
    angle_deg: Sequence[float | None]
    phase: Sequence[str]


class Trace(Body):
    """The movement as a curve; `unit` is that of the angle, or `share` if there is none."""

    session_id: str
    exercise: str
    unit: Literal["deg", "share"]
    samples: TraceSamples


class RecognizedExercise(Body):
    """An exercise, and how well the movement has its features: 0 (not at all) to 1."""

    exercise_id: str
    score: float


class SessionRecognition(Body):
    """The exercise that the recorded movement looks like.

    `exercise_id`: null if the confidence, 0 to 1, is too low to name one. `alternatives`: what the
    movement may be, most likely first.
    """

    session_id: str
    exercise_id: str | None
    confidence: float
    alternatives: tuple[RecognizedExercise, ...]

    @classmethod
    def of(cls, session_id: str, seen: Recognition) -> "SessionRecognition":
        """Convert a recognition."""
        scores = dict(seen.candidates)
        return cls(
            session_id=session_id,
            exercise_id=seen.exercise,
            confidence=round(seen.confidence, 4),
            alternatives=tuple(
                RecognizedExercise(exercise_id=each, score=round(scores[each], 4))
                for each in seen.alternatives
            ),
        )


def _summary_fields(row: SessionSummary) -> dict[str, object]:
    same = {name: getattr(row, name) for name in Session.model_fields if hasattr(row, name)}
    return {
        **same,
        "set_count": row.sets,
        "repetition_count": row.repetitions,
        "verified_repetition_count": row.verified_repetitions,
        "rejected_count": row.rejected,
        "performance": _performance(row),
        "counted_by": _counted_by(row),
    }


def _performance(row: SessionSummary) -> Performance | None:
    if row.performance_score is None:
        return None
    return Performance(
        score=row.performance_score,
        completion=row.performance_completion,
        form=row.performance_form,
        tempo=row.performance_tempo,
        range_of_motion=row.performance_range_of_motion,
    )


def _counted_by(row: SessionSummary | ExerciseSet) -> CountedBy | None:
    """Return the source of the count; None before the first set."""
    if row.counted_by_source is None:
        return None
    return CountedBy(
        source=row.counted_by_source,
        model=row.counted_by_model or "",
        definition_version=row.counted_by_definition_version or 0,
        learned=row.counted_by_learned,
    )
