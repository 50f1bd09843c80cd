"""Cost of OpenTelemetry's instrumentation of FastAPI, and of its metrics, beside ours.

`request` is a route that does nothing: `none` is untraced, `ours` is `TelemetryMiddleware`, which
also measures, `native` the telemetry of FastAPI itself, `contrib` the `FastAPIInstrumentor`; each
samples no trace, or all, to a collector that returns nothing. `metric` is a hundred observations of
a histogram with three labels. Ways whose package is not installed are left out.

Run `uv run --with opentelemetry-instrumentation-fastapi --with opentelemetry-exporter-prometheus
python -m benchmarks.instrumentation [--rounds 3000] [--json]`.
"""

import asyncio
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any, Final
from uuid import uuid4

from fastapi import FastAPI
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON
from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.telemetry.tracing import build_tracer_provider
from api.middleware.telemetry import TelemetryMiddleware
from application.kernel.metrics import FAST, REQUEST_SECONDS
from application.kernel.tracing import attached, trace_context, tracing
from benchmarks._report import Row, in_turns, print_report
from benchmarks.graphql import ask

OFF: Final = {"tracing": False, "metrics": False, "logs": False}
LABELS: Final = {"method": "GET", "route": "/v1/sessions", "status": "200"}
CALLS: Final = 100
"""Observations in one round: one alone is too short to measure."""


class Drain(SpanExporter):
    """Span exporter that discards all spans."""

    def export(self, spans: Sequence[Any]) -> SpanExportResult:  # noqa: ARG002  none kept
        return SpanExportResult.SUCCESS


class NewTrace:
    """Middleware that sets the sampling ratio, and gives each request a new correlation id."""

    def __init__(self, app: ASGIApp, *, ratio: float) -> None:
        self._app = app
        self._ratio = ratio

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        tracing.ratio = self._ratio
        with attached(trace_context(uuid4())):
            await self._app(scope, receive, send)


def application(**options: Any) -> FastAPI:
    app = FastAPI(openapi_url=None, **options)

    @app.get("/{name}")
    async def route(name: str) -> str:  # pyright: ignore[reportUnusedFunction]
        return name

    return app


def request_ways(ratio: float) -> dict[str, FastAPI]:
    """Return an application for each way of tracing; the ratio is 0 or 1."""
    provider = TracerProvider(sampler=ALWAYS_ON if ratio else ALWAYS_OFF, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(Drain()))
    ours = application(telemetry=OFF)
    ours.add_middleware(TelemetryMiddleware)
    ours.add_middleware(NewTrace, ratio=ratio)
    ways = {"ours": ours, "native": application(telemetry={"tracer_provider": provider})}
    if find_spec("opentelemetry.instrumentation"):
        from opentelemetry.instrumentation.fastapi import (  # type: ignore[import-not-found]  # noqa: PLC0415  optional
            FastAPIInstrumentor,
        )

        ways["contrib"] = application(telemetry=OFF)
        FastAPIInstrumentor.instrument_app(
            ways["contrib"], tracer_provider=provider, exclude_spans=["receive", "send"]
        )
    return {f"{name} {ratio:.0%}": app for name, app in ways.items()}


def metric_ways() -> dict[str, Callable[[], object]]:
    """Return an observation of a histogram by each library."""
    ways: dict[str, Callable[[], object]] = {
        "prometheus-client": lambda: REQUEST_SECONDS.labels(*LABELS.values()).observe(0.01)
    }
    if find_spec("opentelemetry.exporter.prometheus"):
        from opentelemetry.exporter.prometheus import (  # type: ignore[import-not-found]  # noqa: PLC0415  optional
            PrometheusMetricReader,
        )

        reader = PrometheusMetricReader(registry=CollectorRegistry())
        meter = MeterProvider(metric_readers=[reader]).get_meter("benchmark")
        histogram = meter.create_histogram("seconds", explicit_bucket_boundaries_advisory=FAST)
        ways["opentelemetry"] = lambda: histogram.record(0.01, LABELS)
    return ways


def repeated(observe: Callable[[], object]) -> Callable[[], Any]:
    async def observing() -> None:
        for _ in range(CALLS):
            observe()

    return observing


def run(rounds: int) -> list[Row]:
    """Measure a request by each way of tracing, and a hundred observations by each library."""
    tracing.tracer = build_tracer_provider(Drain(), process="b", version="0").get_tracer("kinelog")
    apps = {"none": application(telemetry=OFF), **request_ways(0.0), **request_ways(1.0)}
    requests = {name: _asking(app) for name, app in apps.items()}
    metrics = {name: repeated(observe) for name, observe in metric_ways().items()}
    return [
        *asyncio.run(in_turns("request", requests, rounds, to="none")),
        *asyncio.run(in_turns("metric", metrics, rounds, to="prometheus-client")),
    ]


def _asking(app: FastAPI) -> Callable[[], Any]:
    return lambda: ask(app, "/ada", query="cursor=x")


if __name__ == "__main__":
    print_report(__doc__, run, rounds=3000)
