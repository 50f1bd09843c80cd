"""OpenTelemetry tracing: spans sent over OTLP, in batches from a background thread."""

import time
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Final
from uuid import UUID

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)
from opentelemetry.trace import Span as OpenTelemetrySpan

from application.kernel import telemetry
from application.kernel.telemetry import NOTHING, STAYING, Attributes, Passing, Span, TraceParent
from domain.kernel import Rejected

KINDS: Final[dict[telemetry.SpanKind, SpanKind]] = {
    "internal": SpanKind.INTERNAL,
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
}

DICE: Final = 2**32
"""The last four bytes of an id decide about sampling: they are random in every kind of id we
use."""

EXPORT_S: Final = 5.0
"""Timeout of one batch to the collector; at the end of the process it is waited for once."""
EXPORT_EVERY_MS: Final = 1000
TRACES_PATH: Final = "/v1/traces"
"""Of OTLP over HTTP: https://opentelemetry.io/docs/specs/otlp/#otlphttp-request"""

_trace_id: ContextVar[int | None] = ContextVar("kinelog_trace_id", default=None)
_span_id: ContextVar[int | None] = ContextVar("kinelog_span_id", default=None)


class _Ids(RandomIdGenerator):
    """Id generator: returns the requested ids, else random ones."""

    def generate_trace_id(self) -> int:
        return _trace_id.get() or super().generate_trace_id()

    def generate_span_id(self) -> int:
        return _span_id.get() or super().generate_span_id()


@contextmanager
def _given(trace_id: int, span_id: int | None) -> Generator[None]:
    trace, span = _trace_id.set(trace_id), _span_id.set(span_id)
    try:
        yield
    finally:
        _trace_id.reset(trace)
        _span_id.reset(span)


class OpenTelemetryTracing:
    """A `Tracing` whose spans go to an exporter.

    `share`, 0 to 1, is the sampled share of all traces. `process` is the name of this process in
    them.
    """

    def __init__(self, exporter: SpanExporter, *, share: float, process: str, version: str) -> None:
        named = {
            "service.name": f"kinelog-{process}",
            "service.namespace": "kinelog",
            "service.version": version,
        }
        self._provider = TracerProvider(
            sampler=ALWAYS_ON,  # unsampled spans do not get here
            resource=Resource.create(named),
            id_generator=_Ids(),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(
            BatchSpanProcessor(exporter, schedule_delay_millis=EXPORT_EVERY_MS)
        )
        self._tracer = self._provider.get_tracer("kinelog", version)
        self._below = round(share * DICE)

    def close(self) -> None:
        """Flush pending spans."""
        self._provider.shutdown()

    def samples(self, trace_id: UUID) -> bool:
        return trace_id.int % DICE < self._below

    def span(
        self,
        name: str,
        *,
        kind: telemetry.SpanKind = "internal",
        beneath: TraceParent | None = None,
        attributes: Attributes = NOTHING,
    ) -> AbstractContextManager[Span]:
        place = beneath or telemetry.current_trace()
        if place is None:
            return STAYING
        if not self.samples(place.trace_id):
            return STAYING if beneath is None else Passing(beneath)
        return _SpanContext(self._begun(name, kind, place, attributes))

    def note(
        self,
        name: str,
        *,
        beneath: TraceParent,
        kind: telemetry.SpanKind = "internal",
        span_id: int | None = None,
        began_ns: int | None = None,
        attributes: Attributes = NOTHING,
    ) -> TraceParent:
        if not self.samples(beneath.trace_id):
            return beneath
        span = self._begun(name, kind, beneath, attributes, span_id, began_ns)
        span.end()
        return _place_of(span)

    def _begun(
        self,
        name: str,
        kind: telemetry.SpanKind,
        beneath: TraceParent,
        attributes: Attributes,
        span_id: int | None = None,
        began_ns: int | None = None,
    ) -> OpenTelemetrySpan:
        trace_id = beneath.trace_id.int
        above = SpanContext(
            trace_id,
            beneath.span_id or 0,  # 0 means no parent: this span is the root of its trace
            is_remote=True,
            trace_flags=TraceFlags(TraceFlags.SAMPLED),
        )
        with _given(trace_id, span_id):
            return self._tracer.start_span(
                name,
                context=set_span_in_context(NonRecordingSpan(above)),
                kind=KINDS[kind],
                attributes=attributes,
                start_time=began_ns or time.time_ns(),
            )


def _place_of(span: OpenTelemetrySpan) -> TraceParent:
    context = span.get_span_context()
    return TraceParent(UUID(int=context.trace_id), context.span_id, sampled=True)


class _SpanContext:
    """A span, recorded at exit. Of an error only the type is recorded: its text may be personal."""

    __slots__ = ("_passing", "_span")

    def __init__(self, span: OpenTelemetrySpan) -> None:
        self._span = span
        self._passing = Passing(_place_of(span))

    def name(self, name: str) -> None:
        self._span.update_name(name)

    def tell(self, attributes: Attributes) -> None:
        self._span.set_attributes(attributes)

    def fail(self, reason: str) -> None:
        self._span.set_attribute("error.type", reason)
        self._span.set_status(Status(StatusCode.ERROR))

    def __enter__(self) -> Span:
        self._passing.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._passing.__exit__()
        if isinstance(error, Rejected):
            self._span.set_attribute("kinelog.refused", error.code)
        elif isinstance(error, Exception):
            self.fail(type(error).__qualname__)
        self._span.end()


def otlp(endpoint: str) -> SpanExporter:
    """Export to a collector: its base URL, such as `http://collector:4318`, or a full one."""
    address = endpoint if endpoint.endswith(TRACES_PATH) else endpoint.rstrip("/") + TRACES_PATH
    return OTLPSpanExporter(endpoint=address, timeout=EXPORT_S)
