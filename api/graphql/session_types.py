"""GraphQL types of sessions."""

from datetime import date, datetime

import strawberry

from api.graphql.achievement_types import SessionAchievements
from api.graphql.context import Info
from api.graphql.enums import CountSource, SessionStatus
from api.graphql.fields import field
from api.graphql.pagination import Node, global_id
from api.graphql.recordings import Recording
from api.graphql.repetitions import Cue, RejectedRepetition, Repetition
from api.graphql.source_counts import SourceCounts, source_counts_of
from application.sessions.session_parts import SessionParts
from projections.exercise_set import ExerciseSet as SetRow
from projections.session_summary import SessionSummary


@strawberry.type(description="How well it went, 0..100, and the inputs that explain it, each 0..1.")
class Performance:
    """Score of a session; an input is null if it was not measured."""

    score: float
    completion: float | None
    form: float | None
    tempo: float | None
    range_of_motion: float | None


@strawberry.type(
    description="The accepted source of the count, with its pose model and exercise definition."
)
class CountedBy:
    """Accepted source of a count, with its pose model and exercise definition version.

    `learned` identifies what the counter learned from examples; null if it learned nothing.
    """

    source: CountSource
    model: str
    definition_version: int
    learned: str | None

    @classmethod
    def of(cls, row: SessionSummary | SetRow) -> "CountedBy | None":
        """Convert the source of a count; None before the first set."""
        if row.counted_by_source is None:
            return None
        return cls(
            source=CountSource(row.counted_by_source),
            model=row.counted_by_model or "",
            definition_version=row.counted_by_definition_version or 0,
            learned=row.counted_by_learned,
        )


@strawberry.type(name="Set", description="One exercise, performed without rest.")
class ExerciseSet(SourceCounts):
    """A set; `repetitions` is the accepted count, after corrections.

    `unjudged`: faults that could not be assessed, null if unknown. `overridden`: failed camera
    checks that the athlete overrode. `sourceCounts`: counts by source, if they differ.
    """

    number: int
    exercise_id: strawberry.ID
    status: SessionStatus
    target_repetitions: int | None
    load_kg: float | None
    repetitions: int
    rejected: int
    hold_ms: int
    start_ms: int | None
    end_ms: int | None
    unjudged: list[str] | None
    overridden: list[str]
    counted_by: CountedBy | None

    @classmethod
    def of(cls, row: SetRow) -> "ExerciseSet":
        """Convert a row of the read model."""
        return cls(
            number=row.number,
            exercise_id=strawberry.ID(row.exercise_id),
            status=SessionStatus(row.status),
            target_repetitions=row.target_repetitions,
            load_kg=row.load_kg,
            repetitions=row.repetitions,
            rejected=row.rejected,
            hold_ms=row.hold_ms,
            start_ms=row.start_ms,
            end_ms=row.end_ms,
            unjudged=None if row.unjudged is None else list(row.unjudged),
            overridden=list(row.overridden),
            counted_by=CountedBy.of(row),
            **source_counts_of(row.looks, row.stands),
        )


@strawberry.type(description="One athlete performs one workout.")
class Session(Node):
    """Session and its parts. Durations in ms; null if not measured."""

    session_id: strawberry.ID
    athlete_id: strawberry.ID
    workout_id: strawberry.ID | None
    exercise_id: strawberry.ID | None
    exercises: list[strawberry.ID]
    status: SessionStatus
    time_zone: str
    day: date
    started_at: datetime
    completed_at: datetime | None
    duration_ms: int
    frames: int
    frames_with_pose: int
    set_count: int
    repetition_count: int
    verified_repetition_count: int | None = strawberry.field(
        description="Counted by Kinelog itself; only these count for leaderboards and awards. "
        "Null until the session is completed."
    )
    rejected_count: int
    accuracy: float | None
    performance: Performance | None
    calories_kcal: float
    counted_by: CountedBy | None
    tags: list[str]
    parts: strawberry.Private[SessionParts]

    @field("Its sets, in order.")
    def sets(self) -> list[ExerciseSet]:
        """Return the sets."""
        return [ExerciseSet.of(row) for row in self.parts.sets()]

    @field("The repetitions that stand, in order; of one set if it is named.")
    def repetitions(self, set: int | None = None) -> list[Repetition]:  # noqa: A002  the glossary's
        """Return the repetitions that count."""
        rows = self.parts.repetitions()
        return [Repetition.of(row) for row in rows if set is None or row.set == set]

    @field("Movements that were not counted.")
    def rejected_repetitions(self) -> list[RejectedRepetition]:
        """Return the movements that were not counted."""
        return [RejectedRepetition.of(row) for row in self.parts.rejected()]

    @field("Cues of the coach, in order.")
    def cues(self) -> list[Cue]:
        """Return the cues."""
        return [Cue.of(row) for row in self.parts.cues()]

    @field("The recording; null if there is none, or if you may not see it.")
    def recording(self, info: Info) -> Recording | None:
        """Return the recording."""
        row = self.parts.recording()
        return None if row is None else Recording.seen(info.context.caller, row)

    @field("Achievements; ignores `asOf`.")
    def achievements(self, info: Info) -> SessionAchievements:
        """Return the achievements that the session earned."""
        loaders = info.context.loaders
        return SessionAchievements.of(
            loaders.checks.of(self.session_id), loaders.achievements.of(self.session_id)
        )

    @classmethod
    def of(cls, row: SessionSummary, parts: SessionParts) -> "Session":
        """Convert a row of the read model; its fields are loaded from `parts`."""
        return cls(
            id=global_id("Session", row.id),
            session_id=strawberry.ID(row.id),
            athlete_id=strawberry.ID(row.athlete_id),
            workout_id=None if row.workout_id is None else strawberry.ID(row.workout_id),
            exercise_id=None if row.exercise_id is None else strawberry.ID(row.exercise_id),
            exercises=[strawberry.ID(exercise) for exercise in row.exercises],
            status=SessionStatus(row.status),
            time_zone=row.time_zone,
            day=row.day,
            started_at=row.started_at,
            completed_at=row.completed_at,
            duration_ms=row.duration_ms,
            frames=row.frames,
            frames_with_pose=row.frames_with_pose,
            set_count=row.sets,
            repetition_count=row.repetitions,
            verified_repetition_count=row.verified_repetitions,
            rejected_count=row.rejected,
            accuracy=row.accuracy,
            performance=_performance(row),
            calories_kcal=row.calories_kcal,
            counted_by=CountedBy.of(row),
            tags=list(row.tags),
            parts=parts,
        )


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
