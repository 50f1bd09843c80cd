"""Actions that need a consent fail without it, and access to others' data is logged."""

from typing import Any
from uuid import uuid4

from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from tests.api.people import Person, Town
from tests.privacy.person import train


def standing(person: Person, purpose: str) -> Any:
    expected = person.get("/v1/me/consents").json()["items"]
    return next(each for each in expected if each["purpose"] == purpose)


def say(person: Person, purpose: str, *, given: bool, version: str = "") -> Any:
    change = {"purpose": purpose, "given": given, "version": version}
    return person.ask("PUT", "/v1/me/consents", json=change)


def upload(person: Person) -> Any:
    files = {"video": ("morning.mp4", b"no video", "video/mp4")}
    return person.post("/v1/sessions:analyze", files=files)


def test_a_consent_is_given_to_a_text_and_withdrawn(town: Town) -> None:
    """R-TEN-12, C-41"""
    ada = town.citizen("ada@example.org", camera=False)
    assert not any(each["given"] for each in ada.get("/v1/me/consents").json()["items"])
    before = standing(ada, "leaderboards")
    assert before["text"]
    refused = say(ada, "leaderboards", given=True, version="an older one")
    assert (refused.status_code, refused.json()["code"]) == (409, "consent.outdated")
    assert say(ada, "leaderboards", given=True, version=before["version"]).status_code == 200
    given = standing(ada, "leaderboards")
    assert (given["given"], given["givenVersion"]) == (True, before["version"])
    assert given["source"] == "rest"
    assert given["at"]
    assert say(ada, "leaderboards", given=False).status_code == 200
    assert not standing(ada, "leaderboards")["given"]


def test_a_consent_is_given_by_graphql_too(town: Town) -> None:
    """R-TEN-12"""
    ada = town.citizen("ada@example.org")
    requested = "{ consents { purpose given version source } }"
    expected = {each["purpose"]: each for each in ada.graph(requested)["data"]["consents"]}
    change = {"purpose": "RESEARCH", "given": True, "version": expected["RESEARCH"]["version"]}
    said = ada.graph(
        "mutation($change: RecordConsentInput!) { recordConsent(input: $change) {"
        " ... on ConsentsPayload { consents { purpose given source } } } }",
        change=change,
    )
    after = {each["purpose"]: each for each in said["data"]["recordConsent"]["consents"]}
    assert after["RESEARCH"] == {"purpose": "RESEARCH", "given": True, "source": "graphql"}
    assert not after["MARKETING"]["given"]
    assert standing(ada, "research")["given"]


def test_no_video_leaves_the_device_without_consent(town: Town) -> None:
    """R-TEN-12: rejected before anything is stored; and again once the consent is withdrawn."""
    ada = town.citizen("ada@example.org")
    refused = upload(ada)
    assert (refused.status_code, refused.json()["code"]) == (403, "consent.missing")
    ada.agrees("images_leave_device")
    assert upload(ada).status_code == 202
    say(ada, "images_leave_device", given=False)
    assert upload(ada).status_code == 403


def test_reading_data_of_others_is_logged_and_visible_to_them(
    town: Town,
) -> None:
    """R-TEN-13: who read whose data, which, when, and in which request."""
    ada = town.citizen("ada@example.org")
    analyst = town.staff("analyst", "tom@example.org")
    own = Origin(tenant_id=DEFAULT_TENANT, actor=ada.id, correlation_id=uuid4())
    session = train(town.platform, UserId(ada.id), own)
    assert ada.get(f"/v1/sessions/{session}").status_code == 200
    assert ada.get("/v1/me/access-log").json()["items"] == []
    chain = str(uuid4())
    path = f"/v1/sessions/{session}"
    assert analyst.get(path, headers={"X-Correlation-ID": chain}).status_code == 200
    (read,) = ada.get("/v1/me/access-log").json()["items"]
    assert (read["by"], read["what"], read["kind"], read["which"], read["correlationId"]) == (
        analyst.id, "read", "session", path, chain,
    )  # fmt: skip
    assert len(analyst.get("/v1/sessions").json()["items"]) == 1
    newest = ada.get("/v1/me/access-log").json()["items"][0]
    assert newest["which"] == "/v1/sessions"
    assert analyst.get("/v1/me/access-log").json()["items"] == []
