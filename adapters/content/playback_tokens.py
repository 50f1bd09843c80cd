"""Tokens of playback links: signed (HMAC-SHA-256) with a key of the tenant, wrapped by the KMS."""

import base64
import hmac
import json
import os
import re
from datetime import UTC, datetime
from typing import Any, Final

from application.content.playback import PlaybackLink, PlaybackLinkInvalid
from application.kernel.encryption import Kms, SubjectErased, SubjectKeyStore
from domain.ids import ContentId, TenantId

KEY_BYTES: Final = 32
MAX_LENGTH: Final = 1024

SUBJECT: Final = "#playback"
"""Name of the key beside those of people; no person's id begins like this."""

TENANT: Final = re.compile(r"[a-z0-9_-]{1,64}")


class PlaybackTokens:
    """A `PlaybackSigner`. Thread-safe."""

    def __init__(self, keys: SubjectKeyStore, kms: Kms) -> None:
        self._keys = keys
        self._kms = kms
        self._unwrapped: dict[TenantId, bytes] = {}

    def sign(self, link: PlaybackLink) -> str:
        until = int(link.expires_at.timestamp())
        claims = [link.content_id, link.number, link.viewer, until]
        payload = _encode(json.dumps(claims, separators=(",", ":")).encode())
        signed = f"{link.tenant_id}.{payload}"
        return f"{signed}.{_signature(self._signing_key(link.tenant_id), signed)}"

    def read(self, token: str) -> PlaybackLink:
        signed, _, signature = token.rpartition(".")
        tenant, _, payload = signed.partition(".")
        if len(token) > MAX_LENGTH or not token.isascii() or not TENANT.fullmatch(tenant):
            raise PlaybackLinkInvalid
        tenant_id = TenantId(tenant)
        key = self._verifying_key(tenant_id)
        if key is None or not hmac.compare_digest(_signature(key, signed), signature):
            raise PlaybackLinkInvalid
        return _link(tenant_id, json.loads(_decode(payload)))

    def _signing_key(self, tenant_id: TenantId) -> bytes:
        def make() -> bytes:
            return self._kms.wrap(os.urandom(KEY_BYTES), tenant_id=tenant_id, about=SUBJECT)

        key = self._unwrapped.get(tenant_id)
        if key is not None:
            return key
        wrapped = self._keys.find_or_add(tenant_id, SUBJECT, make)
        if wrapped is None:
            raise SubjectErased
        return self._unwrap(tenant_id, wrapped)

    def _verifying_key(self, tenant_id: TenantId) -> bytes | None:
        """Return the key of the tenant that an unverified token names, or None."""
        key = self._unwrapped.get(tenant_id)
        if key is not None:
            return key
        wrapped = self._keys.find(tenant_id, SUBJECT)
        return None if wrapped is None else self._unwrap(tenant_id, wrapped)

    def _unwrap(self, tenant_id: TenantId, wrapped: bytes) -> bytes:
        key = self._kms.unwrap(wrapped, tenant_id=tenant_id, about=SUBJECT)
        self._unwrapped[tenant_id] = key
        return key


def _link(tenant_id: TenantId, claims: Any) -> PlaybackLink:
    content, number, viewer, until = claims
    return PlaybackLink(
        tenant_id=tenant_id,
        content_id=ContentId(content),
        number=number,
        viewer=viewer,
        expires_at=datetime.fromtimestamp(until, UTC),
    )


def _signature(key: bytes, payload: str) -> str:
    return _encode(hmac.digest(key, payload.encode(), "sha256"))


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
