"""Passkeys that are refused: replayed, forged, copied, of others."""

import copy
from dataclasses import replace
from uuid import uuid4

import pytest

from application.users.errors import (
    AccountSuspended,
    PasskeyChallengeRefused,
    PasskeyCopied,
    PasskeyRefused,
)
from application.users.factor_ports import StoredFactor
from application.users.passkeys import CHALLENGE_LIFETIME, PasskeyService
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Rejected
from tests.application.users.passkeys import BOB, adds, claims, confirms, sign_ins, signs_in
from tests.application.users.users_fixture import UsersFixture
from tests.peers.authenticator import Authenticator, encode


def test_a_challenge_is_used_once(users: UsersFixture) -> None:
    """R-IDN-18: a recorded response does not sign in again; a wrong one uses it up, too."""
    member, device = users.member(), Authenticator(counts=False)
    adds(users, member, device)
    response = device.get(users.passkeys.begin_sign_in(DEFAULT_TENANT))
    users.passkeys.sign_in(DEFAULT_TENANT, response)
    before = sign_ins(users, member)
    with pytest.raises(PasskeyChallengeRefused):
        users.passkeys.sign_in(DEFAULT_TENANT, response)
    options = users.passkeys.begin_sign_in(DEFAULT_TENANT)
    wrong = device.get(options)
    wrong["response"]["signature"] = encode(b"no signature")
    with pytest.raises(PasskeyRefused):
        users.passkeys.sign_in(DEFAULT_TENANT, wrong)
    with pytest.raises(PasskeyChallengeRefused):
        users.passkeys.sign_in(DEFAULT_TENANT, device.get(options))
    assert sign_ins(users, member) == before


def test_a_challenge_expires(users: UsersFixture) -> None:
    """R-IDN-18: for each purpose."""
    member, device = users.member(), Authenticator()
    adds(users, member, device)
    theirs, new = claims(users, member), Authenticator()
    created = new.create(users.passkeys.begin_enrolment(theirs))
    confirmed = device.get(users.passkeys.begin_confirmation(theirs))
    anonymous = device.get(users.passkeys.begin_sign_in(DEFAULT_TENANT))
    users.later(CHALLENGE_LIFETIME.total_seconds())
    with pytest.raises(PasskeyChallengeRefused):
        users.passkeys.enrol(theirs, "New", created, origin=users.origin, command_id=uuid4())
    with pytest.raises(PasskeyChallengeRefused):
        users.passkeys.confirm(theirs, confirmed)
    with pytest.raises(PasskeyChallengeRefused):
        users.passkeys.sign_in(DEFAULT_TENANT, anonymous)
    assert len(users.second_factors.list_factors(theirs)) == 1


def test_a_challenge_is_for_one_purpose_and_one_sign_in(users: UsersFixture) -> None:
    """R-IDN-18: a response for one sign-in does not confirm another."""
    member, device = users.member(), Authenticator()
    adds(users, member, device)
    first, second = claims(users, users.signs_in()), claims(users, users.signs_in())
    with pytest.raises(PasskeyChallengeRefused):
        users.passkeys.confirm(first, device.get(users.passkeys.begin_sign_in(DEFAULT_TENANT)))
    response = device.get(users.passkeys.begin_confirmation(first))
    with pytest.raises(PasskeyChallengeRefused):
        users.passkeys.confirm(second, response)
    with pytest.raises(PasskeyChallengeRefused):
        users.passkeys.sign_in(DEFAULT_TENANT, response)
    users.passkeys.confirm(first, response)


def test_a_challenge_that_the_server_did_not_issue_is_refused(users: UsersFixture) -> None:
    """R-IDN-18."""
    device = Authenticator()
    adds(users, users.member(), device)
    options = users.passkeys.begin_sign_in(DEFAULT_TENANT)
    with pytest.raises(PasskeyChallengeRefused):
        users.passkeys.sign_in(
            DEFAULT_TENANT, device.get({**options, "challenge": encode(b"x" * 32)})
        )


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://kinelog.example",
        "https://kinelog.example:8443",
        "https://kinelog.example.evil.example",
        "https://sub.kinelog.example",
    ],
)
def test_another_origin_is_refused(users: UsersFixture, origin: str) -> None:
    """R-IDN-18: a passkey is for the configured site only."""
    member, device = users.member(), Authenticator()
    theirs = claims(users, member)
    elsewhere = Authenticator(origin=origin)
    with pytest.raises(PasskeyRefused):
        users.passkeys.enrol(
            theirs,
            "Laptop",
            elsewhere.create(users.passkeys.begin_enrolment(theirs)),
            origin=users.origin,
            command_id=uuid4(),
        )
    adds(users, member, device)
    device.origin = origin
    with pytest.raises(PasskeyRefused):
        signs_in(users, device)
    with pytest.raises(PasskeyRefused):
        confirms(users, member, device)


def test_another_site_is_refused(users: UsersFixture) -> None:
    """R-IDN-18: the signature covers the domain."""
    device = Authenticator()
    adds(users, users.member(), device)
    options = users.passkeys.begin_sign_in(DEFAULT_TENANT)
    with pytest.raises(PasskeyRefused):
        users.passkeys.sign_in(DEFAULT_TENANT, device.get({**options, "rpId": "evil.example"}))


