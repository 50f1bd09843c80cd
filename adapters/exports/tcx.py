"""TCX files of exports: an activity with one lap, for training logs.

Elements are those of Garmin's Training Center Database, version 2
(https://www8.garmin.com/xmlschemas/TrainingCenterDatabasev2.xsd). Strength training is the sport
`Other`, and has no distance.
"""

from datetime import UTC, datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from application.health.writes import CompletedWorkout
from domain.ids import UserId

NAMESPACE: Final = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
LARGEST_ENERGY: Final = 65_535
"""Kilocalories of a lap are 16 bits."""

NOT_IN_XML: Final = {0xFFFE: None, 0xFFFF: None}
"""Characters that are allowed in names, but not in XML. Control characters are in neither."""

register_namespace("", NAMESPACE)


class TcxEncoder:
    """Implements `WorkoutEncoder`."""

    extension = ".tcx"
    not_held = ("movements", "form", "landmarks", "set_data")

    def encode(self, athlete_id: UserId, workout: CompletedWorkout) -> bytes:
        """Return the file of a workout; it does not name the athlete."""
        del athlete_id
        root = Element(_tag("TrainingCenterDatabase"))
        activity = SubElement(SubElement(root, _tag("Activities")), _tag("Activity"), Sport="Other")
        began = _time(workout.started_at)
        _add(activity, "Id", began)
        lap = SubElement(activity, _tag("Lap"), StartTime=began)
        _add(lap, "TotalTimeSeconds", f"{workout.duration_ms / 1000:.3f}")
        _add(lap, "DistanceMeters", "0")
        _add(lap, "Calories", str(min(round(workout.energy_kcal), LARGEST_ENERGY)))
        _add(lap, "Intensity", "Active")
        _add(lap, "TriggerMethod", "Manual")
        track = SubElement(lap, _tag("Track"))
        for at in (began, _time(workout.ended_at)):
            _add(SubElement(track, _tag("Trackpoint")), "Time", at)
        _add(activity, "Notes", workout.summary.translate(NOT_IN_XML))
        file: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
        return file


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, _tag(name)).text = text


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
