"""Instrumented message handler: duration, and a span in the trace of the message."""

import time
from uuid import UUID

import structlog

from application.kernel.bus import Delivery
from application.kernel.consumer import Handler
from application.kernel.telemetry import TRACE_PARENT, Telemetry, TraceParent

DONE = "done"


def observed(handler: Handler, group: str, telemetry: Telemetry) -> Handler:
    """Wrap a handler with metrics and a span."""

    def handle(delivered: Delivery) -> None:
        topic, place = delivered.message.topic, trace_of(delivered)
        named = {} if place is None else {"correlation_id": str(place.trace_id)}
        began, outcome = time.perf_counter(), DONE
        with (
            structlog.contextvars.bound_contextvars(**named),
            telemetry.tracing.span(f"work {topic}", kind="consumer", beneath=place) as span,
        ):
            span.tell({"messaging.consumer.group.name": group})
            try:
                handler(delivered)
            except Exception as failed:
                outcome = type(failed).__name__
                raise
            finally:
                telemetry.metrics.worked_off(group, topic, outcome, time.perf_counter() - began)

    return handle


def trace_of(delivered: Delivery) -> TraceParent | None:
    """Return a message's trace: that of its header, else of its correlation id."""
    place = TraceParent.parse(delivered.message.header(TRACE_PARENT) or "")
    if place is not None:
        return place
    try:
        return TraceParent(UUID(delivered.message.header("ce_correlationid") or ""))
    except ValueError:
        return None
