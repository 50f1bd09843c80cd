"""Commands of a user: their inputs, and their writes for REST and GraphQL."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID, uuid5

from pydantic import Field

from api.caller import NewId
from api.views.base import StrictBody, write
from api.views.users import DisplayBody
from application.caller import Caller, checked_id
from application.kernel.command_handler import Request
from application.users.errors import SignInEnded
from domain.coaching.phrasebook import DEFAULT_LANGUAGE
from domain.coaching.preferences import CuePreferences, Frequency, Verbosity
from domain.ids import UserId
from domain.personal import Personal
from domain.users import commands
from domain.users.identities import MAX_NAME_LENGTH, Units
from domain.users.preferences import Display, EmailPreferences, Profile
from domain.users.user import USER

MAX_MUTED_CUES: Final = 100

MAX_TAG_LENGTH: Final = 64
"""Maximum characters of a time zone name or language tag."""

Name = Annotated[str, Field(max_length=MAX_NAME_LENGTH)]
TimeZone = Annotated[
    str,
    Field(
        max_length=MAX_TAG_LENGTH,
        description="IANA time zone, which determines the user's days.",
        examples=["Europe/Berlin"],
    ),
]
Locale = Annotated[
    str,
    Field(max_length=MAX_TAG_LENGTH, description="BCP 47 language tag.", examples=["pt-BR"]),
]


@dataclass(frozen=True, slots=True)
class UserWritten:
    """Result of a command: the log has it up to `position`."""

    user_id: str
    position: int
    repeated: bool


class RegisterUser(StrictBody):
    """Without `userId` a new one is generated."""

    user_id: NewId | None = None
    time_zone: str = "UTC"
    locale: str = "en"


@write
def register_user(caller: Caller, body: RegisterUser, command_id: UUID) -> UserWritten:
    """Register a user."""
    user_id = body.user_id or str(uuid5(command_id, "user"))
    command = commands.RegisterUser(
        time_zone=body.time_zone, locale=body.locale, at=caller.platform.clock()
    )
    return execute(caller, user_id, command, command_id)


class ChangeProfile(StrictBody):
    """The new profile. Username and units keep their value if omitted."""

    username: Name | None = Field(None, description="Display name, or null.")
    units: Units | None = None
    time_zone: TimeZone
    locale: Locale


@write
def change_profile(
    caller: Caller,
    user_id: str,
    body: ChangeProfile,
    command_id: UUID,
    expected: Profile | None = None,
) -> UserWritten:
    """Change a user's profile: name, units, time zone and language."""
    command = commands.ChangeProfile(
        username=None if body.username is None else Personal(UserId(user_id), body.username),
        clear_username=body.username is None and "username" in body.model_fields_set,
        units=body.units,
        time_zone=body.time_zone,
        locale=body.locale,
        expected=expected,
    )
    return execute(caller, user_id, command, command_id)


class CuePreferencesBody(StrictBody):
    """Cue preferences of an athlete. Warnings of injury are always given."""

    frequency: Frequency = Field("usual", description="How often the coach gives cues.")
    praise: bool = Field(default=True, description="Whether good repetitions are praised.")
    verbosity: Verbosity = Field(
        "full",
        description="`captions`: text only; `short`: caption spoken; `full`: sentence spoken.",
    )
    language: str = Field(DEFAULT_LANGUAGE, max_length=35)
    muted: tuple[str, ...] = Field(
        (), max_length=MAX_MUTED_CUES, description="Ids of cues that are not given."
    )


@write
def change_cue_preferences(
    caller: Caller,
    user_id: str,
    body: CuePreferencesBody,
    command_id: UUID,
    expected: CuePreferences | None = None,
) -> UserWritten:
    """Replace the cue preferences from the next set on. Missing fields take their defaults."""
    new = CuePreferences(body.frequency, body.praise, body.verbosity, body.language, body.muted)
    command = commands.ChangeCuePreferences(preferences=new, expected=expected)
    return execute(caller, user_id, command, command_id)


class DisplayInput(DisplayBody, StrictBody):
    """Display settings. Missing fields take their defaults."""


@write
def change_display(
    caller: Caller,
    user_id: str,
    body: DisplayInput,
    command_id: UUID,
    expected: Display | None = None,
) -> UserWritten:
    """Replace the display settings. Missing fields take their defaults."""
    new = Display(body.first_day, body.dates, body.theme, body.contrast)
    command = commands.ChangeDisplay(display=new, expected=expected)
    return execute(caller, user_id, command, command_id)


class EmailPreferencesBody(StrictBody):
    """E-mails that a user gets beside those that are part of a contract."""

    assigned_workouts: bool = Field(description="A trainer has assigned a workout.")


@write
def change_email_preferences(
    caller: Caller, user_id: str, body: EmailPreferencesBody, command_id: UUID
) -> UserWritten:
    """Choose the e-mails that you get beside those that are part of a contract."""
    new = EmailPreferences(assigned_workouts=body.assigned_workouts)
    command = commands.ChangeEmailPreferences(preferences=new, at=caller.platform.clock())
    return execute(caller, user_id, command, command_id)


def execute(
    caller: Caller, user_id: str, command: commands.UserCommand, command_id: UUID
) -> UserWritten:
    """Execute a command. Raises UserUnknown, or SignInEnded if the caller's account is gone."""
    caller.require("write", "profile", UserId(user_id))
    request = Request(USER, checked_id(user_id), [command])
    try:
        appended = caller.platform.commands.execute(
            request, origin=caller.origin(user_id), command_id=command_id
        )
    except commands.UserUnknown:
        if caller.claims is not None and caller.claims.user_id == user_id:
            raise SignInEnded from None
        raise
    return UserWritten(user_id, appended.position, appended.repeated)
