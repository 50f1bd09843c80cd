"""Becoming a user with an e-mail address and a password."""

from uuid import uuid4

import pytest

from application.users.errors import (
    EmailUnverified,
    LinkRefused,
    PasswordTooWeak,
    SignInRefused,
)
from application.users.registration import Registration
from domain.ids import UserId
from domain.pose_coach import MINTED_LENGTH
from domain.values import InvalidValue
from tests.application.users.users_fixture import ADDRESS, ANOTHER, PASSWORD, House


def test_a_person_registers_and_the_link_in_the_message_signs_them_in(house: House) -> None:
    """R-IDN-03, R-IDN-04, R-IDN-07, R-IDN-08, R-IDN-09, R-IDN-10"""
    house.registers()
    assert house.names()[0] == "user.created"
    (mail,) = house.mailbox.mails
    assert mail.to == ADDRESS
    signed_in = house.verifies()
    assert house.names()[-1] == "user.email_verified"
    claims = house.sign_in_service.authenticate(signed_in.access_token)
    assert claims.user_id == signed_in.user.id
    assert claims.tenant_id == "default"
    assert claims.roles == {"member"}
    assert signed_in.user.email == ADDRESS
    assert house.sign_in_service.refresh(signed_in.refresh_token).user == signed_in.user


def test_an_account_begins_with_its_defaults(house: House) -> None:
    """R-IDN-04, C-04, C-34: locale, units, role, tenant, and a key for the pose coach."""
    user = house.member().user
    assert (user.time_zone, user.locale, user.tenant_id) == ("UTC", "en", "default")
    assert len(user.pose_coach_uid) == MINTED_LENGTH
    assert user.pose_coach_uid != user.id


def test_a_password_is_kept_as_a_hash_and_nowhere_in_the_log(house: House) -> None:
    """R-IDN-06, R-IDN-18"""
    house.registers()
    (user_id,) = {fact.stream.removeprefix("user-") for fact in house.log.scan(after=0, limit=9)}
    assert house.credentials.find(house.origin.tenant_id, UserId(user_id)) == f"hash of {PASSWORD}"
    assert PASSWORD not in repr(house.log.scan(after=0, limit=99))
    assert PASSWORD not in repr(Registration(ADDRESS, PASSWORD))


def test_an_address_that_has_an_account_is_answered_alike(house: House) -> None:
    """R-IDN-18: as slow a hash, no error, and another message to its owner."""
    house.member()
    facts, hashed = house.names(), house.passwords.hashed
    house.registers(email=ADDRESS.upper(), password=ANOTHER)
    assert house.names() == facts
    assert house.passwords.hashed == hashed + 1
    assert house.mailbox.mails[-1].subject == "You already have an account"
    assert "token" not in house.mailbox.mails[-1].text
    assert house.signs_in().user.email == ADDRESS
    with pytest.raises(SignInRefused):
        house.signs_in(password=ANOTHER)


def test_nothing_differs_before_the_answer_but_what_is_put_off(house: House) -> None:
    """R-IDN-18: messages are written and sent afterwards."""
    house.registration.register(
        Registration(ADDRESS, PASSWORD), origin=house.origin, command_id=uuid4()
    )
    assert house.mailbox.mails == []
    assert len(house.waiting) == 1


def test_a_registration_sent_twice_is_one_and_its_message_is_not_lost(house: House) -> None:
    """R-EVT-16: one account; the first process may have been lost before it wrote."""
    command_id = uuid4()
    house.registers(command_id=command_id)
    facts = house.names()
    house.mailbox.mails.clear()
    house.registers(command_id=command_id)
    assert house.names() == facts
    house.verifies()
    house.mailbox.mails.clear()
    house.registers(command_id=command_id)
    assert house.mailbox.mails == []


def test_a_link_goes_to_the_address_of_the_account_as_its_owner_wrote_it(house: House) -> None:
    house.registers("Ada@Example.org")
    house.registers("ADA@example.org")
    assert {mail.to for mail in house.mailbox.mails} == {"Ada@Example.org"}


