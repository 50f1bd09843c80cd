"""The caller's tenant in GraphQL."""

from typing import Any

import strawberry

from api.graphql.context import Context, Info
from api.graphql.enums import JoinKind
from api.graphql.fields import field
from api.graphql.mutations import MutationPayload
from api.views.tenants import TenantBody, TenantWritten, get_tenant


@strawberry.type(description="A tenant, and who may open an account in it.")
class Tenant:
    """`domains`: people with an address in one of them may join by themselves."""

    tenant_id: strawberry.ID
    name: str | None
    join: JoinKind
    domains: list[str]

    @classmethod
    def of(cls, view: TenantBody) -> "Tenant":
        """Convert a tenant."""
        return cls(
            tenant_id=strawberry.ID(view.id),
            name=view.name,
            join=JoinKind(view.join),
            domains=view.domains,
        )


@strawberry.type
class TenantQueries:
    """Queries of the tenant."""

    @field("Get your tenant, as one of its administrators.")
    def tenant(self, info: Info) -> Tenant:
        """Return the tenant from the log."""
        return Tenant.of(get_tenant(info.context.caller))


@strawberry.type
class TenantPayload(MutationPayload):
    """The tenant after the change."""

    tenant: Tenant

    @classmethod
    def of(cls, _: Context, written: TenantWritten, **common: Any) -> "TenantPayload":
        """Return the payload of a command."""
        return cls(tenant=Tenant.of(written.tenant), **common)
