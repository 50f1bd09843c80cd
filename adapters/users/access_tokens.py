"""Access tokens are signed with ECDSA on P-256; whoever has the public keys can read them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast, get_args
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError

from adapters.users.key_ring import ALGORITHM, KeyRing
from application.kernel.cache import LruCache
from application.kernel.ports import Clock
from application.users.errors import TokenRefused
from application.users.tokens import AccessClaims
from domain.ids import TenantId, UserId
from domain.tenants.roles import Role, StaffRole

TYPE: Final = "at+jwt"
"""RFC 9068, section 2.1: so that no other kind of token is taken for an access token."""

AUDIENCE: Final = "kinelog"

LEEWAY: Final = timedelta(seconds=5)
"""By so much the clocks of our own machines may differ."""

MOST_KNOWN: Final = 10_000
"""Tokens that are remembered, of half a kilobyte each."""

ROLES: Final = frozenset({"member", *get_args(StaffRole)})


class JoseTokens:
    """A `TokenSigner`. `issuer` is the address of this Kinelog. Any thread may ask.

    What was read once is remembered for as long as it is valid: a signature never changes.
    """

    def __init__(self, ring: KeyRing, *, issuer: str, clock: Clock) -> None:
        self._ring = ring
        self._issuer = issuer
        self._clock = clock
        self._known = LruCache[str, AccessClaims](MOST_KNOWN)

    def sign(self, claims: AccessClaims) -> str:
        kid, key = self._ring.signing()
        content: dict[str, Any] = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": claims.user_id,
            "tenant": claims.tenant_id,
            "roles": sorted(claims.roles),
            "sid": str(claims.sign_in_id),
            "uid": claims.pose_coach_uid,
            "iat": int(claims.issued_at.timestamp()),
            "exp": int(claims.expires_at.timestamp()),
        }
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": kid}
        return jwt.encode(header, content, key, algorithms=[ALGORITHM])

    def cached(self, token: str) -> AccessClaims | None:
        """Tell what a token says that was read lately; None says nothing."""
        known = self._known.get(token)
        if known is None or self._clock() > known.expires_at + LEEWAY:
            return None
        return known

    def read(self, token: str) -> AccessClaims:
        known = self.cached(token)
        if known is None:
            known = self._read(token)
            self._known.put(token, known)
        return known

    def _read(self, token: str) -> AccessClaims:
        try:
            read = jwt.decode(token, self._ring.of, algorithms=[ALGORITHM])
            if read.header.get("typ") != TYPE:
                raise TokenRefused
            self._expectations().validate(read.claims)
            return _claims(read.claims)
        except (JoseError, ValueError, KeyError, TypeError) as refused:
            raise TokenRefused from refused

    def _expectations(self) -> jwt.JWTClaimsRegistry:
        essential: Any = {"essential": True}
        return jwt.JWTClaimsRegistry(
            now=int(self._clock().timestamp()),
            leeway=int(LEEWAY.total_seconds()),
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": AUDIENCE},
            exp=essential,
            iat=essential,
            sub=essential,
        )


def _claims(content: Mapping[str, Any]) -> AccessClaims:
    """Read the claims of a token whose signature and times are right."""
    if not all(isinstance(content[name], str) for name in ("sub", "tenant", "sid", "uid")):
        raise TokenRefused
    roles = frozenset(cast("list[Role]", content["roles"]))
    if not roles <= ROLES:
        raise TokenRefused
    return AccessClaims(
        user_id=UserId(content["sub"]),
        tenant_id=TenantId(content["tenant"]),
        roles=roles,
        sign_in_id=UUID(content["sid"]),
        pose_coach_uid=content["uid"],
        issued_at=datetime.fromtimestamp(content["iat"], UTC),
        expires_at=datetime.fromtimestamp(content["exp"], UTC),
    )
