"""Events that queues without a bus could not handle, on SQL."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from adapters.jobs.sql import NAMED, SCHEMA
from adapters.sql.columns import TEXT, Instant
from adapters.sql.engines import make_once
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import add_once
from application.kernel.log_queue import FailedEvent

METADATA: Final = sa.MetaData()

FAILED: Final = sa.Table(
    "queue_failed_event",
    METADATA,
    sa.Column("queue", TEXT, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("reason", TEXT, nullable=False),
    sa.Column("stack", TEXT, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("retries", sa.Integer, nullable=False),
    sa.Column("failed_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
)

FIELDS: Final = [FAILED.c[field.name] for field in fields(FailedEvent)]


class SqlFailedEvents:
    """Implements `FailedEvents` for one queue in the table `queue_failed_event`, and creates it.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`.
    """

    def __init__(self, engine: sa.Engine, queue: str) -> None:
        self._engine = engine
        self._queue = queue
        with storage_errors(NAMED):
            make_once(engine, schema=SCHEMA, marker_table=FAILED.name, make=METADATA.create_all)

    def store(self, failed: FailedEvent) -> None:
        row = {"queue": self._queue, **asdict(failed)}
        with storage_errors(NAMED), self._engine.begin() as connection:
            if not add_once(connection, FAILED, row):
                connection.execute(sa.update(FAILED).where(self._at([failed.position])).values(row))

    def due(self, now: datetime) -> FailedEvent | None:
        query = self._all().where(FAILED.c.due_at <= now).order_by(FAILED.c.due_at).limit(1)
        with storage_errors(NAMED), self._engine.begin() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else FailedEvent(**row)

    def list(self) -> Sequence[FailedEvent]:
        with storage_errors(NAMED), self._engine.begin() as connection:
            rows = connection.execute(self._all().order_by(FAILED.c.position)).mappings().all()
        return [FailedEvent(**row) for row in rows]

    def count(self) -> int:
        """Return how many there are."""
        query = sa.select(sa.func.count()).where(FAILED.c.queue == self._queue)
        with storage_errors(NAMED), self._engine.begin() as connection:
            return connection.execute(query).scalar_one()

    def retry(self, positions: Sequence[int], now: datetime) -> None:
        with storage_errors(NAMED), self._engine.begin() as connection:
            connection.execute(sa.update(FAILED).where(self._at(positions)).values(due_at=now))

    def delete(self, positions: Sequence[int]) -> None:
        with storage_errors(NAMED), self._engine.begin() as connection:
            connection.execute(sa.delete(FAILED).where(self._at(positions)))

    def _all(self) -> sa.Select[*tuple[object, ...]]:
        return sa.select(*FIELDS).where(FAILED.c.queue == self._queue)

    def _at(self, positions: Sequence[int]) -> sa.ColumnElement[bool]:
        return (FAILED.c.queue == self._queue) & FAILED.c.position.in_(positions)
