"""Signing in with Google, Apple and Firebase."""

from typing import Any
from uuid import uuid4

import pytest

from application.users.errors import (
    IdentityTaken,
    IdTokenRefused,
    LinkRefused,
    SignInRefused,
    TokenRefused,
)
from application.users.tokens import ProviderUser
from domain.pose_coach import MINTED_LENGTH
from domain.users import commands
from domain.users.identities import APPLE, FIREBASE, GOOGLE, Provider
from tests.application.users.users_fixture import ADDRESS, House

VERIFIED: dict[str, Any] = {"email": ADDRESS, "email_verified": True}


def links(house: House, user: Any, provider: Provider, subject: str) -> None:
    person = ProviderUser(provider, subject, None, email_verified=False, name=None)
    house.external_identities.link(user.id, person, origin=house.origin, command_id=uuid4())


@pytest.mark.parametrize("provider", [GOOGLE, APPLE, FIREBASE])
def test_a_new_user_gets_an_account_and_is_recognized_from_then_on(
    house: House, provider: Provider
) -> None:
    """R-IDN-01, R-IDN-02, R-IDN-12, R-IDN-13: both paths meet in one account."""
    first = house.vouched(provider, name="Ada", **VERIFIED)
    assert house.names()[0] == "user.created"
    assert "user.email_verified" in house.names()
    assert (first.user.email, first.user.username) == (ADDRESS, "Ada")
    again = house.vouched(provider, name="Countess", **VERIFIED)
    assert again.user == first.user
    house.sign_in_service.authenticate(again.access_token)


def test_the_pose_coach_knows_a_firebase_user_by_their_uid(house: House) -> None:
    """C-04, R-IDN-13, R-IDN-14"""
    uid = "abc123def456ghi789"
    user = house.vouched(FIREBASE, uid).user
    assert user.pose_coach_uid == uid != user.id
    assert len(house.vouched(GOOGLE, "2").user.pose_coach_uid) == MINTED_LENGTH


def test_linking_firebase_later_makes_its_uid_the_key(house: House) -> None:
    """C-04, R-IDN-14"""
    user = house.member().user
    links(house, user, FIREBASE, "abc123def456ghi789")
    assert house.signs_in().user.pose_coach_uid == "abc123def456ghi789"


def test_an_address_that_both_have_verified_is_one_account(house: House) -> None:
    member = house.member().user
    assert house.vouched(GOOGLE, **VERIFIED).user.id == member.id
    assert house.signs_in().user.id == member.id


def test_a_stranger_who_registered_with_somebodys_address_gets_nothing(house: House) -> None:
    """The owner comes with a provider that has verified it: the stranger's password is gone."""
    house.registers()
    link = house.mailbox.token()
    owner = house.vouched(GOOGLE, **VERIFIED).user
    with pytest.raises(SignInRefused):
        house.signs_in()
    assert house.vouched(GOOGLE, **VERIFIED).user.id == owner.id
    with pytest.raises(LinkRefused):
        house.registration.verify_email(link, origin=house.origin, command_id=uuid4())
    assert house.credentials.find(house.origin.tenant_id, owner.id) is None


def test_an_address_that_the_provider_has_not_verified_proves_nothing(house: House) -> None:
    member = house.member().user
    other = house.vouched(GOOGLE, email=ADDRESS, email_verified=False).user
    assert other.id != member.id
    assert other.email is None


@pytest.mark.parametrize("address", ["", "no address", "a@b"])
def test_an_address_that_is_none_is_passed_over(house: House, address: str) -> None:
    assert house.vouched(GOOGLE, email=address, email_verified=True).user.email is None


def test_another_person_of_the_same_provider_is_another_account(house: House) -> None:
    first = house.vouched(GOOGLE, "1", **VERIFIED).user
    second = house.vouched(GOOGLE, "2", **VERIFIED).user
    assert second.id != first.id
    assert second.email is None


def test_a_token_that_is_refused_signs_nobody_in(house: House) -> None:
    with pytest.raises(IdTokenRefused):
        house.external_identities.exchange(
            GOOGLE, "forged", origin=house.origin, command_id=uuid4()
        )
    assert house.names() == []


def test_an_identity_belongs_to_one_account(house: House) -> None:
    ada, bob = house.member().user, house.member("bob@example.org").user
    links(house, ada, GOOGLE, "1")
    with pytest.raises(IdentityTaken):
        links(house, bob, GOOGLE, "1")
    with pytest.raises(commands.ProviderAlreadyLinked):
        links(house, ada, GOOGLE, "2")
    links(house, bob, GOOGLE, "2")
    assert house.vouched(GOOGLE, "1").user.id == ada.id


def test_an_identity_that_was_unlinked_signs_in_elsewhere(house: House) -> None:
    ada = house.member().user
    links(house, ada, GOOGLE, "1")
    house.external_identities.unlink(ada.id, GOOGLE, origin=house.origin, command_id=uuid4())
    assert house.vouched(GOOGLE, "1").user.id != ada.id


def test_the_last_way_to_sign_in_stays(house: House) -> None:
    user = house.vouched(GOOGLE, "1").user
    with pytest.raises(commands.LastWayToSignIn):
        house.external_identities.unlink(user.id, GOOGLE, origin=house.origin, command_id=uuid4())
    assert house.vouched(GOOGLE, "1").user.id == user.id


def test_whoever_was_erased_begins_anew(house: House) -> None:
    """C-24"""
    first = house.vouched(GOOGLE, "1", **VERIFIED)
    house.account_erasure.erase(first.user.id, origin=house.origin, command_id=uuid4())
    second = house.vouched(GOOGLE, "1", **VERIFIED)
    assert second.user.id != first.user.id
    with pytest.raises(TokenRefused):
        house.sign_in_service.authenticate(first.access_token)


def test_a_tenant_knows_identities_of_its_own(house: House) -> None:
    """C-10"""
    first = house.vouched(GOOGLE, "1").user
    house.origin = house.of("red")
    assert house.vouched(GOOGLE, "1").user.id != first.id


def test_somebody_new_who_comes_twice_at_once_has_one_account(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-16: the second request saw no account either, and decided to open one."""
    real = house.external_identities._open
    arrived: list[Any] = []

    def overtaken(*asked: Any, **how: Any) -> None:
        if not arrived:
            arrived.append(None)
            arrived.append(house.vouched(GOOGLE, "1"))
        real(*asked, **how)

    monkeypatch.setattr(
        type(house.external_identities), "_open", lambda _, *a, **h: overtaken(*a, **h)
    )
    second = house.vouched(GOOGLE, "1")
    assert second.user.id == arrived[1].user.id
    assert house.names().count("user.created") == 1
