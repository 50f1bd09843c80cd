"""Files of workouts for other programs, as other implementations of the formats read them."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import zip_longest
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from tcxreader.tcxreader import TCXReader

from adapters.exports.fhir import FhirEncoder
from adapters.exports.fit import FitEncoder
from adapters.exports.open_mhealth import OpenMhealthEncoder
from adapters.exports.tcx import TcxEncoder
from adapters.health_files.formats import read_fit, read_tcx
from application.exports.workout_files import NOT_HELD, WorkoutEncoder
from application.health.writes import CompletedWorkout, WrittenSet
from domain.ids import ExerciseId, SessionId
from domain.motion.exercises.library import all_exercises
from tests.adapters.exports.workouts import ADA, workouts
from tests.adapters.health.fit_messages import fit_messages

ENCODERS: tuple[WorkoutEncoder, ...] = (
    FitEncoder(),
    TcxEncoder(),
    FhirEncoder(),
    OpenMhealthEncoder(),
)


@pytest.mark.parametrize("encoder", ENCODERS, ids=lambda each: type(each).__name__)
@given(workout=workouts())
def test_a_workout_has_one_file(encoder: WorkoutEncoder, workout: CompletedWorkout) -> None:
    """R-PRG-05: and what it cannot hold is known."""
    first = encoder.encode(ADA, workout)
    assert encoder.encode(ADA, workout) == first
    assert encoder.not_held
    assert set(encoder.not_held) <= set(NOT_HELD)


@given(workout=workouts())
def test_fit_keeps_sets_with_their_times(workout: CompletedWorkout) -> None:
    """R-PRG-05: exercise, repetitions, holds and loads; read by fitdecode."""
    content = FitEncoder().encode(ADA, workout)
    (session,) = fit_messages(content, "session")
    assert (session["start_time"], session["total_timer_time"]) == (
        workout.started_at,
        workout.duration_ms / 1000,
    )
    found = fit_messages(content, "set")
    for number, (message, each) in enumerate(zip_longest(found, workout.sets)):
        assert message["message_index"] == number
        assert (message["repetitions"] or 0, message["weight"]) == (each.repetitions, each.load_kg)
        assert message["start_time"] == each.started_at
        assert message["timestamp"] == (each.ended_at or workout.ended_at)
        if each.held_ms:
            assert message["duration"] == each.held_ms / 1000
    kept = {each.metric: each for each in read_fit(BytesIO(content))}
    assert kept["active_energy"].value == workout.energy_kcal
    times = kept["active_energy"].start, kept["active_energy"].end
    assert times == (workout.started_at, workout.ended_at), "pauses included"


@pytest.mark.parametrize("name", ["Row\uffff", "\ufffeRow"])
def test_tcx_has_names_without_characters_that_xml_lacks(name: str) -> None:
    """R-PRG-05: such as an athlete may have pasted into the name of an exercise."""
    held = WrittenSet(ExerciseId("custom-1"), 5, 0, None, custom_name=name)
    began = datetime(2026, 11, 28, tzinfo=UTC)
    workout = CompletedWorkout(
        SessionId("s-1"), "other", began, began + timedelta(hours=1), 1000, 1.0, "UTC", (held,)
    )
    assert b"<Notes>Row: 5</Notes>" in TcxEncoder().encode(ADA, workout)
    assert list(read_tcx(BytesIO(TcxEncoder().encode(ADA, workout))))


@given(workout=workouts())
def test_tcx_keeps_times_and_energy(
    workout: CompletedWorkout, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """R-PRG-05: sets are lines of its notes; read by tcxreader, and by our import."""
    content = TcxEncoder().encode(ADA, workout)
    path = tmp_path_factory.getbasetemp() / "workout.tcx"
    path.write_bytes(content)
    read = TCXReader().read(str(path), only_gps=False)
    assert (read.activity_type, read.calories) == ("Other", workout.energy_kcal)
    assert [each.time.replace(tzinfo=UTC) for each in read.trackpoints] == [
        workout.started_at,
        workout.ended_at,
    ]
    kept = {each.metric: each for each in read_tcx(BytesIO(content))}
    assert kept["active_energy"].value == workout.energy_kcal
    times = kept["active_energy"].start, kept["active_energy"].end
    assert times == (workout.started_at, workout.ended_at), "pauses included"
    for line in filter(None, workout.summary.splitlines()):
        assert line in content.decode()


@given(workout=workouts())
def test_fhir_keeps_sets_as_observations(workout: CompletedWorkout) -> None:
    """R-PRG-05: a bundle that is valid in R4; names of exercises are texts."""
    bundle: Any = Bundle.model_validate_json(FhirEncoder().encode(ADA, workout))
    group, duration, energy, *sets = (each.resource for each in bundle.entry)
    assert [each.reference for each in group.hasMember] == [
        each.fullUrl for each in bundle.entry[1:]
    ]
    assert len({each.fullUrl for each in bundle.entry}) == len(bundle.entry)
    assert float(duration.valueQuantity.value) == pytest.approx(
        workout.duration_ms / 60_000, abs=5e-4
    )
    assert float(energy.valueQuantity.value) == workout.energy_kcal
    assert (group.effectivePeriod.start, group.effectivePeriod.end) == (
        workout.started_at,
        workout.ended_at,
    )
    for found, each in zip_longest(sets, workout.sets):
        parts = {part.code.text: float(part.valueQuantity.value) for part in found.component}
        definition = all_exercises().get(each.exercise)
        assert found.valueCodeableConcept.text == (definition.name if definition else each.exercise)
        assert parts["Repetitions"] == each.repetitions
        assert parts.get("Time held", 0) == each.held_ms / 1000
        assert parts.get("Load") == each.load_kg
        assert found.effectivePeriod.start == (each.started_at or workout.started_at)
        assert found.subject.identifier.value == ADA


@pytest.mark.parametrize(
    ("at", "zone", "written"),
    [
        (datetime(1904, 1, 1, tzinfo=UTC), "Europe/Paris", "1904-01-01T00:00:00.000+00:00"),
        (datetime(1970, 1, 1, tzinfo=UTC), "Africa/Monrovia", "1970-01-01T00:00:00.000+00:00"),
        (datetime(1970, 1, 1, tzinfo=UTC), "Asia/Kathmandu", "1970-01-01T05:30:00.000+05:30"),
        (datetime(2026, 1, 1, tzinfo=UTC), "America/Caracas", "2025-12-31T20:00:00.000-04:00"),
    ],
)
def test_no_offset_of_a_time_has_seconds(at: datetime, zone: str, written: str) -> None:
    """R-PRG-05: as that of a clock which is a century behind would."""
    hour = timedelta(hours=1)
    workout = CompletedWorkout(
        SessionId("s1"), "mixedCardio", at, at + hour, 3_600_000, 90.0, zone, ()
    )
    fhir = FhirEncoder().encode(ADA, workout)
    Bundle.model_validate_json(fhir)
    point = OpenMhealthEncoder().encode(ADA, workout)
    interval = json.loads(point)["body"]["effective_time_frame"]["time_interval"]
    assert interval["start_date_time"] == written
    assert f'"start": "{written}"' in fhir.decode()


@given(workout=workouts())
def test_open_mhealth_keeps_activity_times_and_energy(workout: CompletedWorkout) -> None:
    """R-PRG-05: a data point of `omh:physical-activity:1.2`."""
    point = json.loads(OpenMhealthEncoder().encode(ADA, workout))
    assert set(point) == {"header", "body"}
    assert point["header"]["id"] == workout.session_id
    assert point["header"]["schema_id"] == {
        "namespace": "omh",
        "name": "physical-activity",
        "version": "1.2",
    }
    body = point["body"]
    assert set(body) == {"activity_name", "effective_time_frame", "kcal_burned"}
    assert body["activity_name"] in {"functional strength training", "mixed cardio"}
    assert body["kcal_burned"] == {"value": workout.energy_kcal, "unit": "kcal"}
    interval = body["effective_time_frame"]["time_interval"]
    assert [
        datetime.fromisoformat(interval[name]).astimezone(UTC)
        for name in ("start_date_time", "end_date_time")
    ] == [workout.started_at, workout.ended_at]
