"""Hash chain verification; signed anchors.

Anchors are the heads of hash chains, signed and stored elsewhere by an auditor who does not trust
the log.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, Protocol

from application.audit.hash_chain import NO_HASH, ChainedEvent, HashChainReader
from domain.ids import TenantId
from domain.kernel import Rejected

BATCH: Final = 1000

BEFORE_ALL: Final = -(2**63)
"""Below every position: a log assigns positions from 1, but a forger may use any."""

Tampering = Literal["changed", "removed", "inserted", "reordered"]


class AnchorRefused(Rejected):
    """This anchor was not signed by this platform."""

    code = "anchor.refused"
    kind = "invalid"


class AnchorKeyUnknown(Rejected):
    """The key of this anchor is not one of this platform. Name it as trusted to accept it."""

    code = "anchor.key_unknown"
    kind = "invalid"


class PositionNotReached(Rejected):
    """The log has no event at this position."""

    code = "audit.position_not_reached"
    kind = "not_found"


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """The first break of a tenant's chain, and its kind.

    For a removed event, `position` is that of the first event after the gap, or its own if it was
    the last. Stream and version are set if they can be determined.
    """

    tampering: Tampering
    position: int
    stream: str | None
    version: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class AnchoredEvent:
    """A tenant's event and its hash, as recorded in an anchor."""

    tenant_id: TenantId
    position: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class AnchorLink:
    """Name of a stored anchor, and the SHA-256 digest of its document."""

    name: str
    digest: bytes


NO_ANCHOR: Final = AnchorLink("", b"")
"""The previous anchor of a tenant's first one."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Heads of the tenants' chains at a time, and the id of the signing key.

    A key id is the key's thumbprint (RFC 7638), which is unique. `previous` is None in an anchor
    that belongs to no chain of daily anchors.
    """

    at: datetime
    heads: tuple[AnchoredEvent, ...]
    key_id: str
    previous: AnchorLink | None = None


class Anchors(Protocol):
    """Signs and verifies anchors."""

    def sign(
        self,
        heads: Sequence[AnchoredEvent],
        *,
        at: datetime,
        previous: AnchorLink | None = None,
    ) -> str:
        """Return a signed anchor as one line of text; `previous` is the daily anchor before it.

        Raises KmsUnavailable and StorageUnavailable.
        """
        ...

    def read(self, document: str, *, trusted: Collection[str] = ()) -> Anchor:
        """Verify an anchor that was signed with a key of the platform, or with one of `trusted`.

        Keys of the platform are its present and former ones; `trusted` are ids of others. Raises
        AnchorRefused, AnchorKeyUnknown, KmsUnavailable, KeyRefused and StorageUnavailable.
        """
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of a verification: the number of valid events, the last of them at `position`."""

    tenant_id: TenantId
    events: int
    position: int
    hash: bytes
    broken: ChainBreak | None

    @property
    def holds(self) -> bool:
        """Return whether no tampering was detected."""
        return self.broken is None


@dataclass(slots=True)
class _Chain:
    """The verified part of a tenant's chain."""

    tenant_id: TenantId
    position: int
    hash: bytes
    events: int = 0
    broken: ChainBreak | None = field(default=None)

    def verdict(self) -> Verdict:
        return Verdict(self.tenant_id, self.events, self.position, self.hash, self.broken)


def verify_chain(
    log: HashChainReader, tenant_id: TenantId, *, anchored: Iterable[AnchoredEvent] = ()
) -> Verdict:
    """Verify all events of a tenant. Raises StorageUnavailable."""
    verdicts = verify_chains(log, tenant_id=tenant_id, anchored=anchored)
    empty = Verdict(tenant_id, 0, 0, NO_HASH, None)
    return next(iter(verdicts), empty)


def verify_chains(
    log: HashChainReader,
    *,
    tenant_id: TenantId | None = None,
    from_position: int | None = None,
    anchored: Iterable[AnchoredEvent] = (),
    report: Callable[[float], object] = lambda _: None,
) -> list[Verdict]:
    """Verify the chains of one tenant or of all, and return a verdict for each with any event.

    Events before `from_position` are trusted. A truncated or extended chain is detected by the last
    positions that commands returned, which are stored in the same database; `anchored` events from
    elsewhere do not depend on that. `report` receives the progress, 0..1. Raises
    StorageUnavailable.
    """
    returned = dict(log.last_positions())  # before the walk: later events are after it
    head = log.head()
    walker = ChainWalker(log, BEFORE_ALL if from_position is None else from_position - 1)
    after = walker.start
    while batch := log.links(after=after, limit=BATCH, tenant_id=tenant_id):
        for event in batch:
            walker.add(event)
        after = batch[-1].position
        report(min(1.0, max(0, after) / max(1, head)))
    for each, position in returned.items():
        if position and tenant_id in {None, each}:
            walker.check_reaches(each, position)
    returned = dict(log.last_positions())  # after the walk: all events in it were returned by now
    for each in walker.chains:
        walker.check_ends(each, returned.get(each, 0))
    for anchor in anchored:
        if tenant_id in {None, anchor.tenant_id}:
            walker.check_contains(anchor)
    report(1.0)
    return [walker.chains[each].verdict() for each in sorted(walker.chains)]


