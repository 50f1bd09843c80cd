"""FHIR files of exports: a bundle of observations for each workout, for health records.

Observations are those of HL7's Physical Activity guide 1.0.0, on FHIR R4
(https://hl7.org/fhir/us/physical-activity/): a group of duration, energy, and an activity for each
set. Repetitions and loads are components of a set, by name, because no code system has them.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from adapters.exports.times import iso_time
from application.health.writes import CompletedWorkout, WrittenSet
from domain.ids import UserId

GUIDE: Final = "http://hl7.org/fhir/us/physical-activity"
LOINC: Final = "http://loinc.org"
UNITS: Final = "http://unitsofmeasure.org"
NAMES: Final = UUID("5d2f5d1e-6f0b-5c6d-9a55-0d6b2d3e8a11")
"""Namespace of the ids of observations: the same workout has the same ids in each export."""

CATEGORY: Final = [
    {
        "coding": [
            {
                "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                "code": "activity",
            }
        ]
    },
    {"coding": [{"system": f"{GUIDE}/CodeSystem/pa-temporary-codes", "code": "PhysicalActivity"}]},
]
PANEL: Final = {"coding": [{"system": f"{GUIDE}/CodeSystem/pa-temporary-codes", "code": "PAPanel"}]}


class FhirEncoder:
    """Implements `WorkoutEncoder`."""

    extension = ".json"
    not_held = ("movements", "form", "landmarks", "exercise_codes")

    def encode(self, athlete_id: UserId, workout: CompletedWorkout) -> bytes:
        """Return the bundle of a workout."""
        minutes = round(workout.duration_ms / 60_000, 3)
        members = [
            _measure(athlete_id, workout, "duration", _loinc("55411-3", "Exercise duration"))
            | {"valueQuantity": _quantity(minutes, "min")},
            _measure(
                athlete_id,
                workout,
                "energy",
                _loinc("55424-6", "Calories burned in unspecified time Pedometer"),
            )
            | {"valueQuantity": _quantity(round(workout.energy_kcal, 1), "kcal")},
            *(
                _set(athlete_id, workout, number, each)
                for number, each in enumerate(workout.sets, 1)
            ),
        ]
        group = _observation(athlete_id, workout, "workout", "group", PANEL)
        group["hasMember"] = [{"reference": f"urn:uuid:{each['id']}"} for each in members]
        bundle = {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [
                {"fullUrl": f"urn:uuid:{each['id']}", "resource": each}
                for each in (group, *members)
            ],
        }
        return (json.dumps(bundle, ensure_ascii=False, indent=1) + "\n").encode()


def _set(
    athlete_id: UserId, workout: CompletedWorkout, number: int, of: WrittenSet
) -> dict[str, Any]:
    code = _loinc("73985-4", "Exercise activity")
    observation = _measure(athlete_id, workout, f"set-{number}", code)
    if of.started_at is not None and of.ended_at is not None:
        observation["effectivePeriod"] = _period(workout, of.started_at, of.ended_at)
    parts = [_component("Repetitions", of.repetitions, "1")]
    if of.held_ms:
        parts.append(_component("Time held", of.held_ms / 1000, "s"))
    if of.load_kg is not None:
        parts.append(_component("Load", of.load_kg, "kg"))
    return observation | {
        "valueCodeableConcept": {"text": of.exercise_name},
        "component": parts,
    }


def _measure(
    athlete_id: UserId, workout: CompletedWorkout, name: str, code: Mapping[str, Any]
) -> dict[str, Any]:
    return _observation(athlete_id, workout, name, "measure", code)


def _observation(
    athlete_id: UserId,
    workout: CompletedWorkout,
    name: str,
    profile: str,
    code: Mapping[str, Any],
) -> dict[str, Any]:
    person = {"type": "Patient", "identifier": {"value": athlete_id}}
    return {
        "resourceType": "Observation",
        "id": str(uuid5(NAMES, f"{workout.session_id}/{name}")),
        "meta": {"profile": [f"{GUIDE}/StructureDefinition/pa-observation-activity-{profile}"]},
        "status": "final",
        "category": CATEGORY,
        "code": code,
        "subject": person,
        "effectivePeriod": _period(workout, workout.started_at, workout.ended_at),
        "performer": [person],
    }


def _period(workout: CompletedWorkout, start: datetime, end: datetime) -> dict[str, str]:
    zone = workout.time_zone
    return {"start": iso_time(start, zone), "end": iso_time(end, zone)}


def _loinc(code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": LOINC, "code": code, "display": display}]}


def _component(name: str, value: float, unit: str) -> dict[str, Any]:
    return {"code": {"text": name}, "valueQuantity": _quantity(value, unit)}


def _quantity(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": UNITS, "code": unit}
