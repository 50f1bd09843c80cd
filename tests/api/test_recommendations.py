"""Recommendations through the API: lists, reasons, preferences, dismissals, views and clicks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from application.guidance.service import CACHED
from application.health.dashboard import HealthDashboard, UserStats
from application.platform import Platform
from bootstrap.settings import Settings
from domain.guidance.events import RecommendationGenerated
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.personal import Personal
from tests.api.conftest import WEB
from tests.api.driver import ApiDriver
from tests.api.health_records import connect, send
from tests.api.measuring import measured
from tests.api.offers import offer
from tests.api.people import Person, Town
from tests.api.workouts import WorkoutDriver, prescribe

pytestmark = pytest.mark.both_compositions


@pytest.fixture
def ada(town: Town) -> Person:
    return town.citizen("ada@example.org")


def recommended(person: Person, path: str = "/v1/recommend", **query: str) -> Any:
    answer = person.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(recommendations: Any) -> list[str]:
    return [each["id"] for each in recommendations["recommendations"]]


def sent(person: Person, method: str, path: str, status: int = 200, /, **body: Any) -> Any:
    answer = person.ask(method, path, json=body or None)
    assert answer.status_code == status, answer.text
    return answer.json()


def generated(town: Town, list_id: str) -> RecommendationGenerated:
    history = town.platform.log.load(DEFAULT_TENANT, f"recommendation-{list_id}")
    (event,) = [each.event for each in history]
    assert isinstance(event, RecommendationGenerated)
    return event


def test_ten_items_with_checked_reasons_are_recommended_and_recorded(
    town: Town, ada: Person
) -> None:
    """R-REC-01, R-REC-05, R-REC-06, R-REC-07."""
    found = recommended(ada, "/recommend", userId=ada.id, context="home")
    assert len(found["recommendations"]) == 10
    assert all(each["reason"] == "You have not done it yet." for each in found["recommendations"])
    event = generated(town, found["id"])
    assert (event.user_id, event.context) == (ada.id, "home")
    assert [each.item_id for each in event.items] == names(found)
    shown = tuple(each["reasonCode"] for each in found["recommendations"])
    assert event.reasons == Personal(UserId(ada.id), shown)


def test_a_list_is_returned_again_for_exactly_five_minutes(
    platform: Platform, settings: Settings
) -> None:
    """R-REC-02, R-DAT-07, R-DAT-08, C-20."""
    passed = timedelta()
    moved = replace(platform, clock=lambda: platform.clock() + passed)
    app = build_app(moved, web=WEB, config=ApiConfig(sign_in_required=False))
    with TestClient(app) as client:
        service = Person(client, DEFAULT_TENANT, {"accessToken": ""})
        first = recommended(service, userId="ada")
        passed = timedelta(seconds=290)
        assert recommended(service, userId="ada") == first
        passed = timedelta(seconds=300)
        assert recommended(service, userId="ada")["id"] != first["id"]
    assert timedelta(seconds=300) == CACHED


def test_what_was_dismissed_is_gone_at_once_until_it_is_restored(ada: Person) -> None:
    first = names(recommended(ada))
    path = f"/v1/me/dismissed-recommendations/exercise/{first[0]}"
    sent(ada, "PUT", path)
    assert first[0] not in names(recommended(ada))
    sent(ada, "DELETE", path)
    assert first[0] in names(recommended(ada))


def test_more_of_an_item_is_recommended_at_once(ada: Person) -> None:
    """R-REC-09: and no longer, once that is taken back."""
    last = recommended(ada)["recommendations"][-1]
    path = f"/v1/me/wanted-recommendations/{last['kind']}/{last['id']}"
    sent(ada, "PUT", path)
    first = recommended(ada)["recommendations"][0]
    assert (first["id"], first["wanted"], first["reasonCode"]) == (last["id"], True, "wanted")
    assert first["reason"] == "You asked for more of this."
    sent(ada, "DELETE", path)
    assert not any(each["wanted"] for each in recommended(ada)["recommendations"])
    strains = {"squat": "knee"}
    sent(ada, "PUT", "/v1/me/wanted-recommendations/exercise/squat")
    sent(ada, "PUT", "/v1/me/guidance-preferences", spared=list(strains.values()))
    assert "squat" not in names(recommended(ada))


def test_preferences_exclude_at_once_and_say_what_else_would(ada: Person) -> None:
    preferences: dict[str, Any] = {
        "level": None,
        "goal": None,
        "minutes": 30,
        "equipment": [],
        "spared": ["knee"],
    }
    assert sent(ada, "PUT", "/v1/me/guidance-preferences", **preferences) == preferences
    assert ada.get("/v1/me/guidance-preferences").json() == preferences
    found = recommended(ada)
    assert not {"squat", "lunge", "bench_press", "deadlift"} & set(names(found))
    (plank,) = [each for each in found["recommendations"] if each["id"] == "plank"]
    assert plank["reason"] == "It needs no equipment."
    assert {each["constraint"] for each in plank["excludedIf"]} <= {"injury", "equipment"}
    graph = ada.graph("{ guidancePreferences { minutes equipment spared } }")["data"]
    assert graph == {"guidancePreferences": {"minutes": 30, "equipment": [], "spared": ["knee"]}}


def test_replacing_stale_preferences_returns_412(ada: Person) -> None:
    """RFC 9110, section 13.1.1: what another tab has saved stays; a repeat is executed once."""
    path = "/v1/me/guidance-preferences"
    read = {"If-Match": ada.get(path).headers["ETag"], "Idempotency-Key": "once"}
    for _ in range(2):
        saved = ada.ask("PUT", path, json={"minutes": 30}, headers=read)
        assert (saved.status_code, saved.json()["minutes"]) == (200, 30)
    assert saved.headers["ETag"] == ada.get(path).headers["ETag"] != read["If-Match"]
    later = {"If-Match": read["If-Match"]}
    stale = ada.ask("PUT", path, json={"minutes": 60}, headers=later)
    assert (stale.status_code, stale.json()["code"]) == (412, "guidance.preferences_moved")
    assert ada.get(path).json()["minutes"] == 30
    assert ada.ask("PUT", path, json={"minutes": 60}).status_code == 200


def test_views_and_clicks_are_noted_once_and_only_of_own_lists(town: Town, ada: Person) -> None:
    """R-REC-08."""
    found = recommended(ada)
    list_id, item = found["id"], found["recommendations"][1]
    click = {"kind": item["kind"], "id": item["id"]}
    for _ in range(2):
        sent(ada, "POST", f"/v1/recommendations/{list_id}/views", count=3)
        sent(ada, "POST", f"/v1/recommendations/{list_id}/clicks", **click)
    history = town.platform.log.load(DEFAULT_TENANT, f"recommendation-{list_id}")
    assert [each.event.event_name for each in history] == [
        "recommendation.generated", "recommendation.viewed", "recommendation.clicked",
    ]  # fmt: skip
    assert history[-1].event.place == 2
    eve = town.citizen("eve@example.org")
    refused = sent(eve, "POST", f"/v1/recommendations/{list_id}/clicks", 404, **click)
    assert refused["code"] == "recommendation.unknown"


def test_the_recommendation_service_scores_given_features(ada: Person) -> None:
    """R-REC-04, R-REC-06: the body and the answer have the literal names."""
    body: dict[str, Any] = {
        "userId": ada.id,
        "features": {
            "fitness_level": "intermediate",
            "preferences": {"equipment": [], "spared": []},
            "completion_rate": 0.8,
            "health_metrics": {"sleep_change": -10},
        },
    }
    answer = sent(ada, "POST", "/recommendations", **body)
    assert list(answer) == ["recommendations"]
    assert {"id", "score", "reason"} <= answer["recommendations"][0].keys()
    assert "bench_press" not in names(answer)
    assert sent(ada, "POST", "/v1/recommendations", **body) == answer


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/recommend?userId=somebody-else", {}, 403),
        ("GET", "/v1/recommend?context=Home%20page", {}, 422),
        ("POST", "/recommendations", {"userId": "somebody-else", "features": {}}, 403),
        ("POST", "/recommendations", {"features": {}}, 422),
        ("PUT", "/v1/me/guidance-preferences", {"minutes": 1}, 422),
        ("PUT", "/v1/me/guidance-preferences", {"equipment": ["spaceship"]}, 422),
        ("PUT", "/v1/me/dismissed-recommendations/session/a", {}, 422),
        ("POST", "/v1/recommendations/unknown/views", {"count": 1}, 404),
        ("POST", "/v1/recommendations/unknown/views", {"count": 0}, 422),
    ],
)
def test_other_requests_are_refused(
    ada: Person, method: str, path: str, body: dict[str, Any], status: int
) -> None:
    """C-35."""
    sent(ada, method, path, status, **body)


def test_nobody_gets_recommendations_without_signing_in(town: Town) -> None:
    assert town.client.get("/recommend").status_code == 401


def test_graphql_recommends_the_same(ada: Person) -> None:
    found = recommended(ada)
    query = "{ recommendations { id recommendations { id kind score reason } } }"
    graph = ada.graph(query)["data"]["recommendations"]
    assert graph["id"] == found["id"]
    assert graph["recommendations"] == [
        {"kind": each["kind"].upper(), **{key: each[key] for key in ("id", "score", "reason")}}
        for each in found["recommendations"]
    ]


def test_what_was_trained_is_the_reason(driver: ApiDriver) -> None:
    """R-REC-03: training, plans and completed workouts are features."""
    prescribe(driver)
    offer(driver)
    chosen = {"userId": "ada", "planId": "squats", "startOn": f"{datetime.now(UTC).date()}"}
    assert driver.client.post("/v1/enrollments", json=chosen).status_code == 201
    run = WorkoutDriver(driver, starts_at=datetime.now(UTC).isoformat())
    run.perform()
    position = {"After-Position": str(run.ask("/complete")["position"])}
    response = driver.client.get("/v1/recommend?userId=ada", headers=position)
    assert response.status_code == 200, response.text
    answer = response.json()
    found = {each["id"]: each for each in answer["recommendations"]}
    assert answer["recommendations"][0]["id"] == "legs"
    assert found["legs"]["reason"] == "It is the next workout of your plan."
    assert "squats" not in found, "a plan that is followed is not recommended"
    assert found["pull_up"]["reason"] == (
        "You did no sets of pulling exercises in 14 days; this has one."
    )


def test_training_makes_the_list_outdated(driver: ApiDriver) -> None:
    """R-REC-02, R-REC-06"""
    service = Person(driver.client, DEFAULT_TENANT, {"accessToken": ""})
    prescribe(driver)
    not_done = ("plank", "You have not done it yet.")
    before = recommended(service, userId="ada")["recommendations"]
    assert not_done in [(each["id"], each["reason"]) for each in before]
    run = WorkoutDriver(driver, starts_at=datetime.now(UTC).isoformat())
    run.perform()
    position = {"After-Position": str(run.ask("/complete")["position"])}
    answer = driver.client.get("/v1/recommend?userId=ada", headers=position).json()
    assert not_done not in [(each["id"], each["reason"]) for each in answer["recommendations"]]


@pytest.mark.parametrize("change", ["revised", "deleted"])
def test_a_change_of_a_recommended_workout_makes_the_list_outdated(
    ada: Person, change: str
) -> None:
    """R-REC-02, R-REC-06"""
    sent(ada, "PUT", "/v1/me/guidance-preferences", minutes=30)
    squats = {"exerciseId": "squat", "sets": 3, "targetRepetitions": 5, "restS": 60}
    path, body = "/v1/workout-plans", {"name": "Legs", "exercises": [squats]}
    sent(ada, "POST", path, 201, workoutId="legs", authorId=ada.id, **body)
    assert "legs" in names(recommended(ada))
    if change == "deleted":
        sent(ada, "DELETE", f"{path}/legs")
    else:  # too long now
        sent(ada, "PUT", f"{path}/legs", **body | {"exercises": [{**squats, "sets": 40}]})
    assert "legs" not in names(recommended(ada))


def test_a_sync_of_health_data_makes_the_list_outdated(ada: Person) -> None:
    """C-40."""
    first = recommended(ada)
    ada.agrees("health_data")
    connect(ada)
    stored = send(ada, measured("steps", 500, "count"))
    assert stored.status_code == 200, stored.text
    position = {"After-Position": str(stored.json()["position"])}
    assert ada.get("/v1/recommend", headers=position).json()["id"] != first["id"]


def night(ago: int, hours: int) -> dict[str, Any]:
    """Return the sleep that began at one o'clock some days ago."""
    start = datetime.now(UTC).replace(hour=1, minute=0, second=0) - timedelta(days=ago)
    end = start + timedelta(hours=hours)
    times = {"start": start.isoformat(), "end": end.isoformat()}
    return measured("sleep", 60 * hours, "min") | times


