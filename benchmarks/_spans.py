"""Trace collector on this machine, which records the times of spans.

Kinelog's processes export their spans by OTLP over HTTP, as to any other collector.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Times(NamedTuple):
    """Start and end of a span, in nanoseconds since 1970."""

    began_ns: int
    ended_ns: int


@dataclass(frozen=True)
class Spans:
    """Received span times, by trace id in hex and span name."""

    url: str
    times: dict[str, dict[str, Times]] = field(default_factory=dict[str, dict[str, Times]])

    def take(self, body: bytes) -> None:
        """Process an OTLP request. Of several spans of one name in a trace, the first counts."""
        for resource_spans in ExportTraceServiceRequest.FromString(body).resource_spans:
            for span in (span for scope in resource_spans.scope_spans for span in scope.spans):
                named = self.times.setdefault(span.trace_id.hex(), {})
                times = Times(span.start_time_unix_nano, span.end_time_unix_nano)
                named[span.name] = min(times, named.get(span.name, times))


@contextmanager
def collector() -> Generator[Spans]:
    """Listen on a free port of this machine until the end of the block."""

    class SpanReceiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            spans.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name
            """Suppress the request log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), SpanReceiver)
    spans = Spans(f"http://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield spans
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
