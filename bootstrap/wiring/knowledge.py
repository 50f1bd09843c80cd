"""Build knowledge search: in PostgreSQL with pgvector, otherwise in the memory of each process."""

from collections.abc import Generator
from contextlib import contextmanager

from adapters.knowledge import pgvector
from adapters.knowledge.hashing import HashingEmbedder
from adapters.knowledge.memory import MemoryIndex
from adapters.knowledge.pgvector import PgVectorIndex
from adapters.sql.engines import open_engine
from application.knowledge import Knowledge, passages_of
from bootstrap.settings import Settings
from domain.motion.exercises.library import all_exercises

CONNECTIONS = 2


@contextmanager
def build_knowledge(settings: Settings) -> Generator[Knowledge]:
    """Open the search. Raises StorageUnavailable if the database cannot be reached."""
    if settings.postgres_url is None:
        yield _in_memory()
        return
    url = settings.postgres_url.get_secret_value()
    engine = open_engine(url, schema=pgvector.SCHEMA, connections=CONNECTIONS)
    try:
        has_index = pgvector.is_made(engine)
        yield Knowledge(PgVectorIndex(engine), HashingEmbedder()) if has_index else _in_memory()
    finally:
        engine.dispose()


def index_knowledge(settings: Settings) -> bool:
    """Index the passages of this version in PostgreSQL; return False if it has no pgvector.

    Raises StorageUnavailable, also if the database user may not create a schema.
    """
    if settings.postgres_url is None:
        return False
    if settings.postgres_owner_url is not None:
        _create_extension(settings.postgres_owner_url.get_secret_value())
    url = settings.postgres_url.get_secret_value()
    engine = open_engine(url, schema=pgvector.SCHEMA, connections=CONNECTIONS)
    try:
        if not pgvector.make(engine):
            return False
        knowledge = Knowledge(PgVectorIndex(engine), HashingEmbedder())
        knowledge.index_passages(passages_of(all_exercises().values()))
        return True
    finally:
        engine.dispose()


def _create_extension(owner_url: str) -> None:
    """Create pgvector if the server has it: the run-time login may not."""
    engine = open_engine(owner_url, schema=pgvector.SCHEMA, connections=1)
    try:
        if pgvector.is_available(engine):
            pgvector.create_extension(engine)
    finally:
        engine.dispose()


def _in_memory() -> Knowledge:
    knowledge = Knowledge(MemoryIndex(), HashingEmbedder())
    knowledge.index_passages(passages_of(all_exercises().values()))
    return knowledge
