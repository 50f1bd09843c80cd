"""Recommended items: which plans, workouts and exercises, by which names."""

from typing import Any
from uuid import uuid4

import pytest

from application.kernel.command_handler import Request
from domain.guidance.features import body_parts
from domain.ids import DEFAULT_TENANT, ExerciseId, UserId, WorkoutId
from domain.kernel import Origin
from domain.workouts.commands import PrescribeWorkout
from domain.workouts.events import PrescribedExercise
from domain.workouts.workout import WORKOUT
from tests.api.driver import ApiDriver
from tests.api.offers import offer
from tests.api.people import Town
from tests.api.workouts import prescribe

pytestmark = pytest.mark.both_compositions

SPARED = sorted(body_parts())
MORE_THAN_A_PAGE = 501


def write_workout(driver: ApiDriver, author: str, exercise: str, *ids: str) -> None:
    """Write workouts of one exercise, in one append."""
    line = PrescribedExercise(
        exercise_id=ExerciseId(exercise),
        sets=1,
        target_repetitions=5,
        target_hold_s=None,
        rest_s=60,
    )
    command = PrescribeWorkout(
        author_id=UserId(author), name="Short", exercises=(line,), at=driver.platform.clock()
    )
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=author, correlation_id=uuid4())
    requests = [Request(WORKOUT, WorkoutId(each), [command]) for each in ids]
    driver.platform.commands.execute(*requests, origin=origin, command_id=uuid4())


def scored(driver: ApiDriver, **preferences: Any) -> set[tuple[str, str]]:
    """Return kinds and ids of what is recommended to ada, without exercises."""
    position = {"After-Position": str(driver.platform.log.head())}
    body = {"userId": "ada", "features": {"preferences": preferences}}
    answer = driver.client.post("/v1/recommendations", json=body, headers=position)
    assert answer.status_code == 200, answer.text
    items = answer.json()["recommendations"]
    return {(each["kind"], each["id"]) for each in items if each["kind"] != "exercise"}


def test_a_plan_is_filtered_by_its_workouts_however_many_are_newer(driver: ApiDriver) -> None:
    """R-REC-05: also with more workouts than a page has, of others."""
    prescribe(driver)
    prescribe(driver, workout_id="own", author="ada", name="Own legs")
    offer(driver, "squats", equipment=[])
    write_workout(driver, "bo", "squat", *(f"w{number}" for number in range(MORE_THAN_A_PAGE)))
    assert scored(driver) == {("plan", "squats"), ("workout", "legs"), ("workout", "own")}
    assert scored(driver, spared=SPARED) == set()


def test_workouts_with_an_exercise_that_a_trainer_recorded_are_not_recommended(
    driver: ApiDriver,
) -> None:
    """R-REC-05: nobody else can perform them."""
    prescribe(driver)
    offer(driver, "squats", equipment=[])
    write_workout(driver, "coach", "custom_1", "recorded")
    write_workout(driver, "ada", "custom_2", "own")
    assert scored(driver) == {("plan", "squats"), ("workout", "legs"), ("workout", "own")}


def test_exercises_are_recommended_in_the_language_of_the_account(town: Town) -> None:
    """R-REC-06: as the reason is."""
    ada = town.citizen("ada@example.org")
    profile = {"username": "Ада", "units": "metric", "timeZone": "Europe/Moscow", "locale": "ru"}
    assert ada.ask("PUT", "/v1/me/profile", json=profile).status_code == 200
    items = ada.get("/v1/recommend").json()["recommendations"]
    titles = {each["id"]: each["title"] for each in items if each["kind"] == "exercise"}
    assert titles["lunge"] == "Выпады"


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        ("-12.3456789", 200, "You slept 12 % less"),
        ("-1e17", 422, ""),
        ("-1e308", 422, ""),
        ("1e999", 422, ""),
    ],
)
def test_given_health_metrics_are_percentages(
    driver: ApiDriver, change: str, status: int, reason: str
) -> None:
    """R-REC-04"""
    prescribe(driver, author="ada")
    body = f'{{"userId": "ada", "features": {{"health_metrics": {{"sleep_change": {change}}}}}}}'
    json = {"Content-Type": "application/json"}
    answer = driver.client.post("/v1/recommendations", content=body, headers=json)
    assert (answer.status_code, reason in answer.text) == (status, True), answer.text
