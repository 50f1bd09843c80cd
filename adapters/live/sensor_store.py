"""Sensor store on SQL: the samples of phones and watches, by chunk."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from adapters.sql.columns import TEXT
from adapters.sql.engines import is_postgresql, make_once
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import insert_into
from adapters.sql.row_security import act
from application.kernel.ports import Clock
from application.live.chunk import SensorSample, SessionKey
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
"""Tracker states of the version before this one. Read, and no longer written."""

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
"""The schema in PostgreSQL: apart from read models, which analysts may read."""
STORE: Final = "Live sessions"
STATE_LIFETIME: Final = timedelta(days=30)
"""How long the state of a session is kept after its last chunk. A device may be offline for weeks
during a set, and without the state, its next chunks are refused."""

FORGET: Final = sa.text("SELECT live.forget(:before)")
"""Revision 0008 made it: the application sees one tenant at a time, and this is for all."""

Row = dict[str, Any]

_encoder = msgspec.json.Encoder()
_samples = msgspec.json.Decoder(tuple[SensorSample, ...])


class SqlSensorStore:
    """A `SensorStore`. Makes its tables in SQLite. Any thread may use it.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `live`, and the database is
    an upgraded one, whose row-level security shows each transaction one tenant. Raises
    StorageUnavailable.
    """

    def __init__(self, engine: sa.Engine, *, clock: Clock) -> None:
        self._engine = engine
        make_tables(engine)
        if is_postgresql(engine):
            with self._transaction() as connection:
                connection.execute(FORGET, {"before": clock() - STATE_LIFETIME})

    def keep(self, key: SessionKey, sequence: int, sensors: tuple[SensorSample, ...]) -> None:
        """Store the samples that came with a chunk; those of a duplicate are ignored."""
        with self._transaction(key.tenant_id) as connection:
            insert_samples(connection, [sample_row(key, sequence, sensors)] if sensors else [])

    def sensors(self, key: SessionKey) -> list[SensorSample]:
        """Return all samples of a session, in order of its chunks."""
        query = (
            sa.select(SENSORS.c.samples)
            .where(SENSORS.c.tenant_id == key.tenant_id, SENSORS.c.session_id == key.session_id)
            .order_by(SENSORS.c.sequence)
        )
        with self._transaction(key.tenant_id) as connection:
            stored = connection.execute(query).scalars().all()
        return [sample for samples in stored for sample in _samples.decode(samples)]

    @contextmanager
    def _transaction(self, tenant_id: TenantId | None = None) -> Generator[sa.Connection]:
        with storage_errors(STORE), self._engine.begin() as connection:
            if tenant_id is not None:
                act(connection, tenant_id)
            yield connection


def make_tables(engine: sa.Engine) -> None:
    """Make the tables in SQLite; in PostgreSQL, migrations make them."""
    if not is_postgresql(engine):
        event.listen(engine, "connect", sync_fully)
        with storage_errors(STORE):
            make_once(engine, schema="", marker_table="", make=METADATA.create_all)


def insert_samples(connection: sa.Connection, rows: list[Row]) -> None:
    """Insert samples; those that are stored already stay."""
    if rows:
        insert = insert_into(connection.dialect.name, SENSORS)
        connection.execute(insert.on_conflict_do_nothing(), rows)


def sample_row(key: SessionKey, sequence: int, sensors: tuple[SensorSample, ...]) -> Row:
    """Return the row of a chunk's samples."""
    return {**key_columns(key), "sequence": sequence, "samples": _encoder.encode(sensors)}


def key_columns(key: SessionKey) -> dict[str, TenantId | SessionId]:
    """Return the columns that identify a session."""
    return {"tenant_id": key.tenant_id, "session_id": key.session_id}


def sync_fully(dbapi_connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Make SQLite sync each commit: a power cut must not undo what was acknowledged."""
    cursor: Any = dbapi_connection.cursor()
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()
