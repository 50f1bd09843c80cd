"""Users in GraphQL: their accounts, and how they want to be coached."""

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
from api.graphql.mutations import Done, Mutation, done, execute, identify, new_key
from api.graphql.pagination import Node, global_id, key_of
from application.users.accounts import Profile, replace_profile, to_profile
from domain.coaching import preferences
from domain.coaching.phrasebook import DEFAULT_LANGUAGE
from domain.ids import UserId
from domain.users import commands
from domain.users import display as shown
from domain.users.user import USER, Registered
from projections.user_profile import USER_PROFILE, UserProfile


@strawberry.enum
class CueFrequency(enum.Enum):
    """How often the coach speaks."""

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
    """Kilograms and metres, or pounds and feet."""

    METRIC = "metric"
    IMPERIAL = "imperial"


@strawberry.enum
class FirstDay(enum.Enum):
    """On which day weeks begin."""

    MONDAY = "monday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@strawberry.enum
class DateOrder(enum.Enum):
    """In which order dates are written; that of the locale unless another is chosen."""

    LOCALE = "locale"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@strawberry.enum
class Theme(enum.Enum):
    """Light or dark; as the device is set to unless one is chosen."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@strawberry.enum
class Contrast(enum.Enum):
    """Usual or high; as the device is set to unless one is chosen."""

    SYSTEM = "system"
    NORMAL = "normal"
    HIGH = "high"


@strawberry.type(description="How pages are shown to somebody.")
class Display:
    """First day of the week, order of dates, theme and contrast."""

    first_day: FirstDay
    dates: DateOrder
    theme: Theme
    contrast: Contrast

    @classmethod
    def of(cls, known: shown.Display) -> "Display":
        """Tell how pages are shown."""
        return cls(
            first_day=FirstDay(known.first_day),
            dates=DateOrder(known.dates),
            theme=Theme(known.theme),
            contrast=Contrast(known.contrast),
        )


Wishes = Sequence[commands.UserCommand] | Callable[[Sequence[Any]], Sequence[commands.UserCommand]]


@strawberry.type(description="How an athlete wants to be coached.")
class CuePreferences:
    """`muted` are ids of cues not to be spoken of; what may injure is told all the same."""

    frequency: CueFrequency
    praise: bool
    verbosity: CueVerbosity
    language: str
    muted: list[str]

    @classmethod
    def of(cls, known: preferences.CuePreferences) -> "CuePreferences":
        """Tell preferences."""
        return cls(
            frequency=CueFrequency(known.frequency),
            praise=known.praise,
            verbosity=CueVerbosity(known.verbosity),
            language=known.language,
            muted=list(known.muted),
        )


@strawberry.type(description="A person with an account.")
class User(Node):
    """The preferences that a user's sessions begin with."""

    user_id: strawberry.ID
    time_zone: str
    locale: str
    units: Units
    registered_at: datetime
    cue_preferences: CuePreferences
    display: Display

    @field("As they want to be called; null where they do not say.")
    def username(self, info: Info) -> str | None:
        """Read the log: no read model keeps names, and no kept answer."""
        info.context.may_keep = False
        history = info.context.loaders.histories.of(_stream(self.user_id))
        user = USER.fold(recorded.event for recorded in history)
        return to_profile(user).username if isinstance(user, Registered) else None

    @classmethod
    def of(cls, row: UserProfile) -> "User":
        """Tell a row of the read model."""
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
    """Find users by their own ids."""
    seen = [key for key in keys if context.caller.sees("profile", UserId(key))]
    rows = context.platform.read.get_many(USER_PROFILE, context.tenant_id, seen)
    context.loaders.histories.expect(map(_stream, rows))
    return {key: User.of(row) for key, row in rows.items()}


@strawberry.type
class UserQueries:
    """Questions about users."""

    @reading("One user, by either id.")
    def user(self, info: Info, id: strawberry.ID) -> User | None:  # noqa: A002  Relay's name
        """Find a user."""
        key = key_of("User", id)
        return find_users(info.context, [key]).get(key)


@strawberry.input
class RegisterUserInput(Mutation):
    """Without `userId` one is made."""

    user_id: strawberry.ID | None = None
    time_zone: str = "UTC"
    locale: str = "en"


@strawberry.input
class ChangeProfileInput(Mutation):
    """The profile as it shall be; a name or units that are left out stay as they are.

    `username`: as somebody wants to be called; null where they do not say.
    """

    user_id: strawberry.ID
    time_zone: str
    locale: str
    username: str | None = strawberry.UNSET
    units: Units | None = strawberry.UNSET


