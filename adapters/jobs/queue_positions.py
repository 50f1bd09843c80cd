"""Positions of queues that follow the event log, on SQL."""

from typing import Final

import sqlalchemy as sa

from adapters.jobs.sql import NAMED, SCHEMA
from adapters.sql.columns import TEXT
from adapters.sql.engines import make_once
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import add_once

METADATA: Final = sa.MetaData()

POSITION: Final = sa.Table(
    "queue_position",
    METADATA,
    sa.Column("queue", TEXT, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
)


class SqlQueuePosition:
    """Implements `Positions` for one queue in the table `queue_position`, and creates it.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`.
    """

    def __init__(self, engine: sa.Engine, queue: str) -> None:
        self._engine = engine
        self._queue = queue
        with storage_errors(NAMED):
            make_once(engine, schema=SCHEMA, marker_table=POSITION.name, make=METADATA.create_all)

    def load(self) -> int:
        position = sa.select(POSITION.c.position).where(POSITION.c.queue == self._queue)
        with storage_errors(NAMED), self._engine.begin() as connection:
            stored = connection.execute(position).scalar_one_or_none()
        return 0 if stored is None else int(stored)

    def store(self, position: int) -> None:
        row = {"queue": self._queue, "position": position}
        this = POSITION.c.queue == self._queue
        with storage_errors(NAMED), self._engine.begin() as connection:
            if not add_once(connection, POSITION, row):
                connection.execute(sa.update(POSITION).where(this).values(position=position))
