"""Achievements over REST and GraphQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from application.kernel.command_handler import Request
from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.background import build_achievement_runner
from domain.achievements.definitions import BADGES, FAMILIES
from domain.ids import DEFAULT_TENANT
from domain.sessions import commands
from domain.sessions.session import SESSION
from tests.api.conftest import WEB
from tests.api.driver import ApiDriver, repetition
from tests.api.people import Town
from tests.api.workouts import WorkoutDriver, prescribe
from tests.waiting import soon

ATHLETE = "athlete"
"""The athlete of a server without sign-in."""
FACTS = "kind name tier measure least figure sessionId earnedAt"


@contextmanager
def checking(settings: Settings, platform: Platform) -> Iterator[None]:
    """Run the achievement checks while the block lasts, as server and worker do."""
    stop = Event()
    with build_achievement_runner(settings, platform) as runner:
        thread = Thread(target=runner.run, args=(stop,))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def of_session(driver: ApiDriver, session: str) -> Any:
    return driver.client.get(f"/v1/sessions/{session}/achievements").json()


def checked(driver: ApiDriver, session: str) -> Any:
    """Return the achievements of a session once it has been checked."""
    return soon(lambda: of_session(driver, session), until=lambda view: view["checked"])["items"]


def names(items: list[Any]) -> list[tuple[str, str | None]]:
    return sorted(((each["name"], each["tier"]) for each in items), key=str)


def test_a_workout_is_checked_soon_after_it_is_completed(
    driver: ApiDriver, settings: Settings, platform: Platform
) -> None:
    """R-WKT-08: including sessions from before the checks started."""
    before = driver.train(0, repetitions=6)
    assert of_session(driver, before) == {"checked": False, "items": []}
    with checking(settings, platform):
        (first,) = checked(driver, before)
        later = checked(driver, driver.train(1, repetitions=7))
    assert first == {
        "kind": "badge", "name": "first_workout", "tier": None, "measure": "workouts",
        "least": 1.0, "figure": 1.0, "sessionId": before, "earnedAt": first["earnedAt"],
    }  # fmt: skip
    assert names(later) == [("first_record", None)]


def test_a_workout_that_was_only_logged_earns_nothing(
    driver: ApiDriver, settings: Settings, platform: Platform
) -> None:
    """R-WKT-08, C-49: achievements are for verified repetitions and holds."""
    prescribe(driver)
    fixture = WorkoutDriver(driver)
    fixture.perform()
    summary = fixture.complete()
    assert (summary["repetitionCount"], summary["verifiedRepetitionCount"]) == (15, 0)
    with checking(settings, platform):
        assert checked(driver, "e1") == []


def test_an_exercise_without_repetitions_earns_nothing(
    driver: ApiDriver, settings: Settings, platform: Platform
) -> None:
    """R-WKT-08, C-50: a set that was only started does not count."""
    prescribe(driver)
    fixture = WorkoutDriver(driver)
    fixture.start()
    for number, exercise in enumerate(("squat", "lunge", "push_up", "sit_up"), 1):
        fixture.ask("/next", 201, exerciseId=exercise)
        if number == 1:
            driver.write(Request(SESSION, "e1", [repetition(1)]))
        fixture.ask("/finish", set=number)
    fixture.complete()
    with checking(settings, platform):
        assert names(checked(driver, "e1")) == [("first_workout", None)]


def test_a_restored_workout_earns_what_it_was_missing_for(
    driver: ApiDriver, settings: Settings, platform: Platform
) -> None:
    """R-WKT-08, C-50: although it was checked before it was deleted."""
    first, *_ = [driver.train(24 * day, repetitions=6) for day in range(9)]
    with checking(settings, platform):
        checked(driver, first)
        driver.write(Request(SESSION, first, [commands.DeleteSession(at=platform.clock())]))
        last = driver.train(24 * 9, repetitions=6)
        assert ("workouts", "bronze") not in names(checked(driver, last))
        driver.write(Request(SESSION, first, [commands.RestoreSession(at=platform.clock())]))
        won = soon(lambda: of_session(driver, last)["items"], until=lambda items: len(items) > 0)
        assert names(won) == [("workouts", "bronze")]


def test_all_that_was_earned_is_listed_newest_first_page_by_page(
    driver: ApiDriver, settings: Settings, platform: Platform
) -> None:
    """R-WKT-08, C-53"""
    for number in range(10):
        driver.train(24 * number, athlete=ATHLETE, repetitions=number + 1)
    with checking(settings, platform):
        checked(driver, "session-216")
    answer = driver.client.get("/v1/me/achievements?first=2")
    assert (
        answer.headers["ETag"] == driver.client.get("/v1/me/achievements?first=2").headers["ETag"]
    )
    seen = [answer.json()["items"]]
    while "Link" in answer.headers:
        path = answer.headers["Link"].partition(">")[0].removeprefix("<")
        answer = driver.client.get(path)
        seen.append(answer.json()["items"])
    listed = [each for page in seen for each in page]
    assert [len(page) for page in seen[:-1]] == [2] * (len(seen) - 1)
    assert [each["earnedAt"] for each in listed] == sorted(
        (each["earnedAt"] for each in listed), reverse=True
    )
    assert names(listed) == [
        ("days_in_a_row", "bronze"),
        ("days_in_a_row", "silver"),
        ("first_record", None),
        ("first_workout", None),
        ("records", "bronze"),
        ("workouts", "bronze"),
    ]
    graph = driver.ask(f"""{{ achievements(athleteId: "{ATHLETE}", first: 100) {{
      edges {{ node {{ {FACTS} }} }} pageInfo {{ hasNextPage }} }} }}""")["achievements"]
    view = [edge["node"] for edge in graph["edges"]]
    assert [(each["name"], each["sessionId"], each["figure"]) for each in view] == [
        (each["name"], each["sessionId"], each["figure"]) for each in listed
    ]
    assert {each["kind"] for each in view} == {"BADGE", "TROPHY"}


def test_next_achievements_show_progress(
    driver: ApiDriver, settings: Settings, platform: Platform
) -> None:
    driver.train(0, athlete=ATHLETE, repetitions=12)
    with checking(settings, platform):
        checked(driver, "session-000")
    answer = driver.client.get("/v1/me/achievements/next")
    following = {each["name"]: each for each in answer.json()["items"]}
    assert following.keys() == {each.name for each in (*BADGES, *FAMILIES)} - {"first_workout"}
    assert following["repetitions"] == {
        "kind": "trophy", "name": "repetitions", "tier": "bronze", "measure": "repetitions",
        "least": 500.0, "figure": 12.0,
    }  # fmt: skip
    assert following["clean_form"]["figure"] == pytest.approx(0.875)
    assert answer.headers["ETag"]
    assert following["days_in_a_row"]["figure"] == 0.0, "today is years before the training"
    for day, figure in (("2030-02-01", 1.0), ("2030-02-02", 0.0)):
        as_of = driver.client.get(f"/v1/me/achievements/next?today={day}").json()["items"]
        assert {each["name"]: each["figure"] for each in as_of}["days_in_a_row"] == figure
        query = f'{{ nextAchievements(athleteId: "{ATHLETE}", today: "{day}") {{ name figure }} }}'
        as_of = driver.ask(query)["nextAchievements"]
        assert {each["name"]: each["figure"] for each in as_of}["days_in_a_row"] == figure
    graph = driver.ask(
        f'{{ nextAchievements(athleteId: "{ATHLETE}") {{ kind name tier measure least figure }} }}'
    )["nextAchievements"]
    assert [(each["name"], each["figure"]) for each in graph] == [
        (each["name"], each["figure"]) for each in following.values()
    ]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_next_achievements_refuse_a_day_that_has_no_week(driver: ApiDriver, day: str) -> None:
    answer = driver.client.get(f"/v1/me/achievements/next?today={day}")
    assert (answer.status_code, answer.json()["code"]) == (422, "value.invalid")


def test_a_session_tells_what_it_earned_through_graphql(
    driver: ApiDriver, settings: Settings, platform: Platform
) -> None:
    """C-53"""
    driver.train(0)
    view = f"achievements {{ checked earned {{ {FACTS} }} }}"
    query = f"{{ sessions {{ edges {{ node {{ {view} }} }} }} }}"
    (edge,) = driver.ask(query)["sessions"]["edges"]
    assert edge["node"]["achievements"] == {"checked": False, "earned": []}
    with checking(settings, platform):
        checked(driver, "session-000")
    (edge,) = driver.ask(query)["sessions"]["edges"]
    answer = edge["node"]["achievements"]
    assert answer["checked"]
    assert [(each["name"], each["kind"], each["tier"]) for each in answer["earned"]] == [
        ("first_workout", "BADGE", None)
    ]


def test_achievements_survive_deleting_their_session(
    driver: ApiDriver, settings: Settings, platform: Platform
) -> None:
    """C-50: the deleted session no longer counts toward the next achievements."""
    driver.train(0, athlete=ATHLETE)
    with checking(settings, platform):
        checked(driver, "session-000")
        assert driver.client.delete("/v1/sessions/session-000").status_code == 204
        driver.train(24, athlete=ATHLETE)
        assert checked(driver, "session-024") == []
    listed = driver.client.get("/v1/me/achievements").json()["items"]
    assert names(listed) == [("first_workout", None)]
    following = driver.client.get("/v1/me/achievements/next").json()["items"]
    assert [each["figure"] for each in following if each["name"] == "workouts"] == [1.0]


def test_achievements_are_for_nobody_else(platform: Platform, settings: Settings) -> None:
    """R-TEN-03: over each transport."""
    app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
    with TestClient(app) as client, checking(settings, platform):
        town = Town(client, platform, settings.home / "mail")
        ada, eve = town.citizen(), town.citizen("eve@example.org")
        ApiDriver(client, platform).train(0, athlete=ada.id)
        path = "/v1/sessions/session-000/achievements"
        soon(lambda: ada.get(path).json(), until=lambda view: view["checked"])
        assert names(ada.get("/v1/me/achievements").json()["items"]) == [("first_workout", None)]
        assert eve.get("/v1/me/achievements").json()["items"] == []
        assert eve.get(path).status_code == 404
        view = eve.graph(f"""{{
          achievements(athleteId: "{ada.id}") {{ edges {{ node {{ name }} }} }}
          nextAchievements(athleteId: "{ada.id}") {{ name }} }}""")["data"]
        assert view == {"achievements": {"edges": []}, "nextAchievements": []}


def test_erasure_removes_achievements(
    driver: ApiDriver, settings: Settings, platform: Platform
) -> None:
    """R-TEN-12: the stream is the athlete's: an export includes it, an erasure deletes it."""
    driver.train(0)
    with checking(settings, platform):
        checked(driver, "session-000")
    whose = platform.privacy().erasure.subject_data(DEFAULT_TENANT, "ada")  # type: ignore[arg-type]
    assert "achievements-ada" in whose.streams
