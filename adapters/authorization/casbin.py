"""Casbin authorizer: roles and ownership, from a policy file."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, Final

import casbin  # type: ignore[import-untyped]  # no type stubs; used only here

from application.users.authorization import Act, Kind
from domain.ids import UserId
from domain.tenants.roles import Role

HERE: Final = Path(__file__).parent

SELF: Final = "self"
OTHERS: Final = "others"
ATHLETES: Final = "athletes"


class CasbinAuthorizer:
    """Implements `Authorizer` on `model.conf` and `policy.csv`. Thread-safe.

    A decision depends only on the role, the act, the kind and whether the resource is the user's
    own, so each combination is evaluated once and cached. One is evaluated at a time: Casbin parses
    an expression each time, and until Python 3.11.8 concurrent parsing may fail.
    """

    def __init__(self) -> None:
        model, policy = HERE / "model.conf", HERE / "policy.csv"
        enforcer: Any = casbin.Enforcer(str(model), str(policy))
        one_at_a_time = Lock()

        @cache
        def decide(*request: str) -> bool:
            with one_at_a_time:
                return bool(enforcer.enforce(*request))

        self._decide = decide
        self.policy_version = sha256(model.read_bytes() + policy.read_bytes()).hexdigest()

    def is_allowed(
        self, user_id: UserId, roles: frozenset[Role], act: Act, kind: Kind, owner: UserId | None
    ) -> bool:
        """Return whether one of the roles permits the act."""
        ownership = SELF if owner == user_id else OTHERS
        return any(self._decide(role, SELF, act, kind, ownership) for role in roles)

    def is_allowed_to_trainers(self, roles: frozenset[Role], act: Act, kind: Kind) -> bool:
        """Return whether one of the roles permits the act on an athlete of theirs.

        A role that permits it on everybody, such as reading figures as an analyst, does not count.
        """
        return any(
            self._decide(role, SELF, act, kind, ATHLETES)
            and not self._decide(role, SELF, act, kind, OTHERS)
            for role in roles
        )
