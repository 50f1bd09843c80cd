"""Where sessions stand that workers are asked about, in a SQL database that all of them share."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite

from adapters.live.tracker_store import SCHEMA, keep_on_disk
from adapters.sql.columns import TEXT
from adapters.sql.engines import is_postgresql, make_once
from adapters.sql.errors import storage_errors
from application.kernel.ports import Clock
from application.live.chunk import SessionKey
from application.live.tracker import TrackerState
from application.live.worker_handlers import Watched

METADATA = sa.MetaData()

WATCHED = sa.Table(
    "watched_session",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("session_id", TEXT, primary_key=True),
    sa.Column("reached", sa.BigInteger, nullable=False),
    sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, index=True),
    sa.Column("state", sa.LargeBinary, nullable=False),
)
"""`state` is that after the chunks up to `reached`, of which the last ones may be put aside."""

NAMED: Final = "Watched sessions"
FORGOTTEN_AFTER: Final = timedelta(days=1)
"""A session lasts at most a day."""
FORGETS_EVERY: Final = timedelta(hours=1)


class SqlWatchedSessions:
    """A `WatchedSessions`. Makes its table. Any thread or process may use it.

    `write` and `read` make bytes of a state and back. For PostgreSQL, `engine` comes from
    `open_engine` with the schema `live`. Raises StorageUnavailable.
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
        if not is_postgresql(engine):
            event.listen(engine, "connect", keep_on_disk)
        with storage_errors(NAMED):
            make_once(engine, schema=SCHEMA, known_by=WATCHED.name, make=METADATA.create_all)
        self._forgot_at = clock()
        self._forget()

    def load(self, key: SessionKey) -> Watched | None:
        """Give the state that is furthest on."""
        wanted = sa.select(WATCHED.c.state, WATCHED.c.reached).where(
            WATCHED.c.tenant_id == key.tenant_id, WATCHED.c.session_id == key.session_id
        )
        with self._transaction() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else Watched(self._read(row.state), row.reached)

    def save(self, key: SessionKey, watched: Watched) -> None:
        """Store a state, unless one further on is there: a worker that was slow comes too late."""
        dialect = postgresql if is_postgresql(self._engine) else sqlite
        insert = dialect.insert(WATCHED).values(
            tenant_id=key.tenant_id,
            session_id=key.session_id,
            reached=watched.reached,
            seen_at=self._clock(),
            state=self._write(watched.session),
        )
        newest = {name: insert.excluded[name] for name in ("reached", "seen_at", "state")}
        upsert = insert.on_conflict_do_update(
            index_elements=list(WATCHED.primary_key),
            set_=newest,
            where=WATCHED.c.reached <= insert.excluded.reached,
        )
        with self._transaction() as connection:
            connection.execute(upsert)
        if self._clock() - self._forgot_at > FORGETS_EVERY:
            self._forget()

    def _forget(self) -> None:
        """Let go of states to which nothing can come any more."""
        self._forgot_at = self._clock()
        old = WATCHED.c.seen_at < self._clock() - FORGOTTEN_AFTER
        with self._transaction() as connection:
            connection.execute(sa.delete(WATCHED).where(old))

    @contextmanager
    def _transaction(self) -> Generator[sa.Connection]:
        with storage_errors(NAMED), self._engine.begin() as connection:
            yield connection
