"""Roll-ups: a day's training aggregated by day, ISO week and month, on request.

A request is a message on `metrics.rollup` (R-EVT-09). The analytics worker sends one when a day is
over, and another when an event arrives late for it; `kinelog analytics rollup` sends one by hand. A
roll-up is computed from all days of its period, so a repeated request gives the same rows under the
same ids.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal, Protocol
from uuid import UUID, uuid5

from application.analytics.windows import NOTHING, Day, Tally
from application.kernel.bus import Delivery, Message
from application.kernel.topics import WORKERS, Group
from domain.kernel import Rejected

TOPIC: Final = "metrics.rollup"
GROUP: Final[Group] = next(group for group in WORKERS if group.topics == (TOPIC,))

LATENESS: Final = timedelta(minutes=10)
"""Delay between the end of a day and its roll-up request. Later events cause another request."""

NAMESPACE: Final = UUID("0197c1d8-7c1e-7f4b-8a35-51d0e2f4b906")
"""UUID namespace of roll-ups and of the messages that request them."""

PeriodKind = Literal["day", "week", "month"]
PERIODS: Final[tuple[PeriodKind, ...]] = ("day", "week", "month")


class InvalidRollupRequest(Rejected):
    """A message on `metrics.rollup` names a tenant and a day before December 9999."""

    code = "metrics.asked_broken"
    kind = "invalid"


@dataclass(frozen=True, slots=True, order=True)
class RollupRequest:
    """A request to roll up all periods that contain a tenant's day."""

    tenant_id: str
    day: date


@dataclass(frozen=True, slots=True)
class RolledUp:
    """The days from which the roll-ups of a request were computed: `start` <= day < `end`."""

    tenant_id: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class RollUp:
    """Figures of a period that begins on `start`: of one athlete, or of all if that is None."""

    id: UUID
    tenant_id: str
    period: PeriodKind
    start: date
    athlete_id: str | None
    athletes: int
    tally: Tally


Compute = Callable[[Sequence[tuple[Day, Tally]]], Sequence[RollUp]]


class RollUps(Protocol):
    """Store of figures, next to the days they are computed from. Raises StorageUnavailable."""

    def renew(self, tenant_id: str, start: date, end: date, compute: Compute) -> None:
        """Compute figures from a tenant's days, start <= day < end, and replace the stored ones.

        A lock per tenant keeps older figures from replacing newer ones.
        """
        ...


def begin(period: PeriodKind, day: date) -> date:
    """Return the first day of a period: Monday for a week (C-52), the 1st for a month."""
    match period:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)


def end(period: PeriodKind, start: date) -> date:
    """Return the first day of the next period."""
    match period:
        case "day":
            return start + timedelta(days=1)
        case "week":
            return start + timedelta(days=7)
        case "month":
            return (start + timedelta(days=31)).replace(day=1)


def message(request: RollupRequest) -> Message:
    """Encode a request for the bus: equal requests share an id, a tenant's stay in order."""
    value = json.dumps({"tenant_id": request.tenant_id, "day": request.day.isoformat()})
    request_id = uuid5(NAMESPACE, f"asked/{request.tenant_id}/{request.day}")
    headers = (
        ("ce_id", str(request_id).encode()),
        ("ce_type", TOPIC.encode()),
        ("ce_tenantid", request.tenant_id.encode()),
        ("content-type", b"application/json"),
    )
    return Message(TOPIC, request.tenant_id, value.encode(), headers)


def from_message(sent: Message) -> RollupRequest:
    """Parse a roll-up request. Raises InvalidRollupRequest."""
    try:
        content: Any = json.loads(sent.value or b"")
        return RollupRequest(str(content["tenant_id"]), date.fromisoformat(content["day"]))
    except (ValueError, KeyError, TypeError) as broken:
        raise InvalidRollupRequest from broken


def roll_up(delivered: Delivery, store: RollUps) -> None:
    """Handle a message of `metrics.rollup`. Raises InvalidRollupRequest and StorageUnavailable."""
    renew(from_message(delivered.message), store)


def renew(request: RollupRequest, store: RollUps) -> RolledUp:
    """Compute the roll-ups of all periods that contain the day.

    Raises InvalidRollupRequest and StorageUnavailable.
    """
    starts = [begin(period, request.day) for period in PERIODS]
    try:
        ends = [end(period, start) for period, start in zip(PERIODS, starts, strict=True)]
    except OverflowError as after_the_calendar:
        raise InvalidRollupRequest from after_the_calendar
    rolled_up = RolledUp(request.tenant_id, min(starts), max(ends))
    store.renew(
        rolled_up.tenant_id, rolled_up.start, rolled_up.end, lambda days: figures(request, days)
    )
    return rolled_up


def figures(request: RollupRequest, days: Iterable[tuple[Day, Tally]]) -> tuple[RollUp, ...]:
    """Aggregate the tenant's days, which must cover all periods of the request."""
    totals = list(days)
    return tuple(figure for period in PERIODS for figure in _of_period(request, period, totals))


def _of_period(
    request: RollupRequest, period: PeriodKind, days: Iterable[tuple[Day, Tally]]
) -> Iterable[RollUp]:
    start = begin(period, request.day)
    by_athlete: dict[str, Tally] = {}
    for key, tally in days:
        if start <= key.day < end(period, start):
            by_athlete[key.athlete_id] = by_athlete.get(key.athlete_id, NOTHING) + tally
    for athlete, tally in sorted(by_athlete.items()):
        yield _figure(request.tenant_id, period, start, athlete, 1, tally)
    if by_athlete:
        whole = sum(by_athlete.values(), NOTHING)
        trained = sum(tally != NOTHING for tally in by_athlete.values())  # not deleted since
        yield _figure(request.tenant_id, period, start, None, trained, whole)


def _figure(
    tenant_id: str,
    period: PeriodKind,
    start: date,
    athlete: str | None,
    athletes: int,
    tally: Tally,
) -> RollUp:
    # JSON keeps the parts of a name apart, whatever they contain.
    name = json.dumps([tenant_id, period, start.isoformat(), athlete])
    return RollUp(uuid5(NAMESPACE, name), tenant_id, period, start, athlete, athletes, tally)
