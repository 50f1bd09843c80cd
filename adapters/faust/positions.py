"""Positions of workers in a SQL database, beside the effects that they belong to."""

from collections.abc import Mapping

from sqlalchemy import BigInteger, Column, Engine, Integer, MetaData, String, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from application.ports import StorageUnavailable

METADATA = MetaData()

POSITIONS = Table(
    "worker_position",
    METADATA,
    Column("worker_group", String, primary_key=True),
    Column("topic", String, primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("due", BigInteger, nullable=False),
)
"""`due` is the offset of the next message to work."""


class SqlPositions:
    """Keeps positions in `worker_position` of PostgreSQL or SQLite; makes it if it is not there.

    Any thread or process may use it. Raises StorageUnavailable.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        METADATA.create_all(engine)

    def load(self, group: str, topic: str) -> Mapping[int, int]:
        """Give the offset due in each partition that has one."""
        query = select(POSITIONS.c.partition, POSITIONS.c.due).where(
            POSITIONS.c.worker_group == group, POSITIONS.c.topic == topic
        )
        try:
            with self._engine.connect() as connection:
                return {row.partition: row.due for row in connection.execute(query)}
        except DBAPIError as failed:
            raise StorageUnavailable from failed

    def save(self, group: str, topic: str, due: Mapping[int, int]) -> None:
        """Keep these, whatever was kept before: a topic made anew begins at 0 again."""
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        rows = [
            {"worker_group": group, "topic": topic, "partition": partition, "due": offset}
            for partition, offset in sorted(due.items())
        ]
        if not rows:
            return
        insert = dialect.insert(POSITIONS).values(rows)
        statement = insert.on_conflict_do_update(
            index_elements=list(POSITIONS.primary_key),
            set_={"due": insert.excluded.due},
        )
        try:
            with self._engine.begin() as connection:
                connection.execute(statement)
        except DBAPIError as failed:
            raise StorageUnavailable from failed
