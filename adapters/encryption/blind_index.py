"""Blind index: look up encrypted values by a keyed digest."""

import base64
import hmac
import os
from typing import Final

from adapters.encryption.subject_keys import SqlSubjectKeyStore
from application.kernel.encryption import Kms, SubjectErased
from application.users.ports import IdentityKind
from domain.ids import TenantId

KEY_BYTES: Final = 32

SUBJECT: Final = "#index"
"""Subject of a tenant's index key among its subject keys; no user id begins with `#`."""

DERIVED: Final = "derived."
"""Begins the purposes of derived secrets; no kind of identity contains a dot."""


class BlindIndex:
    """HMAC-SHA256 with a key per tenant: equal values have equal digests.

    Without the key, the table does not even allow guessing addresses. Thread-safe.
    """

    def __init__(self, keys: SqlSubjectKeyStore, kms: Kms) -> None:
        self._keys = keys
        self._kms = kms
        self._keys_by_tenant: dict[TenantId, bytes] = {}

    def digest(self, tenant_id: TenantId, kind: IdentityKind, subject: str) -> bytes:
        """Return the digest of a subject. Addresses ignore the case of the letters A to Z.

        No other letters are folded: `ªda@` may be a different person's mailbox than `ada@`, and
        must not open their account. The first call creates the key of the tenant.

        Raises KmsUnavailable, KeyRefused and StorageUnavailable.
        """
        return self._digest(self._key(tenant_id), kind, subject)

    def find_digest(self, tenant_id: TenantId, kind: IdentityKind, subject: str) -> bytes | None:
        """Return the digest of a subject, or None if the tenant has no key, and so no identity."""
        if tenant_id not in self._keys_by_tenant and self._keys.find(tenant_id, SUBJECT) is None:
            return None
        return self._digest(self._key(tenant_id), kind, subject)

    def derive(self, tenant_id: TenantId, purpose: str, secret: str) -> str:
        """Return a secret that is derived from another one, as 43 letters, digits, `-` and `_`.

        Raises KmsUnavailable, KeyRefused and StorageUnavailable.
        """
        content = f"{DERIVED}{purpose}\0{secret}".encode()
        digest = hmac.digest(self._key(tenant_id), content, "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    @staticmethod
    def _digest(key: bytes, kind: IdentityKind, subject: str) -> bytes:
        content = subject.encode()
        if kind == "email":
            content = content.strip().lower()  # of bytes: ASCII only
        return hmac.digest(key, kind.encode() + b"\0" + content, "sha256")

    def _key(self, tenant_id: TenantId) -> bytes:
        key = self._keys_by_tenant.get(tenant_id)
        if key is None:
            key = self._keys_by_tenant[tenant_id] = self._load_key(tenant_id)
        return key

    def _load_key(self, tenant_id: TenantId) -> bytes:
        def make() -> bytes:
            return self._kms.wrap(os.urandom(KEY_BYTES), tenant_id=tenant_id, about=SUBJECT)

        wrapped = self._keys.find_or_add(tenant_id, SUBJECT, make)
        if wrapped is None:
            raise SubjectErased
        return self._kms.unwrap(wrapped, tenant_id=tenant_id, about=SUBJECT)
