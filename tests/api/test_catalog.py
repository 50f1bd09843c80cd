"""Trainers, plans and free enrollments over REST and GraphQL."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from application.platform import Platform
from bootstrap.pages import pages_folder
from tests.api.counting import CountingReads
from tests.api.driver import ApiDriver
from tests.api.offers import EU, TERMS, get, offer, refused, send
from tests.api.workouts import WorkoutDriver, prescribe

WEB = pages_folder("test")


def test_a_plan_is_offered_once_it_is_published_until_it_is_withdrawn(driver: ApiDriver) -> None:
    """R-CAT-01, R-CAT-02: the next read of the list has the trainer's change."""
    prescribe(driver)
    drafted = send(
        driver, "POST", "/v1/plans", 201, **TERMS, prices=[EU], planId="squats", trainerId="coach"
    )
    assert get(driver, "/v1/plans", drafted)["items"] == []
    published = send(driver, "POST", "/v1/plans/squats/publish")
    (plan,) = get(driver, "/v1/plans", published)["items"]
    assert (plan["planId"], plan["trainerId"], plan["number"]) == ("squats", "coach", 1)
    price = {**EU, "amount": "19.99", "taxMinor": 319}
    assert plan["offered"] == {**TERMS, "prices": [price], "billingMonths": 1}
    revised = send(driver, "PUT", "/v1/plans/squats", **TERMS | {"title": "Second squats"})
    plan = get(driver, "/v1/plans/squats", revised)
    assert (plan["offered"]["title"], plan["draft"]["title"]) == ("First squats", "Second squats")
    withdrawn = send(driver, "POST", "/v1/plans/squats/withdraw")
    assert get(driver, "/v1/plans", withdrawn)["items"] == []


def test_plans_are_found_sorted_and_paged(driver: ApiDriver) -> None:
    """R-CAT-01"""
    prescribe(driver)
    offer(driver, "a", title="Squats", weeks=8)
    offer(driver, "b", title="Deep squats", level="advanced", prices=[EU])
    prescribe(driver, workout_id="arms", author="bo")
    arms = {"workouts": ["arms"], "preview": None}
    last = offer(driver, "c", trainer="bo", title="Arms", weeks=4, equipment=[], **arms)

    def found(query: str) -> list[str]:
        return [plan["planId"] for plan in get(driver, f"/v1/plans?{query}", last)["items"]]

    assert found("") == ["c", "b", "a"]
    assert found("order=title") == ["c", "b", "a"]
    assert found("order=weeks") == ["b", "c", "a"]
    assert found("text=squat") == ["b", "a"]
    assert found("free=true") == ["c", "a"]
    assert found("free=false") == ["b"]
    assert found("level=advanced&equipment=barbell") == ["b"]
    assert found("trainer=bo") == ["c"]
    send(driver, "PUT", "/v1/trainers/coach", name="Ada", languages=["en"])
    last = send(driver, "PUT", "/v1/trainers/bo", name="Bo", languages=["en", "de"])
    assert found("language=de") == ["c"]
    assert found("language=en&trainer=coach") == ["b", "a"]
    assert found("language=de&trainer=coach") == []
    page = driver.client.get("/v1/plans?first=1&order=weeks&free=true")
    following = page.headers["Link"].partition(">")[0].removeprefix("<")
    assert [plan["planId"] for plan in driver.client.get(following).json()["items"]] == ["a"]


def test_plans_are_found_and_sorted_without_accents(driver: ApiDriver) -> None:
    """R-CAT-01: however the letters are encoded."""
    prescribe(driver)
    titles = {"a": "Caf\u00e9-Kraft", "b": "abs", "c": "Zen", "d": "\u00c4pfel"}
    for plan_id, title in titles.items():
        last = offer(driver, plan_id, title=title)

    def found(query: str) -> list[str]:
        return [plan["planId"] for plan in get(driver, f"/v1/plans?{query}", last)["items"]]

    for text in ("caf\u00e9", "cafe\u0301", "cafe"):
        assert found(f"text={text}") == ["a"]
    assert found("order=title") == ["b", "d", "a", "c"]


