"""The health dashboard through the API: trends, a day's summary, training, proposals."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from application.health import daily_figures
from application.kernel.command_handler import Request
from domain.ids import DEFAULT_TENANT, ExerciseId, UserId
from domain.kernel import Origin
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span
from tests.api.health_records import connect, send, steps_of_day, walked
from tests.api.measuring import NOW, ada, measured
from tests.api.people import Person, Town

__all__ = ["ada"]

pytestmark = pytest.mark.both_compositions


TODAY = NOW.date()


def trend_of(person: Person, metric: str = "steps", days: int = 30) -> Any:
    start = (TODAY - timedelta(days=days - 1)).isoformat()
    return person.get(
        f"/v1/me/health/trends/{metric}", params={"start": start, "end": TODAY.isoformat()}
    )


def test_a_trend_has_the_latest_figures_and_their_origins(ada: Person) -> None:
    """R-HLT-06: also after a correction, a deletion and another order of sources."""
    send(ada, measured("steps", 4000, "count", 1), walked("b", 10), walked("c", 20, minute=20))
    before = trend_of(ada).json()
    assert (before["unit"], before["step"]) == ("count", "day")
    assert [each["figure"] for each in before["points"]] == [30, 4000]
    assert before["origins"] == [{"source": "apple_health", "device": "Watch", "records": 3}]
    send(ada, walked("b", 15), deleted=["c"])
    assert [each["figure"] for each in trend_of(ada).json()["points"]] == [15, 4000]
    connect(ada, "health_connect")
    send(ada, walked("b", 99, device="Phone"), source="health_connect")
    assert [each["figure"] for each in trend_of(ada).json()["points"]] == [15, 4000]
    order = {"sources": ["health_connect"]}
    assert ada.ask("PUT", "/v1/me/health/source-orders/steps", json=order).status_code == 200
    assert [each["figure"] for each in trend_of(ada).json()["points"]] == [99, 4000]


def test_long_ranges_have_few_points_and_too_long_ones_none(ada: Person) -> None:
    """R-HLT-06: no answer grows with the time that somebody records."""
    send(ada, measured("steps", 4000, "count", 200))
    assert trend_of(ada, days=400).json()["step"] == "week"
    assert trend_of(ada, days=1800).json()["step"] == "month"
    assert trend_of(ada, days=2000).json()["code"] == "value.invalid"
    assert trend_of(ada, "mood").json()["code"] == "health.metric_unknown"


def test_what_is_cached_is_not_folded_again(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """R-HLT-05: only months whose records changed are."""
    send(ada, walked("a", 10))
    assert [each["figure"] for each in trend_of(ada).json()["points"]] == [10]
    monkeypatch.setattr(daily_figures, "MAX_FOLDED", 0)
    assert [each["figure"] for each in trend_of(ada).json()["points"]] == [10]
    send(ada, walked("b", 10, minute=20))
    assert trend_of(ada).json()["code"] == "value.invalid"


def night(*, begins_at: datetime, device: str) -> dict[str, Any]:
    """Return a sleep until seven o'clock of yesterday."""
    end = NOW.replace(hour=7)
    times = {"start": begins_at.isoformat(), "end": end.isoformat(), "device": device}
    return measured("sleep", (end - begins_at).total_seconds() / 60, "min") | times


def test_nights_that_begin_before_or_after_midnight_count_alike(ada: Person) -> None:
    """R-HLT-06: each is the sleep of one day, so that it reaches the goal in a row."""
    connect(ada, "apple_health", "sleep")
    midnight = NOW.replace(hour=0)
    bed_times = (
        midnight - timedelta(days=ago, minutes=15 if ago % 2 else -15) for ago in range(10)
    )
    nights = (
        measured("sleep", 480, "min", start=f"{bed_time}", end=f"{bed_time + timedelta(hours=8)}")
        for bed_time in bed_times
    )
    assert send(ada, *nights).json()["accepted"] == 10
    assert ada.ask("PUT", "/v1/me/health/goals/sleep", json={"target": 450}).status_code == 200
    points = trend_of(ada, "sleep").json()["points"]
    assert [each["figure"] for each in points] == [480] * 10
    (goal,) = ada.get("/v1/me/health/goals").json()["items"]
    assert goal["streak"] == 10


