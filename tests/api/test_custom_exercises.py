"""Custom exercises: recorded by an example, renamed, deleted, and trained."""

from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from api.problem_details import MOST_ERRORS
from api.views.custom_exercises import MAX_FRAMES
from application.custom_exercises import lookup
from domain.custom_exercises.commands import MAX_EXERCISES
from domain.ids import TenantId, UserId
from domain.motion.exercises.custom import from_text
from domain.motion.exercises.definition import ExerciseDefinition, InvalidExerciseDefinition
from domain.personal import text_of
from domain.sessions.scoring import calories_kcal
from tests.api.described import committed_openapi
from tests.api.exercise_examples import PATH, example
from tests.api.people import Person, Town
from tests.live.chunks import as_json, take

TRAINER = {"name": "Ada", "languages": ["en"]}
PLAN = {"title": "Raises", "level": "beginner", "weeks": 1, "sessionsPerWeek": 1, "prices": []}
LIST = "{ customExercises { id name kind views rangeOfMotionTargetDeg met recordedAt } }"
RENAME = """mutation($id: ID!, $name: String!) {
  renameCustomExercise(input: {exerciseId: $id, name: $name}) {
    ... on CustomExercisePayload { exercise { name } } ... on Problem { code } } }"""
DELETE = """mutation($id: ID!) { deleteCustomExercise(input: {exerciseId: $id}) {
    ... on CustomExercisePayload { exercise { name } } ... on Problem { code } } }"""


def record(athlete: Person, **other: Any) -> str:
    written = athlete.post(PATH, json=example(**other))
    assert written.status_code == 201, written.text
    return str(written.json()["exerciseId"])


def names(athlete: Person) -> list[str]:
    return [each["name"] for each in athlete.get(PATH).json()]


def begin(athlete: Person, session: str = "s1") -> str:
    at = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    body = {"sessionId": session, "athleteId": athlete.id, "at": at}
    assert athlete.post("/v1/sessions", json=body).status_code == 201
    return session


def stream(athlete: Person, session: str, custom: str, **other: Any) -> list[Any]:
    """Send a set of front raises as one of a custom exercise."""
    answers: list[Any] = []
    for sent in take(session, exercise="front_raise", **other):
        body = {**as_json(sent), "exercise": custom}
        answers.append(athlete.post("/v1/workouts/streaming", json=body))
    return answers


@contextmanager
def definitions_without(athlete: Person, custom: str, town: Town) -> Generator[None]:
    """Refuse the definition of one exercise, as a newer version of the parser may."""
    exercises = town.platform.custom_exercises.lookup.of(
        TenantId(athlete.tenant), UserId(athlete.id)
    )
    refused = next(text_of(each.definition) for each in exercises if each.id == custom)

    def newer(text: str) -> ExerciseDefinition:
        if text == refused:
            raise InvalidExerciseDefinition
        return from_text(text)

    with patch.object(lookup, "from_text", newer):
        yield


def test_an_example_becomes_an_exercise_with_a_definition(town: Town) -> None:
    """R-WKT-02: with which a device counts by itself."""
    ada = town.citizen()
    key = record(ada)
    (listed,) = ada.get(PATH).json()
    assert (listed["id"], listed["name"], listed["kind"]) == (key, "Raise", "repetitions")
    definition = ada.get(f"/v1/exercises/{key}").json()
    assert (definition["name"], definition["faults"], definition["version"]) == ("Raise", [], 1)
    assert definition["signals"]
    assert ada.graph(LIST)["data"]["customExercises"][0]["name"] == "Raise"


def test_a_set_of_a_custom_exercise_is_counted_live(town: Town) -> None:
    """R-WKT-02, R-LIV-03"""
    ada = town.citizen()
    key = record(ada)
    session = begin(ada)
    answers = stream(ada, session, key, repetitions=4)
    assert {each.status_code for each in answers} == {200}, answers[-1].text
    assert (answers[-1].json()["repetitions"], answers[-1].json()["setOver"]) == (4, True)
    done = ada.post(f"/v1/sessions/{session}:complete", json={})
    assert done.status_code == 200, done.text
    assert done.json()["caloriesKcal"] > 0
    shown = ada.get(f"/v1/sessions/{session}").json()
    assert (shown["exerciseId"], shown["repetitionCount"]) == (key, 4)


