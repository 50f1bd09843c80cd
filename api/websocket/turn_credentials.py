"""ICE servers and short-lived TURN credentials.

STUN servers need no credentials. TURN servers share a secret with us: the username is the time of
expiry, the password its HMAC-SHA-1 under the secret (coturn's `static-auth-secret`; draft-uberti-
behave-turn-rest-00). The username does not identify the user to a third party's server.
"""

import hmac
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LASTS: Final = timedelta(hours=12)
"""Time in which a username can open connections; open connections are not closed afterwards."""


@dataclass(frozen=True)
class IceServer:
    """ICE server in the format of `RTCPeerConnection`."""

    urls: str
    username: str | None = None
    credential: str | None = None


def is_turn(url: str) -> bool:
    """Return whether the URL is that of a TURN server, which relays and needs credentials."""
    return url.startswith(("turn:", "turns:"))


def turn_credentials(urls: tuple[str, ...], secret: str | None, now: datetime) -> list[IceServer]:
    """Return the servers with their credentials; TURN servers only if there is a secret."""
    if secret is None:
        return [IceServer(url) for url in urls if not is_turn(url)]
    name = str(int((now + LASTS).timestamp()))
    password = b64encode(hmac.digest(secret.encode(), name.encode(), "sha1")).decode()
    return [IceServer(url, name, password) if is_turn(url) else IceServer(url) for url in urls]
