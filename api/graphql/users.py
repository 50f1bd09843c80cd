"""Users in GraphQL: accounts, profiles and preferences."""

import enum
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.errors import Problem, attempt
from api.graphql.fields import field, mutation
from api.graphql.mutations import (
    MutationInput,
    MutationPayload,
    command_id_of,
    execute,
    new_key,
    payload_fields,
)
from api.graphql.pagination import Node, global_id, key_of
from application.users.accounts import reveal
from domain.coaching import preferences
from domain.coaching.phrasebook import DEFAULT_LANGUAGE
from domain.ids import UserId
from domain.personal import Personal
from domain.users import commands
from domain.users import preferences as display_settings
from domain.users.user import USER, Registered
from projections.user_profile import USER_PROFILE, UserProfile


@strawberry.enum
class CueFrequency(enum.Enum):
    """Frequency of the coach's cues."""

    SELDOM = "seldom"
    USUAL = "usual"
    OFTEN = "often"


@strawberry.enum
class CueVerbosity(enum.Enum):
    """Captions only, the caption spoken, or the whole sentence spoken."""

    CAPTIONS = "captions"
    SHORT = "short"
    FULL = "full"


@strawberry.enum
class Units(enum.Enum):
    """Metric or imperial units."""

    METRIC = "metric"
    IMPERIAL = "imperial"


@strawberry.enum
class FirstDay(enum.Enum):
    """First day of the week."""

    MONDAY = "monday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@strawberry.enum
class DateOrder(enum.Enum):
    """Order of day and month; default: that of the locale."""

    LOCALE = "locale"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@strawberry.enum
