"""User profiles over REST."""

from typing import Any
from uuid import uuid4

import pytest

from tests.api.people import Town

PATH = "/v1/me/profile"
FIRST = {"username": None, "units": "metric", "timeZone": "UTC", "locale": "en"}
ADA = {
    "username": "Ada",
    "units": "imperial",
    "timeZone": "Europe/London",
    "locale": "en-GB",
}


def said(answer: Any, status: int) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_profile_is_read_and_replaced(town: Town) -> None:
    """R-IDN-17, R-IDN-04"""
    ada, eve = town.citizen("ada@example.org"), town.citizen("eve@example.org")
    first = ada.get(PATH)
    assert said(first, 200) == FIRST
    changed = ada.ask("PUT", PATH, json=ADA)
    assert said(changed, 200) == ADA == said(ada.get(PATH), 200)
    assert changed.headers["ETag"] == ada.get(PATH).headers["ETag"] != first.headers["ETag"]
    me = said(ada.get("/v1/auth/me"), 200)
    assert (me["username"], me["timeZone"], me["locale"]) == ("Ada", "Europe/London", "en-GB")
    assert said(eve.get(PATH), 200) == FIRST
    assert said(ada.ask("PUT", PATH, json=FIRST), 200) == FIRST


def test_stale_settings_of_another_device_are_rejected(town: Town) -> None:
    """RFC 9110, section 13.1.1."""
    ada = town.citizen()
    seen = {"If-Match": ada.get(PATH).headers["ETag"]}
    query = {**seen, "Idempotency-Key": str(uuid4())}
    assert said(ada.ask("PUT", PATH, json=ADA, headers=query), 200) == ADA
    assert said(ada.ask("PUT", PATH, json=ADA, headers=query), 200) == ADA  # sent twice
    again = said(ada.ask("PUT", PATH, json=FIRST, headers=seen), 412)
    assert again["code"] == "user.profile_moved"
    assert said(ada.get(PATH), 200) == ADA
    assert said(ada.ask("PUT", PATH, json=FIRST, headers={"If-Match": "*"}), 200) == FIRST


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": ""},
        {"username": " Ada"},
        {"username": "a" * 101},
        {"units": "cubits"},
        {"timeZone": "Europe/Atlantis"},
        {"locale": "not a tag"},
        {"role": "administrator"},
    ],
)
def test_invalid_profiles_are_rejected_as_a_whole(town: Town, wrong: dict[str, Any]) -> None:
    ada = town.citizen()
    said(ada.ask("PUT", PATH, json={**ADA, **wrong}), 422)
    assert said(ada.get(PATH), 200) == FIRST


CHANGE = """
mutation($input: ChangeProfileInput!) { changeProfile(input: $input) {
  ... on UserPayload { repeated user { username units timeZone locale } }
  ... on Problem { code }
} }"""


def test_a_profile_is_the_same_through_the_graph(town: Town) -> None:
    """R-IDN-17, R-API-07: all fields; omitted ones stay unchanged."""
    ada = town.citizen()

    def change(**query: Any) -> Any:
        new_value = {"userId": ada.id, **query}
        return ada.graph(CHANGE, input=new_value)["data"]["changeProfile"]

    place = {"timeZone": "Europe/London", "locale": "en-GB"}
    once = {"commandId": str(uuid4())}
    for repeated in (False, True):
        view = change(**place, **once, username="Ada", units="IMPERIAL")
        assert view == {"repeated": repeated, "user": {**ADA, "units": "IMPERIAL"}}
    assert said(ada.get(PATH), 200) == ADA
    assert change(timeZone="UTC", locale="en")["user"]["username"] == "Ada"
    assert said(ada.get(PATH), 200) == {**ADA, "timeZone": "UTC", "locale": "en"}
    assert change(**place, username=None)["user"] == {
        **ADA, "units": "IMPERIAL", "username": None
    }  # fmt: skip
    assert change(**place, username=" ") == {"code": "value.invalid"}
    assert said(ada.get(PATH), 200) == {**ADA, "username": None}
