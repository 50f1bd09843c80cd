"""User administration by the administrators of a tenant."""

from typing import Any
from uuid import UUID, uuid4

from domain.ids import TenantId
from tests.api.administrators import BOB, administrator, code
from tests.api.people import PASSWORD, Person, Town


def facts(town: Town) -> int:
    """Count the events of accounts and roles, without the access records."""
    log = town.platform.log.scan(after=0, limit=9999)
    return sum(not fact.stream.startswith("access-") for fact in log)


def test_an_administrator_sees_the_accounts_of_the_tenant(town: Town) -> None:
    """R-TEN-06, R-IDN-05: in pages, the newest first, and only this tenant's."""
    ada = administrator(town)
    bob = town.citizen(BOB)
    town.citizen("eve@example.org", tenant="gym")
    page = ada.get("/v1/users")
    assert [each["id"] for each in page.json()["items"]] == [bob.id, ada.id]
    view = page.json()["items"][0]
    assert (view["email"], view["roles"], view["suspended"]) == (BOB, ["member"], False)
    assert (view["emailVerified"], view["hasPassword"], view["providers"]) == (True, True, [])
    assert page.json()["items"][1]["roles"] == ["administrator", "member"]
    first = ada.get("/v1/users?first=1")
    link = first.headers["Link"].partition(">")[0].removeprefix("<")
    assert [each["id"] for each in ada.get(link).json()["items"]] == [ada.id]
    assert ada.get(f"/v1/users/{bob.id}").json() == view
    assert code(ada.get("/v1/users/nobody")) == (404, "user.unknown")


REQUESTS = (
    ("GET", "/v1/users"),
    ("GET", "/v1/users/{id}"),
    ("PUT", "/v1/users/{id}/roles/administrator"),
    ("DELETE", "/v1/users/{id}/roles/administrator"),
    ("POST", "/v1/users/{id}:suspend"),
    ("POST", "/v1/users/{id}:reactivate"),
    ("POST", "/v1/invitations"),
)


def test_only_administrators_manage_accounts(town: Town) -> None:
    """R-TEN-06, C-12: no member, trainer or analyst; not even for their own account."""
    ada = administrator(town)
    eve = town.citizen("eve@example.org")
    for role in (None, "trainer", "analyst"):
        if role is not None:
            assert ada.ask("PUT", f"/v1/users/{eve.id}/roles/{role}").status_code == 204
            eve = town.log_in(eve, "eve@example.org")
        before = facts(town)
        for whose in (ada.id, eve.id):
            for method, path in REQUESTS:
                body = {"json": {"email": BOB}} if path == "/v1/invitations" else {}
                key = {"Idempotency-Key": str(uuid4())}
                answer = eve.ask(method, path.format(id=whose), headers=key, **body)
                assert code(answer) == (403, "authorization.not_allowed"), (role, method, path)
        assert facts(town) == before


def test_an_administrator_of_another_tenant_finds_nobody(town: Town) -> None:
    """R-TEN-03, C-10"""
    ada = administrator(town, "gym")
    bob = town.citizen(BOB)
    for method, path in REQUESTS[1:-1]:
        assert code(ada.ask(method, path.format(id=bob.id))) == (404, "user.unknown"), path
    assert bob.get("/v1/auth/me").status_code == 200


def test_a_role_is_given_and_taken_and_tokens_with_it_are_refused_at_once(town: Town) -> None:
    """R-CAT-06, C-22: within a second."""
    ada, bob = administrator(town), town.citizen(BOB)
    path = f"/v1/users/{bob.id}/roles/administrator"
    assert ada.ask("PUT", path).status_code == 204
    assert ada.ask("PUT", path).status_code == 204, "already so"
    bob = town.log_in(bob, BOB)
    assert bob.get("/v1/users").status_code == 200
    assert ada.ask("DELETE", path).status_code == 204
    assert code(bob.get("/v1/users")) == (401, "auth.token_refused")
    renewed = town.post("/v1/auth/refresh", {"refreshToken": bob.tokens["refreshToken"]})
    assert code(renewed) == (401, "auth.sign_in_ended")
    bob = town.log_in(bob, BOB)
    assert code(bob.get("/v1/users")) == (403, "authorization.not_allowed")
    assert ada.ask("PUT", f"/v1/users/{bob.id}/roles/god").status_code == 422


def test_the_last_administrator_keeps_their_role(town: Town) -> None:
    ada = administrator(town)
    answer = ada.ask("DELETE", f"/v1/users/{ada.id}/roles/administrator")
    assert code(answer) == (409, "tenant.last_administrator")
    assert code(ada.post(f"/v1/users/{ada.id}:suspend")) == (403, "auth.own_account")
    assert ada.get("/v1/users").status_code == 200


