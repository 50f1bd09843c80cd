"""Collects exported spans without a collector."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import NoOpTracer

from adapters.telemetry.tracing import build_tracer_provider
from application.kernel.tracing import tracing


@dataclass(frozen=True)
class RecordedSpan:
    """A span with its trace id, id and parent."""

    name: str
    trace: int
    id: int
    parent: int | None
    attributes: Mapping[str, object]
    failed: bool


@contextmanager
def recording(ratio: float = 1.0) -> Iterator[list[RecordedSpan]]:
    """Sample this share of all traces; the list has the spans in the order of their end."""
    exporter, recorded = InMemorySpanExporter(), list[RecordedSpan]()
    provider = build_tracer_provider(exporter, process="test", version="0")
    tracing.tracer, tracing.ratio = provider.get_tracer("kinelog"), ratio
    try:
        yield recorded
    finally:
        tracing.tracer, tracing.ratio = NoOpTracer(), 0.0
        provider.shutdown()
        recorded += [_recorded(span) for span in exporter.get_finished_spans()]


def _recorded(span: ReadableSpan) -> RecordedSpan:
    context = span.get_span_context()
    assert context is not None
    return RecordedSpan(
        name=span.name,
        trace=context.trace_id,
        id=context.span_id,
        parent=span.parent.span_id if span.parent else None,
        attributes=dict(span.attributes or {}),
        failed=not span.status.is_ok and not span.status.is_unset,
    )
