"""Administrators invite users, who can join only with the link."""

from uuid import UUID, uuid4

import pytest

from application.users.errors import AddressTaken, LinkRefused, SignInRefused
from tests.application.users.users_fixture import ADDRESS, ANOTHER, PASSWORD, UsersFixture


def invites(users: UsersFixture, command_id: UUID | None = None) -> str:
    invited = users.administration.invite(
        ADDRESS, origin=users.origin, command_id=command_id or uuid4()
    )
    users.work()
    return invited


def comes(users: UsersFixture) -> None:
    users.password_service.reset(users.mailbox.token(), ANOTHER, origin=users.origin)


def test_registering_before_an_invitation_gives_no_access(
    users: UsersFixture,
) -> None:
    """R-IDN-18: anyone may have registered the address; the roles are for its owner."""
    users.registers()
    before = users.mailbox.token()
    invited = invites(users)
    with pytest.raises(SignInRefused):
        users.signs_in(password=PASSWORD)
    with pytest.raises(LinkRefused):
        users.registration.verify_email(before, origin=users.origin, command_id=uuid4())
    comes(users)
    assert users.signs_in(password=ANOTHER).user.id == invited


def test_a_lost_invitation_is_sent_when_it_is_requested_again(
    users: UsersFixture,
) -> None:
    """R-EVT-16: the first process may have died before it sent the message."""
    command_id = uuid4()
    users.administration.invite(ADDRESS, origin=users.origin, command_id=command_id)
    users.waiting.clear()
    invited = invites(users, command_id)
    assert [mail.to for mail in users.mailbox.mails] == [ADDRESS]
    comes(users)
    users.work()
    users.mailbox.mails.clear()
    assert invites(users, command_id) == invited
    assert users.mailbox.mails == []
    with pytest.raises(AddressTaken):
        invites(users)
