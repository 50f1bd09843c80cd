"""Sign-up, sign-in and changes of passwords, each sent twice."""

from collections.abc import Callable
from typing import Any, Final

from tests.api.people import PASSWORD, Person, Town

ADDRESS: Final = "ada@example.org"
ANOTHER: Final = "seven loud narwhals 1872"


def facts(town: Town) -> list[str]:
    """Return the events of the log, without notes of reads and what follows by subscription."""
    recorded = town.platform.log.scan(after=0, limit=10_000)
    own = (each for each in recorded if not each.stream.startswith(("access", "achievement")))
    return [f"{each.stream}: {type(each.event).__name__}" for each in own]


def retry_register(town: Town) -> None:
    """The password stays, there is one account, and each key sends one e-mail."""
    ada = {"email": ADDRESS, "password": PASSWORD}
    for key, sent in ((None, 1), ("monday", 2), ("monday", 2), ("tuesday", 3)):
        assert send(town, "register", ada, key).status_code == 202
        assert len(town.emails(ADDRESS)) == sent
    created = [each for each in facts(town) if each.endswith(": UserCreated")]
    assert created == [f"user-{sign_up(town)['user']['id']}: UserCreated"]
    assert send(town, "login", ada).status_code == 200


def retry_verify_email(town: Town) -> None:
    """The second response is that the address is already verified; the first sign-in goes on."""
    assert send(town, "register", {"email": ADDRESS, "password": PASSWORD}).status_code == 202
    link = {"token": town.token(ADDRESS), "password": PASSWORD}
    first = Person(town.client, "default", send(town, "verify-email", link, "monday").json())
    log = facts(town)
    for key in ("monday", None):
        again = send(town, "verify-email", link, key)
        assert (again.status_code, again.json()["code"]) == (409, "auth.email_already_verified")
        assert again.json()["title"].startswith("This address is already confirmed")
    assert facts(town) == log
    assert first.get("/v1/auth/me").status_code == 200
    assert send(town, "login", {"email": ADDRESS, "password": PASSWORD}).status_code == 200


def retry_refresh(town: Town) -> None:
    """The lost tokens are sent again, once; their use shows that they have arrived."""
    tokens = sign_up(town)
    sent = {"refreshToken": tokens["refreshToken"]}
    lost, again = send(town, "refresh", sent).json(), send(town, "refresh", sent).json()
    assert again["refreshToken"] == lost["refreshToken"]
    person = Person(town.client, "default", again)
    assert person.get("/v1/auth/me").status_code == 200
    renewed = send(town, "refresh", {"refreshToken": again["refreshToken"]})
    assert renewed.status_code == 200
    replayed = send(town, "refresh", sent)
    assert (replayed.status_code, replayed.json()["code"]) == (401, "auth.sign_in_ended")
    assert person.get("/v1/auth/me").status_code == 401, "the token was copied"


def retry_reset_password(town: Town) -> None:
    """The same password is accepted again and changes nothing; another one is refused."""
    sign_up(town)
    assert send(town, "forgot-password", {"email": ADDRESS}).status_code == 202
    link = {"token": town.token(ADDRESS), "password": ANOTHER}
    assert send(town, "reset-password", link, "monday").status_code == 204
    log, sent = facts(town), len(town.emails(ADDRESS))
    for key in ("monday", None):
        assert send(town, "reset-password", link, key).status_code == 204
    for password in (PASSWORD, ANOTHER):  # after another password, every repetition is refused
        refused = send(town, "reset-password", link | {"password": password})
        assert (refused.status_code, refused.json()["code"]) == (422, "auth.link_refused")
    assert facts(town) == log
    assert len(town.emails(ADDRESS)) == sent
    assert send(town, "login", {"email": ADDRESS, "password": ANOTHER}).status_code == 200


def retry_change_password(town: Town) -> None:
    """It has signed out all devices, so a retry is refused and changes nothing."""
    person = Person(town.client, "default", sign_up(town))
    change = {"oldPassword": PASSWORD, "newPassword": ANOTHER}
    key = {"Idempotency-Key": "monday"}
    changed = person.post("/v1/auth/change-password", json=change, headers=key)
    assert changed.status_code == 204
    log = facts(town)
    for headers in (key, {}):
        again = person.post("/v1/auth/change-password", json=change, headers=headers)
        assert (again.status_code, again.json()["code"]) == (401, "auth.token_refused")
    assert facts(town) == log
    assert send(town, "login", {"email": ADDRESS, "password": ANOTHER}).status_code == 200


ACCOUNT_WRITES: Final[dict[str, Callable[[Town], None]]] = {
    "register": retry_register,
    "verifyEmail": retry_verify_email,
    "refresh": retry_refresh,
    "resetPassword": retry_reset_password,
    "changePassword": retry_change_password,
}
"""Writes of people who sign up or in, whose clients may send no key, each with its test."""


def send(town: Town, name: str, body: dict[str, Any], key: str | None = None) -> Any:
    """Send a request without an access token."""
    headers = {} if key is None else {"Idempotency-Key": key}
    return town.client.post(f"/v1/auth/{name}", json=body, headers=headers)


def sign_up(town: Town) -> dict[str, Any]:
    """Register if needed, and verify the address. Returns tokens and the user."""
    if not town.emails(ADDRESS):
        send(town, "register", {"email": ADDRESS, "password": PASSWORD})
    link = {"token": town.token(ADDRESS), "password": PASSWORD}
    tokens: dict[str, Any] = send(town, "verify-email", link).json()
    return tokens
