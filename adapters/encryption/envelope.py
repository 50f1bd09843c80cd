"""Envelope encryption with a key per person: AES-GCM under keys wrapped by the KMS."""

import os
import time
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.kernel.encryption import (
    KeyDisabled,
    Kms,
    SealBroken,
    SubjectErased,
    SubjectKeyStore,
)
from domain.ids import TenantId, UserId

FORMAT: Final = b"\x01"
"""First byte of an encrypted value: 96-bit nonce, then AES-256-GCM with a 128-bit tag."""

NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32

CACHE_TTL_S: Final = 30.0
"""Seconds for which a key is cached: the longest that another process can still decrypt the data of
an erased person."""

DISABLED_TTL_S: Final = 5.0
"""Seconds for which the KMS is not called again for a tenant whose key is disabled: a process that
reads the whole log would otherwise call it for each encrypted value."""

MAX_CACHED_KEYS: Final = 10_000
"""About 5 MB."""


class EnvelopeCipher:
    """A `FieldCipher` that caches unwrapped keys for `cache_ttl_s` seconds. Thread-safe.

    A random nonce is safe for 2^32 values of one person (NIST SP 800-38D, 8.3).
    """

    def __init__(
        self,
        keys: SubjectKeyStore,
        kms: Kms,
        *,
        cache_ttl_s: float = CACHE_TTL_S,
        nonce: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._keys = keys
        self._kms = kms
        self._cache_ttl_s = cache_ttl_s
        self._nonce = nonce
        self._lock = Lock()
        self._cache: dict[tuple[TenantId, str], tuple[float, AESGCM | None]] = {}
        self._disabled: dict[TenantId, tuple[float, str]] = {}

    def seal(self, content: bytes, *, tenant_id: TenantId, subject: UserId, place: bytes) -> bytes:
        cipher = self._cipher(tenant_id, subject, self._find_or_create_key, wanted=True)
        if cipher is None:
            raise SubjectErased
        nonce = self._nonce(NONCE_BYTES)
        return FORMAT + nonce + cipher.encrypt(nonce, content, place)

    def unseal(
        self, sealed: bytes, *, tenant_id: TenantId, subject: UserId, place: bytes
    ) -> bytes | None:
        cipher = self._cipher(tenant_id, subject, self._keys.find, wanted=False)
        if cipher is None:
            return None
        nonce, content = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            if sealed[:1] != FORMAT:
                raise SealBroken
            return cipher.decrypt(nonce, content, place)
        except (InvalidTag, ValueError) as error:
            raise SealBroken from error

    def destroy(self, tenant_id: TenantId, subject: UserId, at: datetime) -> datetime:
        destroyed_at = self._keys.destroy(tenant_id, subject, at)
        with self._lock:
            self._cache.pop((tenant_id, subject), None)
        return destroyed_at

    def _find_or_create_key(self, tenant_id: TenantId, subject: str) -> bytes | None:
        def make() -> bytes:
            return self._kms.wrap(os.urandom(KEY_BYTES), tenant_id=tenant_id, about=subject)

        return self._keys.find_or_add(tenant_id, subject, make)

    def _cipher(
        self,
        tenant_id: TenantId,
        subject: UserId,
        look_up: Callable[[TenantId, str], bytes | None],
        *,
        wanted: bool,
    ) -> AESGCM | None:
        """Return a person's cipher. A missing key is cached as well, unless `wanted`."""
        now = time.monotonic()
        until, cipher = self._cache.get((tenant_id, subject), (now, None))
        if now < until and not (wanted and cipher is None):
            return cipher
        wrapped = look_up(tenant_id, subject)
        cipher = None if wrapped is None else AESGCM(self._unwrap(wrapped, tenant_id, subject))
        with self._lock:
            if len(self._cache) >= MAX_CACHED_KEYS:
                self._cache.clear()
            self._cache[tenant_id, subject] = now + self._cache_ttl_s, cipher
        return cipher

    def _unwrap(self, wrapped: bytes, tenant_id: TenantId, subject: str) -> bytes:
        now = time.monotonic()
        until, reason = self._disabled.get(tenant_id, (now, ""))
        if now < until:
            raise KeyDisabled(reason)
        try:
            return self._kms.unwrap(wrapped, tenant_id=tenant_id, about=subject)
        except KeyDisabled as disabled:
            self._disabled[tenant_id] = now + DISABLED_TTL_S, disabled.detail
            raise
