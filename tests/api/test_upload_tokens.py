"""Upload tokens: a phone sends records of one source, and can do nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from application.health.upload_tokens import LIFETIME, UploadTokens
from application.users.sign_in import SignInService
from domain.health.integration import UploadTokenRefused
from domain.ids import DEFAULT_TENANT, UserId
from tests.api.people import Person, Town

SOURCE = "/v1/me/health/sources/apple_health"
OTHER = "/v1/me/health/sources/health_connect"
REFUSED = (401, "health.upload_token_refused")


@pytest.fixture
def ada(town: Town) -> Person:
    person = town.citizen("ada@example.org")
    person.agrees("health_data")
    for source in (SOURCE, OTHER):
        assert person.ask("PUT", source, json={"metrics": ["steps"]}).status_code == 200
    return person


def phone(town: Town, token: str, method: str, path: str, **more: Any) -> tuple[int, str]:
    """Send a request with nothing but an upload token; return status and code of a problem."""
    town.client.cookies.clear()
    headers = {"Authorization": f"Bearer {token}"}
    answer = town.client.request(method, path, headers=headers, **more)
    return answer.status_code, answer.json().get("code", "")


def send(town: Town, token: str, source: str = SOURCE) -> tuple[int, str]:
    at = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    record = {"id": "a", "metric": "steps", "value": 1, "unit": "count", "start": at, "end": at}
    body = {"timeZone": "UTC", "records": [record]}
    return phone(town, token, "POST", f"{source}/records", json=body)


def issued(person: Person) -> str:
    return str(person.post(f"{SOURCE}/upload-token").json()["token"])


def test_a_token_sends_records_of_its_source_and_nothing_else(town: Town, ada: Person) -> None:
    """R-HLT-01, R-TEN-10: neither reading, nor another source, nor GraphQL; not in the log."""
    token = issued(ada)
    assert send(town, token) == (200, "")
    assert send(town, token, OTHER) == REFUSED
    others = (("GET", "/v1/me/health/records"), ("GET", SOURCE), ("DELETE", SOURCE))
    for method, path in (*others, ("GET", "/v1/auth/me"), ("GET", "/v1/sessions")):
        assert phone(town, token, method, path)[0] == 401, path
    graphql = phone(town, token, "POST", "/graphql", json={"query": "{ healthSources { source } }"})
    assert graphql == REFUSED
    assert ada.get("/v1/me/health/records").json()["items"][0]["recordId"] == "a"
    secret = token.rpartition("~")[2].encode()
    log = town.platform.privacy().erasure.encoded_log.scan(after=0, limit=1000)
    assert not [each.name for each in log if secret in each.payload]


def test_a_token_sends_nothing_for_another_person_or_tenant(town: Town, ada: Person) -> None:
    """R-HLT-01, R-TEN-03: not even by its own words, or the header of a tenant."""
    bob = town.citizen("bob@example.org", "gym-north")
    bob.agrees("health_data")
    assert bob.ask("PUT", SOURCE, json={"metrics": ["steps"]}).status_code == 200
    token = issued(ada)
    other_person = token.replace(ada.id, bob.id)
    for changed in (other_person, other_person.replace(ada.tenant, bob.tenant)):
        assert changed != token
        assert send(town, changed) == REFUSED
    headers = {"Authorization": f"Bearer {token}", "X-Tenant-ID": bob.tenant}
    town.client.cookies.clear()
    body = {"timeZone": "UTC", "records": []}
    assert town.client.post(f"{SOURCE}/records", json=body, headers=headers).status_code == 403
    assert bob.get("/v1/me/health/records").json()["items"] == []


def renewed(town: Town, token: str) -> str:
    """Renew a token with itself, as a phone does."""
    town.client.cookies.clear()
    headers = {"Authorization": f"Bearer {token}"}
    return str(town.client.post(f"{SOURCE}/upload-token", headers=headers).json()["token"])


def token_end(person: Person) -> Any:
    sources = person.get("/v1/me/health/sources").json()["items"]
    return next(each["uploadTokenExpiresAt"] for each in sources if SOURCE.endswith(each["source"]))


def token_end_of_graphql(person: Person) -> Any:
    query = "{ healthSources { source uploadTokenExpiresAt } }"
    sources = person.post("/graphql", json={"query": query}).json()["data"]["healthSources"]
    return next(
        each["uploadTokenExpiresAt"] for each in sources if each["source"] == "APPLE_HEALTH"
    )


def is_valid(tokens: UploadTokens, token: str, after: timedelta) -> bool:
    at = datetime.now(UTC) + after
    try:
        replace(tokens, clock=lambda: at).verify(token)
    except UploadTokenRefused:
        return False
    return True


def test_a_phone_that_lost_the_answer_renews_its_token_again(town: Town, ada: Person) -> None:
    """R-HLT-01: with the token before, for a day; afterwards only the newest is valid."""
    first = issued(ada)
    lost = renewed(town, first)
    third = renewed(town, first)
    assert send(town, third) == (200, "")
    tokens, later = town.platform.upload_tokens, timedelta(days=1, seconds=1)
    assert [is_valid(tokens, each, timedelta(0)) for each in (first, lost, third)] == [True] * 3
    assert [is_valid(tokens, each, later) for each in (first, lost, third)] == [False, False, True]


def test_a_token_ends_with_the_sign_ins_of_the_account(town: Town, ada: Person) -> None:
    """R-HLT-01, R-TEN-06: its owner sees it, and ends it by signing out everywhere."""
    assert token_end(ada) is None
    token = renewed(town, issued(ada))
    assert token_end(ada) is not None
    assert token_end_of_graphql(ada) is not None
    assert ada.post("/v1/auth/logout-everywhere").status_code == 204
    assert send(town, token) == REFUSED
    assert phone(town, token, "POST", f"{SOURCE}/upload-token") == REFUSED
    again = town.log_in(ada, "ada@example.org")
    assert token_end(again) is None
    assert token_end_of_graphql(again) is None
    assert send(town, issued(again)) == (200, "")


@pytest.mark.both_compositions
def test_a_token_that_is_overtaken_by_a_sign_out_is_refused(
    town: Town, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-HLT-01, C-22: a new password ends all sign-ins, while somebody asks for a token."""
    begin = SignInService.begin_for_device

    def begin_after_sign_out(self: SignInService, *of: Any, **named: Any) -> None:
        self.sign_out_everywhere(DEFAULT_TENANT, UserId(ada.id))
        begin(self, *of, **named)

    with monkeypatch.context() as patched:
        patched.setattr(SignInService, "begin_for_device", begin_after_sign_out)
        answer = ada.post(f"{SOURCE}/upload-token")
    assert (answer.status_code, answer.json().get("code")) == (401, "auth.sign_in_ended")
    again = town.log_in(ada, "ada@example.org")
    assert token_end(again) is None
    assert send(town, issued(again)) == (200, "")


