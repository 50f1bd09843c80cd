"""Workouts (prescriptions): their views, and commands with inputs and writes."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import Field

from api.caller import NewId
from api.views.base import (
    Body,
    KeptIfOmitted,
    StrictBody,
    StrictTypes,
    documented,
    write,
)
from api.views.sessions import Tempo
from api.views.workouts import RPE_TARGET, TargetRpe
from application.caller import ANONYMOUS, Caller, checked_id
from application.kernel.command_handler import Request
from domain import values
from domain.catalog.commands import CustomExerciseInPlan
from domain.ids import ContentId, ExerciseId, UserId, WorkoutId
from domain.motion.exercises.custom import is_custom
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import get_exercise
from domain.workouts import commands, events
from domain.workouts.notes import MAX_NOTE_LENGTH
from domain.workouts.omitted import Omitted
from domain.workouts.workout import WORKOUT
from projections.plan_workouts import PLAN_WORKOUTS
from projections.workout_prescription import WorkoutPrescription


class LessonPart(StrictTypes):
    """Segment of a version of a trainer's video that shows an exercise."""

    content_id: str
    number: int = Field(description="The version.")
    segment: int = Field(description="Number of the segment.")


class PlanLine(Body):
    """An exercise of a plan, with its sets, its target and the rest between sets."""

    exercise_id: str
    sets: int
    target_repetitions: int | None
    target_hold_s: int | None
    rest_s: int
    load_kg: float | None = Field(description="Null: the athlete chooses it.")
    tempo: Tempo | None = Field(description="Target of each repetition.")
    range_of_motion_deg: float | None = Field(description="Target of each repetition.")
    lesson: LessonPart | None = Field(description="A video that shows the exercise.")
    target_rpe: float | None = Field(description=RPE_TARGET)
    note: str = Field(default="", description="What its author says about it; may be empty.")


class WorkoutPlan(Body):
    """A workout plan: exercises in order, with sets and targets."""

    workout_id: str
    name: str
    author_id: str
    exercises: tuple[PlanLine, ...] = Field(description="Empty if the workout is locked.")
    locked: bool = Field(description="Whether it belongs to a paid plan that you cannot use.")
    prescribed_at: datetime
    revised_at: datetime | None
    deleted_at: datetime | None = Field(description="A deleted workout is not listed.")
    revision: int = Field(description="From 1; each change adds one.")

    @classmethod
    def of(cls, row: WorkoutPrescription, *, locked: bool) -> "WorkoutPlan":
        """Convert a row of the read model."""
        return cls(
            workout_id=row.id,
            name=row.name,
            author_id=row.author_id,
            exercises=() if locked else to_lines(row.exercises, row.notes),
            locked=locked,
            prescribed_at=row.prescribed_at,
            revised_at=row.revised_at,
            deleted_at=row.deleted_at,
            revision=row.revision,
        )


def to_lines(
    exercises: Collection[events.PrescribedExercise], notes: Collection[str]
) -> tuple[PlanLine, ...]:
    """Convert exercises with their notes, of which there is one for each, or none at all."""
    pairs = zip(exercises, notes or ("",) * len(exercises), strict=True)
    return tuple(
        PlanLine.model_validate(line).model_copy(update={"note": note}) for line, note in pairs
    )


def workout_plans(caller: Caller, rows: Collection[WorkoutPrescription]) -> list[WorkoutPlan]:
    """Convert rows as the caller may see them: without the exercises of plans to be paid."""
    locked = _locked(caller, rows)
    return [WorkoutPlan.of(row, locked=row.id in locked) for row in rows]


def _locked(caller: Caller, rows: Collection[WorkoutPrescription]) -> frozenset[WorkoutId]:
    """Return the workouts that the caller has to pay for. Authors and staff read all."""
    if caller.claims is None or caller.is_allowed("write", "plan", None):
        return frozenset()
    others = {
        row.id: row.author_id
        for row in rows
        if not caller.is_allowed("write", "workout", row.author_id)
    }
    return caller.platform.entitlements.locked_workouts(
        caller.tenant_id, caller.claims.user_id, others
    )