def test_a_night_that_two_sources_put_on_different_days_counts_once(ada: Person) -> None:
    """R-HLT-03, R-HLT-05: also if figures of the second day are cached already."""
    for source in ("apple_health", "health_connect"):
        connect(ada, source, "sleep")
    evening = NOW.replace(hour=18) - timedelta(days=1)
    after = night(begins_at=evening + timedelta(minutes=4), device="Ring")
    send(ada, after, source="health_connect")
    assert [each["figure"] for each in trend_of(ada, "sleep", days=1).json()["points"]] == [776]
    before = night(begins_at=evening - timedelta(minutes=3), device="Watch")
    assert send(ada, before, source="apple_health").json()["accepted"] == 1
    assert trend_of(ada, "sleep", days=1).json()["points"] == []
    range_ = {"start": f"{TODAY - timedelta(days=1)}", "end": f"{TODAY}"}
    days = ada.get("/v1/me/health/days", params=range_).json()["items"]
    assert [(each["day"], each["figures"][0]["figure"]) for each in days] == [
        (range_["start"], 783)
    ]
    summary = ada.get("/v1/me/health/summary", params={"day": f"{TODAY}"}).json()
    assert summary["figures"] == []


def test_a_summary_has_a_days_figures_and_the_time_in_each_zone(ada: Person) -> None:
    """R-HLT-05, R-HLT-06"""
    beats = [
        measured("heart_rate", value, "bpm", 1, minute=minute)
        for minute, value in ((1, 100), (2, 170), (3, 100))
    ]
    send(ada, *beats, measured("resting_heart_rate", 52, "bpm", 1))
    day = (TODAY - timedelta(days=1)).isoformat()
    first = ada.get("/v1/me/health/summary", params={"day": day}).json()
    assert [each["metric"] for each in first["figures"]] == ["heart_rate", "resting_heart_rate"]
    assert first["highestHeartRate"] == 170
    assert [each["minutes"] for each in first["zones"]] == [1, 0, 0, 0, 1]
    assert first["stats"]["sessions"] == 0
    assert first["stats"]["load"]["state"] == "unknown"
    again = ada.get("/v1/me/health/summary", params={"day": day}).json()
    assert again == first, "also from the cache"
    earliest = f"{datetime.now(UTC):%F}"
    empty = ada.get("/v1/me/health/summary").json()
    assert earliest <= empty["day"] <= f"{datetime.now(UTC):%F}"
    assert empty["zones"] == []


BY_HAND: Final = CountedBy("manual", "hand", 1)


def train(town: Town, person: Person, days_ago: int = 1) -> str:
    """Write a session of 30 minutes that ended yesterday, or earlier; return its id."""
    at, new_id = NOW - timedelta(days=days_ago, minutes=30), town.platform.new_id
    session = str(new_id())
    sent: list[Any] = [
        commands.StartSession(athlete_id=UserId(person.id), at=at, time_zone="UTC"),
        commands.StartSet(set=1, exercise_id=ExerciseId("squat"), counted_by=BY_HAND),
        commands.CompleteSet(set=1, span=Span(0, 60_000)),
        commands.CompleteSession(at=at + timedelta(minutes=30), specs={}),
    ]
    town.platform.commands.execute(
        Request(SESSION, session, sent),
        origin=Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=new_id()),
        command_id=new_id(),
    )
    return session


def test_a_workout_is_logged_as_an_activity(town: Town, ada: Person) -> None:
    """R-HLT-13, R-WKT-07, R-HLT-15: in the summary, and beside the figures of recovery."""
    day = (NOW - timedelta(days=1, minutes=30)).date().isoformat()
    send(ada, measured("resting_heart_rate", 52, "bpm", 1, minute=30))
    before = ada.get("/v1/me/health/summary", params={"day": day}).json()
    assert (before["activities"], before["stats"]["sessions"]) == ([], 0)
    session = train(town, ada)
    after = ada.get("/v1/me/health/summary", params={"day": day}).json()
    (activity,) = after["activities"]
    assert (activity["sessionId"], activity["durationMs"]) == (session, 30 * 60_000)
    stats = after["stats"]
    assert (stats["sessions"], stats["minutes"], stats["trainingDays"]) == (1, 30, 1)
    days = ada.get("/v1/me/health/training", params={"start": day, "end": day}).json()["items"]
    assert [(each["minutes"], each["restingHeartRate"]) for each in days] == [(30, 52)]


def test_somebody_who_trained_once_weeks_ago_gets_a_summary_and_recommendations(
    town: Town, ada: Person
) -> None:
    """R-HLT-06, R-REC-03: there is no usual week to compare with."""
    train(town, ada, days_ago=24)
    answer = ada.get("/v1/me/health/summary")
    assert answer.status_code == 200, answer.text
    load = {"minutes": 0, "usualMinutes": None, "state": "unknown"}
    assert answer.json()["stats"]["load"] == load
    assert ada.get("/v1/recommend").status_code == 200


