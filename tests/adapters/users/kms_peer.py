"""Peer that speaks the JSON protocol of AWS KMS and keeps its keys.

It rejects what KMS rejects: disabled or unknown keys, another encryption context, ciphertexts
of other keys, and unsigned requests.
"""

import base64
import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.ids import TenantId


class Refused(Exception):  # noqa: N818  as KMS names what it answers
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class KmsPeer:
    """Keys by alias, and the requests so far."""

    def __init__(self) -> None:
        self.url = ""
        self.keys: dict[str, bytes] = {}
        self.disabled: set[str] = set()
        self.requests: list[tuple[str, dict[str, Any]]] = []

    def add_key(self, alias: str) -> None:
        self.keys[alias] = os.urandom(32)

    def answer(self, target: str, request: dict[str, Any], signature: str) -> dict[str, Any]:
        if "AWS4-HMAC-SHA256" not in signature:
            raise Refused("MissingAuthenticationTokenException")
        self.requests.append((target, request))
        alias = request["KeyId"]
        if alias not in self.keys:
            raise Refused("NotFoundException")
        if alias in self.disabled:
            raise Refused("DisabledException")
        context = json.dumps(request.get("EncryptionContext", {}), sort_keys=True).encode()
        cipher = AESGCM(self.keys[alias])
        if target == "TrentService.Encrypt":
            nonce = os.urandom(12)
            blob = nonce + cipher.encrypt(nonce, base64.b64decode(request["Plaintext"]), context)
            return {"KeyId": alias, "CiphertextBlob": base64.b64encode(blob).decode()}
        if target == "TrentService.Decrypt":
            blob = base64.b64decode(request["CiphertextBlob"])
            try:
                plaintext = cipher.decrypt(blob[:12], blob[12:], context)
            except InvalidTag as wrong:
                raise Refused("InvalidCiphertextException") from wrong
            return {"KeyId": alias, "Plaintext": base64.b64encode(plaintext).decode()}
        raise Refused("UnknownOperationException")


@contextmanager
def kms_peer() -> Generator[KmsPeer]:
    """Serve on a free port."""
    peer = KmsPeer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            try:
                signature = self.headers.get("Authorization", "")
                status, content = 200, peer.answer(self.headers["X-Amz-Target"], request, signature)
            except Refused as refused:
                status, content = 400, {"__type": refused.code, "message": "refused"}
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name there
            del format, args

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        peer.url = f"http://127.0.0.1:{server.server_port}"
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield peer
        server.shutdown()
        serving.join()


@contextmanager
def kms_of(monkeypatch: pytest.MonkeyPatch, *tenants: TenantId) -> Generator[KmsPeer]:
    """Serve with a key of each tenant; the credentials of clients are in the environment."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with kms_peer() as peer:
        for tenant in tenants:
            peer.add_key(f"alias/kinelog-{tenant}")
        yield peer
