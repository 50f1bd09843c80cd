"""Access tokens: JWTs signed with ECDSA on P-256, verifiable with the public keys."""

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
from application.users.tokens import AccessClaims, Assurance
from domain.ids import TenantId, UserId
from domain.tenants.roles import Role, StaffRole

TYPE: Final = "at+jwt"
"""RFC 9068, section 2.1: keeps other kinds of token from being accepted as access tokens."""

AUDIENCE: Final = "kinelog"

LEEWAY: Final = timedelta(seconds=5)
"""Maximum clock difference between our own machines."""

MAX_CACHED: Final = 10_000
"""Cached tokens, of half a kilobyte each."""

ROLES: Final = frozenset({"member", *get_args(StaffRole)})


class JoseTokens:
    """Implements `TokenSigner`. `issuer` is our public URL. Thread-safe.

    Verified tokens are cached until they expire, because a signature never changes.
    """

    def __init__(self, ring: KeyRing, *, issuer: str, clock: Clock) -> None:
        self._ring = ring
        self._issuer = issuer
        self._clock = clock
        self._cache = LruCache[str, AccessClaims](MAX_CACHED)

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
            "acr": claims.assurance,
            "iat": int(claims.issued_at.timestamp()),
            "exp": int(claims.expires_at.timestamp()),
        }
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": kid}
        return jwt.encode(header, content, key, algorithms=[ALGORITHM])

    def read_cached(self, token: str) -> AccessClaims | None:
        """Return the claims of a recently verified token; None means that `read` is needed."""
        claims = self._cache.get(token)
        if claims is None or self._clock() > claims.expires_at + LEEWAY:
            return None
        return claims

    def read(self, token: str) -> AccessClaims:
        claims = self.read_cached(token)
        if claims is None:
            claims = self._read(token)
            self._cache.put(token, claims)
        return claims

    def _read(self, token: str) -> AccessClaims:
        try:
            decoded = jwt.decode(token, self._ring.of, algorithms=[ALGORITHM])
            if decoded.header.get("typ") != TYPE:
                raise TokenRefused
            self._claims_registry().validate(decoded.claims)
            return _claims(decoded.claims)
        except (JoseError, ValueError, KeyError, TypeError) as refused:
            raise TokenRefused from refused

    def _claims_registry(self) -> jwt.JWTClaimsRegistry:
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
    """Convert the claims of a verified token. Raises TokenRefused."""
    if not all(isinstance(content[name], str) for name in ("sub", "tenant", "sid", "uid")):
        raise TokenRefused
    roles = frozenset(cast("list[Role]", content["roles"]))
    if not roles <= ROLES:
        raise TokenRefused
    assurance = content.get("acr", "full")  # tokens of the previous version have none
    if assurance not in get_args(Assurance):
        raise TokenRefused
    return AccessClaims(
        user_id=UserId(content["sub"]),
        tenant_id=TenantId(content["tenant"]),
        roles=roles,
        sign_in_id=UUID(content["sid"]),
        pose_coach_uid=content["uid"],
        issued_at=datetime.fromtimestamp(content["iat"], UTC),
        expires_at=datetime.fromtimestamp(content["exp"], UTC),
        assurance=cast("Assurance", assurance),
    )
