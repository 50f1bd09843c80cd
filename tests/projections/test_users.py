"""The administrators' view of accounts."""

from datetime import UTC, datetime
from typing import Any

from domain.ids import UserId
from domain.personal import Personal
from domain.users import events
from domain.users.identities import APPLE, GOOGLE
from projections.users import USERS, UserAccount
from tests.projections.histories import row_after, rows_after

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
ADA = UserId("ada")
CREATED = events.UserCreated(time_zone="UTC", locale="en", at=AT)
NEW = UserAccount(
    ADA, AT, email_verified=False, has_password=False, providers="", suspended=False, number=1
)


def after(*happened: Any) -> UserAccount:
    return row_after(USERS, "user-ada", CREATED, *happened)


def linked(provider: Any) -> events.IdentityLinked:
    return events.IdentityLinked(provider=provider, subject=Personal(ADA, "1"), at=AT)


def test_an_account_is_a_row_from_its_beginning_to_its_end() -> None:
    """R-IDN-05"""
    assert after() == NEW
    assert rows_after(USERS, "user-ada", CREATED, events.UserErased(at=AT)) == {}
    assert rows_after(USERS, "user-ada", events.EmailVerified(at=AT)) == {}


def test_sign_in_methods_are_listed_without_the_identity() -> None:
    """R-IDN-05"""
    mail = events.EmailChanged(email=Personal(ADA, "ada@example.org"))
    verified, password = events.EmailVerified(at=AT), events.PasswordSet(at=AT)
    row = after(mail, verified, password, linked(GOOGLE), linked(APPLE), linked(GOOGLE))
    assert (row.email_verified, row.has_password, row.providers) == (True, True, "apple,google")
    assert "ada@example.org" not in str(row)
    assert not after(verified, mail).email_verified
    assert not after(password, events.PasswordRemoved(at=AT)).has_password
    unlinked = events.IdentityUnlinked(provider=GOOGLE, at=AT)
    assert after(linked(GOOGLE), linked(APPLE), unlinked).providers == "apple"


def test_an_account_has_an_integer_that_never_changes() -> None:
    """R-IDN-06, C-04: programs that identify users by integers read it in the view `users`."""
    mail = events.EmailChanged(email=Personal(ADA, "ada@example.org"))
    assert isinstance(after().number, int)
    assert after(mail, events.EmailVerified(at=AT)).number == after().number


def test_the_row_shows_whether_the_user_may_sign_in() -> None:
    suspended = events.UserSuspended(at=AT)
    assert after(suspended).suspended
    assert not after(suspended, events.UserReactivated(at=AT)).suspended
    assert after(events.ProfileChanged(time_zone="UTC", locale="de")) == NEW