@pytest.mark.parametrize("alike", ["\u00aada@example.org", "ada@\uff45xample.org"])
def test_an_address_that_looks_alike_is_another_one(house: House, alike: str) -> None:
    """Nobody gets into an account by a letter that some rule of Unicode takes for another."""
    first = house.member()
    house.registers(alike)
    assert house.mailbox.mails[-1].to == alike
    assert house.verifies().user.id != first.user.id


def test_who_has_not_followed_the_link_gets_another_one(house: House) -> None:
    house.registers()
    first = house.mailbox.token()
    house.registers(password=ANOTHER)
    assert house.mailbox.mails[-1].subject == "Confirm your e-mail address"
    assert house.mailbox.token() != first
    house.registration.send_verification(house.origin.tenant_id, ADDRESS)
    house.work()
    assert len(house.mailbox.mails) == 3
    house.verifies()


def test_a_password_of_whoever_came_first_opens_nothing_once_another_has_come(
    house: House,
) -> None:
    """R-IDN-18: a stranger may have registered the address before its owner did."""
    house.registers()
    house.registers(password=ANOTHER)
    owner = house.verifies().user
    for password in (PASSWORD, ANOTHER):  # nobody knows which of them is the owner's
        with pytest.raises(SignInRefused):
            house.signs_in(password=password)
    house.password_service.request(house.origin.tenant_id, ADDRESS)
    house.work()
    token = house.mailbox.token()
    house.password_service.reset(token, ANOTHER, origin=house.origin, command_id=uuid4())
    assert house.signs_in(password=ANOTHER).user.id == owner.id


@pytest.mark.parametrize("address", ["nobody@example.org", ADDRESS])
def test_another_link_is_sent_to_unverified_addresses_only(house: House, address: str) -> None:
    house.member()
    sent = len(house.mailbox.mails)
    house.registration.send_verification(house.origin.tenant_id, address)
    house.work()
    assert len(house.mailbox.mails) == sent


def test_an_address_that_was_claimed_in_vain_is_taken_up_again(house: House) -> None:
    """R-EVT-16: the process was lost between the claim and the account."""
    lost = UserId("lost")
    house.identities.claim(house.origin.tenant_id, "email", ADDRESS, lost)
    assert house.member().user.id == lost


def test_a_link_is_followed_once_and_for_a_day(house: House) -> None:
    """R-IDN-07"""
    house.registers()
    house.verifies()
    with pytest.raises(LinkRefused):
        house.verifies()
    house.registers("bob@example.org")
    house.later(days=1)
    with pytest.raises(LinkRefused):
        house.verifies()


@pytest.mark.parametrize("token", ["", "default.", "default.x", ".", "x", "default." + "x" * 999])
def test_a_link_that_was_never_sent_is_refused(house: House, token: str) -> None:
    with pytest.raises(LinkRefused):
        house.registration.verify_email(token, origin=house.origin, command_id=uuid4())


def test_a_link_leads_nowhere_in_another_tenant(house: House) -> None:
    """R-TEN-05"""
    house.registers()
    with pytest.raises(LinkRefused):
        house.verifies(origin=house.of("red"))
    house.verifies()


def test_the_same_address_may_have_an_account_in_each_tenant(house: House) -> None:
    """C-10, R-TEN-03"""
    first = house.member().user
    house.registers(origin=house.of("red"), password=ANOTHER)
    second = house.verifies(origin=house.of("red")).user
    assert first.id != second.id
    assert second.tenant_id == "red"
    with pytest.raises(SignInRefused):
        house.signs_in(password=ANOTHER)


def test_a_weak_password_and_no_address_are_refused_before_anything_happens(house: House) -> None:
    with pytest.raises(PasswordTooWeak):
        house.registers(password="weak")  # noqa: S106  of nobody
    with pytest.raises(PasswordTooWeak):
        house.registers(password=ADDRESS)
    with pytest.raises(InvalidValue):
        house.registers(email="ada")
    assert house.names() == []
    assert house.mailbox.mails == []


def test_who_has_not_shown_that_the_address_is_theirs_does_not_sign_in(house: House) -> None:
    house.registers()
    with pytest.raises(EmailUnverified):
        house.signs_in()
    with pytest.raises(SignInRefused):  # only who knows the password learns that much
        house.signs_in(password=ANOTHER)
