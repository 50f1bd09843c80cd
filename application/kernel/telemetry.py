"""Telemetry ports: trace context, spans, metrics.

The correlation id of a request is its trace id (docs/adr/0008). Every event envelope carries it, so
all work that a request causes, in any process and at any later time, belongs to the same trace. The
adapters export it; `OFF` exports nothing.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, Self
from uuid import UUID

from domain.kernel import value

TRACE_PARENT: Final = "traceparent"
"""The header of W3C Trace Context, level 1: https://www.w3.org/TR/trace-context/"""

SHAPE: Final = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})"
    r"(?P<more>-.*)?"
)
"""Later versions of the standard may append fields."""

SPAN_ID: Final = 2**64 - 1
"""Mask of a span id. The span id of a UUID is its last eight bytes."""

SpanKind = Literal["internal", "server", "client", "producer", "consumer"]
"""As OpenTelemetry has them: https://opentelemetry.io/docs/specs/otel/trace/api/#spankind"""

Attributes = Mapping[str, str | int | float | bool]
NOTHING: Final[Attributes] = {}


def span_id_of(cause: UUID) -> int:
    """Derive the span id of an event, a command or a request from its id.

    Every reader of the event derives the same span id. The last eight bytes of our ids begin with
    the two variant bits of RFC 9562 and have 62 bits that differ.
    """
    return cause.int & SPAN_ID or 1


@value
class TraceParent:
    """A position in a trace: new spans become children of `span_id`, or roots if it is None."""

    trace_id: UUID
    span_id: int | None = None
    sampled: bool = False

    @classmethod
    def of(cls, correlation_id: UUID, cause: UUID) -> Self:
        """Return the position below the span of `cause`, in the trace of a request."""
        return cls(correlation_id, span_id_of(cause))

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Parse a `traceparent` header; None for anything else, as the standard requires."""
        read = SHAPE.fullmatch(text.strip())
        if read is None or read["version"] == "ff" or (read["version"] == "00" and read["more"]):
            return None
        trace, span, flags = (int(read[name], 16) for name in ("trace", "span", "flags"))
        return cls(UUID(int=trace), span, bool(flags & 1)) if trace and span else None

    def __str__(self) -> str:
        span = span_id_of(self.trace_id) if self.span_id is None else self.span_id
        return f"00-{self.trace_id.hex}-{span:016x}-{self.sampled:02x}"


_current: ContextVar[TraceParent | None] = ContextVar("kinelog_trace", default=None)


def current_trace() -> TraceParent | None:
    """Return the current trace position of this thread or task; None outside a request."""
    return _current.get()


def trace_headers() -> tuple[tuple[str, bytes], ...]:
    """Return the headers that carry the current trace in a message; empty without a trace."""
    position = _current.get()
    return () if position is None else ((TRACE_PARENT, str(position).encode()),)


class Span(Protocol):
    """A unit of work that is being traced."""

    def name(self, name: str) -> None:
        """Rename the span, once its kind is clear."""
        ...

    def tell(self, attributes: Attributes) -> None: ...

    def fail(self, reason: str) -> None:
        """Mark the span as failed. `reason` is the name of an error, never free text."""
        ...


class Tracing(Protocol):
    """Port to the tracing backend. Times are nanoseconds since 1970."""

    def samples(self, trace_id: UUID) -> bool:
        """Whether this trace is sampled: the same answer in every process."""
        ...

    def span(
        self,
        name: str,
        *,
        kind: SpanKind = "internal",
        beneath: TraceParent | None = None,
        attributes: Attributes = NOTHING,
    ) -> AbstractContextManager[Span]:
        """Trace the work of a `with` block, below `beneath` or the current span.

        Inside the block, `current_trace` is this span. Without any position, nothing is traced.
        """
        ...

    def note(
        self,
        name: str,
        *,
        beneath: TraceParent,
        kind: SpanKind = "internal",
        span_id: int | None = None,
        began_ns: int | None = None,
        attributes: Attributes = NOTHING,
    ) -> TraceParent:
        """Record a span that ends now and began at `began_ns`; return its position for children.

        `span_id` fixes its id where others have to derive it (`span_id_of`).
        """
        ...


@value
class Gauge:
    """A value measured at scrape time; each label has few values."""

    name: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict[str, str])


Look = Callable[[], Iterable[Gauge]]


class Metrics(Protocol):
    """Port for metrics. Labels name kinds of things, never a user, tenant, session or path."""

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Record a request and the time until its response began; `route` is a template."""
        ...

    def carried_out(self, category: str, outcome: str) -> None:
        """Record a command on a stream of a category: `done`, `repeated`, or a code."""
        ...

    def appended(self, events: int, seconds: float) -> None:
        """Record an append to the log."""
        ...

    def relayed(self, events: int, seconds: float) -> None:
        """Record a batch that the bus acknowledged."""
        ...

    def worked_off(self, group: str, topic: str, outcome: str, seconds: float) -> None:
        """Record a processed message: `done`, or the kind of error."""
        ...

    def watch(self, what: str, look: Look) -> None:
        """Call `look` at each scrape. A failure of `look` is logged and has no other effect."""
        ...


class _NullSpan:
    """A span that is not recorded."""

    def name(self, name: str) -> None: ...

    def tell(self, attributes: Attributes) -> None: ...

    def fail(self, reason: str) -> None: ...


UNTOLD: Final[Span] = _NullSpan()


class Passing:
    """Sets the current trace position for a block without recording a span; None keeps it."""

    __slots__ = ("_place", "_token")

    def __init__(self, place: TraceParent | None) -> None:
        self._place = place

    def __enter__(self) -> Span:
        if self._place is not None:
            self._token = _current.set(self._place)
        return UNTOLD

    def __exit__(self, *_: object) -> None:
        if self._place is not None:
            _current.reset(self._token)


STAYING: Final = Passing(None)


class Untraced:
    """Tracing that propagates the trace position and records nothing."""

    def samples(self, trace_id: UUID) -> bool:  # noqa: ARG002  none
        """Return False."""
        return False

    def span(
        self,
        name: str,  # noqa: ARG002  not recorded
        *,
        kind: SpanKind = "internal",  # noqa: ARG002
        beneath: TraceParent | None = None,
        attributes: Attributes = NOTHING,  # noqa: ARG002
    ) -> AbstractContextManager[Span]:
        """Set the trace position for the block."""
        return STAYING if beneath is None else Passing(beneath)

    def note(
        self,
        name: str,  # noqa: ARG002  not recorded
        *,
        beneath: TraceParent,
        kind: SpanKind = "internal",  # noqa: ARG002
        span_id: int | None = None,  # noqa: ARG002
        began_ns: int | None = None,  # noqa: ARG002
        attributes: Attributes = NOTHING,  # noqa: ARG002
    ) -> TraceParent:
        """Return the position unchanged."""
        return beneath


class Unmeasured:
    """Metrics that record nothing."""

    def answered(self, method: str, route: str, status: int, seconds: float) -> None: ...

    def carried_out(self, category: str, outcome: str) -> None: ...

    def appended(self, events: int, seconds: float) -> None: ...

    def relayed(self, events: int, seconds: float) -> None: ...

    def worked_off(self, group: str, topic: str, outcome: str, seconds: float) -> None: ...

    def watch(self, what: str, look: Look) -> None: ...


@dataclass(frozen=True)
class Telemetry:
    """The telemetry of a process. `exposed` renders all metrics in Prometheus's text format."""

    tracing: Tracing
    metrics: Metrics
    exposed: Callable[[], bytes] | None = None


OFF: Final = Telemetry(Untraced(), Unmeasured())
