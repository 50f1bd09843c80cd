"""Sessions that are completed without a set, or by a clock that is ahead."""

from datetime import timedelta
from typing import Any

from tests.api.assigning import assign, given, pair, perform, start
from tests.api.driver import ApiDriver
from tests.api.offers import get, offer, send
from tests.api.people import Town
from tests.api.programs import create, program
from tests.api.programs import perform as perform_day
from tests.api.workouts import WorkoutDriver, prescribe


def enroll_today(driver: ApiDriver) -> tuple[str, Any]:
    """Enroll in a new plan; return the path of the enrollment and its first workout."""
    prescribe(driver)
    offer(driver)
    choice = {"userId": "ada", "planId": "squats", "startOn": f"{driver.platform.clock().date()}"}
    written = send(driver, "POST", "/v1/enrollments", 201, **choice)
    path = f"/v1/enrollments/{written['enrollmentId']}"
    return path, get(driver, path, written)["next"]


def test_a_workout_of_a_plan_is_not_performed_without_a_set(driver: ApiDriver) -> None:
    """R-CAT-03: it stays the next one, and its next session counts."""
    path, first = enroll_today(driver)
    empty = WorkoutDriver(driver, first["sessionId"])
    empty.start()
    same = get(driver, path, empty.complete())
    assert (same["performed"], same["next"]["number"]) == (0, 1)
    assert same["next"]["sessionId"] != first["sessionId"]
    again = WorkoutDriver(driver, same["next"]["sessionId"])
    again.perform()
    after = get(driver, path, again.complete())
    assert (after["performed"], after["next"]["number"]) == (1, 2)


def test_an_assigned_workout_and_a_day_of_a_program_are_not_performed_without_a_set(
    town: Town,
) -> None:
    """R-WKT-01, R-PRG-01"""
    ada, trainer = pair(town)
    key = assign(town, trainer, ada)
    execution = start(ada, key).json()
    assert ada.post(f"/v1/workouts/{execution['id']}/complete", json={}).status_code == 200
    assert given(trainer, ada) == ["assigned"]
    perform(ada, start(ada, key).json())
    assert given(trainer, ada) == ["done"]

    own = create(ada)
    day = ada.post(f"/v1/programs/{own}/start", json={"day": None}).json()
    assert ada.post(f"/v1/workouts/{day['id']}/complete", json={}).status_code == 200
    assert (program(ada, own)["performed"], program(ada, own)["nextDay"]) == ([], 1)
    perform_day(ada, own)
    assert (program(ada, own)["performed"], program(ada, own)["nextDay"]) == ([1], 2)


def test_a_session_of_a_clock_that_is_ahead_does_not_move_the_plan_there(
    driver: ApiDriver,
) -> None:
    """R-CAT-03: the next workout is due soon after today, not in 2030."""
    path, first = enroll_today(driver)
    today = driver.platform.clock().date()
    run = WorkoutDriver(driver, first["sessionId"])
    run.perform()
    due_on = get(driver, path, run.complete())["next"]["dueOn"]
    assert due_on <= f"{today + timedelta(days=7)}"
