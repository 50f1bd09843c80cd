"""Peer that speaks CloudFront's CreateInvalidation, and keeps the invalidations by reference.

It rejects what CloudFront rejects: unsigned requests, unknown distributions, a reference with other
paths, and more invalidations than `room` at the same time.
"""

import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final
from xml.etree import ElementTree as ET

SPACE: Final = "http://cloudfront.amazonaws.com/doc/2020-05-31/"
PATH: Final = re.compile(r"/2020-05-31/distribution/([A-Z0-9]+)/invalidation")


class RefusedError(Exception):
    """What CloudFront answers instead."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@dataclass
class CloudFrontPeer:
    """Invalidations of one distribution by reference."""

    distribution: str = "E2EXAMPLE"
    url: str = ""
    room: int = 15
    invalidations: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def create(self, path: str, body: bytes, signature: str) -> bytes:
        """Answer a request."""
        if "AWS4-HMAC-SHA256" not in signature:
            raise RefusedError(403, "MissingAuthenticationToken")
        found = PATH.fullmatch(path)
        if found is None or found[1] != self.distribution:
            raise RefusedError(404, "NoSuchDistribution")
        batch = ET.fromstring(body)  # noqa: S314  written by boto3 in the same test
        names = {"c": SPACE}
        reference = batch.findtext("c:CallerReference", "", names)
        paths = tuple(each.text or "" for each in batch.findall("c:Paths/c:Items/c:Path", names))
        if batch.findtext("c:Paths/c:Quantity", "", names) != str(len(paths)) or not reference:
            raise RefusedError(400, "InconsistentQuantities")
        if any(not each.startswith("/") or "*" in each[:-1] for each in paths):
            raise RefusedError(400, "InvalidArgument")
        if self.invalidations.get(reference, paths) != paths:
            raise RefusedError(400, "InvalidArgument")
        if reference not in self.invalidations and len(self.invalidations) >= self.room:
            raise RefusedError(400, "TooManyInvalidationsInProgress")
        self.invalidations[reference] = paths
        return (
            f'<Invalidation xmlns="{SPACE}"><Id>I{len(self.invalidations)}</Id>'
            f"<Status>InProgress</Status><CreateTime>2030-01-01T00:00:00Z</CreateTime>"
            f"{body.decode().partition('?>')[2] or body.decode()}</Invalidation>"
        ).encode()


@contextmanager
def cloudfront_peer() -> Generator[CloudFrontPeer]:
    """Serve until the end of the block."""
    peer = CloudFrontPeer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                answer = peer.create(self.path, body, self.headers.get("Authorization", ""))
                status = 201
            except RefusedError as refused:
                status = refused.status
                answer = (
                    f'<ErrorResponse xmlns="{SPACE}"><Error><Type>Sender</Type>'
                    f"<Code>{refused.code}</Code><Message>No.</Message></Error></ErrorResponse>"
                ).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  as the base class
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    peer.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield peer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
