"""Second factors over REST: what a sign-in may ask for before it is confirmed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pyotp
import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from api.middleware.authentication import is_public_path
from application.privacy import reauthentication
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.tenants.join_policy import OPEN
from domain.users.factor_commands import AddSecondFactor
from domain.users.user import Registered
from tests.api.conftest import WEB
from tests.api.described import committed_openapi
from tests.api.people import PASSWORD, Person, Town

ADA, BOB = "ada@example.org", "bob@example.org"
FACTORS = "/v1/auth/second-factors"


@pytest.fixture
def town(settings: Settings) -> Iterator[Town]:
    strict = settings.model_copy(update={"second_factor": "staff"})
    with open_platform(strict) as platform:
        app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
        with TestClient(app, raise_server_exceptions=False) as client:
            yield Town(client, platform, strict.home / "mail")


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def enrol(person: Person) -> tuple[str, list[str]]:
    """Add an app; return its secret and the recovery codes. The person has a new token then."""
    app = person.post(f"{FACTORS}/app").json()
    body = {"code": pyotp.TOTP(app["secret"]).now()}
    added = person.post(f"{FACTORS}/app/{app['id']}/confirmation", json=body)
    assert added.status_code == 200, added.text
    person.tokens = {**person.tokens, "accessToken": added.json()["accessToken"]}
    return app["secret"], added.json()["recoveryCodes"]


def administrator(town: Town) -> Person:
    """Return an administrator who has just signed in, without a second factor."""
    ada = town.citizen(ADA)
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())
    town.platform.accounts().administration.create_tenant(
        "Town", UserId(ada.id), join=OPEN, origin=origin, command_id=uuid4()
    )
    return town.log_in(ada, ADA)


def paths() -> list[tuple[str, str]]:
    """Return each operation of the API, with ids that do not exist."""
    return [
        (method.upper(), path.replace("{", "").replace("}", ""))
        for path, methods in committed_openapi()["paths"].items()
        for method in methods
    ]


OWN = ("/v1/auth/me", "/v1/auth/sign-ins", "/v1/auth/identities", "/v1/auth/logout-everywhere")
"""Endpoints below a public prefix that need a token."""


def test_an_administrator_without_a_second_factor_gets_enrolment_endpoints_only(
    town: Town,
) -> None:
    """R-TEN-06, R-IDN-18: every other endpoint that needs a token refuses theirs."""
    ada = administrator(town)
    assert ada.tokens["assurance"] == "enrolment"
    for method, path in paths():
        if is_public_path(path) and path not in OWN:
            continue
        answer = ada.ask(method, path)
        assert code(answer) == (403, "auth.enrolment_required"), (method, path)
    assert ada.get(FACTORS).json() == {"items": [], "recoveryCodes": 0}
    graph = ada.post("/graphql", json={"query": "{ consents { purpose } }"})
    assert code(graph) == (403, "auth.enrolment_required")
    enrol(ada)
    assert ada.get("/v1/users").status_code == 200
    assert ada.post("/v1/auth/logout").status_code == 204


def test_a_sign_in_is_confirmed_by_a_code(town: Town) -> None:
    """R-IDN-18: also of members, who choose to."""
    bob = town.citizen(BOB)
    _, codes = enrol(bob)
    bob = town.log_in(bob, BOB)
    assert bob.tokens["assurance"] == "second_factor"
    assert code(bob.get("/v1/auth/me")) == (403, "auth.second_factor_required")
    assert code(bob.get("/v1/sessions")) == (403, "auth.second_factor_required")
    for path in ("/app", "/recovery-codes"):
        refused = bob.post(FACTORS + path)
        assert code(refused) == (403, "auth.second_factor_required"), path
    wrong = bob.post(f"{FACTORS}/confirmation", json={"code": "wrong"})
    assert code(wrong) == (403, "auth.code_wrong")
    confirmed = bob.post(f"{FACTORS}/confirmation", json={"code": codes[0]})
    assert confirmed.status_code == 200
    token = {"Authorization": f"Bearer {confirmed.json()['accessToken']}"}
    assert town.client.get("/v1/auth/me", headers=token).status_code == 200
    renewed = town.post("/v1/auth/refresh", {"refreshToken": bob.tokens["refreshToken"]}).json()
    assert renewed["assurance"] == "full"


def test_sensitive_changes_need_a_recent_confirmation(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-IDN-18: the password alone does not change the ways to sign in."""
    bob = town.citizen(BOB)
    _, codes = enrol(bob)
    (factor,) = bob.get(FACTORS).json()["items"]
    monkeypatch.setattr(reauthentication, "RECENT", timedelta(seconds=-1))
    change = {"oldPassword": PASSWORD, "newPassword": "seven loud narwhals 1872"}
    requests: tuple[tuple[str, str, Any], ...] = (
        ("DELETE", f"{FACTORS}/{factor['id']}", None),
        ("POST", f"{FACTORS}/recovery-codes", None),
        ("POST", "/v1/auth/change-password", change),
        ("POST", "/v1/auth/oauth/google/link", {"password": PASSWORD}),
        ("POST", "/v1/me/erasure", {"password": PASSWORD}),
        ("DELETE", "/v1/auth/identities/google", None),
    )
    for method, path, body in requests:
        answer = bob.ask(method, path, json=body)
        assert code(answer) == (403, "auth.confirmation_required"), path
    monkeypatch.setattr(reauthentication, "RECENT", timedelta(minutes=10))
    assert bob.post(f"{FACTORS}/confirmation", json={"code": codes[0]}).status_code == 200
    assert bob.ask("DELETE", f"{FACTORS}/{factor['id']}").status_code == 204
    assert code(bob.ask("DELETE", f"{FACTORS}/{factor['id']}"))[0] == 404


