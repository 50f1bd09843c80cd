"""HTTP server of the simulators of gateways, with faults on request and webhooks to deliver."""

import json
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Literal, Self
from urllib.parse import parse_qsl, urlsplit

PROXY_PAGE: Final = b"<!doctype html><title>Back soon</title>"
"""A page that a proxy shows in place of an answer."""

Fault = Literal["none", "lost_request", "lost_answer", "down", "page"]
"""The connection breaks before the request is carried out, or after it; the answer is 503; or a
page of a proxy replaces the answer to a request that was carried out.

`none` lets a request pass, so that a later one has the fault."""

Choice = Literal["succeed", "decline", "insufficient_funds", "authenticate", "pass", "fail"]
"""What a person does on the page of the gateway. `pass` and `fail` answer 3-D Secure."""

FIRST: Final[Mapping[Choice, str]] = {
    "succeed": "Pay with a card that succeeds",
    "decline": "Pay with a card that is declined",
    "insufficient_funds": "Pay with a card without enough money",
    "authenticate": "Pay with a card that needs 3-D Secure",
}
SECOND: Final[Mapping[Choice, str]] = {
    "pass": "Pass 3-D Secure",
    "fail": "Fail 3-D Secure",
}


@dataclass(frozen=True)
class Call:
    """A request to a simulator."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def form(self) -> dict[str, str]:
        """Return the fields of a form."""
        return dict(parse_qsl(self.body.decode()))


@dataclass(frozen=True)
class Reply:
    """An answer of a simulator."""

    status: int
    body: bytes
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, status: int, found: Mapping[str, Any]) -> "Reply":
        """Return a JSON answer."""
        return cls(status, json.dumps(found).encode())

    @classmethod
    def redirect(cls, url: str) -> "Reply":
        """Return an answer that sends the browser elsewhere."""
        return cls(303, b"", headers={"Location": url})


@dataclass(frozen=True)
class Sent:
    """A webhook as the gateway would send it; for GET, `body` is the query."""

    body: bytes
    method: Literal["GET", "POST"] = "POST"
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass
class Simulator(ABC):
    """Runs on a free port of this machine while it is a context.

    The caller decides when, how often and whether a webhook is delivered, or sets `deliver`.
    """

    faults: deque[Fault] = field(default_factory=deque[Fault])
    webhooks: list[Sent] = field(default_factory=list[Sent])
    deliver: Callable[[Sent], None] | None = None
    port: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Address of the server."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @abstractmethod
    def answer(self, call: Call) -> Reply:
        """Carry out a call of the API."""

    @abstractmethod
    def show(self, call: Call) -> Reply | None:
        """Return a page for a person, or None if the call is one of the API."""

    def send(self, webhook: Sent) -> None:
        """Keep a webhook, and deliver it if that is wanted."""
        self.webhooks.append(webhook)
        if self.deliver is not None:
            threading.Thread(target=self.deliver, args=(webhook,), daemon=True).start()

    def serve(self, call: Call) -> Reply | None:
        """Answer a call, or return None to break the connection."""
        with self.lock:
            page = self.show(call)
            if page is not None:
                return page
            fault = self.faults.popleft() if self.faults else None
            if fault == "lost_request":
                return None
            if fault == "down":
                return Reply.of(503, {})
            reply = self.answer(call)
            if fault == "page":
                return Reply(HTTPStatus.OK, PROXY_PAGE, "text/html; charset=utf-8")
            return None if fault == "lost_answer" else reply


def choices_page(title: str, choices: Mapping[Choice, str], fields: Mapping[str, str]) -> Reply:
    """Return a page on which a person chooses what happens."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    buttons = "".join(
        f'<p><button name="choice" value="{choice}">{label}</button></p>'
        for choice, label in choices.items()
    )
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<h1>{escape(title)}</h1><form method="post">{hidden}{buttons}</form></html>'
    )
    return Reply(200, page.encode(), "text/html; charset=utf-8")


def _handler(simulator: Simulator) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # a reply in two packets would wait for a receipt

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def do_DELETE(self) -> None:
            self._serve()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's
            """Write nothing: requests can hold secrets."""

        def _serve(self) -> None:
            url = urlsplit(self.path)
            call = Call(
                method=self.command,
                path=url.path,
                query=dict(parse_qsl(url.query)),
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(int(self.headers.get("Content-Length", 0))),
            )
            reply = simulator.serve(call)
            if reply is None:
                self.close_connection = True
                return
            with suppress(ConnectionError):  # the client has left
                self.send_response(reply.status)
                self.send_header("Content-Type", reply.media_type)
                self.send_header("Content-Length", str(len(reply.body)))
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)

    return Handler
