"""Sealed values can be looked up by what only a key of the tenant makes of them."""

import hmac
import os
from typing import Final

from adapters.encryption.subject_keys import SqlSubjectKeyStore
from application.kernel.encryption import Kms, SubjectErased
from application.users.ports import IdentityKind
from domain.ids import TenantId

KEY_BYTES: Final = 32

SUBJECT: Final = "#index"
"""Under this name a tenant's key lies beside those of its people; no person's id begins so."""


class BlindIndex:
    """HMAC-SHA256 under a key per tenant: equal values come out equal, and nothing else shows.

    Whoever has the table but not the key cannot even try addresses out. Any thread may ask.
    """

    def __init__(self, keys: SqlSubjectKeyStore, kms: Kms) -> None:
        self._keys = keys
        self._kms = kms
        self._held: dict[TenantId, bytes] = {}

    def digest(self, tenant_id: TenantId, kind: IdentityKind, subject: str) -> bytes:
        """Digest a subject; an address is the same with letters of A to Z in either case.

        No other letters are taken for one another: `ªda@` may be somebody else's mailbox than
        `ada@`, and would else lead into their account. Raises KmsUnavailable, KeyRefused and
        StorageUnavailable.
        """
        content = subject.encode()
        if kind == "email":
            content = content.strip().lower()  # of bytes: ASCII only
        return hmac.digest(self._key(tenant_id), kind.encode() + b"\0" + content, "sha256")

    def _key(self, tenant_id: TenantId) -> bytes:
        held = self._held.get(tenant_id)
        if held is None:
            held = self._held[tenant_id] = self._looked_up(tenant_id)
        return held

    def _looked_up(self, tenant_id: TenantId) -> bytes:
        def make() -> bytes:
            return self._kms.wrap(os.urandom(KEY_BYTES), tenant_id=tenant_id, about=SUBJECT)

        wrapped = self._keys.find_or_add(tenant_id, SUBJECT, make)
        if wrapped is None:
            raise SubjectErased
        return self._kms.unwrap(wrapped, tenant_id=tenant_id, about=SUBJECT)
