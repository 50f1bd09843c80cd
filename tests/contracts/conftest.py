"""Event logs and stores of read models under one contract. A new event log joins `log`."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.clock import new_id
from adapters.encryption.envelope import EnvelopeCipher
from adapters.encryption.key_file import KeyFileKms
from adapters.encryption.subject_keys import SqlSubjectKeyStore
from adapters.event_log.memory import MemoryEventLog
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.sqlite import SqliteEventLog
from adapters.jobs.sql import SCHEMA
from adapters.sql.engines import open_engine
from adapters.users.database import IdentityDatabase
from application.kernel.ports import Clock, EventLog
from tests.adapters.event_log.postgres_databases import empty, upgraded_database
from tests.plugins.services import Service
from tests.projections.stores import NewDatabase, Store, new_databases, opened

AT = datetime(2030, 1, 1, 7, 30, 0, 123457, tzinfo=UTC)


class AdjustableClock:
    """Clock that shows the time a test sets."""

    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> AdjustableClock:
    return AdjustableClock()


@pytest.fixture
def memory(clock: Clock) -> EventLog:
    return MemoryEventLog(clock=clock, new_id=new_id)


@pytest.fixture
def sqlite(tmp_path: Path, clock: Clock) -> Iterator[EventLog]:
    log = SqliteEventLog(tmp_path / "log.sqlite", clock=clock, new_id=new_id)
    yield log
    log.close()


@pytest.fixture(scope="module")
def database(postgres: Service) -> Iterator[str]:
    with upgraded_database(postgres.address) as url:
        yield url


@pytest.fixture
def postgresql(database: str, clock: Clock) -> Iterator[EventLog]:
    empty(database)
    log = PostgresEventLog(database, clock=clock, new_id=new_id)
    yield log
    log.close()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def log(request: pytest.FixtureRequest) -> EventLog:
    opened: EventLog = request.getfixturevalue(request.param)
    return opened


@pytest.fixture
def cipher(tmp_path: Path) -> Iterator[EnvelopeCipher]:
    with closing(IdentityDatabase(f"sqlite:///{tmp_path / 'keys.sqlite3'}")) as database:
        kms = KeyFileKms(tmp_path / "master.key")
        yield EnvelopeCipher(SqlSubjectKeyStore(database), kms, cache_ttl_s=0.0)


@pytest.fixture(params=["sqlite", "postgresql"])
def jobs_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """Open an empty database for the tables of the schema `jobs`."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'tables.db'}", schema=SCHEMA)
    else:
        engine = open_engine(request.getfixturevalue("postgres_database"), schema=SCHEMA)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest) -> Iterator[NewDatabase]:
    with new_databases(request.param, request, with_tables=True) as new:
        yield new


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    with opened(new_database()) as store:
        yield store
