"""Tracing and metrics of Faust workers: each message is processed in the trace it carries.

`traceparent` names the parent span; `trace_headers` continues the trace in messages sent.
"""

# Faust leaves many of its types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, Protocol, cast

import structlog
from aiokafka.errors import IllegalStateError  # type: ignore[import-untyped]  # without types
from faust.exceptions import ConsumerNotStarted
from faust.types import TP
from faust.types.tuples import Message

from application.kernel.telemetry import OFF, TRACE_PARENT, Gauge, Telemetry, TraceParent

DONE: Final = "done"


def trace_of(message: Message) -> TraceParent | None:
    """Return the trace position of a message; None without one."""
    headers = cast("Iterable[tuple[str, bytes | None]]", message.headers or ())
    for name, content in reversed([*headers]):
        if name == TRACE_PARENT:
            return TraceParent.parse((content or b"").decode(errors="replace"))
    return None


class Observing:
    """Traces and measures the work of a group."""

    def __init__(self, group: str, telemetry: Telemetry = OFF) -> None:
        self._group = group
        self._tracing = telemetry.tracing
        self._metrics = telemetry.metrics

    @contextmanager
    def work(self, message: Message) -> Generator[None]:
        """Trace and measure the processing of a message, as a context manager."""
        place = trace_of(message)
        if place is None:
            with self._measured(message.topic):
                yield
            return
        with (
            structlog.contextvars.bound_contextvars(correlation_id=str(place.trace_id)),
            self._tracing.span(f"work {message.topic}", kind="consumer", beneath=place) as span,
            self._measured(message.topic),
        ):
            span.tell({"messaging.consumer.group.name": self._group})
            yield

    @contextmanager
    def _measured(self, topic: str) -> Generator[None]:
        began, outcome = time.perf_counter(), DONE
        try:
            yield
        except Exception as failed:
            outcome = type(failed).__name__
            raise
        finally:
            seconds = time.perf_counter() - began
            self._metrics.worked_off(self._group, topic, outcome, seconds)


class Reading(Protocol):
    """A subscription: the next offset of each partition it has."""

    @property
    def topic(self) -> str: ...

    @property
    def due(self) -> Mapping[TP, int]: ...


class Group(Protocol):
    """A Faust application with subscriptions; it knows the end offsets after its first fetch."""

    @property
    def followers(self) -> Sequence[Reading]: ...

    @property
    def consumer(self) -> Any: ...


def follower_lags(app: Group, group: str) -> Iterator[Gauge]:
    """Return the consumer lag of each partition that this worker has."""
    for follower in app.followers:
        for tp, due in follower.due.items():
            try:
                end = cast("int | None", app.consumer.highwater(tp))  # None until it has fetched
            except (IllegalStateError, ConsumerNotStarted):
                continue  # not assigned to us now
            if end is not None:
                labels = {"group": group, "topic": tp.topic, "partition": str(tp.partition)}
                yield Gauge("kinelog_consumer_lag", max(0, end - due), labels)
