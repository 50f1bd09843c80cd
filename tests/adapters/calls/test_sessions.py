"""Where sessions stand is shared by all workers that are asked, and never goes back."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from adapters.live.tracker_store import METADATA as LIVE
from adapters.live.tracker_store import SCHEMA
from adapters.live.worker_sessions import FORGOTTEN_AFTER, SqlWatchedSessions
from adapters.privacy.targets.rows import live_rows
from adapters.sql.engines import open_engine
from application.live.chunk import SessionKey
from application.live.tracker import TrackerState, track
from application.live.worker_handlers import Watched
from application.privacy.subject_data import SubjectData
from domain.ids import SessionId, TenantId, UserId
from streams.codecs import decode_state, encode_state
from tests.adapters.eventlog.postgres_databases import upgraded_database
from tests.live.takes import NOW, command
from tests.plugins.services import Service

KEY = SessionKey(TenantId("gym"), SessionId("s"))
OTHERS = (SessionKey(TenantId("gym"), SessionId("t")), SessionKey(TenantId("hall"), SessionId("s")))


@pytest.fixture
def upgraded(postgres: Service) -> Iterator[str]:
    with upgraded_database(postgres.address) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'live.sqlite3'}", schema="")
    else:
        engine = open_engine(request.getfixturevalue("upgraded"), schema=SCHEMA)
    yield engine
    engine.dispose()


def opened(engine: Engine, clock: Callable[[], datetime] = lambda: NOW) -> SqlWatchedSessions:
    return SqlWatchedSessions(engine, write=encode_state, read=decode_state, clock=clock)


def after(chunks: int) -> TrackerState:
    session: TrackerState | None = None
    for sequence in range(1, chunks + 1):
        session = track(session, sequence, command("s", sequence).message).session
    assert session is not None
    return session


def test_the_state_that_is_furthest_on_is_found_by_every_worker(engine: Engine) -> None:
    """R-LIV-10."""
    store, another = opened(engine), opened(engine)
    assert store.load(KEY) is None
    for chunks in (1, 3):
        store.save(KEY, Watched(after(chunks), chunks))
        assert another.load(KEY) == Watched(after(chunks), chunks)
    another.save(KEY, Watched(after(2), 2))  # a worker that was slow
    assert store.load(KEY) == Watched(after(3), 3)
    assert [store.load(other) for other in OTHERS] == [None, None]


def test_a_chunk_that_was_put_aside_leaves_the_state_and_may_be_worked_later(
    engine: Engine,
) -> None:
    store = opened(engine)
    store.save(KEY, Watched(after(2), 2))
    store.save(KEY, Watched(after(2), 3))
    assert store.load(KEY) == Watched(after(2), 3)
    store.save(KEY, Watched(after(3), 3))
    assert store.load(KEY) == Watched(after(3), 3)


def test_states_to_which_nothing_can_come_are_forgotten(engine: Engine) -> None:
    opened(engine).save(KEY, Watched(after(1), 1))
    later = NOW + FORGOTTEN_AFTER + timedelta(seconds=1)
    assert opened(engine, lambda: later).load(KEY) is None


def test_a_worker_that_runs_for_days_forgets_them_too(engine: Engine) -> None:
    now = [NOW]
    store = opened(engine, lambda: now[0])
    store.save(KEY, Watched(after(1), 1))
    now[0] += FORGOTTEN_AFTER + timedelta(seconds=1)
    store.save(OTHERS[0], Watched(after(1), 1))
    assert store.load(KEY) is None
    assert store.load(OTHERS[0]) is not None


def test_an_erasure_removes_where_sessions_of_the_person_stand(engine: Engine) -> None:
    """R-TEN-12, C-24: also where no worker was ever called, and nobody else's."""
    whose = SubjectData(KEY.tenant_id, UserId("ada"), (KEY.session_id,), (), ())
    if engine.dialect.name == "sqlite":  # PostgreSQL's are made by migrations
        LIVE.create_all(engine)
    rows = live_rows(engine)
    assert rows.count(whose) == 0
    store = opened(engine)
    for key in (KEY, *OTHERS):
        store.save(key, Watched(after(1), 1))
    assert (rows.count(whose), rows.remove(whose), rows.count(whose)) == (1, 1, 0)
    assert [store.load(key) is None for key in (KEY, *OTHERS)] == [True, False, False]
