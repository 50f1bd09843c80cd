"""A workout: what a coach or athlete plans to do, revised as they learn."""

from domain.kernel import Decider, value
from domain.workouts import commands, events


@value
class Unwritten:
    """No prescription exists under this id."""


@value
class Prescribed:
    """The plan as it stands."""

    name: str
    exercises: tuple[events.PrescribedExercise, ...]


Workout = Unwritten | Prescribed


def decide(command: commands.WorkoutCommand, workout: Workout) -> tuple[events.WorkoutEvent, ...]:
    """Say what happens when this is asked of a workout in this state."""
    match command, workout:
        case commands.PrescribeWorkout(), Unwritten():
            return (
                events.WorkoutPrescribed(
                    name=command.name,
                    author_id=command.author_id,
                    exercises=command.exercises,
                    at=command.at,
                ),
            )
        case commands.PrescribeWorkout(), _:
            raise commands.WorkoutAlreadyPrescribed
        case commands.ReviseWorkout(), Unwritten():
            raise commands.WorkoutUnknown
        case commands.ReviseWorkout(name=name, exercises=exercises, at=at), Prescribed() as plan:
            if plan == Prescribed(name, exercises):
                return ()
            return (events.WorkoutRevised(name=name, exercises=exercises, at=at),)


def evolve(workout: Workout, event: events.WorkoutEvent) -> Workout:
    """Say what this fact changes. History is never refused."""
    match event, workout:
        case events.WorkoutPrescribed(name=name, exercises=exercises), _:
            return Prescribed(name, exercises)
        case events.WorkoutRevised(), Unwritten():
            return workout
        case events.WorkoutRevised(name=name, exercises=exercises), _:
            return Prescribed(name, exercises)


WORKOUT = Decider[commands.WorkoutCommand, events.WorkoutEvent, Workout](
    "workout", initial=Unwritten(), decide=decide, evolve=evolve
)
