"""HTTP of the simulator of Stripe: the key, refusals, and faults of the connection."""

import json
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tools.payments.simulator import PROXY_PAGE, Fault

Answer = Callable[[str, str, dict[str, str], str | None], dict[str, Any]]
"""Carries out a request: method, path, parameters and idempotency key. Raises RefusedError."""


class RefusedError(Exception):
    """A refusal, with its status and error object."""

    def __init__(self, status: int, code: str, *, param: str | None = None) -> None:
        super().__init__(code)
        self.status = status
        kind = "idempotency_error" if code == "idempotency_error" else "invalid_request_error"
        self.error: dict[str, Any] = {"type": kind, "code": code, "message": code}
        if param is not None:
            self.error["param"] = param


def handler(
    key: str, faults: deque[Fault], answer: Answer
) -> Callable[..., BaseHTTPRequestHandler]:
    """Return a handler that checks the key, and has the faults in their order."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # a reply in two packets would wait for a receipt

        def do_GET(self) -> None:
            self._serve({})

        def do_DELETE(self) -> None:
            self._serve({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._serve(dict(parse_qsl(body.decode())))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's
            """Write nothing: requests can hold secrets."""

        def _serve(self, params: dict[str, str]) -> None:
            fault = faults.popleft() if faults else None
            if fault == "lost_request":
                self.close_connection = True
                return
            url = urlsplit(self.path)
            try:
                if self.headers["Authorization"] != f"Bearer {key}":
                    raise RefusedError(401, "api_key_invalid")  # noqa: TRY301  answered below
                if fault == "down":
                    raise RefusedError(503, "unavailable")  # noqa: TRY301  answered below
                again = self.headers.get("Idempotency-Key")
                query = dict(parse_qsl(url.query))
                found = answer(self.command, url.path, params | query, again)
            except RefusedError as refused:
                self._reply(refused.status, {"error": refused.error})
                return
            if fault == "lost_answer":
                self.close_connection = True
                return
            if fault == "page":
                self._send(200, PROXY_PAGE, "text/html")
                return
            self._reply(200, found)

        def _reply(self, status: int, found: dict[str, Any]) -> None:
            self._send(status, json.dumps(found).encode(), "application/json")

        def _send(self, status: int, body: bytes, media_type: str) -> None:
            with suppress(ConnectionError):  # the client has left
                self.send_response(status)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

    return Handler
