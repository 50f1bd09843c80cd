"""Limits of wrong passwords, and of e-mails to one address."""

from uuid import uuid4

import pytest

from application.users.attempts import TooManyAttempts, TooManyEmails
from application.users.errors import SignInRefused
from application.users.registration import Registration
from tests.application.users.users_fixture import ADDRESS, ANOTHER, PASSWORD, UsersFixture

HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


def guess(users: UsersFixture, address: str = ELSEWHERE, device: str | None = None) -> int:
    """Try a wrong password; gives how long to wait before the next one."""
    try:
        users.signs_in(password=ANOTHER, address=address, device=device)
    except SignInRefused:
        return 0
    except TooManyAttempts as refusal:
        return refusal.retry_after_s
    raise AssertionError


def test_wrong_passwords_are_delayed_longer_each_time(users: UsersFixture) -> None:
    """R-API-08, R-IDN-18"""
    users.member()
    waits: list[int] = []
    for _ in range(12):
        while wait_s := guess(users):
            waits.append(wait_s)
            users.later(wait_s)
    assert waits == [1, 2, 4, 8, 16, 32, 64]
    users.later(hours=1)
    assert guess(users) == 0


def test_guessing_locks_nobody_out(users: UsersFixture) -> None:
    """R-IDN-18: the owner signs in from another address, or on a device that is known."""
    user = users.member().user
    device = users.sign_in_service.attempts.device_of(user.tenant_id, user.id)
    for _ in range(60):
        guess(users)
    users.signs_in(address=HERE)
    with pytest.raises(TooManyAttempts):
        users.signs_in(address=ELSEWHERE)
    users.signs_in(address=ELSEWHERE, device=device)
    forged = f"{device.partition('.')[0]}.{'x' * 43}"
    for wrong in (forged, "", ".", users.sign_in_service.attempts.device_of(user.tenant_id, "eve")):  # type: ignore[arg-type]  # of another account
        with pytest.raises(TooManyAttempts):
            users.signs_in(address=ELSEWHERE, device=wrong)


def test_wrong_passwords_on_a_device_delay_that_device(users: UsersFixture) -> None:
    user = users.member().user
    device = users.sign_in_service.attempts.device_of(user.tenant_id, user.id)
    assert [guess(users, HERE, device) for _ in range(6)] == [0, 0, 0, 0, 0, 1]


def test_a_successful_sign_in_starts_counting_again(users: UsersFixture) -> None:
    users.member()
    for _ in range(3):
        assert [guess(users, HERE) for _ in range(4)] == [0] * 4
        users.signs_in(address=HERE)


def test_e_mails_to_one_address_are_limited_whoever_requests_them(users: UsersFixture) -> None:
    """R-API-08: whether or not it has an account, and in all tenants together."""
    for address in (ADDRESS, "nobody@example.org"):
        for number in range(6):
            users.password_service.request(
                address.upper() if number else address, origin=users.of("red" if number else "blue")
            )
        with pytest.raises(TooManyEmails) as refusal:
            users.registration.register(
                Registration(address, PASSWORD), origin=users.origin, command_id=uuid4()
            )
        assert refusal.value.retry_after_s == 600
        with pytest.raises(TooManyEmails):
            users.registration.send_verification(address, origin=users.origin)
        with pytest.raises(TooManyEmails):
            users.password_service.request(address, origin=users.origin)
        users.creates(users.origin) if address == ADDRESS else None
        with pytest.raises(TooManyEmails):
            users.administration.invite(address, origin=users.origin, command_id=uuid4())
    users.later(seconds=600)
    users.password_service.request(ADDRESS, origin=users.origin)
