"""Passkeys whose request to add them is repeated: after an error, a crash or a lost response."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.kernel.ports import StorageUnavailable
from application.users.errors import PasskeyChallengeRefused, PasskeyRefused
from application.users.passkeys import CHALLENGE_LIFETIME
from application.users.second_factors import RECOVERY_CODES
from application.users.tokens import AccessClaims, SignedIn
from domain.ids import DEFAULT_TENANT, UserId
from domain.users.factor_commands import SecondFactorRequired
from tests.application.users.passkeys import claims, signs_in
from tests.application.users.users_fixture import UsersFixture
from tests.peers.authenticator import Authenticator

LIFETIME_S = CHALLENGE_LIFETIME.total_seconds()


def add(
    users: UsersFixture, theirs: AccessClaims, response: Any, command_id: UUID
) -> Sequence[str]:
    """Add a passkey; return the recovery codes."""
    return users.passkeys.enrol(
        theirs, "Laptop", response, origin=users.origin, command_id=command_id
    ).recovery_codes


def fails_to_add(
    users: UsersFixture, theirs: AccessClaims, response: Any, command_id: UUID
) -> None:
    """Send a request whose event cannot be stored."""

    def unavailable(*_: Any, **__: Any) -> Any:
        raise StorageUnavailable

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(users.log, "append", unavailable)
        with pytest.raises(StorageUnavailable):
            add(users, theirs, response, command_id)


def stored(users: UsersFixture, signed_in: SignedIn) -> int:
    """Return how many factors are stored, with or without an event."""
    user_id = UserId(signed_in.user.id)
    return len(users.second_factors.factors.list_all(DEFAULT_TENANT, user_id))


def is_confirmed(users: UsersFixture, theirs: AccessClaims) -> bool:
    store = users.second_factors.factors
    return store.confirmed_at(theirs.tenant_id, theirs.sign_in_id) is not None


@pytest.mark.parametrize("same_key", [True, False])
def test_a_request_whose_event_was_not_stored_is_repeated(
    users: UsersFixture, *, same_key: bool
) -> None:
    """R-API-04, R-IDN-18: the challenge is used up, but the stored passkey is continued with."""
    member, device, command_id = users.member(), Authenticator(), uuid4()
    theirs = claims(users, member)
    response = device.create(users.passkeys.begin_enrolment(theirs))
    fails_to_add(users, theirs, response, command_id)
    assert users.signs_in().assurance == "full"
    with pytest.raises(PasskeyRefused):
        signs_in(users, device)
    codes = add(users, theirs, response, command_id if same_key else uuid4())
    assert len(codes) == RECOVERY_CODES
    assert stored(users, member) == 1
    assert users.names().count("user.second_factor_added") == 1
    assert signs_in(users, device).assurance == "full"


def test_only_the_same_response_of_the_same_sign_in_continues_in_time(
    users: UsersFixture,
) -> None:
    """R-IDN-18: the stored passkey is no other way to add one."""
    member, device = users.member(), Authenticator()
    theirs, other = claims(users, member), claims(users, users.signs_in())
    response = device.create(users.passkeys.begin_enrolment(theirs))
    fails_to_add(users, theirs, response, uuid4())
    with pytest.raises(PasskeyChallengeRefused):
        add(users, other, response, uuid4())
    forged = Authenticator(credential_id=device.credential_id)
    with pytest.raises(PasskeyRefused):
        add(users, theirs, forged.create(users.passkeys.begin_enrolment(theirs)), uuid4())
    users.later(LIFETIME_S + 1)
    with pytest.raises(PasskeyChallengeRefused):
        add(users, theirs, response, uuid4())
    assert users.second_factors.list_factors(theirs) == []


def test_an_abandoned_passkey_is_discarded_with_the_next_one(users: UsersFixture) -> None:
    """R-IDN-18: not before its request can no longer be repeated, and no active one."""
    member, active, abandoned = users.member(), Authenticator(), Authenticator()
    theirs = claims(users, member)
    add(users, theirs, active.create(users.passkeys.begin_enrolment(theirs)), uuid4())
    response = abandoned.create(users.passkeys.begin_enrolment(theirs))
    fails_to_add(users, theirs, response, uuid4())
    users.later(LIFETIME_S)
    users.passkeys.begin_enrolment(theirs)
    assert stored(users, member) == 2
    users.later(1)
    users.passkeys.begin_enrolment(theirs)
    assert stored(users, member) == 1
    signs_in(users, active)


def test_a_repeated_request_confirms_the_sign_in_that_added_the_passkey_alone(
    users: UsersFixture,
) -> None:
    """R-IDN-18: a recorded request is no second factor of another sign-in."""
    member, device, command_id = users.member(), Authenticator(), uuid4()
    theirs = claims(users, member)
    response = device.create(users.passkeys.begin_enrolment(theirs))
    add(users, theirs, response, command_id)
    stolen = users.signs_in()
    with pytest.raises(PasskeyRefused):
        add(users, claims(users, stolen), response, command_id)
    assert not is_confirmed(users, claims(users, stolen))
    with pytest.raises(SecondFactorRequired):
        users.sign_in_service.authenticate(stolen.access_token)


def test_a_repeated_request_is_accepted_while_its_challenge_would_be(users: UsersFixture) -> None:
    """R-IDN-18: later, it neither confirms the sign-in nor replaces the recovery codes."""
    member, device, command_id = users.member(), Authenticator(), uuid4()
    theirs = claims(users, member)
    response = device.create(users.passkeys.begin_enrolment(theirs))
    add(users, theirs, response, command_id)
    users.later(LIFETIME_S)
    codes = add(users, theirs, response, command_id)
    users.later(1)
    with pytest.raises(PasskeyRefused):
        add(users, theirs, response, command_id)
    users.second_factors.confirm(claims(users, users.signs_in()), codes[0], origin=users.origin)


def test_a_repeated_request_does_not_confirm_after_the_removal(users: UsersFixture) -> None:
    """R-IDN-18"""
    member, device, command_id = users.member(), Authenticator(), uuid4()
    theirs = claims(users, member)
    response = device.create(users.passkeys.begin_enrolment(theirs))
    add(users, theirs, response, command_id)
    (factor,) = users.second_factors.list_factors(theirs)
    with pytest.MonkeyPatch.context() as patch:  # a crash leaves the row of the removed passkey
        patch.setattr(users.second_factors.factors, "remove", lambda *_: None)
        users.second_factors.remove(theirs, factor.id, origin=users.origin, command_id=uuid4())
    with pytest.raises(PasskeyRefused):
        add(users, theirs, response, command_id)


def test_a_repeat_keeps_recovery_codes_that_were_replaced(users: UsersFixture) -> None:
    """R-IDN-18, R-API-04: they are written down."""
    theirs, command_id = claims(users, users.member()), uuid4()
    response = Authenticator().create(users.passkeys.begin_enrolment(theirs))
    assert len(add(users, theirs, response, command_id)) == RECOVERY_CODES
    newer = users.second_factors.replace_codes(theirs, origin=users.origin)
    assert list(add(users, theirs, response, command_id)) == []
    users.second_factors.confirm(theirs, newer[0], origin=users.origin)
