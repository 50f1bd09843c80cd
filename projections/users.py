"""User account read model: a tenant's accounts for administrators; names stay encrypted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.ids import UserId
from domain.kernel import Projection, Recorded
from domain.users import events
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class UserAccount:
    """An account: when it was opened, how its owner signs in, and whether they may.

    `providers`: names of those that vouch for them, in order of the alphabet, between commas.
    `number` identifies the account by an integer, for programs that need one: the position of its
    first event in the log, which never changes (C-04).
    """

    id: UserId
    registered_at: datetime
    email_verified: bool
    has_password: bool
    providers: str
    suspended: bool
    number: int


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by user."""
    return (stream_id(recorded),) if isinstance(recorded.event, events.UserEvent) else ()


def evolve(row: UserAccount | None, recorded: Recorded[Any]) -> UserAccount | None:
    """Apply one event to the account."""
    match recorded.event, row:
        case events.UserCreated(at=at), _:
            return UserAccount(
                id=UserId(stream_id(recorded)),
                registered_at=at,
                email_verified=False,
                has_password=False,
                providers="",
                suspended=False,
                number=recorded.position,
            )
        case events.UserErased(), _:
            return None
        case _, UserAccount():
            return _changed(row, recorded.event)
        case _:
            return row


def _changed(row: UserAccount, event: Any) -> UserAccount:
    match event:
        case events.EmailChanged():
            return fast_replace(row, email_verified=False)
        case events.EmailVerified():
            return fast_replace(row, email_verified=True)
        case events.PasswordSet():
            return fast_replace(row, has_password=True)
        case events.PasswordRemoved():
            return fast_replace(row, has_password=False)
        case events.IdentityLinked(provider=provider):
            return fast_replace(row, providers=_joined({*_parted(row), provider}))
        case events.IdentityUnlinked(provider=provider):
            return fast_replace(row, providers=_joined(_parted(row) - {provider}))
        case events.UserSuspended():
            return fast_replace(row, suspended=True)
        case events.UserReactivated():
            return fast_replace(row, suspended=False)
        case _:
            return row


def _parted(row: UserAccount) -> set[str]:
    return {name for name in row.providers.split(",") if name}


def _joined(names: set[str]) -> str:
    return ",".join(sorted(names))


USERS = Projection(
    name="users",
    version=2,
    row=UserAccount,
    keys=keys,
    evolve=evolve,
    indexes=(("registered_at",),),
    kind="profile",
)
