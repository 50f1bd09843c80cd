"""Sign-in, sign-out, and the validity of tokens."""

from collections.abc import Callable
from dataclasses import replace
from unittest.mock import Mock
from uuid import uuid4

import pytest

from application.users.errors import (
    AccountSuspended,
    PasswordsBusy,
    SignInEnded,
    SignInRefused,
    TokenRefused,
)
from application.users.ports import PasswordCheck
from application.users.sign_in import UNKNOWN_USER, RefreshMode
from domain.ids import TenantId, UserId
from domain.users import commands
from domain.users.user import Registered
from tests.application.users.users_fixture import (
    ADDRESS,
    ANOTHER,
    PASSWORD,
    QuickPasswords,
    UsersFixture,
)


class InterruptedPasswords(QuickPasswords):
    """Passwords whose next check is interrupted by a callback; `renewed` is the hash it returns."""

    def __init__(self, happens: Callable[[], None], *, renewed: str | None = None) -> None:
        super().__init__()
        self._happens: Callable[[], None] | None = happens
        self._renewed = renewed

    def check(self, password: str, stored: str | None) -> PasswordCheck:
        matches = stored is not None and stored.endswith(f"hash of {password}")
        happens, self._happens = self._happens, None
        if happens is None:
            return PasswordCheck(matches=matches)
        happens()
        return PasswordCheck(matches=matches, renewed=self._renewed)


def test_a_user_signs_in_with_address_and_password(users: UsersFixture) -> None:
    """R-IDN-01, R-IDN-09, R-IDN-11"""
    users.member()
    signed_in = users.signs_in(ADDRESS.upper())
    assert signed_in.expires_in_s == 600
    claims = users.sign_in_service.authenticate(signed_in.access_token)
    assert (claims.user_id, claims.tenant_id) == (signed_in.user.id, "default")
    assert claims.pose_coach_uid == signed_in.user.pose_coach_uid


def test_an_unknown_address_takes_as_long_as_a_wrong_password(users: UsersFixture) -> None:
    """R-IDN-18: one comparison each, and the same error text."""
    users.member()
    users.passwords.compared.clear()
    refusals: list[str] = []
    for email, password in [(ADDRESS, ANOTHER), ("nobody@example.org", PASSWORD)]:
        with pytest.raises(SignInRefused) as refused:
            users.signs_in(email, password)
        refusals.append(f"{refused.value.code} {refused.value}")
    assert len(set(refusals)) == 1
    assert users.passwords.compared == [f"hash of {PASSWORD}", None]


def test_an_unknown_account_cannot_sign_in(users: UsersFixture) -> None:
    assert users.credentials.find(users.origin.tenant_id, UNKNOWN_USER) is None


def test_tokens_are_renewed_and_an_old_one_ends_the_sign_in(users: UsersFixture) -> None:
    """C-22"""
    first = users.member()
    second = users.sign_in_service.refresh(first.refresh_token)
    users.sign_in_service.authenticate(second.access_token)
    users.later(minutes=1)
    with pytest.raises(SignInEnded):
        users.sign_in_service.refresh(first.refresh_token)
    for access in (first.access_token, second.access_token):
        with pytest.raises(TokenRefused):
            users.sign_in_service.authenticate(access)
    with pytest.raises(SignInEnded):
        users.sign_in_service.refresh(second.refresh_token)


def test_a_refresh_repeated_after_a_lost_answer_gets_the_same_token(users: UsersFixture) -> None:
    """C-22, R-EVT-16: a phone lost the answer, and repeats the request within a minute."""
    first = users.member()
    second = users.sign_in_service.refresh(first.refresh_token)
    users.later(seconds=59)
    again = users.sign_in_service.refresh(first.refresh_token)
    assert again.refresh_token == second.refresh_token
    users.sign_in_service.authenticate(again.access_token)
    third = users.sign_in_service.refresh(again.refresh_token)
    with pytest.raises(SignInEnded):  # the answer arrived: its token has been used
        users.sign_in_service.refresh(first.refresh_token)
    with pytest.raises(SignInEnded):
        users.sign_in_service.refresh(third.refresh_token)
    with pytest.raises(TokenRefused):
        users.sign_in_service.authenticate(third.access_token)


def test_a_refresh_token_replayed_later_ends_the_sign_in(users: UsersFixture) -> None:
    """C-22: also if its successor was never used, as the one who has it may be a thief."""
    first = users.member()
    second = users.sign_in_service.refresh(first.refresh_token)
    users.later(seconds=61)
    with pytest.raises(SignInEnded):
        users.sign_in_service.refresh(first.refresh_token)
    with pytest.raises(SignInEnded):
        users.sign_in_service.refresh(second.refresh_token)
    with pytest.raises(TokenRefused):
        users.sign_in_service.authenticate(second.access_token)