def test_a_summary_explains_the_energy_of_a_custom_exercise(town: Town) -> None:
    """R-WKT-02, R-WKT-04: by its metabolic equivalent, and the seconds that count as exercise."""
    ada = town.citizen()
    key = record(ada)
    session = begin(ada)
    stream(ada, session, key, repetitions=4)
    assert ada.post(f"/v1/sessions/{session}:complete", json={}).status_code == 200
    calories = ada.get(f"/v1/workouts/{session}/summary").json()["calories"]
    (energy,) = calories["exercises"]
    assert (energy["exerciseId"], energy["met"]) == (key, 3.5)
    assert energy["source"].endswith("code 02054")
    kcal = calories_kcal(energy["met"], calories["bodyMassKg"], energy["seconds"])
    assert kcal == pytest.approx(calories["kcal"])


def test_the_session_of_a_deleted_exercise_stays_as_it_is(town: Town) -> None:
    """R-WKT-02"""
    ada = town.citizen()
    key = record(ada)
    session = begin(ada)
    chunks = stream(ada, session, key, repetitions=2)
    assert chunks[-1].json()["repetitions"] == 2
    assert ada.ask("DELETE", f"{PATH}/{key}").status_code == 200
    assert names(ada) == []
    assert ada.post(f"/v1/sessions/{session}:complete", json={}).status_code == 200
    assert ada.get(f"/v1/exercises/{key}").status_code == 200
    assert ada.ask("DELETE", f"{PATH}/{key}").status_code == 404
    assert ada.ask("PUT", f"{PATH}/{key}", json={"name": "X"}).status_code == 404


def test_a_workout_with_a_custom_exercise_is_performed(town: Town) -> None:
    """R-WKT-01, R-WKT-02"""
    ada = town.citizen()
    key = record(ada)
    line = {"exerciseId": key, "sets": 1, "targetRepetitions": 3, "restS": 30}
    plan = {"authorId": ada.id, "name": "Mine", "exercises": [line]}
    written = ada.post("/v1/workout-plans", json=plan)
    assert written.status_code == 201, written.text
    workout = written.json()["workoutId"]
    revised = {"name": "Mine, again", "exercises": [line]}
    assert ada.ask("PUT", f"/v1/workout-plans/{workout}", json=revised).status_code == 200
    started = ada.post(
        "/v1/workouts", json={"workoutId": workout, "athleteId": ada.id, "sessionId": "e1"}
    )
    assert started.status_code == 201, started.text
    for path, body in {
        "next": {"atMs": 1000},
        "repetitions": {"set": 1, "repetitions": 3, "atMs": 20_000},
        "finish": {"set": 1, "endMs": 21_000},
        "complete": {},
    }.items():
        answer = ada.post(f"/v1/workouts/e1/{path}", json=body)
        assert answer.status_code in {200, 201}, (path, answer.text)
    assert ada.get("/v1/workouts/e1/summary").status_code == 200


def test_a_workout_with_the_custom_exercise_of_another_is_not_begun(town: Town) -> None:
    """R-WKT-02: its sets could not be counted."""
    coach, ada = town.staff("trainer", "coach@example.org"), town.citizen()
    line = {"exerciseId": record(coach), "sets": 1, "targetRepetitions": 3, "restS": 30}
    plan = {"authorId": coach.id, "name": "Mine", "exercises": [line]}
    workout = coach.post("/v1/workout-plans", json=plan).json()["workoutId"]
    body = {"workoutId": workout, "athleteId": ada.id, "sessionId": "e1"}
    refused = ada.post("/v1/workouts", json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "workout.custom_exercise")
    assert ada.get("/v1/workouts/e1").status_code == 404
    own = {"workoutId": workout, "athleteId": coach.id, "sessionId": "e2"}
    assert coach.post("/v1/workouts", json=own).status_code == 201


