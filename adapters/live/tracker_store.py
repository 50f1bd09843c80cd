"""Where live sessions stand and what their sensors told, in a SQL database, on disk at return."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from adapters.live.group_commit import GroupCommit
from adapters.sql.columns import TEXT
from adapters.sql.engines import is_postgresql, make_once
from adapters.sql.errors import storage_errors
from adapters.sql.row_security import act
from application.kernel.ports import Clock
from application.live.chunk import SensorSample, SessionKey
from application.live.tracker import TrackerState
from domain.ids import SessionId, TenantId

METADATA = sa.MetaData()

SESSIONS = sa.Table(
    "live_session",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("session_id", TEXT, primary_key=True),
    sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, index=True),
    sa.Column("state", sa.LargeBinary, nullable=False),
)

SENSORS = sa.Table(
    "live_sensors",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("session_id", TEXT, primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("samples", sa.LargeBinary, nullable=False),
)
"""`samples` is a JSON list of `SensorSample`, those that came with the chunk of this number."""

SCHEMA: Final = "live"
"""Where these lie in PostgreSQL: apart from read models, which analysts may be let into."""
NAMED: Final = "Live sessions"
FORGOTTEN_AFTER: Final = timedelta(days=1)
"""A session lasts at most a day."""

FORGET: Final = sa.text("SELECT live.forget(:before)")
"""Revision 0008 made it: the application sees one tenant at a time, and this is for all."""

Row = dict[str, Any]

_encoder = msgspec.json.Encoder()
_samples = msgspec.json.Decoder(tuple[SensorSample, ...])


@dataclass(frozen=True)
class _Saved:
    """What is stored of a chunk, as rows."""

    state: Row
    samples: Row | None


class SqlTrackerStore:
    """A `LiveStore`, and the keeper of sensor samples for any driver. Makes its tables in SQLite.

    `write` and `read` make bytes of a state and back. For PostgreSQL, `engine` comes from
    `open_engine` with the schema `live`, and the database is an upgraded one, which shows each
    transaction one tenant. Any thread may use it. Raises StorageUnavailable.
    """

    def __init__(
        self,
        engine: sa.Engine,
        *,
        write: Callable[[TrackerState], bytes],
        read: Callable[[bytes], TrackerState],
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._write, self._read = write, read
        self._clock = clock
        self._save = GroupCommit(self._save_all)
        if not is_postgresql(engine):
            event.listen(engine, "connect", keep_on_disk)
            with storage_errors(NAMED):
                make_once(engine, schema="", known_by="", make=METADATA.create_all)
        self._forget()

    def load(self, key: SessionKey) -> TrackerState | None:
        """Give the state that was saved last."""
        wanted = sa.select(SESSIONS.c.state).where(
            SESSIONS.c.tenant_id == key.tenant_id, SESSIONS.c.session_id == key.session_id
        )
        with self._transaction(key.tenant_id) as connection:
            state = connection.execute(wanted).scalar_one_or_none()
        return None if state is None else self._read(state)

    def save(
        self, key: SessionKey, session: TrackerState, sensors: tuple[SensorSample, ...]
    ) -> None:
        """Store a state, and the samples that came with its chunk."""
        state = {**_named(key), "seen_at": self._clock(), "state": self._write(session)}
        self._save(_Saved(state, _samples_of(key, session.sequence, sensors)))

    def _save_all(self, saved: Sequence["_Saved"]) -> None:
        insert = self._insert(SESSIONS)
        newest = {name: insert.excluded[name] for name in ("seen_at", "state")}
        upsert = insert.on_conflict_do_update(
            index_elements=list(SESSIONS.primary_key), set_=newest
        )
        by_tenant: dict[TenantId, list[_Saved]] = {}
        for each in saved:
            by_tenant.setdefault(each.state["tenant_id"], []).append(each)
        with self._transaction() as connection:
            for tenant_id, theirs in sorted(by_tenant.items()):
                act(connection, tenant_id)
                connection.execute(upsert, [each.state for each in theirs])
                samples = [each.samples for each in theirs if each.samples is not None]
                self._keep(connection, samples)

    def keep(self, key: SessionKey, sequence: int, sensors: tuple[SensorSample, ...]) -> None:
        """Store the samples that came with a chunk; those of a chunk seen before stay."""
        samples = _samples_of(key, sequence, sensors)
        with self._transaction(key.tenant_id) as connection:
            self._keep(connection, [] if samples is None else [samples])

    def sensors(self, key: SessionKey) -> list[SensorSample]:
        """Give all samples of a session, in order of its chunks."""
        wanted = (
            sa.select(SENSORS.c.samples)
            .where(SENSORS.c.tenant_id == key.tenant_id, SENSORS.c.session_id == key.session_id)
            .order_by(SENSORS.c.sequence)
        )
        with self._transaction(key.tenant_id) as connection:
            stored = connection.execute(wanted).scalars().all()
        return [sample for samples in stored for sample in _samples.decode(samples)]

    def _keep(self, connection: sa.Connection, samples: list[Row]) -> None:
        if samples:
            connection.execute(self._insert(SENSORS).on_conflict_do_nothing(), samples)

    def _insert(self, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
        is_shared = is_postgresql(self._engine)
        return postgresql.insert(table) if is_shared else sqlite.insert(table)

    def _forget(self) -> None:
        """Let go of states to which nothing can come any more."""
        before = self._clock() - FORGOTTEN_AFTER
        with self._transaction() as connection:
            if is_postgresql(self._engine):
                connection.execute(FORGET, {"before": before})
            else:
                connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.seen_at < before))

    @contextmanager
    def _transaction(self, tenant_id: TenantId | None = None) -> Generator[sa.Connection]:
        """Open a transaction within a tenant; without one, whoever works in it says which."""
        with storage_errors(NAMED), self._engine.begin() as connection:
            if tenant_id is not None:
                act(connection, tenant_id)
            yield connection


def _samples_of(key: SessionKey, sequence: int, sensors: tuple[SensorSample, ...]) -> Row | None:
    if not sensors:
        return None
    return {**_named(key), "sequence": sequence, "samples": _encoder.encode(sensors)}


def _named(key: SessionKey) -> dict[str, TenantId | SessionId]:
    return {"tenant_id": key.tenant_id, "session_id": key.session_id}


def keep_on_disk(dbapi_connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Acknowledge nothing that a power cut could take back: unlike rows, it is not made anew."""
    cursor: Any = dbapi_connection.cursor()
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()
