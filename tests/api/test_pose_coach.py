"""Sessions of the pose coach over REST and GraphQL, under the names of its clients."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from application.kernel.read_models import Between, ReadModelUnavailable
from application.platform import Platform
from application.pose_coach.feedback import FeedbackService
from application.pose_coach.stores import to_timestamp
from application.pose_coach.workout_service import span_bounds
from domain.ids import TenantId, UserId
from tests.api.conftest import WEB
from tests.api.notation import said as said_alike
from tests.api.people import Town
from tests.api.pose_coach_items import SESSIONS, SUMMARY, TIMESTAMP, fresh, items, summary, uid

LIST = "{ workoutSessions { edges { node { sessionId userId timestamp feedbackPoints } } } }"

DELETE = (
    "mutation($id: ID!) { deleteWorkoutSession(input: {sessionId: $id}) {"
    " ... on PoseSessionDeletedPayload { sessionId deleted } } }"
)


def test_a_summary_is_saved_once_and_listed_as_it_was_sent(town: Town) -> None:
    """R-PCH-03, R-PCH-05, R-PCH-07, R-PCH-10, R-PCH-11, C-18: also without an idempotency key."""
    ada = town.citizen()
    key = uid(ada)
    assert uid(ada) != ada.id
    for _ in range(2):
        answer = ada.post(SUMMARY, json=summary(key))
        assert answer.status_code == 200, answer.text
        assert answer.json() == {
            "success": True,
            "message": "Workout session saved successfully",
            "motivational_feedback": "You did 12 repetitions in 120 seconds, with an accuracy of"
            " 87 %. This is your first session of this exercise."
            " Next time, watch this: “Knees over toes.”"
            " Tip: Push your knees out, over your toes.",
        }
    (session,) = items(town, ada)
    assert session | {"createdAt": "", "sessionId": ""} == {
        "sessionId": "",
        "userId": key,
        "exercise": "squat",
        "reps": 12,
        "accuracy": 0.87,
        "timestamp": TIMESTAMP,
        "duration": 120,
        "feedbackPoints": ["Knees over toes.", "Спина прямая"],
        "createdAt": "",
        "sinks": {"document": "pending", "analytics": "pending"},
    }
    graph = ada.graph(LIST)["data"]["workoutSessions"]["edges"]
    assert [edge["node"]["sessionId"] for edge in graph] == [session["sessionId"]]
    ada.post(SUMMARY, json=summary(key, timestamp="2025-10-17T15:30:00Z", accuracy=0.5, reps=8))
    stats = ada.client.get(f"{SESSIONS}/stats", headers=ada.headers | fresh(town)).json()
    assert stats == {
        "totalSessions": 2, "totalReps": 20, "averageAccuracy": 0.685, "totalDuration": 240,
    }  # fmt: skip


def test_a_session_is_deleted_for_its_athlete_alone(town: Town) -> None:
    """R-PCH-08, R-IDN-14: others get 404, and a repeated delete succeeds."""
    ada, eve = town.citizen(), town.citizen("eve@example.org")
    key = uid(ada)
    camel = {
        "userId": key, "exercise": "squat", "reps": 1, "accuracy": 1, "timestamp": TIMESTAMP,
        "duration": 60,
    }  # fmt: skip
    saved = ada.post(SESSIONS, json=camel)
    assert saved.status_code == 201, saved.text
    path = f"{SESSIONS}/{saved.json()['sessionId']}"
    assert eve.ask("DELETE", path).json()["code"] == "pose_session.unknown"
    assert items(town, eve) == []
    assert len(items(town, ada)) == 1
    once = {"Idempotency-Key": str(uuid4())}
    answers = [ada.client.delete(path, headers=ada.headers | key) for key in (once, once, {})]
    assert [each.status_code for each in answers] == [200, 200, 200]
    assert [each.json()["deleted"] for each in answers] == [True, True, False]
    graph = ada.graph(DELETE, id=saved.json()["sessionId"])["data"]["deleteWorkoutSession"]
    assert graph == {"sessionId": saved.json()["sessionId"], "deleted": False}
    assert items(town, ada) == []
    assert ada.post(SESSIONS, json=camel).json()["code"] == "pose_session.deleted"


def test_a_bad_summary_is_refused_in_both_forms_and_nothing_is_saved(town: Town) -> None:
    """C-35: a problem with `success: false` and `message`. Keys differ where only case does."""
    ada = town.citizen()
    key = uid(ada)
    nan = (
        '{"user_id":"%s","exercise":"squat","reps":1,"accuracy":NaN,"timestamp":"%s","duration":1}'
    )
    answers = [
        ada.post(SUMMARY, json=summary(key.swapcase())),
        ada.post(SUMMARY, json=summary(ada.id)),
        ada.post(SUMMARY, json=summary("")),
        ada.post(
            SUMMARY, content=nan % (key, TIMESTAMP), headers={"Content-Type": "application/json"}
        ),
        ada.post(SUMMARY, json=summary(key, feedback_points=["x" * 1_000_000])),
        ada.post(SUMMARY, json=summary(key, timestamp="2999-01-01T00:00:00Z")),
        ada.post(SUMMARY, json=summary(key, timestamp="9999-12-31T23:59:59-01:00")),
        ada.post(SUMMARY, json=summary(key, timestamp="0001-01-01T00:00:00+01:00")),
        ada.post(SUMMARY, json=summary(key, timestamp="2025-10-17T14:30:00")),
        ada.post(SUMMARY, json=summary(key, reps="12")),
        ada.post(SUMMARY, json=summary(key, reps=True)),
        ada.post(SUMMARY, json=summary(key, accuracy="0.5")),
    ]
    assert [each.status_code for each in answers] == [403, 403, *[422] * 10]
    for each in answers:
        problem = each.json()
        assert problem["success"] is False
        assert problem["message"] == problem["detail"]
    assert town.client.post(SUMMARY, json=summary(key)).status_code == 401
    assert items(town, ada) == []


def test_results_of_two_devices_of_the_same_moment_are_merged(town: Town) -> None:
    """R-PCH-18, R-PCH-21: in any order. Another exercise is a conflict."""
    ada = town.citizen()
    key = uid(ada)
    other = summary(key, reps=13, accuracy=0.5, feedback_points=["Back."])
    for body in (summary(key), other, summary(key)):
        answer = ada.post(SUMMARY, json=body)
        assert answer.status_code == 200, answer.text
    assert answer.json()["motivational_feedback"].startswith("You did 13 repetitions")
    (session,) = items(town, ada)
    assert (session["reps"], session["accuracy"], session["duration"]) == (13, 0.5, 120)
    assert session["feedbackPoints"] == ["Back.", "Knees over toes.", "Спина прямая"]
    stats = ada.client.get(f"{SESSIONS}/stats", headers=ada.headers | fresh(town)).json()
    assert (stats["totalSessions"], stats["totalReps"], stats["averageAccuracy"]) == (1, 13, 0.5)
    answer = ada.post(SUMMARY, json=summary(key, exercise="lunge"))
    assert (answer.status_code, answer.json()["code"]) == (409, "pose_session.differs")
    ada.ask("DELETE", f"{SESSIONS}/{session['sessionId']}")
    stats = ada.client.get(f"{SESSIONS}/stats", headers=ada.headers | fresh(town)).json()
    assert (stats["totalSessions"], stats["totalReps"]) == (0, 0)


def test_today_week_and_month_are_those_of_the_athletes_calendar(town: Town) -> None:
    """R-PCH-06, C-52."""
    ada = town.citizen()
    key, now = uid(ada), town.platform.clock()
    for age in (timedelta(0), timedelta(days=40)):
        ended = to_timestamp(now - age)
        assert ada.post(SUMMARY, json=summary(key, timestamp=ended)).status_code == 200
    listed = {each: len(items(town, ada, f"{SESSIONS}/{each}")) for each in ("week", "month")}
    assert listed == {"week": 1, "month": 1}
    assert len(items(town, ada)) == 2


@pytest.mark.parametrize(
    ("span", "start", "end"),
    [
        ("today", "2030-03-31T00:00+01:00", "2030-04-01T00:00+02:00"),
        ("week", "2030-03-25T00:00+01:00", "2030-04-01T00:00+02:00"),
        ("month", "2030-03-01T00:00+01:00", "2030-04-01T00:00+02:00"),
    ],
)
def test_spans_begin_at_local_midnight(span: Any, start: str, end: str) -> None:
    """R-PCH-06, C-52: also on the day on which clocks change."""
    now = datetime(2030, 3, 31, 12, tzinfo=UTC)  # a Sunday
    bounds = span_bounds(span, now, ZoneInfo("Europe/Berlin"))
    first, last = (datetime.fromisoformat(each).astimezone(UTC) for each in (start, end))
    assert bounds == Between(first, last)


def test_without_sign_in_the_only_person_has_the_key_athlete(platform: Platform) -> None:
    with TestClient(build_app(platform, web=WEB)) as client:
        assert client.post(SUMMARY, json=summary("athlete")).status_code == 200
        assert client.post(SUMMARY, json=summary(UserId("ada"))).status_code == 403


FEEDBACK = """query($id: ID!) { workoutFeedback(sessionId: $id, language: "ru") {
  sessionId language author text
  sentences { text citations { name number text sources } } } }"""


def test_feedback_cites_the_events_that_its_facts_follow_from(town: Town) -> None:
    """R-PCH-12, C-37: over REST and GraphQL, in the language that the client asks for."""
    ada, eve = town.citizen(), town.citizen("eve@example.org")
    key = uid(ada)
    ada.post(SUMMARY, json=summary(key, timestamp="2025-10-10T10:00:00Z", accuracy=0.8))
    answer = ada.post(SUMMARY, json=summary(key))
    path = answer.headers["Link"].partition(">")[0].strip("<")
    said = ada.client.get(path, headers=ada.headers | fresh(town)).json()
    assert said["text"] == answer.json()["motivational_feedback"]
    assert said["author"] == "rules"
    older = items(town, ada)[1]["sessionId"]
    best = {each["name"]: each for each in said["sentences"][1]["citations"]}["best_accuracy"]
    assert best["number"] == 80
    assert best["sources"] == [f"pose_session-{older}@1"]
    recorded = town.platform.log.load(TenantId(ada.tenant), f"pose_session-{older}")
    assert [each.version for each in recorded] == [1]
    russian = ada.client.get(f"{path}?language=ru", headers=ada.headers).json()
    assert russian["text"].startswith("12 повторений за 120 секунд, точность 87 %.")
    graph = ada.graph(FEEDBACK, id=said["sessionId"])["data"]["workoutFeedback"]
    assert said_alike(graph) == said_alike(russian)
    assert eve.ask("GET", path).json()["code"] == "pose_session.unknown"


def test_feedback_is_specific_again_after_an_outage(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-PCH-12: the generic sentence of the outage is not kept, by REST and by GraphQL."""
    ada = town.citizen()
    saved = ada.post(SUMMARY, json=summary(uid(ada)))
    town.settled()
    path = saved.headers["Link"].partition(">")[0].strip("<")
    query = "query($id: ID!) { workoutFeedback(sessionId: $id) { author } }"

    def authors() -> tuple[str, str]:
        by_graphql = ada.graph(query, id=path.split("/")[-2])["data"]["workoutFeedback"]
        return ada.get(path).json()["author"], by_graphql["author"].lower()

    def unavailable(*_: Any) -> None:
        raise ReadModelUnavailable

    with monkeypatch.context() as outage:
        outage.setattr(FeedbackService, "_facts", unavailable)
        assert authors() == ("generic", "generic")
    assert authors() == ("rules", "rules")


def test_a_session_is_saved_with_generic_feedback_while_read_models_are_stale(
    platform: Platform,
) -> None:
    """R-PCH-12, R-PCH-17, R-OPS-09: the sentence of last resort."""

    def fresh(position: int, _timeout_s: float) -> bool:
        return position == 0

    stale = replace(platform, fresh=fresh)
    with TestClient(build_app(stale, web=WEB)) as client:
        answer = client.post(SUMMARY, json=summary("athlete"))
    assert answer.json() == {
        "success": True,
        "message": "Workout session saved successfully",
        "motivational_feedback": "Great work! Your form is improving with each workout!",
    }
