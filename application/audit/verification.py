"""Whether the log is still what was recorded: it is read again, fact by fact, hash by hash."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from application.audit.hash_chain import NO_HASH, ChainedEvent, HashChainReader
from domain.ids import TenantId

SECTION: Final = 1000
"""Events that are held at a time."""

BEFORE_ALL: Final = -(2**63)
"""No position is smaller; a log gives them from 1, and a forger may give any."""

Tampering = Literal["changed", "removed", "inserted", "reordered"]


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a tenant's chain first does not hold, and what was done there.

    Of a removed event, `position` is that of the first event after the gap, or its own where it was
    the last; stream and version are told where they can be known.
    """

    tampering: Tampering
    position: int
    stream: str | None
    version: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Anchored:
    """What somebody wrote down, and keeps elsewhere: a tenant's event had this hash."""

    tenant_id: TenantId
    position: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far a tenant's chain holds: so many events were verified, the last at `position`."""

    tenant_id: TenantId
    events: int
    position: int
    hash: bytes
    broken: Broken | None

    @property
    def holds(self) -> bool:
        """Whether nothing was changed, removed, inserted or reordered, as far as can be known."""
        return self.broken is None


@dataclass(slots=True)
class _Chain:
    """The chain of a tenant, as far as it has been walked."""

    tenant_id: TenantId
    position: int
    hash: bytes
    events: int = 0
    broken: Broken | None = field(default=None)

    def verdict(self) -> Verdict:
        return Verdict(self.tenant_id, self.events, self.position, self.hash, self.broken)


def verify_chain(
    log: HashChainReader, tenant_id: TenantId, *, anchored: Iterable[Anchored] = ()
) -> Verdict:
    """Verify all events of a tenant. Raises StorageUnavailable."""
    verdicts = verify_chains(log, tenant_id=tenant_id, anchored=anchored)
    nothing = Verdict(tenant_id, 0, 0, NO_HASH, None)
    return next(iter(verdicts), nothing)


def verify_chains(
    log: HashChainReader,
    *,
    tenant_id: TenantId | None = None,
    from_position: int | None = None,
    anchored: Iterable[Anchored] = (),
    tell: Callable[[float], object] = lambda _: None,
) -> list[Verdict]:
    """Verify the chains of all tenants, or of one; a verdict for each that has any event.

    With `from_position`, what is before it is taken as it is. That a chain was cut at its end, or
    lengthened, is known from what commands were answered with, which lies in the same database;
    whoever keeps an anchor elsewhere (`anchored`) need not believe that. `tell` is given the share
    done, 0..1. Raises StorageUnavailable.
    """
    answered = dict(log.answered())  # before the walk: whatever is appended meanwhile is behind it
    head = log.head()
    walk = ChainWalker(log, BEFORE_ALL if from_position is None else from_position - 1)
    after = walk.begin
    while links := log.links(after=after, limit=SECTION, tenant_id=tenant_id):
        for link in links:
            walk.add(link)
        after = links[-1].position
        tell(min(1.0, max(0, after) / max(1, head)))
    for each, position in answered.items():
        if position and tenant_id in {None, each}:
            walk.reaches(each, position)
    answered = dict(log.answered())  # after the walk: what was walked was answered by now
    for each in walk.chains:
        walk.ends(each, answered.get(each, 0))
    for anchor in anchored:
        if tenant_id in {None, anchor.tenant_id}:
            walk.contains(anchor)
    tell(1.0)
    return [walk.chains[each].verdict() for each in sorted(walk.chains)]


