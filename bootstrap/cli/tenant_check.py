"""Tenants that commands read: those whose name is mistyped would look empty."""

from bootstrap.settings import Settings
from bootstrap.wiring.audit import build_hash_chain
from domain.ids import DEFAULT_TENANT, TenantId
from domain.tenants.commands import TenantUnknown


def require_tenant(settings: Settings, tenant_id: TenantId) -> None:
    """Raise TenantUnknown for a tenant without events, except for a new `default`."""
    if tenant_id == DEFAULT_TENANT:
        return
    with build_hash_chain(settings) as log:
        if tenant_id not in log.last_positions():
            raise TenantUnknown(f"The tenant {tenant_id} has no events.")
