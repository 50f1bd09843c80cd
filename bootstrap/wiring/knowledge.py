"""What Kinelog knows in words lies in PostgreSQL where that has pgvector, else in each process."""

from collections.abc import Generator
from contextlib import contextmanager

from adapters.knowledge import pgvector
from adapters.knowledge.hashing import HashingEmbedder
from adapters.knowledge.memory import MemoryIndex
from adapters.knowledge.pgvector import PgVectorIndex
from adapters.sql.engines import open_engine
from application.knowledge.passages import passages_of
from application.knowledge.search import Knowledge
from bootstrap.settings import Settings
from domain.motion.exercises.library import all_exercises

CONNECTIONS = 2


@contextmanager
def build_knowledge(settings: Settings) -> Generator[Knowledge]:
    """Open it. Raises StorageUnavailable where the database cannot be reached."""
    if settings.postgres_url is None:
        yield _in_this_process()
        return
    url = settings.postgres_url.get_secret_value()
    engine = open_engine(url, schema=pgvector.SCHEMA, connections=CONNECTIONS)
    try:
        made = pgvector.is_made(engine)
        yield Knowledge(PgVectorIndex(engine), HashingEmbedder()) if made else _in_this_process()
    finally:
        engine.dispose()


def index_knowledge(settings: Settings) -> bool:
    """Let PostgreSQL know what this version of Kinelog knows; False where it has no pgvector.

    Raises StorageUnavailable, also where the database's user may not make a schema.
    """
    if settings.postgres_url is None:
        return False
    url = settings.postgres_url.get_secret_value()
    engine = open_engine(url, schema=pgvector.SCHEMA, connections=CONNECTIONS)
    try:
        if not pgvector.make(engine):
            return False
        known = Knowledge(PgVectorIndex(engine), HashingEmbedder())
        known.learn(passages_of(all_exercises().values()))
        return True
    finally:
        engine.dispose()


def _in_this_process() -> Knowledge:
    knowledge = Knowledge(MemoryIndex(), HashingEmbedder())
    knowledge.learn(passages_of(all_exercises().values()))
    return knowledge
