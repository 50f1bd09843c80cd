"""Signed share links, with one key per tenant.

Keys that sign access tokens live for days, and links for weeks: so links have a key of their own.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from adapters.encryption.tenant_tokens import InvalidTokenError, TenantTokens
from application.kernel.encryption import Kms, SubjectKeyStore
from application.share_links import SharedLink, ShareLinkInvalid
from domain.ids import RecordingId, TenantId

TYPE: Final = "kinelog-share+jwt"
SUBJECT: Final = "#share-links"


class JoseLinks:
    """A `LinkSigner` by JSON Web Tokens. Thread-safe."""

    def __init__(self, keys: SubjectKeyStore, kms: Kms) -> None:
        self._tokens = TenantTokens(keys, kms, subject=SUBJECT, kind=TYPE)

    def sign(self, link: SharedLink) -> str:
        claims: dict[str, Any] = {
            "recording": link.recording_id,
            "link": link.id,
            "exp": int(link.expires_at.timestamp()),
        }
        return self._tokens.sign(link.tenant_id, claims)

    def read(self, token: str) -> SharedLink:
        try:
            return _link(*self._tokens.read(token))
        except (InvalidTokenError, KeyError, ValueError, TypeError) as invalid:
            raise ShareLinkInvalid from invalid


def _link(tenant_id: TenantId, content: Mapping[str, Any]) -> SharedLink:
    return SharedLink(
        tenant_id=tenant_id,
        recording_id=RecordingId(str(content["recording"])),
        id=str(content["link"]),
        expires_at=datetime.fromtimestamp(int(content["exp"]), UTC),
    )
