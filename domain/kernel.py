"""The words every context is written in: value, command, event, refusal, decider, envelope."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, Literal, TypeVar, dataclass_transform
from uuid import UUID

from domain.ids import TenantId

T = TypeVar("T")
C = TypeVar("C")
E = TypeVar("E")
S = TypeVar("S")
E_co = TypeVar("E_co", covariant=True)

RejectionKind = Literal[
    "invalid", "unauthenticated", "forbidden", "not_found", "conflict", "stale", "unavailable"
]


class Rejected(Exception):  # noqa: N818  a refusal is no error: its name states the obstacle
    """A refusal by rule. The subclass's docstring is the rule, `code` its public name.

    `kind` says what sort of obstacle it is; only the edges turn it into a status or exit code.
    """

    code: ClassVar[str]
    kind: ClassVar[RejectionKind] = "conflict"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or " ".join((type(self).__doc__ or self.code).split()))

    @property
    def detail(self) -> str:
        """One sentence for the person who asked."""
        return str(self.args[0])


class Event:
    """A fact. Its stored name and version are declared by `@event` and never change."""

    event_name: ClassVar[str]
    schema_version: ClassVar[int]


@dataclass_transform(frozen_default=True)
def value(cls: type[T]) -> type[T]:
    """Declare a quantity or state: immutable, equal by content."""
    return dataclass(frozen=True, slots=True)(cls)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def command(cls: type[T]) -> type[T]:
    """Declare a wish: imperative and complete, everything `decide` needs beside the state."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(name: str, version: int = 1) -> Callable[[type[T]], type[T]]:
    """Declare a fact under its stored name; `version` rises when its payload changes shape."""

    def declare(cls: type[T]) -> type[T]:
        declared = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        declared.event_name = name  # type: ignore[attr-defined]
        declared.schema_version = version  # type: ignore[attr-defined]
        return declared

    return declare


@dataclass(frozen=True)
class Decider(Generic[C, E, S]):
    """An aggregate: what may happen (`decide`) and what it changes (`evolve`)."""

    category: str
    initial: S
    decide: Callable[[C, S], tuple[E, ...]]
    evolve: Callable[[S, E], S]

    def fold(self, events: Iterable[E], state: S | None = None) -> S:
        """State after these events, from the beginning or from a known state."""
        current = self.initial if state is None else state
        for happened in events:
            current = self.evolve(current, happened)
        return current


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who asked, and in which chain of messages: kept beside an event, never inside it."""

    tenant_id: TenantId
    actor: str
    correlation_id: UUID
    causation_id: UUID | None = None


@dataclass(frozen=True)
class Recorded(Generic[E_co]):
    """An event in its envelope, as the log keeps it.

    `version` counts from 1 within `stream`; `position` rises over the whole log, with no order
    implied between tenants. `recorded_at` is the log's time, UTC.
    """

    event_id: UUID
    origin: Origin
    stream: str
    version: int
    position: int
    recorded_at: datetime
    event: E_co
