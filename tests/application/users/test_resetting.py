"""New passwords, by a link or by the old one."""

from uuid import uuid4

import pytest

from application.users.errors import (
    LinkRefused,
    PasswordTooWeak,
    SignInRefused,
    TokenRefused,
)
from tests.application.users.users_fixture import ADDRESS, ANOTHER, PASSWORD, House


def asks(house: House, email: str = ADDRESS) -> None:
    house.password_service.request(house.origin.tenant_id, email)
    house.work()


def resets(house: House, token: str, password: str = ANOTHER) -> None:
    house.password_service.reset(token, password, origin=house.origin, command_id=uuid4())
    house.work()


def test_a_forgotten_password_is_replaced_by_a_link_and_everybody_is_signed_out(
    house: House,
) -> None:
    before = house.member()
    asks(house)
    token = house.mailbox.token()
    resets(house, token)
    assert house.mailbox.mails[-1].subject == "Your password has been changed"
    with pytest.raises(TokenRefused):
        house.sign_in_service.authenticate(before.access_token)
    with pytest.raises(SignInRefused):
        house.signs_in()
    assert house.signs_in(password=ANOTHER).user.id == before.user.id
    with pytest.raises(LinkRefused):
        resets(house, token, "yet another password 1873")


def test_nobody_learns_whether_there_is_an_account(house: House) -> None:
    """R-IDN-18: the answer is given before anything is looked up."""
    house.member()
    sent = len(house.mailbox.mails)
    house.password_service.request(house.origin.tenant_id, ADDRESS)
    house.password_service.request(house.origin.tenant_id, "nobody@example.org")
    assert len(house.waiting) == 2
    assert len(house.mailbox.mails) == sent
    house.work()
    assert len(house.mailbox.mails) == sent + 1


def test_a_weak_password_spends_no_link(house: House) -> None:
    house.member()
    asks(house)
    token = house.mailbox.token()
    for weak in ("weak", ADDRESS):
        with pytest.raises(PasswordTooWeak):
            resets(house, token, weak)
    resets(house, token)


def test_the_link_shows_that_the_address_is_theirs(house: House) -> None:
    house.registers()
    asks(house)
    resets(house, house.mailbox.token())
    assert house.signs_in(password=ANOTHER).user.email == ADDRESS


def test_one_link_that_was_followed_takes_the_others_with_it(house: House) -> None:
    house.member()
    asks(house)
    first = house.mailbox.token()
    asks(house)
    resets(house, house.mailbox.token())
    with pytest.raises(LinkRefused):
        resets(house, first)


def test_a_link_leads_to_a_password_for_an_hour_and_in_its_tenant(house: House) -> None:
    """R-TEN-05"""
    house.member()
    asks(house)
    token = house.mailbox.token()
    with pytest.raises(LinkRefused):
        house.password_service.reset(token, ANOTHER, origin=house.of("red"), command_id=uuid4())
    house.later(hours=1)
    with pytest.raises(LinkRefused):
        resets(house, token)


def test_a_link_to_an_address_is_none_to_a_password(house: House) -> None:
    house.registers()
    with pytest.raises(LinkRefused):
        resets(house, house.mailbox.token())
    house.verifies()


def test_who_knows_the_old_password_chooses_another(house: House) -> None:
    user = house.member().user
    change = house.password_service.change
    with pytest.raises(SignInRefused):
        change(user.id, ANOTHER, ANOTHER, origin=house.origin, command_id=uuid4())
    with pytest.raises(PasswordTooWeak):
        change(user.id, PASSWORD, "weak", origin=house.origin, command_id=uuid4())
    change(user.id, PASSWORD, ANOTHER, origin=house.origin, command_id=uuid4())
    assert house.signs_in(password=ANOTHER).user.id == user.id


def test_who_was_erased_gets_no_link(house: House) -> None:
    """C-24"""
    user = house.member().user
    asks(house)
    token = house.mailbox.token()
    house.account_erasure.erase(user.id, origin=house.origin, command_id=uuid4())
    with pytest.raises(LinkRefused):
        resets(house, token)
    sent = len(house.mailbox.mails)
    asks(house)
    assert len(house.mailbox.mails) == sent
