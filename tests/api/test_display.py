"""Display settings apply to all devices."""

from typing import Any
from uuid import uuid4

import pytest

from tests.api.people import Town

PATH = "/v1/me/display"
USUAL = {"firstDay": "monday", "dates": "locale", "theme": "system", "contrast": "system"}
MINE = {"firstDay": "sunday", "dates": "month_first", "theme": "dark", "contrast": "high"}
CHANGE = """
mutation($input: ChangeDisplayInput!) { changeDisplay(input: $input) {
  ... on UserPayload { repeated user { display { firstDay dates theme contrast } } }
  ... on Problem { code }
} }"""


def said(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


def test_display_settings_apply_to_all_devices(town: Town) -> None:
    """R-UIX-03"""
    ada, eve = town.citizen("ada@example.org"), town.citizen("eve@example.org")
    assert said(ada.get(PATH)) == USUAL == said(ada.get("/v1/auth/me"))["display"]
    assert said(ada.ask("PUT", PATH, json=MINE)) == MINE == said(ada.get(PATH))
    assert said(ada.get("/v1/auth/me"))["display"] == MINE
    assert said(eve.get(PATH)) == USUAL
    assert said(ada.ask("PUT", PATH, json={"theme": "light"})) == {**USUAL, "theme": "light"}


def test_stale_changes_are_rejected(town: Town) -> None:
    """RFC 9110, section 13.1.1."""
    ada = town.citizen()
    seen = {"If-Match": ada.get(PATH).headers["ETag"]}
    query = {**seen, "Idempotency-Key": str(uuid4())}
    for _ in range(2):  # sent twice
        assert said(ada.ask("PUT", PATH, json=MINE, headers=query)) == MINE
    later = said(ada.ask("PUT", PATH, json=USUAL, headers=seen), 412)
    assert later["code"] == "user.display_moved"
    assert said(ada.get(PATH)) == MINE


def test_graphql_mutations_and_queries_match_rest(town: Town) -> None:
    """R-API-07"""
    ada, eve = town.citizen("ada@example.org"), town.citizen("eve@example.org")
    change = {name: word.upper() for name, word in MINE.items()}
    query = {"userId": ada.id, "commandId": str(uuid4()), **change}
    for repeated in (False, True):
        view = ada.graph(CHANGE, input=query)["data"]["changeDisplay"]
        assert view == {"repeated": repeated, "user": {"display": change}}
    assert said(ada.get(PATH)) == MINE
    refused = eve.graph(CHANGE, input={"userId": ada.id})["data"]["changeDisplay"]
    assert set(refused) == {"code"}
    assert said(ada.get(PATH)) == MINE


@pytest.mark.parametrize(
    "wrong", [{"theme": "pink"}, {"firstDay": "tuesday"}, {"dates": "backwards"}, {"font": "big"}]
)
def test_invalid_display_settings_are_rejected(town: Town, wrong: dict[str, str]) -> None:
    ada = town.citizen()
    said(ada.ask("PUT", PATH, json={**MINE, **wrong}), 422)
    assert said(ada.get(PATH)) == USUAL
