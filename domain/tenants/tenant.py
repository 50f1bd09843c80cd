"""A tenant: an organisation, and who has which role in it.

Members are not listed here: every account of the tenant is a member's, and each has its own
stream. A list of all of them in one stream would make every registration wait for every other.
"""

from dataclasses import replace
from typing import Final

from domain.ids import UserId
from domain.kernel import Decider, value
from domain.tenants import commands, events
from domain.tenants.roles import Role, StaffRole

TENANT_STREAM_ID: Final = "self"
"""A tenant has one stream, within its own part of the log: `tenant-self`."""


Staff = frozenset[tuple[UserId, StaffRole]]
"""Who has which role beside a member's."""


@value
class Uncreated:
    """There is no such tenant, or it is `default`, which nobody had to create."""


@value
class Active:
    """The organisation, with everybody who is more than a member."""

    name: str
    staff: Staff = frozenset()


Tenant = Uncreated | Active


def roles(tenant: Tenant, user_id: UserId) -> frozenset[Role]:
    """Tell the roles of somebody who has an account with the tenant: a member's, and others."""
    granted: Staff = tenant.staff if isinstance(tenant, Active) else frozenset()
    held: set[Role] = {"member"}
    held.update(role for who, role in granted if who == user_id)
    return frozenset(held)


def decide(command: commands.TenantCommand, tenant: Tenant) -> tuple[events.TenantEvent, ...]:
    """Say what happens when this is asked of a tenant in this state."""
    match command:
        case commands.CreateTenant(name=name, administrator=first, at=at):
            if isinstance(tenant, Active):
                raise commands.TenantAlreadyCreated
            return (
                events.TenantCreated(name=name, at=at),
                events.RoleGranted(user_id=first, role="administrator"),
            )
        case commands.GrantRole(user_id=who, role=role):
            known = (who, role) in _staff(tenant)
            return () if known else (events.RoleGranted(user_id=who, role=role),)
        case commands.WithdrawRole(user_id=who, role=role):
            staff = _staff(tenant)
            if (who, role) not in staff:
                return ()
            _require_administrator(staff - {(who, role)})
            return (events.RoleWithdrawn(user_id=who, role=role),)


def _staff(tenant: Tenant) -> Staff:
    if isinstance(tenant, Uncreated):
        raise commands.TenantUnknown
    return tenant.staff


def _require_administrator(staff: Staff) -> None:
    if not any(role == "administrator" for _, role in staff):
        raise commands.LastAdministrator


def evolve(tenant: Tenant, event: events.TenantEvent) -> Tenant:
    """Say what this fact changes. History is never refused."""
    match event:
        case events.TenantCreated(name=name):
            return tenant if isinstance(tenant, Active) else Active(name)
        case events.RoleGranted(user_id=who, role=role):
            return _with_staff(tenant, added=frozenset({(who, role)}))
        case events.RoleWithdrawn(user_id=who, role=role):
            return _with_staff(tenant, removed=frozenset({(who, role)}))


def _with_staff(
    tenant: Tenant, *, added: Staff = frozenset(), removed: Staff = frozenset()
) -> Tenant:
    if isinstance(tenant, Uncreated):
        return tenant
    return replace(tenant, staff=(tenant.staff | added) - removed)


TENANT = Decider[commands.TenantCommand, events.TenantEvent, Tenant](
    "tenant", initial=Uncreated(), decide=decide, evolve=evolve
)
