"""Passkeys over REST: added, listed, used to confirm and to sign in, removed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest

from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.tenants.join_policy import OPEN
from tests.api.browsing import HERE, REFRESH, settings_of, site
from tests.api.people import PASSWORD, Person, Town
from tests.peers.authenticator import Authenticator
from tests.privacy.person import write_archive

ADA, BOB, EVE = "ada@example.org", "bob@example.org", "eve@example.org"
FACTORS = "/v1/auth/second-factors"
SIGN_IN = "/v1/auth/passkey"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with site(settings_of(tmp_path, {})) as town:
        yield town


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def add(person: Person, device: Authenticator, name: str = "Laptop", key: str = "one") -> Any:
    options = person.post(f"{FACTORS}/passkeys/options")
    assert options.status_code == 200, options.text
    body = {"name": name, "credential": device.create(options.json()["publicKey"])}
    return person.post(f"{FACTORS}/passkeys", json=body, headers={"Idempotency-Key": key})


def response(town: Town, device: Authenticator) -> dict[str, Any]:
    """Return the body of a sign-in."""
    options = town.client.post(f"{SIGN_IN}/options").json()["publicKey"]
    return {"credential": device.get(options)}


def test_a_passkey_is_added_used_and_removed(town: Town) -> None:
    """R-IDN-18: as a second factor after the password, and without a password."""
    ada, device = town.citizen(ADA), Authenticator()
    added = add(ada, device)
    assert added.status_code == 200, added.text
    assert len(added.json()["recoveryCodes"]) == 10
    (factor,) = ada.get(FACTORS).json()["items"]
    assert (factor["kind"], factor["name"]) == ("passkey", "Laptop")

    ada = town.log_in(ada, ADA)
    assert ada.tokens["assurance"] == "second_factor"
    assert code(ada.post(f"{FACTORS}/passkeys/options")) == (403, "auth.second_factor_required")
    options = ada.post(f"{FACTORS}/passkey-confirmation/options").json()["publicKey"]
    body = {"credential": device.get(options)}
    confirmed = ada.post(f"{FACTORS}/passkey-confirmation", json=body)
    assert confirmed.status_code == 200, confirmed.text
    again = ada.post(f"{FACTORS}/passkey-confirmation", json=body)
    assert code(again) == (403, "auth.passkey_challenge_refused")

    tokens = town.client.post(SIGN_IN, json=response(town, device))
    assert tokens.status_code == 200, tokens.text
    assert tokens.json()["assurance"] == "full"
    ada = Person(town.client, ada.tenant, tokens.json())
    assert ada.get("/v1/auth/me").json()["email"] == ADA
    assert ada.ask("DELETE", f"{FACTORS}/{factor['id']}").status_code == 204
    refused = town.client.post(SIGN_IN, json=response(town, device))
    assert code(refused) == (403, "auth.passkey_refused")
    assert town.log_in(ada, ADA).tokens["assurance"] == "full"
    assert "A second factor of your account was removed." in "".join(town.emails(ADA))


def test_a_passkey_is_renamed_once(town: Town) -> None:
    """R-IDN-18, R-API-04: by its owner, whose sign-in is confirmed; a repeat changes nothing."""
    ada, bob, device = town.citizen(ADA), town.citizen(BOB), Authenticator()
    add(ada, device)
    (factor,) = ada.get(FACTORS).json()["items"]
    path = f"{FACTORS}/passkeys/{factor['id']}"

    def rename(person: Person, name: str, key: str = "two") -> Any:
        return person.ask("PATCH", path, json={"name": name}, headers={"Idempotency-Key": key})

    assert [rename(ada, " Phone ").status_code for _ in range(2)] == [204, 204]
    assert [each["name"] for each in ada.get(FACTORS).json()["items"]] == ["Phone"]
    assert rename(ada, "", "three").status_code == 422
    assert code(rename(bob, "Mine")) == (404, "user.second_factor_unknown")
    again = town.log_in(ada, ADA)
    assert code(rename(again, "Stolen", "four")) == (403, "auth.second_factor_required")
    assert [each["name"] for each in ada.get(FACTORS).json()["items"]] == ["Phone"]


def test_pages_get_the_refresh_token_of_a_passkey_as_a_cookie(town: Town) -> None:
    """R-IDN-18: only pages of this site, whatever host a request names."""
    device = Authenticator()
    add(town.citizen(ADA), device)
    body, path = response(town, device), f"{SIGN_IN}?mode=cookie"
    assert code(town.client.post(path, json=body)) == (403, "auth.cross_site")
    evil = town.client.post(path, json=body, headers={"Origin": "https://evil.example"})
    assert code(evil) == (403, "auth.cross_site")
    tokens = town.client.post(path, json=body, headers=HERE)
    assert tokens.status_code == 200, tokens.text
    assert tokens.json()["refreshToken"] is None
    assert REFRESH in town.client.cookies
    options = town.client.post(f"{SIGN_IN}/options", headers={"Host": "evil.example"}).json()
    assert options["publicKey"]["rpId"] == "kinelog.example"


def test_strangers_get_nothing_from_the_endpoints_of_passkeys(town: Town) -> None:
    """R-TEN-03: not without a token, not of another user, not in another tenant."""
    ada, bob, device = town.citizen(ADA), town.citizen(BOB), Authenticator()
    add(ada, device)
    for path in ("passkeys", "passkeys/options", "passkey-confirmation",
                 "passkey-confirmation/options"):  # fmt: skip
        refused = town.client.post(f"{FACTORS}/{path}", json={})
        assert code(refused) == (401, "auth.sign_in_required"), path
        other = ada.post(f"{FACTORS}/{path}", json={}, headers={"X-Tenant-ID": "gym"})
        assert code(other) == (403, "auth.tenant_mismatch"), path
    (factor,) = ada.get(FACTORS).json()["items"]
    assert code(bob.ask("DELETE", f"{FACTORS}/{factor['id']}"))[0] == 404
    none = bob.post(f"{FACTORS}/passkey-confirmation/options")
    assert code(none) == (403, "auth.passkey_refused")
    options = ada.post(f"{FACTORS}/passkey-confirmation/options").json()["publicKey"]
    body = {"credential": device.get(options)}
    stolen = bob.post(f"{FACTORS}/passkey-confirmation", json=body)
    assert code(stolen) == (403, "auth.passkey_challenge_refused")
    town.exists("gym")
    elsewhere = {"X-Tenant-ID": "gym"}
    options = town.client.post(f"{SIGN_IN}/options", headers=elsewhere).json()["publicKey"]
    refused = town.client.post(SIGN_IN, json={"credential": device.get(options)}, headers=elsewhere)
    assert code(refused) == (403, "auth.passkey_refused")
    nowhere = town.client.post(f"{SIGN_IN}/options", headers={"X-Tenant-ID": "nowhere"})
    assert nowhere.status_code == 404


@pytest.fixture
def strict_town(tmp_path: Path) -> Iterator[Town]:
    """Return a platform whose trainers need a second factor."""
    with site(settings_of(tmp_path, {}).model_copy(update={"second_factor": "staff"})) as town:
        town.platform.accounts().administration.create_tenant(
            "Town", UserId("mayor"), join=OPEN, origin=origin(), command_id=uuid4()
        )
        yield town


def origin(tenant: str = DEFAULT_TENANT) -> Origin:
    return Origin(tenant_id=TenantId(tenant), actor="test", correlation_id=uuid4())


def trainer(town: Town, address: str, tenant: str = DEFAULT_TENANT) -> Person:
    """Return a trainer who has just signed in and has to add a second factor."""
    person = town.citizen(address, tenant)
    town.platform.accounts().administration.grant(
        UserId(person.id), "trainer", origin=origin(tenant), command_id=uuid4()
    )
    person = town.log_in(person, address)
    assert person.tokens["assurance"] == "enrolment"
    return person


def test_an_idempotency_key_belongs_to_one_user_before_their_first_factor(
    strict_town: Town,
) -> None:
    """R-API-04, R-TEN-03: users of one tenant, and of another one, send the same key."""
    for address, tenant in ((ADA, DEFAULT_TENANT), (BOB, DEFAULT_TENANT), (EVE, "gym")):
        added = add(trainer(strict_town, address, tenant), Authenticator(), key="one")
        assert added.status_code == 200, added.text


def test_a_request_is_repeated_with_the_token_of_the_confirmed_sign_in(strict_town: Town) -> None:
    """R-API-04: the response was lost, and the token of the first request has expired."""
    ada = trainer(strict_town, ADA)
    added = add(ada, Authenticator(), key="one")
    assert added.status_code == 200, added.text
    renewed = strict_town.post("/v1/auth/refresh", {"refreshToken": ada.tokens["refreshToken"]})
    assert renewed.json()["assurance"] == "full"
    headers = {
        "Authorization": f"Bearer {renewed.json()['accessToken']}",
        "Content-Type": "application/json",
        "Idempotency-Key": "one",
    }
    path, content = added.request.url.path, added.request.content
    repeated = strict_town.client.post(path, content=content, headers=headers)
    assert repeated.status_code == 200, repeated.text
    assert len(repeated.json()["recoveryCodes"]) == 10


@pytest.mark.parametrize(
    "credential", [{}, {"response": None}, {"response": {"clientDataJSON": "e30"}}, {"id": 1}]
)
def test_a_response_of_another_form_is_refused(town: Town, credential: dict[str, Any]) -> None:
    """R-IDN-18."""
    ada, body = town.citizen(ADA), {"credential": credential}
    refusal = (403, "auth.passkey_refused")
    assert code(town.client.post(SIGN_IN, json=body)) == refusal
    assert code(ada.post(f"{FACTORS}/passkey-confirmation", json=body)) == refusal
    assert code(ada.post(f"{FACTORS}/passkeys", json={**body, "name": "Laptop"})) == refusal


def test_a_data_export_has_the_names_of_passkeys(town: Town, tmp_path: Path) -> None:
    """C-24: what is stored about a person, but no key."""
    ada, device = town.citizen(ADA), Authenticator()
    add(ada, device, name="Kitchen tablet")
    path = tmp_path / "ada.zip"
    write_archive(town.platform, UserId(ada.id), path)
    with ZipFile(path) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Kitchen tablet" in content


def test_administrators_see_that_a_member_has_a_passkey(town: Town) -> None:
    """R-TEN-06: and can reset it."""
    root, device = town.staff("administrator", "root@example.org"), Authenticator()
    bob = town.citizen(BOB)
    add(bob, device)
    assert root.get(f"/v1/users/{bob.id}").json()["secondFactors"] == ["passkey"]
    assert root.post(f"/v1/users/{bob.id}:reset-second-factors").status_code == 204
    refused = town.client.post(SIGN_IN, json=response(town, device))
    assert code(refused) == (403, "auth.passkey_refused")
    login = town.post("/v1/auth/login", {"email": BOB, "password": PASSWORD})
    assert login.json()["assurance"] == "full"
