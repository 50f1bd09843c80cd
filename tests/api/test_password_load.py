"""A flood of password checks does not block other requests."""

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

import pytest

from adapters.users.passwords import Argon2Passwords
from tests.api.people import PASSWORD, Town

FLOOD = 60
"""More than the 40 threads in which a server's blocking requests run."""

STRENGTH = ("/v1/auth/password-strength", {"password": PASSWORD, "email": "", "username": ""})
LOGIN = ("/v1/auth/login", {"email": "nobody@example.org", "password": PASSWORD})


@pytest.mark.parametrize(
    ("path", "body"), [STRENGTH, LOGIN], ids=["judging passwords", "hashing passwords"]
)
def test_other_requests_complete_while_the_work_on_passwords_is_blocked(
    town: Town, path: str, body: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-API-08, R-IDN-18: the queue is short, and excess requests are told to retry."""
    member = town.citizen()
    passwords = _passwords(town)
    slots = passwords.strength.slots if path == STRENGTH[0] else passwords.slots
    monkeypatch.setattr(slots, "_timeout_s", 3600)
    running = slots._running
    taken = 0
    while running.acquire(blocking=False):
        taken += 1
    with ThreadPoolExecutor(FLOOD) as threads:
        bodies = [{**body, "email": f"nobody{number}@example.org"} for number in range(FLOOD)]
        flood: list[Future[Any]] = [threads.submit(town.post, path, each) for each in bodies]
        try:
            refused = next(iter(wait(flood, return_when=FIRST_COMPLETED).done)).result()
            assert [member.get("/v1/auth/me").status_code for _ in range(5)] == [200] * 5
            assert not all(each.done() for each in flood), "some wait for the blocked work"
        finally:
            for _ in range(taken):
                running.release()
        answers = [each.result() for each in flood]
    assert (refused.status_code, refused.json()["code"]) == (503, "auth.busy")
    assert int(refused.headers["Retry-After"]) >= 1
    assert {each.status_code for each in answers} <= {200, 401, 503}
    assert any(each.status_code != 503 for each in answers), "those in the queue are served"


def _passwords(town: Town) -> Argon2Passwords:
    passwords: Any = town.platform.accounts().registration.passwords
    assert isinstance(passwords, Argon2Passwords)
    return passwords
