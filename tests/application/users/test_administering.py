"""Administrators invite users, who can join only with the link."""

from contextlib import suppress
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from application.kernel.ports import StorageUnavailable
from application.users.errors import AddressTaken, LinkRefused, SignInRefused
from application.users.registration import Registration
from application.users.tokens import ProviderUser
from domain.ids import UserId
from domain.pose_coach.key import PoseCoachKey
from domain.users.identities import GOOGLE
from tests.application.users.users_fixture import (
    ADDRESS,
    ANOTHER,
    PASSWORD,
    UsersFixture,
)


def invites(users: UsersFixture, command_id: UUID | None = None) -> str:
    invited = users.administration.invite(
        ADDRESS, origin=users.origin, command_id=command_id or uuid4()
    )
    users.work()
    return invited


def comes(users: UsersFixture) -> None:
    users.password_service.reset(users.mailbox.token(), ANOTHER, origin=users.origin)


def test_an_invitation_that_is_sent_again_after_a_crash_has_the_same_link(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-03: mail systems keep the first of two e-mails with one id, so its link is valid."""

    def crash(*_: object) -> None:
        raise StorageUnavailable

    with monkeypatch.context() as patched, suppress(StorageUnavailable):
        patched.setattr(users.delivery.sent.__class__, "add", crash)
        invited = users.administration.invite(ADDRESS, origin=users.origin, command_id=uuid4())
        users.work()
    first = users.mailbox.token()
    users.work()
    assert len(users.mailbox.mails) == 2
    assert users.mailbox.token() == first
    users.password_service.reset(first, ANOTHER, origin=users.origin)
    assert users.signs_in(password=ANOTHER).user.id == invited


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


def test_repeats_after_an_erasure_store_nothing_of_the_person(users: UsersFixture) -> None:
    """R-EVT-16, C-24: of an invitation, a registration and a sign-in with a provider."""
    command_ids = [uuid4() for _ in range(3)]
    users.vouchers.people["token"] = ProviderUser(
        GOOGLE, "1", "sue@example.org", email_verified=True, name=None
    )
    bob = Registration(email="bob@example.org", password=PASSWORD)

    def written() -> list[UserId | None]:
        """Send all three, and return whose account the index has for each address and identity."""
        inviting, registering, signing_in = command_ids
        found.append(invites(users, inviting))
        users.registration.register(bob, origin=users.origin, command_id=registering)
        with suppress(SignInRefused):
            users.external_identities.exchange(
                GOOGLE, "token", origin=users.origin, command_id=signing_in
            )
        find, tenant_id = users.identities.find, users.origin.tenant_id
        emails = [
            find(tenant_id, "email", each) for each in (ADDRESS, bob.email, "sue@example.org")
        ]
        return [*emails, find(tenant_id, GOOGLE, "1")]

    found: list[str] = []
    before = written()
    erased = {each for each in before if each is not None}
    assert len(erased) == len(command_ids)
    for user_id in erased:
        users.account_erasure.erase(user_id, origin=users.origin, command_id=uuid4())
    assert written() == [None] * len(before)
    assert found == [before[0], before[0]]


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


def test_two_invitations_at_the_same_moment_open_one_account(users: UsersFixture) -> None:
    """R-EVT-16: two administrators invite the same person, and none of them is refused."""
    invited: list[str] = []
    mint_key = users.administration.mint_key

    def mint_key_later() -> PoseCoachKey:
        invited.append(invites(users))
        return mint_key()

    slower = replace(users.administration, mint_key=mint_key_later)
    invited.append(slower.invite(ADDRESS, origin=users.origin, command_id=uuid4()))
    users.work()
    assert len(invited) == 2
    assert len({*invited}) == 1
    comes(users)
    assert users.signs_in(password=ANOTHER).user.id == invited[0]
