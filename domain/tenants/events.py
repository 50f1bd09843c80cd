"""Events of a tenant: an organization with isolated data."""

from datetime import datetime

from domain.ids import UserId
from domain.kernel import event
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


TenantEvent = TenantCreated | RoleGranted | RoleWithdrawn
