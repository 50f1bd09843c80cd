"""Signer of share links that imports its JOSE library on first use."""

from functools import cached_property

from application.kernel.encryption import Kms, SubjectKeyStore
from application.share_links import LinkSigner, SharedLink


class LazyLinkSigner:
    """Satisfies `application.share_links.LinkSigner`; opens the signer when a link is used."""

    def __init__(self, keys: SubjectKeyStore, kms: Kms) -> None:
        self._keys = keys
        self._kms = kms

    @cached_property
    def _signer(self) -> LinkSigner:
        from adapters.share_links.tokens import JoseLinks  # noqa: PLC0415  loads JOSE

        return JoseLinks(self._keys, self._kms)

    def sign(self, link: SharedLink) -> str:
        return self._signer.sign(link)

    def read(self, token: str) -> SharedLink:
        return self._signer.read(token)
