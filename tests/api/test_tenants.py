"""Join policies of tenants, and requests for tenants that do not exist."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from api import schemas
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import build_encryption
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.tenants.join_policy import BY_INVITATION, CLOSED, OPEN, JoinPolicy
from domain.users.commands import ChangeEmail, RegisterUser, UserCommand, VerifyEmail
from tests.api.people import PASSWORD, Person, Town

EVE = {"email": "eve@example.org", "password": PASSWORD}

ANONYMOUS_REQUESTS: tuple[tuple[str, str, dict[str, Any] | None], ...] = (
    ("POST", "/v1/auth/register", EVE),
    ("POST", "/v1/auth/login", EVE),
    ("POST", "/v1/auth/token", EVE),
    ("POST", "/v1/auth/verification", {"email": "eve@example.org"}),
    ("POST", "/v1/auth/forgot-password", {"email": "eve@example.org"}),
    ("POST", "/v1/auth/verify-email", {"token": "nowhere.secret"}),
    ("POST", "/v1/auth/reset-password", {"token": "nowhere.secret", "password": PASSWORD}),
    ("POST", "/v1/auth/exchange", {"provider": "google", "idToken": "forged"}),
    ("GET", "/v1/auth/providers", None),
)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def administrator(town: Town, tenant: str = "gym") -> Person:
    """Return a signed-in administrator of a tenant."""
    ada = town.citizen(tenant=tenant)
    origin = Origin(tenant_id=TenantId(tenant), actor="test", correlation_id=uuid4())
    town.platform.accounts().administration.grant(
        UserId(ada.id), "administrator", origin=origin, command_id=uuid4()
    )
    return town.log_in(ada, "ada@example.org")


def test_requests_of_strangers_to_an_unknown_tenant_leave_nothing_behind(
    town: Town, settings: Settings
) -> None:
    """R-TEN-01, R-TEN-03: no event and no key row, whatever an anonymous request asks for."""
    for method, path, body in ANONYMOUS_REQUESTS:
        answer = town.client.request(method, path, json=body, headers={"X-Tenant-ID": "nowhere"})
        assert code(answer) == (404, "tenant.unknown"), path
    started = town.client.get("/v1/auth/oauth/acme?tenant=nowhere", follow_redirects=False)
    assert code(started) == (404, "tenant.unknown")
    town.settled()
    assert list(town.platform.log.scan(after=0, limit=99)) == []
    with (
        build_encryption(settings) as encryption,
        encryption.database.of_tenant(TenantId("nowhere")) as connection,
    ):
        rows = connection.execute(sa.text("SELECT tenant_id FROM subject_key")).all()
    assert "nowhere" not in {tenant for (tenant,) in rows}


def test_every_anonymous_endpoint_of_sign_in_refuses_unknown_tenants(town: Town) -> None:
    """R-TEN-03: a new endpoint cannot forget it, as the routers check the tenant."""
    document = json.loads((Path(schemas.__file__).parent / "openapi.json").read_text())
    operations = document["paths"]
    for path, methods in operations.items():
        if path.startswith("/v1/auth/") and "{" not in path:
            for method in methods:
                answer = town.client.request(method, path, headers={"X-Tenant-ID": "nowhere"})
                assert answer.status_code in {401, 404}, (method, path, answer.text)


def test_nobody_registers_in_a_closed_tenant(town: Town) -> None:
    """R-IDN-03, R-TEN-03: also not with an address that has an account, which reveals nothing."""
    ada = administrator(town)
    change(ada, {"kind": "closed"})
    for address in ("eve@example.org", "ada@example.org"):
        refused = town.post("/v1/auth/register", {**EVE, "email": address}, "gym")
        assert code(refused) == (403, "tenant.joining_refused")
    assert town.log_in(ada, "ada@example.org").id == ada.id, "members stay"
    invited = {"json": {"email": "bob@example.org"}, "headers": {"Idempotency-Key": "1"}}
    assert code(ada.post("/v1/invitations", **invited)) == (409, "tenant.closed")


def test_invited_people_join_a_tenant_that_accepts_nobody_else(town: Town) -> None:
    """R-IDN-03."""
    ada = administrator(town)
    change(ada, {"kind": "invitation"})
    assert code(town.post("/v1/auth/register", EVE, "gym")) == (403, "tenant.joining_refused")
    invited = {"json": {"email": "bob@example.org"}, "headers": {"Idempotency-Key": "1"}}
    assert ada.post("/v1/invitations", **invited).status_code == 202
    choice = {"token": town.token("bob@example.org"), "password": PASSWORD}
    assert town.post("/v1/auth/reset-password", choice, "gym").status_code == 204
    login = {"email": "bob@example.org", "password": PASSWORD}
    assert town.post("/v1/auth/login", login, "gym").status_code == 200


def test_people_of_a_domain_join_by_themselves(town: Town) -> None:
    """R-IDN-03."""
    ada = administrator(town)
    changed = change(ada, {"kind": "domain", "domains": ["Example.org"]})
    assert changed == {"id": "gym", "name": "Town", "join": "domain", "domains": ["example.org"]}
    assert town.post("/v1/auth/register", EVE, "gym").status_code == 202
    stranger = {**EVE, "email": "eve@elsewhere.example"}
    assert code(town.post("/v1/auth/register", stranger, "gym")) == (403, "tenant.joining_refused")


def test_pages_learn_who_may_join(town: Town) -> None:
    ada = administrator(town)
    change(ada, {"kind": "invitation"})
    view = town.client.get("/v1/auth/providers", headers={"X-Tenant-ID": "gym"}).json()
    assert view["join"] == "invitation"
    assert town.client.get("/v1/auth/providers").json()["join"] == "open"


def change(person: Person, body: dict[str, Any]) -> Any:
    answer = person.ask("PUT", "/v1/tenant/join-policy", json=body)
    assert answer.status_code == 200, answer.text
    assert person.get("/v1/tenant").json() == answer.json()
    return answer.json()


MUTATION = """
mutation($input: ChangeJoinPolicyInput!) { changeJoinPolicy(input: $input) {
  ... on TenantPayload { tenant { tenantId name join domains } }
  ... on Problem { code }
} }"""


def test_administrators_change_the_join_policy_by_graphql(town: Town) -> None:
    """C-53: the same command, and the same refusals."""
    ada = administrator(town)
    bob = town.citizen("bob@example.org", tenant="gym")
    wanted = {"kind": "DOMAIN", "domains": ["example.org"]}
    result = ada.graph(MUTATION, input=wanted)["data"]["changeJoinPolicy"]
    assert result["tenant"]["domains"] == ["example.org"]
    assert ada.graph("{ tenant { join } }")["data"]["tenant"] == {"join": "DOMAIN"}
    wrong = ada.graph(MUTATION, input={"kind": "DOMAIN", "domains": []})
    assert wrong["data"]["changeJoinPolicy"]["code"] == "value.invalid"
    refused = bob.graph(MUTATION, input={"kind": "OPEN"})["data"]["changeJoinPolicy"]
    assert refused["code"] == "authorization.not_allowed"
    assert code(bob.ask("PUT", "/v1/tenant/join-policy", json={"kind": "open"}))[0] == 403
    assert code(bob.get("/v1/tenant")) == (403, "authorization.not_allowed")


def test_a_tenant_from_before_creation_was_required_keeps_its_members(town: Town) -> None:
    """R-TEN-03: they sign in, and nobody new joins until an operator creates the tenant."""
    accounts = town.platform.accounts()
    origin = Origin(tenant_id=TenantId("old"), actor="test", correlation_id=uuid4())
    user_id = accounts.identities.claim(origin.tenant_id, "email", "ada@example.org", UserId("ada"))
    now = town.platform.clock()
    opening: list[UserCommand] = [
        RegisterUser(at=now),
        ChangeEmail(email=Personal(user_id, "ada@example.org")),
        VerifyEmail(at=now),
    ]
    accounts.accounts.execute(user_id, opening, origin=origin, command_id=uuid4())
    assert (
        town.post("/v1/auth/forgot-password", {"email": "ada@example.org"}, "old").status_code
        == 202
    )
    choice = {"token": town.token("ada@example.org"), "password": PASSWORD}
    assert town.post("/v1/auth/reset-password", choice, "old").status_code == 204
    login = {"email": "ada@example.org", "password": PASSWORD}
    assert town.post("/v1/auth/login", login, "old").status_code == 200
    assert code(town.post("/v1/auth/register", EVE, "old")) == (403, "tenant.joining_refused")


@pytest.mark.parametrize("policy", [CLOSED, BY_INVITATION, OPEN])
def test_the_tenant_default_follows_its_policy_once_it_is_created(
    town: Town, policy: JoinPolicy
) -> None:
    """R-IDN-03: until then, KINELOG_OPEN_REGISTRATION decides."""
    assert town.post("/v1/auth/register", EVE).status_code == 202
    origin = Origin(tenant_id=TenantId("default"), actor="test", correlation_id=uuid4())
    town.platform.accounts().administration.create_tenant(
        "Home", UserId("ada"), join=policy, origin=origin, command_id=uuid4()
    )
    answer = town.post("/v1/auth/register", {**EVE, "email": "bob@example.org"})
    assert answer.status_code == (202 if policy == OPEN else 403)
