"""Signed anchors of the event log, as JSON Web Signatures with the keys that sign tokens.

Keys rotate with the tokens, and anchors are kept for years. So an anchor contains its public key,
and the key's id, its thumbprint, shows whether it is a key that the auditor has seen before.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, cast

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from adapters.users.key_ring import ALGORITHM, KeyRing
from application.audit.verification import Anchor, AnchoredEvent, AnchorKeyUnknown, AnchorRefused
from domain.ids import TenantId

TYPE: Final = "kinelog-anchor+jwt"
"""Keeps other signatures by these keys from being accepted as anchors, and anchors as tokens."""


class JoseAnchors:
    """Satisfies `application.audit.verification.Anchors` with JSON Web Signatures (RFC 7515)."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def sign(self, heads: Sequence[AnchoredEvent], *, at: datetime) -> str:
        kid, key = self._ring.signing()
        content: dict[str, Any] = {
            "iat": int(at.timestamp()),
            "heads": [
                {"tenant": head.tenant_id, "position": head.position, "hash": head.hash.hex()}
                for head in heads
            ],
        }
        public = key.as_dict(private=False)
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": kid, "jwk": public}
        return jwt.encode(header, content, key, algorithms=[ALGORITHM])

    def read(self, document: str, *, trusted: Collection[str] = ()) -> Anchor:
        try:
            token = jwt.decode(document.strip(), _own_key, algorithms=[ALGORITHM])
            if token.header.get("typ") != TYPE:
                raise AnchorRefused
            anchor = _anchor(token.claims, _key(token.header).thumbprint())
        except (JoseError, ValueError, KeyError, TypeError) as refused:
            raise AnchorRefused from refused
        present = {key["kid"] for key in self._ring.public_keys()["keys"]}
        if anchor.key_id not in present | set(trusted):
            raise AnchorKeyUnknown(
                f"The platform does not have the key {anchor.key_id} any more:"
                " name it with --key if it is the one that was told when the anchor was made."
            )
        return anchor


def _own_key(token: Any) -> ECKey:
    return _key(token.headers())


def _key(header: Mapping[str, Any]) -> ECKey:
    return ECKey.import_key(cast("dict[str, Any]", header["jwk"]))


def _anchor(content: Mapping[str, Any], key_id: str) -> Anchor:
    heads = (
        AnchoredEvent(TenantId(head["tenant"]), int(head["position"]), bytes.fromhex(head["hash"]))
        for head in content["heads"]
    )
    return Anchor(datetime.fromtimestamp(content["iat"], UTC), tuple(heads), key_id)