class ChainWalker:
    """Goes along the chains of tenants, which lie mixed in the log; `begin` is before them."""

    def __init__(self, log: HashChainReader, begin: int) -> None:
        self._log = log
        self.begin = begin
        self.chains: dict[TenantId, _Chain] = {}

    def add(self, link: ChainedEvent) -> None:
        """Go on to the next event, unless its tenant's chain is broken already."""
        chain = self._chain(link.tenant_id)
        if chain.broken is not None:
            return
        if link.previous == chain.hash and link.is_genuine():
            chain.position, chain.hash = link.position, link.hash
            chain.events += 1
        else:
            chain.broken = diagnosis(self._log, chain.position, chain.hash, link)

    def reaches(self, tenant_id: TenantId, position: int) -> None:
        """See that a chain goes on to the event that a command was answered with."""
        chain = self._chain(tenant_id)
        if chain.broken is None and chain.position < position:
            chain.broken = _cut(position, "a command was answered with it")

    def ends(self, tenant_id: TenantId, position: int) -> None:
        """See that a chain does not go on beyond what commands were answered with."""
        chain = self._chain(tenant_id)
        if chain.broken is None and chain.events and chain.position > position:
            beyond = self._log.links(after=position, limit=1, tenant_id=tenant_id)
            chain.broken = _inserted(beyond[0])

    def contains(self, anchor: Anchored) -> None:
        """See that an event is there, and is the one that was written down."""
        chain = self._chain(anchor.tenant_id)
        if chain.broken is not None:
            return
        found = self._log.newest(anchor.tenant_id, upto=anchor.position)
        if found is None or found.position != anchor.position:
            chain.broken = _cut(anchor.position, "it is anchored")
        elif found.hash != anchor.hash:
            told = f"The events up to position {anchor.position} are others than those anchored."
            chain.broken = _at("changed", found, told)

    def _chain(self, tenant_id: TenantId) -> _Chain:
        if tenant_id not in self.chains:
            known = self._log.newest(tenant_id, upto=self.begin)
            self.chains[tenant_id] = (
                _Chain(tenant_id, max(0, self.begin), NO_HASH)
                if known is None
                else _Chain(tenant_id, known.position, known.hash)
            )
        return self.chains[tenant_id]


def diagnosis(log: HashChainReader, position: int, own: bytes, link: ChainedEvent) -> Broken:
    """Tell what was done before or to an event that does not follow the one at a position.

    `own` is that one's hash. Who made up hashes, too, can have it look like something else.
    """
    tenant_id = link.tenant_id
    rival = log.following(tenant_id, link.previous, besides=link.position)
    if rival is not None:
        return _inserted(_intruder(log, link, rival))
    if link.previous == own:
        return _changed(link)
    named = log.named(tenant_id, link.previous)
    if named is not None and named.position > link.position:
        told = f"The event at position {link.position} stands before one that it was made after."
        return _at("reordered", link, told)
    if log.following(tenant_id, own, besides=link.position) is not None:
        return _inserted(link)
    if link.is_genuine():
        return _removed(log, position, link)
    return _changed(link) if _is_followed(log, link) else _inserted(link)


def _intruder(log: HashChainReader, one: ChainedEvent, other: ChainedEvent) -> ChainedEvent:
    """Of two events that name the same one as before them, tell which does not belong there."""
    if not one.is_genuine() or not other.is_genuine():
        return other if one.is_genuine() else one
    return other if _is_followed(log, one) else one


def _is_followed(log: HashChainReader, link: ChainedEvent) -> bool:
    return log.following(link.tenant_id, link.hash, besides=link.position) is not None


def _removed(log: HashChainReader, position: int, link: ChainedEvent) -> Broken:
    told = f"What was before position {link.position}, after {position}, was removed"
    orphan = log.orphan(link.tenant_id, after=position)
    if orphan is None:
        return Broken("removed", link.position, None, None, f"{told}.")
    version = orphan.version - 1
    told = f"{told}: version {version} of {orphan.stream} is missing."
    return Broken("removed", link.position, orphan.stream, version, told)


def _cut(position: int, reason: str) -> Broken:
    told = f"The event at position {position} was removed: {reason}."
    return Broken("removed", position, None, None, told)


def _changed(link: ChainedEvent) -> Broken:
    return _at("changed", link, f"The event at position {link.position} was changed.")


def _inserted(link: ChainedEvent) -> Broken:
    return _at("inserted", link, f"The event at position {link.position} was inserted.")


def _at(tampering: Tampering, link: ChainedEvent, sentence: str) -> Broken:
    return Broken(tampering, link.position, link.stream, link.version, sentence)
