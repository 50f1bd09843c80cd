"""Accounts of a tenant, for its administrators: views, inputs, and writes for REST and GraphQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import AwareDatetime, Field

from api.views.base import Body, StrictBody, write
from api.views.users import Address
from application.caller import Caller
from application.users.accounts import reveal
from domain.ids import UserId
from domain.tenants.roles import StaffRole
from domain.tenants.tenant import Tenant, roles
from domain.users.commands import UserUnknown
from domain.users.user import Registered
from projections.users import USERS, UserAccount


class Account(Body):
    """A user account. Unknown values are null."""

    id: str
    email: str | None
    username: str | None
    roles: list[str]
    email_verified: bool
    has_password: bool
    providers: list[str]
    second_factors: list[str]
    suspended: bool
    registered_at: AwareDatetime


class Invitation(StrictBody):
    """Address to invite, and roles in addition to member."""

    email: Address
    roles: Annotated[tuple[StaffRole, ...], Field(max_length=3)] = ()


class RoleInput(StrictBody):
    """A role in addition to member."""

    role: StaffRole


@dataclass(frozen=True, slots=True)
class AccountWritten:
    """An account after a command."""

    user_id: str


@write
def grant_role(caller: Caller, user_id: str, body: RoleInput, command_id: UUID) -> AccountWritten:
    """Grant a role. Access tokens include it within ten minutes."""
    caller.require_confirmed("write", "tenant", None)
    administration = caller.platform.accounts().administration
    administration.grant(UserId(user_id), body.role, origin=caller.origin(), command_id=command_id)
    return AccountWritten(user_id)


@write
def withdraw_role(
    caller: Caller, user_id: str, body: RoleInput, command_id: UUID
) -> AccountWritten:
    """Revoke a role. Signs out all devices of the user, and revokes tokens with that role.

    Plans that the user may no longer change are not offered any more, and their public profile as
    a trainer is withdrawn. Enrollments continue.
    """
    caller.require_confirmed("write", "tenant", None)
    administration = caller.platform.accounts().administration
    administration.withdraw(
        UserId(user_id), body.role, origin=caller.origin(), command_id=command_id
    )
    return AccountWritten(user_id)


@write
def suspend_user(caller: Caller, user_id: str, command_id: UUID) -> AccountWritten:
    """Suspend a user: sign out all devices and reject sign-ins. No data is lost."""
    caller.require_confirmed("write", "profile", None)
    administration = caller.platform.accounts().administration
    administration.suspend(UserId(user_id), origin=caller.origin(), command_id=command_id)
    return AccountWritten(user_id)


@write
def reactivate_user(caller: Caller, user_id: str, command_id: UUID) -> AccountWritten:
    """End a suspension."""
    caller.require_confirmed("write", "profile", None)
    administration = caller.platform.accounts().administration
    administration.reactivate(UserId(user_id), origin=caller.origin(), command_id=command_id)
    return AccountWritten(user_id)


@write
def reset_second_factors(caller: Caller, user_id: str, command_id: UUID) -> AccountWritten:
    """Remove all second factors of a user who has lost them, and sign out all their devices."""
    caller.require_confirmed("write", "profile", None)
    factors = caller.platform.accounts().second_factors
    factors.reset(UserId(user_id), origin=caller.origin(), command_id=command_id)
    return AccountWritten(user_id)


@write
def invite_user(caller: Caller, body: Invitation, command_id: UUID) -> AccountWritten:
    """Invite a user by e-mail: create an account and send a link to set a password."""
    caller.require("write", "profile", None)
    if body.roles:
        caller.require_confirmed("write", "tenant", None)
    origin, administration = caller.origin(), caller.platform.accounts().administration
    user_id = administration.invite(body.email, origin=origin, command_id=command_id)
    for role in body.roles:
        of_role = uuid5(command_id, role)
        administration.grant(user_id, role, origin=origin, command_id=of_role)
    return AccountWritten(user_id)


def get_account(caller: Caller, user_id: str) -> Account:
    """Return an account of the tenant. Raises Forbidden and UserUnknown."""
    caller.require("read", "profile", None)
    row = caller.platform.read.get(USERS, caller.tenant_id, user_id)
    account = None if row is None else _view(caller, _staff(caller), row)
    if account is None:
        raise UserUnknown
    return account


def get_accounts(caller: Caller, rows: Sequence[UserAccount]) -> list[Account]:
    """Return accounts without erased ones; the access log records each of them."""
    staff = _staff(caller)
    views = (_view(caller, staff, row) for row in rows)
    return [account for account in views if account is not None]


def _staff(caller: Caller) -> Tenant:
    return caller.platform.accounts().accounts.tenant(caller.tenant_id)


def _view(caller: Caller, staff: Tenant, row: UserAccount) -> Account | None:
    """Return the account of a row, or None if it was just erased."""
    user = caller.platform.accounts().accounts.user(caller.tenant_id, row.id)
    if not isinstance(user, Registered) or not caller.sees("profile", row.id):
        return None
    return Account(
        id=row.id,
        email=reveal(user.email),
        username=reveal(user.username),
        roles=sorted(roles(staff, row.id)),
        email_verified=user.email_verified,
        has_password=user.has_password,
        providers=sorted(each.provider for each in user.identities),
        second_factors=sorted({each.kind for each in user.second_factors}),
        suspended=user.suspended,
        registered_at=row.registered_at,
    )
