"""New passwords, by a link or with the old password."""

from uuid import UUID, uuid4

import pytest

from adapters.users.credentials import SqlCredentials
from adapters.users.sign_ins import SqlSignIns
from adapters.users.single_use_links import SqlSingleUseLinks
from application.users.errors import (
    LinkRefused,
    PasswordTooWeak,
    SignInRefused,
    TokenRefused,
)
from application.users.ports import PasswordCheck
from domain.ids import UserId
from tests.application.users.users_fixture import ADDRESS, ANOTHER, PASSWORD, UsersFixture


class ProcessLostError(Exception):
    """The process died at this point."""


def crash(*_: object, **__: object) -> None:
    raise ProcessLostError


def asks(users: UsersFixture, email: str = ADDRESS) -> None:
    users.password_service.request(email, origin=users.origin)
    users.work()


def resets(users: UsersFixture, token: str, password: str = ANOTHER) -> None:
    users.password_service.reset(token, password, origin=users.origin)
    users.work()


def changes(users: UsersFixture, user_id: UserId, command_id: UUID, new: str = ANOTHER) -> None:
    users.password_service.change(
        user_id, PASSWORD, new, sign_in_id=uuid4(), origin=users.origin, command_id=command_id
    )


def test_a_forgotten_password_is_replaced_by_a_link_and_everybody_is_signed_out(
    users: UsersFixture,
) -> None:
    before = users.member()
    asks(users)
    token = users.mailbox.token()
    resets(users, token)
    assert users.mailbox.mails[-1].subject == "Your password has been changed"
    with pytest.raises(TokenRefused):
        users.sign_in_service.authenticate(before.access_token)
    with pytest.raises(SignInRefused):
        users.signs_in()
    assert users.signs_in(password=ANOTHER).user.id == before.user.id
    with pytest.raises(LinkRefused):
        resets(users, token, "yet another password 1873")


def test_nobody_learns_whether_there_is_an_account(users: UsersFixture) -> None:
    """R-IDN-18: the response is sent before any lookup."""
    users.member()
    sent = len(users.mailbox.mails)
    users.password_service.request(ADDRESS, origin=users.origin)
    users.password_service.request("nobody@example.org", origin=users.origin)
    assert len(users.waiting) == 2
    assert len(users.mailbox.mails) == sent
    users.work()
    assert len(users.mailbox.mails) == sent + 1


def test_a_weak_password_does_not_use_up_the_link(users: UsersFixture) -> None:
    users.member()
    asks(users)
    token = users.mailbox.token()
    for weak in ("weak", ADDRESS):
        with pytest.raises(PasswordTooWeak):
            resets(users, token, weak)
    resets(users, token)


def test_following_the_link_verifies_the_address(users: UsersFixture) -> None:
    users.registers()
    asks(users)
    resets(users, users.mailbox.token())
    assert users.signs_in(password=ANOTHER).user.email == ADDRESS


def test_following_one_link_invalidates_the_others(users: UsersFixture) -> None:
    users.member()
    asks(users)
    first = users.mailbox.token()
    asks(users)
    resets(users, users.mailbox.token())
    with pytest.raises(LinkRefused):
        resets(users, first)


def test_a_link_leads_to_a_password_for_an_hour_and_in_its_tenant(users: UsersFixture) -> None:
    """R-TEN-05"""
    users.member()
    asks(users)
    token = users.mailbox.token()
    with pytest.raises(LinkRefused):
        users.password_service.reset(token, ANOTHER, origin=users.of("red"))
    users.later(hours=1)
    with pytest.raises(LinkRefused):
        resets(users, token)


def test_a_verification_link_cannot_reset_a_password(users: UsersFixture) -> None:
    users.registers()
    with pytest.raises(LinkRefused):
        resets(users, users.mailbox.token())
    users.verifies()


def test_the_old_password_allows_a_password_change(users: UsersFixture) -> None:
    user = users.member().user
    change = users.password_service.change
    with pytest.raises(SignInRefused):
        change(
            user.id, ANOTHER, ANOTHER, sign_in_id=uuid4(), origin=users.origin, command_id=uuid4()
        )
    with pytest.raises(PasswordTooWeak):
        change(
            user.id, PASSWORD, "weak", sign_in_id=uuid4(), origin=users.origin, command_id=uuid4()
        )
    change(user.id, PASSWORD, ANOTHER, sign_in_id=uuid4(), origin=users.origin, command_id=uuid4())
    assert users.signs_in(password=ANOTHER).user.id == user.id


def test_a_reset_repeated_after_a_lost_answer_succeeds_with_the_same_password_only(
    users: UsersFixture,
) -> None:
    """R-EVT-16, R-IDN-18: for ten minutes, and as long as it is the password."""
    users.member()
    asks(users)
    token = users.mailbox.token()
    resets(users, token)
    log = users.names()
    users.later(minutes=9)
    resets(users, token)
    assert users.names() == log
    with pytest.raises(LinkRefused):
        resets(users, token, PASSWORD)
    user = users.signs_in(password=ANOTHER).user
    users.password_service.change(
        user.id, ANOTHER, PASSWORD, sign_in_id=uuid4(), origin=users.origin, command_id=uuid4()
    )
    with pytest.raises(LinkRefused):
        resets(users, token)
    users.signs_in(password=PASSWORD)


