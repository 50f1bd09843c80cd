"""Accounts over REST: registration, tokens and passwords."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from application.kernel.ports import RateLimit
from application.platform import Platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from projections.user_profile import USER_PROFILE
from tests.api.conftest import WEB
from tests.api.people import PASSWORD, Person, Town

ADDRESS = "ada@example.org"
ANOTHER = "seven loud narwhals 1872"


class Two:
    """A limiter that allows two requests per key."""

    is_remote = False

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def consume(self, whose: str) -> RateLimit:
        taken = self._taken[whose] = self._taken.get(whose, 0) + 1
        return RateLimit(taken <= 2, 2, 60, max(0, 2 - taken), 30)


def test_somebody_registers_verifies_and_gets_three_things(town: Town) -> None:
    """R-IDN-03, R-IDN-07, R-IDN-08, R-IDN-09."""
    sent = {"email": ADDRESS, "password": PASSWORD, "username": "Ada", "timeZone": "Europe/Rome"}
    accepted = town.post("/v1/auth/register", sent)
    assert (accepted.status_code, accepted.json()) == (202, {"status": "accepted"})
    link = {"token": town.token(ADDRESS), "password": PASSWORD}
    answer = town.post("/v1/auth/verify-email", link)
    assert answer.headers["Cache-Control"] == "no-store"
    view = answer.json()
    tokens = {"accessToken", "refreshToken", "tokenType", "expiresIn"}
    assert set(view) == tokens | {"user", "assurance"}
    user = view["user"]
    assert (user["email"], user["username"], user["timeZone"]) == (ADDRESS, "Ada", "Europe/Rome")
    assert (user["tenantId"], user["roles"]) == ("default", ["member"])
    me = Person(town.client, "default", view).get("/v1/auth/me")
    assert me.json() == user


def test_a_link_works_once(town: Town) -> None:
    """R-IDN-07."""
    town.post("/v1/auth/register", {"email": ADDRESS, "password": PASSWORD})
    link = {"token": town.token(ADDRESS)}
    seen = town.post("/v1/auth/verification-link", link).json()
    assert seen == {"email": ADDRESS, "needsPassword": True, "signedInAs": None}
    refused = town.post("/v1/auth/verify-email", link)
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.password_needed")
    assert town.post("/v1/auth/verify-email", link | {"password": PASSWORD}).status_code == 200
    for path in ("verify-email", "verification-link"):
        again = town.post(f"/v1/auth/{path}", link)
        assert (again.status_code, again.json()["code"]) == (409, "auth.email_already_verified")
        assert again.headers["Cache-Control"] == "no-store"
    unknown = town.post("/v1/auth/verify-email", {"token": "default.x"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "auth.link_refused")


def test_responses_do_not_reveal_accounts(town: Town) -> None:
    """R-IDN-18."""
    town.citizen(ADDRESS)
    for path, body in (
        ("/v1/auth/register", {"password": PASSWORD}),
        ("/v1/auth/forgot-password", {}),
        ("/v1/auth/verification", {}),
    ):
        state = town.post(path, {"email": ADDRESS, **body})
        unknown = town.post(path, {"email": "nobody@example.org", **body})
        assert (state.status_code, state.content) == (unknown.status_code, unknown.content), path
    wrong = town.post("/v1/auth/login", {"email": ADDRESS, "password": ANOTHER})
    nobody = town.post("/v1/auth/login", {"email": "none@example.org", "password": ANOTHER})
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.headers["WWW-Authenticate"].startswith("Bearer")
    assert wrong.json()["code"] == nobody.json()["code"] == "auth.sign_in_refused"
    assert wrong.json()["detail"] == nobody.json()["detail"]


def test_a_password_is_judged_before_it_is_chosen_as_it_is_when_chosen(town: Town) -> None:
    """R-IDN-03: with the same messages."""

    def judged(password: str) -> Any:
        sent = {"password": password, "email": ADDRESS}
        return town.post("/v1/auth/password-strength", sent).json()

    weak = judged("password1")
    chosen = town.post("/v1/auth/register", {"email": ADDRESS, "password": "password1"})
    assert weak == {"strong": False, "words": chosen.json()["detail"]}
    assert "common password" in weak["words"]
    assert judged(ADDRESS)["strong"] is False, "one's own address is easily guessed"
    assert judged("short")["words"] == "A password must have 8 to 128 characters."
    assert judged(PASSWORD)["strong"] is True


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"email": "ada", "password": PASSWORD}, "value.invalid"),
        ({"email": ADDRESS, "password": "password1"}, "auth.password_too_weak"),
        ({"email": ADDRESS, "password": "short"}, "auth.password_length_wrong"),
        ({"email": ADDRESS}, "request.invalid"),
        ({"email": ADDRESS, "password": PASSWORD, "role": "administrator"}, "request.invalid"),
    ],
    ids=["no address", "weak", "short", "no password", "a field of no form"],
)
def test_a_form_is_refused_with_a_reason(town: Town, body: dict[str, str], code: str) -> None:
    answer = town.post("/v1/auth/register", body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert PASSWORD not in answer.text


def test_signing_in_needs_a_verified_address(town: Town) -> None:
    town.post("/v1/auth/register", {"email": ADDRESS, "password": PASSWORD})
    answer = town.post("/v1/auth/login", {"email": ADDRESS, "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (403, "auth.email_unverified")


def test_a_client_asks_for_a_token_in_its_tenant(town: Town) -> None:
    """R-IDN-11: the token has tenant claims, and anyone can verify it with the public keys."""
    person = town.citizen(ADDRESS, tenant="gym")
    body = {"email": ADDRESS, "password": PASSWORD}
    token = town.post("/v1/auth/token", body, tenant="gym").json()["accessToken"]
    published = town.client.get("/.well-known/jwks.json").json()
    assert all("d" not in key for key in published["keys"])
    claims = jwt.decode(token, KeySet.import_key_set(published)).claims
    assert (claims["tenant"], claims["sub"]) == ("gym", person.id)
    assert town.post("/v1/auth/token", body, tenant="default").status_code == 401


def test_a_refresh_token_is_used_once(town: Town) -> None:
    """C-22."""
    first = town.citizen(ADDRESS)
    body = {"refreshToken": first.tokens["refreshToken"]}
    renewed = town.post("/v1/auth/refresh", body)
    second = Person(town.client, "default", renewed.json())
    assert second.get("/v1/auth/me").status_code == 200
    again = town.post("/v1/auth/refresh", body).json()
    assert again["refreshToken"] == renewed.json()["refreshToken"], "the answer may have been lost"
    newest = {"refreshToken": again["refreshToken"]}
    assert town.post("/v1/auth/refresh", newest).status_code == 200
    assert town.post("/v1/auth/refresh", body).status_code == 401
    assert second.get("/v1/auth/me").status_code == 401, "the sign-in is over"


def test_an_expired_token_does_not_prevent_signing_in(town: Town) -> None:
    ada = town.citizen(ADDRESS)
    ada.post("/v1/auth/logout")
    body = {"email": ADDRESS, "password": PASSWORD}
    assert ada.post("/v1/auth/login", json=body).status_code == 200
    assert ada.get("/healthz").status_code == 200
    assert ada.get("/v1/sessions").status_code == 401


def test_signing_out_ends_this_sign_in_or_all(town: Town) -> None:
    """R-IDN-18: sign-out takes effect within a second."""
    phone = town.citizen(ADDRESS)
    laptop, tablet = town.log_in(phone, ADDRESS), town.log_in(phone, ADDRESS)
    assert phone.post("/v1/auth/logout").status_code == 204
    refused = phone.get("/v1/auth/me")
    assert (refused.status_code, refused.json()["code"]) == (401, "auth.token_refused")
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    assert laptop.post("/v1/auth/logout-everywhere").status_code == 204
    assert tablet.get("/v1/auth/me").status_code == 401


def test_devices_are_listed_and_one_of_them_is_signed_out(town: Town) -> None:
    """R-IDN-18: only by their owner."""
    phone = town.citizen(ADDRESS)
    laptop, bob = town.log_in(phone, ADDRESS), town.citizen("bob@example.org")
    items = phone.get("/v1/auth/sign-ins").json()["items"]
    assert [each["current"] for each in items].count(True) == 1
    assert len(items) == 2
    (other,) = [each["id"] for each in items if not each["current"]]
    assert bob.ask("DELETE", f"/v1/auth/sign-ins/{other}").status_code == 404
    assert laptop.get("/v1/auth/me").status_code == 200
    assert phone.ask("DELETE", f"/v1/auth/sign-ins/{other}").status_code == 204
    assert laptop.get("/v1/auth/me").status_code == 401
    assert phone.ask("DELETE", f"/v1/auth/sign-ins/{other}").status_code == 404
    assert len(phone.get("/v1/auth/sign-ins").json()["items"]) == 1


def test_a_forgotten_password_is_replaced_by_a_link(town: Town) -> None:
    person = town.citizen(ADDRESS)
    town.post("/v1/auth/forgot-password", {"email": ADDRESS})
    link = {"token": town.token(ADDRESS), "password": ANOTHER}
    assert town.post("/v1/auth/reset-password", link).status_code == 204
    assert person.get("/v1/auth/me").status_code == 401
    old = town.post("/v1/auth/login", {"email": ADDRESS, "password": PASSWORD})
    new = town.post("/v1/auth/login", {"email": ADDRESS, "password": ANOTHER})
    assert (old.status_code, new.status_code) == (401, 200)


def test_changing_a_password_needs_the_old_one(town: Town) -> None:
    person = town.citizen(ADDRESS)
    wrong = {"oldPassword": ANOTHER, "newPassword": ANOTHER}
    assert person.post("/v1/auth/change-password", json=wrong).status_code == 401
    right = {"oldPassword": PASSWORD, "newPassword": ANOTHER}
    assert person.post("/v1/auth/change-password", json=right).status_code == 204


def test_an_unconfigured_provider_is_refused(town: Town) -> None:
    """R-IDN-12, R-IDN-13."""
    for provider in ("google", "apple", "firebase", "acme", "email"):
        answer = town.post("/v1/auth/exchange", {"provider": provider, "idToken": "x.y.z"})
        assert (answer.status_code, answer.json()["code"]) == (401, "auth.id_token_refused")
    for no_name in ("", "Google", "../google", "x" * 40):
        other = town.post("/v1/auth/exchange", {"provider": no_name, "idToken": "x.y.z"})
        assert other.status_code == 422, no_name


def test_sign_in_requests_are_rate_limited(platform: Platform) -> None:
    """R-API-08."""
    config = ApiConfig(limiters={"auth": Two()})
    with TestClient(build_app(platform, web=WEB, config=config)) as client:
        sent: list[Any] = [
            client.post("/v1/auth/verification", json={"email": ADDRESS}) for _ in range(3)
        ]
    assert [each.status_code for each in sent] == [202, 202, 429]
    assert sent[0].headers["RateLimit-Policy"] == '"auth";q=2;w=60'
    assert sent[0].headers["RateLimit"] == '"auth";r=1;t=30'
    assert sent[2].json()["code"] == "http.429"
    assert sent[2].headers["Retry-After"] == "30"


def test_wrong_passwords_delay_one_address_and_lock_nobody_out(
    town: Town, platform: Platform
) -> None:
    """R-API-08, R-IDN-18."""
    town.citizen(ADDRESS)
    app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
    attacker = TestClient(app, client=("192.0.2.1", 50_000))
    wrong = {"email": ADDRESS, "password": ANOTHER}
    answers: list[Any] = [attacker.post("/v1/auth/login", json=wrong) for _ in range(6)]
    assert [each.status_code for each in answers] == [401] * 5 + [429]
    assert answers[5].json()["code"] == "auth.too_many_attempts"
    assert int(answers[5].headers["Retry-After"]) >= 1
    right = {"email": f" {ADDRESS.upper()}", "password": PASSWORD}
    assert town.post("/v1/auth/login", right).status_code == 200


def test_mail_files_are_encrypted_and_readable_by_their_owner_only(
    town: Town, settings: Settings
) -> None:
    """R-TEN-09: they have addresses, and links that sign in."""
    town.post("/v1/auth/register", {"email": ADDRESS, "password": PASSWORD})
    assert settings.base_url in town.emails(ADDRESS)[0]
    files: list[Path] = list((settings.home / "mail").iterdir())
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600]
    assert not any(
        part in files[0].read_bytes() for part in (ADDRESS.encode(), b"token", b"Subject")
    )


def test_hsts_is_sent_where_clients_use_tls(platform: Platform) -> None:
    """R-TEN-11."""
    for https in (True, False):
        client = TestClient(build_app(platform, web=WEB, config=ApiConfig(https=https)))
        view = client.get("/healthz").headers.get("Strict-Transport-Security")
        assert (view == "max-age=63072000; includeSubDomains") is https


def test_pages_elsewhere_may_call_where_they_are_named(platform: Platform) -> None:
    config = ApiConfig(sign_in_required=True, origins=("https://app.example.org",))
    with TestClient(build_app(platform, web=WEB, config=config)) as client:

        def preflight(origin: str) -> Any:
            wanted = {
                "Origin": origin,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,x-tenant-id,idempotency-key",
            }
            return client.options("/graphql", headers=wanted)

        named = preflight("https://app.example.org")
        assert named.status_code == 200, "who asks is known only from the request itself"
        assert named.headers["Access-Control-Allow-Origin"] == "https://app.example.org"
        assert "Access-Control-Allow-Credentials" not in named.headers
        other = preflight("https://evil.example")
        assert "Access-Control-Allow-Origin" not in other.headers


def test_a_profile_goes_with_its_account(town: Town) -> None:
    """C-24, R-IDN-17: read models are filled from encrypted events in each composition."""
    ada = town.citizen(ADDRESS)
    eve = town.citizen("eve@example.org")
    query = "query($id: ID!) { user(id: $id) { userId timeZone } }"
    profile = ada.graph(query, id=ada.id)["data"]["user"]
    assert profile == {"userId": ada.id, "timeZone": "UTC"}
    assert eve.graph(query, id=ada.id)["data"]["user"] is None
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=ada.id, correlation_id=uuid4())
    account_erasure = town.platform.accounts().account_erasure
    account_erasure.erase(UserId(ada.id), origin=origin, command_id=uuid4())
    assert ada.get("/v1/auth/me").status_code == 401
    assert town.platform.read.get(USER_PROFILE, DEFAULT_TENANT, ada.id) is None
    login = town.post("/v1/auth/login", {"email": ADDRESS, "password": PASSWORD})
    assert login.status_code == 401
