"""Custom exercises decider: the custom exercises of one athlete, in order of recording."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from domain.custom_exercises import commands, events
from domain.ids import ExerciseId, UserId
from domain.kernel import Decider, value
from domain.personal import Personal


@value
class CustomExercise:
    """A custom exercise. A deleted one is in no list, and stays for the sessions with it."""

    id: ExerciseId
    athlete_id: UserId
    name: Personal[str]
    definition: Personal[str]
    at: datetime
    is_deleted: bool = False


@value
class CustomExercises:
    """All custom exercises of an athlete, deleted ones included."""

    all: tuple[CustomExercise, ...] = ()

    @property
    def current(self) -> tuple[CustomExercise, ...]:
        """The exercises that were not deleted."""
        return tuple(each for each in self.all if not each.is_deleted)

    def find(self, exercise_id: str) -> CustomExercise | None:
        """Find an exercise by its id, deleted ones included."""
        return next((each for each in self.all if each.id == exercise_id), None)

    def with_changed(
        self, exercise_id: ExerciseId, change: Callable[[CustomExercise], CustomExercise]
    ) -> "CustomExercises":
        """Return these exercises, one of them changed."""
        return CustomExercises(
            tuple(change(each) if each.id == exercise_id else each for each in self.all)
        )


def decide(
    command: commands.CustomExerciseCommand, exercises: CustomExercises
) -> tuple[events.CustomExerciseEvent, ...]:
    """Return the events of a command. Raises a refusal of `commands`."""
    existing = exercises.find(command.exercise_id)
    if isinstance(command, commands.RecordCustomExercise):
        return () if existing is not None else _record(command, exercises)  # idempotent
    if existing is None or existing.is_deleted:
        raise commands.CustomExerciseNotFound
    match command:
        case commands.RenameCustomExercise(exercise_id=key, name=name, at=at):
            renamed = Personal(existing.athlete_id, name.strip())
            return (events.CustomExerciseRenamed(exercise_id=key, name=renamed, at=at),)
        case commands.DeleteCustomExercise(exercise_id=key, at=at):
            return (events.CustomExerciseDeleted(exercise_id=key, at=at),)


def _record(
    command: commands.RecordCustomExercise, exercises: CustomExercises
) -> tuple[events.CustomExerciseEvent, ...]:
    if len(exercises.current) >= commands.MAX_EXERCISES:
        raise commands.TooManyCustomExercises
    athlete = command.athlete_id
    return (
        events.CustomExerciseRecorded(
            exercise_id=command.exercise_id,
            athlete_id=athlete,
            name=Personal(athlete, command.name.strip()),
            definition=Personal(athlete, command.definition),
            at=command.at,
        ),
    )


def evolve(exercises: CustomExercises, event: events.CustomExerciseEvent) -> CustomExercises:
    """Apply one event. History is never refused."""
    match event:
        case events.CustomExerciseRecorded():
            recorded = CustomExercise(
                event.exercise_id, event.athlete_id, event.name, event.definition, event.at
            )
            return CustomExercises((*exercises.all, recorded))
        case events.CustomExerciseRenamed(exercise_id=key, name=name):
            return exercises.with_changed(key, lambda each: replace(each, name=name))
        case events.CustomExerciseDeleted(exercise_id=key):
            return exercises.with_changed(key, lambda each: replace(each, is_deleted=True))


CUSTOM_EXERCISES = Decider[
    commands.CustomExerciseCommand, events.CustomExerciseEvent, CustomExercises
]("custom_exercises", initial=CustomExercises(), decide=decide, evolve=evolve)
