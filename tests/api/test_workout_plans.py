"""Workout plans over REST."""

from typing import Any

from tests.api.driver import ApiDriver

PLANS = "/v1/workout-plans"
SQUATS: dict[str, Any] = {
    "exerciseId": "squat",
    "sets": 2,
    "targetRepetitions": 8,
    "restS": 90,
    "targetRpe": 7.5,
    "note": "Slowly.\nHeels down.",
}
PLANK: dict[str, Any] = {"exerciseId": "plank", "sets": 1, "targetHoldS": 30}
UNSET = {
    "targetRepetitions": None,
    "restS": 60,
    "loadKg": None,
    "tempo": None,
    "rangeOfMotionDeg": None,
    "lesson": None,
    "targetRpe": None,
    "note": "",
}
GRAPH = """query($id: ID!) { workout(id: $id) {
  workoutId name authorId prescribedAt revisedAt deletedAt locked revision
  exercises { exerciseId sets targetRepetitions targetHoldS restS loadKg
    tempo { __typename } rangeOfMotionDeg lesson { contentId } targetRpe note }
} }"""


def write(driver: ApiDriver, key: str = "", **body: Any) -> Any:
    given = {"workoutId": "legs", "authorId": "bo", "name": "Legs", "exercises": [SQUATS, PLANK]}
    headers = {"Idempotency-Key": key} if key else {}
    return driver.client.post(PLANS, json=given | body, headers=headers)


def read(driver: ApiDriver, written: Any) -> Any:
    position = {"After-Position": str(written.json()["position"])}
    return driver.client.get(f"{PLANS}/legs", headers=position).json()


def test_a_plan_is_written_revised_and_read_as_in_graphql(driver: ApiDriver) -> None:
    """R-WKT-01, C-53"""
    written = write(driver)
    assert (written.status_code, written.headers["Location"]) == (201, f"{PLANS}/legs")
    plan = read(driver, written)
    assert plan["exercises"] == [UNSET | {"targetHoldS": None} | SQUATS, UNSET | PLANK]
    content = {"name": "Short legs", "exercises": [{**PLANK, "targetRpe": 9}]}
    revised = driver.client.put(f"{PLANS}/legs", json=content)
    plan = read(driver, revised)
    assert (plan["name"], plan["authorId"], len(plan["exercises"])) == ("Short legs", "bo", 1)
    graph = driver.ask(GRAPH, id="legs")["workout"]
    assert {**graph, **TIMELESS} == {**plan, **TIMELESS}


def test_a_change_of_an_older_revision_is_refused(driver: ApiDriver) -> None:
    """R-WKT-02: it would undo what another device has saved."""
    first = read(driver, write(driver))["revision"]
    body = {"name": "Short legs", "exercises": [PLANK], "revision": first}
    key = {"Idempotency-Key": "5f0b1c1e-8f5c-4f0e-9d0a-2a4c7e1b6d12"}
    revised = driver.client.put(f"{PLANS}/legs", json=body, headers=key)
    assert read(driver, revised)["revision"] == first + 1
    refused = driver.client.put(f"{PLANS}/legs", json=body | {"name": "Legs"})
    assert (refused.status_code, refused.json()["code"]) == (412, "workout.changed")
    repeated = driver.client.put(f"{PLANS}/legs", json=body, headers=key)
    assert (repeated.status_code, repeated.json()["repeated"]) == (200, True)
    assert read(driver, repeated)["name"] == "Short legs"


REVISE = """mutation($exercises: [PrescribedExerciseInput!]!) {
  reviseWorkout(input: {workoutId: "legs", name: "Legs", exercises: $exercises}) {
    ... on WorkoutPayload { workout { exercises { targetRpe note } } } ... on Problem { message }
  } }"""


