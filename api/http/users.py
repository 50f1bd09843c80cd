"""The accounts of a tenant over REST, for its administrators."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode
from uuid import uuid5

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, Field

from api.caller import Caller, CurrentCaller, Id
from api.http.auth import Services
from api.http.conditional_requests import WITH_ETAG, IfMatch, Precondition, etag_of
from api.http.idempotency import KEY_REQUIRED, CommandId
from api.pagination import LARGEST_PAGE, PAGE, window
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views.base import Body, PageInfo
from api.views.users import Address, Asked
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
    """The account was changed meanwhile; look at it again before changing it."""

    code = "account.moved"
    kind = "stale"


class Account(Body):
    """Somebody with an account. Null is what is not known of them."""

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
    """Some accounts, the newest first."""

    items: list[Account]
    page_info: PageInfo


class Invitation(Asked):
    """Whom to invite, and what they are to be beside a member."""

    email: Address
    roles: Annotated[tuple[StaffRole, ...], Field(max_length=3)] = ()


class Invited(Body):
    """The account that waits for somebody."""

    user_id: str


@router.get(
    "/users",
    operation_id="users",
    summary="The accounts of the tenant, newest first",
    responses={200: {"headers": {"Link": {"schema": {"type": "string"}}}}},
)
def users(
    caller: ReadingCaller,
    services: Services,
    response: Response,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="A cursor of this list.")] = None,
) -> AccountPage:
    """List a page; `Link` (RFC 8288) leads to the next one."""
    caller.require("read", "profile", None)
    page = caller.platform.read.page(
        USERS,
        caller.tenant_id,
        window=window(first, after),
        where={},
        order_by="registered_at",
        descending=True,
    )
    info = PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=page.edges[0].cursor if page.edges else None,
        end_cursor=page.edges[-1].cursor if page.edges else None,
    )
    if info.has_next_page:
        query = urlencode({"first": first, "after": info.end_cursor})
        response.headers["Link"] = f'</v1/users?{query}>; rel="next"'
    items = _accounts(caller, services.accounts, [edge.row for edge in page.edges])
    return AccountPage(items=items, page_info=info)


@router.get("/users/{user_id}", operation_id="user", summary="One account", responses=WITH_ETAG)
def user(user_id: Id, caller: ReadingCaller, services: Services, response: Response) -> Account:
    """Tell an account of the tenant."""
    caller.require("read", "profile", None)
    found = _account(caller, services.accounts, user_id)
    response.headers["ETag"] = _etag(found)
    response.headers["Cache-Control"] = "private, no-cache"
    return found


@router.put(
    "/users/{user_id}/roles/{role}",
    operation_id="grantRole",
    summary="Give somebody a role",
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
    believed: IfMatch,
) -> None:
    """Give a role; it is in the next access token, in ten minutes at most."""
    caller.require("write", "tenant", None)
    _require(caller, services.accounts, user_id, believed)
    services.administration.grant(
        UserId(user_id), role, origin=caller.origin(), command_id=command_id
    )


@router.delete(
    "/users/{user_id}/roles/{role}",
    operation_id="withdrawRole",
    summary="Take a role from somebody",
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
    believed: IfMatch,
) -> None:
    """Take a role away; every device of theirs is signed out, and tokens with it are refused."""
    caller.require("write", "tenant", None)
    _require(caller, services.accounts, user_id, believed)
    services.administration.withdraw(
        UserId(user_id), role, origin=caller.origin(), command_id=command_id
    )


@router.post(
    "/users/{user_id}:suspend",
    operation_id="suspendUser",
    summary="Let somebody in no more",
    status_code=204,
    responses=problem_responses(409, 412),
)
def suspend(
    *,
    caller: CurrentCaller,
    services: Services,
    command_id: CommandId,
    user_id: Id,
    believed: IfMatch,
) -> None:
    """Suspend an account: every device is signed out, and none is signed in. Nothing is lost."""
    caller.require("write", "profile", None)
    _require(caller, services.accounts, user_id, believed)
    services.administration.suspend(UserId(user_id), origin=caller.origin(), command_id=command_id)


@router.post(
    "/users/{user_id}:reactivate",
    operation_id="reactivateUser",
    summary="Let somebody in again",
    status_code=204,
    responses=problem_responses(409, 412),
)
def reactivate(
    *,
    caller: CurrentCaller,
    services: Services,
    command_id: CommandId,
    user_id: Id,
    believed: IfMatch,
) -> None:
    """End a suspension."""
    caller.require("write", "profile", None)
    _require(caller, services.accounts, user_id, believed)
    services.administration.reactivate(
        UserId(user_id), origin=caller.origin(), command_id=command_id
    )


@router.post(
    "/invitations",
    operation_id="invite",
    summary="Invite somebody by e-mail",
    status_code=202,
    responses=problem_responses(400, 409),
    dependencies=[KEY_REQUIRED],
)
def invite(
    caller: CurrentCaller, services: Services, command_id: CommandId, asked: Invitation
) -> Invited:
    """Open an account for an address and send it a link to a password, which works for a week."""
    caller.require("write", "profile", None)
    if asked.roles:
        caller.require("write", "tenant", None)
    origin = caller.origin()
    user_id = services.administration.invite(asked.email, origin=origin, command_id=command_id)
    for role in asked.roles:
        of_role = uuid5(command_id, role)
        services.administration.grant(user_id, role, origin=origin, command_id=of_role)
    return Invited(user_id=user_id)


def _accounts(caller: Caller, known: Accounts, rows: Sequence[UserAccount]) -> list[Account]:
    """Tell accounts with who is behind them, which is noted down for each."""
    staff = known.tenant(caller.tenant_id)
    told = (_told(caller, known, staff, row) for row in rows)
    return [account for account in told if account is not None]


def _account(caller: Caller, known: Accounts, user_id: str) -> Account:
    row = caller.platform.read.get(USERS, caller.tenant_id, user_id)
    found = None if row is None else _told(caller, known, known.tenant(caller.tenant_id), row)
    if found is None:
        raise UserUnknown
    return found


def _told(caller: Caller, known: Accounts, staff: Tenant, row: UserAccount) -> Account | None:
    """Tell an account; None for one that was erased a moment ago."""
    user = known.user(caller.tenant_id, row.id)
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


def _require(caller: Caller, known: Accounts, user_id: str, believed: Precondition) -> None:
    """See that an account is as whoever asks believes. Raises UserUnknown and AccountMoved."""
    if not believed.holds(_etag(_account(caller, known, user_id))):
        raise AccountChanged


def _etag(account: Account) -> str:
    return etag_of(account.model_dump_json())