def test_both_transports_show_the_same_plan_and_trainer(driver: ApiDriver) -> None:
    """R-CAT-01, C-53"""
    prescribe(driver)
    offer(driver, prices=[EU])
    profile: dict[str, Any] = {
        "name": "Ada",
        "languages": ["en", "de"],
        "specialities": ["strength"],
    }
    written = send(driver, "PUT", "/v1/trainers/coach", **profile)
    query = "language=de&speciality=strength&text=aD"
    (trainer,) = get(driver, f"/v1/trainers?{query}", written)["items"]
    assert driver.client.get("/v1/trainers?language=fr").json()["items"] == []
    plan = driver.client.get("/v1/plans/squats").json()
    query = """{
      trainers(language: "de") { edges { node {
        trainerId name description languages specialities changedAt revision } } }
      plans(order: TITLE, level: BEGINNER, free: false) { edges { node {
        planId trainerId number publishedAt draft { title }
        offered { title description level weeks sessionsPerWeek workouts equipment preview
          missedDay billingMonths prices { region amountMinor currency amount taxMinor } } } } }
    }"""
    data = driver.ask(query)
    (node,) = (edge["node"] for edge in data["trainers"]["edges"])
    assert node == trainer | {"changedAt": node["changedAt"]}
    (node,) = (edge["node"] for edge in data["plans"]["edges"])
    assert node["offered"]["level"] == "BEGINNER"
    assert node["offered"]["prices"][0]["taxMinor"] == plan["offered"]["prices"][0]["taxMinor"]
    assert [node["planId"], node["draft"]["title"]] == ["squats", plan["draft"]["title"]]
    withdrawn = send(driver, "DELETE", "/v1/trainers/coach")
    assert get(driver, "/v1/trainers", withdrawn)["items"] == []
    assert refused(driver, "GET", "/v1/trainers/coach") == (404, "trainer.unknown")


def test_choosing_a_free_plan_enrolls_and_performing_it_schedules_the_next_workout(
    driver: ApiDriver,
) -> None:
    """R-CAT-03, C-17, C-27"""
    prescribe(driver)
    offer(driver)
    today = driver.platform.clock().date()
    begins = f"{today - timedelta(days=7)}"
    choice = {"userId": "ada", "planId": "squats", "startOn": begins}
    written = send(driver, "POST", "/v1/enrollments", 201, **choice)
    path = f"/v1/enrollments/{written['enrollmentId']}"
    enrollment = get(driver, path, written)
    first = enrollment["next"]
    assert (enrollment["status"], enrollment["sessions"]) == ("active", 4)
    assert (first["number"], first["workoutId"], first["dueOn"]) == (1, "legs", begins)
    assert refused(driver, "POST", "/v1/enrollments", **choice) == (409, "enrollment.exists")

    future = {"today": f"{today + timedelta(days=3)}"}
    assert refused(driver, "POST", f"{path}/day", **future) == (422, "value.invalid")
    shifted = send(driver, "POST", f"{path}/day", today=f"{today}")
    enrollment = get(driver, path, shifted)
    assert (enrollment["missed"], enrollment["next"]["dueOn"]) == (1, f"{today}")

    run = WorkoutDriver(driver, first["sessionId"])
    run.perform()
    completed = run.complete()
    enrollment = get(driver, path, completed)
    assert (enrollment["performed"], enrollment["next"]["number"]) == (1, 2)
    due_on = enrollment["next"]["dueOn"]
    assert due_on == f"{today + timedelta(days=3)}", "as many days later as the plan has it"
    query = "{ enrollments { edges { node { enrollmentId status next { number dueOn } } } } }"
    (edge,) = driver.ask(query)["enrollments"]["edges"]
    assert edge["node"]["next"] == {"number": 2, "dueOn": due_on}

    cancelled = send(driver, "DELETE", path)
    assert get(driver, path, cancelled)["status"] == "cancelled"
    again = send(driver, "POST", "/v1/enrollments", 201, **choice)
    assert get(driver, path, again)["next"]["sessionId"] != first["sessionId"]


def test_a_forgotten_workout_counts_on_the_day_of_its_session(driver: ApiDriver) -> None:
    """R-CAT-03, C-17: so the next workouts keep their days."""
    prescribe(driver)
    offer(driver)
    begun = driver.platform.clock() - timedelta(days=10)
    choice = {"userId": "ada", "planId": "squats", "startOn": f"{begun.date()}"}
    written = send(driver, "POST", "/v1/enrollments", 201, **choice)
    path = f"/v1/enrollments/{written['enrollmentId']}"
    session = get(driver, path, written)["next"]["sessionId"]
    start = {"workoutId": "legs", "sessionId": session, "athleteId": "ada", "timeZone": "UTC"}
    send(driver, "POST", "/v1/workouts", 201, **start, at=begun.isoformat())
    run = WorkoutDriver(driver, session)
    run.start = lambda *_, **__: None  # type: ignore[method-assign]  # it has begun
    run.perform()
    done = run.ask("/complete")
    assert get(driver, path, done)["next"]["dueOn"] == f"{begun.date() + timedelta(days=3)}"


