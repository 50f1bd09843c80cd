"""Search of other people's events for the terms of an erased person.

Others may have written such a term: in clear, as in an id, or in a text that is encrypted with
their key, such as the name of a workout. Read models repeat both (ADR 32).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, fields, replace
from typing import Any

import structlog

from application.kernel.cloud_events import Decode, EncodedEvent, to_recorded
from application.kernel.encryption import KeyDisabled
from application.kernel.ports import EventUnreadable
from application.kernel.relay import EncodedLog, read_log
from application.privacy.pii_scan import TermMatcher
from application.privacy.subject_data import SubjectData, texts_in
from domain.personal import Personal

logger: Any = structlog.get_logger()

Positions = dict[str, list[int]]
"""Positions of events, by the kind of the term that they contain."""


@dataclass(frozen=True)
class EventsOfOthers:
    """Events with a term: of the person's tenant, and of other tenants.

    `unread` is why an event of another tenant was left out: its key is disabled, or it is damaged.
    """

    here: Positions = field(default_factory=Positions)
    elsewhere: Positions = field(default_factory=Positions)
    unread: KeyDisabled | EventUnreadable | None = None

    @property
    def kinds(self) -> set[str]:
        """Kinds of the terms that they contain."""
        return {*self.here, *self.elsewhere}

    def joined(self, more: "EventsOfOthers") -> "EventsOfOthers":
        """Return these events and others."""
        return EventsOfOthers(
            _joined(self.here, more.here),
            _joined(self.elsewhere, more.elsewhere),
            self.unread or more.unread,
        )


def find_in_events_of_others(
    log: EncodedLog,
    decode: Decode,
    subject: SubjectData,
    matcher: TermMatcher,
    kinds: Collection[str],
) -> EventsOfOthers:
    """Find the events outside of a person's streams that contain a term.

    Those of all tenants are read, because tenants share the files and the statistics of tables that
    are searched. `kinds` are those that a scan has found; without any, nothing is read. Events are
    decrypted only if one of them is in no event of the tenant in clear: that needs the keys of
    other people. Positions in other tenants are logged for operators. Raises StorageUnavailable
    and KmsUnavailable; KeyDisabled and EventUnreadable of another tenant only for a term that is in
    no other event.
    """
    if not kinds:
        return EventsOfOthers()
    found = _find(log, subject, matcher, _in_clear)
    if not found.here.keys() >= set(kinds):
        decrypted = _find(log, subject, matcher, lambda encoded: _decrypted(encoded, decode))
        found = found.joined(decrypted)
    if found.unread is not None and not found.kinds >= set(kinds):
        raise found.unread
    for kind, positions in found.elsewhere.items():
        logger.info("erasure.terms_in_other_tenants", kind=kind, positions=positions)
    return found


def _joined(some: Positions, more: Positions) -> Positions:
    return {
        kind: sorted({*some.get(kind, ()), *more.get(kind, ())})
        for kind in some.keys() | more.keys()
    }


def _find(
    log: EncodedLog,
    subject: SubjectData,
    matcher: TermMatcher,
    content_of: Callable[[EncodedEvent], bytes],
) -> EventsOfOthers:
    own = {(subject.tenant_id, stream) for stream in subject.streams}
    found, unread = EventsOfOthers(), None
    for encoded in read_log(log):
        if (encoded.tenant_id, encoded.stream) in own:
            continue
        is_here = encoded.tenant_id == subject.tenant_id
        try:
            matches, _ = matcher.search([content_of(encoded)])
        except (KeyDisabled, EventUnreadable) as refused:
            if is_here:
                raise
            unread = refused
            continue
        positions = found.here if is_here else found.elsewhere
        for kind in {match.kind for match in matches}:
            positions.setdefault(kind, []).append(encoded.position)
    return replace(found, unread=unread)


def _in_clear(encoded: EncodedEvent) -> bytes:
    return f"{encoded.stream}\n{encoded.actor}\n".encode() + encoded.payload


def _decrypted(encoded: EncodedEvent, decode: Decode) -> bytes:
    """Return the texts of an event that are encrypted."""
    event = to_recorded(encoded, decode).event
    values: list[Any] = [getattr(event, each.name) for each in fields(event)]
    personal: list[Personal[Any]] = [each for each in values if isinstance(each, Personal)]
    return "\n".join(text for each in personal for text in texts_in(each.value)).encode()
