"""Cost of tracing for a request: reading, revalidating, and writing.

`read` is a page of 20 sessions, `graphql` one from the response cache, `write` a command. All
alternatives call their own ASGI application in this process, over the same data. `none` samples no
trace, `sampled` exports a twentieth of its traces, `traced` all; to a collector that accepts
everything at once and returns nothing. Figures are medians of milliseconds, of wall-clock and of
processor time, and ratios to `none`.

Run `python -m benchmarks.telemetry [--rounds 300] [--json]`.
"""

import asyncio
import json
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from adapters.telemetry.tracing import build_tracer_provider
from api.app import build_app
from application.kernel.tracing import tracing
from benchmarks._report import Row, in_turns, print_report
from benchmarks.graphql import PAGE, ask, fill, graphql
from bootstrap.embedded import embedded
from bootstrap.settings import Settings

RATIOS: Final = {"none": 0.0, "sampled": 0.05, "traced": 1.0}

REGISTER: Final = """
mutation($input: RegisterUserInput!) {
  registerUser(input: $input) { __typename ... on Problem { message } }
}"""


class Drain(SpanExporter):
    """Span exporter that discards all spans."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:  # noqa: ARG002  none kept
        return SpanExportResult.SUCCESS


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
    provider = build_tracer_provider(Drain(), process="benchmark", version="0")
    tracing.tracer = provider.get_tracer("kinelog")
    with ExitStack() as opened:
        opened.callback(provider.shutdown)
        apps: dict[str, Any] = {}
        for name in RATIOS:
            home = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="kinelog-")))
            settings = Settings(home=home, cache=home / "cache", postgres_url=None)
            platform = opened.enter_context(embedded(settings))
            fill(platform)
            apps[name] = build_app(platform, web=home)
        page = graphql(PAGE)
        requests: dict[str, tuple[str, Callable[[], Callable[[], bytes]]]] = {
            "health": ("/healthz", lambda: lambda: b""),
            "read": ("/v1/sessions", lambda: lambda: b""),
            "graphql": ("/graphql", lambda: lambda: page),
            "write": ("/graphql", register),
        }
        shapes: dict[str, dict[str, Callable[[], Any]]] = {
            shape: {name: _asking(app, name, path, body()) for name, app in apps.items()}
            for shape, (path, body) in requests.items()
        }
        measured = (
            asyncio.run(in_turns(shape, ways, rounds, to="none")) for shape, ways in shapes.items()
        )
        return [row for rows in measured for row in rows]


def _asking(app: Any, way: str, path: str, body: Callable[[], bytes]) -> Callable[[], Any]:
    def asking() -> Any:
        tracing.ratio = RATIOS[way]
        return ask(app, path, body=body())

    return asking


if __name__ == "__main__":
    print_report(__doc__, run, rounds=300)
