"""Tracing with OpenTelemetry's API: one trace for all work that a request causes.

The correlation id of a request is its trace id (docs/adr/0008). Every event envelope carries it, so
work in any process and at any later time belongs to the same trace. Contexts of unsampled traces
are passed on and record nothing; without an SDK no trace is sampled.
"""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, cast
from uuid import UUID

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN, NonRecordingSpan, Span, SpanContext, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import Attributes

from domain.kernel import Rejected

TRACE_PARENT: Final = "traceparent"
"""The header of W3C Trace Context: https://www.w3.org/TR/trace-context/"""

SPAN_ID: Final = 2**64 - 1
"""Mask of a span id. The span id of a UUID is its last eight bytes."""

TRACES: Final = 2**32
"""The last four bytes of a trace id decide about sampling: they are random in every kind of id we
use."""

_propagator: Final = TraceContextTextMapPropagator()
_SPAN_ID_KEY: Final = contexts.create_key("kinelog.span_id")


@dataclass
class Tracing:
    """The tracing of this process: its tracer, and the sampled share of all traces, 0 to 1.

    The tracer is not OpenTelemetry's global one, with which libraries would export spans of their
    own (docs/adr/0020).
    """

    tracer: trace.Tracer = field(default_factory=trace.NoOpTracer)
    ratio: float = 0.0

    def samples(self, correlation_id: UUID) -> bool:
        """Whether this trace is sampled: the same answer in every process."""
        return correlation_id.int % TRACES < self.ratio * TRACES


tracing: Final = Tracing()


def span_id_of(cause: UUID) -> int:
    """Derive the span id of an event, a job or a request from its id.

    Every reader of the event derives the same span id. The last eight bytes of our ids begin with
    the two variant bits of RFC 9562 and have 62 bits that differ.
    """
    return cause.int & SPAN_ID or 1


def trace_context(correlation_id: UUID, cause: UUID | None = None) -> Context:
    """Return the context below the span of `cause`, or at the root of the request's trace."""
    return span_context(correlation_id, span_id_of(cause or correlation_id))


def span_context(correlation_id: UUID, span_id: int) -> Context:
    """Return the context below a span of the request's trace."""
    flags = trace.TraceFlags(tracing.samples(correlation_id))
    parent = SpanContext(correlation_id.int, span_id, is_remote=True, trace_flags=flags)
    return trace.set_span_in_context(NonRecordingSpan(parent), Context())


def parse_traceparent(text: str) -> Context | None:
    """Return the context of a `traceparent` header; None for anything else.

    Its flag is ignored: a client does not decide what is sampled.
    """
    parent = _current(_propagator.extract({TRACE_PARENT: text}))
    return span_context(UUID(int=parent.trace_id), parent.span_id) if parent.is_valid else None


def format_traceparent(correlation_id: UUID, span_id: int) -> str:
    """Return the `traceparent` header of a span, without a context: the relay needs many."""
    return f"00-{correlation_id.hex}-{span_id:016x}-{tracing.samples(correlation_id):02x}"


def trace_headers() -> tuple[tuple[str, bytes], ...]:
    """Return the headers that carry the current trace in a message; empty without a trace."""
    current = _current()
    if not current.is_valid:
        return ()
    header = format_traceparent(UUID(int=current.trace_id), current.span_id)
    return ((TRACE_PARENT, header.encode()),)


def message_context(headers: Iterable[tuple[str, bytes | None]]) -> Context | None:
    """Return the context of a message: that of its last `traceparent`, else its correlation id."""
    texts = {name: (content or b"").decode(errors="replace") for name, content in headers}
    context = parse_traceparent(texts.get(TRACE_PARENT, ""))
    if context is not None:
        return context
    try:
        return trace_context(UUID(texts.get("ce_correlationid", "")))
    except ValueError:
        return None


def current_correlation_id() -> UUID | None:
    """Return the correlation id of the current trace; None outside a request."""
    trace_id = _current().trace_id
    return UUID(int=trace_id) if trace_id else None


@contextmanager
def attached(context: Context) -> Generator[None]:
    """Make a context the current one for a block."""
    token = contexts.attach(context)
    try:
        yield
    finally:
        contexts.detach(token)


@contextmanager
def span(
    name: str,
    context: Context | None = None,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    attributes: Attributes = None,
) -> Generator[Span]:
    """Trace the work of a block, below `context` or the current span.

    Of an error only the type is recorded, because its text may be personal. This and the absence
    of a span for unsampled traces are the differences to `start_as_current_span`.
    """
    token = None if context is None else contexts.attach(context)
    try:
        if not _current().trace_flags.sampled:
            yield INVALID_SPAN
            return
        with tracing.tracer.start_as_current_span(
            name,
            _parent(),
            kind,
            attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as started:
            try:
                yield started
            except Rejected as refused:
                started.set_attribute("kinelog.refused", refused.code)
                raise
            except Exception as failed:
                set_failed(started, type(failed).__qualname__)
                raise
    finally:
        if token is not None:
            contexts.detach(token)


def set_failed(failed: Span, error: str) -> None:
    """Mark a span as failed. `error` is the name of an error, never free text."""
    failed.set_attribute("error.type", error)
    failed.set_status(trace.StatusCode.ERROR)


def record_span(
    name: str,
    context: Context | None = None,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    span_id: int | None = None,
    start_ns: int | None = None,
    attributes: Attributes = None,
) -> Context:
    """Record a span that ends now and began at `start_ns`; return the context below it.

    `span_id` fixes its id where others have to derive it (`span_id_of`).
    """
    context = contexts.get_current() if context is None else context
    if not _current(context).trace_flags.sampled:
        return context
    with attached(contexts.set_value(_SPAN_ID_KEY, span_id, context)):
        recorded = tracing.tracer.start_span(name, _parent(), kind, attributes, start_time=start_ns)
    recorded.end()
    return trace.set_span_in_context(recorded, context)


def requested_span_id() -> int | None:
    """Return the id that the span being started must have, for the id generator of the SDK."""
    return cast("int | None", contexts.get_value(_SPAN_ID_KEY))


def _current(context: Context | None = None) -> SpanContext:
    return trace.get_current_span(context).get_span_context()


def _parent() -> Context | None:
    """Return the context to start a span in: an empty one at the root of a trace."""
    parent = _current()
    is_root = parent.span_id == span_id_of(UUID(int=parent.trace_id))
    return Context() if is_root else None
