"""GraphQL types of workout executions. Times in ms count from the start of the session."""

from api.graphql.derived_types import derived
from api.graphql.session_types import CountedBy, Performance
from api.graphql.source_counts import SourceCounts
from api.views import workouts


@derived(
    workouts.Movement,
    description="A movement that counts as a repetition, or does not for a `reason`; `number` is "
    "null for one that never counted, and `byHand` says that the athlete logged it.",
)
class Movement:
    """A movement of a set that may be a repetition."""


@derived(workouts.PerformedSet)
class ExecutionSet(SourceCounts):
    """A set of an execution; `repetitions` is the accepted count."""

    counted_by: CountedBy


@derived(workouts.Line)
class ExecutionLine:
    """A line of the prescription, and how many of its sets are over."""


@derived(workouts.Rest)
class Rest:
    """A rest that is not over, and how long it is to last in all."""


@derived(workouts.Next)
class NextSet:
    """The next set."""


@derived(workouts.HealthKit)
class HealthKit:
    """Whether a workout is in HealthKit, with the reason if it failed."""

    reason: str | None


@derived(workouts.Execution, execution_id="id")
class Execution:
    """A workout execution."""


@derived(workouts.Energy)
class Energy:
    """Calories of an exercise."""


@derived(
    workouts.Calories,
    description="Kilocalories and their basis; `bodyMass` is `given`, `profile` or "
    "`default`, and `bodyMassKg` is set only if it is not the user's own.",
)
class Calories:
    """Estimate of the calories of a workout."""

    body_mass: str | None


@derived(workouts.Points)
class Points:
    """How many of 100 points each input of the score has."""


@derived(workouts.Feedback)
class Feedback:
    """A cue of the coach; `fault` is null for praise."""


@derived(workouts.LastSet)
class LastSet:
    """A set of the latest session with an exercise."""


@derived(workouts.Record)
class Record:
    """A record, and its session."""


@derived(workouts.ExerciseProgress)
class ExerciseProgress:
    """An athlete's last results in an exercise, and their records."""


@derived(workouts.HealthKitWorkout)
class HealthKitWorkout:
    """Data for the device to write as one `HKWorkout`."""


@derived(workouts.HealthConnectSegment)
class HealthConnectSegment:
    """A set as an `ExerciseSegment` of Health Connect; a hold has 0 repetitions."""


@derived(workouts.HealthConnectWorkout)
class HealthConnectWorkout:
    """Data for the device to write as one `ExerciseSessionRecord`, as often as it likes."""


@derived(workouts.HealthKitToWrite)
class HealthKitToWrite:
    """State of the HealthKit handshake, and the data to write until it is complete."""

    reason: str | None


@derived(workouts.WorkoutSummary, execution_id="id")
class WorkoutSummary:
    """Summary of a workout, with the parts of each figure."""

    performance: Performance | None
