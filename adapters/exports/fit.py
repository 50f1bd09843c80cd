"""FIT files of exports: an activity with its sets, for sports watches and training logs."""

from adapters.health.fit_file import fit_file
from application.health.writes import CompletedWorkout
from domain.ids import UserId


class FitEncoder:
    """Implements `WorkoutEncoder`."""

    extension = ".fit"
    not_held = ("movements", "form", "landmarks", "other_exercises", "times")

    def encode(self, athlete_id: UserId, workout: CompletedWorkout) -> bytes:
        """Return the file of a workout; it does not name the athlete."""
        del athlete_id
        return fit_file(workout)
