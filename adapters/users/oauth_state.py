"""OAuth redirect state: a JWT that the browser keeps during the flow.

It is signed like an access token, but its `typ` differs, so neither is accepted as the other.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError

from adapters.users.key_ring import ALGORITHM, KeyRing
from application.users.errors import FlowRefused
from application.users.ports import Flow, SignedInUser
from domain.ids import TenantId, UserId
from domain.users.identities import Provider

TYPE: Final = "kinelog-flow+jwt"


class JoseFlows:
    """Implements `Flows` with the keys that sign access tokens. Thread-safe."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def sign(self, flow: Flow) -> str:
        kid, key = self._ring.signing()
        content: dict[str, Any] = {
            "provider": flow.provider,
            "tenant": flow.tenant_id,
            "state": flow.state,
            "nonce": flow.nonce,
            "verifier": flow.verifier,
            "return_to": flow.return_to,
            "exp": int(flow.expires_at.timestamp()),
        }
        if flow.links is not None:
            content |= {"user": flow.links.user_id, "sid": str(flow.links.sign_in_id)}
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": kid}
        return jwt.encode(header, content, key, algorithms=[ALGORITHM])

    def read(self, signed: str) -> Flow:
        try:
            decoded = jwt.decode(signed, self._ring.of, algorithms=[ALGORITHM])
            if decoded.header.get("typ") != TYPE:
                raise FlowRefused
            return _flow(decoded.claims)
        except (JoseError, ValueError, KeyError, TypeError) as refused:
            raise FlowRefused from refused


def _flow(content: Mapping[str, Any]) -> Flow:
    """Convert verified claims to a flow. The caller checks its expiry."""
    links = (
        SignedInUser(UserId(content["user"]), UUID(content["sid"])) if "user" in content else None
    )
    return Flow(
        provider=Provider(content["provider"]),
        tenant_id=TenantId(content["tenant"]),
        state=content["state"],
        nonce=content["nonce"],
        verifier=content["verifier"],
        return_to=content["return_to"],
        expires_at=datetime.fromtimestamp(content["exp"], UTC),
        links=links,
    )
