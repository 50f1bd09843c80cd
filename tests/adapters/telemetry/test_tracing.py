"""Spans lie in the trace of their request, each beneath what led to it."""

from uuid import UUID, uuid4

import pytest

from adapters.clock import new_id
from application.kernel.telemetry import TraceParent, current_trace, span_id_of, trace_headers
from domain.kernel import Rejected
from tests.adapters.telemetry.recorded_spans import tracing


class Refused(Rejected):
    """No."""

    code = "test.refused"


def test_a_request_without_a_parent_is_the_top_of_the_trace_of_its_correlation_id() -> None:
    """R-OPS-01."""
    identity = new_id()
    with (
        tracing() as (made, told),
        made.span("request", beneath=TraceParent(identity)),
        made.span("command"),
    ):
        here = current_trace()
    command, request = told
    assert request.trace == command.trace == identity.int
    assert (request.parent, command.parent) == (None, request.id)
    assert here == TraceParent(identity, command.id, sampled=True)


def test_an_incoming_trace_continues() -> None:
    above = TraceParent(uuid4(), 77)
    with tracing() as (made, told), made.span("request", beneath=above):
        sent = trace_headers()
    assert (told[0].trace, told[0].parent) == (above.trace_id.int, 77)
    assert sent == (("traceparent", f"00-{above.trace_id.hex}-{told[0].id:016x}-01".encode()),)


def test_work_without_a_trace_is_not_exported() -> None:
    with tracing() as (made, told), made.span("housekeeping"):
        assert current_trace() is None
    assert told == []


def test_a_span_noted_for_an_event_keeps_the_given_id() -> None:
    identity, event = new_id(), new_id()
    with tracing() as (made, told):
        place = made.note("event", beneath=TraceParent(identity, 1), span_id=span_id_of(event))
        assert place == TraceParent(identity, span_id_of(event), sampled=True)
        made.note("projection", beneath=TraceParent.of(identity, event))
    event_span, projection = told
    assert event_span.id == projection.parent == span_id_of(event)


def test_spans_record_the_type_of_an_error_and_the_code_of_a_refusal() -> None:
    above = TraceParent(uuid4(), 1)
    with tracing() as (made, told):
        with pytest.raises(ValueError, match="ada"), made.span("a", beneath=above):
            raise ValueError("ada@example.org is no number")
        with pytest.raises(Refused), made.span("b", beneath=above):
            raise Refused
    broken, refused = told
    assert (broken.failed, broken.attributes) == (True, {"error.type": "ValueError"})
    assert (refused.failed, refused.attributes) == (False, {"kinelog.refused": "test.refused"})


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_a_share_of_all_traces_is_sampled(share: float) -> None:
    """By the last four bytes: the variant of a UUID stands where samplers look as a rule."""
    with tracing(share) as (made, _):
        taken = sum(made.samples(new_id()) for _ in range(20_000))
    assert taken / 20_000 == pytest.approx(share, abs=0.03)


def test_every_process_decides_the_same() -> None:
    ids = [uuid4() for _ in range(1000)]
    with tracing(0.5) as (one, _), tracing(0.5) as (other, _):
        assert [one.samples(each) for each in ids] == [other.samples(each) for each in ids]


def test_an_unsampled_trace_is_propagated_and_not_exported() -> None:
    place = TraceParent(UUID(int=2**128 - 1), 9, sampled=True)
    with tracing(0.0) as (made, told), made.span("request", beneath=place):
        assert current_trace() == place
        with made.span("command"):
            assert current_trace() == place
        assert made.note("event", beneath=place) == place
    assert told == []
