"""A consumer works in the trace of the message."""

from uuid import uuid4

import pytest
import structlog

from adapters.telemetry.instrumented_handler import observed
from adapters.telemetry.metrics import PrometheusMetrics
from application.kernel.bus import Delivery, Message
from application.kernel.telemetry import Telemetry, TraceParent, current_trace
from tests.adapters.telemetry.recorded_spans import tracing


def delivered(**headers: str) -> Delivery:
    content = tuple((name, text.encode()) for name, text in headers.items())
    return Delivery(Message("kinelog.events.users", "default/user-ada", b"{}", content), 0, 0)


def test_handling_a_message_is_traced_and_logged_under_its_id() -> None:
    """R-LIV-12, R-OPS-01, R-OPS-04."""
    place, seen = TraceParent(uuid4(), 9, sampled=True), list[object]()

    def handler(_: Delivery) -> None:
        here = current_trace()
        seen.append((here and here.trace_id, structlog.contextvars.get_contextvars()))

    metrics = PrometheusMetrics(process="test", version="0")
    with tracing() as (made, spans):
        observed(handler, "emails", Telemetry(made, metrics))(delivered(traceparent=str(place)))
    assert seen == [(place.trace_id, {"correlation_id": str(place.trace_id)})]
    (span,) = spans
    assert (span.name, span.parent) == ("work kinelog.events.users", 9)
    counted = 'kinelog_message_seconds_count{group="emails",outcome="done"'
    assert counted in metrics.exposed().decode()


def test_a_message_without_a_position_is_traced_by_its_correlation_id() -> None:
    identity = uuid4()
    metrics = PrometheusMetrics(process="test", version="0")
    with tracing() as (made, spans):
        telemetry = Telemetry(made, metrics)
        observed(lambda _: None, "emails", telemetry)(delivered(ce_correlationid=str(identity)))
        observed(lambda _: None, "emails", telemetry)(delivered())
    assert [span.trace for span in spans] == [identity.int]


def test_an_error_of_a_handler_is_raised_and_counted_by_type() -> None:
    def broken(_: Delivery) -> None:
        raise LookupError("ada is not here")

    metrics = PrometheusMetrics(process="test", version="0")
    with tracing() as (made, spans):
        handler = observed(broken, "emails", Telemetry(made, metrics))
        with pytest.raises(LookupError):
            handler(delivered(traceparent=str(TraceParent(uuid4(), 9))))
    assert spans[0].failed
    assert 'outcome="LookupError"' in metrics.exposed().decode()
