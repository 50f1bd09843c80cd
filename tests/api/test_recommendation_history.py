"""Recommendations say truly what was done before, however long ago and however often."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from application.guidance import feature_store
from application.kernel.command_handler import Request
from application.sessions.exercise_specs import exercise_specs
from domain.content.events import Audience
from domain.enrollments import commands as enrollments
from domain.enrollments.enrollment import ENROLLMENT
from domain.ids import DEFAULT_TENANT, ExerciseId, SessionId, UserId, WorkoutId
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span
from tests.api import published
from tests.api.driver import ApiDriver
from tests.api.followed_plans import ADA, PLAN, SUBSCRIPTION, enroll
from tests.api.people import Person, Town
from tests.api.published import LESSON
from tests.api.workouts import prescribe

BY_HAND = CountedBy("manual", "m", 1)


def train(driver: ApiDriver, days_ago: int, exercise: str, workout: str | None = None) -> None:
    at = driver.platform.clock() - timedelta(days=days_ago)
    requested: list[Any] = [
        commands.StartSession(
            athlete_id=UserId("ada"),
            workout_id=None if workout is None else WorkoutId(workout),
            at=at,
        ),
        commands.StartSet(set=1, exercise_id=ExerciseId(exercise), counted_by=BY_HAND, at_ms=1000),
        commands.LogRepetitions(set=1, repetitions=5, at=1500),
        commands.CompleteSet(set=1, span=Span(1000, 1900)),
        commands.CompleteSession(at=at + timedelta(minutes=5), specs=exercise_specs()),
    ]
    driver.write(Request(SESSION, SessionId(f"{exercise}-{days_ago}"), requested))


def test_training_counts_however_much_is_newer(
    driver: ApiDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-REC-06: also beyond a page of what was read at once."""
    monkeypatch.setattr(feature_store, "PAGE_LIMIT", 1)
    prescribe(driver)
    train(driver, 150, "jumping_jack")
    for days_ago in (4, 3, 2):
        train(driver, days_ago, "squat", "legs")
    platform = driver.platform
    assert platform.fresh(platform.log.head(), 60)
    features = platform.recommendations.features
    found = features.of(DEFAULT_TENANT, UserId("ada"), platform.clock())
    assert found.completed == {"legs": 3}
    assert found.performed == {"jumping_jack", "squat"}


def test_a_workout_that_ended_without_a_set_is_not_completed(driver: ApiDriver) -> None:
    """R-REC-06: nor does a model learn that it was trained."""
    prescribe(driver)
    platform = driver.platform
    at = platform.clock() - timedelta(days=1)
    empty = [
        commands.StartSession(athlete_id=UserId("ada"), workout_id=WorkoutId("legs"), at=at),
        commands.CompleteSession(at=at + timedelta(minutes=5), specs=exercise_specs()),
    ]
    driver.write(Request(SESSION, SessionId("empty"), empty))
    assert platform.fresh(platform.log.head(), 60)
    found = platform.recommendations.features.of(DEFAULT_TENANT, UserId("ada"), platform.clock())
    assert found.completed == {}
    history = platform.model_training._history(DEFAULT_TENANT)
    assert history.trained_before("ada", platform.clock()) == frozenset()


def test_a_completed_plan_counts_although_it_was_chosen_again_and_left(driver: ApiDriver) -> None:
    """R-REC-06: so do its workouts."""
    now = driver.platform.clock()
    chosen = enroll(now, weeks=1, sessions_per_week=1)
    activated = enrollments.Activate(subscription_id=SUBSCRIPTION, at=now)
    performed = enrollments.NotePerformed(
        user_id=ADA, workout_id=WorkoutId("legs"), on=chosen.schedule.start_on,
        session_id=SessionId(f"{chosen.enrollment_id}.k.1"), began_at=now,
    )  # fmt: skip
    again = replace(chosen, session_key="k2")
    left = enrollments.Cancel(reason="athlete", at=now)
    for changes in [(chosen, activated, performed), (again, activated, left)]:
        driver.write(Request(ENROLLMENT, chosen.enrollment_id, changes))
        found = driver.platform.recommendations.features.of(DEFAULT_TENANT, ADA, now)
        assert found.finished == {("plan", PLAN): 1}
        assert found.completion_rate == 1


def test_a_video_that_was_watched_to_its_end_is_not_called_new(town: Town) -> None:
    """R-REC-06"""
    trainer, ada = town.staff("trainer", "coach@example.org"), town.citizen("ada@example.org")
    published.publish(town.platform, UserId(trainer.id), Audience(is_free=True))
    path = f"/v1/content/{LESSON}/position"
    assert reason_of_the_lesson(town, ada) == "You have not done it yet."
    assert ada.ask("PUT", path, json={"positionMs": 10_000}).status_code == 200
    assert reason_of_the_lesson(town, ada) == "You have completed it once."


def reason_of_the_lesson(town: Town, person: Person) -> Any:
    position = {"After-Position": str(town.platform.log.head())}
    answer = person.ask("GET", "/v1/recommend", headers=position).json()
    (lesson,) = [each for each in answer["recommendations"] if each["kind"] == "video"]
    return lesson["reason"]