@dataclass(frozen=True, slots=True)
class WorkoutWritten:
    """Result of a command: the log has it up to `position`."""

    workout_id: str
    position: int
    repeated: bool


Name = Annotated[str, documented(minLength=1, maxLength=commands.MAX_NAME_LENGTH)]
Target = Annotated[int, documented(minimum=1, maximum=commands.MAX_TARGET)]


class PrescribedExercise(StrictBody):
    """Line of a prescription, with either `targetRepetitions` or `targetHoldS`.

    A change of the workout keeps `targetRpe` and `note` of the exercise if they are left out; null,
    and an empty note, remove them.
    """

    exercise_id: str
    sets: Annotated[int, documented(minimum=1, maximum=commands.MAX_SETS)]
    target_repetitions: Target | None = None
    target_hold_s: Target | None = None
    rest_s: Annotated[int, documented(minimum=0, maximum=commands.MAX_REST_S)] = 60
    load_kg: Annotated[float, documented(minimum=0, maximum=commands.MAX_LOAD_KG)] | None = None
    tempo: Tempo | None = None
    range_of_motion_deg: (
        Annotated[float, documented(minimum=0, maximum=commands.MAX_RANGE_DEG)] | None
    ) = None
    lesson: LessonPart | None = None
    target_rpe: Annotated[TargetRpe | None, KeptIfOmitted()] = Field(
        default=None, description=RPE_TARGET
    )
    note: Annotated[str, documented(maxLength=MAX_NOTE_LENGTH), KeptIfOmitted()] = ""


class PrescribeWorkout(StrictBody):
    """New workout. Without `workoutId` an id is generated."""

    workout_id: NewId | None = None
    author_id: NewId
    name: Name
    exercises: tuple[PrescribedExercise, ...]


@write
def prescribe_workout(caller: Caller, body: PrescribeWorkout, command_id: UUID) -> WorkoutWritten:
    """Write a plan."""
    author = UserId(body.author_id)
    caller.require("write", "workout", author)
    command = commands.PrescribeWorkout(
        name=body.name,
        author_id=author,
        exercises=to_exercises(body.exercises, _definitions_of(caller, author)),
        notes=to_notes(body.exercises),
        at=caller.platform.clock(),
    )
    workout_id = body.workout_id or str(uuid5(command_id, "workout"))
    return _execute(caller, workout_id, command, command_id, author)


class ReviseWorkout(StrictBody):
    """New name and exercises of a workout. Executions keep the version that they started with.

    An exercise keeps its `targetRpe` and its `note` if they are left out. The change is refused if
    `revision` is given and not the current one.
    """

    name: Name
    exercises: tuple[PrescribedExercise, ...]
    revision: int | None = None


@write
def revise_workout(
    caller: Caller, workout_id: str, body: ReviseWorkout, command_id: UUID
) -> WorkoutWritten:
    """Change a plan."""
    author = caller.platform.owners.of_workout(caller.tenant_id, WorkoutId(workout_id))
    find = get_exercise if author is None else _definitions_of(caller, author)
    exercises = to_exercises(body.exercises, find)
    if any(is_custom(each.exercise_id) for each in exercises):
        _require_in_no_plan(caller, author, WorkoutId(workout_id))
    command = commands.ReviseWorkout(
        name=body.name,
        exercises=exercises,
        notes=to_notes(body.exercises),
        omitted=to_omitted(body.exercises),
        revision=body.revision,
        at=caller.platform.clock(),
    )
    return _change(caller, workout_id, command, command_id)


@write
def delete_workout(caller: Caller, workout_id: str, command_id: UUID) -> WorkoutWritten:
    """Remove a workout from lists; plans and sessions that have it keep it."""
    command = commands.DeleteWorkout(at=caller.platform.clock())
    return _change(caller, workout_id, command, command_id)


