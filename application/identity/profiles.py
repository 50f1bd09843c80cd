"""What somebody tells of themselves: how they are called, and their units, times and language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from application.identity.accounts import Accounts, text_of
from domain.ids import UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.users import commands
from domain.users.identities import Units
from domain.users.user import USER, Registered


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


def change_profile(
    accounts: Accounts,
    user_id: UserId,
    wanted: Profile,
    *,
    believed: Callable[[Profile], bool],
    origin: Origin,
    command_id: UUID,
) -> None:
    """Replace all of a profile, if it is what whoever asks believes it to be.

    It is compared on the same facts that the change is decided on, so of two who change it at once
    only one does. Raises UserUnknown, ProfileMoved and InvalidValue.
    """

    def wishes(known: Sequence[Any]) -> tuple[commands.UserCommand, ...]:
        user = USER.fold(known)
        if not isinstance(user, Registered):
            raise commands.UserUnknown
        if not believed(profile_of(user)):
            raise commands.ProfileMoved
        name = None if wanted.username is None else Personal(user_id, wanted.username)
        return (
            commands.ChangeProfile(time_zone=wanted.time_zone, locale=wanted.locale),
            commands.ChangeDetails(username=name, birth_date=user.birth_date, units=wanted.units),
        )

    accounts.ask(user_id, wishes, origin=origin, command_id=command_id)
