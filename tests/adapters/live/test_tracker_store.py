"""Tracker states and sensor samples are stored on disk, in each database."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine, text

from adapters.live.sensor_store import METADATA, SCHEMA, STATE_LIFETIME, SqlSensorStore
from adapters.live.tracker_store import SqlTrackerStore
from adapters.privacy.targets.rows import live_rows
from adapters.sql.engines import open_engine
from application.live.chunk import SensorSample, SessionKey
from application.live.tracker import TrackerState, track
from application.live.tracker_store import StateSave, StoredState
from application.privacy.subject_data import SubjectData
from domain.ids import SessionId, TenantId, UserId
from streams.codecs import decode_state, encode_state
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.golden.worker_examples import keeps
from tests.live.chunks import NOW, command, cut, video
from tests.plugins.services import Service

KEY = SessionKey(TenantId("gym"), SessionId("s"))
OTHERS = (SessionKey(TenantId("gym"), SessionId("t")), SessionKey(TenantId("hall"), SessionId("s")))
SAMPLES = (
    SensorSample(0.1, accelerometer=(0.0, 9.75, 0.5)),
    SensorSample(0.2, gyroscope=(0.25, 0.0, 0.0), heart_rate_bpm=92.0),
)


PREVIOUS_SCHEMA = """
CREATE TABLE live_session (
    tenant_id TEXT NOT NULL, session_id TEXT NOT NULL, seen_at DATETIME NOT NULL,
    state BLOB NOT NULL, PRIMARY KEY (tenant_id, session_id)
);
CREATE INDEX ix_live_session_seen_at ON live_session (seen_at);
CREATE TABLE live_sensors (
    tenant_id TEXT NOT NULL, session_id TEXT NOT NULL, sequence INTEGER NOT NULL,
    samples BLOB NOT NULL, PRIMARY KEY (tenant_id, session_id, sequence)
);
"""
"""Schema of `live.sqlite3` in the previous version, which stored no states in PostgreSQL."""
PREVIOUS_CHUNKS = 9
PREVIOUS_STATE = Path(__file__).with_name("previous_version_state.msgpack").read_bytes()
"""State after part of the video with images, as the previous version wrote it."""
PREVIOUS_ROW = ("gym", "s", "2030-01-31 07:30:00.000000", PREVIOUS_STATE)
PREVIOUS_SAMPLES = (
    "gym", "s", PREVIOUS_CHUNKS,
    b'[{"time_s":0.1,"accelerometer":[0.0,9.75,0.5],"gyroscope":null,"heart_rate_bpm":null}]',
)  # fmt: skip


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


def open_store(engine: Engine, clock: Callable[[], datetime] = lambda: NOW) -> SqlTrackerStore:
    return SqlTrackerStore(engine, encode=encode_state, decode=decode_state, clock=clock)


def open_sensors(engine: Engine) -> SqlSensorStore:
    return SqlSensorStore(engine, clock=lambda: NOW)


def after(chunks: int) -> TrackerState:
    state: TrackerState | None = None
    for sequence in range(1, chunks + 1):
        state = track(state, sequence, command("s", sequence).message).session
    assert state is not None
    return state


def stored(chunks: int) -> StoredState:
    return StoredState(after(chunks), chunks)


def test_every_process_finds_the_newest_state(engine: Engine) -> None:
    """R-LIV-10."""
    store, another = open_store(engine), open_store(engine)
    assert store.load(KEY) is None
    for chunks in (1, 3, 9):
        store.save_all([StateSave(KEY, stored(chunks))])
        assert another.load(KEY) == stored(chunks)
        assert open_store(engine).load(KEY) == stored(chunks)
    assert [store.load(other) for other in OTHERS] == [None, None]
    store.save_all([StateSave(OTHERS[1], StoredState(after(2), 3))])
    reached = another.reached([KEY, *OTHERS])
    assert [reached.get(key) for key in (KEY, *OTHERS)] == [9, None, 3]


def test_a_slow_worker_does_not_replace_a_newer_state(engine: Engine) -> None:
    """R-LIV-10."""
    store, another = open_store(engine), open_store(engine)
    store.save_all([StateSave(KEY, stored(3))])
    another.save_all([StateSave(KEY, stored(2))])
    assert store.load(KEY) == stored(3)


def test_a_rejected_chunk_keeps_the_state_and_may_be_processed_later(engine: Engine) -> None:
    store = open_store(engine)
    store.save_all([StateSave(KEY, stored(2))])
    store.save_all([StateSave(KEY, StoredState(after(2), 3))])
    assert store.load(KEY) == StoredState(after(2), 3)
    store.save_all([StateSave(KEY, stored(3))])
    assert store.load(KEY) == stored(3)


def test_a_session_continues_from_the_file_of_the_previous_version(tmp_path: Path) -> None:
    """R-LIV-10: an upgrade during a set does not change its count."""
    file = tmp_path / "live.sqlite3"
    with closing(sqlite3.connect(file)) as old:
        old.executescript(PREVIOUS_SCHEMA)
        old.execute("INSERT INTO live_session VALUES (?, ?, ?, ?)", PREVIOUS_ROW)
        old.execute("INSERT INTO live_sensors VALUES (?, ?, ?, ?)", PREVIOUS_SAMPLES)
        old.commit()
    engine = open_engine(f"sqlite:///{file}", schema="")
    previous = open_store(engine).load(KEY)
    assert previous is not None
    assert previous.reached == PREVIOUS_CHUNKS
    given, read = map(msgspec.msgpack.decode, (PREVIOUS_STATE, encode_state(previous.state)))
    assert keeps(given, read[: len(given)])  # new fields are last
    assert open_sensors(engine).sensors(KEY) == list(SAMPLES[:1])
    state, parts = previous.state, list(cut(video()))
    for place, part in enumerate(parts[PREVIOUS_CHUNKS:], PREVIOUS_CHUNKS + 1):
        state = track(state, place, command("s", place, part).message).session
        open_store(engine).save_all([StateSave(KEY, StoredState(state, place))])
    assert state.feedback.repetitions == 4
    assert open_store(engine).load(KEY) == StoredState(state, len(parts))
    engine.dispose()


def test_sensor_samples_are_kept_in_order_and_once(engine: Engine) -> None:
    """R-LIV-03."""
    store, sensors = open_store(engine), open_sensors(engine)
    store.save_all([StateSave(KEY, stored(2), SAMPLES[1:])])
    for _ in range(2):
        sensors.keep(KEY, 1, SAMPLES[:1])
    assert sensors.sensors(KEY) == list(SAMPLES)
    assert [sensors.sensors(other) for other in OTHERS] == [[], []]


def test_a_device_that_was_offline_for_weeks_goes_on_in_its_set(engine: Engine) -> None:
    """R-LIV-10."""
    open_store(engine).save_all([StateSave(KEY, stored(9))])
    assert open_store(engine, lambda: NOW + timedelta(days=28)).load(KEY) == stored(9)


def test_a_state_expires_and_samples_do_not(engine: Engine) -> None:
    open_store(engine).save_all([StateSave(KEY, stored(1), SAMPLES)])
    open_store(engine).save_all([StateSave(OTHERS[0], stored(1))])
    expired = NOW + STATE_LIFETIME + timedelta(seconds=1)
    open_store(engine, lambda: expired - timedelta(hours=1)).save_all(
        [StateSave(OTHERS[0], stored(2))]
    )
    later = open_store(engine, lambda: expired)
    assert later.load(KEY) is None
    assert later.load(OTHERS[0]) == stored(2)
    assert open_sensors(engine).sensors(KEY) == list(SAMPLES)


def test_a_long_running_process_deletes_expired_states(engine: Engine) -> None:
    now = [NOW]
    store = open_store(engine, lambda: now[0])
    store.save_all([StateSave(KEY, stored(1))])
    now[0] += STATE_LIFETIME + timedelta(seconds=1)
    store.save_all([StateSave(OTHERS[0], stored(1))])
    assert store.load(KEY) is None
    assert store.load(OTHERS[0]) is not None


def test_an_erasure_removes_the_states_of_the_person(engine: Engine) -> None:
    """R-TEN-12, C-24: also where no state was ever stored; other users keep theirs."""
    whose = SubjectData(KEY.tenant_id, UserId("ada"), (KEY.session_id,), (), ())
    if engine.dialect.name == "sqlite":  # PostgreSQL's tables are created by migrations
        METADATA.create_all(engine)
    rows = live_rows(engine)
    assert rows.count(whose) == 0
    store = open_store(engine)
    for key in (KEY, *OTHERS):
        store.save_all([StateSave(key, stored(1))])
    assert (rows.count(whose), rows.remove(whose), rows.count(whose)) == (1, 1, 0)
    assert [store.load(key) is None for key in (KEY, *OTHERS)] == [True, False, False]


def test_acknowledged_chunks_survive_a_power_cut(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'live.sqlite3'}", schema="")
    open_store(engine)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2  # FULL
    engine.dispose()