def test_today_is_not_answered_from_yesterday_s_response(town: Town, ada: Person) -> None:
    """R-HLT-06, R-API-07: nothing was written since; the day is another one."""
    query = (
        "{ healthGoals { figure reached } healthSummary { day } healthGoalProposals { target } }"
    )
    send(ada, measured("steps", 12_000, "count", 0))
    goal = {"target": 10_000, "direction": "at_least"}
    assert ada.ask("PUT", "/v1/me/health/goals/steps", json=goal).status_code == 200
    clock = town.platform.clock
    days: list[Any] = []
    for later in (timedelta(), timedelta(days=1)):
        object.__setattr__(town.platform, "clock", lambda later=later: clock() + later)
        found = ada.graph(query)["data"]
        assert found["healthGoals"] == [
            {name: each[name] for name in ("figure", "reached")}
            for each in ada.get("/v1/me/health/goals").json()["items"]
        ]
        days.append(found["healthSummary"]["day"])
    assert len(set(days)) == 2


def test_no_answer_about_now_is_kept(town: Town, ada: Person) -> None:
    """R-API-07: whoever repeats the question later may get another answer."""
    trainer = town.staff("trainer", "coach@example.org")
    assert trainer.post("/v1/athlete-invitations").status_code == 201
    (edge,) = trainer.graph("{ athleteInvitations { edges { node { id } } } }")["data"][
        "athleteInvitations"
    ]["edges"]
    node = f'{{ node(id: "{edge["node"]["id"]}") {{ ... on AthleteInvitation {{ state }} }} }}'
    for person, query in (
        (ada, "{ suggestion { text } }"),
        (ada, "{ recommendations { generatedAt } }"),
        (trainer, node),
    ):
        answer = person.post("/graphql", json={"query": query})
        assert "errors" not in answer.json(), answer.text
        assert answer.headers["Cache-Control"] == "private, no-store", query


def test_proposals_become_goals(ada: Person) -> None:
    """R-HLT-06: a metric with a goal is not proposed any more."""
    send(ada, *(measured("steps", 5000, "count", ago) for ago in range(1, 10)))
    (proposal,) = ada.get("/v1/me/health/goal-proposals").json()["items"]
    assert (proposal["metric"], proposal["target"], proposal["usual"]) == ("steps", 5500, 5000)
    goal = {"target": proposal["target"], "direction": proposal["direction"]}
    assert ada.ask("PUT", "/v1/me/health/goals/steps", json=goal).status_code == 200
    assert ada.get("/v1/me/health/goal-proposals").json()["items"] == []


def test_nobody_else_sees_the_dashboard(town: Town, ada: Person) -> None:
    """R-TEN-03: administrators and analysts see their own."""
    send(ada, walked("a", 10))
    for role in ("administrator", "analyst"):
        other = town.staff(role, f"{role}@example.org")
        assert trend_of(other).json()["points"] == []
        assert other.get("/v1/me/health/summary").json()["stats"]["sessions"] == 0
        assert steps_of_day(other) == []


def test_graphql_returns_the_same(ada: Person) -> None:
    """R-API-07: trends, summary, training and proposals."""
    send(ada, measured("steps", 70, "count"))
    read = ada.graph(
        'query($day: Date!) { healthTrend(metric: "steps", start: $day, end: $day) {'
        " step points { figure } } healthSummary(day: $day) { figures { metric figure }"
        " stats { load { state } recovery { metric state } } }"
        " healthTraining(start: $day, end: $day) { day sessions sleep }"
        " healthGoalProposals { metric } }",
        day=(NOW - timedelta(minutes=1)).date().isoformat(),
    )["data"]
    assert read["healthTrend"]["points"] == [{"figure": 70}]
    assert read["healthSummary"]["figures"] == [{"metric": "steps", "figure": 70}]
    assert read["healthTraining"][0]["sessions"] == 0
    assert read["healthGoalProposals"] == []


def test_days_outside_of_the_calendar_are_refused(ada: Person) -> None:
    """R-HLT-06: a clear error, and none of ours."""
    for day in ("0001-01-01", "0001-02-01", "9999-12-31"):
        period = {"start": day, "end": day}
        for path, query in (
            ("summary", {"day": day}),
            ("training", period),
            ("trends/steps", period),
        ):
            refused = ada.get(f"/v1/me/health/{path}", params=query)
            assert (refused.status_code, refused.json()["code"]) == (422, "value.invalid")
