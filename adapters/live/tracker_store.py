"""Tracker state store on SQL, used by the embedded composition and by RPC workers."""

from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from adapters.live.group_commit import GroupCommit
from adapters.live.sensor_store import (
    SCHEMA,
    SESSIONS,
    STATE_LIFETIME,
    Row,
    insert_samples,
    key_columns,
    make_tables,
    sample_row,
)
from adapters.sql.columns import TEXT
from adapters.sql.engines import is_postgresql, make_once
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import insert_into
from adapters.sql.row_security import act
from application.kernel.ports import Clock
from application.live.chunk import SessionKey
from application.live.tracker import TrackerState
from application.live.tracker_store import StateSave, StoredState

METADATA = sa.MetaData()

STATES = sa.Table(
    "watched_session",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("session_id", TEXT, primary_key=True),
    sa.Column("reached", sa.BigInteger, nullable=False),
    sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, index=True),
    sa.Column("state", sa.LargeBinary, nullable=False),
)
"""`state` is that after the chunks up to `reached`, of which the last ones may be rejected."""

STORE: Final = "Tracker states"
FORGET_INTERVAL: Final = timedelta(hours=1)


@dataclass(frozen=True)
class _Save:
    """The rows of one save."""

    key: SessionKey
    state: Row
    samples: Row | None


class SqlTrackerStore:
    """A `StateStore`. Makes its tables. Any thread or process may use it.

    `encode` and `decode` convert a state to bytes and back. For PostgreSQL, `engine` comes from
    `open_engine` with the schema `live`. Raises StorageUnavailable.
    """

    def __init__(
        self,
        engine: sa.Engine,
        *,
        encode: Callable[[TrackerState], bytes],
        decode: Callable[[bytes], TrackerState],
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._encode, self._decode = encode, decode
        self._clock = clock
        self._save = GroupCommit(self._write)
        self._upsert = _upsert(engine.dialect.name)
        make_tables(engine)
        with storage_errors(STORE):
            make_once(engine, schema=SCHEMA, marker_table=STATES.name, make=METADATA.create_all)
        self._forget()

    def load(self, key: SessionKey) -> StoredState | None:
        """Return the state that reached furthest."""
        query = sa.select(STATES.c.state, STATES.c.reached).where(
            STATES.c.tenant_id == key.tenant_id, STATES.c.session_id == key.session_id
        )
        with self._transaction() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return self._load_legacy(connection, key)
        return StoredState(self._decode(row.state), row.reached)

    def reached(self, keys: Collection[SessionKey]) -> Mapping[SessionKey, int]:
        """Return the sequence that each stored state has reached."""
        query = sa.select(STATES.c.tenant_id, STATES.c.session_id, STATES.c.reached).where(
            STATES.c.tenant_id.in_({key.tenant_id for key in keys}),
            STATES.c.session_id.in_([key.session_id for key in keys]),
        )
        with self._transaction() as connection:
            rows = connection.execute(query).all()
        return {SessionKey(row.tenant_id, row.session_id): row.reached for row in rows}

    def _load_legacy(self, connection: sa.Connection, key: SessionKey) -> StoredState | None:
        """Return a state that the version before this one left in SQLite."""
        if is_postgresql(self._engine):
            return None
        query = sa.select(SESSIONS.c.state).where(
            SESSIONS.c.tenant_id == key.tenant_id, SESSIONS.c.session_id == key.session_id
        )
        content = connection.execute(query).scalar_one_or_none()
        if content is None:
            return None
        state = self._decode(content)
        return StoredState(state, state.sequence)

    def save_all(self, saves: Sequence[StateSave]) -> None:
        """Store states and samples, all or none; a state that reached further stays."""
        now = self._clock()
        self._save([self._rows(save, now) for save in saves])
        if now - self._forgot_at > FORGET_INTERVAL:
            self._forget()

    def _rows(self, save: StateSave, now: datetime) -> _Save:
        state = {
            **key_columns(save.key),
            "reached": save.stored.reached,
            "seen_at": now,
            "state": self._encode(save.stored.state),
        }
        samples = sample_row(save.key, save.stored.reached, save.sensors) if save.sensors else None
        return _Save(save.key, state, samples)

    def _write(self, groups: Sequence[Sequence[_Save]]) -> None:
        """Store the saves of several threads in one transaction."""
        saves = [save for group in groups for save in group]
        with self._transaction() as connection:
            connection.execute(self._upsert, [each.state for each in saves])
            for each in saves:
                if each.samples is not None:
                    act(connection, each.key.tenant_id)
                    insert_samples(connection, [each.samples])

    def _forget(self) -> None:
        """Delete states of sessions without a chunk during STATE_LIFETIME."""
        self._forgot_at = self._clock()
        before = self._forgot_at - STATE_LIFETIME
        with self._transaction() as connection:
            connection.execute(sa.delete(STATES).where(STATES.c.seen_at < before))
            if not is_postgresql(self._engine):
                connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.seen_at < before))

    @contextmanager
    def _transaction(self) -> Generator[sa.Connection]:
        with storage_errors(STORE), self._engine.begin() as connection:
            yield connection


def _upsert(dialect: str) -> sa.Executable:
    """Return the statement that stores states, except where one that reached further is stored."""
    insert = insert_into(dialect, STATES)
    return insert.on_conflict_do_update(
        index_elements=list(STATES.primary_key),
        set_={name: insert.excluded[name] for name in ("reached", "seen_at", "state")},
        where=STATES.c.reached <= insert.excluded.reached,
    )
