"""Spans belong to the trace of their request, each below its cause."""

from uuid import UUID, uuid4

import pytest

from adapters.clock import new_id
from application.kernel.tracing import (
    attached,
    current_correlation_id,
    format_traceparent,
    record_span,
    span,
    span_context,
    span_id_of,
    trace_context,
    trace_headers,
    tracing,
)
from domain.kernel import Rejected
from tests.adapters.telemetry.recorded_spans import recording


class Refused(Rejected):
    """A rejection for tests."""

    code = "test.refused"


def test_a_request_without_a_parent_is_the_root_of_the_trace_of_its_correlation_id() -> None:
    """R-OPS-01."""
    identity = new_id()
    with recording() as recorded, span("request", trace_context(identity)), span("command"):
        here = trace_headers()
    command, request = recorded
    assert request.trace == command.trace == identity.int
    assert (request.parent, command.parent) == (None, request.id)
    assert here == (("traceparent", f"00-{identity.hex}-{command.id:016x}-01".encode()),)


def test_an_incoming_trace_continues() -> None:
    identity = uuid4()
    with recording() as recorded, span("request", span_context(identity, 77)):
        sent = trace_headers()
    assert (recorded[0].trace, recorded[0].parent) == (identity.int, 77)
    assert sent == (("traceparent", f"00-{identity.hex}-{recorded[0].id:016x}-01".encode()),)


def test_work_without_a_trace_is_not_exported() -> None:
    with recording() as recorded, span("housekeeping"):
        assert current_correlation_id() is None
        record_span("part of it")
    assert recorded == []


def test_a_span_recorded_for_an_event_has_the_requested_id() -> None:
    identity, event = new_id(), new_id()
    with recording() as recorded:
        below = record_span("event", span_context(identity, 1), span_id=span_id_of(event))
        record_span("part of it", below)
        record_span("projection", trace_context(identity, event))
    event_span, part, projection = recorded
    assert event_span.id == part.parent == projection.parent == span_id_of(event)


def test_spans_record_the_type_of_an_error_and_the_code_of_a_refusal() -> None:
    with recording() as recorded:
        with pytest.raises(ValueError, match="ada"), span("a", span_context(uuid4(), 1)):
            raise ValueError("ada@example.org is no number")
        with pytest.raises(Refused), span("b", span_context(uuid4(), 1)):
            raise Refused
    broken, refused = recorded
    assert (broken.failed, broken.attributes) == (True, {"error.type": "ValueError"})
    assert (refused.failed, refused.attributes) == (False, {"kinelog.refused": "test.refused"})


@pytest.mark.parametrize("ratio", [0.25, 0.5, 0.75])
def test_a_share_of_all_traces_is_sampled(ratio: float) -> None:
    """Sampling uses the last four bytes: the usual ones contain the variant of a UUID."""
    with recording(ratio):
        taken = sum(tracing.samples(new_id()) for _ in range(20_000))
    assert taken / 20_000 == pytest.approx(ratio, abs=0.03)


def test_an_unsampled_trace_is_propagated_and_not_exported() -> None:
    identity = UUID(int=2**128 - 1)
    here = (("traceparent", format_traceparent(identity, 9).encode()),)
    with recording(0.5) as recorded, span("request", span_context(identity, 9)):
        assert trace_headers() == here
        with span("command"), attached(record_span("event")):
            assert trace_headers() == here
    assert recorded == []
