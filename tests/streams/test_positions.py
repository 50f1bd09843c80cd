"""Positions lie beside the effects, in either database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from adapters.faust.positions import SqlPositions
from application.ports import StorageUnavailable


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'positions.db'}"
    else:
        given = request.getfixturevalue("postgres_database")
        url = given.replace("postgresql:", "postgresql+psycopg:", 1)
    engine = create_engine(url)
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


def test_nothing_to_keep_is_kept(engine: Engine) -> None:
    positions = SqlPositions(engine)
    positions.save("workers", "facts", {})
    assert positions.load("workers", "facts") == {}


def test_a_database_that_is_gone_is_unavailable(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'positions.db'}")
    positions = SqlPositions(engine)
    engine.dispose()
    (tmp_path / "positions.db").unlink()
    with pytest.raises(StorageUnavailable):
        positions.load("workers", "facts")
    with pytest.raises(StorageUnavailable):
        positions.save("workers", "facts", {0: 1})
    engine.dispose()
