"""Users in GraphQL: accounts, profiles and preferences."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.enums import (
    Units,
)
from api.graphql.fields import field
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import Node, global_id, key_of
from api.views.user_commands import CuePreferencesBody, EmailPreferencesBody, UserWritten
from api.views.users import DisplayBody
from application.users.accounts import reveal
from domain.ids import UserId
from domain.users.user import USER, Registered
from projections.user_profile import USER_PROFILE, UserProfile


@derived(DisplayBody)
class Display:
    """Display settings of a user."""


@derived(CuePreferencesBody)
class CuePreferences:
    """Cue preferences of an athlete. Warnings of injury are always given."""


@derived(EmailPreferencesBody)
class EmailPreferences:
    """E-mails that a user gets beside those that are part of a contract."""


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

    @field("Your choice of e-mails; null for other users.")
    def email_preferences(self, info: Info) -> EmailPreferences | None:
        """Read the choice from the log."""
        claims = info.context.caller.claims
        if claims is None or claims.user_id != UserId(self.user_id):
            return None
        info.context.may_keep = False
        history = info.context.loaders.histories.of(_stream(self.user_id))
        user = USER.fold(recorded.event for recorded in history)
        return convert(EmailPreferences, user.emails) if isinstance(user, Registered) else None

    @classmethod
    def of(cls, row: UserProfile) -> "User":
        """Return the view of a row."""
        own_id = strawberry.ID(row.id)
        return convert(cls, row, id=global_id("User", row.id), user_id=own_id)


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


@strawberry.type
class UserPayload(MutationPayload):
    """The user after the change."""

    user: User | None

    @classmethod
    def of(cls, context: Context, written: UserWritten, **common: Any) -> "UserPayload":
        """Return the payload of a command."""
        return cls(user=find_users(context, [written.user_id]).get(written.user_id), **common)
