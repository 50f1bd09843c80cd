"""Events of a tenant: an organization with isolated data."""

from datetime import datetime
from typing import Literal

from domain.ids import UserId
from domain.kernel import event
from domain.payment_methods import Gateway
from domain.tenants.join_policy import JoinKind
from domain.tenants.roles import StaffRole

AccountMode = Literal["test", "live"]
"""Accounts of the mode `test` take payments without money."""


@event("tenant.created")
class TenantCreated:
    name: str
    at: datetime


@event("tenant.role_granted")
class RoleGranted:
    user_id: UserId
    role: StaffRole


@event("tenant.role_withdrawn")
class RoleWithdrawn:
    user_id: UserId
    role: StaffRole


@event("tenant.join_policy_changed")
class JoinPolicyChanged:
    """Join policy from now on; `domains` are those of the kind `domain`."""

    kind: JoinKind
    domains: tuple[str, ...]


@event("tenant.gateway_accounts_changed")
class GatewayAccountsChanged:
    """The tenant's own accounts at payment gateways from now on, or other keys of them.

    Without a mode, the tenant uses the accounts of the installation. Keys are never in an event.
    """

    mode: AccountMode | None
    gateways: tuple[Gateway, ...]
    at: datetime


TenantEvent = (
    TenantCreated | RoleGranted | RoleWithdrawn | JoinPolicyChanged | GatewayAccountsChanged
)
