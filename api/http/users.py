"""User administration and accounts of a tenant, over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.caller import CurrentCaller, Id
from api.http.conditional_requests import WITH_ETAG, IfMatch, Precondition, etag_of
from api.http.pages import page_info
from api.idempotency import KEY_REQUIRED, CommandId
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views.accounts import (
    Account,
    Invitation,
    RoleInput,
    get_account,
    get_accounts,
    grant_role,
    invite_user,
    reactivate_user,
    reset_second_factors,
    suspend_user,
    withdraw_role,
)
from api.views.base import Body, PageInfo
from application.caller import Caller
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from domain.kernel import Rejected
from domain.tenants.roles import StaffRole
from projections.users import USERS

router = APIRouter(
    prefix="/v1", tags=["administration"], responses=problem_responses(404, 422, 503)
)


class AccountChanged(Rejected):
    """The account has changed. Read it again before you change it."""

    code = "account.moved"
    kind = "stale"


class AccountPage(Body):
    """A page of accounts, newest first."""

    items: list[Account]
    page_info: PageInfo


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
    items = get_accounts(caller, [edge.row for edge in page.edges])
    return AccountPage(items=items, page_info=info)


@router.get("/users/{user_id}", operation_id="getUser", summary="Get a user", responses=WITH_ETAG)
def user(user_id: Id, caller: ReadingCaller, response: Response) -> Account:
    """Return a user of the tenant."""
    account = get_account(caller, user_id)
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
    command_id: CommandId,
    user_id: Id,
    role: StaffRole,
    if_match: IfMatch,
) -> None:
    """Grant a role. Access tokens include it within ten minutes."""
    caller.require("write", "tenant", None)
    _check_precondition(caller, user_id, if_match, command_id)
    grant_role(caller, user_id, RoleInput(role=role), command_id)


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
    command_id: CommandId,
    user_id: Id,
    role: StaffRole,
    if_match: IfMatch,
) -> None:
    """Revoke a role. Signs out all devices of the user, and revokes tokens with that role.

    Plans that the user may no longer change are not offered any more, and their public profile as
    a trainer is withdrawn. Enrollments continue.
    """
    caller.require("write", "tenant", None)
    _check_precondition(caller, user_id, if_match, command_id)
    withdraw_role(caller, user_id, RoleInput(role=role), command_id)


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
    command_id: CommandId,
    user_id: Id,
    if_match: IfMatch,
) -> None:
    """Suspend a user: sign out all devices and reject sign-ins. No data is lost."""
    caller.require("write", "profile", None)
    _check_precondition(caller, user_id, if_match, command_id)
    suspend_user(caller, user_id, command_id)


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
    command_id: CommandId,
    user_id: Id,
    if_match: IfMatch,
) -> None:
    """End a suspension."""
    caller.require("write", "profile", None)
    _check_precondition(caller, user_id, if_match, command_id)
    reactivate_user(caller, user_id, command_id)


@router.post(
    "/users/{user_id}:reset-second-factors",
    operation_id="resetSecondFactors",
    summary="Remove the second factors of a user",
    status_code=204,
    responses=problem_responses(409, 412),
)
def reset(*, caller: CurrentCaller, command_id: CommandId, user_id: Id, if_match: IfMatch) -> None:
    """Remove all second factors of a user who has lost them, and sign out all their devices."""
    caller.require("write", "profile", None)
    _check_precondition(caller, user_id, if_match, command_id)
    reset_second_factors(caller, user_id, command_id)


@router.post(
    "/invitations",
    operation_id="inviteUser",
    summary="Invite a user by e-mail",
    status_code=202,
    responses=problem_responses(400, 409),
    dependencies=[KEY_REQUIRED],
)
def invite(caller: CurrentCaller, command_id: CommandId, body: Invitation) -> Invited:
    """Create an account and send a link to set a password, which works for a week."""
    return Invited(user_id=invite_user(caller, body, command_id).user_id)


def _check_precondition(
    caller: Caller, user_id: str, if_match: Precondition, command_id: UUID
) -> None:
    """Check If-Match, but for a command that was executed before.

    Raises UserUnknown and AccountChanged.
    """
    if caller.is_executed(command_id):
        return
    if not if_match.matches(_etag(get_account(caller, user_id))):
        raise AccountChanged


def _etag(account: Account) -> str:
    return etag_of(account.model_dump_json())
