"""Checkpoint store of workers on SQL, in the database of the effects they belong to."""

from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    select,
    text,
    update,
)

from adapters.sql.engines import is_postgresql
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import insert_into

METADATA: Final = MetaData()

POSITIONS: Final = Table(
    "worker_position",
    METADATA,
    Column("worker_group", String, primary_key=True),
    Column("topic", String, primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("due", BigInteger, nullable=False),
)
"""`due` is the offset of the next message. In PostgreSQL, `adapters.migrations` creates the
table."""


class SqlPositions:
    """Store positions in `worker_position` of an upgraded PostgreSQL, or of a SQLite that has it.

    Any thread or process may use it. In PostgreSQL the engine finds the table by its search path,
    and its user may take the role `kinelog_app`. Raises StorageUnavailable.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def load(self, group: str, topic: str) -> Mapping[int, int]:
        """Return the offset due in each partition that has one."""
        query = select(POSITIONS.c.partition, POSITIONS.c.due).where(
            POSITIONS.c.worker_group == group, POSITIONS.c.topic == topic
        )
        with self._begun() as connection:
            return {row.partition: row.due for row in connection.execute(query)}

    def save(self, group: str, topic: str, due: Mapping[int, int]) -> None:
        """Save these offsets, even if they are lower: a recreated topic begins at 0 again."""
        rows = [
            {"worker_group": group, "topic": topic, "partition": partition, "due": offset}
            for partition, offset in sorted(due.items())
        ]
        if not rows:
            return
        insert = insert_into(self._engine.dialect.name, POSITIONS).values(rows)
        statement = insert.on_conflict_do_update(
            index_elements=list(POSITIONS.primary_key),
            set_={"due": insert.excluded.due},
        )
        with self._begun() as connection:
            connection.execute(statement)

    def restart(self, topics: Collection[str]) -> None:
        """Let every group read these topics from offset 0."""
        of_topics = update(POSITIONS).where(POSITIONS.c.topic.in_(topics)).values(due=0)
        with self._begun() as connection:
            connection.execute(of_topics)

    @contextmanager
    def _begun(self) -> Generator[Connection]:
        with storage_errors("The positions of workers"), self._engine.begin() as connection:
            if is_postgresql(self._engine):
                connection.execute(text("SET LOCAL ROLE kinelog_app"))
            yield connection
