"""Workout decider: a prescription that is revised, deleted and restored."""

from dataclasses import replace

from domain.ids import UserId
from domain.kernel import Decider, value
from domain.personal import Personal
from domain.workouts import commands, events
from domain.workouts.notes import Notes, texts_of, to_personal
from domain.workouts.omitted import Lines


@value
class NotPrescribed:
    """No prescription exists with this id."""


@value
class Prescribed:
    """The current prescription. A deleted one is not listed, but still performed in plans.

    `revision` is 1 at first, and one more after each change.
    """

    author_id: UserId
    name: Personal[str]
    exercises: tuple[events.PrescribedExercise, ...]
    notes: Notes = None
    revision: int = 1
    is_deleted: bool = False


Workout = NotPrescribed | Prescribed


def decide(command: commands.WorkoutCommand, workout: Workout) -> tuple[events.WorkoutEvent, ...]:
    """Return the events of a command. Raises a refusal of `commands`."""
    match command, workout:
        case commands.PrescribeWorkout(), NotPrescribed():
            return (
                events.WorkoutPrescribed(
                    name=Personal(command.author_id, command.name),
                    author_id=command.author_id,
                    exercises=command.exercises,
                    notes=to_personal(command.author_id, command.notes),
                    at=command.at,
                ),
            )
        case commands.PrescribeWorkout(), _:
            raise commands.WorkoutAlreadyPrescribed
        case _, NotPrescribed():
            raise commands.WorkoutNotFound
        case commands.DeleteWorkout(at=at), Prescribed() as plan:
            return () if plan.is_deleted else (events.WorkoutDeleted(at=at),)
        case commands.RestoreWorkout(at=at), Prescribed() as plan:
            return (events.WorkoutRestored(at=at),) if plan.is_deleted else ()
        case commands.ReviseWorkout(), Prescribed(is_deleted=True):
            raise commands.WorkoutIsDeleted
        case commands.ReviseWorkout(), Prescribed() as plan:
            return _revise(command, plan)


def _revise(command: commands.ReviseWorkout, plan: Prescribed) -> tuple[events.WorkoutRevised, ...]:
    if command.revision not in {None, plan.revision}:
        raise commands.WorkoutChanged
    before = Lines(plan.exercises, texts_of(plan.notes))
    lines = Lines(command.exercises, command.notes).with_kept(command.omitted, before)
    name = Personal(plan.author_id, command.name)
    notes = to_personal(plan.author_id, lines.notes)
    if (plan.name.value, plan.exercises, plan.notes) == (command.name, lines.exercises, notes):
        return ()
    revised = events.WorkoutRevised(
        name=name, exercises=lines.exercises, notes=notes, at=command.at
    )
    return (revised,)


def evolve(workout: Workout, event: events.WorkoutEvent) -> Workout:
    """Apply one event. History is never refused."""
    match event, workout:
        case events.WorkoutPrescribed(author_id=author, name=name), _:
            return Prescribed(author, name, event.exercises, event.notes)
        case _, NotPrescribed():
            return workout
        case events.WorkoutRevised(name=name, exercises=exercises, notes=notes), Prescribed():
            revision = workout.revision + 1
            return replace(workout, name=name, exercises=exercises, notes=notes, revision=revision)
        case events.WorkoutDeleted(), Prescribed():
            return replace(workout, is_deleted=True)
        case events.WorkoutRestored(), Prescribed():
            return replace(workout, is_deleted=False)


WORKOUT = Decider[commands.WorkoutCommand, events.WorkoutEvent, Workout](
    "workout", initial=NotPrescribed(), decide=decide, evolve=evolve
)