def test_suspended_users_are_signed_out_and_cannot_sign_in(town: Town) -> None:
    """R-IDN-18, C-22: until they are reinstated; their data is kept."""
    ada, bob = administrator(town), town.citizen(BOB)
    login = {"email": BOB, "password": PASSWORD}
    assert ada.post(f"/v1/users/{bob.id}:suspend").status_code == 204
    assert ada.get(f"/v1/users/{bob.id}").json()["suspended"] is True
    assert code(bob.get("/v1/auth/me")) == (401, "auth.token_refused")
    renewed = town.post("/v1/auth/refresh", {"refreshToken": bob.tokens["refreshToken"]})
    assert code(renewed) == (401, "auth.sign_in_ended")
    assert code(town.post("/v1/auth/login", login)) == (403, "auth.account_suspended")
    wrong = town.post("/v1/auth/login", {**login, "password": "wrong"})
    assert code(wrong) == (401, "auth.sign_in_refused"), "only who knows the password is told"
    town.post("/v1/auth/forgot-password", {"email": BOB})
    reset = {"token": town.token(BOB), "password": "seven loud narwhals 1872"}
    assert town.post("/v1/auth/reset-password", reset).status_code == 204
    login["password"] = reset["password"]
    assert code(town.post("/v1/auth/login", login)) == (403, "auth.account_suspended")
    assert ada.post(f"/v1/users/{bob.id}:reactivate").status_code == 204
    assert town.post("/v1/auth/login", login).status_code == 200


def test_repeated_requests_sign_nobody_out_again(town: Town) -> None:
    """R-EVT-16, R-API-04: a retry of a suspension, or of a withdrawal, that was undone since."""
    ada, bob = administrator(town), town.citizen(BOB)
    key = {"Idempotency-Key": "once"}
    suspend, role = f"/v1/users/{bob.id}:suspend", f"/v1/users/{bob.id}/roles/trainer"
    assert ada.post(suspend, headers=key).status_code == 204
    assert ada.post(f"/v1/users/{bob.id}:reactivate").status_code == 204
    bob = town.log_in(bob, BOB)
    assert ada.post(suspend, headers=key).status_code == 204
    assert bob.get("/v1/auth/me").status_code == 200

    key = {"Idempotency-Key": "another"}
    assert ada.ask("PUT", role).status_code == 204
    assert ada.ask("DELETE", role, headers=key).status_code == 204
    assert ada.ask("PUT", role).status_code == 204
    bob = town.log_in(bob, BOB)
    assert ada.ask("DELETE", role, headers=key).status_code == 204
    assert bob.get("/v1/auth/me").status_code == 200


def test_a_repeated_withdrawal_keeps_the_sign_in_that_was_begun_since(town: Town) -> None:
    """R-EVT-16: only tokens of earlier sign-ins name the role."""
    ada, bob = administrator(town), town.citizen(BOB)
    key, role = {"Idempotency-Key": "once"}, f"/v1/users/{bob.id}/roles/trainer"
    assert ada.ask("PUT", role).status_code == 204
    for _ in range(2):
        assert ada.ask("DELETE", role, headers=key).status_code == 204
        bob = town.log_in(bob, BOB)
        assert ada.ask("DELETE", role, headers=key).status_code == 204
        assert bob.get("/v1/auth/me").status_code == 200
        key = {"Idempotency-Key": "without an event"}


def test_a_change_can_require_an_unchanged_version(town: Town) -> None:
    """R-API-04: with `If-Match`; a repeated request is executed once."""
    ada, bob = administrator(town), town.citizen(BOB)
    seen = ada.get(f"/v1/users/{bob.id}").headers["ETag"]
    suspend = f"/v1/users/{bob.id}:suspend"
    twice = {"If-Match": f'"x", {seen}', "Idempotency-Key": "once"}
    assert ada.post(suspend, headers=twice).status_code == 204
    stale = ada.post(f"/v1/users/{bob.id}:reactivate", headers={"If-Match": seen})
    assert code(stale) == (412, "account.moved")
    assert ada.post(f"/v1/users/{bob.id}:reactivate", headers={"If-Match": "*"}).status_code == 204
    before = facts(town)
    again = {"Idempotency-Key": "once"}
    assert ada.post(suspend, headers=again).status_code == 204
    assert facts(town) == before
    assert ada.get(f"/v1/users/{bob.id}").json()["suspended"] is False, "it was done before"


def test_a_repeated_change_of_a_version_returns_the_first_result(town: Town) -> None:
    """R-API-04: although the change itself gave the account another version."""
    ada, bob = administrator(town), town.citizen(BOB)
    for method, path in (("PUT", "/roles/trainer"), ("POST", ":suspend")):
        seen = ada.get(f"/v1/users/{bob.id}").headers["ETag"]
        headers = {"If-Match": seen, "Idempotency-Key": path}
        for _ in range(2):
            answer = ada.ask(method, f"/v1/users/{bob.id}{path}", headers=headers)
            assert answer.status_code == 204, answer.text