GRANT = """mutation($id: ID!) { grantRole(input: {userId: $id, role: TRAINER}) {
  ... on Problem { code } ... on AccountPayload { userId } } }"""


def test_a_sign_in_from_before_the_first_factor_adds_none(town: Town) -> None:
    """R-IDN-18: its access token is still valid, but only the factor confirms who it is."""
    owner = town.citizen(BOB)
    other = town.log_in(owner, BOB)
    app = other.post(f"{FACTORS}/app").json()
    passkey = AddSecondFactor(
        factor_id="p", kind="passkey", is_confirmed=False, at=town.platform.clock()
    )
    town.platform.accounts().accounts.execute(
        UserId(owner.id),
        [passkey],
        origin=Origin(tenant_id=DEFAULT_TENANT, actor=owner.id, correlation_id=uuid4()),
        command_id=uuid4(),
    )
    body = {"code": pyotp.TOTP(app["secret"]).now()}
    refused = other.post(f"{FACTORS}/app/{app['id']}/confirmation", json=body)
    assert code(refused) == (403, "auth.second_factor_required")
    assert code(other.post(f"{FACTORS}/app/{app['id']}/confirmation", json={"code": "000000"})) == (
        403,
        "auth.second_factor_required",
    ), "no code is tried"
    user = town.platform.accounts().accounts.user(DEFAULT_TENANT, UserId(owner.id))
    assert isinstance(user, Registered)
    assert [each.id for each in user.second_factors] == ["p"]