@write
def restore_workout(caller: Caller, workout_id: str, command_id: UUID) -> WorkoutWritten:
    """List a deleted workout again."""
    command = commands.RestoreWorkout(at=caller.platform.clock())
    return _change(caller, workout_id, command, command_id)


def _definitions_of(caller: Caller, author: UserId) -> Callable[[str], ExerciseDefinition]:
    """Return the lookup of exercises of the library, and those that the author recorded."""
    lookup = caller.platform.custom_exercises.lookup
    return partial(lookup.get, caller.tenant_id, author)


def _require_in_no_plan(caller: Caller, author: UserId | None, workout_id: WorkoutId) -> None:
    """Raise CustomExerciseInPlan for a workout of a plan, which others perform."""
    plans = caller.platform.read.by(PLAN_WORKOUTS, caller.tenant_id, "trainer_id", [author or ""])
    for plan in plans.get(author or "", ()):
        if workout_id in {*plan.draft.workouts, *plan.sold, *plan.free}:
            raise CustomExerciseInPlan


def _checked(line: PrescribedExercise, definition: ExerciseDefinition) -> ExerciseDefinition:
    """Return the exercise of a line. Raises InvalidValue for a target of another kind."""
    is_hold = definition.kind == "hold"
    given, other = line.target_hold_s, line.target_repetitions
    if not is_hold:
        given, other = other, given
    if given is None and other is not None:
        needed = "seconds to hold" if is_hold else "repetitions"
        raise values.InvalidValue(f"{definition.id} needs a target in {needed}.")
    return definition


def to_exercises(
    lines: Iterable[PrescribedExercise],
    find: Callable[[str], ExerciseDefinition] = get_exercise,
) -> tuple[events.PrescribedExercise, ...]:
    """Convert the lines of a prescription, by default of the library.

    Raises UnknownExercise, and InvalidValue for a target that the exercise cannot have.
    """
    return tuple(
        events.PrescribedExercise(
            exercise_id=ExerciseId(_checked(line, find(line.exercise_id)).id),
            sets=line.sets,
            target_repetitions=line.target_repetitions,
            target_hold_s=line.target_hold_s,
            rest_s=line.rest_s,
            load_kg=line.load_kg,
            tempo=None if line.tempo is None else values.Tempo(**line.tempo.model_dump()),
            range_of_motion_deg=line.range_of_motion_deg,
            lesson=None if line.lesson is None else _lesson_part(line.lesson),
            target_rpe=line.target_rpe,
        )
        for line in lines
    )


def to_notes(lines: Iterable[PrescribedExercise]) -> tuple[str, ...]:
    """Return the notes to the exercises, one for each."""
    return tuple(line.note for line in lines)


def to_omitted(lines: Iterable[PrescribedExercise]) -> Omitted:
    """Return which values the lines of a revision leave out."""
    given = tuple(line.model_fields_set for line in lines)
    return Omitted(
        notes=frozenset(number for number, fields in enumerate(given) if "note" not in fields),
        target_rpe=frozenset(
            number for number, fields in enumerate(given) if "target_rpe" not in fields
        ),
    )


def _lesson_part(part: LessonPart) -> events.LessonPart:
    return events.LessonPart(ContentId(checked_id(part.content_id)), part.number, part.segment)


def _change(
    caller: Caller, workout_id: str, command: commands.WorkoutCommand, command_id: UUID
) -> WorkoutWritten:
    """Change an existing workout, as its author or staff."""
    author = caller.platform.owners.of_workout(caller.tenant_id, WorkoutId(workout_id))
    caller.require("write", "workout", author)
    return _execute(caller, workout_id, command, command_id, ANONYMOUS)


def _execute(
    caller: Caller, workout_id: str, command: commands.WorkoutCommand, command_id: UUID, actor: str
) -> WorkoutWritten:
    appended = caller.platform.commands.execute(
        Request(WORKOUT, checked_id(workout_id), [command]),
        origin=caller.origin(actor),
        command_id=command_id,
    )
    return WorkoutWritten(workout_id, appended.position, appended.repeated)
