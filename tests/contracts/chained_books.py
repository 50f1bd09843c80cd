"""Hash-chained logs, and an informed attacker's changes to them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID, uuid4

from adapters.event_log.postgres_hash_chain import PostgresHashChain
from application.audit.hash_chain import ChainedEvent, HashChainReader
from application.audit.verification import (
    BATCH,
    BEFORE_ALL,
    ChainBreak,
    Verdict,
    verify_chain,
    verify_chains,
)
from application.kernel.ports import Change, EventLog
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.sessions import events
from domain.values import Span
from tests.contracts.conftest import AT

RED, BLUE = TenantId("red"), TenantId("blue")
FACT = events.FaultSeen(set=1, repetition=None, fault="knees_in", cue="Höher! 膝", at_ms=0)
STARTED = events.SessionStarted(athlete_id=UserId("ada"), workout_id=None, at=AT, time_zone="UTC")


COLUMNS = (
    "position, originator_id, originator_version, topic, schema_version, state, event_id,"
    " tenant_id, actor, correlation_id, causation_id, recorded_at, previous_hash, hash"
)


class Forge(Protocol):
    """Changes storage directly, as only someone with the whole database or file can."""

    def __call__(self, statement: str, *parameters: object) -> None: ...


@dataclass
class Books:
    """A log, its verification, and changes to its storage."""

    log: EventLog
    chained: HashChainReader
    forge: Forge

    def links(self, tenant_id: TenantId | None = None) -> Sequence[ChainedEvent]:
        return self.chained.links(after=BEFORE_ALL, limit=BATCH, tenant_id=tenant_id)

    def verdict(self, tenant_id: TenantId = RED, **given: Any) -> Verdict:
        return verify_chain(self.chained, tenant_id, **given)

    def broken(self, tenant_id: TenantId = RED, **given: Any) -> tuple[object, ...]:
        """Return tampering, position, stream and version of the broken link, and check its text."""
        found = self.verdict(tenant_id, **given).broken
        assert isinstance(found, ChainBreak)
        assert str(found.position) in found.sentence
        everything = {each.tenant_id: each for each in verify_chains(self.chained, **given)}
        assert everything[tenant_id].broken == found
        return found.tampering, found.position, found.stream, found.version


def hold(number: int) -> events.HoldMeasured:
    return events.HoldMeasured(set=1, span=Span(0, number), form=None, faults=())


def write(books: Books, tenant_id: TenantId, *changes: Change) -> None:
    origin = Origin(tenant_id=tenant_id, actor="user/äda", correlation_id=uuid4())
    books.log.append(changes, origin=origin, command_id=uuid4())


def forged(link: ChainedEvent, **changed: Any) -> ChainedEvent:
    """Return the event with a hash that fits its content."""
    made = replace(link, **changed)
    candidate = made.compute_hash()
    return replace(made, hash=candidate)


def insert(books: Books, link: ChainedEvent) -> None:
    of_postgresql = isinstance(books.chained, PostgresHashChain)
    at: Any = link.recorded_at_us
    marks = ["%s"] * 14
    if of_postgresql:
        marks[11] = "'2000-01-01 00:00Z'::timestamptz + %s * interval '1 microsecond'"
    ids: list[Any] = [link.event_id, link.correlation_id, link.causation_id]
    if of_postgresql:
        ids = [None if each is None else UUID(bytes=each) for each in ids]
    else:
        at += 946_684_800_000_000
    overriding = "OVERRIDING SYSTEM VALUE" if of_postgresql else ""
    books.forge(
        f"INSERT INTO events ({COLUMNS}) {overriding} VALUES ({', '.join(marks)})",  # noqa: S608
        link.position, link.originator_id, link.version, link.name, link.schema_version,
        link.payload, ids[0], link.tenant_id, link.actor, ids[1], ids[2], at,
        link.previous, link.hash,
    )  # fmt: skip
