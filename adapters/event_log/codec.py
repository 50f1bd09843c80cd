"""Event codec: events as readable JSON, under the names and versions they declare.

Joining the union of a context registers an event: there is no other list. The payload of an event
changes shape only with its version, and old payloads are upcast when read.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from types import UnionType
from typing import Any, NamedTuple, get_args, get_type_hints

import msgspec

from adapters.event_log.field_encryption import CipherMissing, PersonalFields
from application.kernel.encryption import FieldCipher, KeyRefused, KmsUnavailable
from application.kernel.ports import EventNotDecoded, EventUnreadable, StorageUnavailable
from domain.access.events import AccessEvent
from domain.achievements.events import AchievementEvent
from domain.assignments.events import AssignmentEvent
from domain.assignments.upcasts import UPCASTS as OF_ASSIGNMENTS
from domain.capacities.events import CapacityEvent
from domain.catalog.events import PlanEvent, TrainerEvent
from domain.comments.events import CommentEvent
from domain.content.encoding import EncodingEvent
from domain.content.events import ContentEvent
from domain.content.lesson_events import LessonEvent
from domain.content.viewing import ViewEvent
from domain.coupons.events import CouponEvent
from domain.coupons.upcasts import UPCASTS as OF_COUPONS
from domain.custom_exercises.events import CustomExerciseEvent
from domain.enrollments.events import EnrollmentEvent
from domain.erasures.events import ErasureEvent
from domain.event_text import check_text
from domain.guidance.events import GuidanceEvent, ModelEvent, RecommendationEvent
from domain.guidance.upcasts import UPCASTS as OF_GUIDANCE
from domain.health.events import AnyHealthEvent
from domain.health.upcasts import UPCASTS as OF_HEALTH
from domain.invoices.events import InvoicingEvent
from domain.invoices.upcasts import UPCASTS as OF_INVOICES
from domain.kernel import Rejected
from domain.payments.events import PaymentEvent
from domain.payments.upcasts import UPCASTS as OF_PAYMENTS
from domain.pose_coach.events import PoseSessionEvent
from domain.programs.events import ProgramEvent
from domain.programs.upcasts import UPCASTS as OF_PROGRAMS
from domain.recordings.events import RecordingEvent
from domain.recordings.upcasts import UPCASTS as OF_RECORDINGS
from domain.sessions.events import SessionEvent
from domain.sessions.upcasts import UPCASTS as OF_SESSIONS
from domain.share_links.events import SharingEvent
from domain.subscriptions.events import SubscriptionEvent
from domain.subscriptions.upcasts import UPCASTS as OF_SUBSCRIPTIONS
from domain.supervision.events import AthleteInvitationEvent, SupervisionEvent
from domain.supervision.upcasts import UPCASTS as OF_SUPERVISION
from domain.tenants.events import TenantEvent
from domain.users.events import UserEvent
from domain.users.upcasts import UPCASTS as OF_USERS
from domain.workouts.events import WorkoutEvent
from domain.workouts.upcasts import UPCASTS as OF_WORKOUTS

EVENT_UNIONS: tuple[UnionType, ...] = (
    SessionEvent,
    RecordingEvent,
    TenantEvent,
    UserEvent,
    WorkoutEvent,
    ErasureEvent,
    AccessEvent,
    SharingEvent,
    AchievementEvent,
    TrainerEvent,
    PlanEvent,
    EnrollmentEvent,
    PaymentEvent,
    SubscriptionEvent,
    InvoicingEvent,
    CouponEvent,
    PoseSessionEvent,
    SupervisionEvent,
    AthleteInvitationEvent,
    CommentEvent,
    AssignmentEvent,
    AnyHealthEvent,
    ContentEvent,
    CapacityEvent,
    EncodingEvent,
    LessonEvent,
    GuidanceEvent,
    RecommendationEvent,
    ModelEvent,
    ViewEvent,
    ProgramEvent,
    CustomExerciseEvent,
)

Declared = tuple[str, int]
"""An event's stored name and schema version."""

Upcast = Callable[[dict[str, Any]], dict[str, Any]]
"""Turns a payload of one version into a payload of the next version. Pure."""

UTC_OFFSET = timedelta(0)

UNREADABLE = (msgspec.DecodeError, Rejected, ValueError)
"""Raised for invalid JSON, another shape or an invalid value."""


UPCASTS: Mapping[Declared, Upcast] = {
    **OF_SESSIONS,
    **OF_GUIDANCE,
    **OF_USERS,
    **OF_RECORDINGS,
    **OF_WORKOUTS,
    **OF_COUPONS,
    **OF_ASSIGNMENTS,
    **OF_HEALTH,
    **OF_INVOICES,
    **OF_PAYMENTS,
    **OF_PROGRAMS,
    **OF_SUBSCRIPTIONS,
    **OF_SUPERVISION,
}
"""The upcasts of all contexts."""


class EventUnknown(EventNotDecoded):
    """A newer release of Kinelog has stored these data. Try again in a few minutes."""

    code = "event.unknown"


class EventNotStorable(Rejected):
    """An event holds something that JSON would lose or change, such as NaN."""

    code = "event.not_storable"
    kind = "invalid"


