"""Join policy of a tenant: who may open an account in it."""

import re
from typing import Final, Literal

from domain.kernel import Rejected, value
from domain.values import InvalidValue

JoinKind = Literal["closed", "invitation", "domain", "open"]
"""`closed`: nobody joins. `invitation`: people whom an administrator invites. `domain`: also people
with an address in one of the domains. `open`: everyone."""

DOMAIN: Final = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
"""A host name of two or more labels in lower case; international names in their ASCII form."""

MAX_DOMAINS: Final = 100


class JoiningRefused(Rejected):
    """You cannot open an account here. Ask an administrator to invite you."""

    code = "tenant.joining_refused"
    kind = "forbidden"


class InvitingRefused(Rejected):
    """This tenant is closed, so nobody can be invited. Change its join policy first."""

    code = "tenant.closed"


@value
class JoinPolicy:
    """Rule of who may open an account. `domains` are those of the kind `domain`, else empty."""

    kind: JoinKind
    domains: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.kind == "domain") != bool(self.domains):
            raise InvalidValue("Name domains for the policy `domain`, and for no other policy.")
        if len(self.domains) > MAX_DOMAINS or len(set(self.domains)) < len(self.domains):
            raise InvalidValue(f"Name at most {MAX_DOMAINS} domains, each of them once.")
        for name in self.domains:
            if not DOMAIN.fullmatch(name):
                raise InvalidValue(f"{name[:80]!r} is not a domain. Use one such as example.org.")

    def require_admits(self, email: str | None) -> None:
        """Raise JoiningRefused unless someone with this address may join without an invitation.

        The address must be verified before it gives access to anything.
        """
        admits = self.kind == "open" or (
            self.kind == "domain" and email is not None and domain_of(email) in self.domains
        )
        if not admits:
            raise JoiningRefused

    def require_invites(self) -> None:
        """Raise InvitingRefused if nobody may be invited."""
        if self.kind == "closed":
            raise InvitingRefused


def domain_of(email: str) -> str:
    """Return the domain of an address, in lower case. Subdomains are different domains."""
    return email.strip().rpartition("@")[2].lower()


CLOSED: Final = JoinPolicy("closed")
BY_INVITATION: Final = JoinPolicy("invitation")
OPEN: Final = JoinPolicy("open")
