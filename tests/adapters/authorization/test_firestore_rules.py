"""Firestore's rules and the Casbin policies decide alike."""

from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from adapters.authorization.casbin import CasbinAuthorizer
from application.users.authorization import Act
from domain.ids import UserId
from domain.tenants.roles import Role
from tests.adapters.authorization.firestore_rules import NotUnderstoodError, Rules, read

FILE = Path(__file__).parents[3] / "deploy" / "firestore" / "firestore.rules"
TEXT = FILE.read_text()
RULES = read(TEXT)

DOCUMENTS = "/databases/(default)/documents"


@dataclass(frozen=True)
class Somebody:
    """Caller: Firestore identifies them by their Firebase UID, Kinelog by its own id (R-IDN-14)."""

    name: str
    uid: str | None
    user_id: UserId
    roles: frozenset[Role]


def somebody(name: str, *roles: Role) -> Somebody:
    return Somebody(name, f"{name}-uid", UserId(name), frozenset({"member", *roles}))


OWNER = somebody("owner")
PEOPLE = (
    Somebody("anonymous", None, UserId("-"), frozenset()),
    OWNER,
    somebody("another"),
    somebody("of_another_tenant"),
    somebody("trainer", "trainer"),
    somebody("analyst", "analyst"),
    somebody("administrator", "administrator"),
    somebody("all_roles", "trainer", "analyst", "administrator"),
)
ACTS: dict[str, Act] = {
    "get": "read", "list": "read", "create": "write", "update": "write", "delete": "write",
}  # fmt: skip


def disagreements(rules: Rules) -> list[tuple[str, str, str]]:
    """Compare both for every caller and method, on the owner's document and on their own."""
    casbin = CasbinAuthorizer()
    found: list[tuple[str, str, str]] = []
    for person, method, whose in product(PEOPLE, ACTS, ("the owner's", "their own")):
        owner = OWNER if whose == "the owner's" else person
        path = f"{DOCUMENTS}/users/{owner.uid}/workoutSessions/monday"
        reported = rules.allow(method, path, person.uid)
        decided = casbin.is_allowed(
            person.user_id, person.roles, ACTS[method], "pose_coach_session", owner.user_id
        )
        if reported != decided:
            found.append((person.name, method, whose))
    return found


def test_both_engines_give_the_same_answer_to_every_request() -> None:
    """R-TEN-08, C-12: 8 people, 5 methods, somebody's path and their own."""
    assert disagreements(RULES) == []


def test_the_owner_may_do_everything_and_nobody_else_anything() -> None:
    """R-TEN-08"""
    path = f"{DOCUMENTS}/users/owner-uid/workoutSessions/monday"
    for person, method in product(PEOPLE, ACTS):
        assert RULES.allow(method, path, person.uid) is (person is OWNER), (person.name, method)


@pytest.mark.parametrize(
    "path",
    [
        "/users/owner-uid",
        "/users/owner-uid/workoutSessions",
        "/users/owner-uid/workoutSessions/monday/frames/1",
        "/users/owner-uid/profile/me",
        "/users//workoutSessions/monday",
        "/workoutSessions/monday",
        "/other/users/owner-uid/workoutSessions/monday",
    ],
)
def test_an_action_without_a_rule_is_refused_to_everybody(path: str) -> None:
    """R-TEN-08"""
    assert not any(RULES.allow(method, DOCUMENTS + path, OWNER.uid) for method in ACTS)


def test_an_anonymous_caller_does_not_own_documents_without_owner() -> None:
    """R-IDN-16: neither with an empty uid nor without one."""
    for uid in (None, ""):
        for owner in ("", "null", "None"):
            path = f"{DOCUMENTS}/users/{owner}/workoutSessions/monday"
            assert not any(RULES.allow(method, path, uid) for method in ACTS)


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        (" && request.auth.uid == userId", ""),
        ("request.auth != null && request.auth.uid == userId", "true"),
        ("read, write", "read"),
        ("read, write", "get, write"),
        ("== userId", "!= userId"),
        ("/users/{userId}/workoutSessions/{sessionId}", "/users/{userId}"),
        (": if request.auth != null && request.auth.uid == userId", ""),
    ],
)
def test_a_changed_rule_is_detected(said: str, instead: str) -> None:
    """The comparison fails when a rule changes."""
    assert said in TEXT
    assert disagreements(read(TEXT.replace(said, instead)))


@pytest.mark.parametrize(
    ("said", "instead"),
    [("&&", "||"), ("'2'", "'1'"), ("allow read", "allow reed"), ("userId;", "isOwner();")],
)
def test_an_unknown_condition_is_refused(said: str, instead: str) -> None:
    with pytest.raises(NotUnderstoodError):
        read(TEXT.replace(said, instead))