class EventCodec:
    """Encode events as JSON bytes and decode them.

    `unions` are the closed unions of all contexts' events. `upcasts` maps the name and version of
    an old payload to the function that converts it to the next version. `sealer` encrypts personal
    fields; without one, events that have such a field can be neither written nor read.
    """

    def __init__(
        self,
        unions: Iterable[UnionType] = EVENT_UNIONS,
        upcasts: Mapping[Declared, Upcast] = UPCASTS,
        sealer: FieldCipher | None = None,
    ) -> None:
        self._encode = msgspec.json.Encoder().encode
        self._decoders: dict[Declared, Callable[[bytes], Any]] = {}
        self._versions: dict[str, int] = {}
        self._forms: dict[type, _Form] = {}
        self._upcasts = upcasts
        self._sealer = sealer
        self._personal: dict[Declared, PersonalFields] = {}
        for event_class in (member for union in unions for member in get_args(union)):
            self._register(event_class)

    def _register(self, event_class: Any) -> None:
        name, version = event_class.event_name, event_class.schema_version
        if name in self._versions:
            raise ValueError(f"two events are stored under the name {name}")
        self._versions[name] = version
        form = _form(event_class)
        if form.personal is not None:
            self._personal[name, version] = form.personal
        else:
            self._decoders[name, version] = form.decode
        self._forms[event_class] = form

    @property
    def declared(self) -> frozenset[Declared]:
        """Names and versions under which new events are written."""
        return frozenset(self._decoders) | frozenset(self._personal)

    def encode(self, event: Any, originator: str = "") -> bytes:
        """Encode an event as JSON and decode it again as a check, because the log keeps it forever.

        `originator` is the stream it is appended to, "<tenant>/<stream>": personal fields are
        encrypted for that stream only. Raises EventNotStorable where decoding would give a
        different event (NaN and infinity become null) or a time of the event is not UTC,
        EventUnknown for an event of no union, TextNotAllowed for a text that may not stay
        unencrypted forever, and for personal fields what a `FieldCipher` raises, or CipherMissing.
        """
        form = self._forms.get(event.__class__)
        if form is None:
            raise EventUnknown(f"{event.__class__.__name__} is not an event of this program.")
        if form.personal is None:
            payload = self._encode_open(event, form)
        else:
            payload = self._encode_personal(event, form.personal, originator)
        check_text(event)
        for field in form.times:
            moment = getattr(event, field)
            if moment is not None and moment.utcoffset() != UTC_OFFSET:
                raise EventNotStorable(f"{field} of {event.event_name} is not a time in UTC.")
        return payload

    def _encode_open(self, event: Any, form: "_Form") -> bytes:
        """Encode an event without personal fields. Raises EventNotStorable."""
        try:
            payload = self._encode(event)
            is_kept = form.decode(payload) == event
        except (*UNREADABLE, TypeError, OverflowError) as loss:
            raise EventNotStorable from loss
        if not is_kept:
            raise EventNotStorable
        return payload

    def _encode_personal(self, event: Any, personal: PersonalFields, originator: str) -> bytes:
        """Encode an event with personal fields. Raises as `encode` does."""
        try:
            payload = personal.encode(event, originator, self._given_sealer())
            is_kept = _read(lambda stored: personal.keeps(stored, event), event.event_name, payload)
        except (EventUnreadable, TypeError, OverflowError, UnicodeEncodeError) as loss:
            raise EventNotStorable from loss
        if not is_kept:
            raise EventNotStorable
        return payload

    def decode(self, name: str, version: int, payload: bytes, originator: str = "") -> Any:
        """Decode an event of the current version or, through upcasts, of an older one.

        `originator` is the stream it is stored in. Personal fields of a person whose key is
        destroyed are `Erased`. Raises EventUnknown or EventUnreadable, and for personal fields
        CipherMissing, KmsUnavailable and StorageUnavailable.
        """
        decoder = self._decoders.get((name, version))
        if decoder is not None:
            try:
                return decoder(payload)
            except UNREADABLE as error:
                raise _unreadable(name, error) from error
        personal = self._personal.get((name, version))
        if personal is None:
            return self._decode_older(name, version, payload, originator)
        sealer = self._given_sealer()
        return _read(lambda stored: personal.decode(stored, originator, sealer), name, payload)

    def _given_sealer(self) -> FieldCipher:
        if self._sealer is None:
            raise CipherMissing
        return self._sealer

    def _decode_older(self, name: str, version: int, payload: bytes, originator: str) -> Any:
        today = self._versions.get(name, 0)
        steps = [self._upcasts.get((name, older)) for older in range(version, today)]
        if not steps or None in steps:
            raise EventUnknown(
                f"Version {version} of {name} is not known to this program."
                " If a newer release of Kinelog stored it, use that release."
            )
        fields = _read(msgspec.json.Decoder(dict[str, Any]).decode, name, payload)
        for upcast in filter(None, steps):
            fields = upcast(fields)
        return self.decode(name, today, self._encode(fields), originator)


class _Form(NamedTuple):
    """Stored form of one event class, independent of the codec."""

    personal: PersonalFields | None
    decode: Callable[[bytes], Any]
    times: tuple[str, ...]


@cache
def _form(event_class: Any) -> _Form:
    """Build the form of an event class, once per process: inspecting all classes takes 0.1 s."""
    return _Form(
        personal=PersonalFields.of(event_class),
        decode=msgspec.json.Decoder(event_class).decode,
        times=tuple(
            name
            for name, hint in get_type_hints(event_class).items()
            if hint is datetime or datetime in get_args(hint)
        ),
    )


def _read(decoder: Callable[[bytes], Any], name: str, payload: bytes) -> Any:
    """Decode a payload. Raises EventUnreadable."""
    try:
        return decoder(payload)
    except (KmsUnavailable, KeyRefused, StorageUnavailable):
        raise  # the event may be valid: its person's key is unavailable
    except UNREADABLE as error:
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: Exception) -> EventUnreadable:
    return EventUnreadable(f"A stored {name} cannot be read: {error}.")


EVENTS = EventCodec()
"""The codec of every event that the platform stores."""
