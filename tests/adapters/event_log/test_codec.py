from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from adapters.event_log.codec import EventCodec, EventUnknown
from application.kernel.ports import EventUnreadable
from domain.kernel import event
from domain.users.events import ProfileChanged, UserCreated

CODEC = EventCodec()


@event("load.changed", version=3)
class LoadChanged:
    load_kg: float
    side: str
    at: datetime | None


@event("load.removed")
class LoadRemoved:
    side: str


LoadEvent = LoadChanged | LoadRemoved


@event("load.removed", version=2)
class Impostor:
    load_kg: float


ImpostorEvent = ProfileChanged | Impostor


def in_kilograms(fields: dict[str, Any]) -> dict[str, Any]:
    """Upcast version 1, which had loads in pounds."""
    return {"load_kg": fields["load_lb"] / 2, "at": fields["at"]}


def on_both_sides(fields: dict[str, Any]) -> dict[str, Any]:
    """Upcast version 2, which had no sides."""
    return fields | {"side": "both"}


UPCASTS = {("load.changed", 1): in_kilograms, ("load.changed", 2): on_both_sides}


def test_joining_the_union_of_a_context_is_the_registration() -> None:
    assert EventCodec([LoadEvent]).declared == {("load.changed", 3), ("load.removed", 1)}


def test_times_are_written_in_utc_with_their_microseconds() -> None:
    """C-14"""
    at = datetime(2030, 1, 1, 7, 30, 0, 123457, tzinfo=UTC)
    payload = CODEC.encode(UserCreated(time_zone="UTC", locale="en", at=at))
    assert payload == b'{"time_zone":"UTC","locale":"en","at":"2030-01-01T07:30:00.123457Z"}'


def test_events_of_old_versions_are_upcast() -> None:
    """R-EVT-14: old events stay readable after their schema has changed."""
    codec = EventCodec([LoadEvent], UPCASTS)
    oldest = b'{"load_lb":10,"at":"2030-01-01T00:00:00Z"}'
    older = b'{"load_kg":5.0,"at":null}'
    at = datetime(2030, 1, 1, tzinfo=UTC)
    assert codec.decode("load.changed", 1, oldest) == LoadChanged(load_kg=5, side="both", at=at)
    assert codec.decode("load.changed", 2, older) == LoadChanged(load_kg=5, side="both", at=None)


@pytest.mark.parametrize(
    ("name", "version"),
    [("load.changed", 1), ("load.changed", 4), ("load.changed", 0), ("load.lifted", 1)],
    ids=["no upcast from there", "of tomorrow", "of never", "unknown name"],
)
def test_an_event_this_program_does_not_know_is_named(name: str, version: int) -> None:
    codec = EventCodec([LoadEvent], {("load.changed", 2): on_both_sides})
    with pytest.raises(EventUnknown, match=f"Version {version} of {name}"):
        codec.decode(name, version, b"{}")


@pytest.mark.parametrize(
    "payload",
    [b"", b"{", b"[]", b"{}", b'{"time_zone":"UTC"}', b'{"time_zone":1,"locale":"en"}', b"\xff"],
)
def test_a_damaged_event_is_named(payload: bytes) -> None:
    with pytest.raises(EventUnreadable, match=r"user\.profile_changed"):
        CODEC.decode("user.profile_changed", 1, payload)


def test_an_event_with_an_invalid_value_is_damaged() -> None:
    rejected = b'{"set":1,"span":{"start_ms":9,"end_ms":1},"reason":"?"}'
    with pytest.raises(EventUnreadable):
        CODEC.decode("session.repetition_rejected", 1, rejected)


def test_a_damaged_event_of_an_older_version_is_named_too() -> None:
    with pytest.raises(EventUnreadable):
        EventCodec([LoadEvent], UPCASTS).decode("load.changed", 2, b"{")


def test_fields_of_a_newer_program_are_ignored() -> None:
    """After a rollback, the older program ignores the fields that the newer one added."""
    payload = b'{"time_zone":"UTC","locale":"en","theme":"dark"}'
    read = CODEC.decode("user.profile_changed", 1, payload)
    assert read == ProfileChanged(time_zone="UTC", locale="en")


def test_two_events_cannot_share_a_name() -> None:
    with pytest.raises(ValueError, match=r"load\.removed"):
        EventCodec([LoadEvent, ImpostorEvent])


def test_a_payload_is_plain_json() -> None:
    payload = CODEC.encode(ProfileChanged(time_zone="UTC", locale="en"))
    assert msgspec.json.decode(payload) == {"time_zone": "UTC", "locale": "en"}
