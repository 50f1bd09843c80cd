"""Passkeys: added, used as second factors, and to sign in without a password."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from application.users.errors import (
    CodeWrong,
    PasskeyRefused,
)
from application.users.passkeys import user_handle
from application.users.second_factors import RECOVERY_CODES
from domain.ids import DEFAULT_TENANT, UserId
from domain.users import events
from domain.users.factor_commands import PasskeysFull, SecondFactorRequired
from domain.users.factors import MAX_PASSKEYS
from domain.values import InvalidValue
from tests.application.users.passkeys import adds, claims, confirms, signs_in
from tests.application.users.users_fixture import ADDRESS, UsersFixture
from tests.peers.authenticator import Authenticator, decode, encode


def test_a_passkey_confirms_a_sign_in_by_password(users: UsersFixture) -> None:
    """R-IDN-18: the first factor comes with recovery codes; refreshed tokens stay confirmed."""
    device = Authenticator()
    codes = adds(users, users.member(), device)
    assert len(codes) == RECOVERY_CODES
    signed_in = users.signs_in()
    assert signed_in.assurance == "second_factor"
    with pytest.raises(SecondFactorRequired):
        users.sign_in_service.authenticate(signed_in.access_token)
    confirms(users, signed_in, device)
    assert users.sign_in_service.refresh(signed_in.refresh_token).assurance == "full"
    recovered = users.signs_in()
    users.second_factors.confirm(claims(users, recovered), codes[0], origin=users.origin)
    with pytest.raises(CodeWrong):
        users.second_factors.confirm(claims(users, recovered), "123456", origin=users.origin)


def test_a_passkey_signs_in_without_a_password_and_second_factor(users: UsersFixture) -> None:
    """R-IDN-18: the user verification of the passkey is the second factor."""
    member, device = users.member(), Authenticator()
    adds(users, member, device)
    signed_in = signs_in(users, device)
    assert signed_in.user.id == member.user.id
    assert signed_in.assurance == "full"
    users.sign_in_service.authenticate(signed_in.access_token)
    assert users.sign_in_service.refresh(signed_in.refresh_token).assurance == "full"


def test_a_passkey_satisfies_the_roles_that_need_a_second_factor(users: UsersFixture) -> None:
    """R-TEN-06, R-IDN-18."""
    member, device = users.member(), Authenticator()
    administrator = replace(users.origin, actor=member.user.id)
    users.administration.create_tenant(
        "Club", UserId(member.user.id), origin=administrator, command_id=uuid4()
    )
    signed_in = users.signs_in()
    assert signed_in.assurance == "enrolment"
    adds(users, signed_in, device)
    assert signs_in(users, device).assurance == "full"


def test_options_require_user_verification_and_prefer_discoverable_passkeys(
    users: UsersFixture,
) -> None:
    """R-IDN-18: for the configured site; the handle of the user is no personal data."""
    member = users.member()
    theirs, device = claims(users, member), Authenticator()
    adds(users, member, device)
    options = users.passkeys.begin_enrolment(theirs)
    assert options["rp"] == {"id": "kinelog.example", "name": "Kinelog"}
    assert options["user"]["name"] == ADDRESS
    assert decode(options["user"]["id"]) == user_handle(DEFAULT_TENANT, UserId(member.user.id))
    selection = options["authenticatorSelection"]
    assert selection["userVerification"] == "required"
    assert selection["residentKey"] == "preferred"
    assert [each["id"] for each in options["excludeCredentials"]] == [encode(device.credential_id)]
    confirmation = users.passkeys.begin_confirmation(theirs)
    assert [each["id"] for each in confirmation["allowCredentials"]] == [
        encode(device.credential_id)
    ]
    anonymous = users.passkeys.begin_sign_in(DEFAULT_TENANT)
    assert anonymous["userVerification"] == "required"
    assert not anonymous.get("allowCredentials")


def test_a_passkey_that_does_not_count_signs_in_again(users: UsersFixture) -> None:
    """R-IDN-18: synchronized passkeys always send 0."""
    device = Authenticator(counts=False)
    adds(users, users.member(), device)
    assert signs_in(users, device).assurance == signs_in(users, device).assurance == "full"


def test_a_removed_passkey_signs_in_no_more(users: UsersFixture) -> None:
    """R-IDN-18: the owner gets an e-mail about each change."""
    member, device = users.member(), Authenticator()
    adds(users, member, device)
    users.work()
    assert users.mailbox.mails[-1].subject == "A second factor was added to your account"
    theirs = claims(users, member)
    (factor,) = users.second_factors.list_factors(theirs)
    users.second_factors.remove(theirs, factor.id, origin=users.origin, command_id=uuid4())
    users.work()
    assert users.mailbox.mails[-1].subject == "A second factor was removed"
    with pytest.raises(PasskeyRefused):
        signs_in(users, device)
    with pytest.raises(PasskeyRefused):
        users.passkeys.begin_confirmation(theirs)
    assert users.signs_in().assurance == "full"
    adds(users, member, device)  # its credential id is free again


def test_an_administrator_resets_passkeys(users: UsersFixture) -> None:
    """R-TEN-06."""
    member, device = users.member(), Authenticator()
    adds(users, member, device)
    operator = replace(users.origin, actor="operator")
    users.second_factors.reset(UserId(member.user.id), origin=operator, command_id=uuid4())
    with pytest.raises(PasskeyRefused):
        signs_in(users, device)


def test_erasure_deletes_passkeys(users: UsersFixture) -> None:
    """C-24: credential, digest and challenges; the name is lost with the key of the person."""
    member, device = users.member(), Authenticator()
    adds(users, member, device)
    theirs = claims(users, member)
    users.passkeys.begin_confirmation(theirs)
    users.account_erasure.erase(UserId(member.user.id), origin=users.origin, command_id=uuid4())
    store: Any = users.second_factors.factors
    with store._database._engine.connect() as connection:
        for table in ("second_factor", "passkey", "passkey_challenge"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()  # noqa: S608
            assert rows == [], table
    with pytest.raises(PasskeyRefused):
        signs_in(users, device)


def test_the_log_has_no_key_and_no_clear_name(users: UsersFixture) -> None:
    """R-TEN-09: the event has the encrypted name only."""
    device = Authenticator()
    adds(users, users.member(), device, "Ada's laptop")
    (added,) = [
        each.event
        for each in users.log.scan(after=0, limit=999)
        if isinstance(each.event, events.SecondFactorAdded)
    ]
    assert added.name is not None
    assert added.name.value == "Ada's laptop"
    stored = json.dumps([str(each) for each in users.log.scan(after=0, limit=999)])
    assert "laptop" not in stored
    assert encode(device.credential_id) not in stored


def test_a_repeated_request_adds_one_passkey(users: UsersFixture) -> None:
    """R-API-04: the response was lost; the newest recovery codes count."""
    member, device, command_id = users.member(), Authenticator(), uuid4()
    theirs = claims(users, member)
    response = device.create(users.passkeys.begin_enrolment(theirs))

    def add(answer: Any) -> Sequence[str]:
        return users.passkeys.enrol(
            theirs, "Laptop", answer, origin=users.origin, command_id=command_id
        ).recovery_codes

    first, second = add(response), add(response)
    assert len(users.second_factors.list_factors(theirs)) == 1
    other = users.signs_in()
    with pytest.raises(CodeWrong):
        users.second_factors.confirm(claims(users, other), first[0], origin=users.origin)
    users.second_factors.confirm(claims(users, other), second[0], origin=users.origin)
    with pytest.raises(PasskeyRefused):  # the same key with another passkey
        add(Authenticator().create(users.passkeys.begin_enrolment(theirs)))
    forged = Authenticator(credential_id=device.credential_id)
    with pytest.raises(PasskeyRefused):
        add(forged.create(users.passkeys.begin_enrolment(theirs)))


def test_an_account_has_ten_passkeys_at_most(users: UsersFixture) -> None:
    """R-IDN-18: only the first one comes with recovery codes."""
    member = users.member()
    codes = [adds(users, member, Authenticator()) for _ in range(MAX_PASSKEYS)]
    assert [len(each) for each in codes] == [RECOVERY_CODES] + [0] * (MAX_PASSKEYS - 1)
    with pytest.raises(PasskeysFull):
        users.passkeys.begin_enrolment(claims(users, member))


def test_a_name_that_is_not_allowed_adds_nothing(users: UsersFixture) -> None:
    """R-IDN-18."""
    member, device = users.member(), Authenticator()
    with pytest.raises(InvalidValue):
        adds(users, member, device, " ")
    assert users.second_factors.list_factors(claims(users, member)) == []
    assert users.second_factors.factors.list_all(DEFAULT_TENANT, UserId(member.user.id)) == []
    assert users.signs_in().assurance == "full"
