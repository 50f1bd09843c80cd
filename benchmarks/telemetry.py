"""Cost of telemetry for a request: reading, revalidating, and writing.

`read` is a page of 20 sessions, `graphql` one from the response cache, `write` a command. All
alternatives call their own ASGI application in this process, over the same data. `none` has neither
traces nor metrics, `metrics` no traces, `sampled` exports a twentieth of its traces, `traced` all;
to a collector that accepts everything at once and returns nothing. Figures are medians of
milliseconds, of wall-clock and of processor time, and ratios to `none`.

Run `python -m benchmarks.telemetry [--rounds 300] [--json]`.
"""

import asyncio
import json
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from adapters.telemetry.metrics import PrometheusMetrics
from adapters.telemetry.tracing import OpenTelemetryTracing
from api.app import build_app
from application.kernel.telemetry import OFF, Telemetry
from benchmarks._report import Row, in_turns, print_report
from benchmarks.graphql import PAGE, ask, fill, graphql
from bootstrap.embedded import embedded
from bootstrap.settings import Settings

SHARES: Final = {"metrics": None, "sampled": 0.05, "traced": 1.0}

REGISTER: Final = """
mutation($input: RegisterUserInput!) {
  registerUser(input: $input) { __typename ... on Problem { message } }
}"""


class Drain(SpanExporter):
    """Span exporter that discards all spans."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:  # noqa: ARG002  none kept
        return SpanExportResult.SUCCESS


@contextmanager
def traced(share: float | None) -> Generator[Telemetry]:
    metrics = PrometheusMetrics(process="benchmark", version="0")
    if share is None:
        yield Telemetry(OFF.tracing, metrics, metrics.exposed)
        return
    tracing = OpenTelemetryTracing(Drain(), share=share, process="benchmark", version="0")
    yield Telemetry(tracing, metrics, metrics.exposed)
    tracing.close()


def register() -> Callable[[], bytes]:
    """Return commands that each register a new user."""
    number = 0

    def body() -> bytes:
        nonlocal number
        number += 1
        variables = {"input": {"userId": f"user-{number}", "timeZone": "UTC", "locale": "en"}}
        return json.dumps({"query": REGISTER, "variables": variables}).encode()

    return body


def run(rounds: int) -> list[Row]:
    """Measure reading and writing by each alternative, compared with `none`."""
    with ExitStack() as opened:
        apps: dict[str, Any] = {}
        for name in ("none", *SHARES):
            home = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="kinelog-")))
            way = OFF if name == "none" else opened.enter_context(traced(SHARES[name]))
            settings = Settings(home=home, cache=home / "cache", postgres_url=None)
            platform = opened.enter_context(embedded(settings, telemetry=way))
            fill(platform)
            apps[name] = build_app(platform, web=home)
        page = graphql(PAGE)
        bodies = {name: register() for name in apps}
        shapes: dict[str, dict[str, Callable[[], Any]]] = {
            "health": {name: _asking(app, "/healthz", lambda: b"") for name, app in apps.items()},
            "read": {name: _asking(app, "/v1/sessions", lambda: b"") for name, app in apps.items()},
            "graphql": {name: _asking(app, "/graphql", lambda: page) for name, app in apps.items()},
            "write": {name: _asking(app, "/graphql", bodies[name]) for name, app in apps.items()},
        }
        measured = (
            asyncio.run(in_turns(shape, ways, rounds, to="none")) for shape, ways in shapes.items()
        )
        return [row for rows in measured for row in rows]


def _asking(app: Any, path: str, body: Callable[[], bytes]) -> Callable[[], Any]:
    return lambda: ask(app, path, body=body())


if __name__ == "__main__":
    print_report(__doc__, run, rounds=300)