def test_user_verification_is_required(users: UsersFixture) -> None:
    """R-IDN-18: somebody who finds an unlocked key has one factor only."""
    member, device = users.member(), Authenticator(verifies=False)
    theirs = claims(users, member)
    with pytest.raises(PasskeyRefused):
        users.passkeys.enrol(
            theirs,
            "Laptop",
            device.create(users.passkeys.begin_enrolment(theirs)),
            origin=users.origin,
            command_id=uuid4(),
        )
    device.verifies = True
    adds(users, member, device)
    device.verifies = False
    with pytest.raises(PasskeyRefused):
        signs_in(users, device)
    with pytest.raises(PasskeyRefused):
        confirms(users, member, device)


def test_a_counter_that_does_not_rise_is_refused(users: UsersFixture) -> None:
    """R-IDN-18: of a passkey and its copy, the one behind is refused."""
    member, device = users.member(), Authenticator()
    adds(users, member, device)
    clone = copy.copy(device)
    signs_in(users, device)
    signs_in(users, device)
    before = sign_ins(users, member)
    for _ in range(2):
        with pytest.raises(PasskeyCopied):
            signs_in(users, clone)
    assert sign_ins(users, member) == before
    device.counts, device.counter = False, 0  # it says that it does not count any more
    with pytest.raises(PasskeyCopied):
        confirms(users, member, device)


def test_a_suspended_user_does_not_sign_in(users: UsersFixture) -> None:
    """R-TEN-06: the reason is for the owner of the passkey only, and nothing is stored."""
    member, device = users.member(), Authenticator()
    adds(users, member, device)
    other = replace(users.origin, actor="operator")
    users.administration.suspend(UserId(member.user.id), origin=other, command_id=uuid4())
    with pytest.raises(AccountSuspended):
        signs_in(users, device)
    forged = Authenticator(credential_id=device.credential_id, user_handle=device.user_handle)
    with pytest.raises(PasskeyRefused):
        signs_in(users, forged)
    assert sign_ins(users, member) == 0
    users.administration.reactivate(UserId(member.user.id), origin=other, command_id=uuid4())
    device.counter -= 1  # the refused attempt did not raise the stored counter
    signs_in(users, device)


def test_a_sign_in_that_is_overtaken_by_a_reset_of_the_factors_is_refused(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-IDN-18: the reset, as after a theft, ends only sign-ins that are stored by then."""
    member, device = users.member(), Authenticator()
    adds(users, member, device)
    other, advance = replace(users.origin, actor="operator"), PasskeyService._advance

    def advance_and_reset(self: PasskeyService, factor: StoredFactor, counter: int) -> None:
        advance(self, factor, counter)
        users.second_factors.reset(UserId(member.user.id), origin=other, command_id=uuid4())

    monkeypatch.setattr(PasskeyService, "_advance", advance_and_reset)
    with pytest.raises(PasskeyRefused):
        signs_in(users, device)
    assert sign_ins(users, member) == 0


def test_a_passkey_is_for_one_tenant(users: UsersFixture) -> None:
    """R-TEN-05: another tenant does not know it."""
    device = Authenticator()
    adds(users, users.member(), device)
    other_tenant = users.of("gym").tenant_id
    with pytest.raises(PasskeyRefused):
        signs_in(users, device, other_tenant)
    options = users.passkeys.begin_sign_in(DEFAULT_TENANT)
    with pytest.raises(PasskeyChallengeRefused):
        users.passkeys.sign_in(other_tenant, device.get(options))


def test_the_passkey_of_another_user_confirms_nothing(users: UsersFixture) -> None:
    """R-IDN-18: not even for a challenge of one's own sign-in."""
    ada, bob, hers, his = users.member(), users.member(BOB), Authenticator(), Authenticator()
    adds(users, ada, hers)
    adds(users, bob, his)
    theirs = claims(users, users.signs_in())
    with pytest.raises(PasskeyRefused):
        users.passkeys.confirm(theirs, his.get(users.passkeys.begin_confirmation(theirs)))
    his.user_handle = hers.user_handle
    with pytest.raises(PasskeyRefused):
        users.passkeys.confirm(theirs, his.get(users.passkeys.begin_confirmation(theirs)))
    with pytest.raises(PasskeyRefused):
        signs_in(users, his)


def test_a_credential_belongs_to_one_account(users: UsersFixture) -> None:
    """R-IDN-18: Web Authentication, 7.1, step 26."""
    ada, bob, device = users.member(), users.member(BOB), Authenticator()
    adds(users, ada, device)
    theirs = claims(users, bob)
    copied = Authenticator(credential_id=device.credential_id)
    with pytest.raises(PasskeyRefused):
        users.passkeys.enrol(
            theirs,
            "Copy",
            copied.create(users.passkeys.begin_enrolment(theirs)),
            origin=users.origin,
            command_id=uuid4(),
        )
    assert users.second_factors.list_factors(theirs) == []
    signs_in(users, device)


def test_missing_passkeys_and_wrong_signatures_get_the_same_refusal(
    users: UsersFixture,
) -> None:
    """R-IDN-18: nobody learns which passkeys exist."""
    device = Authenticator()
    adds(users, users.member(), device)
    unknown = Authenticator(user_handle=device.user_handle)
    forged = Authenticator(credential_id=device.credential_id, user_handle=device.user_handle)
    refusals: list[Rejected] = []
    for each in (unknown, forged):
        with pytest.raises(PasskeyRefused) as refused:
            signs_in(users, each)
        refusals.append(refused.value)
    assert refusals[0].detail == refusals[1].detail
