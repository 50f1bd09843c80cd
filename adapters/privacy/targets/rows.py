"""Rows about a person in tables that are no read models: accounts, live sessions, jobs, figures."""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from adapters.analytics.database import Analytics
from adapters.jobs.sql import JOBS, METADATA
from adapters.live.sensor_store import SCHEMA as LIVE
from adapters.live.sensor_store import SENSORS, SESSIONS
from adapters.live.tracker_store import STATES
from adapters.read_models.queries import parts
from adapters.sql.columns import TEXT
from adapters.sql.engines import is_postgresql
from adapters.sql.errors import storage_errors
from adapters.sql.row_security import act
from adapters.users.database import IdentityDatabase
from adapters.users.tables import METADATA as IDENTITY
from adapters.users.tables import REFRESH_TOKEN, SIGN_IN
from application.kernel.ports import MediaStore
from application.privacy.subject_data import SubjectData
from domain.erasures.events import Step
from domain.ids import TenantId

RowsToDelete = tuple[sa.TableClause, sa.ColumnElement[bool]]
"""A table, and which rows of it go."""

Transaction = Callable[[TenantId], AbstractContextManager[sa.Connection]]


@dataclass(frozen=True)
class Rows:
    """Erasure target: rows of one database, deleted in order, in one transaction."""

    step: Step
    transaction: Transaction
    doomed: Callable[[SubjectData], Iterator[RowsToDelete]]

    def count(self, whose: SubjectData) -> int:
        with self.transaction(whose.tenant_id) as connection:
            return sum(
                connection.execute(
                    sa.select(sa.func.count()).select_from(table).where(which)
                ).scalar_one()
                for table, which in self.doomed(whose)
            )

    def remove(self, whose: SubjectData) -> int:
        with self.transaction(whose.tenant_id) as connection:
            return sum(
                connection.execute(sa.delete(table).where(which)).rowcount
                for table, which in self.doomed(whose)
            )


def account_rows(database: IdentityDatabase) -> Rows:
    """Sign-ins, tokens, links, digests: every row of an account that names its user.

    Keys stay: that one was destroyed is remembered with them.
    """
    return Rows("account", database.of_tenant, _of_account)


def _of_account(whose: SubjectData) -> Iterator[RowsToDelete]:
    of_user = _of(SIGN_IN, whose, user_id=whose.user_id)
    tokens = REFRESH_TOKEN.c.sign_in_id.in_(sa.select(SIGN_IN.c.id).where(of_user))
    yield REFRESH_TOKEN, _of(REFRESH_TOKEN, whose) & tokens
    for table in IDENTITY.sorted_tables:
        if "user_id" in table.columns and "tenant_id" in table.columns:
            yield table, _of(table, whose, user_id=whose.user_id)


def live_rows(engine: sa.Engine) -> Rows:
    """Where live sessions stand, here and with workers that are called; what sensors told."""

    def of_live_sessions(whose: SubjectData) -> Iterator[RowsToDelete]:
        schema = LIVE if is_postgresql(engine) else None
        called = sa.inspect(engine).has_table(STATES.name, schema)  # made by the first of those
        for table in (SESSIONS, SENSORS, *((STATES,) if called else ())):
            for some in parts(whose.sessions):
                yield table, _of(table, whose) & table.c.session_id.in_(some)

    return Rows("live", _plainly(engine, "Live sessions"), of_live_sessions)


BY_ATHLETE: Final = ("exercise_hour", "training_day", "roll_up")
BY_STREAM: Final = ("session_standing", "session_minute")


def analytics_rows(analytics: Analytics) -> Rows:
    """What analysts see by athlete. Sums of a whole tenant stay; they are not about anybody."""

    @contextmanager
    def transaction(_tenant_id: TenantId) -> Generator[sa.Connection]:
        with analytics.transaction() as connection:
            yield connection

    return Rows("analytics", transaction, _of_figures)


def _of_figures(whose: SubjectData) -> Iterator[RowsToDelete]:
    tenant, athlete = sa.column("tenant_id", TEXT), sa.column("athlete_id", TEXT)
    stream = sa.column("stream", TEXT)
    of_tenant = tenant == whose.tenant_id
    for name in BY_ATHLETE:
        yield sa.table(name), of_tenant & (athlete == whose.user_id)
    for name in BY_STREAM:
        for some in parts(whose.streams):
            yield sa.table(name), of_tenant & stream.in_(some)


@dataclass(frozen=True)
class Jobs:
    """Analyses that a person asked for: what was uploaded for them, then the jobs themselves."""

    rows: Rows
    engine: sa.Engine
    media: MediaStore
    step: Step = "jobs"

    def count(self, whose: SubjectData) -> int:
        return self.rows.count(whose)

    def remove(self, whose: SubjectData) -> int:
        wanted = sa.select(JOBS.c.id).where(_of(JOBS, whose, athlete_id=whose.user_id))
        with self.rows.transaction(whose.tenant_id) as connection:
            ids = connection.execute(wanted).scalars().all()
        files = sum(self.media.clear(whose.tenant_id, str(each)) for each in ids)
        return files + self.rows.remove(whose)


def jobs(engine: sa.Engine, media: MediaStore) -> Jobs:
    """Find jobs in a database of theirs."""
    return Jobs(Rows("jobs", _plainly(engine, "The jobs"), _of_jobs), engine, media)


def _of_jobs(whose: SubjectData) -> Iterator[RowsToDelete]:
    theirs = _of(JOBS, whose, athlete_id=whose.user_id)
    for table in METADATA.sorted_tables:
        if table is not JOBS:  # claims and attempts
            yield table, _of(table, whose) & table.c.id.in_(sa.select(JOBS.c.id).where(theirs))
    yield JOBS, theirs


def _plainly(engine: sa.Engine, named: str) -> Transaction:
    @contextmanager
    def transaction(tenant_id: TenantId) -> Generator[sa.Connection]:
        with storage_errors(named), engine.begin() as connection:
            act(connection, tenant_id)
            yield connection

    return transaction


def _of(table: sa.Table, whose: SubjectData, **values: Any) -> sa.ColumnElement[bool]:
    wanted = {"tenant_id": whose.tenant_id, **values}
    return sa.and_(*(table.c[name] == value for name, value in wanted.items()))
