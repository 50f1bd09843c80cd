"""CloudEvents 1.0 binding of recorded events.

CloudEvents 1.0.2 in the binary mode of its Kafka protocol binding: the payload is the message,
attributes are headers `ce_<name>` in UTF-8, the content type is `content-type`. Extension
attributes hold the rest; their names are lower-case letters only, as the standard requires.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from application.kernel.bus import Header, Message
from application.kernel.topics import topic_of
from application.kernel.tracing import TRACE_PARENT
from domain.ids import TenantId
from domain.kernel import Origin, Recorded, Rejected

SPEC_VERSION: Final = ("ce_specversion", b"1.0")
CONTENT_TYPE: Final = ("content-type", b"application/json")

Encode = Callable[[Any, str], bytes]
"""Encodes an event of "<tenant>/<stream>"."""

Decode = Callable[[str, int, bytes, str], Any]
"""Decodes an event: its name, schema version and payload, and "<tenant>/<stream>"."""


class MessageUnreadable(Rejected):
    """The message is not a CloudEvent of ours."""

    code = "bus.message_unreadable"
    kind = "invalid"


@dataclass(frozen=True, slots=True)
class EncodedEvent:
    """A recorded event with its payload still encoded, for code that passes events on."""

    event_id: UUID
    tenant_id: str
    actor: str
    correlation_id: UUID
    causation_id: UUID | None
    stream: str
    version: int
    position: int
    recorded_at: datetime
    name: str
    schema_version: int
    payload: bytes


def encoded(recorded: Recorded[Any], encode: Encode) -> EncodedEvent:
    """Encode the payload of a recorded event."""
    origin, event = recorded.origin, recorded.event
    return EncodedEvent(
        event_id=recorded.event_id,
        tenant_id=origin.tenant_id,
        actor=origin.actor,
        correlation_id=origin.correlation_id,
        causation_id=origin.causation_id,
        stream=recorded.stream,
        version=recorded.version,
        position=recorded.position,
        recorded_at=recorded.recorded_at,
        name=event.event_name,
        schema_version=event.schema_version,
        payload=encode(event, f"{origin.tenant_id}/{recorded.stream}"),
    )


def to_recorded(event: EncodedEvent, decode: Decode) -> Recorded[Any]:
    """Decode the payload of an event. Raises what `decode` raises."""
    return Recorded(
        event_id=event.event_id,
        origin=Origin(
            tenant_id=TenantId(event.tenant_id),
            actor=event.actor,
            correlation_id=event.correlation_id,
            causation_id=event.causation_id,
        ),
        stream=event.stream,
        version=event.version,
        position=event.position,
        recorded_at=event.recorded_at,
        event=decode(
            event.name,
            event.schema_version,
            event.payload,
            f"{event.tenant_id}/{event.stream}",
        ),
    )


def to_message(event: EncodedEvent, *, traceparent: str | None = None) -> Message:
    """Return the message of an event. Its key is tenant and stream.

    Raises CategoryUnknown if the category of the stream has no topic.
    """
    tenant_id, stream = event.tenant_id, event.stream
    topic = topic_of(stream)
    headers: list[Header] = [
        SPEC_VERSION,
        ("ce_id", str(event.event_id).encode()),
        ("ce_source", f"/{topic.replace('.', '/')}".encode()),
        ("ce_type", event.name.encode()),
        ("ce_subject", stream.encode()),
        ("ce_time", _rfc3339(event.recorded_at)),
        CONTENT_TYPE,
        ("ce_tenantid", tenant_id.encode()),
        ("ce_streamversion", b"%d" % event.version),
        ("ce_position", b"%d" % event.position),
        ("ce_actor", event.actor.encode()),
        ("ce_correlationid", str(event.correlation_id).encode()),
        ("ce_schemaversion", b"%d" % event.schema_version),
    ]
    if event.causation_id is not None:
        headers.append(("ce_causationid", str(event.causation_id).encode()))
    if traceparent is not None:
        headers.append((TRACE_PARENT, traceparent.encode()))
    return Message(topic, f"{tenant_id}/{stream}", event.payload, tuple(headers))


def from_message(sent: Message) -> EncodedEvent:
    """Return the event of a message. Raises MessageUnreadable for any other message."""
    if sent.value is None:
        raise MessageUnreadable("A message without a value contains no event.")
    try:
        texts = {name: content.decode() for name, content in sent.headers}
        cause = texts.get("ce_causationid")
        return EncodedEvent(
            event_id=UUID(texts["ce_id"]),
            tenant_id=texts["ce_tenantid"],
            actor=texts["ce_actor"],
            correlation_id=UUID(texts["ce_correlationid"]),
            causation_id=None if cause is None else UUID(cause),
            stream=texts["ce_subject"],
            version=int(texts["ce_streamversion"]),
            position=int(texts["ce_position"]),
            recorded_at=datetime.fromisoformat(texts["ce_time"]).astimezone(UTC),
            name=texts["ce_type"],
            schema_version=int(texts["ce_schemaversion"]),
            payload=sent.value,
        )
    except KeyError as missing:
        raise MessageUnreadable(f"The header {missing.args[0]} is missing.") from missing
    except ValueError as broken:
        raise MessageUnreadable(f"A header cannot be read: {broken}.") from broken


def _rfc3339(moment: datetime) -> bytes:
    """Format a time in UTC as RFC 3339, with microseconds."""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='microseconds')}Z".encode()
