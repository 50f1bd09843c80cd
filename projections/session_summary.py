"""Session summary read model: one row per session."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from domain.ids import ExerciseId, SessionId, UserId, WorkoutId
from domain.kernel import Projection, Recorded
from domain.personal import Erased
from domain.sessions import events, healthkit, set_movements
from domain.sessions.counters import counter_at_start, is_result_of_ours
from domain.sessions.healthkit import HealthKitEvent, HealthKitStatus
from domain.sessions.prescription_events import (
    HealthKitFailed,
    HealthKitObstacle,
    HealthKitRequested,
    HealthKitSynced,
)
from domain.sessions.set_movements import NO_MOVEMENTS, MovementEvent, SetMovements
from domain.sessions.tags import tag_key
from domain.values import CountedBy, CountSource
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class SessionSummary:
    """A session so far.

    `day` is the athlete's local date when it began (C-52). `exercise_id` is the main exercise: that
    of the first set; `exercises` are all, each once, in order of appearance. `repetitions` is the
    count that stands, after corrections; `rejected` the movements not counted. `movements` by set,
    from which it is derived, are empty once it is completed. `duration_ms`, `frames`,
    `frames_with_pose`, `calories_kcal` are 0 until it is completed. `accuracy` is the mean form of
    the repetitions, 0..1. `performance_score` is 0..100, its inputs (`performance_…`) are 0..1
    (C-16). None stands for what was not measured. `skipped` is the number of prescribed sets that
    were not begun; `body_mass` is the source of the mass in `calories_kcal`. `healthkit_status` is
    the progress of the write to HealthKit, `healthkit_reason` why it failed. `status_before` is the
    status of a deleted session before its deletion; None for others. `tags` are as the athlete
    wrote them, `tag_keys` are normalized for search, one per line. `counted_by_…` describe the
    accepted count of the newest set: its source, pose model, version of the exercise's definition,
    and trained counting model, which `announced_learned` is once our counter, which a client
    announced, counts. `verified_repetitions`: those for rankings and awards; None until
    the session is completed.
    """

    id: SessionId
    athlete_id: UserId
    workout_id: WorkoutId | None
    status: Literal["underway", "completed", "deleted"]
    time_zone: str
    day: date
    started_at: datetime
    completed_at: datetime | None = None
    exercise_id: ExerciseId | None = None
    exercises: tuple[ExerciseId, ...] = ()
    sets: int = 0
    repetitions: int = 0
    rejected: int = 0
    duration_ms: int = 0
    frames: int = 0
    frames_with_pose: int = 0
    calories_kcal: float = 0.0
    accuracy: float | None = None
    performance_score: float | None = None
    performance_completion: float | None = None
    performance_form: float | None = None
    performance_tempo: float | None = None
    performance_range_of_motion: float | None = None
    counted_by_source: CountSource | None = None
    counted_by_model: str | None = None
    counted_by_definition_version: int | None = None
    counted_by_learned: str | None = None
    status_before: Literal["underway", "completed"] | None = None
    skipped: int = 0
    body_mass: events.BodyMass | None = None
    healthkit_status: HealthKitStatus = "not_requested"
    healthkit_reason: HealthKitObstacle | None = None
    tags: tuple[str, ...] = ()
    tag_keys: str = ""
    movements: tuple[SetMovements, ...] = ()
    verified_repetitions: int | None = None
    announced_learned: str | None = None


VISIBLE_STATES = ("underway", "completed")
"""States of sessions that lists include: all but deleted ones."""


def line_of(tag: str) -> str:
    """Return the line that `tag_keys` has for a tag, regardless of its spelling variant."""
    return f"\n{tag_key(tag)}\n"


HANDLED_EVENTS = (
    events.SessionStarted
    | events.SetStarted
    | events.RepetitionCounted
    | events.HoldMeasured
    | events.RepetitionRejected
    | events.RepetitionsReconciled
    | events.SessionCompleted
    | events.SessionDeleted
    | events.SessionRestored
    | events.RepetitionOverruled
    | events.TagsChanged
    | HealthKitEvent
)


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by session."""
    return (stream_id(recorded),) if isinstance(recorded.event, HANDLED_EVENTS) else ()