@pytest.mark.parametrize(("used", "repeated"), [("body", "cookie"), ("cookie", "body")])
def test_a_refresh_token_used_in_one_mode_is_refused_in_the_other(
    users: UsersFixture, used: RefreshMode, repeated: RefreshMode
) -> None:
    """C-22: the leeway of one mode is none for a copy in the other."""
    first = users.member()
    second = users.sign_in_service.refresh(first.refresh_token, used)
    with pytest.raises(SignInEnded):
        users.sign_in_service.refresh(first.refresh_token, repeated)
    with pytest.raises(TokenRefused):
        users.sign_in_service.authenticate(second.access_token)


def test_tabs_with_an_old_token_get_the_newest_one(users: UsersFixture) -> None:
    """C-22: a browser has one cookie; whichever answer comes last must leave a valid one."""
    first = users.member()
    second = users.sign_in_service.refresh(first.refresh_token, "cookie")
    third = users.sign_in_service.refresh(second.refresh_token, "cookie")
    users.later(seconds=9)
    repeated = users.sign_in_service.refresh(first.refresh_token, "cookie")
    assert repeated.refresh_token == third.refresh_token
    users.later(minutes=9)
    users.sign_in_service.refresh(repeated.refresh_token, "cookie")
    with pytest.raises(SignInEnded):
        users.sign_in_service.refresh(first.refresh_token, "cookie")


def test_an_unknown_token_makes_no_key_for_its_tenant(users: UsersFixture) -> None:
    with pytest.raises(SignInEnded):
        users.sign_in_service.refresh("nowhere.x")
    assert users.keys.find(TenantId("nowhere"), "#index") is None


@pytest.mark.parametrize("token", ["", "default.x", "default", ".x", "é.x", "x" * 300])
def test_a_refresh_token_that_was_never_given_is_refused(users: UsersFixture, token: str) -> None:
    with pytest.raises(SignInEnded):
        users.sign_in_service.refresh(token)


def test_signing_out_ends_one_sign_in_at_once(users: UsersFixture) -> None:
    """R-IDN-18"""
    here, there = users.member(), users.signs_in()
    claims = users.sign_in_service.authenticate(here.access_token)
    users.sign_in_service.sign_out(claims.tenant_id, claims.sign_in_id)
    with pytest.raises(TokenRefused):
        users.sign_in_service.authenticate(here.access_token)
    with pytest.raises(SignInEnded):
        users.sign_in_service.refresh(here.refresh_token)
    users.sign_in_service.authenticate(there.access_token)


def test_signing_out_everywhere_ends_all_of_them_and_no_later_one(users: UsersFixture) -> None:
    """R-IDN-18, C-22"""
    before = [users.member(), users.signs_in(), users.signs_in()]
    users.sign_in_service.sign_out_everywhere(users.origin.tenant_id, before[0].user.id)
    after = users.signs_in()  # at the same time of the clock
    for signed_in in before:
        with pytest.raises(TokenRefused):
            users.sign_in_service.authenticate(signed_in.access_token)
        with pytest.raises(SignInEnded):
            users.sign_in_service.refresh(signed_in.refresh_token)
    users.sign_in_service.authenticate(after.access_token)


def test_access_tokens_and_sign_ins_expire(users: UsersFixture) -> None:
    """C-22"""
    signed_in = users.member()
    users.later(minutes=11)
    with pytest.raises(TokenRefused):
        users.sign_in_service.authenticate(signed_in.access_token)
    signed_in = users.sign_in_service.refresh(signed_in.refresh_token)
    users.sign_in_service.authenticate(signed_in.access_token)
    users.later(days=60)
    with pytest.raises(SignInEnded):
        users.sign_in_service.refresh(signed_in.refresh_token)


def test_roles_are_those_of_the_tenant_and_gone_at_once_when_taken(users: UsersFixture) -> None:
    """R-TEN-05, R-CAT-06"""
    ada, bob = users.member(), users.member("bob@example.org")
    users.administration.create_tenant(
        "Iron & Sons", ada.user.id, origin=users.origin, command_id=uuid4()
    )
    users.administration.grant(bob.user.id, "trainer", origin=users.origin, command_id=uuid4())
    bob = users.sign_in_service.refresh(bob.refresh_token)
    claims = users.sign_in_service.authenticate_unconfirmed(bob.access_token)
    assert claims.roles == {"member", "trainer"}
    assert users.signs_in().user.roles == {"member", "administrator"}
    users.administration.withdraw(bob.user.id, "trainer", origin=users.origin, command_id=uuid4())
    with pytest.raises(TokenRefused):
        users.sign_in_service.authenticate(bob.access_token)
    assert users.signs_in("bob@example.org").user.roles == {"member"}


def test_an_erased_user_is_signed_out_and_cannot_sign_in(users: UsersFixture) -> None:
    """C-24"""
    signed_in = users.member()
    users.account_erasure.erase(signed_in.user.id, origin=users.origin, command_id=uuid4())
    with pytest.raises(TokenRefused):
        users.sign_in_service.authenticate(signed_in.access_token)
    with pytest.raises(SignInEnded):
        users.sign_in_service.refresh(signed_in.refresh_token)
    with pytest.raises(SignInRefused):
        users.signs_in()
    again = users.account_erasure.erase(signed_in.user.id, origin=users.origin, command_id=uuid4())
    assert again == users.now
    assert users.member().user.id != signed_in.user.id  # the address is free again