def test_a_workout_whose_session_is_deleted_starts_again(driver: ApiDriver) -> None:
    """C-17: an id of a session is used once."""
    prescribe(driver)
    offer(driver)
    choice = {"userId": "ada", "planId": "squats", "startOn": f"{driver.platform.clock():%F}"}
    written = send(driver, "POST", "/v1/enrollments", 201, **choice)
    path = f"/v1/enrollments/{written['enrollmentId']}"
    first = get(driver, path, written)["next"]["sessionId"]
    WorkoutDriver(driver, first).start()
    assert driver.client.delete(f"/v1/sessions/{first}").status_code == 204
    deleted = {"position": driver.platform.log.head()}
    run = WorkoutDriver(driver, get(driver, path, deleted)["next"]["sessionId"])
    run.perform()
    assert get(driver, path, run.complete())["performed"] == 1


def test_a_plan_prescribes_workouts_of_its_trainer(driver: ApiDriver) -> None:
    """C-28: else it could give away what another trainer sells."""
    prescribe(driver)
    answer = (403, "plan.workout_of_another")
    body = {**TERMS, "planId": "copied", "trainerId": "bo"}
    assert refused(driver, "POST", "/v1/plans", **body) == answer
    prescribe(driver, workout_id="arms", author="bo")
    own = {"workouts": ["arms"], "preview": None}
    send(driver, "POST", "/v1/plans", 201, **body | own)
    assert refused(driver, "PUT", "/v1/plans/copied", **TERMS) == answer
    send(driver, "PUT", "/v1/plans/copied", **TERMS | own)


def test_a_session_of_somebody_else_does_not_advance_an_enrollment(driver: ApiDriver) -> None:
    """C-17: clients choose ids of sessions."""
    prescribe(driver)
    offer(driver)
    choice = {"userId": "ada", "planId": "squats", "startOn": f"{driver.platform.clock():%F}"}
    written = send(driver, "POST", "/v1/enrollments", 201, **choice)
    path = f"/v1/enrollments/{written['enrollmentId']}"
    run = WorkoutDriver(driver, get(driver, path, written)["next"]["sessionId"])
    run.start(athlete="eve")
    completed = run.complete()
    assert get(driver, path, completed)["performed"] == 0


def test_impossible_choices_are_refused(driver: ApiDriver) -> None:
    """C-27: a paid plan is never entered without a payment."""
    prescribe(driver)
    offer(driver, "paid", prices=[EU])
    body = {**TERMS, "trainerId": "coach"}
    choice = {"userId": "ada", "startOn": f"{driver.platform.clock():%F}"}
    enroll = "/v1/enrollments"
    paid = {**choice, "planId": "paid"}
    assert refused(driver, "POST", enroll, **paid) == (422, "plan.region_required")
    assert refused(driver, "POST", enroll, **paid, region="US") == (409, "plan.not_sold_in_region")
    assert refused(driver, "POST", enroll, **paid, region="EU") == (503, "payment.unavailable")
    offer(driver, "free")
    distant = {**choice, "planId": "free", "startOn": "2090-01-31"}
    assert refused(driver, "POST", enroll, **distant) == (422, "value.invalid")
    assert refused(driver, "POST", enroll, **choice, planId="none") == (404, "plan.unknown")
    assert refused(driver, "DELETE", f"{enroll}/none") == (404, "enrollment.unknown")
    assert refused(driver, "POST", "/v1/plans/none/publish") == (404, "plan.unknown")
    assert refused(driver, "GET", "/v1/plans/none") == (404, "plan.unknown")
    unknown = {**body, "workouts": ["none"], "preview": None}
    assert refused(driver, "POST", "/v1/plans", **unknown) == (404, "workout.unknown")
    dear = {**EU, "amountMinor": 0}
    for wrong in ({"weeks": 0}, {"preview": "arms"}, {"prices": [dear]}, {"billingMonths": 2}):
        status, code = refused(driver, "POST", "/v1/plans", **(body | wrong))
        assert (status, code) == (422, "value.invalid"), wrong


