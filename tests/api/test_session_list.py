"""Sessions are filtered, sorted, deleted and restored."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from application.kernel.command_handler import Request
from application.platform import Platform
from domain.ids import ExerciseId, UserId
from domain.sessions import commands
from domain.sessions.commands import RESTORE_WINDOW
from domain.sessions.session import SESSION
from domain.values import CountedBy
from tests.api.driver import AT, ApiDriver

pytestmark = pytest.mark.both_compositions

GRAPH = """
query($only: SessionFilter, $sort: SessionSort! = STARTED_AT, $ascending: Boolean! = false) {
  sessions(first: 20, only: $only, sort: $sort, ascending: $ascending) {
    edges { node { sessionId } }
  }
}"""


def listed(driver: ApiDriver, **sent: Any) -> list[str]:
    answer = driver.client.get("/v1/sessions", params=sent)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


def graphed(driver: ApiDriver, **variables: Any) -> list[str]:
    edges = driver.ask(GRAPH, **variables)["sessions"]["edges"]
    return [edge["node"]["sessionId"] for edge in edges]


def by_hand(driver: ApiDriver, key: str, days: int) -> str:
    """Write a manually logged session without form."""
    at = AT + timedelta(days=days)
    started = commands.StartSession(athlete_id=UserId("ada"), at=at)
    by = CountedBy("manual", "", 1)
    first = commands.StartSet(set=1, exercise_id=ExerciseId("push_up"), counted_by=by)
    driver.write(Request(SESSION, key, [started, first]))
    return key


def test_sessions_are_found_by_day_form_and_recording(driver: ApiDriver) -> None:
    """R-UIX-03, C-53."""
    early, later = driver.train(1), driver.train(2, repetitions=3)
    alone = by_hand(driver, "alone", 1)
    assert listed(driver) == graphed(driver) == [alone, later, early]
    day = AT.date()
    assert listed(driver, until=day.isoformat()) == [later, early]
    assert listed(driver, since=(day + timedelta(days=1)).isoformat()) == [alone]
    assert graphed(driver, only={"since": day.isoformat(), "until": day.isoformat()}) == [
        later,
        early,
    ]
    assert (
        listed(driver, recorded=True) == graphed(driver, only={"recorded": True}) == [later, early]
    )
    assert listed(driver, recorded=False) == graphed(driver, only={"recorded": False}) == [alone]
    good = {"formFrom": 0.85}
    assert listed(driver, form_from=0.85) == graphed(driver, only=good) == [later, early]
    assert listed(driver, form_below=0.85) == []
    assert listed(driver, form_from=0.65, form_below=0.9, recorded=True) == [later, early]


def test_days_are_those_of_the_requested_time_zone(driver: ApiDriver) -> None:
    """C-52: 10:30 UTC of 31 January is 1 February in Kiritimati, UTC+14."""
    session, february = driver.train(3), "2030-02-01"
    assert listed(driver, since=february) == []
    assert listed(driver, since=february, zone="Pacific/Kiritimati") == [session]
    assert listed(driver, until="2030-01-31", zone="Pacific/Kiritimati") == []
    unknown = driver.client.get("/v1/sessions", params={"since": february, "zone": "Mars/Olympus"})
    assert unknown.status_code == 422
    far = driver.client.get("/v1/sessions", params={"since": "9999-12-31"})
    assert (far.status_code, far.json()["code"]) == (422, "value.invalid")


def test_sessions_are_sorted_and_paginated_by_cursor(driver: ApiDriver) -> None:
    """R-UIX-03."""
    three, one, two = (driver.train(n, repetitions=r) for n, r in ((1, 3), (2, 1), (3, 2)))
    assert listed(driver, sort="repetitions") == [three, two, one]
    assert graphed(driver, sort="DURATION", ascending=True) == [one, two, three]
    change: dict[str, Any] = {
        "sort": "repetitions",
        "first": 2,
        "recorded": True,
        "zone": "Asia/Tokyo",
    }
    page = driver.client.get("/v1/sessions", params=change)
    following = driver.client.get(page.links["next"]["url"])
    assert [each["id"] for each in following.json()["items"]] == [one]
    mixed = driver.client.get(
        "/v1/sessions", params={"after": page.json()["pageInfo"]["endCursor"]}
    )
    assert mixed.status_code == 422


def total(driver: ApiDriver) -> int:
    sent = '{ totals(athleteId: "ada", period: ALL) { repetitions } }'
    return sum(each["repetitions"] for each in driver.ask(sent)["totals"])


def test_a_deleted_session_is_nowhere_and_comes_back_with_its_recording(driver: ApiDriver) -> None:
    """R-UIX-03, R-RPL-13."""
    kept, gone = driver.train(1), driver.train(2)
    assert total(driver) == 4
    for _ in range(2):  # the second time changes nothing
        assert driver.client.delete(f"/v1/sessions/{gone}").status_code == 204
    assert listed(driver) == graphed(driver) == [kept]
    assert driver.client.get(f"/v1/sessions/{gone}").json()["code"] == "session.unknown"
    sent = "query($id: ID!) { session(id: $id, asOf: {version: 3}) { sessionId } }"
    assert driver.ask(sent, id=gone)["session"] is None
    assert driver.client.get(f"/v1/recordings/{gone}").status_code == 404
    assert total(driver) == 2
    back = driver.client.post(f"/v1/sessions/{gone}:restore")
    assert (back.status_code, total(driver)) == (204, 4)
    assert listed(driver, recorded=True) == [gone, kept]
    assert driver.client.get(f"/v1/recordings/{gone}").json()["status"] == "completed"
    assert driver.client.delete("/v1/sessions/nowhere").status_code == 404


def test_a_recording_that_was_deleted_before_stays_deleted(driver: ApiDriver) -> None:
    session = driver.train(1)
    driver.client.delete(f"/v1/recordings/{session}")
    driver.client.delete(f"/v1/sessions/{session}")
    driver.client.post(f"/v1/sessions/{session}:restore")
    assert listed(driver, recorded=False) == [session]


def test_a_deleted_session_cannot_be_restored_after_a_week(driver: ApiDriver) -> None:
    session = driver.train(1)
    driver.client.delete(f"/v1/sessions/{session}")
    platform: Platform = driver.client.app.state.platform  # type: ignore[attr-defined]
    then = platform.clock() + RESTORE_WINDOW + timedelta(seconds=1)
    driver.client.app.state.platform = replace(platform, clock=lambda: then)  # type: ignore[attr-defined]
    later = driver.client.post(f"/v1/sessions/{session}:restore")
    assert (later.status_code, later.json()["code"]) == (409, "session.gone")


def test_a_set_begun_against_advice_says_which_lights_were_red(driver: ApiDriver) -> None:
    """R-UIX-01."""
    session = by_hand(driver, "against-advice", 0)
    path = f"/v1/sessions/{session}/overrides"
    body = {"set": 1, "checks": ["light", "view"], "atMs": 1200}
    assert driver.client.post(path, json=body).status_code == 201
    (reply,) = driver.client.get(f"/v1/sessions/{session}").json()["sets"]
    assert reply["overridden"] == ["light", "view"]
    wrong = driver.client.post(path, json={**body, "checks": ["permission"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "value.invalid")


KEEP = """
mutation($session: ID!) {{
  {name}(input: {{sessionId: $session{more}}}) {{
    ... on SessionPayload {{ session {{ sessionId sets {{ overridden }} }} }}
    ... on Problem {{ code }}
  }}
}}"""


def sent(driver: ApiDriver, name: str, session: str, more: str = "") -> Any:
    return driver.ask(KEEP.format(name=name, more=more), session=session)[name]


def test_graphql_has_the_same_filters(driver: ApiDriver) -> None:
    """C-53, R-UIX-03."""
    session = by_hand(driver, "by-graph", 0)
    change = ', set: 1, checks: ["view"], atMs: 0'
    reply = {"sessionId": session, "sets": [{"overridden": ["view"]}]}
    assert sent(driver, "overrideChecks", session, change) == {"session": reply}
    assert sent(driver, "deleteSession", session) == {"session": None}
    assert listed(driver) == []
    assert sent(driver, "overrideChecks", session, change) == {"code": "session.not_underway"}
    assert sent(driver, "restoreSession", session) == {"session": reply}
    assert sent(driver, "deleteSession", "nowhere") == {"code": "session.not_there"}


TAG = """
mutation($id: ID!, $tags: [String!]!, $once: UUID) {
  changeSessionTags(input: {sessionId: $id, tags: $tags, commandId: $once}) {
    ... on SessionPayload { session { tags } repeated }
    ... on Problem { code }
  }
}"""


def test_sessions_are_found_by_the_athlete_s_own_words(driver: ApiDriver) -> None:
    """R-UIX-03"""
    legs, arms, plain = driver.train(1), driver.train(2), by_hand(driver, "plain", 1)
    reply = driver.client.put(f"/v1/sessions/{legs}/tags", json={"tags": [" Leg day ", "100%"]})
    assert (reply.status_code, reply.json()) == (200, {"tags": ["Leg day", "100%"]})
    written = driver.ask(TAG, id=arms, tags=["arms", "leg"])["changeSessionTags"]
    assert written["session"] == {"tags": ["arms", "leg"]}
    for word, found in (
        ("LEG DAY", [legs]), ("leg", [arms]), ("100%", [legs]), ("%", []), ("day", []),
        (" arms", [arms]), ("_rms", []),
    ):  # fmt: skip
        assert listed(driver, tag=word) == graphed(driver, only={"tag": word}) == found
    shown = driver.client.get("/v1/sessions").json()["items"]
    assert {each["id"]: each["tags"] for each in shown} == {
        legs: ["Leg day", "100%"], arms: ["arms", "leg"], plain: [],
    }  # fmt: skip
    driver.client.put(f"/v1/sessions/{legs}/tags", json={"tags": []})
    assert listed(driver, tag="leg day") == []


def test_tags_are_changed_once_and_only_as_they_were_read(driver: ApiDriver) -> None:
    """R-UIX-03"""
    session = driver.train(1)
    path = f"/v1/sessions/{session}/tags"
    before = driver.client.get(path)
    believing = {"If-Match": before.headers["ETag"]}
    now = driver.client.put(path, json={"tags": ["legs"]}, headers=believing)
    assert now.headers["ETag"] == driver.client.get(path).headers["ETag"]
    later = driver.client.put(path, json={"tags": ["arms"]}, headers=believing)
    assert (later.status_code, later.json()["code"]) == (412, "session.tags_moved")
    once = "0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6099"
    for repeated in (False, True):
        reply = driver.ask(TAG, id=session, tags=["back"], once=once)["changeSessionTags"]
        assert reply == {"session": {"tags": ["back"]}, "repeated": repeated}
    wrong = driver.client.put(path, json={"tags": ["x" * 31]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "value.invalid")
    for tag in ("", "legs, heavy"):
        refused = driver.ask(TAG, id=session, tags=[tag])["changeSessionTags"]
        assert refused == {"code": "value.invalid"}
    wrong = driver.client.put(path, json={"tags": ["legs, heavy"]})
    assert wrong.status_code == 422
    assert wrong.json()["detail"] == "A tag has no comma, because commas separate tags."
    assert driver.client.get(path).json() == {"tags": ["back"]}


def test_missing_and_deleted_sessions_have_no_tags(driver: ApiDriver) -> None:
    """R-UIX-03"""
    gone = driver.train(1)
    driver.client.delete(f"/v1/sessions/{gone}")
    for session in (gone, "nowhere"):
        path = f"/v1/sessions/{session}/tags"
        for answer in (driver.client.get(path), driver.client.put(path, json={"tags": ["a"]})):
            assert answer.status_code == 404, answer.text
