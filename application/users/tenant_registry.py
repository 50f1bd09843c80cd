"""Tenant registry: which tenants exist, and who may join them."""

from dataclasses import dataclass

from application.users.accounts import Accounts
from application.users.ports import IdentityIndex
from domain.ids import DEFAULT_TENANT, TenantId
from domain.tenants.commands import TenantUnknown
from domain.tenants.join_policy import CLOSED, OPEN, JoinPolicy
from domain.tenants.tenant import Active


@dataclass(frozen=True)
class TenantRegistry:
    """Finds tenants and their join policies.

    `open_registration`: whether anyone may join the tenant `default` until it is created.
    """

    accounts: Accounts
    identities: IdentityIndex
    open_registration: bool

    def join_policy(self, tenant_id: TenantId) -> JoinPolicy:
        """Return who may join a tenant. Raises TenantUnknown.

        A tenant exists if an operator has created it. `default` needs no creation. A tenant that
        already has accounts, from a version that did not require creation, exists but is closed.
        """
        tenant = self.accounts.tenant(tenant_id)
        if isinstance(tenant, Active):
            return tenant.join
        if tenant_id == DEFAULT_TENANT:
            return OPEN if self.open_registration else CLOSED
        if self.identities.has_any(tenant_id):
            return CLOSED
        raise TenantUnknown

    def require_exists(self, tenant_id: TenantId) -> None:
        """Raise TenantUnknown unless the tenant exists."""
        if tenant_id != DEFAULT_TENANT:
            self.join_policy(tenant_id)
