"""Message handling is measured, traced and logged in the trace of the message."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY

from application.kernel.consumer import traced_message
from application.kernel.tracing import current_correlation_id
from tests.adapters.telemetry.recorded_spans import recording

TOPIC = "kinelog.events.users"


def work(handler: Callable[[], object] = lambda: None, **headers: str) -> None:
    content = [(name, text.encode()) for name, text in headers.items()]
    with traced_message("emails", TOPIC, content):
        handler()


def counted(outcome: str) -> float:
    labels = {"group": "emails", "topic": TOPIC, "outcome": outcome}
    return REGISTRY.get_sample_value("kinelog_message_seconds_count", labels) or 0.0


def test_handling_a_message_is_traced_and_logged_under_its_id() -> None:
    """R-LIV-12, R-OPS-01, R-OPS-04."""
    identity, seen, before = uuid4(), list[UUID | None](), counted("done")
    with recording() as recorded:
        work(
            lambda: seen.append(current_correlation_id()),
            traceparent=f"00-{identity.hex}-0000000000000009-01",
        )
    assert seen == [identity]
    (span,) = recorded
    assert (span.name, span.parent) == (f"work {TOPIC}", 9)
    assert span.attributes == {"messaging.consumer.group.name": "emails"}
    assert counted("done") == before + 1


def test_a_message_without_a_trace_header_is_traced_by_its_correlation_id() -> None:
    identity = uuid4()
    with recording() as recorded:
        work(ce_correlationid=str(identity))
        work()
    assert [(span.trace, span.parent) for span in recorded] == [(identity.int, None)]


def test_an_error_of_a_handler_is_raised_and_counted_by_type() -> None:
    def broken() -> None:
        raise LookupError("ada is not here")

    before = counted("LookupError")
    with recording() as recorded, pytest.raises(LookupError):
        work(broken, traceparent=f"00-{uuid4().hex}-0000000000000009-01")
    assert recorded[0].failed
    assert counted("LookupError") == before + 1