def test_changes_of_administrators_need_a_recent_confirmation(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-IDN-18, R-TEN-06: a token alone does not change what others may do."""
    ada, bob = administrator(town), town.citizen(BOB)
    _, codes = enrol(ada)
    user = f"/v1/users/{bob.id}"
    requests: tuple[tuple[str, str, Any], ...] = (
        ("PUT", f"{user}/roles/trainer", None),
        ("DELETE", f"{user}/roles/trainer", None),
        ("POST", f"{user}:suspend", None),
        ("POST", f"{user}:reactivate", None),
        ("POST", f"{user}:reset-second-factors", None),
        ("POST", "/v1/invitations", {"email": "eve@example.org", "roles": ["administrator"]}),
        ("PUT", "/v1/tenant/join-policy", {"kind": "invitation"}),
    )
    monkeypatch.setattr(reauthentication, "RECENT", timedelta(seconds=-1))
    for number, (method, path, body) in enumerate(requests):
        answer = ada.ask(method, path, json=body, headers={"Idempotency-Key": f"first {number}"})
        assert code(answer) == (403, "auth.confirmation_required"), path
    required = {"code": "auth.confirmation_required"}
    assert ada.graph(GRANT, id=bob.id)["data"]["grantRole"] == required
    monkeypatch.setattr(reauthentication, "RECENT", timedelta(minutes=10))
    assert ada.post(f"{FACTORS}/confirmation", json={"code": codes[0]}).status_code == 200
    for number, (method, path, body) in enumerate(requests):
        answer = ada.ask(method, path, json=body, headers={"Idempotency-Key": f"then {number}"})
        assert answer.is_success, (path, answer.text)
    assert ada.graph(GRANT, id=bob.id)["data"]["grantRole"] == {"userId": bob.id}


def test_an_administrator_resets_the_factors_of_a_member(town: Town) -> None:
    """R-TEN-06: not their own, and not those of another tenant."""
    ada, bob = administrator(town), town.citizen(BOB)
    enrol(ada)
    enrol(bob)
    assert ada.get(f"/v1/users/{bob.id}").json()["secondFactors"] == ["totp"]
    path = "/v1/users/{}:reset-second-factors"
    assert code(bob.post(path.format(ada.id))) == (403, "authorization.not_allowed")
    assert code(ada.post(path.format(ada.id))) == (403, "auth.own_account")
    assert code(ada.post(path.format("nobody"))) == (404, "user.unknown")
    assert ada.post(path.format(bob.id)).status_code == 204
    assert code(bob.get("/v1/auth/me")) == (401, "auth.token_refused")
    assert town.log_in(bob, BOB).tokens["assurance"] == "full"


def test_a_repeated_reset_keeps_the_factor_that_was_added_since(town: Town) -> None:
    """R-EVT-16: without its codes, the person could not sign in again."""
    ada, bob = administrator(town), town.citizen(BOB)
    enrol(ada)
    enrol(bob)
    path, key = f"/v1/users/{bob.id}:reset-second-factors", {"Idempotency-Key": "once"}
    assert ada.post(path, headers=key).status_code == 204
    bob = town.log_in(bob, BOB)
    _, recovery_codes = enrol(bob)
    assert ada.post(path, headers=key).status_code == 204
    assert bob.get("/v1/auth/me").status_code == 200
    bob = town.log_in(bob, BOB)
    confirmed = bob.post(f"{FACTORS}/confirmation", json={"code": recovery_codes[0]})
    assert confirmed.status_code == 200


def test_a_repeated_reset_keeps_the_app_that_is_being_added(town: Town) -> None:
    """R-EVT-16: and the sign-in that was begun since."""
    ada, bob = administrator(town), town.citizen(BOB)
    enrol(ada)
    enrol(bob)
    path, key = f"/v1/users/{bob.id}:reset-second-factors", {"Idempotency-Key": "once"}
    assert ada.post(path, headers=key).status_code == 204
    bob = town.log_in(bob, BOB)
    app = bob.post(f"{FACTORS}/app").json()
    assert ada.post(path, headers=key).status_code == 204
    shown = {"code": pyotp.TOTP(app["secret"]).now()}
    assert bob.post(f"{FACTORS}/app/{app['id']}/confirmation", json=shown).status_code == 200


def test_strangers_get_nothing_from_the_endpoints_of_second_factors(town: Town) -> None:
    """R-TEN-03."""
    bob, eve = town.citizen(BOB), town.citizen("eve@example.org")
    enrol(bob)
    (factor,) = bob.get(FACTORS).json()["items"]
    assert town.client.get(FACTORS).status_code == 401
    assert eve.get(FACTORS).json()["items"] == []
    assert code(eve.ask("DELETE", f"{FACTORS}/{factor['id']}")) == (
        404,
        "user.second_factor_unknown",
    )
    confirm = eve.post(f"{FACTORS}/app/{factor['id']}/confirmation", json={"code": "000000"})
    assert code(confirm) == (404, "user.second_factor_unknown")
    other = bob.get(FACTORS, headers={"X-Tenant-ID": "gym"})
    assert code(other) == (403, "auth.tenant_mismatch")
