"""Open mHealth files of exports: a data point of physical activity for each workout.

The schemas are `omh:data-point:1.0` and `omh:physical-activity:1.2`
(https://www.openmhealth.org/documentation/#/schema-docs/schema-library).
"""

import json
import re
from typing import Final

from adapters.exports.times import iso_time
from application.health.writes import CompletedWorkout
from domain.ids import UserId

SOURCE: Final = "Kinelog"


class OpenMhealthEncoder:
    """Implements `WorkoutEncoder`."""

    extension = ".json"
    not_held = ("movements", "form", "landmarks", "sets")

    def encode(self, athlete_id: UserId, workout: CompletedWorkout) -> bytes:
        """Return the data point of a workout; it does not name the athlete."""
        del athlete_id
        zone = workout.time_zone
        start, end = (iso_time(at, zone) for at in (workout.started_at, workout.ended_at))
        point = {
            "header": {
                "id": workout.session_id,
                "creation_date_time": end,
                "schema_id": {"namespace": "omh", "name": "physical-activity", "version": "1.2"},
                "acquisition_provenance": {
                    "source_name": SOURCE,
                    "source_creation_date_time": end,
                },
            },
            "body": {
                "activity_name": _words(workout.activity_type),
                "effective_time_frame": {
                    "time_interval": {"start_date_time": start, "end_date_time": end}
                },
                "kcal_burned": {"value": round(workout.energy_kcal, 1), "unit": "kcal"},
            },
        }
        return (json.dumps(point, ensure_ascii=False, indent=1) + "\n").encode()


def _words(activity_type: str) -> str:
    """Return `functionalStrengthTraining` as `functional strength training`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", activity_type).lower()