class Theme(enum.Enum):
    """Light or dark; default: the setting of the device."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@strawberry.enum
class Contrast(enum.Enum):
    """Normal or high; default: the setting of the device."""

    SYSTEM = "system"
    NORMAL = "normal"
    HIGH = "high"


@strawberry.type(description="Display settings of a user.")
class Display:
    """First day of the week, order of dates, theme and contrast."""

    first_day: FirstDay
    dates: DateOrder
    theme: Theme
    contrast: Contrast

    @classmethod
    def of(cls, view: display_settings.Display) -> "Display":
        """Return the view of display settings."""
        return cls(
            first_day=FirstDay(view.first_day),
            dates=DateOrder(view.dates),
            theme=Theme(view.theme),
            contrast=Contrast(view.contrast),
        )


Commands = (
    Sequence[commands.UserCommand] | Callable[[Sequence[Any]], Sequence[commands.UserCommand]]
)


@strawberry.type(description="Cue preferences of an athlete.")
class CuePreferences:
    """`muted`: ids of cues that are not given. Warnings of injury are given all the same."""

    frequency: CueFrequency
    praise: bool
    verbosity: CueVerbosity
    language: str
    muted: list[str]

    @classmethod
    def of(cls, view: preferences.CuePreferences) -> "CuePreferences":
        """Return the view of cue preferences."""
        return cls(
            frequency=CueFrequency(view.frequency),
            praise=view.praise,
            verbosity=CueVerbosity(view.verbosity),
            language=view.language,
            muted=list(view.muted),
        )


@strawberry.type(description="A person with an account.")
class User(Node):
    """A user and the preferences that their sessions start with."""

    user_id: strawberry.ID
    time_zone: str
    locale: str
    units: Units
    registered_at: datetime
    cue_preferences: CuePreferences
    display: Display

    @field("Display name, or null.")
    def username(self, info: Info) -> str | None:
        """Read the name from the log: read models and cached responses do not store names."""
        info.context.may_keep = False
        history = info.context.loaders.histories.of(_stream(self.user_id))
        user = USER.fold(recorded.event for recorded in history)
        return reveal(user.username) if isinstance(user, Registered) else None

    @classmethod
    def of(cls, row: UserProfile) -> "User":
        """Return the view of a row."""
        return cls(
            id=global_id("User", row.id),
            user_id=strawberry.ID(row.id),
            time_zone=row.time_zone,
            locale=row.locale,
            units=Units(row.units),
            registered_at=row.registered_at,
            cue_preferences=CuePreferences.of(row.cue_preferences),
            display=Display.of(row.display),
        )


def _stream(user_id: str) -> str:
    return f"{USER.category}-{user_id}"


def find_users(context: Context, keys: Collection[str]) -> dict[str, User]:
    """Return users by their own ids."""
    seen = [key for key in keys if context.caller.sees("profile", UserId(key))]
    rows = context.platform.read.get_many(USER_PROFILE, context.tenant_id, seen)
    context.loaders.histories.expect(map(_stream, rows))
    return {key: User.of(row) for key, row in rows.items()}


@strawberry.type
class UserQueries:
    """Queries of users."""

    @reading("Get a user by either id.")
    def user(self, info: Info, id: strawberry.ID) -> User | None:  # noqa: A002  Relay's name
        """Return a user."""
        key = key_of("User", id)
        return find_users(info.context, [key]).get(key)


@strawberry.input
class RegisterUserInput(MutationInput):
    """Without `userId` a new one is generated."""

    user_id: strawberry.ID | None = None
    time_zone: str = "UTC"
    locale: str = "en"


@strawberry.input
class ChangeProfileInput(MutationInput):
    """The new profile. Username and units keep their value if omitted.

    `username`: display name, or null.
    """

    user_id: strawberry.ID
    time_zone: str
    locale: str
    username: str | None = strawberry.UNSET
    units: Units | None = strawberry.UNSET


@strawberry.input
class ChangeCuePreferencesInput(MutationInput):
    """Cue preferences from the next set on. Omitted fields take their defaults."""

    user_id: strawberry.ID
    frequency: CueFrequency = CueFrequency.USUAL
    praise: bool = True
    verbosity: CueVerbosity = CueVerbosity.FULL
    language: str = DEFAULT_LANGUAGE
    muted: list[str] = strawberry.field(default_factory=list[str])


@strawberry.input
class ChangeDisplayInput(MutationInput):
    """Display settings. Omitted fields take their defaults."""

    user_id: strawberry.ID
    first_day: FirstDay = FirstDay.MONDAY
    dates: DateOrder = DateOrder.LOCALE
    theme: Theme = Theme.SYSTEM
    contrast: Contrast = Contrast.SYSTEM


@strawberry.type
class UserPayload(MutationPayload):
    """The user after the change."""

    user: User | None


UserResult = Annotated[UserPayload | Problem, strawberry.union("UserResult")]


@strawberry.type
class UserMutations:
    """Mutations of users."""

    @mutation("Register a user.")
    def register_user(self, info: Info, input: RegisterUserInput) -> UserResult:
        """Register a user."""
        return attempt(
            info.context, input.client_mutation_id, lambda: _register(info.context, input)
        )

    @mutation("Change a user's profile: name, units, time zone and language.")
    def change_profile(self, info: Info, input: ChangeProfileInput) -> UserResult:
        """Change the profile."""
        return attempt(info.context, input.client_mutation_id, lambda: _change(info.context, input))

    @mutation("Replace the cue preferences of a user.")
    def change_cue_preferences(
        self,
        info: Info,
        input: ChangeCuePreferencesInput,
    ) -> UserResult:
        """Change the cue preferences."""
        return attempt(info.context, input.client_mutation_id, lambda: _coach(info.context, input))

    @mutation("Replace the display settings of a user.")
    def change_display(self, info: Info, input: ChangeDisplayInput) -> UserResult:
        """Change the display."""
        return attempt(info.context, input.client_mutation_id, lambda: _show(info.context, input))


def _register(context: Context, input: RegisterUserInput) -> UserPayload:
    command_id = command_id_of(context, input)
    key = new_key(input.user_id, command_id, "user")
    command = commands.RegisterUser(
        time_zone=input.time_zone, locale=input.locale, at=context.platform.clock()
    )
    return _carry_out(context, input, key, command, command_id)


def _change(context: Context, input: ChangeProfileInput) -> UserPayload:
    key = key_of("User", input.user_id)
    name = None if input.username is strawberry.UNSET else input.username
    command = commands.ChangeProfile(
        username=None if name is None else Personal(UserId(key), name),
        clear_username=input.username is None,
        units=input.units.value if input.units else None,
        time_zone=input.time_zone,
        locale=input.locale,
    )
    return _carry_out(context, input, key, command, command_id_of(context, input))


def _coach(context: Context, input: ChangeCuePreferencesInput) -> UserPayload:
    key = key_of("User", input.user_id)
    new = preferences.CuePreferences(
        input.frequency.value,
        input.praise,
        input.verbosity.value,
        input.language,
        tuple(input.muted),
    )
    command = commands.ChangeCuePreferences(preferences=new)
    return _carry_out(context, input, key, command, command_id_of(context, input))


def _show(context: Context, input: ChangeDisplayInput) -> UserPayload:
    key = key_of("User", input.user_id)
    new = display_settings.Display(
        input.first_day.value, input.dates.value, input.theme.value, input.contrast.value
    )
    command = commands.ChangeDisplay(display=new)
    return _carry_out(context, input, key, command, command_id_of(context, input))


def _carry_out(
    context: Context,
    input: MutationInput,
    key: str,
    command: commands.UserCommand,
    command_id: UUID,
) -> UserPayload:
    context.caller.require("write", "profile", UserId(key))
    appended = execute(context, USER, key, [command], command_id, actor=key)
    return UserPayload(
        user=find_users(context, [key]).get(key), **payload_fields(input, command_id, appended)
    )
