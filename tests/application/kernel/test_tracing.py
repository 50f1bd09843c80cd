"""A trace context is passed as a `traceparent` and read back unchanged."""

import secrets
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.context import Context

from adapters.clock import new_id
from application.kernel.tracing import (
    SPAN_ID,
    attached,
    current_correlation_id,
    message_context,
    parse_traceparent,
    record_span,
    span,
    span_context,
    span_id_of,
    trace_context,
    trace_headers,
)

TRACE = UUID("0af76519-16cd-43dd-8448-eb211c80319c")
EXAMPLE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
"""From the standard: https://www.w3.org/TR/trace-context/#examples-of-http-traceparent-headers"""


def correlation_id_of(context: Context | None) -> UUID | None:
    assert context is not None
    with attached(context):
        return current_correlation_id()


def header_of(context: Context | None) -> str:
    assert context is not None
    with attached(context):
        ((_, header),) = trace_headers()
    return header.decode()


def test_the_example_of_the_standard_is_read_and_written() -> None:
    context = parse_traceparent(EXAMPLE)
    assert correlation_id_of(context) == TRACE
    assert header_of(context) == EXAMPLE


def test_a_client_does_not_decide_what_is_sampled() -> None:
    assert header_of(parse_traceparent(EXAMPLE[:-1] + "1")) == EXAMPLE


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
    assert parse_traceparent(text) is None


def test_a_later_version_of_the_standard_may_say_more() -> None:
    later = parse_traceparent(EXAMPLE.replace("00-", "01-", 1) + "-more")
    assert correlation_id_of(later) == TRACE


@given(st.uuids(allow_nil=False), st.integers(1, SPAN_ID))
def test_a_written_trace_parent_is_read_back(trace: UUID, span_id: int) -> None:
    text = header_of(span_context(trace, span_id))
    assert text == f"00-{trace.hex}-{span_id:016x}-00"
    assert header_of(parse_traceparent(text)) == text


@given(st.uuids())
def test_the_span_id_of_an_id_is_never_zero(identity: UUID) -> None:
    assert 0 < span_id_of(identity) <= SPAN_ID


def test_events_of_one_append_name_different_spans() -> None:
    assert len({span_id_of(new_id()) for _ in range(10_000)}) == 10_000


def test_a_message_carries_the_trace_in_which_it_was_sent() -> None:
    assert trace_headers() == ()
    context = span_context(TRACE, 5)
    header = f"00-{TRACE.hex}-0000000000000005-00".encode()
    with span("work", context):
        assert trace_headers() == (("traceparent", header),)
        with span("part of it"):
            assert current_correlation_id() == TRACE
        assert record_span("moment", context) == context
    assert current_correlation_id() is None


def test_a_request_defines_the_trace_of_what_it_causes() -> None:
    identity = uuid4()
    with span("request", trace_context(identity)):
        headers = trace_headers()
    assert correlation_id_of(message_context(headers)) == identity


def test_the_last_trace_header_of_a_message_counts() -> None:
    identity, noise = uuid4(), secrets.token_bytes(8)
    header = header_of(trace_context(identity)).encode()
    assert message_context([("traceparent", noise), ("traceparent", None)]) is None
    headers = [("traceparent", noise), ("traceparent", header), ("ce_correlationid", b"")]
    assert correlation_id_of(message_context(headers)) == identity
