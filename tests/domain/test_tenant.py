from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import strategies as st

from domain.ids import UserId
from domain.tenants import commands, events
from domain.tenants.join_policy import (
    BY_INVITATION,
    CLOSED,
    OPEN,
    JoiningRefused,
    JoinKind,
    JoinPolicy,
)
from domain.tenants.roles import StaffRole
from domain.tenants.tenant import TENANT, Active, Uncreated, roles
from domain.values import InvalidValue
from tests.specification import for_any, is_refused, specification

given = specification(TENANT)

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
ADA, BOB = UserId("ada"), UserId("bob")
CREATED = events.TenantCreated(name="Iron & Sons", at=AT)
ADA_LEADS = events.RoleGranted(user_id=ADA, role="administrator")
CLOSES = events.JoinPolicyChanged(kind="closed", domains=())
BOB_TRAINS = events.RoleGranted(user_id=BOB, role="trainer")
CREATE = commands.CreateTenant(name="Iron & Sons", administrator=ADA, at=AT)


def grant(user_id: UserId, role: StaffRole) -> commands.GrantRole:
    return commands.GrantRole(user_id=user_id, role=role)


def withdraw(user_id: UserId, role: StaffRole) -> commands.WithdrawRole:
    return commands.WithdrawRole(user_id=user_id, role=role)


def test_a_tenant_begins_with_an_administrator() -> None:
    given().when(CREATE).then(CREATED, ADA_LEADS, CLOSES)
    given(CREATED, ADA_LEADS).when(CREATE).then_rejected(commands.TenantAlreadyCreated)


def test_a_role_is_given_once_and_taken_once() -> None:
    """R-CAT-06, R-EVT-16"""
    members = (CREATED, ADA_LEADS)
    given(*members).when(grant(BOB, "trainer")).then(BOB_TRAINS)
    given(*members, BOB_TRAINS).when(grant(BOB, "trainer")).then_nothing()
    given(*members, BOB_TRAINS).when(withdraw(BOB, "trainer")).then(
        events.RoleWithdrawn(user_id=BOB, role="trainer")
    )
    given(*members).when(withdraw(BOB, "trainer")).then_nothing()


def test_a_tenant_keeps_an_administrator() -> None:
    last = withdraw(ADA, "administrator")
    given(CREATED, ADA_LEADS, BOB_TRAINS).when(last).then_rejected(commands.LastAdministrator)
    bob_leads = events.RoleGranted(user_id=BOB, role="administrator")
    given(CREATED, ADA_LEADS, bob_leads).when(last).then(
        events.RoleWithdrawn(user_id=ADA, role="administrator")
    )


@pytest.mark.parametrize("command", [grant(ADA, "analyst"), withdraw(ADA, "analyst")])
def test_a_tenant_that_was_not_created_has_no_staff(command: commands.TenantCommand) -> None:
    given().when(command).then_rejected(commands.TenantUnknown)


def test_everybody_with_an_account_is_a_member() -> None:
    """R-CAT-06: member, trainer, analyst, administrator."""
    tenant = given(CREATED, ADA_LEADS, BOB_TRAINS).state
    assert roles(tenant, ADA) == {"member", "administrator"}
    assert roles(tenant, BOB) == {"member", "trainer"}
    assert roles(tenant, UserId("eve")) == {"member"}
    assert roles(Uncreated(), ADA) == {"member"}


@pytest.mark.parametrize("name", ["", " Iron", "x" * 201])
def test_a_tenant_has_a_name(name: str) -> None:
    is_refused(InvalidValue, lambda: commands.CreateTenant(name=name, administrator=ADA, at=AT))


staff_roles = st.sampled_from(["trainer", "analyst", "administrator"])
people = st.sampled_from([ADA, BOB])
any_command: st.SearchStrategy[commands.TenantCommand] = st.one_of(
    st.builds(grant, people, staff_roles), st.builds(withdraw, people, staff_roles)
)


@for_any(st.lists(any_command, max_size=20))
def test_a_tenant_always_keeps_an_administrator(
    history: list[commands.TenantCommand],
) -> None:
    tenant = TENANT.fold(given(CREATED, ADA_LEADS).log_after(history))
    assert isinstance(tenant, Active)
    assert any(role == "administrator" for _, role in tenant.staff)


@for_any(st.permutations([CREATED, CREATED, ADA_LEADS, BOB_TRAINS]))
def test_the_fold_accepts_every_recorded_event(history: list[events.TenantEvent]) -> None:
    """R-EVT-14"""
    assert isinstance(TENANT.fold(history), Active)


DOMAINS = JoinPolicy("domain", ("example.org",))


@pytest.mark.parametrize(
    ("policy", "admitted"),
    [
        (CLOSED, {}),
        (BY_INVITATION, {}),
        (DOMAINS, {"ada@example.org", "ADA@EXAMPLE.ORG"}),
        (OPEN, {"ada@example.org", "ADA@EXAMPLE.ORG", "a@sub.example.org", "a@b@evil.test", None}),
    ],
)
def test_the_join_policy_decides_who_joins(policy: JoinPolicy, admitted: set[str | None]) -> None:
    """R-TEN-03: nobody joins a closed tenant, and only addresses of its domains the second."""
    people = ("ada@example.org", "ADA@EXAMPLE.ORG", "a@sub.example.org", "a@b@evil.test", None)
    for email in people:
        if email in admitted:
            policy.require_admits(email)
        else:
            is_refused(JoiningRefused, partial(policy.require_admits, email))


def test_a_new_tenant_is_closed_until_its_policy_changes() -> None:
    """R-TEN-03."""
    tenant = given(CREATED, ADA_LEADS, CLOSES).state
    assert isinstance(tenant, Active)
    assert tenant.join == CLOSED
    change = commands.ChangeJoinPolicy(policy=DOMAINS)
    changed = events.JoinPolicyChanged(kind="domain", domains=("example.org",))
    given(CREATED, ADA_LEADS, CLOSES).when(change).then(changed)
    given(CREATED, ADA_LEADS, CLOSES, changed).when(change).then_nothing()
    given().when(change).then_rejected(commands.TenantUnknown)


def test_changes_of_own_accounts_at_gateways_are_facts() -> None:
    """R-PAY-15: also other keys of the same accounts; only an existing tenant has some."""
    change = commands.ChangeGatewayAccounts(mode="live", gateways=("stripe",), at=AT)
    changed = events.GatewayAccountsChanged(mode="live", gateways=("stripe",), at=AT)
    given(CREATED, ADA_LEADS).when(change).then(changed)
    given(CREATED, ADA_LEADS, changed).when(change).then(changed)
    given().when(change).then_rejected(commands.TenantUnknown)


def test_a_tenant_from_before_join_policies_accepts_invited_people() -> None:
    """R-TEN-03."""
    tenant = given(CREATED, ADA_LEADS).state
    assert isinstance(tenant, Active)
    assert tenant.join == BY_INVITATION


@pytest.mark.parametrize(
    ("kind", "domains"),
    [
        ("open", ("example.org",)),
        ("domain", ()),
        ("domain", ("Example.org",)),
        ("domain", ("org",)),
        ("domain", ("@example.org",)),
        ("domain", ("example.org", "example.org")),
        ("domain", tuple(f"d{number}.org" for number in range(101))),
    ],
)
def test_a_join_policy_names_valid_domains(kind: JoinKind, domains: tuple[str, ...]) -> None:
    is_refused(InvalidValue, lambda: JoinPolicy(kind, domains))
