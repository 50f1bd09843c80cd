"""A place in a trace travels as a `traceparent`, and means the same to all who read it."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.clock import new_id
from application.kernel.telemetry import (
    OFF,
    SPAN_ID,
    TraceParent,
    current_trace,
    span_id_of,
    trace_headers,
)

TRACE = UUID("0af76519-16cd-43dd-8448-eb211c80319c")
EXAMPLE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
"""Of the standard: https://www.w3.org/TR/trace-context/#examples-of-http-traceparent-headers"""


def test_the_example_of_the_standard_is_read_and_written() -> None:
    place = TraceParent.parse(EXAMPLE)
    assert place == TraceParent(TRACE, 0xB7AD6B7169203331, sampled=True)
    assert str(place) == EXAMPLE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00",
        EXAMPLE.upper(),
        EXAMPLE + "-more",
        EXAMPLE.replace("00-", "ff-", 1),
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c8031-b7ad6b7169203331-01",
        "00-+af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7_51916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    ],
)
def test_an_invalid_trace_parent_is_ignored(text: str) -> None:
    assert TraceParent.parse(text) is None


def test_a_later_version_of_the_standard_may_say_more() -> None:
    later = TraceParent.parse(EXAMPLE.replace("00-", "01-", 1) + "-more")
    assert later is not None
    assert later.trace_id == TRACE


@given(st.uuids(allow_nil=False), st.integers(1, SPAN_ID), st.booleans())
def test_a_written_trace_parent_is_read_back(
    trace: UUID,
    span: int,
    sampled: bool,  # noqa: FBT001  a value like the others
) -> None:
    place = TraceParent(trace, span, sampled)
    assert TraceParent.parse(str(place)) == place


@given(st.uuids())
def test_the_span_id_of_an_id_is_never_zero(identity: UUID) -> None:
    assert 0 < span_id_of(identity) <= SPAN_ID


def test_events_of_one_append_name_different_spans() -> None:
    assert len({span_id_of(new_id()) for _ in range(10_000)}) == 10_000


def test_a_message_carries_the_place_where_it_was_sent() -> None:
    assert trace_headers() == ()
    place = TraceParent(TRACE, 5)
    with OFF.tracing.span("work", beneath=place):
        assert trace_headers() == (("traceparent", str(place).encode()),)
        with OFF.tracing.span("part of it"):
            assert current_trace() == place
    assert current_trace() is None


def test_a_root_span_defines_the_trace_of_its_children() -> None:
    with OFF.tracing.span("request", beneath=TraceParent(identity := uuid4())):
        ((_, header),) = trace_headers()
    followed = TraceParent.parse(header.decode())
    assert followed is not None
    assert followed.trace_id == identity
