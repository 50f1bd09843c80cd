"""Identity provider that signs tokens with its published keys and rotates them."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from adapters.users.id_tokens import TokenIssuer

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
NOW = int(AT.timestamp())
ISSUER = "https://vouching.example"
CLIENT = "kinelog-client"


class ProviderPeer:
    """Keys, of which the last one signs; the next responses; and the number of requests."""

    def __init__(self) -> None:
        self.url = ""
        self.keys = [RSAKey.generate_key(2048, {"kid": "first"})]
        self.withdrawn: set[str] = set()
        self.status = 200
        self.body: bytes | None = None
        self.cache_control = "public, max-age=3600, must-revalidate"
        self.requests = 0

    @property
    def issuer(self) -> TokenIssuer:
        return TokenIssuer(issuers=(ISSUER,), audiences=(CLIENT,), keys_url=self.url)

    def rotate(self, kid: str) -> None:
        """Sign with a new key from now on, and withdraw the old ones."""
        self.withdrawn |= {str(key.kid) for key in self.keys}
        self.keys.append(RSAKey.generate_key(2048, {"kid": kid}))

    def token(self, **changes: Any) -> str:
        """Return a signed identity token of Ada; a change to None omits the claim."""
        claims = {
            "iss": ISSUER, "aud": CLIENT, "sub": "1234567890", "iat": NOW, "exp": NOW + 3600,
            "email": "ada@example.org", "email_verified": True, "name": "Ada",
        } | changes  # fmt: skip
        content = {name: value for name, value in claims.items() if value is not None}
        key = self.keys[-1]
        return jwt.encode({"alg": "RS256", "kid": str(key.kid)}, content, key)

    def published(self) -> bytes:
        keys = [key for key in self.keys if key.kid not in self.withdrawn]
        return json.dumps({"keys": [key.as_dict(private=False) for key in keys]}).encode()


@contextmanager
def provider_peer() -> Generator[ProviderPeer]:
    """Publish the keys on a free port."""
    peer = ProviderPeer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            peer.requests += 1
            body = peer.published() if peer.body is None else peer.body
            self.send_response(peer.status)
            self.send_header("Cache-Control", peer.cache_control)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name there
            del format, args

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        peer.url = f"http://127.0.0.1:{server.server_port}/keys"
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield peer
        server.shutdown()
        serving.join()