@pytest.mark.parametrize("path", ["/v1/plans", "/v1/trainers"])
def test_lists_are_served_from_the_cache(platform: Platform, path: str) -> None:
    """R-CAT-02, R-CAT-07, C-20: and on a miss from the read models."""
    reads = CountingReads(platform.read)
    counting: Any = reads
    app = build_app(replace(platform, read=counting), web=WEB)
    with TestClient(app, raise_server_exceptions=False) as client:
        listed = client.get(path)
        once = reads.reads.total()
        assert (listed.status_code, once > 0) == (200, True)
        assert client.get(path).json() == listed.json()
        current = client.get(path, headers={"If-None-Match": listed.headers["ETag"]})
        assert current.status_code == 304
        assert reads.reads.total() == once


def test_plans_are_filtered_by_any_user_id(driver: ApiDriver) -> None:
    plans = driver.client.get("/v1/plans", params={"trainer": "ada@example.org"})
    assert plans.json()["items"] == []


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ('plans(text: "TEXT")', "plans?text=TEXT"),
        ('plans(equipment: "TEXT")', "plans?equipment=TEXT"),
        ('trainers(language: "TEXT")', "trainers?language=TEXT"),
        ('trainers(speciality: "TEXT")', "trainers?speciality=TEXT"),
        ('trainers(text: "TEXT")', "trainers?text=TEXT"),
        ('sessions(filter: {tag: "TEXT"})', "sessions?tag=TEXT"),
    ],
)
def test_filters_have_the_same_limits_in_both_transports(
    driver: ApiDriver, query: str, parameters: str
) -> None:
    """R-API-08: the rows that a filter is compared with have shorter texts."""
    text = "x" * 201
    refused = driver.client.get("/v1/" + parameters.replace("TEXT", text))
    assert refused.status_code == 422
    document = f"{{ {query.replace('TEXT', text)} {{ edges {{ cursor }} }} }}"
    answer = driver.client.post("/graphql", json={"query": document}).json()
    assert [each["extensions"]["code"] for each in answer["errors"]] == ["filter.too_long"]


def test_a_workout_that_was_performed_on_its_day_but_sent_later_is_not_missed(
    driver: ApiDriver,
) -> None:
    """R-CAT-03: another device let the plan leave it out before the session was sent."""
    prescribe(driver)
    offer(driver, missedDay="skip")
    today = driver.platform.clock().date()
    due_on = today - timedelta(days=1)
    choice = {"userId": "ada", "planId": "squats", "startOn": f"{due_on}"}
    written = send(driver, "POST", "/v1/enrollments", 201, **choice)
    path = f"/v1/enrollments/{written['enrollmentId']}"
    first = get(driver, path, written)["next"]
    skipped = send(driver, "POST", f"{path}/day", today=f"{today}")
    enrollment = get(driver, path, skipped)
    assert (enrollment["performed"], enrollment["missed"]) == (0, 1)
    began = datetime.combine(due_on, time(18), UTC)
    run = WorkoutDriver(driver, first["sessionId"], starts_at=began.isoformat())
    run.perform()
    completed = run.ask("/complete", at=(began + timedelta(minutes=4)).isoformat())
    enrollment = get(driver, path, completed)
    assert (enrollment["performed"], enrollment["missed"]) == (1, 0)
    assert enrollment["next"]["number"] == 2


def test_a_workout_that_ends_after_midnight_counts_for_the_day_on_which_it_began(
    driver: ApiDriver,
) -> None:
    """R-CAT-03, C-52: with daily training, the next one is not moved by a day."""
    prescribe(driver)
    offer(driver, missedDay="repeat", weeks=1, sessionsPerWeek=7)
    due_on = driver.platform.clock().date() - timedelta(days=2)
    choice = {"userId": "ada", "planId": "squats", "startOn": f"{due_on}"}
    written = send(driver, "POST", "/v1/enrollments", 201, **choice)
    path = f"/v1/enrollments/{written['enrollmentId']}"
    session = get(driver, path, written)["next"]["sessionId"]
    began = datetime.combine(due_on, time(23, 40), ZoneInfo("Europe/Berlin"))
    run = WorkoutDriver(driver, session, starts_at=began.isoformat())
    run.perform()
    completed = run.ask("/complete", at=(began + timedelta(minutes=30)).isoformat())
    assert get(driver, path, completed)["next"]["dueOn"] == f"{due_on + timedelta(days=1)}"
