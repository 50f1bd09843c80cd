"""Second factors: an authenticator app, recovery codes, and what a sign-in may do before."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import uuid4

import pyotp
import pytest

from application.kernel.ports import StorageUnavailable
from application.users.errors import (
    CodeWrong,
    EnrolmentRequired,
    OwnAccount,
    SignInEnded,
    TokenRefused,
    TooManyCodes,
)
from application.users.second_factors import LIMITS, RECOVERY_ATTEMPTS_PER_MINUTE, RECOVERY_CODES
from application.users.tokens import ProviderUser
from domain.ids import UserId
from domain.users.factor_commands import (
    SecondFactorRequired,
    SecondFactorsFull,
    SecondFactorUnknown,
)
from domain.users.identities import GOOGLE
from tests.application.users.factor_requests import acting, claims, code_at, confirms, enrols
from tests.application.users.users_fixture import ADDRESS, PASSWORD, VERIFIED, UsersFixture

WRONG_APP_CODE: Final = "000000"
"""Wrong but for three in a million secrets."""


def test_a_sign_in_gives_no_access_before_its_second_factor(users: UsersFixture) -> None:
    """R-IDN-18: the password alone is not enough any more; refreshed tokens stay confirmed."""
    secret, _ = enrols(users, users.member())
    signed_in = users.signs_in()
    assert signed_in.assurance == "second_factor"
    with pytest.raises(SecondFactorRequired):
        users.sign_in_service.authenticate(signed_in.access_token)
    assert users.sign_in_service.authenticate_cached(signed_in.access_token) is None
    with pytest.raises(CodeWrong):
        confirms(users, signed_in, code_at(pyotp.random_base32(), users.now))
    signed_in = users.sign_in_service.refresh(signed_in.refresh_token)
    assert signed_in.assurance == "second_factor"
    confirms(users, signed_in, code_at(secret, users.now))
    refreshed = users.sign_in_service.refresh(signed_in.refresh_token)
    assert refreshed.assurance == "full"
    users.sign_in_service.authenticate(refreshed.access_token)


def test_every_way_to_sign_in_asks_for_the_second_factor(users: UsersFixture) -> None:
    """R-IDN-02, R-IDN-18: providers and links, too."""
    member = users.member()
    enrols(users, member)
    users.password_service.request(ADDRESS, origin=users.origin)
    users.work()
    token = users.mailbox.token()
    users.password_service.reset(token, "another one", origin=users.origin)
    assert users.signs_in(password="another one").assurance == "second_factor"  # noqa: S106
    users.external_identities.link(
        UserId(member.user.id),
        ProviderUser(GOOGLE, "1", ADDRESS, email_verified=True, name=None),
        origin=users.origin,
        command_id=uuid4(),
    )
    assert users.signs_in_with(GOOGLE, **VERIFIED).assurance == "second_factor"


@pytest.mark.parametrize("separator", [" ", "\N{NO-BREAK SPACE}", "-", "\n"])
def test_a_code_is_accepted_as_an_app_shows_it(users: UsersFixture, separator: str) -> None:
    """R-IDN-18: in two groups of digits, when the app is added and when a sign-in is confirmed."""

    def grouped(code: str) -> str:
        return f"{code[:3]}{separator}{code[3:]}{separator}"

    theirs = claims(users, users.member())
    app = users.second_factors.begin_app(theirs)
    code = grouped(code_at(app.secret, users.now))
    users.second_factors.confirm_app(theirs, app.id, code, origin=users.origin, command_id=uuid4())
    users.later(60)
    confirms(users, users.signs_in(), grouped(code_at(app.secret, users.now)))


def test_a_code_is_accepted_once(users: UsersFixture) -> None:
    """RFC 6238, 5.2."""
    secret, _ = enrols(users, users.member())
    code = code_at(secret, users.now)
    confirms(users, users.signs_in(), code)
    with pytest.raises(CodeWrong):
        confirms(users, users.signs_in(), code)
    users.later(30)
    confirms(users, users.signs_in(), code_at(secret, users.now))


def test_clocks_may_differ_by_one_step(users: UsersFixture) -> None:
    """RFC 6238, 6."""
    secret, _ = enrols(users, users.member())
    ahead, behind = users.signs_in(), users.signs_in()
    soon = code_at(secret, users.now + timedelta(seconds=30))
    confirms(users, ahead, soon)
    users.later(300)
    far = code_at(secret, users.now - timedelta(seconds=90))
    with pytest.raises(CodeWrong):
        confirms(users, behind, far)


def test_wrong_codes_make_the_next_ones_wait(users: UsersFixture) -> None:
    """R-IDN-18: six digits cannot be guessed; the wait doubles, and ends with the right code."""
    secret, _ = enrols(users, users.member())
    signed_in = users.signs_in()
    for _ in range(LIMITS.free):
        with pytest.raises(CodeWrong):
            confirms(users, signed_in, WRONG_APP_CODE)
    for wait in (30, 60, 120):
        with pytest.raises(TooManyCodes):
            confirms(users, signed_in, code_at(secret, users.now))
        users.later(wait - 1)
        with pytest.raises(TooManyCodes):
            confirms(users, signed_in, code_at(secret, users.now))
        users.later(1)
        with pytest.raises(CodeWrong):
            confirms(users, signed_in, WRONG_APP_CODE)
    users.later(240)
    confirms(users, signed_in, code_at(secret, users.now))
    with pytest.raises(CodeWrong):
        confirms(users, signed_in, WRONG_APP_CODE)
    assert LIMITS.wait_after(10**9) == LIMITS.longest


def test_wrong_codes_of_the_app_do_not_block_recovery_codes(users: UsersFixture) -> None:
    """R-IDN-18: whoever knows the password alone cannot lock out the owner."""
    secret, codes = enrols(users, users.member())
    signed_in = users.signs_in()
    for _ in range(LIMITS.free):
        with pytest.raises(CodeWrong):
            confirms(users, signed_in, WRONG_APP_CODE)
    with pytest.raises(TooManyCodes):
        confirms(users, signed_in, code_at(secret, users.now))
    confirms(users, signed_in, codes[0])
    with pytest.raises(TooManyCodes):
        confirms(users, signed_in, code_at(secret, users.now))


def test_wrong_recovery_codes_do_not_block_the_app(users: UsersFixture) -> None:
    """R-IDN-18: there may be many of them, as the right ones cannot be guessed."""
    secret, codes = enrols(users, users.member())
    signed_in = users.signs_in()
    for _ in range(RECOVERY_ATTEMPTS_PER_MINUTE):
        with pytest.raises(CodeWrong):
            confirms(users, signed_in, "wrong")
    with pytest.raises(TooManyCodes):
        confirms(users, signed_in, codes[0])
    confirms(users, signed_in, code_at(secret, users.now))
    users.later(1)
    confirms(users, signed_in, codes[0])


def test_a_recovery_code_is_used_once_and_its_owner_gets_an_e_mail(users: UsersFixture) -> None:
    """R-IDN-18."""
    _, codes = enrols(users, users.member())
    assert len(set(codes)) == RECOVERY_CODES
    confirms(users, users.signs_in(), codes[0].lower().replace("-", " "))
    users.work()
    assert users.mailbox.mails[-1].subject == "A recovery code was used"
    with pytest.raises(CodeWrong):
        confirms(users, users.signs_in(), codes[0])
    signed_in = users.signs_in()
    confirms(users, signed_in, codes[1])
    theirs = claims(users, signed_in)
    new = users.second_factors.replace_codes(theirs, origin=users.origin)
    assert users.second_factors.count_codes(theirs) == RECOVERY_CODES
    users.work()
    assert users.mailbox.mails[-1].subject == "Your recovery codes were replaced"
    with pytest.raises(CodeWrong):
        confirms(users, users.signs_in(), codes[2])
    confirms(users, users.signs_in(), new[0])


def test_a_recovery_code_of_somebody_else_is_wrong(users: UsersFixture) -> None:
    """R-TEN-03."""
    _, codes = enrols(users, users.member())
    bob = users.member("bob@example.org")
    enrols(users, bob)
    with pytest.raises(CodeWrong):
        confirms(users, users.signs_in("bob@example.org"), codes[0])


def test_an_app_counts_once_its_code_was_confirmed(users: UsersFixture) -> None:
    """R-IDN-18: an abandoned attempt locks nobody out, and the next one replaces it."""
    member = users.member()
    theirs = claims(users, member)
    abandoned = users.second_factors.begin_app(theirs)
    assert users.signs_in().assurance == "full"
    app = users.second_factors.begin_app(theirs)
    with pytest.raises(SecondFactorUnknown):
        users.second_factors.confirm_app(
            theirs, abandoned.id, code_at(abandoned.secret, users.now),
            origin=users.origin, command_id=uuid4(),
        )  # fmt: skip
    with pytest.raises(CodeWrong):
        users.second_factors.confirm_app(
            theirs, app.id, "wrong", origin=users.origin, command_id=uuid4()
        )
    assert users.signs_in().assurance == "full"
    enrols(users, member)
    with pytest.raises(SecondFactorsFull):
        users.second_factors.begin_app(theirs)
    users.work()
    assert users.mailbox.mails[-1].subject == "A second factor was added to your account"


def test_a_new_app_has_to_be_confirmed_within_an_hour(users: UsersFixture) -> None:
    """R-IDN-18: a secret that somebody saw on a screen is of no use later."""
    theirs = claims(users, users.member())
    app = users.second_factors.begin_app(theirs)
    users.later(60 * 60)
    with pytest.raises(SecondFactorUnknown):
        users.second_factors.confirm_app(
            theirs, app.id, code_at(app.secret, users.now), origin=users.origin, command_id=uuid4()
        )


def test_codes_stored_before_a_crash_do_not_replace_visible_ones(users: UsersFixture) -> None:
    """R-IDN-18: recovery codes were stored, but the app was not added."""
    member = users.member()
    store = users.second_factors.factors
    store.replace_codes(users.origin.tenant_id, UserId(member.user.id), [b"nobody saw it"])
    _, codes = enrols(users, member)
    assert len(codes) == RECOVERY_CODES == users.second_factors.count_codes(claims(users, member))


def test_recovery_codes_are_stored_after_the_event(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-IDN-18: without the event, nothing changes; without the codes, a repeat adds them."""
    member = users.member()
    theirs, command_id = claims(users, member), uuid4()
    app = users.second_factors.begin_app(theirs)

    def confirm() -> Sequence[str]:
        code = code_at(app.secret, users.now)
        return users.second_factors.confirm_app(
            theirs, app.id, code, origin=users.origin, command_id=command_id
        ).recovery_codes

    def unavailable(*_: object, **__: object) -> None:
        raise StorageUnavailable

    for store, write in ((users.log, "append"), (users.second_factors.factors, "replace_codes")):
        with monkeypatch.context() as patch:
            patch.setattr(store, write, unavailable)
            with pytest.raises(StorageUnavailable):
                confirm()
        assert users.second_factors.count_codes(theirs) == 0
        users.later(60)
    confirms(users, users.signs_in(), confirm()[0])


