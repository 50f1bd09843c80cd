"""Who may do what stands in a Casbin model with roles and an owner, and in a file of policies."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import casbin  # type: ignore[import-untyped]  # without type stubs; this is its only reader

from application.users.authorization import Act, Kind
from domain.ids import UserId
from domain.tenants.roles import Role

HERE: Final = Path(__file__).parent

SELF: Final = "self"
OTHERS: Final = "others"


class CasbinAuthorizer:
    """An `Authorizer` on `model.conf` and `policy.csv`. Any thread may ask.

    A decision depends on the role, the act, the kind and whether it is one's own, and on nothing
    else: each is asked of Casbin once.
    """

    def __init__(self) -> None:
        model, policy = HERE / "model.conf", HERE / "policy.csv"
        enforcer: Any = casbin.Enforcer(str(model), str(policy))
        self._decide = cache(enforcer.enforce)
        self.edition = sha256(model.read_bytes() + policy.read_bytes()).hexdigest()

    def may(
        self, user_id: UserId, roles: frozenset[Role], act: Act, kind: Kind, owner: UserId | None
    ) -> bool:
        whose = SELF if owner == user_id else OTHERS
        return any(self._decide(role, SELF, act, kind, whose) for role in roles)
