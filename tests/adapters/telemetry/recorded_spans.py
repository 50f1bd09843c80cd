"""Spans as they are told, without anybody to send them to."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from adapters.telemetry.tracing import OpenTelemetryTracing


@dataclass
class Kept(SpanExporter):
    """An exporter that keeps what it is given."""

    spans: list[ReadableSpan] = field(default_factory=list[ReadableSpan])

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.spans += spans
        return SpanExportResult.SUCCESS


@dataclass(frozen=True)
class Told:
    """A span: whose trace, which one, beneath which."""

    name: str
    trace: int
    id: int
    parent: int | None
    attributes: Mapping[str, object]
    failed: bool


@contextmanager
def tracing(share: float = 1.0) -> Iterator[tuple[OpenTelemetryTracing, list[Told]]]:
    """Lend tracing and a list that holds, afterwards, what was told in order of its end."""
    kept, reported = Kept(), list[Told]()
    made = OpenTelemetryTracing(kept, share=share, process="test", version="0")
    try:
        yield made, reported
    finally:
        made.close()
        reported += [_told(span) for span in kept.spans]


def _told(span: ReadableSpan) -> Told:
    context = span.get_span_context()
    assert context is not None
    return Told(
        name=span.name,
        trace=context.trace_id,
        id=context.span_id,
        parent=span.parent.span_id if span.parent else None,
        attributes=dict(span.attributes or {}),
        failed=not span.status.is_ok and not span.status.is_unset,
    )
