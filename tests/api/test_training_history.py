"""Training history over REST and GraphQL (R-WKT-05, R-WKT-06)."""

import json
from typing import Any

import pytest

from application.analytics import training_queries
from application.kernel.command_handler import Request
from domain.ids import UserId
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import Span
from tests.api.driver import AT, ApiDriver
from tests.api.training import MINUTE_MS, day, set_of, train

pytestmark = pytest.mark.both_compositions


ACTIVITIES = """query($first: Int, $after: String) {
  activities(athleteId: "ada", first: $first, after: $after) {
    edges { cursor node { sessionId activityType day startedAt endedAt durationMs energyKcal } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  } }"""
STREAKS = """query($today: Date!) { streaks(athleteId: "ada", today: $today) {
  current { start end days } longest { days } } }"""
SUMS = """query($from: Date, $to: Date) { exerciseSums(athleteId: "ada", from: $from, to: $to) {
  used known items { exerciseId sessions sets repetitions heldMs volumeKg
    verifiedRepetitions verifiedHeldMs } } }"""
HISTORY = """query($exercise: ID!, $first: Int, $after: String) {
  exerciseHistory(athleteId: "ada", exerciseId: $exercise, first: $first, after: $after) {
    edges { cursor node { sessionId at mostRepetitions heaviestKg longestHoldMs bestForm
      mostVerifiedRepetitions } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  } }"""
TREND = '{ formTrend(athleteId: "ada", exerciseId: "squat") { change used known } }'


def test_a_streak_is_of_days_with_a_completed_session_that_is_not_deleted(
    driver: ApiDriver,
) -> None:
    """R-WKT-06."""
    for number in (0, 1, 2, 5, 6):
        train(driver, f"s{number}", set_of(1, "push_up", 3), day=number)
    view = driver.ask(STREAKS, today=day(7))["streaks"]
    assert view == {
        "current": {"start": day(5), "end": day(6), "days": 2},
        "longest": {"days": 3},
    }
    assert driver.ask(STREAKS, today=day(8))["streaks"]["current"] is None
    assert driver.client.delete("/v1/sessions/s1").status_code == 204
    assert driver.ask(STREAKS, today=day(8))["streaks"]["longest"] == {"days": 2}


@pytest.mark.parametrize("today", ["0001-01-01", "9999-12-31"])
def test_there_is_no_streak_at_the_end_of_the_calendar(driver: ApiDriver, today: str) -> None:
    """R-WKT-06."""
    (error,) = driver.answer(STREAKS, today=today)["errors"]
    assert error["extensions"]["code"] == "value.invalid"


def test_sessions_are_summed_by_exercise_and_by_days_of_the_athlete(driver: ApiDriver) -> None:
    """R-WKT-06, C-52: 7:30 UTC is the day before in Honolulu."""
    train(driver, "a", set_of(1, "push_up", 10, 20.0), set_of(2, "plank", 0), day=1)
    train(driver, "b", set_of(1, "push_up", 5), day=2, zone="Pacific/Honolulu")
    train(driver, "c", set_of(1, "push_up", 7), day=3)
    driver.client.delete("/v1/sessions/c")
    logged = {"verifiedRepetitions": 0, "verifiedHeldMs": 0}
    nothing = {**logged, "heldMs": 0, "volumeKg": 0.0, "repetitions": 0}
    both = {**nothing, "exerciseId": "push_up", "sessions": 2, "sets": 2, "volumeKg": 200.0}
    plank = {**nothing, "exerciseId": "plank", "sessions": 1, "sets": 1, "heldMs": 30_000}
    view = {"used": 2, "known": 2, "items": [{**both, "repetitions": 15}, plank]}
    assert driver.ask(SUMS)["exerciseSums"] == view
    assert driver.ask(SUMS, **{"from": day(1), "to": day(2)})["exerciseSums"] == view
    later = driver.ask(SUMS, **{"from": day(2)})["exerciseSums"]
    assert later == {"used": 0, "known": 0, "items": []}