def test_erasing_a_user_destroys_their_key_and_password(users: UsersFixture) -> None:
    """C-24, R-IDN-18: the key of all their personal data is deleted, and their password hash."""
    user, tenant_id = users.member().user, users.origin.tenant_id
    assert users.keys.find(tenant_id, user.id) is not None
    users.account_erasure.erase(user.id, origin=users.origin, command_id=uuid4())
    assert users.keys.find(tenant_id, user.id) is None
    assert users.credentials.find(tenant_id, user.id) is None
    assert users.names()[-1] == "user.erased"


def test_a_user_erased_meanwhile_cannot_refresh(users: UsersFixture) -> None:
    """C-24: even if the process died before it ended their sign-ins."""
    signed_in = users.member()
    erase = commands.EraseUser(at=users.now)
    users.accounts.execute(signed_in.user.id, [erase], origin=users.origin, command_id=uuid4())
    with pytest.raises(SignInEnded):
        users.sign_in_service.refresh(signed_in.refresh_token)
    with pytest.raises(SignInRefused):
        users.signs_in()


def test_a_hash_of_older_settings_is_replaced_at_the_next_sign_in(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = users.member().user
    real = users.passwords.check
    monkeypatch.setattr(
        users.passwords, "check",
        lambda password, stored: type(real(password, stored))(matches=True, renewed="stronger"),
    )  # fmt: skip
    users.signs_in()
    assert users.credentials.find(users.origin.tenant_id, user.id) == "stronger"


@pytest.mark.parametrize("renewed", [None, f"stronger hash of {PASSWORD}"])
def test_a_sign_in_that_is_overtaken_by_a_new_password_is_refused(
    users: UsersFixture, renewed: str | None
) -> None:
    """C-22: the new password ends all sign-ins with the old one, whose hash does not replace it."""
    member = users.member()
    user_id, tenant_id = UserId(member.user.id), users.origin.tenant_id

    def change() -> None:
        users.password_service.change(
            user_id, PASSWORD, ANOTHER, sign_in_id=uuid4(), origin=users.origin, command_id=uuid4()
        )

    overtaken = replace(
        users.sign_in_service, passwords=InterruptedPasswords(change, renewed=renewed)
    )
    with pytest.raises(SignInRefused):
        overtaken.with_password(tenant_id, ADDRESS, PASSWORD)
    assert users.sign_in_service.active_sign_ins(tenant_id, user_id) == []
    users.signs_in(password=ANOTHER)


def test_a_sign_in_that_is_overtaken_by_a_suspension_is_refused(users: UsersFixture) -> None:
    """C-22: the suspension ends only sign-ins that are stored by then."""
    member = users.member()
    user_id, tenant_id = UserId(member.user.id), users.origin.tenant_id
    user = users.accounts.user(tenant_id, user_id)
    assert isinstance(user, Registered)
    other = replace(users.origin, actor="mayor")
    users.administration.suspend(user_id, origin=other, command_id=uuid4())
    with pytest.raises(AccountSuspended):
        users.sign_in_service.begin(tenant_id, user_id, user)
    assert users.sign_in_service.active_sign_ins(tenant_id, user_id) == []


def test_a_sign_in_whose_password_cannot_be_checked_again_is_not_listed(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-22: another device has renewed the hash, and too many passwords are being checked."""
    member = users.member()
    user_id, tenant_id = UserId(member.user.id), users.origin.tenant_id

    def be_busy() -> None:
        users.credentials.put(tenant_id, user_id, f"renewed hash of {PASSWORD}", users.now)
        monkeypatch.setattr(passwords, "check", Mock(side_effect=PasswordsBusy))

    passwords = InterruptedPasswords(be_busy)
    sign_in_service = replace(users.sign_in_service, passwords=passwords)
    before = sign_in_service.active_sign_ins(tenant_id, user_id)
    with pytest.raises(PasswordsBusy):
        sign_in_service.with_password(tenant_id, ADDRESS, PASSWORD)
    assert sign_in_service.active_sign_ins(tenant_id, user_id) == before


def test_two_sign_ins_that_renew_the_hash_at_once_both_succeed(users: UsersFixture) -> None:
    """C-22: the later one finds the hash that the other one has renewed."""
    member = users.member()
    user_id, tenant_id = UserId(member.user.id), users.origin.tenant_id

    def renew() -> None:
        users.credentials.put(tenant_id, user_id, f"renewed hash of {PASSWORD}", users.now)

    passwords = InterruptedPasswords(renew, renewed=f"stronger hash of {PASSWORD}")
    overtaken = replace(users.sign_in_service, passwords=passwords)
    signed_in = overtaken.with_password(tenant_id, ADDRESS, PASSWORD)
    users.sign_in_service.authenticate(signed_in.access_token)
    assert users.credentials.find(tenant_id, user_id) == f"renewed hash of {PASSWORD}"