class ChainWalker:
    """Walks the interleaved chains of tenants, after the position `start`."""

    def __init__(self, log: HashChainReader, start: int) -> None:
        self._log = log
        self.start = start
        self.chains: dict[TenantId, _Chain] = {}

    def add(self, event: ChainedEvent) -> None:
        """Verify the next event, unless its tenant's chain is already broken."""
        chain = self._chain(event.tenant_id)
        if chain.broken is not None:
            return
        if event.previous == chain.hash and event.is_genuine():
            chain.position, chain.hash = event.position, event.hash
            chain.events += 1
        else:
            chain.broken = diagnose(self._log, chain.position, chain.hash, event)

    def check_reaches(self, tenant_id: TenantId, position: int) -> None:
        """Check that a chain reaches the last position that a command returned."""
        chain = self._chain(tenant_id)
        if chain.broken is None and chain.position < position:
            chain.broken = _truncated(position, "a command was answered with it")

    def check_ends(self, tenant_id: TenantId, position: int) -> None:
        """Check that a chain does not continue after the last position that a command returned."""
        chain = self._chain(tenant_id)
        if chain.broken is None and chain.events and chain.position > position:
            extra = self._log.links(after=position, limit=1, tenant_id=tenant_id)
            chain.broken = _inserted(extra[0])

    def check_contains(self, anchor: AnchoredEvent) -> None:
        """Check that an anchored event exists with the same hash."""
        chain = self._chain(anchor.tenant_id)
        if chain.broken is not None:
            return
        event = self._log.newest(anchor.tenant_id, upto=anchor.position)
        if event is None or event.position != anchor.position:
            chain.broken = _truncated(anchor.position, "it is anchored")
        elif event.hash != anchor.hash:
            sentence = f"The events up to position {anchor.position} differ from the anchored ones."
            chain.broken = _at("changed", event, sentence)

    def _chain(self, tenant_id: TenantId) -> _Chain:
        if tenant_id not in self.chains:
            last_trusted = self._log.newest(tenant_id, upto=self.start)
            self.chains[tenant_id] = (
                _Chain(tenant_id, max(0, self.start), NO_HASH)
                if last_trusted is None
                else _Chain(tenant_id, last_trusted.position, last_trusted.hash)
            )
        return self.chains[tenant_id]


def diagnose(log: HashChainReader, position: int, own: bytes, event: ChainedEvent) -> ChainBreak:
    """Determine what happened before, or to, an event that does not follow the one at a position.

    `own` is the hash at that position. A forger who also makes up hashes can imitate another kind
    of tampering.
    """
    tenant_id = event.tenant_id
    rival = log.following(tenant_id, event.previous, besides=event.position)
    if rival is not None:
        return _inserted(_intruder(log, event, rival))
    if event.previous == own:
        return _changed(event)
    predecessor = log.named(tenant_id, event.previous)
    if predecessor is not None and predecessor.position > event.position:
        sentence = f"The event at position {event.position} was moved before an earlier one."
        return _at("reordered", event, sentence)
    if log.following(tenant_id, own, besides=event.position) is not None:
        return _inserted(event)
    if event.is_genuine():
        return _removed(log, position, event)
    return _changed(event) if _is_followed(log, event) else _inserted(event)


def _intruder(log: HashChainReader, one: ChainedEvent, other: ChainedEvent) -> ChainedEvent:
    """Return which of two events with the same predecessor does not belong there."""
    if not one.is_genuine() or not other.is_genuine():
        return other if one.is_genuine() else one
    return other if _is_followed(log, one) else one


def _is_followed(log: HashChainReader, event: ChainedEvent) -> bool:
    return log.following(event.tenant_id, event.hash, besides=event.position) is not None


def _removed(log: HashChainReader, position: int, event: ChainedEvent) -> ChainBreak:
    sentence = f"What was before position {event.position}, after {position}, was removed"
    orphan = log.orphan(event.tenant_id, after=position)
    if orphan is None:
        return ChainBreak("removed", event.position, None, None, f"{sentence}.")
    version = orphan.version - 1
    sentence = f"{sentence}: version {version} of {orphan.stream} is missing."
    return ChainBreak("removed", event.position, orphan.stream, version, sentence)


def _truncated(position: int, reason: str) -> ChainBreak:
    sentence = f"The event at position {position} was removed: {reason}."
    return ChainBreak("removed", position, None, None, sentence)


def _changed(event: ChainedEvent) -> ChainBreak:
    return _at("changed", event, f"The event at position {event.position} was changed.")


def _inserted(event: ChainedEvent) -> ChainBreak:
    return _at("inserted", event, f"The event at position {event.position} was inserted.")


def _at(tampering: Tampering, event: ChainedEvent, sentence: str) -> ChainBreak:
    return ChainBreak(tampering, event.position, event.stream, event.version, sentence)
