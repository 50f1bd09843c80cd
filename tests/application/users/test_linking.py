"""Signing in with Google, Apple and Firebase."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.users.errors import (
    AccountExists,
    IdentityTaken,
    IdTokenRefused,
    LinkRefused,
    ProviderDomainRefused,
    ProviderUnknown,
    SignInRefused,
    TokenRefused,
)
from application.users.tokens import ProviderUser
from domain.ids import UserId
from domain.pose_coach.key import MINTED_LENGTH
from domain.tenants.join_policy import JoiningRefused, JoinPolicy
from domain.users import commands
from domain.users.identities import APPLE, FIREBASE, GOOGLE, Provider
from domain.users.user import Registered
from tests.application.users.users_fixture import ACME, ADDRESS, VERIFIED, UsersFixture


def links(users: UsersFixture, user: Any, provider: Provider, subject: str) -> None:
    person = ProviderUser(provider, subject, None, email_verified=False, name=None)
    users.external_identities.link(user.id, person, origin=users.origin, command_id=uuid4())


@pytest.mark.parametrize("provider", [GOOGLE, APPLE, FIREBASE])
def test_a_new_user_gets_an_account_and_is_recognized_from_then_on(
    users: UsersFixture, provider: Provider
) -> None:
    """R-IDN-01, R-IDN-02, R-IDN-12, R-IDN-13: both paths lead to one account."""
    first = users.signs_in_with(provider, name="Ada", **VERIFIED)
    assert users.names()[0] == "user.created"
    assert "user.email_verified" in users.names()
    assert (first.user.email, first.user.username) == (ADDRESS, "Ada")
    again = users.signs_in_with(provider, name="Countess", **VERIFIED)
    assert again.user == first.user
    users.sign_in_service.authenticate(again.access_token)


def test_the_pose_coach_knows_a_firebase_user_by_their_uid(users: UsersFixture) -> None:
    """C-04, R-IDN-13, R-IDN-14"""
    uid = "abc123def456ghi789"
    user = users.signs_in_with(FIREBASE, uid).user
    assert user.pose_coach_uid == uid != user.id
    assert len(users.signs_in_with(GOOGLE, "2").user.pose_coach_uid) == MINTED_LENGTH


def test_linking_firebase_later_makes_its_uid_the_key(users: UsersFixture) -> None:
    """C-04, R-IDN-14"""
    user = users.member().user
    links(users, user, FIREBASE, "abc123def456ghi789")
    assert users.signs_in().user.pose_coach_uid == "abc123def456ghi789"


def test_signing_in_never_links_the_account_of_somebody_else(users: UsersFixture) -> None:
    """R-IDN-02, R-TEN-03: its owner signs in with the credential they have, and links it there."""
    member = users.member().user
    before = users.names()
    for _ in range(2):
        with pytest.raises(AccountExists):
            users.signs_in_with(GOOGLE, **VERIFIED)
    assert users.names() == [*before, *["user.email_requested"] * 2]
    users.work()
    letter = users.mailbox.mails[-1]
    assert (letter.to, letter.subject) == (ADDRESS, "Someone tried to sign in with Google")
    links(users, users.signs_in().user, GOOGLE, "1")
    users.work()
    letter = users.mailbox.mails[-1]
    assert (letter.to, letter.subject) == (ADDRESS, "Google can now sign in to your account")
    assert users.signs_in_with(GOOGLE, **VERIFIED).user.id == member.id


def test_an_invited_member_of_the_staff_is_not_replaced_by_a_provider(users: UsersFixture) -> None:
    """R-TEN-06: the invitation is confirmed by its link, not by a provider."""
    users.creates(users.origin)
    user_id = users.administration.invite(ADDRESS, origin=users.origin, command_id=uuid4())
    users.administration.grant(user_id, "administrator", origin=users.origin, command_id=uuid4())
    with pytest.raises(AccountExists):
        users.signs_in_with(GOOGLE, **VERIFIED)


def test_a_provider_signs_people_in_to_its_tenants_alone(users: UsersFixture) -> None:
    """R-TEN-03, R-IDN-12: also not those who are linked there, and without reading the token."""
    users.signs_in_with(ACME, **VERIFIED)
    users.origin = users.of("red")
    with pytest.raises(ProviderUnknown):
        users.signs_in_with(ACME, **VERIFIED)
    member = users.member().user
    with pytest.raises(ProviderUnknown):
        links(users, member, ACME, "1")
    assert users.signs_in_with(APPLE, "2").user.id != member.id, "a public provider serves all"


@pytest.mark.parametrize(
    "person",
    [
        {"email": "eve@elsewhere.example", "email_verified": True},
        {"email": ADDRESS, "email_verified": False},
        {"email": None},
    ],
)
def test_a_provider_vouches_for_addresses_of_its_domains_alone(
    users: UsersFixture, person: dict[str, Any]
) -> None:
    """R-IDN-12: somebody who is linked already comes in, whatever their address is now."""
    with pytest.raises(ProviderDomainRefused):
        users.signs_in_with(ACME, "2", **person)
    assert users.names() == []
    first = users.signs_in_with(ACME, "1", **VERIFIED).user
    assert users.signs_in_with(ACME, "1", **person).user.id == first.id


def test_the_join_policy_applies_to_providers_too(users: UsersFixture) -> None:
    """R-IDN-02, R-TEN-03."""
    users.creates(users.origin, JoinPolicy("domain", ("example.org",)))
    with pytest.raises(JoiningRefused):
        users.signs_in_with(GOOGLE, "1", email="eve@elsewhere.example", email_verified=True)
    with pytest.raises(JoiningRefused):
        users.signs_in_with(GOOGLE, "1", email=ADDRESS, email_verified=False)
    assert users.signs_in_with(GOOGLE, "1", **VERIFIED).user.email == ADDRESS


def test_the_owner_of_an_unverified_address_gets_an_e_mail_about_the_link(
    users: UsersFixture,
) -> None:
    """R-IDN-02."""
    users.registers()
    users.signs_in_with(GOOGLE, **VERIFIED)
    users.work()
    assert users.mailbox.mails[-1].subject == "Google can now sign in to your account"


def test_an_unverified_registration_gets_no_access_to_the_owners_account(
    users: UsersFixture,
) -> None:
    """The owner signs in with a provider that has verified the address: the password is void."""
    users.registers()
    link = users.mailbox.token()
    owner = users.signs_in_with(GOOGLE, **VERIFIED).user
    with pytest.raises(SignInRefused):
        users.signs_in()
    assert users.signs_in_with(GOOGLE, **VERIFIED).user.id == owner.id
    with pytest.raises(LinkRefused):
        users.registration.verify_email(link, origin=users.origin, command_id=uuid4())
    assert users.credentials.find(users.origin.tenant_id, owner.id) is None


def test_an_address_that_the_provider_has_not_verified_proves_nothing(users: UsersFixture) -> None:
    member = users.member().user
    other = users.signs_in_with(GOOGLE, email=ADDRESS, email_verified=False).user
    assert other.id != member.id
    assert other.email is None


@pytest.mark.parametrize("address", ["", "no address", "a@b"])
def test_an_invalid_address_is_ignored(users: UsersFixture, address: str) -> None:
    assert users.signs_in_with(GOOGLE, email=address, email_verified=True).user.email is None


def test_another_person_of_the_same_provider_is_another_account(users: UsersFixture) -> None:
    first = users.signs_in_with(GOOGLE, "1", **VERIFIED).user
    second = users.signs_in_with(GOOGLE, "2", **VERIFIED).user
    assert second.id != first.id
    assert second.email is None


def test_a_refused_token_signs_in_nobody(users: UsersFixture) -> None:
    with pytest.raises(IdTokenRefused):
        users.external_identities.exchange(
            GOOGLE, "forged", origin=users.origin, command_id=uuid4()
        )
    assert users.names() == []


def test_an_identity_belongs_to_one_account(users: UsersFixture) -> None:
    ada, bob = users.member().user, users.member("bob@example.org").user
    links(users, ada, GOOGLE, "1")
    with pytest.raises(IdentityTaken):
        links(users, bob, GOOGLE, "1")
    with pytest.raises(commands.ProviderAlreadyLinked):
        links(users, ada, GOOGLE, "2")
    links(users, bob, GOOGLE, "2")
    assert users.signs_in_with(GOOGLE, "1").user.id == ada.id


def test_an_unlinked_identity_can_be_linked_to_another_account(users: UsersFixture) -> None:
    ada = users.member().user
    links(users, ada, GOOGLE, "1")
    users.external_identities.unlink(ada.id, GOOGLE, origin=users.origin, command_id=uuid4())
    assert users.signs_in_with(GOOGLE, "1").user.id != ada.id


def test_the_owner_gets_one_e_mail_about_an_unlinked_provider(users: UsersFixture) -> None:
    """R-IDN-18: also if the request is repeated."""
    ada = users.member().user
    links(users, ada, GOOGLE, "1")
    users.work()
    before = len(users.mailbox.mails)
    for _ in range(2):
        unlink(users, ada, uuid4())
        users.work()
    subjects = [mail.subject for mail in users.mailbox.mails[before:]]
    assert subjects == ["Google can no longer sign in to your account"]


class Crash(Exception):  # noqa: N818  a crash is no error of the code
    """The process ends here."""


@pytest.mark.parametrize("repeated", [False, True])
def test_an_unlinked_provider_signs_in_nobody_after_a_crash(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch, *, repeated: bool
) -> None:
    """R-IDN-02: between the event and the release of the identity; a repeat completes it."""
    ada, command_id = users.member().user, uuid4()
    links(users, ada, GOOGLE, "1")
    with monkeypatch.context() as crashing:
        crashing.setattr(type(users.identities), "release", lambda *_: raises())
        with pytest.raises(Crash):
            unlink(users, ada, command_id)
    if repeated:
        unlink(users, ada, command_id)
    assert users.signs_in_with(GOOGLE, "1").user.id != ada.id
    account = users.accounts.user(users.origin.tenant_id, ada.id)
    assert isinstance(account, Registered)
    assert account.identity(GOOGLE) is None


def raises() -> None:
    raise Crash


def unlink(users: UsersFixture, user: Any, command_id: UUID) -> None:
    users.external_identities.unlink(user.id, GOOGLE, origin=users.origin, command_id=command_id)


def before_first(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, action: Callable[[], object]
) -> None:
    """Run the action when the method is called for the first time, before the call."""
    real, called = getattr(type(owner), name), list[None]()

    def overtaken(*arguments: Any, **options: Any) -> Any:
        if not called:
            called.append(None)
            action()
        return real(*arguments, **options)

    monkeypatch.setattr(type(owner), name, overtaken)


def test_of_two_concurrent_links_to_a_provider_one_signs_in(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-IDN-02: the other identity is not linked, and belongs to nobody."""
    ada = users.member().user
    with monkeypatch.context() as racing:
        before_first(racing, users.accounts, "execute", lambda: links(users, ada, GOOGLE, "1"))
        with pytest.raises(commands.ProviderAlreadyLinked):
            links(users, ada, GOOGLE, "2")
    assert users.signs_in_with(GOOGLE, "1").user.id == ada.id
    assert users.signs_in_with(GOOGLE, "2").user.id != ada.id


