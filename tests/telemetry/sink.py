"""An OTLP collector that receives protobufs from real processes over HTTP."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

WITHIN_S = 120.0


@dataclass(frozen=True)
class Seen:
    """A received span, and the process that sent it."""

    process: str
    name: str
    trace: str
    id: str
    parent: str


class Sink:
    """The spans received so far."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._spans: list[Seen] = []
        self.address = ""

    def take(self, content: bytes) -> None:
        request = ExportTraceServiceRequest.FromString(content)
        spans = [
            Seen(
                process=_service(resource),
                name=span.name,
                trace=span.trace_id.hex(),
                id=span.span_id.hex(),
                parent=span.parent_span_id.hex(),
            )
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]
        with self._changed:
            self._spans += spans
            self._changed.notify_all()

    def wait_for(self, trace: str, enough: Callable[[list[Seen]], bool]) -> list[Seen]:
        """Return the spans of a trace once the condition holds, or fail after a timeout."""
        deadline = time.monotonic() + WITHIN_S
        with self._changed:
            while not enough(found := [span for span in self._spans if span.trace == trace]):
                left = deadline - time.monotonic()
                assert left > 0, tree(found)
                self._changed.wait(left)
        return found


def _service(resource: Any) -> str:
    (name,) = (
        pair.value.string_value
        for pair in resource.resource.attributes
        if pair.key == "service.name"
    )
    return str(name)


def tree(spans: list[Seen]) -> str:
    """Draw a trace for the message of a failed test."""
    span_ids = {span.id for span in spans}

    def lines(parent: str, depth: int) -> Iterator[str]:
        for span in spans:
            if span.parent == parent or (depth == 0 and span.parent not in span_ids):
                yield f"{'  ' * depth}{span.name} ({span.process}, {span.id} in {span.parent})"
                yield from lines(span.id, depth + 1)

    return "\n".join(lines("", 0))


@contextmanager
def sink() -> Iterator[Sink]:
    """Yield a running collector."""
    taken = Sink()

    class CollectorHandler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            taken.take(self.rfile.read(int(self.headers["Content-Length"])))
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), CollectorHandler) as server:
        taken.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield taken
        finally:
            server.shutdown()
            thread.join()
