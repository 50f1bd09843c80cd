"""Administrators invite people, who come by a link and by nothing else."""

from uuid import UUID, uuid4

import pytest

from application.users.errors import AddressTaken, LinkRefused, SignInRefused
from tests.application.users.users_fixture import ADDRESS, ANOTHER, PASSWORD, House


def invites(house: House, command_id: UUID | None = None) -> str:
    invited = house.administration.invite(
        ADDRESS, origin=house.origin, command_id=command_id or uuid4()
    )
    house.work()
    return invited


def comes(house: House) -> None:
    house.password_service.reset(
        house.mailbox.token(), ANOTHER, origin=house.origin, command_id=uuid4()
    )


def test_who_registered_an_address_before_it_was_invited_does_not_get_in(house: House) -> None:
    """R-IDN-18: a stranger may have; the roles are for whoever reads the message."""
    house.registers()
    before = house.mailbox.token()
    invited = invites(house)
    with pytest.raises(SignInRefused):
        house.signs_in(password=PASSWORD)
    with pytest.raises(LinkRefused):
        house.registration.verify_email(before, origin=house.origin, command_id=uuid4())
    comes(house)
    assert house.signs_in(password=ANOTHER).user.id == invited


def test_a_lost_invitation_is_sent_when_it_is_requested_again(
    house: House,
) -> None:
    """R-EVT-16: the process may have been lost before it wrote."""
    command_id = uuid4()
    house.administration.invite(ADDRESS, origin=house.origin, command_id=command_id)
    house.waiting.clear()
    invited = invites(house, command_id)
    assert [mail.to for mail in house.mailbox.mails] == [ADDRESS]
    comes(house)
    house.work()
    house.mailbox.mails.clear()
    assert invites(house, command_id) == invited
    assert house.mailbox.mails == []
    with pytest.raises(AddressTaken):
        invites(house)