def test_a_link_that_crashed_before_its_event_signs_in_nobody(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-IDN-02: linking again completes it, for this account or another."""
    ada, bob = users.member().user, users.member("bob@example.org").user
    with monkeypatch.context() as crashing:
        crashing.setattr(type(users.accounts), "execute", lambda *_, **__: raises())
        for number in ("1", "2"):
            with pytest.raises(Crash):
                links(users, ada, GOOGLE, number)
    assert users.signs_in_with(GOOGLE, "1").user.id not in {ada.id, bob.id}
    links(users, bob, GOOGLE, "2")
    assert users.signs_in_with(GOOGLE, "2").user.id == bob.id


def test_a_link_during_an_unlink_stays_usable(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-IDN-02: the log has the link after the unlink, so the identity is not released."""
    ada = users.member().user
    links(users, ada, GOOGLE, "1")
    with monkeypatch.context() as racing:
        before_first(racing, users.identities, "release", lambda: links(users, ada, GOOGLE, "1"))
        unlink(users, ada, uuid4())
    assert users.signs_in_with(GOOGLE, "1").user.id == ada.id


def test_a_release_during_a_link_is_repaired(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-IDN-02: a sign-in meets the entry before the event of its link."""
    ada, tenant_id = users.member().user, users.origin.tenant_id
    with monkeypatch.context() as racing:
        release = lambda: users.identities.release(tenant_id, ada.id, GOOGLE)  # noqa: E731
        before_first(racing, users.accounts, "execute", release)
        links(users, ada, GOOGLE, "1")
    assert users.signs_in_with(GOOGLE, "1").user.id == ada.id


def test_an_identity_claimed_by_another_account_during_a_link_is_unlinked(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-IDN-02: two accounts link it at once; the log has it for one of them in the end."""
    ada, bob = users.member().user, users.member("bob@example.org").user
    with monkeypatch.context() as racing:
        before_first(racing, users.accounts, "execute", lambda: links(users, bob, GOOGLE, "1"))
        with pytest.raises(IdentityTaken):
            links(users, ada, GOOGLE, "1")
    assert [linked_to(users, each.id) for each in (ada, bob)] == [None, "1"]
    assert users.signs_in_with(GOOGLE, "1").user.id == bob.id


def test_an_identity_claimed_by_another_account_during_a_sign_in_is_unlinked(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-IDN-02: also if the account has no other way to sign in: it has its address."""
    bob = users.member("bob@example.org").user
    users.registers()
    unverified = users.identities.find(users.origin.tenant_id, "email", ADDRESS)
    assert unverified is not None
    with monkeypatch.context() as racing:
        before_first(racing, users.accounts, "execute", lambda: links(users, bob, GOOGLE, "1"))
        with pytest.raises(IdentityTaken):
            users.signs_in_with(GOOGLE, "1", **VERIFIED)
    assert [linked_to(users, each) for each in (unverified, bob.id)] == [None, "1"]
    assert users.signs_in_with(GOOGLE, "1").user.id == bob.id


def linked_to(users: UsersFixture, user_id: UserId) -> object:
    """Return the subject of the Google identity that the log has linked to an account."""
    account = users.accounts.user(users.origin.tenant_id, user_id)
    identity = account.identity(GOOGLE) if isinstance(account, Registered) else None
    return None if identity is None else identity.subject.value


def test_the_last_sign_in_method_is_kept(users: UsersFixture) -> None:
    user = users.signs_in_with(GOOGLE, "1").user
    with pytest.raises(commands.LastWayToSignIn):
        users.external_identities.unlink(user.id, GOOGLE, origin=users.origin, command_id=uuid4())
    assert users.signs_in_with(GOOGLE, "1").user.id == user.id


def test_an_erased_user_can_register_again(users: UsersFixture) -> None:
    """C-24"""
    first = users.signs_in_with(GOOGLE, "1", **VERIFIED)
    users.account_erasure.erase(first.user.id, origin=users.origin, command_id=uuid4())
    second = users.signs_in_with(GOOGLE, "1", **VERIFIED)
    assert second.user.id != first.user.id
    with pytest.raises(TokenRefused):
        users.sign_in_service.authenticate(first.access_token)


def test_identities_are_separate_by_tenant(users: UsersFixture) -> None:
    """C-10"""
    first = users.signs_in_with(GOOGLE, "1").user
    users.origin = users.of("red")
    assert users.signs_in_with(GOOGLE, "1").user.id != first.id


def test_concurrent_first_sign_ins_create_one_account(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-16: the second request found no account either, and decided to create one."""
    real = users.external_identities._open
    arrived: list[Any] = []

    def overtaken(*arguments: Any, **how: Any) -> None:
        if not arrived:
            arrived.append(None)
            arrived.append(users.signs_in_with(GOOGLE, "1"))
        real(*arguments, **how)

    monkeypatch.setattr(
        type(users.external_identities), "_open", lambda _, *a, **h: overtaken(*a, **h)
    )
    second = users.signs_in_with(GOOGLE, "1")
    assert second.user.id == arrived[1].user.id
    assert users.names().count("user.created") == 1
