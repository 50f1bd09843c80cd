"""Scopes of identity providers: the tenants and the e-mail domains that each may vouch for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from application.users.errors import ProviderUnknown
from domain.ids import DEFAULT_TENANT, TenantId
from domain.tenants.join_policy import domain_of
from domain.users.identities import APPLE, GOOGLE, Provider

PUBLIC: Final = frozenset({GOOGLE, APPLE})
"""Providers that belong to no tenant and have verified the addresses of their users themselves."""


@dataclass(frozen=True)
class ProviderScope:
    """Tenants that a provider signs people in to, and domains of addresses that it vouches for.

    None stands for all of them.
    """

    tenants: frozenset[TenantId] | None
    domains: frozenset[str] | None = None

    def serves(self, tenant_id: TenantId) -> bool:
        """Return whether the provider signs people in to a tenant."""
        return self.tenants is None or tenant_id in self.tenants

    def vouches_for(self, email: str | None) -> bool:
        """Return whether the provider may vouch for someone with this address, or with none."""
        return self.domains is None or (email is not None and domain_of(email) in self.domains)


@dataclass(frozen=True)
class ProviderScopes:
    """Configured scopes by provider.

    Unless configured, a public provider serves all tenants, and any other only `default`.
    """

    tenants: Mapping[Provider, frozenset[TenantId] | None]
    domains: Mapping[Provider, frozenset[str]]

    def of(self, provider: Provider) -> ProviderScope:
        """Return the scope of a provider."""
        default = None if provider in PUBLIC else frozenset({DEFAULT_TENANT})
        return ProviderScope(
            tenants=self.tenants.get(provider, default), domains=self.domains.get(provider)
        )

    def require(self, provider: Provider, tenant_id: TenantId) -> ProviderScope:
        """Return the scope of a provider that serves the tenant. Raises ProviderUnknown."""
        scope = self.of(provider)
        if not scope.serves(tenant_id):
            raise ProviderUnknown
        return scope
