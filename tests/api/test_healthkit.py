"""HealthKit export by the athlete's device, which reports its status (C-21)."""

import re
from typing import Any

import pytest

from tests.api.people import Person, Town
from tests.api.workouts import LINES

PROFILE = "/v1/me/training-settings"
NOTHING = {"status": "not_requested", "reason": None}


@pytest.fixture
def ada(town: Town) -> Person:
    return town.citizen()


def begun(person: Person) -> str:
    """Start one's own prescription, and return the path of the execution."""
    document = f"""mutation {{ prescribeWorkout(input: {{
      authorId: "{person.id}", name: "Legs", exercises: {LINES}
    }}) {{ ... on WorkoutPayload {{ workout {{ workoutId }} }} ... on Problem {{ code }} }} }}"""
    view = person.graph(document)["data"]["prescribeWorkout"]
    workout = view["workout"]["workoutId"]
    change = {"workoutId": workout, "at": "2030-01-31T07:30:00Z", "timeZone": "Europe/Berlin"}
    answer = person.post("/v1/workouts", json=change)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def done(person: Person, path: str) -> Any:
    """Perform one set, and complete the workout."""
    for change, body in (
        ("next", {"atMs": 0}),
        ("repetitions", {"set": 1, "repetitions": 8, "atMs": 30_000}),
        ("finish", {"set": 1, "endMs": 60_000}),
    ):
        assert person.post(f"{path}/{change}", json=body).status_code in {200, 201}
    answer = person.post(f"{path}/complete", json={"at": "2030-01-31T07:31:30Z"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def confirmed(person: Person, path: str, **body: Any) -> Any:
    answer = person.post(f"{path}/healthkit-sync", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["healthKit"]


def refusal(person: Person, path: str, **body: Any) -> tuple[int, str]:
    answer = person.post(f"{path}/healthkit-sync", json=body)
    return answer.status_code, answer.json()["code"]


def enabled(person: Person) -> None:
    answer = person.ask("PUT", PROFILE, json={"bodyMassKg": 80.0, "healthKit": True})
    assert answer.status_code == 200, answer.text


def test_without_healthkit_a_workout_goes_straight_to_its_summary(ada: Person) -> None:
    """R-HLT-12, C-46"""
    path = begun(ada)
    assert done(ada, path)["healthKit"] == {**NOTHING, "workout": None}
    assert refusal(ada, path, status="synced") == (409, "healthkit.not_requested")


def test_a_completed_workout_is_handed_to_the_device_with_its_metadata(ada: Person) -> None:
    """R-HLT-09, R-HLT-10"""
    enabled(ada)
    path = begun(ada)
    view = done(ada, path)
    query = view["healthKit"]
    assert (query["status"], query["reason"]) == ("pending", None)
    workout = query["workout"]
    assert workout["activityType"] == "functionalStrengthTraining"
    assert workout["start"] == "2030-01-31T07:30:00Z"
    assert workout["end"] == "2030-01-31T07:31:30Z"
    assert workout["energyKcal"] == view["calories"]["kcal"] > 0
    assert workout["metadata"]["HKMetadataKeySyncIdentifier"] == view["id"]
    assert workout["metadata"]["HKMetadataKeyTimeZone"] == "Europe/Berlin"
    assert workout["metadata"]["KinelogRepetitions"] == 8
    assert view["calories"]["bodyMass"] == "profile"
    assert view["calories"]["bodyMassKg"] is None


def test_a_completed_workout_is_handed_to_health_connect_with_its_sets(ada: Person) -> None:
    """R-HLT-13, C-21: the device writes it under one id, as often as it likes."""
    view = done(ada, begun(ada))
    workout = view["healthConnect"]
    assert workout["clientRecordId"] == f"kinelog-{view['id'].lower()}"
    assert workout["exerciseType"] == "EXERCISE_TYPE_STRENGTH_TRAINING"
    assert workout["energyKcal"] == view["calories"]["kcal"]
    assert workout["segments"] == [
        {
            "segmentType": "EXERCISE_SEGMENT_TYPE_SQUAT",
            "start": "2030-01-31T07:30:00Z",
            "end": "2030-01-31T07:31:00Z",
            "repetitions": 8,
        }
    ]
    assert "form" in workout["left"]


def test_the_device_confirms_and_the_summary_says_so_again(ada: Person) -> None:
    """R-HLT-09, R-HLT-11, C-46"""
    enabled(ada)
    path = begun(ada)
    done(ada, path)
    synced = {"status": "synced", "reason": None}
    assert confirmed(ada, path, status="synced") == synced
    assert confirmed(ada, path, status="synced") == synced
    assert ada.get(f"{path}/summary").json()["healthKit"] == {**synced, "workout": None}
    refused = refusal(ada, path, status="failed", reason="denied")
    assert refused == (409, "healthkit.already_synced")


def test_failed_jobs_state_the_reason_and_can_be_retried(ada: Person) -> None:
    """R-HLT-11"""
    enabled(ada)
    path = begun(ada)
    done(ada, path)
    failed = {"status": "failed", "reason": "denied"}
    assert confirmed(ada, path, status="failed", reason="denied") == failed
    kept = ada.get(f"{path}/summary").json()["healthKit"]
    assert (kept["status"], kept["reason"]) == ("failed", "denied")
    assert kept["workout"] is not None
    assert confirmed(ada, path, status="synced")["status"] == "synced"


def test_nothing_is_written_to_healthkit_during_a_workout(ada: Person) -> None:
    """R-HLT-11"""
    enabled(ada)
    path = begun(ada)
    assert refusal(ada, path, status="synced") == (409, "healthkit.too_early")


def test_only_failures_have_a_reason(ada: Person) -> None:
    """R-HLT-11"""
    path = begun(ada)
    assert refusal(ada, path, status="failed")[0] == 422
    assert refusal(ada, path, status="synced", reason="denied")[0] == 422


def test_a_session_without_a_prescription_is_handed_over_too(ada: Person) -> None:
    """R-HLT-09, R-WKT-10"""
    enabled(ada)
    session = ada.post("/v1/sessions", json={"athleteId": ada.id}).json()["sessionId"]
    view = ada.post(f"/v1/sessions/{session}:complete", json={}).json()
    assert view["healthKit"]["status"] == "pending"
    assert view["healthKit"]["workout"]["activityType"] == "other"


def test_followers_hear_of_healthkit_after_the_end(ada: Person) -> None:
    """C-46"""
    enabled(ada)
    path = begun(ada)
    session = done(ada, path)["id"]
    confirmed(ada, path, status="synced")
    view = ada.get(f"/v1/sessions/{session}/events").text
    _, _, after = view.partition("event: session_completed")
    assert re.findall(r'"status": ?"(\w+)"', after) == ["pending", "synced"]


def test_an_execution_is_there_for_its_athlete_alone(town: Town, ada: Person) -> None:
    """R-TEN-04"""
    eve = town.citizen("eve@example.org")
    path = begun(ada)
    assert eve.get(path).status_code == 404
    assert eve.post(f"{path}/next", json={}).status_code == 404
    assert eve.post(f"{path}/complete", json={}).status_code == 404
    query = {"workoutId": "any", "athleteId": ada.id}
    assert eve.post("/v1/workouts", json=query).status_code == 403
    view = done(ada, path)
    listed = {"athlete": ada.id, "exercise": "squat"}
    own = ada.get("/v1/exercise-progress", params={"exercise": "squat"}).json()["items"]
    assert [each["sessions"] for each in own] == [1] == [view["progress"][0]["sessions"]]
    assert eve.get("/v1/exercise-progress", params=listed).json()["items"] == []
    assert len(ada.get("/v1/exercise-history", params=listed).json()["items"]) == 1
    assert eve.get("/v1/exercise-history", params=listed).json()["items"] == []
    exported = {"athlete": ada.id, "format": "json"}
    assert len(ada.get("/v1/sessions/export", params=exported).json()) == 1
    assert eve.get("/v1/sessions/export", params=exported).json() == []
    looked = f"""{{
      streaks(athleteId: "{ada.id}", today: "2030-01-01") {{ longest {{ days }} }}
      exerciseSums(athleteId: "{ada.id}") {{ known }}
      exerciseHistory(athleteId: "{ada.id}", exerciseId: "squat") {{ edges {{ cursor }} }}
      formTrend(athleteId: "{ada.id}", exerciseId: "squat") {{ known }}
    }}"""
    seen = eve.graph(looked)["data"]
    nothing = {"exerciseSums": {"known": 0}, "exerciseHistory": {"edges": []}}
    assert seen == {"streaks": {"longest": None}, "formTrend": {"known": 0}, **nothing}
    assert ada.graph(looked)["data"]["streaks"] == {"longest": {"days": 1}}


def test_replacing_training_settings_honors_if_match(ada: Person) -> None:
    """RFC 9110, section 13.1.1."""
    first = ada.get(PROFILE)
    assert first.json() == {"bodyMassKg": None, "healthKit": False}
    query = {"If-Match": first.headers["ETag"], "Idempotency-Key": "once"}
    for _ in range(2):  # repeated, executed once
        said = ada.ask("PUT", PROFILE, json={"bodyMassKg": 75.0}, headers=query)
        assert said.status_code == 200, said.text
    enabled(ada)
    assert ada.get(PROFILE).json() == {"bodyMassKg": 80.0, "healthKit": True}
    later = ada.ask("PUT", PROFILE, json={}, headers={"If-Match": first.headers["ETag"]})
    assert (later.status_code, later.json()["code"]) == (412, "user.training_profile_moved")
    assert ada.ask("PUT", PROFILE, json={"bodyMassKg": 5.0}).status_code == 422
