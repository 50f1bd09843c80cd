"""The caller of a request: tenant, user, roles and trace."""

import re
from dataclasses import dataclass, field, replace
from typing import Final, cast
from uuid import UUID, uuid4, uuid5

from application.kernel.read_models import Visibility
from application.platform import Platform
from application.users.authorization import Act, Forbidden, Kind
from application.users.errors import SignInRequired
from application.users.tokens import AccessClaims
from domain.ids import TenantId, UserId
from domain.kernel import Origin, Rejected

ANONYMOUS: Final = "anonymous"
"""Actor of commands without a signed-in user."""

COMMANDS: Final = UUID("019f1a44-6c2e-7d1b-8f52-2b7a90c4e6d3")
"""Namespace of the command ids that clients choose."""

ID_PATTERN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:@-]{0,127}")
"""Excludes `/`, which separates the parts of read model keys, and special characters of paths."""


NEW_ID_PATTERN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}")
"""Of ids in new events, which stay forever: no e-mail address. Older ids may contain `@`."""


class IdInvalid(Rejected):
    """An id has 1 to 128 characters: a letter or digit, then letters, digits and any of `_.:-`."""

    code = "id.invalid"
    kind = "invalid"


def checked_id(value: str) -> str:
    """Return an id chosen by a client. Raises IdInvalid."""
    if not ID_PATTERN.fullmatch(value):
        raise IdInvalid
    return value


class FilterTooLong(Rejected):
    """A filter is longer than any value that it can match."""

    code = "filter.too_long"
    kind = "invalid"


def checked_filter(value: str | None, max_length: int) -> str | None:
    """Return a text that rows are filtered by. Raises FilterTooLong."""
    if value is not None and len(value) > max_length:
        raise FilterTooLong(f"A filter has {len(value)} characters; at most {max_length} match.")
    return value


SHARED_KINDS: Final = frozenset[Kind](["workout", "plan", "tenant"])
"""Resources that every member may read although one person wrote them, such as workouts."""


