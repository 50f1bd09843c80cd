"""R-EVT-12: an event is published as a CloudEvent and decoded unchanged."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.event_log.codec import EVENTS
from application.kernel.bus import Message
from application.kernel.cloud_events import (
    EncodedEvent,
    MessageUnreadable,
    encoded,
    from_message,
    to_message,
    to_recorded,
)
from application.kernel.topics import CategoryUnknown
from domain.ids import TenantId, UserId
from domain.kernel import Origin, Recorded
from domain.sessions import events

AT = datetime(2030, 1, 1, 7, 30, 0, 120000, tzinfo=UTC)
STORED = EncodedEvent(
    event_id=UUID(int=7),
    tenant_id="red",
    actor="user/ada",
    correlation_id=UUID(int=8),
    causation_id=UUID(int=9),
    stream="session-1",
    version=3,
    position=42,
    recorded_at=AT,
    name="session.set_completed",
    schema_version=2,
    payload=b'{ "set" :1}',
)


def test_the_envelope_is_a_cloud_event_in_binary_mode() -> None:
    """CloudEvents 1.0.2, Kafka protocol binding, 3.2."""
    sent = to_message(STORED, traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    assert sent.topic == "kinelog.events.sessions"
    assert sent.key == "red/session-1"
    assert sent.value == b'{ "set" :1}', "exactly as stored"
    assert dict(sent.headers) == {
        "ce_specversion": b"1.0",
        "ce_id": b"00000000-0000-0000-0000-000000000007",
        "ce_source": b"/kinelog/events/sessions",
        "ce_type": b"session.set_completed",
        "ce_subject": b"session-1",
        "ce_time": b"2030-01-01T07:30:00.120000Z",
        "content-type": b"application/json",
        "ce_tenantid": b"red",
        "ce_streamversion": b"3",
        "ce_position": b"42",
        "ce_actor": b"user/ada",
        "ce_correlationid": b"00000000-0000-0000-0000-000000000008",
        "ce_causationid": b"00000000-0000-0000-0000-000000000009",
        "ce_schemaversion": b"2",
        "traceparent": b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }


def test_an_unset_value_has_no_header() -> None:
    names = dict(to_message(replace(STORED, causation_id=None)).headers)
    assert "ce_causationid" not in names
    assert "traceparent" not in names


def test_the_same_stream_of_two_tenants_has_two_keys() -> None:
    """C-10"""
    assert to_message(STORED).key != to_message(replace(STORED, tenant_id="blue")).key


@given(
    st.builds(
        EncodedEvent,
        event_id=st.uuids(),
        tenant_id=st.from_regex("[a-z0-9_-]{1,64}", fullmatch=True),
        actor=st.text(),
        correlation_id=st.uuids(),
        causation_id=st.none() | st.uuids(),
        stream=st.text().map(lambda end: f"session-{end}"),
        version=st.integers(1, 2**31),
        position=st.integers(1, 2**63),
        recorded_at=st.datetimes(timezones=st.just(UTC)),
        name=st.text(min_size=1),
        schema_version=st.integers(1, 99),
        payload=st.binary(),
    )
)
def test_an_event_comes_out_as_it_went_in(event: EncodedEvent) -> None:
    assert from_message(to_message(event)) == event


def test_a_recorded_event_comes_out_as_it_went_in() -> None:
    fact = Recorded(
        event_id=uuid4(),
        origin=Origin(tenant_id=TenantId("red"), actor="ada", correlation_id=uuid4()),
        stream="session-1",
        version=1,
        position=1,
        recorded_at=AT,
        event=events.SessionStarted(
            athlete_id=UserId("ada"), workout_id=None, at=AT, time_zone="UTC"
        ),
    )
    sent = to_message(encoded(fact, EVENTS.encode))
    assert to_recorded(from_message(sent), EVENTS.decode) == fact


@pytest.mark.parametrize("missing", [name for name, _ in to_message(STORED).headers])
def test_a_message_without_its_envelope_is_reported(missing: str) -> None:
    optional = {"ce_specversion", "ce_source", "content-type", "ce_causationid"}
    sent = to_message(STORED)
    bare = replace(sent, headers=tuple(h for h in sent.headers if h[0] != missing))
    if missing in optional:
        assert from_message(bare).event_id == STORED.event_id
        return
    with pytest.raises(MessageUnreadable, match=missing):
        from_message(bare)


@pytest.mark.parametrize(
    "header", [("ce_id", b"7"), ("ce_time", b"today"), ("ce_actor", b"\xff"), ("ce_position", b"")]
)
def test_an_unreadable_header_is_reported(header: tuple[str, bytes]) -> None:
    sent = to_message(STORED)
    with pytest.raises(MessageUnreadable):
        from_message(replace(sent, headers=(*sent.headers, header)))


def test_a_message_without_value_is_no_event() -> None:
    with pytest.raises(MessageUnreadable):
        from_message(Message("topic", "key", None))


def test_an_unknown_stream_has_no_topic() -> None:
    with pytest.raises(CategoryUnknown):
        to_message(replace(STORED, stream="weather-1"))
