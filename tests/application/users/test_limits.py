"""Limits of wrong passwords, and of e-mails to one address."""

from collections import Counter
from contextlib import suppress
from uuid import uuid4

import pytest

from application.users.attempts import TooManyAttempts, TooManyEmails
from application.users.errors import SignInRefused
from application.users.registration import Registration
from domain.values import InvalidValue
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


def test_wrong_old_passwords_of_a_signed_in_user_are_delayed(users: UsersFixture) -> None:
    """R-API-08, R-IDN-18: a thief may use the device; other sign-ins are not delayed."""
    user_id = users.member().user.id
    change = users.password_service.change
    thief, owner = uuid4(), uuid4()
    waits: list[int] = []
    for _ in range(6):
        try:
            change(
                user_id, ANOTHER, ANOTHER, sign_in_id=thief, origin=users.origin, command_id=uuid4()
            )
        except SignInRefused:
            waits.append(0)
        except TooManyAttempts as refusal:
            waits.append(refusal.retry_after_s)
    assert waits == [0, 0, 0, 0, 0, 1]
    assert guess(users, HERE) == 0
    change(user_id, PASSWORD, ANOTHER, sign_in_id=owner, origin=users.origin, command_id=uuid4())


def subjects(users: UsersFixture) -> Counter[str]:
    """Return how many e-mails of each subject were sent since the last call."""
    users.work()
    sent = Counter(each.subject for each in users.mailbox.mails)
    users.mailbox.mails.clear()
    return sent


def test_requests_that_send_nothing_use_up_no_quota(users: UsersFixture) -> None:
    """R-API-08: of an address without an account, or that is verified, or of another tenant."""
    for _ in range(60):
        users.password_service.request(ADDRESS, origin=users.origin)
        users.registration.send_verification(ADDRESS, origin=users.origin)
        users.password_service.request(ADDRESS, origin=users.of("red"))
    users.work()
    users.member()
    subjects(users)
    for _ in range(60):
        users.registration.send_verification(ADDRESS, origin=users.origin)
    assert subjects(users).total() == 0
    users.password_service.request(ADDRESS, origin=users.origin)
    assert subjects(users).total() == 1


def test_registrations_by_others_use_up_no_password_resets(users: UsersFixture) -> None:
    """R-API-08: at most six e-mails of each kind in an hour, whoever requests them."""
    users.member()
    subjects(users)
    for number in range(60):
        users.registration.register(
            Registration(ADDRESS.upper() if number else ADDRESS, PASSWORD),
            origin=users.origin,
            command_id=uuid4(),
        )
    assert list(subjects(users).values()) == [6]
    for _ in range(60):
        users.password_service.request(ADDRESS, origin=users.origin)
    assert list(subjects(users).values()) == [6]
    users.later(seconds=600)
    for _ in range(60):
        users.password_service.request(ADDRESS, origin=users.origin)
    assert list(subjects(users).values()) == [1]


def test_an_address_that_only_looks_like_another_one_uses_up_none_of_its_e_mails(
    users: UsersFixture,
) -> None:
    """R-API-08: the kelvin sign (U+212A) looks like a K, and is a k in lower case."""
    users.member("kate@example.org")
    subjects(users)
    with suppress(InvalidValue):
        users.registers("\u212aate@example.org")
    for _ in range(6):
        users.password_service.request("\u212aate@example.org", origin=users.origin)
    subjects(users)
    users.password_service.request("kate@example.org", origin=users.origin)
    assert subjects(users).total() == 1


def test_the_newest_reset_link_is_valid_when_the_quota_is_used_up(users: UsersFixture) -> None:
    """R-API-08: so requests by others do not keep the owner from a new password."""
    users.member()
    for _ in range(60):
        users.password_service.request(ADDRESS, origin=users.origin)
    users.work()
    users.password_service.reset(users.mailbox.token(), ANOTHER, origin=users.origin)
    users.signs_in(password=ANOTHER)


def test_an_unverified_address_gets_few_e_mails_from_all_tenants_together(
    users: UsersFixture,
) -> None:
    """R-API-08: anybody can register it in every tenant; a registration still succeeds."""
    for number in range(10):
        origin = users.of(f"tenant-{number}")
        for _ in range(7):
            users.registration.register(
                Registration(ADDRESS, PASSWORD), origin=origin, command_id=uuid4()
            )
    assert subjects(users).total() == 18
    users.later(hours=1)
    users.registration.send_verification(ADDRESS, origin=users.of("tenant-9"))
    assert subjects(users).total() == 1


def test_e_mails_refused_for_their_address_use_up_no_quota_of_their_kind(
    users: UsersFixture,
) -> None:
    """R-API-08: only e-mails that are sent count."""
    for number in range(4):
        origin = users.of(f"tenant-{number}")
        for _ in range(60):
            users.registration.register(
                Registration(ADDRESS, PASSWORD), origin=origin, command_id=uuid4()
            )
            users.work()
    assert subjects(users).total() == 18
    users.later(minutes=20)
    for _ in range(60):
        users.registration.send_verification(ADDRESS, origin=users.of("tenant-3"))
    assert subjects(users).total() == 6


def test_invitations_beyond_the_quota_are_refused(users: UsersFixture) -> None:
    """R-API-08: an administrator learns it, and the invitation is not changed."""
    users.creates(users.origin)
    for _ in range(6):
        users.administration.invite(ADDRESS, origin=users.origin, command_id=uuid4())
    with pytest.raises(TooManyEmails) as refusal:
        users.administration.invite(ADDRESS, origin=users.origin, command_id=uuid4())
    assert refusal.value.retry_after_s == 600
    assert subjects(users).total() == 1, "only the newest invitation is sent"