@dataclass(frozen=True)
class Caller:
    """The platform as one request may use it.

    Without `claims` the caller is anonymous. That is allowed only where sign-in is not required;
    there, all data belongs to one person.
    """

    platform: Platform
    tenant_id: TenantId
    correlation_id: UUID
    claims: AccessClaims | None = None
    path: str = ""
    """Path of the request."""
    request_id: UUID = field(default_factory=uuid4)
    """Made by the server for each request; unlike the correlation id, no client can choose it."""

    notes: list[UserId] = field(default_factory=list[UserId])
    """Users whose data this request has read for somebody else; each has a note of it."""

    def guarded(self) -> "Caller":
        """Return this caller with read models restricted to the rows that they may see.

        Queries still filter by owner. This protects against a query that forgets to.
        """
        visibility = Visibility(self.tenant_id, self._sees_owners)
        return replace(self, platform=self.platform.seen_by(visibility))

    def _sees_owners(self, kind: str | None) -> tuple[UserId, ...] | None:
        """Return the users whose rows of a kind the caller sees, or None for all users.

        Athletes of a trainer are those of the read model; `is_allowed` checks the log.
        """
        claims = self.claims
        if claims is None:
            return None
        if kind is None:
            return (claims.user_id,)
        of_kind = cast("Kind", kind)
        if self.alone_with(of_kind) is None:
            return None
        platform = self.platform
        if not platform.authorizer.is_allowed_to_trainers(claims.roles, "read", of_kind):
            return (claims.user_id,)
        return (claims.user_id, *platform.supervision.athletes(self.tenant_id, claims.user_id))

    def signed_in(self) -> AccessClaims:
        """Return the claims of the signed-in user. Raises SignInRequired."""
        if self.claims is None:
            raise SignInRequired
        return self.claims

    @property
    def cache_scope(self) -> tuple[str, ...]:
        """Everything about the caller that a response may depend on; part of cache keys."""
        if self.claims is None:
            return self.tenant_id, ANONYMOUS
        rules = self.platform.authorizer.policy_version
        return self.tenant_id, f"user:{self.claims.user_id}", rules, *sorted(self.claims.roles)

    def origin(self, actor: str = ANONYMOUS) -> Origin:
        """Return the origin of events. `actor` is used only for anonymous callers."""
        return Origin(
            tenant_id=self.tenant_id,
            actor=actor if self.claims is None else self.claims.user_id,
            correlation_id=self.correlation_id,
        )

    def command_id(self, chosen_id: UUID) -> UUID:
        """Return the command id for one that the client chose: its own, nobody else's."""
        who = self.cache_scope[1] if self.claims is None else self.claims.user_id
        return uuid5(COMMANDS, "\x1f".join((self.tenant_id, who, str(chosen_id))))

    def is_executed(self, command_id: UUID) -> bool:
        """Return whether a command has been executed."""
        return self.platform.log.done(self.tenant_id, command_id) is not None

    def is_allowed(self, act: Act, kind: Kind, owner: UserId | None) -> bool:
        """Return whether the caller may act on a resource of this owner; None stands for any owner.

        Reading another person's data is written to the access log (R-TEN-13).
        """
        claims = self.claims
        if claims is None:
            return True
        allowed = self.platform.authorizer.is_allowed(
            claims.user_id, claims.roles, act, kind, owner
        ) or self._is_athletes(act, kind, owner)
        if allowed and act == "read" and owner is not None and self._is_others(kind, owner):
            self.platform.privacy().access.note(
                owner, kind, self.path, origin=self.origin(), request_id=self.request_id
            )
            self.notes.append(owner)
        return allowed

    def _is_athletes(self, act: Act, kind: Kind, owner: UserId | None) -> bool:
        """Return whether the owner is an athlete who lets the caller do this at present."""
        claims, platform = self.claims, self.platform
        if claims is None or owner is None:
            return False
        if not platform.authorizer.is_allowed_to_trainers(claims.roles, act, kind):
            return False
        permission = platform.supervision.permission(self.tenant_id, owner, claims.user_id)
        if permission is None:
            return False
        return permission.video if kind == "film" else kind != "assignment" or permission.assign

    def _is_others(self, kind: Kind, owner: UserId) -> bool:
        return self.claims is not None and owner != self.claims.user_id and kind not in SHARED_KINDS

    def require(self, act: Act, kind: Kind, owner: UserId | None) -> None:
        """Raise Forbidden unless the caller may act on a resource of this owner."""
        if not self.is_allowed(act, kind, owner):
            raise Forbidden

    def require_confirmed(self, act: Act, kind: Kind, owner: UserId | None) -> None:
        """Raise Forbidden as `require` does, and ConfirmationRequired for sensitive changes.

        The second factor of the caller, if they have one, must have confirmed the sign-in recently.
        """
        self.require(act, kind, owner)
        if self.claims is not None:
            self.platform.privacy().reauthentication.require_confirmation(self.claims)

    def sees(self, kind: Kind, owner: UserId | None) -> bool:
        """Return whether the caller may read a resource of this owner; if not, it is a 404."""
        return self.is_allowed("read", kind, owner)

    def sees_as_trainer(self, kind: Kind, athlete: UserId) -> bool:
        """Return whether the caller may read this because the athlete lets them, as a trainer.

        Other roles of the caller do not count.
        """
        return self._is_athletes("read", kind, athlete) and self.sees(kind, athlete)

    def assigns_to(self, athlete: UserId) -> bool:
        """Return whether the caller is a trainer who may assign workouts to this athlete now."""
        return self._is_athletes("write", "assignment", athlete) and self.is_allowed(
            "write", "assignment", athlete
        )

    def alone_with(self, kind: Kind) -> UserId | None:
        """Return the only user whose resources the caller sees, or None for all users."""
        if self.claims is None or self.sees(kind, None):
            return None
        return self.claims.user_id
