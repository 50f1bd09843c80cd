"""Leaderboards show members who joined, by pseudonym."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from application.kernel.command_handler import Request
from application.leaderboards.rankings import FEWEST, last_month
from application.platform import Platform
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.users.commands import EraseUser, SuspendUser, UserCommand
from domain.users.user import USER
from tests.api.conftest import WEB
from tests.api.people import Person, Town
from tests.api.rivals import settle, squat

MINE, BOARD = "/v1/me/leaderboards", "/v1/leaderboards"
GRAPH = """
query($measure: LeaderboardMeasure! = REPETITIONS, $period: LeaderboardPeriod! = WEEK, $on: Date,
      $exercise: ID, $first: Int! = 20, $after: String, $aroundMe: Boolean! = false) {
  leaderboard(measure: $measure, period: $period, on: $on, exercise: $exercise, first: $first,
              after: $after, aroundMe: $aroundMe) {
    start end entries me { rank pseudonym figure mine }
    edges { cursor node { rank pseudonym figure mine } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  } }"""
COMPARED = """
{ monthComparison { month mine { repetitions form }
  repetitions { lower median upper } form { lower median upper } } }"""


def said(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


def join(person: Person, pseudonym: str, **headers: str) -> Any:
    version = said(person.get(MINE))["consentVersion"]
    change = {"pseudonym": pseudonym, "consentVersion": version}
    return person.ask("PUT", MINE, json=change, headers=headers)


def names(person: Person, **request_body: Any) -> list[str]:
    return [row["pseudonym"] for row in said(person.get(BOARD, params=request_body))["items"]]


def test_somebody_joins_is_seen_and_leaves(town: Town) -> None:
    """C-41, R-PRG-04"""
    ada, eve = town.citizen("ada@example.org"), town.citizen("eve@example.org")
    squat(town.platform, ada.id, 5)
    before = ada.get(MINE)
    assert said(before)["pseudonym"] is None
    assert "pseudonym" in said(before)["consentText"]
    assert names(eve) == []
    after = join(ada, "Quiet Otter")
    assert said(after)["pseudonym"] == "Quiet Otter"
    assert after.headers["ETag"] == ada.get(MINE).headers["ETag"] != before.headers["ETag"]
    assert names(ada) == names(eve) == ["Quiet Otter"]
    assert said(join(ada, "Loud Otter"))["pseudonym"] == "Loud Otter"
    assert names(eve) == ["Loud Otter"]
    assert ada.ask("DELETE", MINE).status_code == 204
    assert names(eve) == []
    standing = said(ada.get("/v1/me/consents"))["items"]
    assert not next(each for each in standing if each["purpose"] == "leaderboards")["given"]
    assert ada.ask("DELETE", MINE).status_code == 204


def test_withdrawing_consent_leaves_leaderboards_at_once(town: Town) -> None:
    """C-41, R-TEN-12"""
    ada = town.citizen()
    squat(town.platform, ada.id, 5)
    said(join(ada, "Quiet Otter"))
    withdrawn = {"purpose": "leaderboards", "given": False}
    said(ada.ask("PUT", "/v1/me/consents", json=withdrawn))
    assert names(ada) == []
    said(join(ada, "Quiet Otter"))
    assert names(ada) == ["Quiet Otter"]
    ada.graph(
        "mutation { recordConsent(input: {purpose: LEADERBOARDS, given: false}) { __typename } }"
    )
    assert names(ada) == []
    assert said(ada.get(MINE))["pseudonym"] is None


def test_rejected_joins_state_the_reason(town: Town) -> None:
    """C-41"""
    ada, eve = town.citizen("ada@example.org"), town.citizen("eve@example.org")
    said(join(eve, "Quiet Otter"))
    for pseudonym, status, code in [
        ("quiet-otter", 409, "leaderboards.pseudonym_taken"),
        ("The Real Ada", 409, "leaderboards.pseudonym_tells_name"),
        ("ada@example.org", 422, "value.invalid"),
        ("ab", 422, "value.invalid"),
    ]:
        assert said(join(ada, pseudonym), status)["code"] == code
    stale = {"pseudonym": "Fox", "consentVersion": "of old"}
    assert said(ada.ask("PUT", MINE, json=stale), 409)["code"] == "consent.outdated"
    assert said(ada.get(MINE))["pseudonym"] is None
    assert said(join(eve, "QUIET OTTER"))["pseudonym"] == "QUIET OTTER"


def test_changing_a_stale_account_returns_412(town: Town) -> None:
    """RFC 9110, section 13.1.1; R-API-04: a repeated request is not a conflict."""
    ada = town.citizen()
    seen = {"If-Match": ada.get(MINE).headers["ETag"], "Idempotency-Key": "once"}
    for _ in range(2):
        assert said(join(ada, "Quiet Otter", **seen))["pseudonym"] == "Quiet Otter"
    seen["Idempotency-Key"] = "twice"
    moved = "leaderboards.membership_moved"
    assert said(join(ada, "Loud Otter", **seen), 412)["code"] == moved
    assert said(ada.ask("DELETE", MINE, headers=seen), 412)["code"] == moved
    assert said(ada.get(MINE))["pseudonym"] == "Quiet Otter"


def test_rest_and_graphql_return_the_same_pages(town: Town) -> None:
    """C-53, R-PRG-04"""
    ada = town.citizen()
    said(join(ada, "Quiet Otter"))
    squat(town.platform, ada.id, 2)
    for number in range(4):
        squat(town.platform, settle(town.platform, f"Rival {number} x"), number + 1)
    rest = ada.get(BOARD, params={"first": 2})
    view = said(rest)
    graph = ada.graph(GRAPH, first=2)["data"]["leaderboard"]
    assert [edge["node"] for edge in graph["edges"]] == view["items"]
    assert {name: graph[name] for name in ("start", "end", "entries", "me", "pageInfo")} == {
        name: view[name] for name in ("start", "end", "entries", "me", "pageInfo")
    }
    assert [(row["rank"], row["pseudonym"]) for row in view["items"]] == [
        (1, "Rival 3 x"), (2, "Rival 2 x"),
    ]  # fmt: skip
    assert view["me"] == {"rank": 3, "pseudonym": "Quiet Otter", "figure": 2, "mine": True}
    onward = said(ada.get(rest.headers["Link"].split(";")[0].strip("<>")))
    assert [(row["rank"], row["pseudonym"]) for row in onward["items"]] == [
        (3, "Quiet Otter"), (3, "Rival 1 x"),
    ]  # fmt: skip
    around = said(ada.get(BOARD, params={"first": 3, "aroundMe": True}))
    assert [row["mine"] for row in around["items"]] == [False, True, False]
    both = ada.get(BOARD, params={"aroundMe": True, "after": view["pageInfo"]["endCursor"]})
    assert said(both, 422)["code"] == "leaderboards.around_and_after"
    label, figure, _ = json.loads(urlsafe_b64decode(f"{view['pageInfo']['endCursor']}==="))
    forged = urlsafe_b64encode(json.dumps([label, figure, "\0"]).encode()).decode().rstrip("=")
    for cursor in ("nonsense", forged):
        answer = said(ada.get(BOARD, params={"after": cursor}), 422)
        assert answer["code"] == "page.cursor_invalid"
    assert said(ada.get(BOARD, params={"first": 101}), 422)["code"] == "request.invalid"
    (error,) = ada.graph(GRAPH, first=101)["errors"]
    assert error["extensions"]["code"] == "page.too_large"


def test_leaderboards_reveal_no_user_ids(town: Town) -> None:
    """C-41"""
    ada = town.citizen()
    rivals = [settle(town.platform, f"Rival {number}") for number in range(3)]
    for who in rivals:
        squat(town.platform, who, 3)
    answers = [ada.get(BOARD).text, json.dumps(ada.graph(GRAPH))]
    for edge in ada.graph(GRAPH)["data"]["leaderboard"]["edges"]:
        cursor = edge["cursor"]
        answers.append(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
    assert len(answers) == 5
    assert not [who for who in rivals for answer in answers if who in answer]


def test_periods_exercises_and_measures_are_chosen(town: Town) -> None:
    """R-PRG-03, R-PRG-04, C-52"""
    ada = town.citizen()
    said(join(ada, "Quiet Otter"))
    now = town.platform.clock()
    squat(town.platform, ada.id, 4, at=now, form=0.75)
    squat(town.platform, ada.id, 3, at=now - timedelta(days=40), exercise="lunge")
    mine = {
        measure: said(ada.get(BOARD, params={"measure": measure, "period": "day"}))["me"]
        for measure in ("repetitions", "sessions", "form", "streak")
    }
    assert {name: me["figure"] for name, me in mine.items()} == {
        "repetitions": 4, "sessions": 1, "form": 0.75, "streak": 1,
    }  # fmt: skip
    assert names(ada, exercise="lunge") == []
    long_ago = {"exercise": "lunge", "period": "month", "on": (now - timedelta(days=40)).date()}
    assert names(ada, **long_ago) == ["Quiet Otter"]
    assert said(ada.get(BOARD, params={"measure": "beauty"}), 422)["code"] == "request.invalid"


@pytest.mark.parametrize("period", ["day", "week", "month"])
@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_refused(town: Town, period: str, day: str) -> None:
    """R-PRG-04, C-53: the day has no week or month."""
    ada = town.citizen()
    assert said(ada.get(BOARD, params={"period": period, "on": day}), 422)["code"] == (
        "value.invalid"
    )
    (error,) = ada.graph(GRAPH, period=period.upper(), on=day)["errors"]
    assert error["extensions"]["code"] == "value.invalid"


def test_another_tenant_has_a_leaderboard_of_its_own(town: Town) -> None:
    """C-41, R-TEN-03"""
    ada = town.citizen()
    stranger = town.citizen("sam@example.org", "elsewhere")
    squat(town.platform, settle(town.platform, "Rival"), 3)
    squat(town.platform, settle(town.platform, "Far Rival", tenant="elsewhere"), 3,
          tenant="elsewhere")  # fmt: skip
    assert names(ada) == ["Rival"]
    assert names(stranger) == ["Far Rival"]
    far = stranger.graph(GRAPH)["data"]["leaderboard"]["edges"]
    assert [edge["node"]["pseudonym"] for edge in far] == ["Far Rival"]
    assert said(join(stranger, "Rival"))["pseudonym"] == "Rival"


def test_blocked_or_erased_members_and_deleted_sessions_do_not_count(
    town: Town,
) -> None:
    """C-41, R-TEN-12"""
    ada = town.citizen()
    at = town.platform.clock()
    ends: list[UserCommand] = [EraseUser(at=at), SuspendUser(at=at)]
    for number, end in enumerate(ends):
        who = settle(town.platform, f"Rival {number}")
        squat(town.platform, who, 3)
        assert names(ada) == [f"Rival {number}"]
        origin = Origin(tenant_id=TenantId(DEFAULT_TENANT), actor="x", correlation_id=uuid4())
        town.platform.commands.execute(Request(USER, who, [end]), origin=origin, command_id=uuid4())
        assert names(ada) == []
    said(join(ada, "Quiet Otter"))
    session = squat(town.platform, ada.id, 3)
    assert names(ada) == ["Quiet Otter"]
    assert ada.ask("DELETE", f"/v1/sessions/{session}").status_code == 204
    assert names(ada) == []


def test_anonymous_callers_see_no_leaderboard(town: Town) -> None:
    """C-41"""
    for path in (BOARD, f"{BOARD}/comparison", MINE):
        assert said(town.client.get(path), 401)["code"] == "auth.sign_in_required"


def test_leaderboards_need_sign_in(platform: Platform) -> None:
    """C-41"""
    with TestClient(build_app(platform, web=WEB), raise_server_exceptions=False) as client:
        assert said(client.get(BOARD), 401)["code"] == "auth.sign_in_required"
        (error,) = said(client.post("/graphql", json={"query": GRAPH}))["errors"]
        assert error["extensions"]["code"] == "auth.sign_in_required"


def test_a_month_is_compared_with_twenty_or_more_and_never_with_fewer(town: Town) -> None:
    """C-41"""
    ada = town.citizen()
    month = last_month(town.platform.clock())
    then = town.platform.clock().replace(
        year=month.year, month=month.month, day=15, hour=12, minute=0
    )
    squat(town.platform, ada.id, 4, at=then, form=0.5)
    rivals: list[UserId] = []
    for number in range(FEWEST):
        rivals.append(settle(town.platform, f"Rival {number}", compared=number > 0))
        squat(town.platform, rivals[-1], 10, at=then)
    few = said(ada.get(f"{BOARD}/comparison"))
    assert few == {
        "month": month.isoformat(), "mine": {"repetitions": 4, "form": 0.5},
        "repetitions": None, "form": None,
    }  # fmt: skip
    ada.agrees("population_insights")
    enough = said(ada.get(f"{BOARD}/comparison"))
    assert enough["repetitions"] == {"lower": 10, "median": 10, "upper": 10}
    assert enough["form"] == {"lower": 0.8, "median": 0.8, "upper": 0.8}
    assert ada.graph(COMPARED)["data"]["monthComparison"] == enough
    today = town.platform.clock().date().isoformat()
    unfinished = ada.get(f"{BOARD}/comparison", params={"month": today})
    assert said(unfinished, 422)["code"] == "leaderboards.month_not_over"


def test_the_cost_of_a_leaderboard_follows_its_page_size(town: Town) -> None:
    """R-API-07"""
    ada = town.citizen()
    costs = [
        ada.graph(GRAPH, first=first)["extensions"]["cost"]["requested"] for first in (10, 100)
    ]
    assert costs[1] - costs[0] == 180


def test_claims_of_a_client_have_no_rank_and_no_form(town: Town) -> None:
    """R-PRG-03, C-49, C-53: only what the server counted itself is verified."""
    ada = town.citizen("ada@example.org")
    join(ada, "Quiet Otter")
    began = said(ada.ask("POST", "/v1/sessions", json={"athleteId": ada.id}), 201)
    session = began["sessionId"]
    body = {"set": 1, "exerciseId": "squat", "model": "blazepose"}
    said(ada.ask("POST", f"/v1/sessions/{session}/sets", json=body), 201)
    claim = """mutation($session: ID!) { countRepetition(input: {
        sessionId: $session, set: 1, number: 1, startMs: 0, endMs: 2000, form: 1.0 }) {
        ... on SessionPayload { position } ... on Problem { code message } } }"""
    counted = ada.ask("POST", "/graphql", json={"query": claim, "variables": {"session": session}})
    assert "position" in said(counted)["data"]["countRepetition"], counted.text
    logged = {"set": 1, "repetitions": 3, "atMs": 3000}
    said(ada.ask("POST", f"/v1/workouts/{session}/repetitions", json=logged))
    said(ada.ask("POST", f"/v1/workouts/{session}/finish", json={"set": 1, "endMs": 4000}))
    summary = said(ada.ask("POST", f"/v1/sessions/{session}:complete", json={}))
    assert (summary["repetitions"], summary["verifiedRepetitions"]) == (4, 0)
    assert summary["accuracy"] is None
    detail = said(ada.get(f"/v1/sessions/{session}"))
    assert detail["verifiedRepetitionCount"] == 0
    assert detail["countedBy"]["source"] == "device", "nothing was counted by us"
    assert detail["countedBy"]["learned"] is None
    kept = [(each["source"], each["verified"], each["form"]) for each in detail["repetitions"]]
    assert kept == [("device", False, 1.0), *[("manual", False, None)] * 3]
    for measure in ("repetitions", "sessions", "form", "streak"):
        assert names(ada, measure=measure) == []
    squat(town.platform, ada.id, 2)
    assert [row["figure"] for row in said(ada.get(BOARD))["items"]] == [2.0]


def test_a_client_cannot_announce_a_set_as_counted_from_a_file(town: Town) -> None:
    """C-49"""
    ada = town.citizen("ada@example.org")
    session = said(ada.ask("POST", "/v1/sessions", json={"athleteId": ada.id}), 201)["sessionId"]
    body = {"set": 1, "exerciseId": "squat", "model": "m", "source": "file"}
    refused = ada.ask("POST", f"/v1/sessions/{session}/sets", json=body)
    assert said(refused, 422)["code"] == "value.invalid"
    assert (
        ada.ask("POST", f"/v1/workouts/{session}/next", json={"source": "file"}).status_code == 422
    )
