"""Users in GraphQL: their accounts and preferences."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.fields import mutation
from api.graphql.problems import Problem, attempt
from api.graphql.relay import Node, global_id, key_of
from api.graphql.writing import Done, Mutation, done, execute, identify, new_key
from domain.ids import UserId
from domain.users import commands
from domain.users.user import USER
from projections.user_profile import USER_PROFILE, UserProfile


@strawberry.type(description="A person with an account.")
class User(Node):
    """The preferences that a user's sessions begin with."""

    user_id: strawberry.ID
    time_zone: str
    locale: str
    registered_at: datetime

    @classmethod
    def of(cls, row: UserProfile) -> "User":
        """Tell a row of the read model."""
        return cls(
            id=global_id("User", row.id),
            user_id=strawberry.ID(row.id),
            time_zone=row.time_zone,
            locale=row.locale,
            registered_at=row.registered_at,
        )


def find_users(context: Context, keys: Collection[str]) -> dict[str, User]:
    """Find users by their own ids."""
    seen = [key for key in keys if context.caller.sees("profile", UserId(key))]
    rows = context.platform.read.get_many(USER_PROFILE, context.tenant_id, seen)
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
    """The preferences as they shall be."""

    user_id: strawberry.ID
    time_zone: str
    locale: str


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

    @mutation("Change a user's preferences.")
    def change_profile(self, info: Info, input: ChangeProfileInput) -> UserResult:  # noqa: A002
        """Change the profile."""
        return attempt(info.context, input.client_mutation_id, lambda: _change(info.context, input))


def _register(context: Context, asked: RegisterUserInput) -> UserPayload:
    command_id = identify(context, asked)
    key = new_key(asked.user_id, command_id, "user")
    command = commands.RegisterUser(
        time_zone=asked.time_zone, locale=asked.locale, at=context.platform.clock()
    )
    return _carry_out(context, asked, key, command, command_id)


def _change(context: Context, asked: ChangeProfileInput) -> UserPayload:
    key = key_of("User", asked.user_id)
    command = commands.ChangeProfile(time_zone=asked.time_zone, locale=asked.locale)
    return _carry_out(context, asked, key, command, identify(context, asked))


def _carry_out(
    context: Context,
    asked: Mutation,
    key: str,
    command: commands.UserCommand,
    command_id: UUID,
) -> UserPayload:
    context.caller.require("write", "profile", UserId(key))
    appended = execute(context, USER, key, [command], command_id, actor=key)
    return UserPayload(
        user=find_users(context, [key]).get(key), **done(asked, command_id, appended)
    )