def test_removing_the_last_factor_ends_the_requirement(users: UsersFixture) -> None:
    member = users.member()
    enrols(users, member)
    theirs = claims(users, member)
    (factor,) = users.second_factors.list_factors(theirs)
    users.second_factors.remove(theirs, factor.id, origin=users.origin, command_id=uuid4())
    assert users.second_factors.count_codes(theirs) == 0
    assert users.signs_in().assurance == "full"
    with pytest.raises(SecondFactorUnknown):
        users.second_factors.remove(theirs, factor.id, origin=users.origin, command_id=uuid4())


@pytest.mark.parametrize("role", ["administrator", "trainer"])
def test_staff_without_a_second_factor_can_only_add_one(users: UsersFixture, role: str) -> None:
    """R-TEN-06, R-IDN-18."""
    users.creates(users.origin)
    member = users.member()
    users.administration.grant(
        UserId(member.user.id), role,  # type: ignore[arg-type]  # one of the literals
        origin=users.origin, command_id=uuid4(),
    )  # fmt: skip
    signed_in = users.signs_in()
    assert signed_in.assurance == "enrolment"
    with pytest.raises(EnrolmentRequired):
        users.sign_in_service.authenticate(signed_in.access_token)
    enrols(users, signed_in)
    assert users.sign_in_service.refresh(signed_in.refresh_token).assurance == "full"


