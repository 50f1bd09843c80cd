"""Access tokens are signed with ECDSA on P-256; whoever has the public keys can read them."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, Final, cast, get_args
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from adapters.identity.signing_keys import SqlSigningKeys, StoredKey
from application.identity.refusals import TokenRefused
from application.identity.signing_in import ACCESS_LIFETIME
from application.identity.tokens import AccessClaims
from application.ports import Clock
from application.sealing import Kms
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.tenants.roles import Role, StaffRole

ALGORITHM: Final = "ES256"
TYPE: Final = "at+jwt"
"""RFC 9068, section 2.1: so that no other kind of token is taken for an access token."""

AUDIENCE: Final = "kinelog"

LEEWAY_S: Final = 5
"""Seconds by which the clocks of our own machines may differ."""

AGAIN_S: Final = 0.1
"""Seconds between two looks because of an unknown key: strangers cannot make us look more often."""

HELD_S: Final = 30.0
"""Seconds for which keys are not looked up: the longest that a key signs after its succession."""

GRACE: Final = ACCESS_LIFETIME + timedelta(seconds=HELD_S + 60)
"""How long a key verifies once it has been succeeded: until all that it signed has expired."""

ROLES: Final = frozenset({"member", *get_args(StaffRole)})


@dataclass(frozen=True, slots=True)
class _Ring:
    """The keys as they were looked up; `until` by the monotonic clock."""

    until: float
    signs: str
    keys: Mapping[str, ECKey]


class JoseTokens:
    """A `TokenSigner` on keys in a table, the first of which it makes. Any thread may ask.

    `issuer` is the address of this Kinelog. Private keys are wrapped by the KMS; `kms` wraps them
    for the tenant `default`.
    """

    def __init__(self, keys: SqlSigningKeys, kms: Kms, *, issuer: str, clock: Clock) -> None:
        self._keys = keys
        self._kms = kms
        self._issuer = issuer
        self._clock = clock
        self._lock = Lock()
        self._ring: _Ring | None = None

    def sign(self, claims: AccessClaims) -> str:
        ring = self._held_ring()
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": ring.signs}
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
        return jwt.encode(header, content, ring.keys[ring.signs], algorithms=[ALGORITHM])

    def read(self, token: str) -> AccessClaims:
        try:
            read = jwt.decode(token, self._key_of, algorithms=[ALGORITHM])
            if read.header.get("typ") != TYPE:
                raise TokenRefused
            self._expectations().validate(read.claims)
            return _claims(read.claims)
        except (JoseError, ValueError, KeyError, TypeError) as refused:
            raise TokenRefused from refused

    def succeed(self) -> str:
        """Make the key that signs from now on and give its id; others use it in HELD_S seconds."""
        key = ECKey.generate_key("P-256", auto_kid=True)
        kid = cast("str", key.kid)
        private = key.as_der(private=True)
        wrapped = self._kms.wrap(private, tenant_id=DEFAULT_TENANT, about=_about(kid))
        now = self._clock()
        self._keys.succeed(kid, wrapped, at=now, until=now + GRACE)
        self._forget()
        return kid

    def succeed_after(self, age: timedelta) -> bool:
        """Make a new key if the one that signs is older than this; tell whether it was."""
        newest = self._keys.all()[:1]
        due = not newest or newest[0].made_at + age <= self._clock()
        if due:
            self.succeed()
        return due

    def public_keys(self) -> dict[str, Any]:
        """Give the JSON Web Key Set (RFC 7517) of all keys whose tokens may still be valid."""
        ring = self._held_ring()
        return {
            "keys": [
                key.as_dict(private=False, kid=kid, use="sig", alg=ALGORITHM)
                for kid, key in ring.keys.items()
            ]
        }

    def _expectations(self) -> jwt.JWTClaimsRegistry:
        essential: Any = {"essential": True}
        return jwt.JWTClaimsRegistry(
            now=int(self._clock().timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": AUDIENCE},
            exp=essential,
            iat=essential,
            sub=essential,
        )

    def _key_of(self, token: Any) -> ECKey:
        """Find the key that a token names; one made elsewhere just now is looked up."""
        kid = token.headers().get("kid")
        ring = self._held_ring()
        if kid not in ring.keys and time.monotonic() >= ring.until - HELD_S + AGAIN_S:
            ring = self._looked_up()
        return ring.keys[kid]

    def _held_ring(self) -> _Ring:
        ring = self._ring
        if ring is not None and time.monotonic() < ring.until:
            return ring
        return self._looked_up()

    def _looked_up(self) -> _Ring:
        with self._lock:
            stored = self._keys.all()
        if not stored:
            self.succeed()
            return self._looked_up()
        now = self._clock()
        valid = [key for key in stored if key.verifies_until is None or key.verifies_until > now]
        held: Mapping[str, ECKey] = {} if self._ring is None else self._ring.keys
        keys = {key.kid: held.get(key.kid) or self._unwrapped(key) for key in valid}
        ring = _Ring(until=time.monotonic() + HELD_S, signs=valid[0].kid, keys=keys)
        self._ring = ring
        return ring

    def _unwrapped(self, stored: StoredKey) -> ECKey:
        private = self._kms.unwrap(
            stored.wrapped, tenant_id=DEFAULT_TENANT, about=_about(stored.kid)
        )
        return ECKey.import_key(private, {"kid": stored.kid})

    def _forget(self) -> None:
        self._ring = None


def _about(kid: str) -> str:
    return f"#signing-key {kid}"


def _claims(content: Mapping[str, Any]) -> AccessClaims:
    """Read the claims of a token whose signature and times are right."""
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