def test_every_sum_is_that_of_sessions_which_the_list_finds(driver: ApiDriver) -> None:
    """R-UIX-03, R-UIX-08, C-52."""
    train(driver, "a", set_of(1, "squat", 3), set_of(2, "push_up", 4))
    train(driver, "b", set_of(1, "push_up", 5), zone="Pacific/Honolulu")
    in_progress = commands.StartSession(athlete_id=UserId("ada"), at=AT)
    driver.write(Request(SESSION, "c", [in_progress, set_of(1, "push_up", 1)[0]]))

    def listed(**sent: Any) -> list[str]:
        view = driver.client.get("/v1/sessions", params={"athlete": "ada", **sent}).json()
        return sorted(each["id"] for each in view["items"])

    assert listed(exercise="push_up") == ["a", "b", "c"]
    assert listed(exercise="push_up", completed=True) == ["a", "b"]
    assert listed(completed=False) == ["c"]
    own = {"own_days": True, "completed": True}
    assert listed(since=day(0), until=day(0), **own) == ["a"]
    assert listed(until=day(-1), **own) == ["b"]
    for period in ("DAY", "YEAR"):
        totals = driver.ask(
            f'{{ totals(athleteId: "ada", period: {period}) {{ start sessions repetitions }} }}'
        )["totals"]
        assert sum(each["repetitions"] for each in totals) == 12
    assert [each["start"] for each in totals] == ["2030-01-01"]
    only = {"since": day(0), "until": day(0), "ownDays": True, "completed": True}
    edges = driver.ask(
        "query($only: SessionFilter) { sessions(only: $only) { edges { node { sessionId } } } }",
        only=only,
    )["sessions"]["edges"]
    assert [edge["node"]["sessionId"] for edge in edges] == ["a"]
    far = driver.client.get("/v1/sessions", params={"until": "9999-12-31", "own_days": True})
    assert (far.status_code, far.json()["code"]) == (422, "value.invalid")


def verified(*forms: float) -> list[Any]:
    """Return a set of repetitions that we counted, then one logged repetition."""
    counted = [
        commands.CountRepetition(
            set=1, number=number, span=Span(2000 * number, 2000 * number + 1500), form=form,
            source="server",
        )
        for number, form in enumerate(forms, 1)
    ]  # fmt: skip
    began, *logged = set_of(1, "squat", 1)
    return [began, *counted, *logged]


def planked(form: float) -> list[Any]:
    """Return a set of a hold of half a minute that we measured."""
    began, _, over = set_of(1, "plank", 0)
    held = commands.MeasureHold(set=1, span=Span(60_000, 90_000), form=form, source="server")
    return [began, held, over]


def test_the_form_of_a_period_is_that_of_its_verified_repetitions_and_holds(
    driver: ApiDriver,
) -> None:
    """C-16, R-WKT-06: logged repetitions have no weight, a second held has that of a repetition."""
    query = '{ totals(athleteId: "ada", period: ALL) { accuracy } }'

    def form() -> Any:
        (total,) = driver.ask(query)["totals"]
        return total["accuracy"]

    train(driver, "plank", planked(0.9))
    assert form() == pytest.approx(0.9)
    train(driver, "squat", verified(0.5, 0.5, 0.8), day=1)
    together = pytest.approx((30 * 0.9 + 1.8) / 33)
    assert form() == together
    assert driver.client.delete("/v1/sessions/plank").status_code == 204
    assert form() == pytest.approx(0.6)
    assert driver.client.post("/v1/sessions/plank:restore").status_code == 204
    assert form() == together


def test_totals_sums_and_history_tell_verified_repetitions_from_logged_ones(
    driver: ApiDriver,
) -> None:
    """C-49, R-WKT-05, R-WKT-06: what leaderboards and awards count, beside all of it."""
    driver.train(0, repetitions=2)
    train(driver, "logged", set_of(1, "squat", 5))
    fields = "start repetitions verifiedRepetitions"
    totals = f'{{ totals(athleteId: "ada", period: ALL) {{ {fields} }} }}'
    both = {"repetitions": 7, "verifiedRepetitions": 2}
    assert driver.ask(totals)["totals"] == [{"start": day(0), **both}]
    (squat,) = driver.ask(SUMS)["exerciseSums"]["items"]
    assert {name: squat[name] for name in both} == both
    items = driver.client.get("/v1/exercise-history?athlete=ada&exercise=squat").json()["items"]
    figures = {each["sessionId"]: each["mostVerifiedRepetitions"] for each in items}
    assert figures == {"logged": None, "session-000": 2}
    assert driver.client.delete("/v1/sessions/logged").status_code == 204
    both = {"repetitions": 2, "verifiedRepetitions": 2}
    assert driver.ask(totals)["totals"] == [{"start": day(0), **both}]


