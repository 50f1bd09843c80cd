"""A tenant keeps an administrator who can sign in, and whose account is not being deleted.

The streams that say so are read by the append that makes another administrator leave. If one of
them has changed by then, it is decided again, so two administrators cannot leave at the same time.
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
    """Return the request to be executed with what makes this user leave.

    Raises LastAdministrator if the user is the last administrator who stays.
    """

    def following(_: object, tenant: Tenant) -> Sequence[Request]:
        others = administrators(tenant) - {user_id}
        return require_administrator(others) if user_id in administrators(tenant) else ()

    return Request(TENANT, TENANT_STREAM_ID, (), followed_by=following)


def require_administrator(remaining: frozenset[UserId]) -> Sequence[Request]:
    """Return requests that read administrators, one after the other, until one of them stays.

    Raises LastAdministrator if none of them stays.
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
    stay, so is not the last one.
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