def evolve(row: SessionSummary | None, recorded: Recorded[Any]) -> SessionSummary | None:
    """Apply one event to the summary."""
    if is_result_of_ours(recorded.event) and row and row.counted_by_source == "device":
        row = fast_replace(
            row, counted_by_source="server", counted_by_learned=row.announced_learned
        )
    if isinstance(recorded.event, MovementEvent) and row is not None:
        row = _moved(row, recorded.event)
    match recorded.event, row:
        case events.SessionStarted() as started, _:
            return _started(recorded, started)
        case events.SetStarted() as started, SessionSummary():
            return _set_started(row, started)
        case events.RepetitionCounted(), SessionSummary():
            return fast_replace(row, repetitions=row.repetitions + 1)
        case events.RepetitionsReconciled() as looked, SessionSummary():
            standing = row.repetitions - len(looked.withdrawn)
            return _counted_by(fast_replace(row, repetitions=standing), looked.counted_by)
        case events.SessionCompleted() as completed, SessionSummary():
            return _completed(row, completed)
        case events.RepetitionOverruled(accepted=accepted), SessionSummary():
            return fast_replace(row, repetitions=row.repetitions + (1 if accepted else -1))
        case (
            (
                HealthKitRequested()
                | HealthKitSynced()
                | HealthKitFailed()
                | events.SessionDeleted()
                | events.SessionRestored()
                | events.TagsChanged()
            ) as change,
            SessionSummary(),
        ):
            return _afterwards(row, change)
        case _:
            return row


def _started(recorded: Recorded[Any], event: events.SessionStarted) -> SessionSummary:
    return SessionSummary(
        id=SessionId(stream_id(recorded)),
        athlete_id=event.athlete_id,
        workout_id=event.workout_id,
        status="underway",
        time_zone=event.time_zone,
        day=event.at.astimezone(ZoneInfo(event.time_zone)).date(),
        started_at=event.at,
    )


def _moved(row: SessionSummary, event: MovementEvent) -> SessionSummary:
    """Apply an event to the movements of its set, and count those that do not count.

    A movement that arrives after the session is completed never counts.
    """
    if row.completed_at is not None and isinstance(event, events.RepetitionRejected):
        return fast_replace(row, rejected=row.rejected + 1)
    if not 1 <= event.set <= len(row.movements):
        return row
    before = row.movements[event.set - 1]
    after = set_movements.evolve(before, event)
    return fast_replace(
        row,
        movements=(*row.movements[: event.set - 1], after, *row.movements[event.set :]),
        rejected=row.rejected + len(after.uncounted) - len(before.uncounted),
    )


def _set_started(row: SessionSummary, event: events.SetStarted) -> SessionSummary:
    is_listed = event.exercise_id in row.exercises
    widened = fast_replace(
        row,
        exercise_id=row.exercise_id or event.exercise_id,
        exercises=row.exercises if is_listed else (*row.exercises, event.exercise_id),
        sets=event.set,
        movements=(*row.movements, NO_MOVEMENTS),
        announced_learned=event.counted_by.learned,
    )
    return _counted_by(widened, counter_at_start(event))


def _counted_by(row: SessionSummary, counter: CountedBy) -> SessionSummary:
    return fast_replace(
        row,
        counted_by_source=counter.source,
        counted_by_model=counter.model,
        counted_by_definition_version=counter.definition_version,
        counted_by_learned=counter.learned,
    )


def _afterwards(
    row: SessionSummary,
    event: HealthKitEvent | events.SessionDeleted | events.SessionRestored | events.TagsChanged,
) -> SessionSummary:
    match event:
        case events.SessionDeleted():
            before = row.status_before if row.status == "deleted" else row.status
            return fast_replace(row, status="deleted", status_before=before)
        case events.SessionRestored():
            return fast_replace(row, status=row.status_before or row.status, status_before=None)
        case events.TagsChanged(tags=change):
            tags = () if isinstance(change.value, Erased) else change.value
            return fast_replace(row, tags=tags, tag_keys="".join(map(line_of, tags)))
        case HealthKitRequested() | HealthKitSynced() | HealthKitFailed():
            sync = healthkit.evolve(event)
            return fast_replace(row, healthkit_status=sync.status, healthkit_reason=sync.reason)


def _completed(row: SessionSummary, event: events.SessionCompleted) -> SessionSummary:
    score = event.performance
    verified = event.verified_repetitions
    return fast_replace(
        row,
        status="completed",
        completed_at=event.at,
        movements=(),  # they no longer change
        sets=event.sets,
        repetitions=event.repetitions,
        verified_repetitions=event.repetitions if verified is None else verified,
        duration_ms=event.duration_ms,
        frames=event.frames,
        frames_with_pose=event.frames_with_pose,
        calories_kcal=event.calories_kcal,
        accuracy=event.accuracy,
        skipped=event.skipped,
        body_mass=event.body_mass,
        performance_score=None if score is None else score.score,
        performance_completion=None if score is None else score.completion,
        performance_form=None if score is None else score.form,
        performance_tempo=None if score is None else score.tempo,
        performance_range_of_motion=None if score is None else score.range_of_motion,
    )


SESSION_SUMMARY = Projection(
    name="session_summary",
    version=8,
    row=SessionSummary,
    keys=keys,
    evolve=evolve,
    indexes=(("athlete_id", "started_at"), ("athlete_id", "day"), ("started_at",)),
    kind="session",
)
