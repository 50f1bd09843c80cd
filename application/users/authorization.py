"""Who may do what with whose: every door asks, a policy answers."""

from typing import Literal, Protocol

from domain.ids import UserId
from domain.kernel import Rejected
from domain.tenants.roles import Role

Act = Literal["read", "write"]

Kind = Literal["session", "recording", "job", "profile", "workout", "tenant"]
"""What belongs to somebody. Sums over sessions are sessions."""


class NotAllowed(Rejected):
    """This is for somebody else to do, or for somebody with another role."""

    code = "authorization.not_allowed"
    kind = "forbidden"


class Authorizer(Protocol):
    """Decides by roles, and by whether something is one's own."""

    @property
    def edition(self) -> str:
        """Name of the rules: an answer kept under other rules is not given again."""
        ...

    def may(
        self, user_id: UserId, roles: frozenset[Role], act: Act, kind: Kind, owner: UserId | None
    ) -> bool:
        """Whether somebody may do this with something of this owner; None: of anybody."""
        ...
