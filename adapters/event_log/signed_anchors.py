"""Signed anchors of the event log, as JSON Web Signatures with the keys that sign tokens.

Keys rotate with the tokens, and anchors are kept for years. So an anchor contains its public key.
It is trusted only if the key ring records its thumbprint: anyone can sign with a key of their own.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, cast

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from adapters.users.key_ring import ALGORITHM, KeyRing
from application.audit.verification import (
    Anchor,
    AnchoredEvent,
    AnchorKeyUnknown,
    AnchorLink,
    AnchorRefused,
)
from domain.ids import TenantId

TYPE: Final = "kinelog-anchor+jwt"
"""Keeps other signatures by these keys from being accepted as anchors, and anchors as tokens."""


class JoseAnchors:
    """Satisfies `application.audit.verification.Anchors` with JSON Web Signatures (RFC 7515)."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self._confirmed: set[str] = set()

    def sign(
        self,
        heads: Sequence[AnchoredEvent],
        *,
        at: datetime,
        previous: AnchorLink | None = None,
    ) -> str:
        kid, key = self._ring.signing()
        content: dict[str, Any] = {
            "iat": int(at.timestamp()),
            "heads": [
                {"tenant": head.tenant_id, "position": head.position, "hash": head.hash.hex()}
                for head in heads
            ],
        }
        if previous is not None:
            content["previous"] = {"name": previous.name, "sha256": previous.digest.hex()}
        public = key.as_dict(private=False)
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": kid, "jwk": public}
        return jwt.encode(header, content, key, algorithms=[ALGORITHM])

    def read(self, document: str, *, trusted: Collection[str] = ()) -> Anchor:
        def trusted_key(token: Any) -> ECKey:
            key = _key(token.headers())
            self._check_trusted(key.thumbprint(), trusted)
            return key

        try:
            token = jwt.decode(document.strip(), trusted_key, algorithms=[ALGORITHM])
            if token.header.get("typ") != TYPE:
                raise AnchorRefused
            return _anchor(token.claims, _key(token.header).thumbprint())
        except (JoseError, ValueError, KeyError, TypeError, OverflowError) as refused:
            raise AnchorRefused from refused

    def _check_trusted(self, key_id: str, trusted: Collection[str]) -> None:
        """Check that a key is a present or former one, or one of `trusted`."""
        if key_id in trusted or key_id in self._confirmed:
            return
        if not self._ring.has_signed(key_id):
            raise AnchorKeyUnknown(
                f"The key {key_id} is not a key of this platform."
                " Name it with --key if it was noted when the anchor was made."
            )
        self._confirmed.add(key_id)


def _key(header: Mapping[str, Any]) -> ECKey:
    return ECKey.import_key(cast("dict[str, Any]", header["jwk"]))


def _anchor(content: Mapping[str, Any], key_id: str) -> Anchor:
    heads = (
        AnchoredEvent(TenantId(head["tenant"]), int(head["position"]), bytes.fromhex(head["hash"]))
        for head in content["heads"]
    )
    previous = content.get("previous")
    return Anchor(
        datetime.fromtimestamp(content["iat"], UTC),
        tuple(heads),
        key_id,
        None
        if previous is None
        else AnchorLink(str(previous["name"]), bytes.fromhex(previous["sha256"])),
    )
