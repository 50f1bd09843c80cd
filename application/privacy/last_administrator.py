"""A tenant keeps an administrator when another one deletes their account."""

from application.privacy.erasure import ErasureService
from application.users.accounts import Accounts
from domain.erasures.erasure import NotRequested
from domain.ids import TenantId, UserId
from domain.tenants.commands import LastAdministrator
from domain.tenants.tenant import Active
from domain.users.user import Registered


def require_other_administrator(
    accounts: Accounts, erasure: ErasureService, tenant_id: TenantId, user_id: UserId
) -> None:
    """Raise LastAdministrator if a user is the last administrator."""
    if is_last_administrator(accounts, erasure, tenant_id, user_id):
        raise LastAdministrator


def is_last_administrator(
    accounts: Accounts, erasure: ErasureService, tenant_id: TenantId, user_id: UserId
) -> bool:
    """Return whether a user is the only administrator who can sign in and stays.

    One who has requested the deletion before does not stay, and may repeat the request.
    """
    tenant = accounts.tenant(tenant_id)
    if not isinstance(tenant, Active):
        return False
    administrators = {who for who, role in tenant.staff if role == "administrator"}
    if user_id not in administrators:
        return False
    if not isinstance(erasure.state(tenant_id, user_id), NotRequested):
        return False
    for other in administrators - {user_id}:
        user = accounts.user(tenant_id, other)
        can_sign_in = isinstance(user, Registered) and not user.suspended
        if can_sign_in and isinstance(erasure.state(tenant_id, other), NotRequested):
            return False
    return True