def test_rest_and_graphql_return_the_same_exercise_history(driver: ApiDriver) -> None:
    """R-WKT-05, C-53."""
    for number in range(3):
        train(driver, f"s{number}", set_of(1, "push_up", number + 1, 10.0), day=number)
    train(driver, "hold", set_of(1, "plank", 0))
    graph = driver.ask(HISTORY, exercise="push_up", first=2)["exerciseHistory"]
    sent: dict[str, Any] = {"athlete": "ada", "exercise": "push_up", "first": 2}
    rest = driver.client.get("/v1/exercise-history", params=sent)
    nodes = [edge["node"] for edge in graph["edges"]]
    best = {"heaviestKg": 10.0, "longestHoldMs": None, "bestForm": None,
            "mostVerifiedRepetitions": None}  # fmt: skip
    assert [{**each, "at": ""} for each in nodes] == [
        {**best, "sessionId": "s2", "at": "", "mostRepetitions": 3},
        {**best, "sessionId": "s1", "at": "", "mostRepetitions": 2},
    ]
    assert rest.json()["pageInfo"] == graph["pageInfo"]
    same = ("sessionId", "mostRepetitions", "heaviestKg")
    view = [[each[name] for name in same] for each in rest.json()["items"]]
    assert view == [[each[name] for name in same] for each in nodes]
    following = driver.client.get(rest.links["next"]["url"]).json()
    assert [each["sessionId"] for each in following["items"]] == ["s0"]
    (hold,) = driver.ask(HISTORY, exercise="plank")["exerciseHistory"]["edges"]
    assert (hold["node"]["longestHoldMs"], hold["node"]["mostRepetitions"]) == (30_000, None)
    wrong = driver.client.get("/v1/exercise-history", params={**sent, "after": "nonsense"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "page.cursor_invalid")


def test_statistics_are_capped_and_say_what_they_rest_on(
    driver: ApiDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-WKT-06."""
    for number in range(4):
        driver.train(24 * 5 * number, repetitions=2)
    assert driver.ask(TREND)["formTrend"] == {"change": pytest.approx(0.0), "used": 4, "known": 4}
    monkeypatch.setattr(training_queries, "MOST_SESSIONS", 3)
    sums = driver.ask(SUMS)["exerciseSums"]
    assert (sums["used"], sums["known"]) == (3, 4)
    assert [each["repetitions"] for each in sums["items"]] == [6]


def test_activities_are_read_by_rest_and_graphql(driver: ApiDriver) -> None:
    """R-WKT-07, C-53: whether or not a health service is linked; deleted sessions have none."""
    for number in range(3):
        train(driver, f"s{number}", set_of(1, "squat", 8), day=number)
    page = driver.client.get("/v1/activities?athlete=ada&first=2")
    rest = page.json()
    assert [each["sessionId"] for each in rest["items"]] == ["s2", "s1"]
    assert rest["items"][0]["durationMs"] == 9 * MINUTE_MS
    assert rest["items"][0]["activityType"]
    graph = driver.ask(ACTIVITIES, first=2)["activities"]
    nodes = json.loads(json.dumps([edge["node"] for edge in graph["edges"]]).replace("+00:00", "Z"))
    assert nodes == rest["items"]
    assert graph["pageInfo"] == rest["pageInfo"]
    following = driver.client.get(page.links["next"]["url"]).json()
    assert [each["sessionId"] for each in following["items"]] == ["s0"]
    assert driver.client.delete("/v1/sessions/s0").status_code == 204
    assert driver.client.get(page.links["next"]["url"]).json()["items"] == []
