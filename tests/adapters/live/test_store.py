"""Where live sessions stand is on disk, whatever the database is."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from adapters.live.tracker_store import SCHEMA, SqlTrackerStore
from adapters.sql.engines import open_engine
from application.live.chunk import SensorSample, SessionKey
from application.live.tracker import TrackerState, track
from domain.ids import SessionId, TenantId
from streams.codecs import decode_state, encode_state
from tests.adapters.eventlog.postgres_databases import upgraded_database
from tests.live.takes import NOW, command
from tests.plugins.services import Service

KEY = SessionKey(TenantId("gym"), SessionId("s"))
OTHERS = (SessionKey(TenantId("gym"), SessionId("t")), SessionKey(TenantId("hall"), SessionId("s")))
SAMPLES = (
    SensorSample(0.1, accelerometer=(0.0, 9.75, 0.5)),
    SensorSample(0.2, gyroscope=(0.25, 0.0, 0.0), heart_rate_bpm=92.0),
)


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


def opened(engine: Engine, clock: Callable[[], datetime] = lambda: NOW) -> SqlTrackerStore:
    return SqlTrackerStore(engine, write=encode_state, read=decode_state, clock=clock)


def after(chunks: int) -> TrackerState:
    session: TrackerState | None = None
    for sequence in range(1, chunks + 1):
        session = track(session, sequence, command("s", sequence).message).session
    assert session is not None
    return session


def test_the_newest_state_is_found_by_whoever_opens_the_store(engine: Engine) -> None:
    """R-LIV-10."""
    store = opened(engine)
    assert store.load(KEY) is None
    for chunks in (1, 9):
        store.save(KEY, after(chunks), ())
        assert opened(engine).load(KEY) == after(chunks)
    assert [store.load(other) for other in OTHERS] == [None, None]


def test_sensor_samples_are_kept_in_order_and_once(engine: Engine) -> None:
    """R-LIV-03."""
    store = opened(engine)
    store.save(KEY, after(2), SAMPLES[1:])
    for _ in range(2):
        store.keep(KEY, 1, SAMPLES[:1])
    assert store.sensors(KEY) == list(SAMPLES)
    assert [store.sensors(other) for other in OTHERS] == [[], []]


def test_a_state_is_forgotten_after_a_day_and_samples_are_not(engine: Engine) -> None:
    opened(engine).save(KEY, after(1), SAMPLES)
    opened(engine).save(OTHERS[0], after(1), ())
    next_day = NOW + timedelta(days=1, seconds=1)
    opened(engine, lambda: next_day - timedelta(hours=1)).save(OTHERS[0], after(2), ())
    later = opened(engine, lambda: next_day)
    assert later.load(KEY) is None
    assert later.load(OTHERS[0]) == after(2)
    assert later.sensors(KEY) == list(SAMPLES)


def test_what_is_acknowledged_survives_a_power_cut(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'live.sqlite3'}", schema="")
    opened(engine)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2  # FULL
    engine.dispose()
