"""User administration and accounts of a tenant, over REST."""

from collections.abc import Sequence
from typing import Annotated
from uuid import uuid5

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, Field

from api.caller import CurrentCaller, Id
from api.http.auth import Services
from api.http.conditional_requests import WITH_ETAG, IfMatch, Precondition, etag_of
from api.http.idempotency import KEY_REQUIRED, CommandId
from api.http.pages import page_info
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views.base import Body, PageInfo, StrictBody
from api.views.users import Address
from application.caller import Caller
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from application.users.accounts import Accounts, reveal
from domain.ids import UserId
from domain.kernel import Rejected
from domain.tenants.roles import StaffRole
from domain.tenants.tenant import Tenant, roles
from domain.users.commands import UserUnknown
from domain.users.user import Registered
from projections.users import USERS, UserAccount

router = APIRouter(
    prefix="/v1", tags=["administration"], responses=problem_responses(404, 422, 503)
)


class AccountChanged(Rejected):
    """The account has changed. Read it again before you change it."""

    code = "account.moved"
    kind = "stale"


class Account(Body):
    """A user account. Unknown values are null."""

    id: str
    email: str | None
    username: str | None
    roles: list[str]
    email_verified: bool
    has_password: bool
    providers: list[str]
    suspended: bool
    registered_at: AwareDatetime


class AccountPage(Body):
    """A page of accounts, newest first."""

    items: list[Account]
    page_info: PageInfo


class Invitation(StrictBody):
    """Address to invite, and roles in addition to member."""

    email: Address
    roles: Annotated[tuple[StaffRole, ...], Field(max_length=3)] = ()


class Invited(Body):
    """The account created for the invitation."""

    user_id: str


@router.get(
    "/users",
    operation_id="listUsers",
    summary="List the users of the tenant",
    responses={200: {"headers": {"Link": {"schema": {"type": "string"}}}}},
)
def users(
    caller: ReadingCaller,
    services: Services,
    response: Response,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> AccountPage:
    """Return a page, newest first; `Link` (RFC 8288) leads to the next one."""
    caller.require("read", "profile", None)
    page = caller.platform.read.page(
        USERS,
        caller.tenant_id,
        window=window(first, after),
        where={},
        order_by="registered_at",
        descending=True,
    )
    info = page_info(response, page, "/v1/users", first=first)
    items = _accounts(caller, services.accounts, [edge.row for edge in page.edges])
    return AccountPage(items=items, page_info=info)


@router.get("/users/{user_id}", operation_id="getUser", summary="Get a user", responses=WITH_ETAG)
def user(user_id: Id, caller: ReadingCaller, services: Services, response: Response) -> Account:
    """Return a user of the tenant."""
    caller.require("read", "profile", None)
    account = _account(caller, services.accounts, user_id)
    response.headers["ETag"] = _etag(account)
    response.headers["Cache-Control"] = "private, no-cache"
    return account


@router.put(
    "/users/{user_id}/roles/{role}",
    operation_id="grantRole",
    summary="Grant a role",
    status_code=204,
    responses=problem_responses(409, 412),
)
def grant(
    *,
    caller: CurrentCaller,
    services: Services,
    command_id: CommandId,
    user_id: Id,
    role: StaffRole,
    if_match: IfMatch,
) -> None:
    """Grant a role. Access tokens include it within ten minutes."""
    caller.require("write", "tenant", None)
    _check_precondition(caller, services.accounts, user_id, if_match)
    services.administration.grant(
        UserId(user_id), role, origin=caller.origin(), command_id=command_id
    )


@router.delete(
    "/users/{user_id}/roles/{role}",
    operation_id="withdrawRole",
    summary="Revoke a role",
    status_code=204,
    responses=problem_responses(409, 412),
)
def withdraw(
    *,
    caller: CurrentCaller,
    services: Services,
    command_id: CommandId,
    user_id: Id,
    role: StaffRole,
    if_match: IfMatch,
) -> None:
    """Revoke a role. Signs out all devices of the user, and revokes tokens with that role."""
    caller.require("write", "tenant", None)
    _check_precondition(caller, services.accounts, user_id, if_match)
    services.administration.withdraw(
        UserId(user_id), role, origin=caller.origin(), command_id=command_id
    )


@router.post(
    "/users/{user_id}:suspend",
    operation_id="suspendUser",
    summary="Suspend a user",
    status_code=204,
    responses=problem_responses(409, 412),
)
def suspend(
    *,
    caller: CurrentCaller,
    services: Services,
    command_id: CommandId,
    user_id: Id,
    if_match: IfMatch,
) -> None:
    """Suspend a user: sign out all devices and reject sign-ins. No data is lost."""
    caller.require("write", "profile", None)
    _check_precondition(caller, services.accounts, user_id, if_match)
    services.administration.suspend(UserId(user_id), origin=caller.origin(), command_id=command_id)


@router.post(
    "/users/{user_id}:reactivate",
    operation_id="reactivateUser",
    summary="Reactivate a user",
    status_code=204,
    responses=problem_responses(409, 412),
)
def reactivate(
    *,
    caller: CurrentCaller,
    services: Services,
    command_id: CommandId,
    user_id: Id,
    if_match: IfMatch,
) -> None:
    """End a suspension."""
    caller.require("write", "profile", None)
    _check_precondition(caller, services.accounts, user_id, if_match)
    services.administration.reactivate(
        UserId(user_id), origin=caller.origin(), command_id=command_id
    )


@router.post(
    "/invitations",
    operation_id="inviteUser",
    summary="Invite a user by e-mail",
    status_code=202,
    responses=problem_responses(400, 409),
    dependencies=[KEY_REQUIRED],
)
def invite(
    caller: CurrentCaller, services: Services, command_id: CommandId, body: Invitation
) -> Invited:
    """Create an account and send a link to set a password, which works for a week."""
    caller.require("write", "profile", None)
    if body.roles:
        caller.require("write", "tenant", None)
    origin = caller.origin()
    user_id = services.administration.invite(body.email, origin=origin, command_id=command_id)
    for role in body.roles:
        of_role = uuid5(command_id, role)
        services.administration.grant(user_id, role, origin=origin, command_id=of_role)
    return Invited(user_id=user_id)


def _accounts(caller: Caller, accounts: Accounts, rows: Sequence[UserAccount]) -> list[Account]:
    """Return accounts; the access log records each of them."""
    staff = accounts.tenant(caller.tenant_id)
    views = (_view(caller, accounts, staff, row) for row in rows)
    return [account for account in views if account is not None]


def _account(caller: Caller, accounts: Accounts, user_id: str) -> Account:
    row = caller.platform.read.get(USERS, caller.tenant_id, user_id)
    account = (
        None if row is None else _view(caller, accounts, accounts.tenant(caller.tenant_id), row)
    )
    if account is None:
        raise UserUnknown
    return account


def _view(caller: Caller, accounts: Accounts, staff: Tenant, row: UserAccount) -> Account | None:
    """Return the account of a row, or None if it was just erased."""
    user = accounts.user(caller.tenant_id, row.id)
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
        suspended=user.suspended,
        registered_at=row.registered_at,
    )


def _check_precondition(
    caller: Caller, accounts: Accounts, user_id: str, if_match: Precondition
) -> None:
    """Check If-Match. Raises UserUnknown and AccountChanged."""
    if not if_match.matches(_etag(_account(caller, accounts, user_id))):
        raise AccountChanged


def _etag(account: Account) -> str:
    return etag_of(account.model_dump_json())
