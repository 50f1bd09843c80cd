"""A tenant keeps an administrator who can sign in, and whose account is not being deleted.

A change that makes an administrator leave also reads the streams of the others. If one of them
changes before it is stored, the change is decided again: two cannot leave at the same time.
"""

from collections.abc import Callable, Sequence

from application.kernel.command_handler import Request
from application.users.accounts import Accounts
from domain.erasures.erasure import ERASURE, Erasure, NotRequested
from domain.ids import TenantId, UserId
from domain.tenants.commands import LastAdministrator
from domain.tenants.tenant import TENANT, TENANT_STREAM_ID, Tenant, administrators
from domain.users.user import USER, Registered, User


def require_other_administrator(user_id: UserId) -> Request:
    """Return a request to execute together with the one that makes this user leave.

    It is refused with LastAdministrator if no other administrator would stay.
    """

    def following(_: object, tenant: Tenant) -> Sequence[Request]:
        others = administrators(tenant) - {user_id}
        return require_administrator(others) if user_id in administrators(tenant) else ()

    return Request(TENANT, TENANT_STREAM_ID, (), followed_by=following)


def require_administrator(remaining: frozenset[UserId]) -> Sequence[Request]:
    """Return requests that read these administrators one after the other, until one will stay.

    They are refused with LastAdministrator if none will.
    """
    if not remaining:
        raise LastAdministrator
    user_id = min(remaining)
    others = remaining - {user_id}

    def after_user(_: object, user: User) -> Sequence[Request]:
        if not _can_sign_in(user):
            return require_administrator(others)
        return [Request(ERASURE, user_id, (), followed_by=after_erasure)]

    def after_erasure(_: object, erasure: Erasure) -> Sequence[Request]:
        return () if isinstance(erasure, NotRequested) else require_administrator(others)

    return [Request(USER, user_id, (), followed_by=after_user)]


def is_last_administrator(
    accounts: Accounts,
    erasure: Callable[[TenantId, UserId], Erasure],
    tenant_id: TenantId,
    user_id: UserId,
) -> bool:
    """Return whether a user is the only administrator who can sign in and stays.

    `erasure` returns the state of a person's erasure. A user whose deletion was requested does not
    stay, and is not the last administrator.
    """
    staff = administrators(accounts.tenant(tenant_id))
    if user_id not in staff or not isinstance(erasure(tenant_id, user_id), NotRequested):
        return False
    return not any(
        _can_sign_in(accounts.user(tenant_id, other))
        and isinstance(erasure(tenant_id, other), NotRequested)
        for other in staff - {user_id}
    )


def _can_sign_in(user: User) -> bool:
    return isinstance(user, Registered) and not user.suspended
