"""Contract of passage indexes; pgvector runs in a PostgreSQL that has it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import psycopg
import pytest
import sqlalchemy as sa
from psycopg.conninfo import make_conninfo

from adapters.knowledge import pgvector
from adapters.knowledge.hashing import HashingEmbedder
from adapters.knowledge.memory import MemoryIndex
from adapters.knowledge.pgvector import PgVectorIndex
from adapters.sql.engines import open_engine
from application.knowledge import Knowledge, KnowledgeIndex, Passage, QuestionInvalid, passages_of
from domain.motion.exercises.library import all_exercises
from tests.contracts.vectors import vector_server as server

__all__ = ["server"]

OTHER = "another-embedder"


@pytest.fixture(scope="module")
def engine(server: str) -> Iterator[sa.Engine]:
    engine = open_engine(server, schema=pgvector.SCHEMA)
    yield engine
    engine.dispose()


@pytest.fixture(params=["memory", "pgvector"])
def index(request: pytest.FixtureRequest) -> KnowledgeIndex:
    if request.param == "memory":
        return MemoryIndex()
    engine: sa.Engine = request.getfixturevalue("engine")
    assert pgvector.make(engine)
    assert pgvector.make(engine), "made twice is made once"
    fresh = PgVectorIndex(engine)
    for each in (HashingEmbedder.name, OTHER):
        fresh.replace(each, [], np.zeros((0, 1), np.float32))
    return fresh


def passage(number: int) -> Passage:
    return Passage(f"p{number}", f"Title {number}", f"Text é {number}", "me")


def places(*rows: list[float]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.array(rows, np.float32)


def test_the_nearest_passages_come_first(index: KnowledgeIndex) -> None:
    """R-DAT-11, C-36"""
    kept = [passage(1), passage(2), passage(3)]
    index.replace("e", kept, places([1.0, 0.0], [0.0, 1.0], [0.6, 0.8]))
    found = index.nearest("e", np.array([0.8, 0.6], np.float32), 2)
    assert [each.passage for each in found] == [passage(3), passage(1)]
    assert [each.similarity for each in found] == pytest.approx([0.96, 0.8], abs=1e-6)


def test_new_knowledge_replaces_the_old(index: KnowledgeIndex) -> None:
    """R-DAT-11"""
    index.replace("e", [passage(1), passage(2)], places([1.0, 0.0], [0.0, 1.0]))
    index.replace("e", [passage(2)], places([0.0, 1.0]))
    assert index.holds("e") == {passage(2)}
    assert len(index.nearest("e", np.array([1.0, 0.0], np.float32), 5)) == 1


def at_once(call: Callable[[], object]) -> None:
    """Make four calls at the same time; raise what one raises."""
    together = Barrier(4)

    def wait_and_call() -> None:
        together.wait()
        call()

    with ThreadPoolExecutor(4) as threads:
        for each in [threads.submit(wait_and_call) for _ in range(4)]:
            each.result()


def test_several_who_index_the_same_knowledge_at_once_succeed(index: KnowledgeIndex) -> None:
    """R-DAT-11: as two upgrades of a new database do."""
    kept = [passage(number) for number in range(200)]
    at_once(lambda: index.replace("e", kept, places(*[[1.0, 0.0]] * len(kept))))
    assert index.holds("e") == set(kept)
    index.replace("e", [], np.zeros((0, 2), np.float32))


def test_several_who_create_the_extension_at_once_succeed(server: str) -> None:
    """R-DAT-11: as the owners of the log do in two upgrades of a new database."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE knowledge_new")
    url = make_conninfo(server, dbname="knowledge_new")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE SCHEMA knowledge")
    engine = open_engine(url, schema=pgvector.SCHEMA)
    try:
        at_once(lambda: pgvector.create_extension(engine))
        assert pgvector.make(engine)
    finally:
        engine.dispose()


def test_places_of_two_embedders_never_meet(index: KnowledgeIndex) -> None:
    index.replace("e", [passage(1)], places([1.0, 0.0]))
    index.replace(OTHER, [passage(2)], places([1.0, 0.0, 0.0]))
    assert [each.passage for each in index.nearest("e", np.array([1.0, 0.0], np.float32), 5)] == [
        passage(1)
    ]
    assert index.holds(OTHER) == {passage(2)}
    index.replace(OTHER, [], np.zeros((0, 3), np.float32))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How deep should I squat?", "squat/range_of_motion"),
        ("my knees cave in when squatting", "squat/knees_caving_in"),
        ("How many calories does a push-up burn?", "push_up/energy"),
        ("swinging during curls", "biceps_curl/swinging"),
        ("Where do I put the camera for deadlifts?", "deadlift/camera"),
        ("How fast should I lower the bench press?", "bench_press/tempo"),
        ("hips sag in plank", "plank/hips_sagging"),
        ("heels come up", "squat/heels_rising"),
        ("lunges knee over toes", "lunge/knee_over_toe"),
    ],
)
def test_questions_about_exercises_are_answered(
    index: KnowledgeIndex, question: str, answer: str
) -> None:
    """R-DAT-11, C-36: both indexes give the same answers, without a network."""
    knowledge = Knowledge(index, HashingEmbedder())
    knowledge.index_passages(passages_of(all_exercises().values()))
    assert not knowledge.index_passages(passages_of(all_exercises().values())), "known already"
    assert knowledge.search(question)[0].passage.id == answer


@pytest.mark.parametrize("question", ["weather in Paris", "??? !!!", "the of and"])
def test_unknown_questions_have_no_answer(index: KnowledgeIndex, question: str) -> None:
    """R-DAT-11"""
    knowledge = Knowledge(index, HashingEmbedder())
    knowledge.index_passages(passages_of(all_exercises().values()))
    assert knowledge.search(question) == []


@pytest.mark.parametrize(
    ("question", "most"), [("", 5), ("  ", 5), ("x" * 501, 5), ("x", 0), ("x", 21)]
)
def test_a_malformed_question_is_refused(question: str, most: int) -> None:
    with pytest.raises(QuestionInvalid):
        Knowledge(MemoryIndex(), HashingEmbedder()).search(question, most)


def test_the_embedding_of_a_text_has_unit_length() -> None:
    """C-36: the same on every machine."""
    embedder = HashingEmbedder()
    one, again, nothing = embedder.embed(["Chest up", "Chest up", "the"])
    assert np.array_equal(one, again)
    assert float(np.linalg.norm(one)) == pytest.approx(1.0)
    assert not nothing.any()
    assert (
        np.flatnonzero(one)[:5].tolist()
        == np.flatnonzero(embedder.embed(["chest UP"])[0])[:5].tolist()
    )
