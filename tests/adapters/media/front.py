"""Proxy in front of an S3 server that injects failures."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit


class Front:
    """Forwards requests; the next `away` ones fail, and `lies` changes the content of responses.

    If `refusal` is an error code of S3, all requests are refused with it.
    """

    def __init__(self, behind: str) -> None:
        self.behind = urlsplit(behind)
        self.away = 0
        self.lies = False
        self.refusal = ""
        self.commands: list[str] = []
        front = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # a reply in two packets would wait for a receipt

            def do_any(self) -> None:
                front.pass_on(self)

            do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = do_any  # noqa: N815

            def log_message(self, *_: Any) -> None:
                """Log nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @contextmanager
    def open(self) -> Iterator["Front"]:
        serving = Thread(target=self._server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            serving.join()
            self._server.server_close()

    def pass_on(self, handler: BaseHTTPRequestHandler) -> None:
        self.commands.append(handler.command)
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        if self.away:
            self.away -= 1
            handler.send_response(503)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        if self.refusal:
            error = f"<Error><Code>{self.refusal}</Code></Error>".encode()
            handler.send_response(403)
            handler.send_header("Content-Length", str(len(error)))
            handler.end_headers()
            handler.wfile.write(error)
            return
        server = http.client.HTTPConnection(self.behind.hostname or "", self.behind.port)
        try:
            server.request(handler.command, handler.path, body, dict(handler.headers))
            answer = server.getresponse()
            content = answer.read()
        finally:
            server.close()
        if self.lies and handler.command == "GET" and content:
            content = bytes([content[0] ^ 1]) + content[1:]
        handler.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() != "transfer-encoding":
                handler.send_header(name, value)
        if answer.getheader("Content-Length") is None:  # sent in chunks
            handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
