"""What the program tells of itself: which request led to what, and how long it took.

The correlation id of a request is the id of its trace (docs/adr/0008). It is in the envelope of
every event, so whatever happens because of a request, in any process and however much later, is
told under the same trace. Nothing here knows how it is told: adapters do, and `OFF` tells nobody.
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
"""Later versions of the standard may say more at the end."""

SPAN_ID: Final = 2**64 - 1
"""The bits of a span id; those of a UUID that are told in it are its last eight bytes."""

SpanKind = Literal["internal", "server", "client", "producer", "consumer"]
"""As OpenTelemetry has them: https://opentelemetry.io/docs/specs/otel/trace/api/#spankind"""

Attributes = Mapping[str, str | int | float | bool]
NOTHING: Final[Attributes] = {}


def span_id_of(cause: UUID) -> int:
    """Name the span that tells of an event, a command or a request, by the id of that.

    Whoever knows the event knows its span, whenever and wherever it is read. The last eight
    bytes of our ids begin with the two bits of RFC 9562 and have 62 that differ.
    """
    return cause.int & SPAN_ID or 1


@value
class TraceParent:
    """A place in a trace: whatever begins here is told beneath `span_id`, or at the top (None)."""

    trace_id: UUID
    span_id: int | None = None
    sampled: bool = False

    @classmethod
    def of(cls, correlation_id: UUID, cause: UUID) -> Self:
        """Stand beneath what told of `cause`, in the trace of a request."""
        return cls(correlation_id, span_id_of(cause))

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read a `traceparent` header; None for anything else, as the standard wants it."""
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
    """Tell where in a trace this thread or task is; None where it works for no request."""
    return _current.get()


def trace_headers() -> tuple[tuple[str, bytes], ...]:
    """Give the headers that put a message into the trace of whoever sends it; none without one."""
    here = _current.get()
    return () if here is None else ((TRACE_PARENT, str(here).encode()),)


class Span(Protocol):
    """A piece of work that is being told of."""

    def name(self, name: str) -> None:
        """Call it otherwise, once it is known what it is."""
        ...

    def tell(self, attributes: Attributes) -> None: ...

    def fail(self, reason: str) -> None:
        """Mark it as gone wrong. The reason is the name of an error, never a text of its own."""
        ...


class Tracing(Protocol):
    """Tells which work belongs together. Times are nanoseconds since 1970."""

    def samples(self, trace_id: UUID) -> bool:
        """Whether this trace is told at all: the same answer in every process."""
        ...

    def span(
        self,
        name: str,
        *,
        kind: SpanKind = "internal",
        beneath: TraceParent | None = None,
        attributes: Attributes = NOTHING,
    ) -> AbstractContextManager[Span]:
        """Tell of work from entering to leaving, beneath a place or where this thread is.

        Within, `current_trace` is this span. Without a place there is nothing to tell.
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
        """Tell of work that is over now and began then; gives its place, for what follows it.

        `span_id` names it, where others have to find it (`span_id_of`).
        """
        ...


@value
class Gauge:
    """A measured value at the moment somebody looks; `labels` have few values each."""

    name: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict[str, str])


Look = Callable[[], Iterable[Gauge]]


class Metrics(Protocol):
    """Counts and measures. Labels name kinds of things, never a user, tenant, session or path."""

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Note a request and the time until its answer began; `route` is a template."""
        ...

    def carried_out(self, category: str, outcome: str) -> None:
        """Note a command on a stream of a category: `done`, `repeated`, or a refusal's code."""
        ...

    def appended(self, events: int, seconds: float) -> None:
        """Note an append to the log."""
        ...

    def relayed(self, events: int, seconds: float) -> None:
        """Note a batch that the bus has acknowledged."""
        ...

    def worked_off(self, group: str, topic: str, outcome: str, seconds: float) -> None:
        """Note a message: `done`, or the kind of error."""
        ...

    def watch(self, what: str, look: Look) -> None:
        """Look each time that metrics are asked for. A failure of `look` is told, and no more."""
        ...


class _Untold:
    """A span that nobody hears of."""

    def name(self, name: str) -> None: ...

    def tell(self, attributes: Attributes) -> None: ...

    def fail(self, reason: str) -> None: ...


UNTOLD: Final[Span] = _Untold()


class Passing:
    """Stand at a place without telling of it; where there is none, stay."""

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
    """Passes on whose work something is, and tells nobody."""

    def samples(self, trace_id: UUID) -> bool:  # noqa: ARG002  none
        """Say no."""
        return False

    def span(
        self,
        name: str,  # noqa: ARG002  told to nobody
        *,
        kind: SpanKind = "internal",  # noqa: ARG002
        beneath: TraceParent | None = None,
        attributes: Attributes = NOTHING,  # noqa: ARG002
    ) -> AbstractContextManager[Span]:
        """Stand at the place meanwhile."""
        return STAYING if beneath is None else Passing(beneath)

    def note(
        self,
        name: str,  # noqa: ARG002  told to nobody
        *,
        beneath: TraceParent,
        kind: SpanKind = "internal",  # noqa: ARG002
        span_id: int | None = None,  # noqa: ARG002
        began_ns: int | None = None,  # noqa: ARG002
        attributes: Attributes = NOTHING,  # noqa: ARG002
    ) -> TraceParent:
        """Give the place as it is."""
        return beneath


class Unmeasured:
    """Counts nothing."""

    def answered(self, method: str, route: str, status: int, seconds: float) -> None: ...

    def carried_out(self, category: str, outcome: str) -> None: ...

    def appended(self, events: int, seconds: float) -> None: ...

    def relayed(self, events: int, seconds: float) -> None: ...

    def worked_off(self, group: str, topic: str, outcome: str, seconds: float) -> None: ...

    def watch(self, what: str, look: Look) -> None: ...


@dataclass(frozen=True)
class Telemetry:
    """How a process tells of itself. `exposed` gives all metrics in Prometheus's text format."""

    tracing: Tracing
    metrics: Metrics
    exposed: Callable[[], bytes] | None = None


OFF: Final = Telemetry(Untraced(), Unmeasured())
