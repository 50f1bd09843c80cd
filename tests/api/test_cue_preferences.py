"""Cue preferences over REST and GraphQL take effect with the next set."""

from typing import Any

import pytest

from tests.api.people import Town

PATH = "/v1/me/cue-preferences"
USUAL = {
    "frequency": "usual",
    "praise": True,
    "verbosity": "full",
    "language": "en",
    "muted": [],
}
QUIET = {**USUAL, "frequency": "seldom", "praise": False, "muted": ["hurried", "trunk_lean"]}
CHANGE = """
mutation($user: ID!, $muted: [String!]! = []) {
  changeCuePreferences(input: {userId: $user, frequency: OFTEN, verbosity: SHORT, muted: $muted}) {
    ... on UserPayload {
      user { cuePreferences { frequency praise verbosity language muted } } }
    ... on Problem { code }
  } }"""


def said(answer: Any, status: int) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


def test_cue_preferences_are_read_and_replaced(town: Town) -> None:
    """R-POS-03"""
    ada, eve = town.citizen("ada@example.org"), town.citizen("eve@example.org")
    first = ada.get(PATH)
    assert said(first, 200) == USUAL
    changed = ada.ask("PUT", PATH, json=QUIET)
    assert said(changed, 200) == QUIET == said(ada.get(PATH), 200)
    assert changed.headers["ETag"] == ada.get(PATH).headers["ETag"] != first.headers["ETag"]
    assert said(ada.ask("PUT", PATH, json={}), 200) == USUAL
    assert said(eve.get(PATH), 200) == USUAL


def test_replacing_stale_settings_returns_412(town: Town) -> None:
    """RFC 9110, section 13.1.1."""
    ada = town.citizen()
    seen = {"If-Match": ada.get(PATH).headers["ETag"]}
    assert said(ada.ask("PUT", PATH, json=QUIET, headers=seen), 200) == QUIET
    again = said(ada.ask("PUT", PATH, json=USUAL, headers=seen), 412)
    assert again["code"] == "user.cue_preferences_moved"
    assert said(ada.get(PATH), 200) == QUIET
    assert said(ada.ask("PUT", PATH, json=USUAL, headers={"If-Match": "*"}), 200) == USUAL


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"muted": ["knees_caving_in"]}, "coaching.safety_not_muted"),
        ({"muted": ["no_such_cue"]}, "coaching.cue_unknown"),
        ({"language": "tlh"}, "coaching.language_unknown"),
        ({"frequency": "always"}, "request.invalid"),
        ({"volume": 11}, "request.invalid"),
    ],
)
def test_invalid_cue_preferences_are_rejected(town: Town, query: dict[str, Any], code: str) -> None:
    ada = town.citizen()
    assert said(ada.ask("PUT", PATH, json=query), 422)["code"] == code
    assert said(ada.get(PATH), 200) == USUAL


def test_graphql_returns_the_same(town: Town) -> None:
    """C-53"""
    ada, eve = town.citizen("ada@example.org"), town.citizen("eve@example.org")
    view = ada.graph(CHANGE, user=ada.id, muted=["shallow"])["data"]["changeCuePreferences"]
    assert view["user"]["cuePreferences"] == {
        "frequency": "OFTEN",
        "praise": True,
        "verbosity": "SHORT",
        "language": "en",
        "muted": ["shallow"],
    }
    rest = said(ada.get(PATH), 200)
    assert (rest["frequency"], rest["verbosity"], rest["muted"]) == ("often", "short", ["shallow"])
    refused = ada.graph(CHANGE, user=ada.id, muted=["leaning_back"])["data"]
    assert refused["changeCuePreferences"] == {"code": "coaching.safety_not_muted"}
    stranger = eve.graph(CHANGE, user=ada.id)["data"]["changeCuePreferences"]
    assert stranger == {"code": "authorization.not_allowed"}


def test_resending_the_same_settings_changes_nothing(town: Town) -> None:
    """R-API-04: the response was lost, and the settings are already replaced."""
    ada = town.citizen()
    query = {"If-Match": ada.get(PATH).headers["ETag"], "Idempotency-Key": "once"}
    for _ in range(2):
        assert said(ada.ask("PUT", PATH, json=QUIET, headers=query), 200) == QUIET
