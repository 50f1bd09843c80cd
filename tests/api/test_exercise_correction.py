"""Correcting the exercise of a session over REST and GraphQL."""

from typing import Any

from application.platform import Platform
from tests.api.driver import ApiDriver

CORRECT = """
mutation($id: ID!, $exercise: ID!, $command: UUID!) {
  correctExercise(input: {sessionId: $id, exerciseId: $exercise, commandId: $command}) {
    __typename ... on SessionPayload { session { sessionId } } ... on Problem { code } } }"""


def correct(driver: ApiDriver, session: str, exercise: str, key: str) -> Any:
    return driver.client.post(
        f"/v1/sessions/{session}:correct-exercise",
        json={"exerciseId": exercise},
        headers={"Idempotency-Key": key},
    )


def test_a_correction_and_its_retry_over_rest(driver: ApiDriver) -> None:
    """R-POS-02, R-API-03: the retry gives the same replacement, and nothing is counted twice."""
    wrong = driver.analyzed("lunge")
    first = correct(driver, wrong, "squat", "k1")
    again = correct(driver, wrong, "squat", "k1")
    assert first.status_code == again.status_code == 200, first.text
    right = first.json()["sessionId"]
    assert (again.json()["sessionId"], again.json()["position"]) == (
        right,
        first.json()["position"],
    )
    listed = driver.ask("{ sessions { edges { node { sessionId } } } }")["sessions"]["edges"]
    assert [each["node"]["sessionId"] for each in listed] == [right]
    assert driver.client.get(f"/v1/sessions/{wrong}").status_code == 404
    same = correct(driver, right, "squat", "k2")
    assert (same.status_code, same.json()["code"]) == (422, "session.exercise_unchanged")
    restored = driver.client.post(f"/v1/sessions/{wrong}:restore")
    assert (restored.status_code, restored.json()["code"]) == (409, "session.corrected")


def test_a_video_that_is_uploaded_again_after_a_correction_gives_the_corrected_session(
    driver: ApiDriver,
) -> None:
    """R-POS-02: its training counts once."""
    session = driver.analyzed("lunge")
    corrected = correct(driver, session, "squat", "k").json()["sessionId"]
    assert corrected != session
    assert driver.analyzed("lunge") == corrected


def test_a_correction_and_its_retry_over_graphql(driver: ApiDriver, platform: Platform) -> None:
    """R-POS-02, R-API-03"""
    wrong, command = driver.analyzed("lunge"), str(platform.new_id())
    first, again = (
        driver.ask(CORRECT, id=wrong, exercise="squat", command=command)["correctExercise"]
        for _ in range(2)
    )
    assert first["__typename"] == "SessionPayload", first
    assert first == again
    right = first["session"]["sessionId"]
    refused = driver.answer(CORRECT, id=right, exercise="squat", command=str(platform.new_id()))
    assert "session.exercise_unchanged" in str(refused)
