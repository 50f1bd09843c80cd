"""Registration with an email address and a password."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from adapters.users.credentials import SqlCredentials
from application.users.errors import (
    EmailAlreadyVerified,
    EmailUnverified,
    LinkRefused,
    PasswordNeeded,
    PasswordTooWeak,
    RegistrationPasswordWrong,
    SignInRefused,
)
from application.users.registration import Registration
from domain.ids import UserId
from domain.pose_coach.key import MINTED_LENGTH
from domain.users.identities import GOOGLE
from domain.values import InvalidValue
from tests.application.users.users_fixture import ADDRESS, ANOTHER, PASSWORD, UsersFixture


def test_a_person_registers_and_the_link_in_the_message_signs_them_in(users: UsersFixture) -> None:
    """R-IDN-03, R-IDN-04, R-IDN-07, R-IDN-08, R-IDN-09, R-IDN-10"""
    users.registers()
    assert users.names()[0] == "user.created"
    (mail,) = users.mailbox.mails
    assert mail.to == ADDRESS
    signed_in = users.verifies()
    assert users.names()[-1] == "user.email_verified"
    claims = users.sign_in_service.authenticate(signed_in.access_token)
    assert claims.user_id == signed_in.user.id
    assert claims.tenant_id == "default"
    assert claims.roles == {"member"}
    assert signed_in.user.email == ADDRESS
    assert users.sign_in_service.refresh(signed_in.refresh_token).user == signed_in.user


def test_an_account_begins_with_its_defaults(users: UsersFixture) -> None:
    """R-IDN-04, C-04, C-34: locale, units, role, tenant, and a key for the pose coach."""
    user = users.member().user
    assert (user.time_zone, user.locale, user.tenant_id) == ("UTC", "en", "default")
    assert len(user.pose_coach_uid) == MINTED_LENGTH
    assert user.pose_coach_uid != user.id


def test_a_password_is_kept_as_a_hash_and_nowhere_in_the_log(users: UsersFixture) -> None:
    """R-IDN-06, R-IDN-18"""
    users.registers()
    (user_id,) = {fact.stream.removeprefix("user-") for fact in users.log.scan(after=0, limit=9)}
    assert users.credentials.find(users.origin.tenant_id, UserId(user_id)) == f"hash of {PASSWORD}"
    assert PASSWORD not in repr(users.log.scan(after=0, limit=99))
    assert PASSWORD not in repr(Registration(ADDRESS, PASSWORD))


def test_registering_an_existing_address_gets_the_same_answer(users: UsersFixture) -> None:
    """R-IDN-18: a hash of equal cost, no error, and another message to the address's owner."""
    users.member()
    facts, hashed = users.names(), users.passwords.hashed
    users.registers(email=ADDRESS.upper(), password=ANOTHER)
    assert users.names() == [*facts, "user.email_requested"]
    assert users.passwords.hashed == hashed + 1
    assert users.mailbox.mails[-1].subject == "You already have an account"
    assert "token" not in users.mailbox.mails[-1].text
    assert users.signs_in().user.email == ADDRESS
    with pytest.raises(SignInRefused):
        users.signs_in(password=ANOTHER)


def test_registration_does_the_same_work_before_its_answer(users: UsersFixture) -> None:
    """R-IDN-18: what tells an existing account from a new one is done afterwards."""
    for waiting in (0, 1):
        facts = users.names()
        users.registration.register(
            Registration(ADDRESS, PASSWORD), origin=users.origin, command_id=uuid4()
        )
        assert users.mailbox.mails == []
        assert len(users.waiting) == waiting
    assert users.names() == facts


def test_a_repeated_registration_creates_one_account_and_sends_one_mail(
    users: UsersFixture,
) -> None:
    """R-EVT-16: the request of the e-mail is stored with the account."""
    command_id = uuid4()
    form = Registration(ADDRESS, PASSWORD)
    users.registration.register(form, origin=users.origin, command_id=command_id)
    facts = users.names()
    assert facts[-1] == "user.email_requested"
    users.registers(command_id=command_id)
    assert users.names() == facts
    assert len(users.mailbox.mails) == 1
    users.verifies()
    users.registers(command_id=command_id)
    assert len(users.mailbox.mails) == 1


def test_a_repeated_registration_of_an_existing_account_sends_one_mail(
    users: UsersFixture,
) -> None:
    """R-EVT-16: there is no change of an account with which the request could be stored."""
    users.registers()
    command_id, sent = uuid4(), len(users.mailbox.mails)
    users.registers(command_id=command_id)
    users.registers(command_id=command_id)
    assert len(users.mailbox.mails) == sent + 1


def test_a_link_goes_to_the_address_of_the_account_as_its_owner_wrote_it(
    users: UsersFixture,
) -> None:
    users.registers("Ada@Example.org")
    users.registers("ADA@example.org")
    assert {mail.to for mail in users.mailbox.mails} == {"Ada@Example.org"}