@strawberry.input
class ChangeCuePreferencesInput(Mutation):
    """How the user wants to be coached from the next set on; what is left out is as usual."""

    user_id: strawberry.ID
    frequency: CueFrequency = CueFrequency.USUAL
    praise: bool = True
    verbosity: CueVerbosity = CueVerbosity.FULL
    language: str = DEFAULT_LANGUAGE
    muted: list[str] = strawberry.field(default_factory=list[str])


@strawberry.input
class ChangeDisplayInput(Mutation):
    """How pages are to be shown to the user; what is left out is as usual."""

    user_id: strawberry.ID
    first_day: FirstDay = FirstDay.MONDAY
    dates: DateOrder = DateOrder.LOCALE
    theme: Theme = Theme.SYSTEM
    contrast: Contrast = Contrast.SYSTEM


@strawberry.type
class UserPayload(Done):
    """The user after the change."""

    user: User | None


UserResult = Annotated[UserPayload | Problem, strawberry.union("UserResult")]


@strawberry.type
class UserMutations:
    """What may be asked of accounts."""

    @mutation("Open an account.")
    def register_user(self, info: Info, input: RegisterUserInput) -> UserResult:  # noqa: A002
        """Register."""
        return attempt(
            info.context, input.client_mutation_id, lambda: _register(info.context, input)
        )

    @mutation("Change a user's profile: name, units, time zone and language.")
    def change_profile(self, info: Info, input: ChangeProfileInput) -> UserResult:  # noqa: A002
        """Change the profile."""
        return attempt(info.context, input.client_mutation_id, lambda: _change(info.context, input))

    @mutation("Say how a user wants to be coached.")
    def change_cue_preferences(
        self,
        info: Info,
        input: ChangeCuePreferencesInput,  # noqa: A002
    ) -> UserResult:
        """Change the cue preferences."""
        return attempt(info.context, input.client_mutation_id, lambda: _coach(info.context, input))

    @mutation("Say how pages are to be shown to a user.")
    def change_display(self, info: Info, input: ChangeDisplayInput) -> UserResult:  # noqa: A002
        """Change the display."""
        return attempt(info.context, input.client_mutation_id, lambda: _show(info.context, input))


def _register(context: Context, asked: RegisterUserInput) -> UserPayload:
    command_id = identify(context, asked)
    key = new_key(asked.user_id, command_id, "user")
    command = commands.RegisterUser(
        time_zone=asked.time_zone, locale=asked.locale, at=context.platform.clock()
    )
    return _carry_out(context, asked, key, [command], command_id)


def _change(context: Context, asked: ChangeProfileInput) -> UserPayload:
    key = key_of("User", asked.user_id)

    def wishes(history: Sequence[Any]) -> Sequence[commands.UserCommand]:
        user = USER.fold(history)
        if not isinstance(user, Registered):
            raise commands.UserUnknown
        known = to_profile(user)
        name = known.username if asked.username is strawberry.UNSET else asked.username
        units = asked.units.value if asked.units else known.units
        return replace_profile(
            user, UserId(key), Profile(name, units, asked.time_zone, asked.locale)
        )

    return _carry_out(context, asked, key, wishes, identify(context, asked))


def _coach(context: Context, asked: ChangeCuePreferencesInput) -> UserPayload:
    key = key_of("User", asked.user_id)
    wanted = preferences.CuePreferences(
        asked.frequency.value,
        asked.praise,
        asked.verbosity.value,
        asked.language,
        tuple(asked.muted),
    )
    command = commands.ChangeCuePreferences(preferences=wanted)
    return _carry_out(context, asked, key, [command], identify(context, asked))


def _show(context: Context, asked: ChangeDisplayInput) -> UserPayload:
    key = key_of("User", asked.user_id)
    wanted = shown.Display(
        asked.first_day.value, asked.dates.value, asked.theme.value, asked.contrast.value
    )
    command = commands.ChangeDisplay(display=wanted)
    return _carry_out(context, asked, key, [command], identify(context, asked))


def _carry_out(
    context: Context,
    asked: Mutation,
    key: str,
    wishes: Wishes,
    command_id: UUID,
) -> UserPayload:
    context.caller.require("write", "profile", UserId(key))
    appended = execute(context, USER, key, wishes, command_id, actor=key)
    return UserPayload(
        user=find_users(context, [key]).get(key), **done(asked, command_id, appended)
    )