def test_health_data_is_related_to_training_only_with_consent(ada: Person) -> None:
    """R-TEN-12, R-REC-03: a withdrawal also makes an earlier list outdated."""
    ada.agrees("health_data")
    connect(ada, "apple_health", "sleep")
    nights = [night(ago, hours=4 if ago < 7 else 8) for ago in range(1, 30)]
    stored = send(ada, *nights)
    assert stored.json()["accepted"] == len(nights)
    prescribed = f"""mutation {{ prescribeWorkout(input: {{workoutId: "legs",
      authorId: "{ada.id}", name: "Legs", exercises: [{{exerciseId: "squat", sets: 1,
      targetRepetitions: 8, restS: 10}}]}}) {{ ... on WorkoutPayload {{ position }} }} }}"""
    written = ada.graph(prescribed)["data"]["prescribeWorkout"]
    position = {"After-Position": str(written["position"])}
    assert "You slept" in ada.get("/v1/recommend", headers=position).text
    withdrawn = {"purpose": "health_data", "given": False}
    assert ada.ask("PUT", "/v1/me/consents", json=withdrawn).status_code == 200
    later = recommended(ada)
    assert later["recommendations"]
    assert "slept" not in str(later)


def test_health_data_of_the_athletes_own_day_are_used(
    town: Town, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-REC-03: in a zone whose day is another one than that of UTC."""
    now = town.platform.clock()
    zone = "Pacific/Kiritimati" if now.hour >= 10 else "Pacific/Pago_Pago"
    change = """mutation($input: ChangeProfileInput!) { changeProfile(input: $input) {
      ... on UserPayload { user { timeZone } position } } }"""
    changed = ada.graph(change, input={"userId": ada.id, "timeZone": zone, "locale": "en"})
    ada.agrees("health_data")
    days: list[date] = []
    stats = HealthDashboard.stats

    def spied(dashboard: HealthDashboard, tenant: TenantId, user: UserId, today: date) -> UserStats:
        days.append(today)
        return stats(dashboard, tenant, user, today)

    monkeypatch.setattr(HealthDashboard, "stats", spied)
    position = {"After-Position": str(changed["data"]["changeProfile"]["position"])}
    assert ada.get("/v1/recommend", headers=position).status_code == 200
    assert days == [now.astimezone(ZoneInfo(zone)).date()]
    assert days != [now.date()]


def test_questions_about_the_own_training_are_answered_with_citations(driver: ApiDriver) -> None:
    """R-REC-11."""
    prescribe(driver)
    run = WorkoutDriver(driver)
    run.perform()
    position = {"After-Position": str(run.ask("/complete")["position"])}
    query = {"userId": "ada", "question": "When did I last squat?"}
    found = driver.client.get("/v1/suggestions", params=query, headers=position).json()
    (sentence, *_) = found["sentences"]
    assert sentence["text"].startswith("Squat: you last did")
    sources = {each for fact in sentence["citations"] for each in fact["sources"]}
    assert sources == {f"session-{run.id}"}


def test_answers_are_in_the_language_of_the_page(ada: Person) -> None:
    """R-REC-11, R-UIX-07: by both transports; an unknown language is answered in English."""
    for locale, language, start in (
        ("ru-RU", "ru", "Пока нет"),
        ("es", "es", "Todavía"),
        ("xx", "en", "There is"),
    ):
        answer = ada.get("/v1/suggestions", params={"locale": locale}).json()
        assert answer["language"] == language
        assert answer["text"].startswith(start)
        query = "query($locale: String) { suggestion(locale: $locale) { text } }"
        graph = ada.graph(query, locale=locale)["data"]["suggestion"]
        assert graph == {"text": answer["text"]}
    assert ada.get("/v1/suggestions", params={"locale": "x" * 36}).status_code == 422


def test_nobody_asks_about_the_training_of_others(town: Town, ada: Person) -> None:
    """R-REC-11: by both transports."""
    nothing = ada.get("/v1/suggestions", params={"question": "How often do I train?"}).json()
    assert nothing["author"] == "generic"
    graph = ada.graph('{ suggestion(question: "How often do I train?") { text author } }')
    assert graph["data"]["suggestion"] == {"text": nothing["text"], "author": "GENERIC"}
    assert ada.get("/v1/suggestions?userId=somebody-else").status_code == 403
    assert ada.get("/v1/suggestions?question=").status_code == 422
    assert town.client.get("/v1/suggestions").status_code == 401