def test_a_person_without_factors_gets_no_email_about_their_removal(users: UsersFixture) -> None:
    """R-IDN-18: but signed out, as an administrator may suspect somebody else in the account."""
    member = users.member()
    users.work()
    before = len(users.mailbox.mails)
    user_id = UserId(member.user.id)
    users.second_factors.reset(user_id, origin=acting(users, "admin"), command_id=uuid4())
    users.work()
    assert len(users.mailbox.mails) == before
    with pytest.raises(TokenRefused):
        users.sign_in_service.authenticate(member.access_token)


def test_an_administrator_resets_the_factors_of_somebody_else(users: UsersFixture) -> None:
    """R-IDN-18: the event names the administrator, and the person is signed out and told."""
    member = users.member()
    enrols(users, member)
    user_id = UserId(member.user.id)
    with pytest.raises(OwnAccount):
        users.second_factors.reset(user_id, origin=acting(users, user_id), command_id=uuid4())
    users.second_factors.reset(user_id, origin=acting(users, "admin"), command_id=uuid4())
    (reset,) = [
        fact
        for fact in users.log.scan(after=0, limit=999)
        if fact.event.event_name == "user.second_factors_reset"
    ]
    assert reset.origin.actor == "admin"
    with pytest.raises(TokenRefused):
        users.sign_in_service.authenticate(member.access_token)
    with pytest.raises(SignInEnded):
        users.sign_in_service.refresh(member.refresh_token)
    users.work()
    assert users.mailbox.mails[-1].subject == "Your second factors were removed"
    assert users.signs_in(password=PASSWORD).assurance == "full"


def test_secrets_are_neither_in_events_nor_readable_in_the_tables(users: UsersFixture) -> None:
    """R-TEN-09, R-IDN-18: they are encrypted with the key of the person; codes are digests."""
    member = users.member()
    secret, codes = enrols(users, member)
    (factor,) = users.second_factors.list_factors(claims(users, member))
    assert secret.encode() not in factor.sealed
    everything = repr([fact.event for fact in users.log.scan(after=0, limit=999)])
    assert secret not in everything
    assert not any(code in everything for code in codes)
    assert secret not in repr(users.second_factors.one_time_passwords)


def test_erasing_an_account_removes_its_second_factors(users: UsersFixture) -> None:
    """C-24"""
    member = users.member()
    enrols(users, member)
    user_id = UserId(member.user.id)
    users.account_erasure.erase(user_id, origin=users.origin, command_id=uuid4())
    store = users.second_factors.factors
    assert store.list_all(users.origin.tenant_id, user_id) == []
    assert store.count_codes(users.origin.tenant_id, user_id) == 0
