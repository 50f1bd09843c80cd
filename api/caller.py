"""Who asks: their tenant, their roles, and the chain of messages that a request belongs to."""

import re
from dataclasses import dataclass, replace
from typing import Annotated, Final, cast
from uuid import UUID

from fastapi import Depends, Header, Request
from pydantic import AfterValidator
from starlette.requests import HTTPConnection

from api.problem_details import correlation_id, title_of
from application.kernel.read_models import Visibility
from application.platform import Platform
from application.users.authorization import Act, Forbidden, Kind
from application.users.errors import SignInRequired, TenantMismatch
from application.users.tokens import AccessClaims
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin, Rejected

ANONYMOUS: Final = "anonymous"
"""The actor of commands while nobody signs in."""

TENANT_PATTERN: Final = r"^[a-z0-9_-]{1,64}$"

ID_PATTERN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:@-]{0,127}")
"""No `/`, which separates the parts of keys in read models, and nothing special in a path."""


class IdInvalid(Rejected):
    """An id has 1 to 128 characters: a letter or digit, then letters, digits and any of `_.:@-`."""

    code = "id.invalid"
    kind = "invalid"


class TenantInvalid(Rejected):
    """A tenant's name has 1 to 64 of the characters a to z, 0 to 9, `_` and `-`."""

    code = "tenant.invalid"
    kind = "invalid"


def checked_id(given: str) -> str:
    """Return an id that a client chose, if nothing but itself can be meant by it."""
    if not ID_PATTERN.fullmatch(given):
        raise IdInvalid
    return given


def _id(given: str) -> str:
    if not ID_PATTERN.fullmatch(given):
        raise ValueError(title_of(IdInvalid).rstrip("."))
    return given


Id = Annotated[str, AfterValidator(_id)]
"""An id in a path, query or form."""


SHARED_KINDS: Final = frozenset[Kind](["workout", "tenant"])
"""What is no person's data, though somebody wrote it: every member reads prescriptions."""


@dataclass(frozen=True)
class Caller:
    """The platform as one request may use it.

    Without `claims` nobody has signed in: that is let through only where nobody has to, and there
    one person is alone with all that is theirs.
    """

    platform: Platform
    tenant_id: TenantId
    correlation_id: UUID
    claims: AccessClaims | None = None
    asked: str = ""
    """The path that was asked."""

    def guarded(self) -> "Caller":
        """Give the same caller, whose platform shows rows that are for them, and no others.

        What is theirs is asked for by name all the same; this is for the question that forgets it.
        """
        read = self.platform.read.seen_by(Visibility(self.tenant_id, self._sees_alone))
        return replace(self, platform=replace(self.platform, read=read))

    def _sees_alone(self, kind: str | None) -> UserId | None:
        """Say whose rows of a kind are all that they see; of no kind, their own."""
        if kind is None:
            return None if self.claims is None else self.claims.user_id
        return self.alone_with(cast("Kind", kind))

    @property
    def cache_scope(self) -> tuple[str, ...]:
        """All about who asks that an answer may depend on: a kept one is given to nobody else."""
        if self.claims is None:
            return self.tenant_id, ANONYMOUS
        rules = self.platform.authorizer.policy_version
        return self.tenant_id, f"user:{self.claims.user_id}", rules, *sorted(self.claims.roles)

    def origin(self, actor: str = ANONYMOUS) -> Origin:
        """Say who asked, for the envelope of events; `actor` is believed of nobody signed in."""
        return Origin(
            tenant_id=self.tenant_id,
            actor=actor if self.claims is None else self.claims.user_id,
            correlation_id=self.correlation_id,
        )

    def is_allowed(self, act: Act, kind: Kind, owner: UserId | None) -> bool:
        """Whether they may do this with something of this owner; None: of anybody.

        That somebody reads what is another person's is written down (R-TEN-13).
        """
        claims = self.claims
        if claims is None:
            return True
        allowed = self.platform.authorizer.is_allowed(
            claims.user_id, claims.roles, act, kind, owner
        )
        if allowed and act == "read" and owner is not None and self._is_others(kind, owner):
            self.platform.privacy().access.note(owner, kind, self.asked, origin=self.origin())
        return allowed

    def _is_others(self, kind: Kind, owner: UserId) -> bool:
        return self.claims is not None and owner != self.claims.user_id and kind not in SHARED_KINDS

    def require(self, act: Act, kind: Kind, owner: UserId | None) -> None:
        """Raise Forbidden for what they may not do."""
        if not self.is_allowed(act, kind, owner):
            raise Forbidden

    def sees(self, kind: Kind, owner: UserId | None) -> bool:
        """Whether something of this owner is there for them: to whom it is not, it is nowhere."""
        return self.is_allowed("read", kind, owner)

    def alone_with(self, kind: Kind) -> UserId | None:
        """Say whose things of a kind are all that they see; None: everybody's."""
        if self.claims is None or self.sees(kind, None):
            return None
        return self.claims.user_id


def platform_of(request: HTTPConnection) -> Platform:
    """The platform that the application was made for."""
    return cast("Platform", request.app.state.platform)


def claims_of(request: HTTPConnection) -> AccessClaims | None:
    """Tell what the access token of a request says, which the gate has read."""
    return cast("AccessClaims | None", getattr(request.state, "claims", None))


async def _caller(
    request: Request,
    x_tenant_id: Annotated[
        str | None,
        Header(
            pattern=TENANT_PATTERN,
            description="The tenant whose data this is about: that of the access token, or "
            f"`{DEFAULT_TENANT}` where there is none.",
        ),
    ] = None,
) -> Caller:
    return caller_of(request, claims_of(request), x_tenant_id)


def caller_of(connection: HTTPConnection, claims: AccessClaims | None, named: str | None) -> Caller:
    """Say who asks: by their token, and by the tenant that they name, if any.

    Raises TenantMismatch, and TenantInvalid.
    """
    tenant = named or (DEFAULT_TENANT if claims is None else claims.tenant_id)
    if not re.fullmatch(TENANT_PATTERN, tenant):
        raise TenantInvalid
    if claims is not None and tenant != claims.tenant_id:
        raise TenantMismatch
    platform, chain = platform_of(connection), correlation_id(connection)
    caller = Caller(platform, TenantId(tenant), chain, claims, connection.url.path)
    return caller.guarded()


CurrentCaller = Annotated[Caller, Depends(_caller)]
"""Whoever has come through the gate."""


async def _signed_in(request: Request, caller: CurrentCaller) -> AccessClaims:
    if caller.claims is None:
        raise getattr(request.state, "refusal", None) or SignInRequired
    return caller.claims


CurrentClaims = Annotated[AccessClaims, Depends(_signed_in)]
"""What the access token says of whoever has signed in; others are refused."""
