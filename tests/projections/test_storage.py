"""Storage of read models in a database, and its failures."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from adapters.read_models.queries import SqlReadModels
from adapters.read_models.statements import upsert_document
from adapters.read_models.tables import filled_table
from adapters.sql.columns import row_columns
from application.kernel.ports import StorageUnavailable
from application.kernel.projection_runner import build_missing, catch_up
from domain.ids import DEFAULT_TENANT
from domain.kernel import Projection, Recorded, value
from domain.workouts import events as workouts
from projections.athlete_day import ATHLETE_DAY
from projections.kernel import stream_id
from projections.registry import ALL
from projections.session_summary import SESSION_SUMMARY
from tests.projections.histories import ListLog, repetition, set_started, started
from tests.projections.stores import Store, opened, sessions


@pytest.fixture
def in_file(tmp_path: Path) -> Iterator[Store]:
    with opened(Database(f"sqlite:///{tmp_path / 'read_models.db'}")) as store:
        yield store


def test_analysts_read_plain_tables_by_their_plain_name(in_file: Store, tmp_path: Path) -> None:
    """R-DAT-05: other programs read the rows."""
    sessions(in_file, 1)
    with sqlite3.connect(tmp_path / "read_models.db") as connection:
        rows = connection.execute(
            "SELECT tenant_id, key, stream, position, athlete_id, exercises, day"
            " FROM session_summary"
        ).fetchall()
    connection.close()
    assert rows == [("default", "s00", "session-s00", 2, "ada", "[]", "2030-01-01")]


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageUnavailable):
        Database(f"sqlite:///{tmp_path / 'file' / 'folder' / 'read_models.db'}")


def test_a_file_that_is_not_a_database_is_reported(tmp_path: Path) -> None:
    (tmp_path / "read_models.db").write_bytes(b"something else entirely" * 100)
    with pytest.raises(StorageUnavailable):
        Database(f"sqlite:///{tmp_path / 'read_models.db'}")


def test_a_full_disk_is_reported_and_loses_nothing(in_file: Store) -> None:
    sessions(in_file, 1)
    tables = SqlProjectionStore(in_file.database)
    for number in range(200):
        in_file.log.add(f"session-{number:05}", started(), set_started(), repetition(1))
    with in_file.database.read() as connection:
        pages_now = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages_now + 1}")
    with pytest.raises(StorageUnavailable, match="full"):
        catch_up(in_file.log, tables, ALL)
    assert in_file.read.position(SESSION_SUMMARY) == 2
    assert in_file.read.count(SESSION_SUMMARY, DEFAULT_TENANT) == 1
    with in_file.database.read() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    catch_up(in_file.log, tables, ALL)
    assert in_file.read.position(SESSION_SUMMARY) == in_file.log.head()
    assert in_file.read.count(SESSION_SUMMARY, DEFAULT_TENANT) == 201


@pytest.mark.parametrize("projection", ALL, ids=lambda projection: projection.name)
def test_tables_and_upserts_can_be_written_in_postgresql(projection: Projection[Any]) -> None:
    """R-DAT-01: text is compared by bytes there, too."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    filled = filled_table(projection, 1)
    create = str(CreateTable(filled.table).compile(dialect=dialect))
    assert 'key TEXT COLLATE "C" NOT NULL' in create
    assert "DATETIME" not in create
    assert "JSONB" in create or "JSON" not in create
    upsert = str(upsert_document(filled).compile(dialect=dialect))
    assert "ON CONFLICT (tenant_id, key) DO UPDATE SET" in upsert
    assert len(filled.table.indexes) == len(projection.indexes)
    for index in filled.table.indexes:
        assert "tenant_id" in str(CreateIndex(index).compile(dialect=dialect))


@value
class Unsuitable:
    """A row with a field that no column can store."""

    either: int | str


def test_a_field_without_a_column_is_refused() -> None:
    with pytest.raises(TypeError):
        row_columns(Unsuitable)


@value
class Measured:
    """A row with every kind of field."""

    text: str
    whole: int
    number: float
    maybe: float | None
    flag: bool
    at: datetime
    day: date
    words: tuple[str, ...]
    part: workouts.PrescribedExercise | None


def by_number(recorded: Recorded[Any]) -> tuple[str, ...]:
    return (stream_id(recorded),)


def from_event(_row: Measured | None, recorded: Recorded[Any]) -> Measured | None:
    return recorded.event  # type: ignore[no-any-return]  # the event is the row here


MEASURED = Projection("measured", 1, Measured, by_number, from_event)
instants = st.datetimes(
    min_value=datetime(1000, 1, 2),  # noqa: DTZ001  the strategy adds the zones
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001  the strategy adds the zones
    timezones=st.timezones(),
)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
numbers = st.floats(allow_nan=False, allow_infinity=False)
parts = st.builds(
    workouts.PrescribedExercise, texts, sets=st.integers(0, 9), rest_s=st.integers(0, 9)
)
measured_rows = st.builds(
    Measured,
    texts,
    st.integers(-(2**63), 2**63 - 1),
    numbers,
    st.none() | numbers,
    st.booleans(),
    instants,
    st.dates(),
    st.lists(texts).map(tuple),
    st.none() | parts,
)


def test_every_row_is_read_back_unchanged(database: Database, tables: SqlProjectionStore) -> None:
    log, read = ListLog(), SqlReadModels(database)
    build_missing(log, tables, [MEASURED])

    @settings(deadline=None, max_examples=60)
    @for_any(rows=st.lists(measured_rows, min_size=1, max_size=5))
    def are_read_back(rows: list[Measured]) -> None:
        keys = [str(log.head() + number) for number in range(len(rows))]
        for key, row in zip(keys, rows, strict=True):
            log.add(f"measured-{key}", row)
        catch_up(log, tables, [MEASURED])
        found = [read.get(MEASURED, DEFAULT_TENANT, key) for key in keys]
        # In UTC: for Python, an hour that occurs twice in a time zone equals no other zone's.
        assert found == [replace(row, at=row.at.astimezone(UTC)) for row in rows]

    are_read_back()


def test_the_tables_may_share_an_engine_that_somebody_else_set_up(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'shared.db'}")
    log = ListLog()
    log.add("session-s1", started())
    build_missing(log, SqlProjectionStore(engine), [SESSION_SUMMARY, ATHLETE_DAY])
    assert SqlReadModels(engine).count(SESSION_SUMMARY, DEFAULT_TENANT) == 1
    engine.dispose()
