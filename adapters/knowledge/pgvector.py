"""Knowledge index in PostgreSQL, with the extension pgvector."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from pgvector.sqlalchemy import Vector

from adapters.sql.columns import TEXT
from adapters.sql.engines import MAKING, make_once
from adapters.sql.errors import storage_errors
from application.knowledge import Passage, SearchResult, Vectors

SCHEMA: Final = "knowledge"
NAMED: Final = "What is known in words"

CREATE_EXTENSION: Final = sa.text(f"CREATE EXTENSION IF NOT EXISTS vector SCHEMA {SCHEMA}")

LOCK_TABLE: Final = sa.text(f"LOCK TABLE {SCHEMA}.passage IN SHARE ROW EXCLUSIVE MODE")
"""Other writers wait until the end of the transaction; readers do not."""

METADATA = sa.MetaData()

PASSAGES = sa.Table(
    "passage",
    METADATA,
    sa.Column("embedder", TEXT, primary_key=True),
    sa.Column("id", TEXT, primary_key=True),
    sa.Column("title", TEXT, nullable=False),
    sa.Column("text", TEXT, nullable=False),
    sa.Column("source", TEXT, nullable=False),
    sa.Column("place", Vector(), nullable=False),
)
"""Searched exactly: an approximate index pays from some ten thousand passages on."""

CONTENT: Final = (PASSAGES.c.id, PASSAGES.c.title, PASSAGES.c.text, PASSAGES.c.source)


def is_made(engine: sa.Engine) -> bool:
    """Check that the table exists: `make` has run in this database."""
    with storage_errors(NAMED), engine.connect() as connection:
        name = sa.func.to_regclass(f"{SCHEMA}.{PASSAGES.name}")
        return connection.execute(sa.select(name)).scalar_one() is not None


def is_available(engine: sa.Engine) -> bool:
    """Check that pgvector is installed on the server."""
    with storage_errors(NAMED), engine.connect() as connection:
        named = sa.text("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")
        return connection.execute(named).first() is not None


def create_extension(engine: sa.Engine) -> None:
    """Create the extension in its schema, which must exist."""
    with storage_errors(NAMED), engine.begin() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MAKING)))
        connection.execute(CREATE_EXTENSION)


def make(engine: sa.Engine) -> bool:
    """Create extension and table; return False if this PostgreSQL does not have pgvector."""
    if not is_available(engine):
        return False
    with storage_errors(NAMED):
        make_once(engine, schema=SCHEMA, marker_table=PASSAGES.name, make=_make)
    return True


def _make(connection: sa.Connection) -> None:
    connection.execute(CREATE_EXTENSION)
    METADATA.create_all(connection)


class PgVectorIndex:
    """A `KnowledgeIndex` in a database where `make` has run.

    `engine` comes from `open_engine` with the schema `knowledge`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def replace(self, embedder: str, passages: Sequence[Passage], places: Vectors) -> None:
        rows = [
            {
                "embedder": embedder,
                "id": passage.id,
                "title": passage.title,
                "text": passage.text,
                "source": passage.source,
                "place": place,
            }
            for passage, place in zip(passages, places, strict=True)
        ]
        with storage_errors(NAMED), self._engine.begin() as connection:
            # Without it, one of two processes that insert the same rows would fail.
            connection.execute(LOCK_TABLE)
            connection.execute(sa.delete(PASSAGES).where(PASSAGES.c.embedder == embedder))
            if rows:
                connection.execute(sa.insert(PASSAGES), rows)

    def holds(self, embedder: str) -> frozenset[Passage]:
        query = sa.select(*CONTENT).where(PASSAGES.c.embedder == embedder)
        with storage_errors(NAMED), self._engine.connect() as connection:
            return frozenset(Passage(*row) for row in connection.execute(query))

    def nearest(self, embedder: str, place: Vectors, most: int) -> Sequence[SearchResult]:
        distance = PASSAGES.c.place.cosine_distance(place)
        query = (
            sa.select(*CONTENT, (1.0 - distance).label("similarity"))
            .where(PASSAGES.c.embedder == embedder)
            .order_by(distance)
            .limit(most)
        )
        with storage_errors(NAMED), self._engine.connect() as connection:
            return [SearchResult(Passage(*row[:4]), row[4]) for row in connection.execute(query)]