def test_a_revision_of_an_older_client_keeps_targets_and_notes(driver: ApiDriver) -> None:
    """R-WKT-02: null, and an empty note, remove them."""
    write(driver)
    older = {key: SQUATS[key] for key in SQUATS if key not in {"targetRpe", "note"}}
    kept = {"targetRpe": 7.5, "note": SQUATS["note"]}
    none = {"targetRpe": None, "note": ""}

    def by_rest(*exercises: Any) -> Any:
        body = {"name": "Short legs", "exercises": exercises}
        return read(driver, driver.client.put(f"{PLANS}/legs", json=body))["exercises"]

    def by_graphql(*exercises: Any) -> Any:
        return driver.ask(REVISE, exercises=exercises)["reviseWorkout"]["workout"]["exercises"]

    for revise in (by_rest, by_graphql):
        plank, squats = revise(PLANK, {**older, "sets": 4})
        assert (squats | kept, plank | none) == (squats, plank)
        (squats,) = revise({**older, **none})
        assert squats | none == squats
        (squats,) = revise(older)
        assert squats | none == squats
        (squats,) = revise({**older, **kept})
        assert squats | kept == squats
    refused = driver.ask(REVISE, exercises=[{**older, "note": None}])["reviseWorkout"]
    assert "string" in refused["message"]


TIMELESS = {"prescribedAt": None, "revisedAt": None}


def test_plans_are_listed_in_pages_newest_first(driver: ApiDriver) -> None:
    *_, last = (
        write(driver, workoutId=f"plan-{number}", authorId="ada" if number else "bo")
        for number in range(3)
    )
    position = {"After-Position": str(last.json()["position"])}
    page = driver.client.get(f"{PLANS}?first=1&author=ada", headers=position)
    assert [plan["workoutId"] for plan in page.json()["items"]] == ["plan-2"]
    following = page.headers["Link"].partition(">")[0].removeprefix("<")
    rest = driver.client.get(following)
    assert [plan["workoutId"] for plan in rest.json()["items"]] == ["plan-1"]
    assert "Link" not in rest.headers


def test_a_repeated_plan_is_written_once(driver: ApiDriver) -> None:
    """R-EVT-16: a repeated request without an id gets the same id."""
    key = "9c2f1f2e-5b0c-4a55-9d41-6d3c1b7a0e11"
    first, again = (write(driver, key, workoutId=None) for _ in range(2))
    assert again.json() == first.json() | {"repeated": True}


def test_invalid_plans_are_refused(driver: ApiDriver) -> None:
    unknown = driver.client.put(f"{PLANS}/none", json={"name": "Legs", "exercises": [PLANK]})
    missing = driver.client.get(f"{PLANS}/none")
    assert write(driver).status_code == 201
    both = {**SQUATS, "targetHoldS": 30}
    answers = {
        "workout.unknown": (unknown, missing),
        "workout.already_prescribed": (write(driver),),
        "workout.empty": (write(driver, exercises=[]), write(driver, name=" ")),
        "workout.target_ambiguous": (write(driver, exercises=[both]),),
        "value.invalid": (write(driver, exercises=[{**SQUATS, "note": "x" * 501}]),),
        "value.invalid_rpe": tuple(
            write(driver, exercises=[{**SQUATS, "targetRpe": rpe}]) for rpe in (0, 7.25, 10.5)
        ),
    }
    for code, refused in answers.items():
        assert {each.json()["code"] for each in refused} == {code}
    assert write(driver, exercises=[{**SQUATS, "exerciseId": "x"}]).status_code in {404, 422}


def test_a_deleted_plan_is_not_listed_until_it_is_restored(driver: ApiDriver) -> None:
    """R-WKT-02: it can still be read and performed, as plans may have it."""
    write(driver)
    deleted = driver.client.delete(f"{PLANS}/legs")
    assert deleted.status_code == 200
    position = {"After-Position": str(deleted.json()["position"])}
    assert driver.client.get(PLANS, headers=position).json()["items"] == []
    assert driver.ask("{ workouts(first: 5) { edges { node { workoutId } } } }") == {
        "workouts": {"edges": []}
    }
    assert read(driver, deleted)["deletedAt"] is not None
    started = {"workoutId": "legs", "sessionId": "s1", "athleteId": "bo"}
    assert driver.client.post("/v1/workouts", json=started).status_code == 201
    refused = driver.client.put(f"{PLANS}/legs", json={"name": "Legs", "exercises": [PLANK]})
    assert (refused.status_code, refused.json()["code"]) == (409, "workout.deleted")
    restored = driver.client.post(f"{PLANS}/legs:restore")
    assert read(driver, restored)["deletedAt"] is None
    assert driver.client.delete(f"{PLANS}/arms").status_code == 404