@pytest.mark.parametrize("alike", ["\u00aada@example.org", "ada@\uff45xample.org"])
def test_similar_looking_addresses_are_different(users: UsersFixture, alike: str) -> None:
    """Unicode normalization must not map another address to an existing account."""
    first = users.member()
    users.registers(alike)
    assert users.mailbox.mails[-1].to == alike
    assert users.verifies().user.id != first.user.id


def test_an_unverified_user_gets_another_link(users: UsersFixture) -> None:
    users.registers()
    first = users.mailbox.token()
    users.registers(password=ANOTHER)
    assert users.mailbox.mails[-1].subject == "Confirm your e-mail address"
    assert users.mailbox.token() != first
    users.registration.send_verification(ADDRESS, origin=users.origin)
    users.work()
    assert len(users.mailbox.mails) == 3
    users.verifies()


def test_the_password_of_an_unverified_account_stops_working_when_the_owner_verifies(
    users: UsersFixture,
) -> None:
    """R-IDN-18: someone else may have registered the address before its owner."""
    users.registers()
    users.registers(password=ANOTHER)
    for password in (PASSWORD, ANOTHER):  # it is unknown which of them is the owner's
        with pytest.raises(SignInRefused):
            users.signs_in(password=password)
    with pytest.raises(PasswordTooWeak):
        users.verifies(password="weak")  # noqa: S106  of nobody
    owner = users.verifies(password=ANOTHER).user
    with pytest.raises(SignInRefused):
        users.signs_in(password=PASSWORD)
    assert users.signs_in(password=ANOTHER).user.id == owner.id


def test_retrying_sign_up_keeps_the_password(users: UsersFixture) -> None:
    """R-EVT-16: the answer was lost, and the form is sent again without an idempotency key."""
    users.registers()
    proof = users.registers()
    with pytest.raises(EmailUnverified):
        users.signs_in()
    users.verifies(password=None, proof=proof)
    assert users.signs_in().user.email == ADDRESS


def test_a_registration_lost_in_a_crash_is_completed_by_its_retry(users: UsersFixture) -> None:
    """R-EVT-16, R-IDN-04: whatever was stored before, the password of the retry is valid."""
    tenant_id, lost, command_id = users.origin.tenant_id, UserId("lost"), uuid4()
    users.identities.claim(tenant_id, "email", ADDRESS, lost)
    users.credentials.put(tenant_id, lost, f"hash of {ANOTHER}", users.now)
    users.registers(command_id=command_id)
    users.registers(command_id=command_id)
    assert users.verifies().user.id == lost
    assert users.signs_in().user.id == lost


def test_accounts_are_created_before_their_password_and_that_before_the_defaults(
    users: UsersFixture,
) -> None:
    """R-IDN-04: create the user, set the password, then the defaults."""
    users.registers()
    names = users.names()
    steps = ["user.created", "user.password_set", "user.pose_coach_key_assigned"]
    assert [name for name in names if name in steps] == steps


def test_somebody_elses_password_does_not_work_after_the_owner_confirms(
    users: UsersFixture,
) -> None:
    """R-IDN-18: a stranger registered the address; its owner opens the link that came of it."""
    users.registers(password=ANOTHER)
    with pytest.raises(PasswordNeeded):
        users.verifies(password=None)
    with pytest.raises(PasswordNeeded):
        users.verifies(password=None, proof="0" * 64)
    with pytest.raises(RegistrationPasswordWrong):
        users.verifies(password=PASSWORD)
    with pytest.raises(EmailUnverified):
        users.signs_in(password=ANOTHER)
    users.password_service.request(ADDRESS, origin=users.origin)
    users.work()
    token = users.mailbox.token()
    users.password_service.reset(token, PASSWORD, origin=users.origin)
    users.signs_in(password=PASSWORD)
    with pytest.raises(SignInRefused):
        users.signs_in(password=ANOTHER)


def test_the_proof_of_a_registration_whose_password_was_replaced_is_worth_nothing(
    users: UsersFixture,
) -> None:
    """R-IDN-18: it may be the proof of a stranger."""
    proof = users.registers(password=ANOTHER)
    users.registers()
    with pytest.raises(PasswordNeeded):
        users.verifies(password=None, proof=proof)


