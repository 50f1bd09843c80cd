"""Events of a tenant: an organization with isolated data."""

from datetime import datetime

from domain.ids import UserId
from domain.kernel import event
from domain.tenants.join_policy import JoinKind
from domain.tenants.roles import StaffRole


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


TenantEvent = TenantCreated | RoleGranted | RoleWithdrawn | JoinPolicyChanged
