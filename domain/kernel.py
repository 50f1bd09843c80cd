"""Building blocks: value, command, event, rejection, decider, envelope."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, Literal, TypeVar, dataclass_transform
from uuid import UUID

from domain.ids import TenantId

T = TypeVar("T")
C = TypeVar("C")
E = TypeVar("E")
S = TypeVar("S")
E_co = TypeVar("E_co", covariant=True)
Row = TypeVar("Row")

RejectionKind = Literal[
    "invalid",
    "unauthenticated",
    "forbidden",
    "not_found",
    "conflict",
    "stale",
    "unavailable",
    "limited",
]


class Rejected(Exception):  # noqa: N818  a refusal is not an error: its name states the obstacle
    """A refusal by rule. The subclass's docstring is the default message, `code` its public name.

    `kind` is the sort of obstacle; only transports turn it into a status or exit code.
    """

    code: ClassVar[str]
    kind: ClassVar[RejectionKind] = "conflict"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or " ".join((type(self).__doc__ or self.code).split()))

    @property
    def detail(self) -> str:
        """One sentence for the user."""
        return str(self.args[0])


class LimitReached(Rejected):
    """Base of refusals of what was done too often: it may succeed after `retry_after_s` seconds."""

    kind = "limited"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__()
        self.retry_after_s = retry_after_s


class Event:
    """Base of events. `@event` declares the stored name and version, which never change."""

    event_name: ClassVar[str]
    schema_version: ClassVar[int]


@dataclass_transform(frozen_default=True)
def value(cls: type[T]) -> type[T]:
    """Declare a value or state: immutable, equal by content."""
    return dataclass(frozen=True, slots=True)(cls)


@dataclass_transform(frozen_default=True)
def unfrozen_value(cls: type[T]) -> type[T]:
    """Declare a value that is constructed often: for each stored event, or each chunk of poses.

    Only type checkers keep its fields from being changed: a frozen dataclass takes five times as
    long to construct.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def command(cls: type[T]) -> type[T]:
    """Declare a command: imperative, with everything that `decide` needs besides the state."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(name: str, version: int = 1) -> Callable[[type[T]], type[T]]:
    """Declare an event under its stored name; raise `version` when its payload changes shape."""

    def declare(cls: type[T]) -> type[T]:
        declared = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        declared.event_name = name  # type: ignore[attr-defined]
        declared.schema_version = version  # type: ignore[attr-defined]
        return declared

    return declare


@dataclass(frozen=True)
class Decider(Generic[C, E, S]):
    """An aggregate: `decide` turns a command into events, `evolve` applies an event."""

    category: str
    initial: S
    decide: Callable[[C, S], tuple[E, ...]]
    evolve: Callable[[S, E], S]

    def fold(self, events: Iterable[E], state: S | None = None) -> S:
        """Return the state after these events, starting from `state` or from the initial one."""
        current = self.initial if state is None else state
        for happened in events:
            current = self.evolve(current, happened)
        return current


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Tenant, actor and message chain of a command; stored beside its events, not inside them."""

    tenant_id: TenantId
    actor: str
    correlation_id: UUID
    causation_id: UUID | None = None


@unfrozen_value
class Recorded(Generic[E_co]):
    """A stored event with its envelope.

    `version` counts from 1 within `stream`; `position` increases over the whole log, without a
    meaningful order between tenants. `recorded_at` is the log's time, UTC.
    """

    event_id: UUID
    origin: Origin
    stream: str
    version: int
    position: int
    recorded_at: datetime
    event: E_co


@dataclass(frozen=True)
class Projection(Generic[Row]):
    """A read model and the fold that fills it.

    `name` and `version` name its table; raise `version` when the fold or the row changes, and a
    fresh table is filled from the first event.
    `row`: the frozen dataclass of one row, without slots.
    `keys`: the keys of the rows that an event concerns, unique within a tenant; () for none. Most
    events concern one row; a reconciliation withdraws several repetitions at once.
    `evolve`: row (None if there is none yet) + event -> row (None deletes it).
    `narrow`: key + event -> the event with nothing but what concerns that row, for events that
    carry the content of many rows; `evolve` gets its result.
    `indexes`: columns that are searched together, beside the key.
    `kind`: the kind of resource, as in `application.users.authorization`: users who may read all
    resources of that kind see all rows of the tenant. Without one, users see only their own rows.
    """

    name: str
    version: int
    row: type[Row]
    keys: Callable[[Recorded[Any]], tuple[str, ...]]
    evolve: Callable[[Row | None, Recorded[Any]], Row | None]
    indexes: tuple[tuple[str, ...], ...] = ()
    kind: str | None = None
    narrow: Callable[[str, Recorded[Any]], Recorded[Any]] | None = None

    def next_row(self, key: str, row: Row | None, recorded: Recorded[Any]) -> Row | None:
        """Return the row of a key after an event that concerns it; None if there is none."""
        narrowed = recorded if self.narrow is None else self.narrow(key, recorded)
        return self.evolve(row, narrowed)
