"""What somebody tells of themselves: how they are called, and their units, times and language."""

from dataclasses import dataclass

from application.users.accounts import text_of
from domain.ids import UserId
from domain.personal import Personal
from domain.users import commands
from domain.users.identities import Units
from domain.users.user import Registered


@dataclass(frozen=True, slots=True)
class Profile:
    """A name, or None; units; an IANA time zone; a language tag of BCP 47.

    It does not show the name, which identifies a person.
    """

    username: str | None
    units: Units
    time_zone: str
    locale: str

    def __repr__(self) -> str:
        return "Profile(…)"


def profile_of(user: Registered) -> Profile:
    """Read a user's profile."""
    return Profile(text_of(user.username), user.units, user.time_zone, user.locale)


def replacing(
    user: Registered, user_id: UserId, wanted: Profile
) -> tuple[commands.UserCommand, ...]:
    """Say what replaces all of a profile. Raises InvalidValue."""
    name = None if wanted.username is None else Personal(user_id, wanted.username)
    return (
        commands.ChangeProfile(time_zone=wanted.time_zone, locale=wanted.locale),
        commands.ChangeDetails(username=name, birth_date=user.birth_date, units=wanted.units),
    )
