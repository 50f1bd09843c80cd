"""Tenant decider: an organization and its staff roles.

Members are not listed here: every account of the tenant is a member, with its own stream. A list in
one stream would make concurrent registrations conflict.
"""

from dataclasses import replace
from typing import Final

from domain.ids import UserId
from domain.kernel import Decider, value
from domain.tenants import commands, events
from domain.tenants.join_policy import BY_INVITATION, JoinPolicy
from domain.tenants.roles import Role, StaffRole

TENANT_STREAM_ID: Final = "self"
"""Each tenant has one stream, `tenant-self`, in its own part of the log."""


Staff = frozenset[tuple[UserId, StaffRole]]
"""Staff roles by user."""


@value
class Uncreated:
    """The tenant does not exist, or is `default`, which needs no creation."""


@value
class Active:
    """An existing tenant, its staff and its join policy.

    Tenants from before there were policies accept invited people, as administrators are used to.
    """

    name: str
    staff: Staff = frozenset()
    join: JoinPolicy = BY_INVITATION


Tenant = Uncreated | Active


def roles(tenant: Tenant, user_id: UserId) -> frozenset[Role]:
    """Return the roles of a user of the tenant: `member`, and staff roles."""
    granted: Staff = tenant.staff if isinstance(tenant, Active) else frozenset()
    assigned: set[Role] = {"member"}
    assigned.update(role for who, role in granted if who == user_id)
    return frozenset(assigned)


def administrators(tenant: Tenant) -> frozenset[UserId]:
    """Return the administrators of the tenant."""
    granted: Staff = tenant.staff if isinstance(tenant, Active) else frozenset()
    return frozenset(who for who, role in granted if role == "administrator")


def decide(command: commands.TenantCommand, tenant: Tenant) -> tuple[events.TenantEvent, ...]:
    """Return the events of a command in this state, or raise its refusal."""
    match command:
        case commands.CreateTenant(name=name, administrator=first, at=at, join=join):
            if isinstance(tenant, Active):
                raise commands.TenantAlreadyCreated
            return (
                events.TenantCreated(name=name, at=at),
                events.RoleGranted(user_id=first, role="administrator"),
                _changed(join),
            )
        case commands.GrantRole(user_id=who, role=role):
            has_role = (who, role) in _created(tenant).staff
            return () if has_role else (events.RoleGranted(user_id=who, role=role),)
        case commands.WithdrawRole(user_id=who, role=role):
            staff = _created(tenant).staff
            if (who, role) not in staff:
                return ()
            if role == "administrator":
                _require_administrator(staff - {(who, role)})
            return (events.RoleWithdrawn(user_id=who, role=role),)
        case commands.ChangeJoinPolicy(policy=policy):
            return () if policy == _created(tenant).join else (_changed(policy),)
        case commands.ChangeGatewayAccounts(mode=mode, gateways=gateways, at=at):
            _created(tenant)
            return (events.GatewayAccountsChanged(mode=mode, gateways=gateways, at=at),)


def _changed(policy: JoinPolicy) -> events.JoinPolicyChanged:
    return events.JoinPolicyChanged(kind=policy.kind, domains=policy.domains)


def _created(tenant: Tenant) -> Active:
    if isinstance(tenant, Uncreated):
        raise commands.TenantUnknown(
            "The tenant has not been created. Create it by `kinelog tenants create`."
        )
    return tenant


def _require_administrator(staff: Staff) -> None:
    if not any(role == "administrator" for _, role in staff):
        raise commands.LastAdministrator


def evolve(tenant: Tenant, event: events.TenantEvent) -> Tenant:
    """Apply an event. History is never refused."""
    match event:
        case events.TenantCreated(name=name):
            return tenant if isinstance(tenant, Active) else Active(name)
        case events.RoleGranted(user_id=who, role=role):
            return _with_staff(tenant, added=frozenset({(who, role)}))
        case events.RoleWithdrawn(user_id=who, role=role):
            return _with_staff(tenant, removed=frozenset({(who, role)}))
        case events.JoinPolicyChanged(kind=kind, domains=domains):
            if isinstance(tenant, Uncreated):
                return tenant
            return replace(tenant, join=JoinPolicy(kind, domains))
        case events.GatewayAccountsChanged():
            return tenant  # the accounts themselves are stored apart, encrypted


def _with_staff(
    tenant: Tenant, *, added: Staff = frozenset(), removed: Staff = frozenset()
) -> Tenant:
    if isinstance(tenant, Uncreated):
        return tenant
    return replace(tenant, staff=(tenant.staff | added) - removed)


TENANT = Decider[commands.TenantCommand, events.TenantEvent, Tenant](
    "tenant", initial=Uncreated(), decide=decide, evolve=evolve
)
