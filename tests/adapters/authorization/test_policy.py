"""Every role, action and kind, for own and other resources: forbidden ones appear as missing."""

from itertools import product
from typing import get_args

import pytest

from adapters.authorization.casbin import CasbinAuthorizer
from application.users.administration import PLAN_WRITERS
from application.users.authorization import Act, Kind
from domain.ids import UserId
from domain.tenants.roles import Role, StaffRole

ADA, EVE = UserId("ada"), UserId("eve")
ROLES: tuple[Role, ...] = ("member", *get_args(StaffRole))

OWN: set[tuple[Act, Kind]] = {
    ("read", "session"),
    ("write", "session"),
    ("read", "recording"),
    ("write", "recording"),
    ("read", "custom_exercise"),
    ("write", "custom_exercise"),
    ("read", "film"),
    ("read", "comment"),
    ("read", "supervision"),
    ("write", "supervision"),
    ("read", "assignment"),
    ("write", "assignment"),
    ("read", "program"),
    ("write", "program"),
    ("read", "health"),
    ("write", "health"),
    ("read", "job"),
    ("write", "job"),
    ("read", "profile"),
    ("write", "profile"),
    ("read", "workout"),
    ("write", "workout"),
    ("read", "pose_coach_session"),
    ("write", "pose_coach_session"),
    ("read", "pose_coach_report"),
    ("read", "plan"),
    ("read", "enrollment"),
    ("write", "enrollment"),
    ("read", "subscription"),
    ("write", "subscription"),
    ("read", "payment"),
}
OWN_AS: dict[Role, set[tuple[Act, Kind]]] = {
    "trainer": {
        ("write", "plan"),
        ("read", "coupon"),
        ("write", "coupon"),
        ("read", "athlete_invitation"),
        ("write", "athlete_invitation"),
        ("read", "content"),
        ("write", "content"),
    }
}
OF_ATHLETES: set[tuple[Act, Kind]] = {
    ("read", "session"),
    ("read", "recording"),
    ("read", "film"),
    ("read", "comment"),
    ("write", "comment"),
    ("read", "assignment"),
    ("write", "assignment"),
}
"""What trainers may do with athletes who let them see their training."""

ANYBODYS: dict[Role, set[tuple[Act, Kind]]] = {
    "member": {("read", "workout"), ("read", "plan")},
    "trainer": {("read", "workout"), ("write", "workout"), ("read", "plan")},
    "analyst": {
        ("read", "workout"),
        ("read", "session"),
        ("read", "plan"),
        ("read", "population"),
    },
    "administrator": {
        ("read", "workout"),
        ("read", "plan"),
        ("write", "plan"),
        ("read", "coupon"),
        ("write", "coupon"),
        ("read", "profile"),
        ("write", "profile"),
        ("write", "tenant"),
        ("write", "refund"),
        ("read", "payment"),
        ("read", "population"),
        ("write", "payment"),
        ("read", "content"),
        ("write", "content"),
        ("write", "take_down"),
    },
}


@pytest.fixture(scope="module")
def authorizer() -> CasbinAuthorizer:
    return CasbinAuthorizer()


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_this_and_nothing_else(authorizer: CasbinAuthorizer, role: Role) -> None:
    """R-TEN-06, R-CAT-06, C-12."""
    for act, kind in product(get_args(Act), get_args(Kind)):
        requested = (act, kind)
        held = frozenset({role})
        own = requested in OWN | OWN_AS.get(role, set()) | ANYBODYS[role]
        assert authorizer.is_allowed(ADA, held, act, kind, ADA) is own, requested
        for owner in (EVE, None):
            others = requested in ANYBODYS[role]
            assert authorizer.is_allowed(ADA, held, act, kind, owner) is others, requested


@pytest.mark.parametrize("role", ROLES)
def test_trainers_see_the_training_of_their_athletes(
    authorizer: CasbinAuthorizer, role: Role
) -> None:
    """R-TEN-06, R-CAT-06: what a role may do with everybody's does not count."""
    for act, kind in product(get_args(Act), get_args(Kind)):
        requested = (act, kind)
        expected = role == "trainer" and requested in OF_ATHLETES
        held = frozenset({role})
        assert authorizer.is_allowed_to_trainers(held, act, kind) is expected, requested


def test_plans_are_withdrawn_with_the_last_role_that_may_change_them(
    authorizer: CasbinAuthorizer,
) -> None:
    """R-TEN-06, R-CAT-06: the roles that withdraw a user's plans are those of the policy."""
    for role in ROLES:
        may_write = authorizer.is_allowed(ADA, frozenset({role}), "write", "plan", ADA)
        assert may_write is (role in PLAN_WRITERS), role


def test_permissions_are_the_union_of_roles(authorizer: CasbinAuthorizer) -> None:
    both: frozenset[Role] = frozenset({"trainer", "analyst"})
    assert authorizer.is_allowed(ADA, both, "read", "session", EVE)
    assert authorizer.is_allowed(ADA, both, "write", "workout", EVE)
    assert not authorizer.is_allowed(ADA, frozenset(), "read", "session", ADA)


def test_usernames_do_not_affect_the_policy(authorizer: CasbinAuthorizer) -> None:
    """Ids are compared, never parsed: a user cannot be named after a role or part of the model."""
    for name in ("own", "anybody's", "others", "self", "*", "administrator"):
        assert not authorizer.is_allowed(
            UserId(name), frozenset({"member"}), "read", "session", EVE
        )
        assert not authorizer.is_allowed(
            EVE, frozenset({"member"}), "read", "session", UserId(name)
        )