def test_every_view_of_a_session_shows_a_custom_exercise(town: Town) -> None:
    """R-WKT-02: none fails, although the library does not have it."""
    ada = town.citizen()
    key = record(ada)
    for session in ("s1", "s2"):
        stream(ada, begin(ada, session), key, repetitions=3)
        assert ada.post(f"/v1/sessions/{session}:complete", json={}).status_code == 200
    town.settled()
    ids = {"session_id": "s1", "execution_id": "s1", "user_id": ada.id, "athlete_id": ada.id}
    answers: dict[str, int] = {}
    for template, operations in committed_openapi()["paths"].items():
        path = template.format_map(defaultdict(lambda: "none", ids))
        if "get" in operations and "event-stream" not in str(operations["get"]["responses"]):
            wanted = [each["name"] for each in operations["get"].get("parameters", ())]
            query = {"exerciseId": key, "exercise": key}
            params = {name: query[name] for name in wanted if name in query}
            answers[path] = ada.get(path, params=params).status_code
    assert {path: status for path, status in answers.items() if status >= 500} == {}
    assert answers["/v1/sessions/s1"] == 200
    exported = ada.get("/v1/sessions/export", params={"format": "csv"})
    assert ",Raise,Raise," in exported.text


def test_the_exercises_of_others_are_unknown(town: Town) -> None:
    """R-TEN-09: whether they exist or not."""
    ada, eve = town.citizen(), town.citizen("eve@example.org")
    key = record(ada)
    session = begin(eve)
    first = stream(eve, session, key, repetitions=1)[0]
    assert (first.status_code, first.json()["code"]) == (404, "motion.unknown_exercise")
    for path in (f"/v1/exercises/{key}", "/v1/exercises/custom_1"):
        found = eve.get(path)
        assert (found.status_code, found.json()["code"]) == (404, "motion.unknown_exercise")
    start = {"set": 1, "exerciseId": key, "model": "blazepose-full"}
    assert eve.post(f"/v1/sessions/{session}/sets", json=start).status_code == 404
    line = {"exerciseId": key, "sets": 1, "targetRepetitions": 3}
    plan = {"authorId": eve.id, "name": "Hers", "exercises": [line]}
    assert eve.post("/v1/workout-plans", json=plan).status_code == 404
    assert eve.ask("DELETE", f"{PATH}/{key}").status_code == 404
    assert names(eve) == []
    assert names(ada) == ["Raise"]


def test_a_plan_has_no_exercises_that_its_trainer_recorded(town: Town) -> None:
    """R-WKT-02: neither when it is drafted, nor by a change of one of its workouts."""
    coach = town.staff("trainer", "coach@example.org")
    key = record(coach)
    assert coach.ask("PUT", f"/v1/trainers/{coach.id}", json=TRAINER).status_code == 200
    workouts = {"mine": key, "usual": "squat"}
    for workout, exercise in workouts.items():
        line = {"exerciseId": exercise, "sets": 1, "targetRepetitions": 3}
        plan = {"workoutId": workout, "authorId": coach.id, "name": "A", "exercises": [line]}
        assert coach.post("/v1/workout-plans", json=plan).status_code == 201
    refused, drafted = (
        coach.post("/v1/plans", json={**PLAN, "trainerId": coach.id, "workouts": [workout]})
        for workout in workouts
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "plan.custom_exercise")
    assert drafted.status_code == 201, drafted.text
    town.settled()
    lines = [{"exerciseId": key, "sets": 1, "targetRepetitions": 3}]
    changed = coach.ask("PUT", "/v1/workout-plans/usual", json={"name": "A", "exercises": lines})
    assert (changed.status_code, changed.json()["code"]) == (422, "plan.custom_exercise")


def test_the_server_speaks_in_sets_of_custom_exercises(town: Town) -> None:
    """R-LIV-11: what it says about every exercise."""
    query = {"exercise": "custom_1", "language": "es"}
    phrases = town.citizen().get("/v1/speech/phrases", params=query)
    assert phrases.status_code == 200
    assert phrases.json()["sentences"]


def test_an_exercise_is_renamed_over_rest_and_graphql(town: Town) -> None:
    """C-53"""
    ada = town.citizen()
    key = record(ada)
    assert ada.ask("PUT", f"{PATH}/{key}", json={"name": " Front "}).status_code == 200
    assert names(ada) == ["Front"]
    renamed = ada.graph(RENAME, id=key, name="Arms")["data"]["renameCustomExercise"]
    assert renamed == {"exercise": {"name": "Arms"}}
    assert ada.graph(DELETE, id=key)["data"]["deleteCustomExercise"] == {"exercise": None}
    assert ada.graph(DELETE, id=key)["data"]["deleteCustomExercise"] == {
        "code": "custom_exercise.unknown"
    }
    for name in ("", " ", "x" * 61, "a\nb"):
        refused = ada.post(PATH, json=example(name=name))
        assert refused.status_code == 422, name