def test_a_used_link_cannot_test_passwords(users: UsersFixture) -> None:
    """R-IDN-18: after another password, the right one is refused as well."""
    users.member()
    asks(users)
    token = users.mailbox.token()
    resets(users, token)
    with pytest.raises(LinkRefused):
        resets(users, token, PASSWORD)
    with pytest.raises(LinkRefused):
        resets(users, token)
    users.signs_in(password=ANOTHER)


def test_a_used_link_is_refused_after_ten_minutes(users: UsersFixture) -> None:
    """R-IDN-18: nobody can check passwords with an old link."""
    users.member()
    asks(users)
    token = users.mailbox.token()
    resets(users, token)
    users.later(minutes=11)
    with pytest.raises(LinkRefused):
        resets(users, token)


CRASHES = [
    (SqlCredentials, "put_by_link"),
    (SqlSingleUseLinks, "withdraw"),
    (SqlSignIns, "end_all"),
]


@pytest.mark.parametrize(("store", "method"), CRASHES, ids=[name for _, name in CRASHES])
def test_a_reset_lost_in_a_crash_is_completed_by_its_retry(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch, store: type, method: str
) -> None:
    """R-EVT-16: whatever was stored before, there is one new password and one e-mail about it."""
    before = users.member()
    asks(users)
    token = users.mailbox.token()
    with monkeypatch.context() as crashing:
        crashing.setattr(store, method, crash)
        with pytest.raises(ProcessLostError):
            resets(users, token)
    resets(users, token)
    with pytest.raises(TokenRefused):
        users.sign_in_service.authenticate(before.access_token)
    assert users.signs_in(password=ANOTHER).user.id == before.user.id
    notices = [mail for mail in users.mailbox.mails if mail.subject.endswith("has been changed")]
    assert len(notices) == 1


@pytest.mark.parametrize(
    ("store", "method"),
    [(SqlCredentials, "replace"), *CRASHES[1:]],
    ids=["replace", *(name for _, name in CRASHES[1:])],
)
def test_a_change_lost_in_a_crash_is_completed_by_its_retry(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch, store: type, method: str
) -> None:
    """R-EVT-16: with the same idempotency key."""
    before, command_id = users.member(), uuid4()

    def change() -> None:
        changes(users, before.user.id, command_id)

    with monkeypatch.context() as crashing:
        crashing.setattr(store, method, crash)
        with pytest.raises(ProcessLostError):
            change()
    change()
    with pytest.raises(TokenRefused):
        users.sign_in_service.authenticate(before.access_token)
    users.work()
    assert users.signs_in(password=ANOTHER).user.id == before.user.id
    assert users.names().count("user.password_set") == 2


def test_an_erased_user_gets_no_link(users: UsersFixture) -> None:
    """C-24"""
    user = users.member().user
    asks(users)
    token = users.mailbox.token()
    users.account_erasure.erase(user.id, origin=users.origin, command_id=uuid4())
    with pytest.raises(LinkRefused):
        resets(users, token)
    sent = len(users.mailbox.mails)
    asks(users)
    assert len(users.mailbox.mails) == sent


def test_a_change_with_the_old_password_does_not_replace_a_newer_one(users: UsersFixture) -> None:
    """C-22: the owner resets the password while somebody who knows the old one changes it."""
    member = users.member()
    asks(users)
    token, real = users.mailbox.token(), users.passwords.hash

    def overtaken(password: str) -> str:
        users.passwords.hash = real  # type: ignore[method-assign]
        resets(users, token)
        return real(password)

    users.passwords.hash = overtaken  # type: ignore[method-assign]
    with pytest.raises(SignInRefused):
        changes(users, member.user.id, uuid4(), "that of a thief")
    users.signs_in(password=ANOTHER)


def test_a_change_at_the_moment_of_a_hash_renewal_succeeds(users: UsersFixture) -> None:
    """R-IDN-08: another device signs in with the old password, after an update of the settings."""
    member = users.member()
    user_id, tenant_id, real = UserId(member.user.id), users.origin.tenant_id, users.passwords.hash

    def overtaken(password: str) -> str:
        users.credentials.put(tenant_id, user_id, f"renewed hash of {PASSWORD}", users.now)
        return real(password)

    def check(password: str, stored: str | None) -> PasswordCheck:
        return PasswordCheck(matches=(stored or "").endswith(f"hash of {password}"))

    users.passwords.hash = overtaken  # type: ignore[method-assign]
    users.passwords.check = check  # type: ignore[method-assign]
    changes(users, user_id, uuid4())
    assert users.credentials.find(tenant_id, user_id) == f"hash of {ANOTHER}"


def test_two_requests_of_one_change_at_once_both_succeed(users: UsersFixture) -> None:
    """C-22: the client repeats its request while the first one is still being handled."""
    user_id, tenant_id = UserId(users.member().user.id), users.origin.tenant_id
    command_id, real = uuid4(), users.passwords.hash

    def overtaken(password: str) -> str:
        users.passwords.hash = real  # type: ignore[method-assign]
        changes(users, user_id, command_id)
        return real(password)

    users.passwords.hash = overtaken  # type: ignore[method-assign]
    changes(users, user_id, command_id)
    assert users.credentials.find(tenant_id, user_id) == f"hash of {ANOTHER}"
