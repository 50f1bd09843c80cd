"""What finds a way between two peers where there is no direct one, and who we are to it.

STUN servers ask for none. TURN servers that share a secret with us know whom we let in: the name is
the end of its time, the password its HMAC-SHA-1 under the secret (coturn's `static-auth-secret`;
draft-uberti-behave-turn-rest-00). A name tells a server of others nothing about who it is.
"""

import hmac
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LASTS: Final = timedelta(hours=12)
"""A name opens new ways for so long; what is open stays open."""


@dataclass(frozen=True)
class IceServer:
    """One server, as `RTCPeerConnection` is told of it in browsers and here."""

    urls: str
    username: str | None = None
    credential: str | None = None


def is_turn(url: str) -> bool:
    """Whether an ICE server's URL is that of one which relays, and asks who it is."""
    return url.startswith(("turn:", "turns:"))


def known_to(urls: tuple[str, ...], secret: str | None, now: datetime) -> list[IceServer]:
    """Give the servers with what they ask for; those that relay only with a secret."""
    if secret is None:
        return [IceServer(url) for url in urls if not is_turn(url)]
    name = str(int((now + LASTS).timestamp()))
    password = b64encode(hmac.digest(secret.encode(), name.encode(), "sha1")).decode()
    return [IceServer(url, name, password) if is_turn(url) else IceServer(url) for url in urls]