def test_a_registration_during_the_verification_removes_no_verified_password(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-IDN-18: a stranger's registration read the account before its owner verified it."""
    proof = users.registers()
    with monkeypatch.context() as racing:
        verify = partial(users.verifies, password=None, proof=proof)
        before_first(racing, users.credentials, "replace", verify)
        users.registers(password=ANOTHER)
    users.signs_in()
    with pytest.raises(SignInRefused):
        users.signs_in(password=ANOTHER)


def test_a_verification_during_a_registration_keeps_the_password_that_it_proves(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-IDN-18: the registration removes the password before the event of the verification."""
    proof, token = users.registers(), users.mailbox.token()
    with monkeypatch.context() as racing:
        register = partial(users.registers, password=ANOTHER)
        before_first(racing, users.accounts, "execute", register)
        users.registration.verify_email(token, proof=proof, origin=users.origin, command_id=uuid4())
    users.signs_in()


def test_a_provider_s_sign_in_during_a_registration_restores_no_password(
    users: UsersFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-IDN-18: the password may be a stranger's."""
    users.registers(password=ANOTHER)
    removing = SqlCredentials.replace

    def overtaken(*arguments: Any, **options: Any) -> bool:
        racing.undo()
        was_removed = removing(*arguments, **options)
        users.signs_in_with(GOOGLE, email=ADDRESS, email_verified=True)
        return was_removed

    with monkeypatch.context() as racing:
        racing.setattr(SqlCredentials, "replace", overtaken)
        users.registers()
    for password in (PASSWORD, ANOTHER):
        with pytest.raises(SignInRefused):
            users.signs_in(password=password)


def before_first(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, action: Callable[[], object]
) -> None:
    """Run the action when the method is called for the first time, before the call."""
    real = getattr(type(owner), name)

    def overtaken(*arguments: Any, **options: Any) -> Any:
        monkeypatch.setattr(type(owner), name, real)
        action()
        return real(*arguments, **options)

    monkeypatch.setattr(type(owner), name, overtaken)


def test_reading_a_link_does_not_use_it(users: UsersFixture) -> None:
    """R-IDN-07: mail scanners open links, and its page shows the address."""
    proof = users.registers("Ada@Example.org")
    token, tenant_id = users.mailbox.token(), users.origin.tenant_id
    for sent in (proof, None):
        link = users.registration.read_link(token, sent, tenant_id=tenant_id)
        assert (link.email, link.needs_password) == ("Ada@Example.org", sent is None)
    assert "user.email_verified" not in users.names()
    users.verifies()


@pytest.mark.parametrize("address", ["nobody@example.org", ADDRESS])
def test_another_link_is_sent_to_unverified_addresses_only(
    users: UsersFixture, address: str
) -> None:
    users.member()
    sent = len(users.mailbox.mails)
    users.registration.send_verification(address, origin=users.origin)
    users.work()
    assert len(users.mailbox.mails) == sent


def test_an_address_claimed_before_a_crash_is_taken_over(users: UsersFixture) -> None:
    """R-EVT-16: the process died between the claim and the account."""
    lost = UserId("lost")
    users.identities.claim(users.origin.tenant_id, "email", ADDRESS, lost)
    assert users.member().user.id == lost


def test_a_link_is_followed_once_and_for_a_day(users: UsersFixture) -> None:
    """R-IDN-07"""
    users.registers()
    users.registration.send_verification(ADDRESS, origin=users.origin)
    users.work()
    users.verifies()
    for mail in users.mailbox.mails.copy():  # the link that was used, and the other one
        users.mailbox.mails.append(mail)
        with pytest.raises(EmailAlreadyVerified):
            users.verifies()
        users.mailbox.mails.pop()
    users.registers("bob@example.org")
    users.later(days=1)
    with pytest.raises(LinkRefused):
        users.verifies()


@pytest.mark.parametrize("token", ["", "default.", "default.x", ".", "x", "default." + "x" * 999])
def test_a_link_that_was_never_sent_is_refused(users: UsersFixture, token: str) -> None:
    with pytest.raises(LinkRefused):
        users.registration.verify_email(token, origin=users.origin, command_id=uuid4())


def test_a_link_is_invalid_in_another_tenant(users: UsersFixture) -> None:
    """R-TEN-05"""
    users.registers()
    with pytest.raises(LinkRefused):
        users.verifies(origin=users.of("red"))
    users.verifies()


def test_the_same_address_may_have_an_account_in_each_tenant(users: UsersFixture) -> None:
    """C-10, R-TEN-03"""
    first = users.member().user
    users.registers(origin=users.of("red"), password=ANOTHER)
    second = users.verifies(origin=users.of("red"), password=ANOTHER).user
    assert first.id != second.id
    assert second.tenant_id == "red"
    with pytest.raises(SignInRefused):
        users.signs_in(password=ANOTHER)


def test_a_weak_password_and_no_address_are_refused_before_anything_happens(
    users: UsersFixture,
) -> None:
    with pytest.raises(PasswordTooWeak):
        users.registers(password="weak")  # noqa: S106  of nobody
    with pytest.raises(PasswordTooWeak):
        users.registers(password=ADDRESS)
    with pytest.raises(InvalidValue):
        users.registers(email="ada")
    assert users.names() == []
    assert users.mailbox.mails == []


def test_an_unverified_user_cannot_sign_in(users: UsersFixture) -> None:
    users.registers()
    with pytest.raises(EmailUnverified):
        users.signs_in()
    with pytest.raises(SignInRefused):  # only a caller with the right password learns more
        users.signs_in(password=ANOTHER)