def test_an_example_that_is_counted_differently_is_refused(town: Town) -> None:
    """R-WKT-02"""
    refused = town.citizen().post(PATH, json=example(repetitions=4))
    assert (refused.status_code, refused.json()["code"]) == (422, "motion.example_miscounted")
    assert refused.json()["detail"].startswith("We counted 5 of 4. Record it again")


def test_an_example_needs_the_consent_to_process_frames(town: Town) -> None:
    """R-TEN-09: also where they are not stored."""
    refused = town.citizen(camera=False).post(PATH, json=example())
    assert (refused.status_code, refused.json()["code"]) == (403, "consent.missing")


def test_frames_that_no_camera_takes_are_refused(town: Town) -> None:
    ada = town.citizen()
    for frames in ([], [{"timeMs": 0, "landmarks": None}], [{"timeMs": 0}]):
        assert ada.post(PATH, json=example(frames=frames)).status_code == 422


def test_a_response_lists_few_of_many_invalid_fields(town: Town) -> None:
    """R-API-08: neither response nor server is busy with a million of them."""
    frames = [{"timeMs": "a", "landmarks": [["a"] * 4] * 33}] * MAX_FRAMES
    refused = town.citizen().post(PATH, json=example(frames=frames))
    assert refused.status_code == 422
    errors = refused.json()["errors"]
    assert len(errors) == MOST_ERRORS
    assert {each["pointer"].split("/")[2] for each in errors} == {"0"}


@pytest.mark.slow
def test_an_athlete_has_at_most_fifty_custom_exercises(town: Town) -> None:
    ada = town.citizen()
    keys = [record(ada) for _ in range(MAX_EXERCISES)]
    refused = ada.post(PATH, json=example())
    assert (refused.status_code, refused.json()["code"]) == (409, "custom_exercise.too_many")
    assert ada.ask("DELETE", f"{PATH}/{keys[0]}").status_code == 200
    record(ada)


def test_an_exercise_that_a_newer_rule_refuses_hides_no_other(town: Town) -> None:
    """R-WKT-02: and a session with it can be completed."""
    ada = town.citizen()
    key, other = record(ada), record(ada, name="Other")
    session = begin(ada)
    stream(ada, session, key, repetitions=2)
    with definitions_without(ada, key, town):
        assert names(ada) == ["Other"]
        assert [each["id"] for each in ada.graph(LIST)["data"]["customExercises"]] == [other]
        renamed = ada.graph(RENAME, id=other, name="Arms")["data"]["renameCustomExercise"]
        assert renamed == {"exercise": {"name": "Arms"}}
        done = ada.post(f"/v1/sessions/{session}:complete", json={})
        assert done.status_code == 200, done.text
        assert ada.get(f"/v1/workouts/{session}/summary").status_code == 200
        assert ada.get(f"/v1/exercises/{key}").status_code == 422
        assert ada.ask("DELETE", f"{PATH}/{key}").status_code == 200


def test_a_repeated_request_records_one_exercise(town: Town) -> None:
    """R-EVT-16, R-API-04: nor does it rename or delete twice."""
    ada = town.citizen()
    headers = {"Idempotency-Key": "once"}
    first, second = (ada.post(PATH, json=example(), headers=headers) for _ in range(2))
    assert first.json()["exerciseId"] == second.json()["exerciseId"]
    assert second.json()["repeated"]
    assert names(ada) == ["Raise"]
    path = f"{PATH}/{first.json()['exerciseId']}"
    for method, body in (("PUT", {"name": "Arms"}), ("DELETE", None)):
        headers = {"Idempotency-Key": method}
        answers = [ada.ask(method, path, json=body, headers=headers) for _ in range(2)]
        assert [each.status_code for each in answers] == [200, 200]
        assert answers[1].json()["repeated"]