def test_a_token_ends_with_the_next_one_and_with_the_consent(town: Town, ada: Person) -> None:
    """R-HLT-01: a person who connects again ends the token before at once."""
    first, second = issued(ada), issued(ada)
    assert send(town, first) == REFUSED
    assert send(town, second) == (200, "")
    assert send(town, second.replace("apple_health", "diary")) == REFUSED
    assert send(town, second[:-1] + ("a" if second[-1] != "a" else "b")) == REFUSED
    assert ada.ask("DELETE", SOURCE).status_code == 200
    assert send(town, second) == REFUSED
    assert ada.ask("PUT", SOURCE, json={"metrics": ["steps"]}).status_code == 200
    assert send(town, second) == REFUSED


def test_a_repeated_disconnection_ends_no_token_that_was_issued_since(
    town: Town, ada: Person
) -> None:
    """R-EVT-16, R-HLT-01"""
    key = {"Idempotency-Key": "once"}
    assert ada.ask("DELETE", SOURCE, headers=key).status_code == 200
    assert ada.ask("PUT", SOURCE, json={"metrics": ["steps"]}).status_code == 200
    token = issued(ada)
    assert ada.ask("DELETE", SOURCE, headers=key).json()["repeated"] is True
    assert send(town, token) == (200, "")


def test_a_token_ends_after_its_time_and_with_the_account(town: Town, ada: Person) -> None:
    """R-TEN-06: 90 days, or a suspension."""
    token, tokens = issued(ada), town.platform.upload_tokens
    assert tokens.verify(token).user_id == ada.id
    expired = replace(tokens, clock=lambda: datetime.now(UTC) + LIFETIME)
    with pytest.raises(Exception, match="upload token"):
        expired.verify(token)
    administrator = town.staff("administrator", "root@example.org")
    assert administrator.post(f"/v1/users/{ada.id}:suspend").status_code < 300
    assert send(town, token) == REFUSED
