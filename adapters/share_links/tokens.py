"""Signed share links, with one key per tenant that lasts as long as any of its links.

Keys that sign access tokens live for days, and links for weeks: so links have a key of their own,
wrapped by the KMS beside the keys of the tenant's people. A type in each token keeps links from
being accepted as access tokens, and the reverse.
"""

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from application.kernel.encryption import Kms, SubjectErased, SubjectKeyStore
from application.share_links import SharedLink, ShareLinkInvalid
from domain.ids import RecordingId, TenantId

ALGORITHM: Final = "HS256"
TYPE: Final = "kinelog-share+jwt"
KEY_BYTES: Final = 32

SUBJECT: Final = "#share-links"
"""Name of the key beside those of people; no person's id begins like this."""

TENANT: Final = re.compile(r"[a-z0-9_-]{1,64}")
LONGEST: Final = 1024
"""Longest link in characters; we make none that is longer."""


class JoseLinks:
    """A `LinkSigner` by JSON Web Tokens, whose `kid` is the tenant. Thread-safe."""

    def __init__(self, keys: SubjectKeyStore, kms: Kms) -> None:
        self._keys = keys
        self._kms = kms
        self._held: dict[TenantId, OctKey] = {}

    def sign(self, link: SharedLink) -> str:
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": link.tenant_id}
        content: dict[str, Any] = {
            "recording": link.recording_id,
            "link": link.id,
            "exp": int(link.expires_at.timestamp()),
        }
        return jwt.encode(header, content, self._signing(link.tenant_id), algorithms=[ALGORITHM])

    def read(self, token: str) -> SharedLink:
        if len(token) > LONGEST:
            raise ShareLinkInvalid
        try:
            read = jwt.decode(token, self._verifying, algorithms=[ALGORITHM])
            if read.header.get("typ") != TYPE:
                raise ShareLinkInvalid
            return _link(TenantId(read.header["kid"]), read.claims)
        except (JoseError, ValueError, KeyError, TypeError) as refused:
            raise ShareLinkInvalid from refused

    def _signing(self, tenant_id: TenantId) -> OctKey:
        def make() -> bytes:
            return self._kms.wrap(os.urandom(KEY_BYTES), tenant_id=tenant_id, about=SUBJECT)

        key = self._held.get(tenant_id)
        if key is not None:
            return key
        wrapped = self._keys.find_or_add(tenant_id, SUBJECT, make)
        if wrapped is None:
            raise SubjectErased
        return self._unwrapped(tenant_id, wrapped)

    def _verifying(self, token: Any) -> OctKey:
        """Find the key of the tenant that an unverified token names. Raises KeyError."""
        named = token.headers().get("kid")
        if not isinstance(named, str) or not TENANT.fullmatch(named):
            raise KeyError(named)
        tenant_id = TenantId(named)
        key = self._held.get(tenant_id)
        if key is not None:
            return key
        wrapped = self._keys.find(tenant_id, SUBJECT)
        if wrapped is None:
            raise KeyError(named)
        return self._unwrapped(tenant_id, wrapped)

    def _unwrapped(self, tenant_id: TenantId, wrapped: bytes) -> OctKey:
        key = OctKey.import_key(self._kms.unwrap(wrapped, tenant_id=tenant_id, about=SUBJECT))
        self._held[tenant_id] = key
        return key


def _link(tenant_id: TenantId, content: Mapping[str, Any]) -> SharedLink:
    return SharedLink(
        tenant_id=tenant_id,
        recording_id=RecordingId(str(content["recording"])),
        id=str(content["link"]),
        expires_at=datetime.fromtimestamp(int(content["exp"]), UTC),
    )
