"""One key signs tokens, and those before it verify until all that they signed has expired."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Any, Final, cast

from joserfc.jwk import ECKey

from adapters.users.signing_keys import SqlSigningKeys, StoredKey
from application.kernel.encryption import Kms
from application.kernel.ports import Clock
from application.users.sign_in import ACCESS_LIFETIME
from domain.ids import DEFAULT_TENANT

ALGORITHM: Final = "ES256"

AGAIN_S: Final = 0.1
"""Seconds between two looks because of an unknown key: strangers cannot make us look more often."""

HELD_S: Final = 30.0
"""Seconds for which keys are not looked up: the longest that a key signs after its succession."""

GRACE: Final = ACCESS_LIFETIME + timedelta(seconds=HELD_S + 60)
"""How long a key verifies once it has been succeeded: until all that it signed has expired."""


@dataclass(frozen=True, slots=True)
class _Ring:
    """The keys as they were looked up; `until` by the monotonic clock."""

    until: float
    signs: str
    keys: Mapping[str, ECKey]


class KeyRing:
    """Keys in a table, the first of which is made when it is asked for. Any thread may ask.

    Private keys are wrapped by the KMS; `kms` wraps them for the tenant `default`. What is signed
    with them is valid for ACCESS_LIFETIME at most.
    """

    def __init__(self, keys: SqlSigningKeys, kms: Kms, *, clock: Clock) -> None:
        self._keys = keys
        self._kms = kms
        self._clock = clock
        self._lock = Lock()
        self._ring: _Ring | None = None

    def signing(self) -> tuple[str, ECKey]:
        """Give the id of the key that signs, and the key."""
        ring = self._held_ring()
        return ring.signs, ring.keys[ring.signs]

    def of(self, token: Any) -> ECKey:
        """Find the key that a token names; one made elsewhere just now is looked up.

        Raises KeyError for a token that names none of them.
        """
        kid = token.headers().get("kid")
        ring = self._held_ring()
        if kid not in ring.keys and time.monotonic() >= ring.until - HELD_S + AGAIN_S:
            ring = self._looked_up()
        return ring.keys[kid]

    def succeed(self) -> str:
        """Make the key that signs from now on and give its id; others use it in HELD_S seconds."""
        key = ECKey.generate_key("P-256", auto_kid=True)
        kid = cast("str", key.kid)
        private = key.as_der(private=True)
        wrapped = self._kms.wrap(private, tenant_id=DEFAULT_TENANT, about=_about(kid))
        now = self._clock()
        self._keys.succeed(kid, wrapped, at=now, until=now + GRACE)
        self._ring = None
        return kid

    def rotate_if_older(self, age: timedelta) -> bool:
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


def _about(kid: str) -> str:
    return f"#signing-key {kid}"
