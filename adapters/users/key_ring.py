"""Signing key ring: one key signs; rotated keys verify until their tokens have expired."""

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Any, Final, cast

from joserfc.jwk import ECKey

from adapters.users.signing_keys import SqlSigningKeys, StoredKey, about_signing_key
from application.kernel.encryption import KeyRefused, Kms
from application.kernel.ports import Clock
from application.users.access_tokens import ACCESS_LIFETIME
from domain.ids import DEFAULT_TENANT

ALGORITHM: Final = "ES256"

RELOAD_INTERVAL_S: Final = 0.1
"""Minimum seconds between two reloads for an unknown key id, which anyone can send."""

CACHE_TTL_S: Final = 30.0
"""Seconds for which keys are cached: the longest that a key signs after its rotation."""

GRACE: Final = ACCESS_LIFETIME + timedelta(seconds=CACHE_TTL_S + 60)
"""How long a rotated key verifies: until all tokens that it signed have expired."""


@dataclass(frozen=True, slots=True)
class _Ring:
    """Cached keys; `until` is on the monotonic clock."""

    until: float
    signs: str
    keys: Mapping[str, ECKey]


class KeyRing:
    """Signing keys in a table. The first is created on demand. Thread-safe.

    The KMS wraps private keys for the tenant `default`. Tokens that they sign are valid for at
    most ACCESS_LIFETIME. Anchors of the event log are kept for years, so the thumbprint of a key
    outlives it, wrapped by the KMS: writing to the database is not sufficient to add one.
    """

    def __init__(self, keys: SqlSigningKeys, kms: Kms, *, clock: Clock) -> None:
        self._keys = keys
        self._kms = kms
        self._clock = clock
        self._lock = Lock()
        self._ring: _Ring | None = None

    def signing(self) -> tuple[str, ECKey]:
        """Return the signing key and its id."""
        ring = self._cached_ring()
        return ring.signs, ring.keys[ring.signs]

    def of(self, token: Any) -> ECKey:
        """Return the key that a token names, reloading if another process may have created it.

        Raises KeyError for an unknown key id.
        """
        kid = token.headers().get("kid")
        ring = self._cached_ring()
        if (
            kid not in ring.keys
            and time.monotonic() >= ring.until - CACHE_TTL_S + RELOAD_INTERVAL_S
        ):
            ring = self._reload()
        return ring.keys[kid]

    def rotate(self) -> str:
        """Create a signing key and return its id; other processes use it in CACHE_TTL_S seconds.

        Raises KeyRefused if the KMS cannot unwrap any stored signing key: the KMS that wrapped them
        could not unwrap the new one once it is back.
        """
        key = ECKey.generate_key("P-256", auto_kid=True)
        kid = cast("str", key.kid)
        private = key.as_der(private=True)
        wrapped = self._kms.wrap(private, tenant_id=DEFAULT_TENANT, about=about_signing_key(kid))
        now = self._clock()
        stored = self._keys.all()
        records = {key.kid: self._record(key) for key in stored}
        if not any(records.values()):
            self._require_right_kms(stored)
        self._keys.rotate(kid, wrapped, at=now, until=now + GRACE, records=records)
        self._ring = None
        return kid

    def rotate_if_older(self, age: timedelta) -> bool:
        """Rotate if the signing key is older than this; return whether it was."""
        newest = self._keys.all()[:1]
        due = not newest or newest[0].made_at + age <= self._clock()
        if due:
            self.rotate()
        return due

    def has_signed(self, kid: str) -> bool:
        """Return whether this is the id of a present or former key.

        Raises KeyRefused if the KMS can unwrap none of the stored signing keys, because then every
        id would seem to be unknown. Raises KmsUnavailable and StorageUnavailable.
        """
        stored = self._keys.all()
        try:
            for key in stored:
                if key.kid == kid:
                    return self._unwrapped(key).thumbprint() == kid
            record = self._keys.record(kid)
            return record is not None and kid == self._thumbprint(kid, record)
        except KeyRefused:
            self._require_right_kms(stored)
            return False

    def public_keys(self) -> dict[str, Any]:
        """Return the JSON Web Key Set (RFC 7517) of all keys whose tokens may still be valid."""
        ring = self._cached_ring()
        return {
            "keys": [
                key.as_dict(private=False, kid=kid, use="sig", alg=ALGORITHM)
                for kid, key in ring.keys.items()
            ]
        }

    def _cached_ring(self) -> _Ring:
        ring = self._ring
        if ring is not None and time.monotonic() < ring.until:
            return ring
        return self._reload()

    def _reload(self) -> _Ring:
        with self._lock:
            stored = self._keys.all()
        if not stored:
            self.rotate()
            return self._reload()
        now = self._clock()
        valid = [key for key in stored if key.verifies_until is None or key.verifies_until > now]
        cached: Mapping[str, ECKey] = {} if self._ring is None else self._ring.keys
        keys = {key.kid: cached.get(key.kid) or self._unwrapped(key) for key in valid}
        ring = _Ring(until=time.monotonic() + CACHE_TTL_S, signs=valid[0].kid, keys=keys)
        self._ring = ring
        return ring

    def _require_right_kms(self, stored: Sequence[StoredKey]) -> None:
        """Raise KeyRefused if the KMS can unwrap none of these keys. Raises KmsUnavailable."""
        refusal: KeyRefused | None = None
        for key in stored:
            try:
                self._unwrapped(key)
            except KeyRefused as refused:
                refusal = refused
            else:
                return
        if refusal is not None:
            raise refusal

    def _record(self, stored: StoredKey) -> bytes | None:
        """Return the wrapped thumbprint of a key; None if the KMS did not wrap that key."""
        try:
            thumbprint = self._unwrapped(stored).thumbprint()
        except KeyRefused:
            return None
        digest = urlsafe_b64decode(thumbprint + "=")
        return self._kms.wrap(digest, tenant_id=DEFAULT_TENANT, about=_about_former(stored.kid))

    def _thumbprint(self, kid: str, record: bytes) -> str:
        digest = self._kms.unwrap(record, tenant_id=DEFAULT_TENANT, about=_about_former(kid))
        return urlsafe_b64encode(digest).decode().rstrip("=")

    def _unwrapped(self, stored: StoredKey) -> ECKey:
        private = self._kms.unwrap(
            stored.wrapped, tenant_id=DEFAULT_TENANT, about=about_signing_key(stored.kid)
        )
        return ECKey.import_key(private, {"kid": stored.kid})


def _about_former(kid: str) -> str:
    return f"#former-signing-key {kid}"
