"""Leaderboard membership over REST and GraphQL."""

from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from application.platform import Platform
from tests.api.conftest import WEB
from tests.api.people import Person, Town

pytestmark = pytest.mark.both_compositions

MINE = "/v1/me/leaderboards"
FIELDS = "pseudonym consentVersion consentText"
ASK = f"{{ leaderboardMembership {{ {FIELDS} }} }}"
PAYLOAD = f"""
  ... on LeaderboardMembershipPayload {{
    repeated position clientMutationId membership {{ {FIELDS} }} }}
  ... on Problem {{ code kind clientMutationId }}"""
JOIN = f"""mutation($input: JoinLeaderboardsInput!) {{
  joinLeaderboards(input: $input) {{ {PAYLOAD} }} }}"""
LEAVE = f"""mutation($input: LeaveLeaderboardsInput!) {{
  leaveLeaderboards(input: $input) {{ {PAYLOAD} }} }}"""


def said(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


def join(person: Person, pseudonym: str, **more: Any) -> Any:
    version = said(person.get(MINE))["consentVersion"]
    change = {"pseudonym": pseudonym, "consentVersion": version, **more}
    return person.graph(JOIN, input=change)["data"]["joinLeaderboards"]


def leave(person: Person, **more: Any) -> Any:
    return person.graph(LEAVE, input=more)["data"]["leaveLeaderboards"]


def seen(person: Person) -> Any:
    """Return a member as others see them, after checking that REST and GraphQL agree."""
    view = person.graph(ASK)["data"]["leaderboardMembership"]
    assert view == said(person.get(MINE))
    return view


def test_membership_is_shared_by_rest_and_graphql(town: Town) -> None:
    """C-41, C-53, R-PRG-04"""
    ada = town.citizen()
    assert seen(ada)["pseudonym"] is None
    joined = join(ada, "Quiet Otter", clientMutationId="1")
    assert joined["membership"] == seen(ada)
    assert (joined["membership"]["pseudonym"], joined["clientMutationId"]) == ("Quiet Otter", "1")
    assert joined["position"] == town.platform.log.head()
    assert ada.ask("DELETE", MINE).status_code == 204
    assert seen(ada)["pseudonym"] is None
    version = said(ada.get(MINE))["consentVersion"]
    change = {"pseudonym": "Loud Otter", "consentVersion": version}
    assert said(ada.ask("PUT", MINE, json=change))["pseudonym"] == "Loud Otter"
    left = leave(ada)
    assert left["membership"] == seen(ada)
    assert left["membership"]["pseudonym"] is None
    sources = {
        each["source"]
        for each in said(ada.get("/v1/me/consents"))["items"]
        if each["purpose"] == "leaderboards"
    }
    assert sources == {"graphql"}


def test_a_command_sent_twice_is_executed_once(town: Town) -> None:
    """R-API-04"""
    ada, once = town.citizen(), str(uuid4())
    assert [join(ada, "Quiet Otter", commandId=once)["repeated"] for _ in range(2)] == [
        False, True,
    ]  # fmt: skip
    head = town.platform.log.head()
    once = str(uuid4())
    assert [leave(ada, commandId=once)["repeated"] for _ in range(2)] == [False, True]
    assert leave(ada)["membership"]["pseudonym"] is None
    assert town.platform.log.head() == head + 2, "consent and membership end together, once"


def test_rest_and_graphql_reject_alike(town: Town) -> None:
    """C-41, C-53"""
    ada, eve = town.citizen("ada@example.org"), town.citizen("eve@example.org")
    assert join(eve, "Quiet Otter")["membership"]["pseudonym"] == "Quiet Otter"
    version = said(ada.get(MINE))["consentVersion"]
    for pseudonym, of_version in [
        ("quiet-otter", version), ("The Real Ada", version), ("ab", version), ("Fox", "of old"),
    ]:  # fmt: skip
        change = {"pseudonym": pseudonym, "consentVersion": of_version}
        graph = join(ada, pseudonym, consentVersion=of_version, clientMutationId="x")
        rest = ada.ask("PUT", MINE, json=change).json()
        assert (graph["code"], graph["clientMutationId"]) == (rest["code"], "x")
    assert seen(ada)["pseudonym"] is None


def test_anonymous_callers_neither_join_nor_leave(platform: Platform) -> None:
    """C-41"""
    with TestClient(build_app(platform, web=WEB), raise_server_exceptions=False) as client:
        joining = {"pseudonym": "Fox", "consentVersion": "1"}
        for document, sent in [(JOIN, joining), (LEAVE, dict[str, str]())]:
            body = {"query": document, "variables": {"input": sent}}
            (view,) = said(client.post("/graphql", json=body))["data"].values()
            assert (view["code"], view["kind"]) == ("auth.sign_in_required", "UNAUTHENTICATED")
        (error,) = said(client.post("/graphql", json={"query": ASK}))["errors"]
        assert error["extensions"]["code"] == "auth.sign_in_required"
