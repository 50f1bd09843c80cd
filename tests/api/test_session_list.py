"""Sessions are found among many, deleted, and brought back for a while."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from application.kernel.command_handler import Request
from application.platform import Platform
from domain.ids import ExerciseId, UserId
from domain.sessions import commands
from domain.sessions.commands import RESTORE_WINDOW
from domain.sessions.session import SESSION
from domain.values import CountedBy
from tests.api.house import AT, House

GRAPH = """
query($only: SessionFilter, $sort: SessionSort! = STARTED_AT, $ascending: Boolean! = false) {
  sessions(first: 20, only: $only, sort: $sort, ascending: $ascending) {
    edges { node { sessionId } }
  }
}"""


def listed(house: House, **asked: Any) -> list[str]:
    answer = house.client.get("/v1/sessions", params=asked)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


def graphed(house: House, **variables: Any) -> list[str]:
    edges = house.ask(GRAPH, **variables)["sessions"]["edges"]
    return [edge["node"]["sessionId"] for edge in edges]


def by_hand(house: House, key: str, days: int) -> str:
    """Write a session that no camera saw and no form was measured in."""
    at = AT + timedelta(days=days)
    started = commands.StartSession(athlete_id=UserId("ada"), at=at)
    by = CountedBy("manual", "", 1)
    first = commands.StartSet(set=1, exercise_id=ExerciseId("push_up"), counted_by=by)
    house.write(Request(SESSION, key, [started, first]))
    return key


def test_sessions_are_found_by_day_form_and_recording(house: House) -> None:
    """R-UIX-03, C-53."""
    early, late = house.train(1), house.train(2, repetitions=3)
    alone = by_hand(house, "alone", 1)
    assert listed(house) == graphed(house) == [alone, late, early]
    day = AT.date()
    assert listed(house, until=day.isoformat()) == [late, early]
    assert listed(house, since=(day + timedelta(days=1)).isoformat()) == [alone]
    assert graphed(house, only={"since": day.isoformat(), "until": day.isoformat()}) == [
        late,
        early,
    ]
    assert listed(house, recorded=True) == graphed(house, only={"recorded": True}) == [late, early]
    assert listed(house, recorded=False) == graphed(house, only={"recorded": False}) == [alone]
    good = {"formFrom": 0.85}
    assert listed(house, form_from=0.85) == graphed(house, only=good) == [late, early]
    assert listed(house, form_below=0.85) == []
    assert listed(house, form_from=0.65, form_below=0.9, recorded=True) == [late, early]


def test_a_day_is_one_of_the_clock_that_is_asked_for(house: House) -> None:
    """C-52: 10:30 UTC of 31 January is 1 February in Kiritimati, UTC+14."""
    session, february = house.train(3), "2030-02-01"
    assert listed(house, since=february) == []
    assert listed(house, since=february, zone="Pacific/Kiritimati") == [session]
    assert listed(house, until="2030-01-31", zone="Pacific/Kiritimati") == []
    unknown = house.client.get("/v1/sessions", params={"since": february, "zone": "Mars/Olympus"})
    assert unknown.status_code == 422
    far = house.client.get("/v1/sessions", params={"since": "9999-12-31"})
    assert (far.status_code, far.json()["code"]) == (422, "value.invalid")


def test_sessions_are_ordered_as_asked_and_read_on_by_cursor(house: House) -> None:
    """R-UIX-03."""
    three, one, two = (house.train(n, repetitions=r) for n, r in ((1, 3), (2, 1), (3, 2)))
    assert listed(house, sort="repetitions") == [three, two, one]
    assert graphed(house, sort="DURATION", ascending=True) == [one, two, three]
    wish: dict[str, Any] = {
        "sort": "repetitions",
        "first": 2,
        "recorded": True,
        "zone": "Asia/Tokyo",
    }
    page = house.client.get("/v1/sessions", params=wish)
    following = house.client.get(page.links["next"]["url"])
    assert [each["id"] for each in following.json()["items"]] == [one]
    mixed = house.client.get("/v1/sessions", params={"after": page.json()["pageInfo"]["endCursor"]})
    assert mixed.status_code == 422


def total(house: House) -> int:
    asked = '{ totals(athleteId: "ada", period: ALL) { repetitions } }'
    return sum(each["repetitions"] for each in house.ask(asked)["totals"])


def test_a_deleted_session_is_nowhere_and_comes_back_with_its_recording(house: House) -> None:
    """R-UIX-03, R-RPL-13."""
    kept, gone = house.train(1), house.train(2)
    assert total(house) == 4
    for _ in range(2):  # asking again changes nothing
        assert house.client.delete(f"/v1/sessions/{gone}").status_code == 204
    assert listed(house) == graphed(house) == [kept]
    assert house.client.get(f"/v1/sessions/{gone}").json()["code"] == "session.unknown"
    asked = "query($id: ID!) { session(id: $id, asOf: {version: 3}) { sessionId } }"
    assert house.ask(asked, id=gone)["session"] is None
    assert house.client.get(f"/v1/recordings/{gone}").status_code == 404
    assert total(house) == 2
    back = house.client.post(f"/v1/sessions/{gone}:restore")
    assert (back.status_code, total(house)) == (204, 4)
    assert listed(house, recorded=True) == [gone, kept]
    assert house.client.get(f"/v1/recordings/{gone}").json()["status"] == "completed"
    assert house.client.delete("/v1/sessions/nowhere").status_code == 404


def test_a_recording_that_was_deleted_before_stays_deleted(house: House) -> None:
    session = house.train(1)
    house.client.delete(f"/v1/recordings/{session}")
    house.client.delete(f"/v1/sessions/{session}")
    house.client.post(f"/v1/sessions/{session}:restore")
    assert listed(house, recorded=False) == [session]


def test_nothing_comes_back_after_a_week(house: House) -> None:
    session = house.train(1)
    house.client.delete(f"/v1/sessions/{session}")
    platform: Platform = house.client.app.state.platform  # type: ignore[attr-defined]
    then = platform.clock() + RESTORE_WINDOW + timedelta(seconds=1)
    house.client.app.state.platform = replace(platform, clock=lambda: then)  # type: ignore[attr-defined]
    late = house.client.post(f"/v1/sessions/{session}:restore")
    assert (late.status_code, late.json()["code"]) == (409, "session.gone")


def test_a_set_begun_against_advice_says_which_lights_were_red(house: House) -> None:
    """R-UIX-01."""
    session = by_hand(house, "against-advice", 0)
    path = f"/v1/sessions/{session}/overrides"
    body = {"set": 1, "checks": ["light", "view"], "atMs": 1200}
    assert house.client.post(path, json=body).status_code == 201
    (told,) = house.client.get(f"/v1/sessions/{session}").json()["sets"]
    assert told["overridden"] == ["light", "view"]
    wrong = house.client.post(path, json={**body, "checks": ["permission"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "value.invalid")


KEEP = """
mutation($session: ID!) {{
  {name}(input: {{sessionId: $session{more}}}) {{
    ... on SessionPayload {{ session {{ sessionId sets {{ overridden }} }} }}
    ... on Problem {{ code }}
  }}
}}"""


def asked(house: House, name: str, session: str, more: str = "") -> Any:
    return house.ask(KEEP.format(name=name, more=more), session=session)[name]


def test_the_graph_has_the_same_doors(house: House) -> None:
    """C-53, R-UIX-03."""
    session = by_hand(house, "by-graph", 0)
    wish = ', set: 1, checks: ["view"], atMs: 0'
    told = {"sessionId": session, "sets": [{"overridden": ["view"]}]}
    assert asked(house, "overrideChecks", session, wish) == {"session": told}
    assert asked(house, "deleteSession", session) == {"session": None}
    assert listed(house) == []
    assert asked(house, "overrideChecks", session, wish) == {"code": "session.not_underway"}
    assert asked(house, "restoreSession", session) == {"session": told}
    assert asked(house, "deleteSession", "nowhere") == {"code": "session.not_there"}


TAG = """
mutation($id: ID!, $tags: [String!]!, $once: UUID) {
  changeSessionTags(input: {sessionId: $id, tags: $tags, commandId: $once}) {
    ... on SessionPayload { session { tags } repeated }
    ... on Problem { code }
  }
}"""


def test_sessions_are_found_by_the_athlete_s_own_words(house: House) -> None:
    """R-UIX-03"""
    legs, arms, plain = house.train(1), house.train(2), by_hand(house, "plain", 1)
    told = house.client.put(f"/v1/sessions/{legs}/tags", json={"tags": [" Leg day ", "100%"]})
    assert (told.status_code, told.json()) == (200, {"tags": ["Leg day", "100%"]})
    written = house.ask(TAG, id=arms, tags=["arms", "leg"])["changeSessionTags"]
    assert written["session"] == {"tags": ["arms", "leg"]}
    for word, found in (
        ("LEG DAY", [legs]), ("leg", [arms]), ("100%", [legs]), ("%", []), ("day", []),
        (" arms", [arms]), ("_rms", []),
    ):  # fmt: skip
        assert listed(house, tag=word) == graphed(house, only={"tag": word}) == found
    shown = house.client.get("/v1/sessions").json()["items"]
    assert {each["id"]: each["tags"] for each in shown} == {
        legs: ["Leg day", "100%"], arms: ["arms", "leg"], plain: [],
    }  # fmt: skip
    house.client.put(f"/v1/sessions/{legs}/tags", json={"tags": []})
    assert listed(house, tag="leg day") == []


def test_tags_are_changed_once_and_only_as_they_were_read(house: House) -> None:
    """R-UIX-03"""
    session = house.train(1)
    path = f"/v1/sessions/{session}/tags"
    before = house.client.get(path)
    believing = {"If-Match": before.headers["ETag"]}
    now = house.client.put(path, json={"tags": ["legs"]}, headers=believing)
    assert now.headers["ETag"] == house.client.get(path).headers["ETag"]
    late = house.client.put(path, json={"tags": ["arms"]}, headers=believing)
    assert (late.status_code, late.json()["code"]) == (412, "session.tags_moved")
    once = "0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6099"
    for repeated in (False, True):
        told = house.ask(TAG, id=session, tags=["back"], once=once)["changeSessionTags"]
        assert told == {"session": {"tags": ["back"]}, "repeated": repeated}
    wrong = house.client.put(path, json={"tags": ["x" * 31]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "value.invalid")
    refused = house.ask(TAG, id=session, tags=[""])["changeSessionTags"]
    assert refused == {"code": "value.invalid"}
    assert house.client.get(path).json() == {"tags": ["back"]}


def test_what_is_not_there_or_deleted_has_no_tags(house: House) -> None:
    """R-UIX-03"""
    gone = house.train(1)
    house.client.delete(f"/v1/sessions/{gone}")
    for session in (gone, "nowhere"):
        path = f"/v1/sessions/{session}/tags"
        for answer in (house.client.get(path), house.client.put(path, json={"tags": ["a"]})):
            assert answer.status_code == 404, answer.text
