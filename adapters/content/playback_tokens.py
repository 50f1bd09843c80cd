"""Tokens of playback links, signed with a key of the tenant."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from adapters.encryption.tenant_tokens import InvalidTokenError, TenantTokens
from application.content.playback import PlaybackLink, PlaybackLinkInvalid
from application.kernel.encryption import Kms, SubjectKeyStore
from domain.ids import ContentId, TenantId

TYPE: Final = "kinelog-playback+jwt"
SUBJECT: Final = "#playback"


class PlaybackTokens:
    """A `PlaybackSigner` by JSON Web Tokens. Thread-safe."""

    def __init__(self, keys: SubjectKeyStore, kms: Kms) -> None:
        self._tokens = TenantTokens(keys, kms, subject=SUBJECT, kind=TYPE)

    def sign(self, link: PlaybackLink) -> str:
        claims: dict[str, Any] = {
            "content": link.content_id,
            "number": link.number,
            "viewer": link.viewer,
            "exp": int(link.expires_at.timestamp()),
        }
        return self._tokens.sign(link.tenant_id, claims)

    def read(self, token: str) -> PlaybackLink:
        try:
            return _link(*self._tokens.read(token))
        except (InvalidTokenError, KeyError) as invalid:
            raise PlaybackLinkInvalid from invalid


def _link(tenant_id: TenantId, claims: Mapping[str, Any]) -> PlaybackLink:
    return PlaybackLink(
        tenant_id=tenant_id,
        content_id=ContentId(claims["content"]),
        number=claims["number"],
        viewer=claims["viewer"],
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
    )
