"""The caller's tenant: its view, and the command that changes its join policy."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.views.base import Body, StrictBody, write
from application.caller import Caller
from domain.tenants.join_policy import MAX_DOMAINS, JoinKind, JoinPolicy
from domain.tenants.tenant import Active

Domains = Annotated[
    tuple[Annotated[str, Field(max_length=253)], ...], Field(max_length=MAX_DOMAINS)
]


class TenantBody(Body):
    """A tenant, and who may open an account in it."""

    id: str
    name: str | None = Field(description="Null if the tenant needs no creation, as `default`.")
    join: JoinKind
    domains: list[str] = Field(description="Domains of addresses that may join by themselves.")


class JoinPolicyInput(StrictBody):
    """Join policy; `domains` only with the kind `domain`."""

    kind: JoinKind
    domains: Domains = Field((), examples=[["example.org"]])


@dataclass(frozen=True, slots=True)
class TenantWritten:
    """Result of a command: the log has it up to `position`."""

    tenant: TenantBody
    position: int
    repeated: bool


def get_tenant(caller: Caller) -> TenantBody:
    """Return the caller's tenant. Raises Forbidden and TenantUnknown."""
    caller.require("write", "tenant", None)
    services = caller.platform.accounts()
    tenant = services.accounts.tenant(caller.tenant_id)
    policy = services.tenants.join_policy(caller.tenant_id)
    return TenantBody(
        id=caller.tenant_id,
        name=tenant.name if isinstance(tenant, Active) else None,
        join=policy.kind,
        domains=list(policy.domains),
    )


@write
def change_join_policy(caller: Caller, body: JoinPolicyInput, command_id: UUID) -> TenantWritten:
    """Change who may open an account in the tenant. Existing members stay."""
    caller.require_confirmed("write", "tenant", None)
    policy = JoinPolicy(body.kind, tuple(name.strip().lower() for name in body.domains))
    appended = caller.platform.accounts().administration.change_join_policy(
        policy, origin=caller.origin(), command_id=command_id
    )
    return TenantWritten(get_tenant(caller), appended.position, appended.repeated)
