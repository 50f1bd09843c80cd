"""Checkpoints are stored beside their effects, in either database."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from adapters.event_log.worker_checkpoints import METADATA, SqlPositions
from adapters.migrations import SCHEMA
from adapters.sql.engines import open_engine
from application.kernel.ports import StorageUnavailable
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.plugins.services import Service


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        with closing_engine(f"sqlite:///{tmp_path / 'positions.db'}") as opened:
            METADATA.create_all(opened)
            yield opened
        return
    server: Service = request.getfixturevalue("postgres")
    with upgraded_database(server.address) as url, closing_engine(url) as opened:
        yield opened


@contextmanager
def closing_engine(url: str) -> Generator[Engine]:
    engine = open_engine(url, schema=SCHEMA)
    yield engine
    engine.dispose()


def test_a_position_is_found_again(engine: Engine) -> None:
    SqlPositions(engine).save("workers", "facts", {0: 5, 3: 2**40})
    assert SqlPositions(engine).load("workers", "facts") == {0: 5, 3: 2**40}


def test_the_newest_position_counts(engine: Engine) -> None:
    positions = SqlPositions(engine)
    positions.save("workers", "facts", {0: 5, 1: 1})
    positions.save("workers", "facts", {0: 3})
    assert positions.load("workers", "facts") == {0: 3, 1: 1}


def test_groups_and_topics_do_not_share_positions(engine: Engine) -> None:
    positions = SqlPositions(engine)
    positions.save("workers", "facts", {0: 5})
    assert positions.load("others", "facts") == {}
    assert positions.load("workers", "cues") == {}


def test_empty_positions_are_stored(engine: Engine) -> None:
    positions = SqlPositions(engine)
    positions.save("workers", "facts", {})
    assert positions.load("workers", "facts") == {}


def test_a_database_without_the_table_is_unavailable(postgres_database: str) -> None:
    with closing_engine(postgres_database) as engine:
        positions = SqlPositions(engine)
        with pytest.raises(StorageUnavailable):
            positions.load("workers", "facts")
        with pytest.raises(StorageUnavailable):
            positions.save("workers", "facts", {0: 1})