def test_the_last_administrator_who_can_sign_in_stays_one(town: Town) -> None:
    """R-TEN-06: one who is suspended could administer nothing."""
    ada, bob = administrator(town), town.citizen(BOB)
    assert ada.ask("PUT", f"/v1/users/{bob.id}/roles/administrator").status_code == 204
    assert ada.post(f"/v1/users/{bob.id}:suspend").status_code == 204
    own = f"/v1/users/{ada.id}/roles/administrator"
    assert code(ada.ask("DELETE", own)) == (409, "tenant.last_administrator")
    assert ada.post(f"/v1/users/{bob.id}:reactivate").status_code == 204
    assert ada.ask("DELETE", own).status_code == 204


def invites(somebody: Person, body: dict[str, Any]) -> Any:
    key = {"Idempotency-Key": str(uuid4())}
    return somebody.post("/v1/invitations", json=body, headers=key)


def test_somebody_is_invited_and_comes_with_a_password_of_their_own(town: Town) -> None:
    """R-IDN-07: by an email with a link, which proves that the address is theirs."""
    ada = administrator(town)
    body = {"email": BOB, "roles": ["trainer"]}
    key = {"Idempotency-Key": str(uuid4())}
    invited = ada.post("/v1/invitations", json=body, headers=key)
    assert invited.status_code == 202
    user_id = invited.json()["userId"]
    assert ada.post("/v1/invitations", json=body, headers=key).json()["userId"] == user_id
    assert len(town.emails(BOB)) == 1
    waiting = ada.get(f"/v1/users/{user_id}").json()
    assert (waiting["emailVerified"], waiting["roles"]) == (False, ["member", "trainer"])
    again = invites(ada, {"email": BOB})
    assert again.json()["userId"] == user_id, "a message may be lost"
    chosen = {"token": town.token(BOB), "password": PASSWORD}
    assert town.post("/v1/auth/reset-password", chosen).status_code == 204
    bob = town.post("/v1/auth/login", {"email": BOB, "password": PASSWORD}).json()
    assert (bob["user"]["id"], bob["user"]["roles"]) == (user_id, ["member", "trainer"])
    assert code(invites(ada, body)) == (409, "auth.address_taken")
    for wrong in ({"email": "bob"}, {"email": BOB, "roles": ["god"]}, {}):
        assert invites(ada, wrong).status_code == 422


def test_only_the_link_of_the_newest_invitation_is_valid(town: Town) -> None:
    """R-IDN-07: the e-mail of an earlier one may have gone astray."""
    ada = administrator(town)
    assert invites(ada, {"email": BOB}).status_code == 202
    lost = town.token(BOB)
    assert invites(ada, {"email": BOB}).status_code == 202
    chosen = {"token": lost, "password": PASSWORD}
    assert code(town.post("/v1/auth/reset-password", chosen)) == (422, "auth.link_refused")
    chosen["token"] = town.token(BOB)
    assert town.post("/v1/auth/reset-password", chosen).status_code == 204


def test_an_invitation_that_waited_is_not_sent_after_another_one(town: Town) -> None:
    """R-IDN-07: its link would be valid beside that of the newest."""
    ada = administrator(town)
    for _ in range(2):
        assert invites(ada, {"email": BOB}).status_code == 202
    assert len(town.emails(BOB)) == 1
    chosen = {"token": town.token(BOB), "password": PASSWORD}
    assert town.post("/v1/auth/reset-password", chosen).status_code == 204


def test_reading_data_of_others_is_logged(town: Town) -> None:
    """R-TEN-13"""
    ada, bob = administrator(town), town.citizen(BOB)
    ada.get(f"/v1/users/{bob.id}")
    log = town.platform.log.load(TenantId("default"), f"access-{bob.id}")
    assert [fact.origin.actor for fact in log] == [ada.id]
    assert UUID(ada.id)


def test_the_last_administrator_names_another_one_before_leaving(town: Town) -> None:
    """R-TEN-06: one who has requested the deletion of their account, too, does not count."""
    ada = administrator(town)
    bob = town.citizen(BOB)
    last = (409, "tenant.last_administrator")
    refused = ada.post("/v1/me/erasure", json={})
    assert code(refused) == last
    assert "Give someone else that role first." in refused.json()["detail"]
    assert ada.get("/v1/me/erasure").status_code == 404
    assert ada.ask("PUT", f"/v1/users/{bob.id}/roles/administrator").status_code == 204
    assert ada.post("/v1/me/erasure", json={}).status_code == 202
    assert ada.post("/v1/me/erasure", json={}).status_code == 202, "it is requested already"
    bob = town.log_in(bob, BOB)
    assert code(bob.post("/v1/me/erasure", json={})) == last
    assert ada.ask("DELETE", "/v1/me/erasure").status_code == 204
    assert bob.post("/v1/me/erasure", json={}).status_code == 202
