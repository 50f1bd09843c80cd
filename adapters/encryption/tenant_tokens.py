"""Signed tokens with one key per tenant, which lasts as long as any of its tokens.

The KMS wraps the key, which is stored beside those of the tenant's people. A type in each token
keeps tokens of one kind from being accepted as those of another.
"""

import os
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from application.kernel.encryption import Kms, SubjectErased, SubjectKeyStore
from domain.ids import TenantId

ALGORITHM: Final = "HS256"
KEY_BYTES: Final = 32
TENANT: Final = re.compile(r"[a-z0-9_-]{1,64}")

MAX_LENGTH: Final = 1024
"""Longest token in characters; we make none that is longer."""

CACHE_TTL_S: Final = 30.0
"""Time that an unwrapped key is used after it was destroyed."""


class InvalidTokenError(ValueError):
    """A token that nobody signed with the key of its tenant, or one of another kind."""


class TenantTokens:
    """JSON Web Tokens of one type, whose `kid` is the tenant. Thread-safe.

    `subject` is the name of the key beside those of people; no person's id begins with `#`.
    """

    def __init__(
        self,
        keys: SubjectKeyStore,
        kms: Kms,
        *,
        subject: str,
        kind: str,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keys = keys
        self._kms = kms
        self._subject = subject
        self._type = kind
        self._timer = timer
        self._cache: dict[TenantId, tuple[float, OctKey]] = {}

    def sign(self, tenant_id: TenantId, claims: Mapping[str, Any]) -> str:
        """Return a token. Raises SubjectErased, StorageUnavailable and KmsUnavailable."""

        def make() -> bytes:
            return self._kms.wrap(os.urandom(KEY_BYTES), tenant_id=tenant_id, about=self._subject)

        key = self._cached(tenant_id)
        if key is None:
            wrapped = self._keys.find_or_add(tenant_id, self._subject, make)
            if wrapped is None:
                raise SubjectErased
            key = self._unwrap(tenant_id, wrapped)
        header = {"alg": ALGORITHM, "typ": self._type, "kid": tenant_id}
        return jwt.encode(header, dict(claims), key, algorithms=[ALGORITHM])

    def read(self, token: str) -> tuple[TenantId, dict[str, Any]]:
        """Return the tenant and the claims of a token, expired or not.

        Raises InvalidTokenError, StorageUnavailable and KmsUnavailable.
        """
        if len(token) > MAX_LENGTH:
            raise InvalidTokenError
        try:
            decoded = jwt.decode(token, self._verifying_key, algorithms=[ALGORITHM])
        except (JoseError, ValueError, KeyError, TypeError) as invalid:
            raise InvalidTokenError from invalid
        if decoded.header.get("typ") != self._type:
            raise InvalidTokenError
        return TenantId(decoded.header["kid"]), decoded.claims

    def _verifying_key(self, token: Any) -> OctKey:
        """Return the key of the tenant that an unverified token names. Raises InvalidTokenError."""
        named = token.headers().get("kid")
        if not isinstance(named, str) or not TENANT.fullmatch(named):
            raise InvalidTokenError
        tenant_id = TenantId(named)
        key = self._cached(tenant_id)
        if key is not None:
            return key
        wrapped = self._keys.find(tenant_id, self._subject)
        if wrapped is None:
            raise InvalidTokenError
        return self._unwrap(tenant_id, wrapped)

    def _cached(self, tenant_id: TenantId) -> OctKey | None:
        until_s, key = self._cache.get(tenant_id, (0.0, None))
        return key if self._timer() < until_s else None

    def _unwrap(self, tenant_id: TenantId, wrapped: bytes) -> OctKey:
        key = OctKey.import_key(self._kms.unwrap(wrapped, tenant_id=tenant_id, about=self._subject))
        self._cache[tenant_id] = self._timer() + CACHE_TTL_S, key
        return key
