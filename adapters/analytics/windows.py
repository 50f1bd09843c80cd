"""Aggregation windows in PostgreSQL: their contents and read positions, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from adapters.analytics import statements
from adapters.analytics.database import Analytics, columns, execute, fetch, numbers
from application.analytics.ports import PositionTaken, Step
from application.analytics.rollups import RollupRequest
from application.analytics.session_fold import fold
from application.analytics.windows import (
    TALLIED,
    Changes,
    ReceivedEvent,
    Session,
    SessionState,
)
from application.kernel.ports import StorageUnavailable
from application.privacy.redaction import REDACTED, IsErased
from domain.ids import TenantId
from domain.sessions.events import SessionStarted

_encoder: Final = msgspec.json.Encoder()
_standings: Final = msgspec.json.Decoder(SessionState)


class PostgresWindows:
    """Satisfies `application.analytics.ports.Windows`. Any thread or process may use it.

    `is_erased` is asked once for each session.
    """

    def __init__(self, analytics: Analytics, *, is_erased: IsErased) -> None:
        self._analytics = analytics
        self._is_erased = is_erased

    def positions(self, group: str, topic: str) -> Mapping[int, int]:
        with self._analytics.transaction() as connection:
            rows = fetch(connection, statements.POSITIONS, group, topic)
        return {partition: due for partition, due in rows}  # noqa: C416  rows, not pairs

    def take(self, step: Step) -> Sequence[Session]:
        seen = [self._redacted(each) for each in step.seen]
        with self._analytics.transaction() as connection:
            _move(connection, step)
            return _count(connection, seen)

    def days_over(self, by: datetime) -> Mapping[RollupRequest, int]:
        with self._analytics.transaction() as connection:
            rows = fetch(connection, statements.DAYS_OVER, by)
        return {RollupRequest(tenant_id, day): touched for tenant_id, day, touched in rows}

    def mark_requested(self, requests: Mapping[RollupRequest, int]) -> None:
        with self._analytics.transaction() as connection:
            for day, touched in sorted(requests.items()):
                execute(connection, statements.MARK_REQUESTED, touched, day.tenant_id, day.day)

    def _redacted(self, seen: ReceivedEvent) -> ReceivedEvent:
        """Redact the first event of a session of an athlete who was erased."""
        match seen.event:
            case SessionStarted(athlete_id=athlete) if self._is_erased(
                TenantId(seen.session.tenant_id), athlete
            ):
                return replace(seen, event=REDACTED)
            case _:
                return seen


def _move(connection: sa.Connection, step: Step) -> None:
    """Move all positions, or raise PositionTaken: another worker has processed these messages."""
    of = (step.group, step.topic)
    for partition, due in sorted(step.after.items()):
        before = step.before.get(partition)
        if before is None:
            moved = execute(connection, statements.BEGIN_POSITION, *of, partition, due)
        else:
            moved = execute(connection, statements.MOVE_POSITION, due, *of, partition, before)
        if moved != 1:
            raise PositionTaken


def _count(connection: sa.Connection, seen: Sequence[ReceivedEvent]) -> Sequence[Session]:
    stored = _load(connection, {each.session for each in seen})
    standings, changes = dict(stored), Changes()
    missing = fold(standings, seen, changes)
    _keep(connection, {of: new for of, new in standings.items() if stored.get(of) is not new})
    _add(connection, changes)
    return missing


def erase_sessions(analytics: Analytics, tenant_id: str, streams: Sequence[str]) -> None:
    """Replace the states of these sessions: none of their events counts any more."""
    with analytics.transaction() as connection:
        execute(connection, statements.ERASE_STANDINGS, tenant_id, sorted(streams))


def _load(connection: sa.Connection, sessions: Iterable[Session]) -> dict[Session, SessionState]:
    rows = fetch(connection, statements.STANDINGS, *columns(sorted(sessions), 2))
    return {
        Session(tenant_id, stream): _standings.decode(standing)
        for tenant_id, stream, standing in rows
    }


def _keep(connection: sa.Connection, standings: Mapping[Session, SessionState]) -> None:
    rows = [
        (*of, standing.version, _encoder.encode(standing).decode())
        for of, standing in sorted(standings.items(), key=_key)
    ]
    if execute(connection, statements.KEEP_STANDINGS, *columns(rows, 4)) != len(rows):
        raise StorageUnavailable("An athlete was erased at this moment. The step is repeated.")


def _add(connection: sa.Connection, changes: Changes) -> None:
    """Add to windows, always in the same order, so that two workers never deadlock."""
    minutes = [(*key, repetitions) for key, repetitions in sorted(changes.minutes.items())]
    execute(connection, statements.ADD_MINUTES, *columns(minutes, 4))
    hours = [(*key, *numbers(tally)) for key, tally in sorted(changes.hours.items(), key=_key)]
    execute(connection, statements.ADD_HOURS, *columns(hours, 4 + len(TALLIED)))
    execute(connection, statements.DROP_EMPTY_HOURS, *columns(sorted(changes.hours), 4))
    days = [(*key, *numbers(tally)) for key, tally in sorted(changes.days.items(), key=_key)]
    execute(connection, statements.ADD_DAYS, *columns(days, 3 + len(TALLIED)))
    ends = [(*key, at) for key, at in sorted(changes.ends.items())]
    execute(connection, statements.TOUCH_DAYS, *columns(ends, 3))


def _key(row: tuple[Any, Any]) -> Any:
    """Return the keys of a row, to sort by."""
    return row[0]
