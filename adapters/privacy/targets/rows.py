"""Erasure targets on SQL besides read models: accounts, live sessions, jobs, analytics."""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from adapters.analytics.database import Analytics
from adapters.analytics.windows import erase_sessions
from adapters.health.deliveries import DELIVERY
from adapters.health.links import LINK
from adapters.health.writes import WRITE
from adapters.jobs.content import CONTENT_JOBS
from adapters.jobs.health_imports import HEALTH_IMPORTS
from adapters.jobs.pending_uploads import PENDING_UPLOADS
from adapters.jobs.recording_videos import VIDEO_JOBS
from adapters.jobs.sql import JOBS
from adapters.live.sensor_store import SCHEMA as LIVE
from adapters.live.sensor_store import SENSORS, SESSIONS
from adapters.live.tracker_store import STATES
from adapters.read_models.queries import parts
from adapters.sql.columns import TEXT
from adapters.sql.engines import is_postgresql
from adapters.sql.row_security import tenant_transaction
from adapters.users.database import IdentityDatabase
from adapters.users.tables import METADATA as IDENTITY
from adapters.users.tables import REFRESH_TOKEN, SIGN_IN
from application.health.imports import import_prefix
from application.kernel.ports import MediaStore
from application.privacy.subject_data import SubjectData
from domain.erasures.events import Step
from domain.ids import TenantId
from domain.sessions.session import SESSION

RowsToDelete = tuple[sa.TableClause, sa.ColumnElement[bool]]
"""A table, and a filter of its rows."""

Transaction = Callable[[TenantId], AbstractContextManager[sa.Connection]]


@dataclass(frozen=True)
class Rows:
    """Erasure target: rows of one database, deleted in order, in one transaction."""

    step: Step
    transaction: Transaction
    rows_to_delete: Callable[[SubjectData], Iterator[RowsToDelete]]

    def count(self, subject: SubjectData) -> int:
        with self.transaction(subject.tenant_id) as connection:
            return sum(
                connection.execute(
                    sa.select(sa.func.count()).select_from(table).where(which)
                ).scalar_one()
                for table, which in self.rows_to_delete(subject)
            )

    def remove(self, subject: SubjectData) -> int:
        with self.transaction(subject.tenant_id) as connection:
            return sum(
                connection.execute(sa.delete(table).where(which)).rowcount
                for table, which in self.rows_to_delete(subject)
            )


def account_rows(database: IdentityDatabase) -> Rows:
    """Sign-ins, tokens, links, digests: every row of an account that names its user.

    Keys stay: that one was destroyed is remembered with them.
    """
    return Rows("account", database.of_tenant, _of_account)


def _of_account(subject: SubjectData) -> Iterator[RowsToDelete]:
    of_user = _of(SIGN_IN, subject, user_id=subject.user_id)
    tokens = REFRESH_TOKEN.c.sign_in_id.in_(sa.select(SIGN_IN.c.id).where(of_user))
    yield REFRESH_TOKEN, _of(REFRESH_TOKEN, subject) & tokens
    for table in IDENTITY.sorted_tables:
        if "user_id" in table.columns and "tenant_id" in table.columns:
            yield table, _of(table, subject, user_id=subject.user_id)


def live_rows(engine: sa.Engine) -> Rows:
    """Return the target for live sessions, with their tracker state and sensor data."""

    def of_live_sessions(subject: SubjectData) -> Iterator[RowsToDelete]:
        schema = LIVE if is_postgresql(engine) else None
        # Created by the first RPC worker.
        has_states = sa.inspect(engine).has_table(STATES.name, schema)
        for table in (SESSIONS, SENSORS, *((STATES,) if has_states else ())):
            for ids in parts(subject.sessions):
                yield table, _of(table, subject) & table.c.session_id.in_(ids)

    return Rows("live", _transaction(engine, "Live sessions"), of_live_sessions)


BY_ATHLETE: Final = ("exercise_hour", "training_day", "roll_up")


@dataclass(frozen=True)
class AnalyticsRows:
    """Erasure target: analytics by athlete. Totals of a tenant stay.

    That a session was erased stays, too, so that it is not counted when its events are sent again.
    """

    rows: Rows
    analytics: Analytics
    step: Step = "analytics"

    def count(self, subject: SubjectData) -> int:
        return self.rows.count(subject)

    def remove(self, subject: SubjectData) -> int:
        removed = self.rows.count(subject)
        streams = [f"{SESSION.category}-{each}" for each in subject.sessions]
        erase_sessions(self.analytics, subject.tenant_id, streams)
        self.rows.remove(subject)
        return removed


def analytics_rows(analytics: Analytics) -> AnalyticsRows:
    """Return the target for analytics by athlete."""

    @contextmanager
    def transaction(_tenant_id: TenantId) -> Generator[sa.Connection]:
        with analytics.transaction() as connection:
            yield connection

    return AnalyticsRows(Rows("analytics", transaction, _of_analytics), analytics)


def _of_analytics(subject: SubjectData) -> Iterator[RowsToDelete]:
    tenant, athlete = sa.column("tenant_id", TEXT), sa.column("athlete_id", TEXT)
    stream = sa.column("stream", TEXT)
    of_tenant = tenant == subject.tenant_id
    for name in BY_ATHLETE:
        yield sa.table(name), of_tenant & (athlete == subject.user_id)
    is_erased = sa.column("standing", JSONB).contains({"is_erased": True})
    for ids in parts(subject.streams):
        yield sa.table("session_standing"), of_tenant & stream.in_(ids) & ~is_erased
        yield sa.table("session_minute"), of_tenant & stream.in_(ids)


@dataclass(frozen=True)
class Jobs:
    """Erasure target: uploads of a person's analyses and imports, then these jobs."""

    rows: Rows
    engine: sa.Engine
    media: MediaStore
    step: Step = "jobs"

    def count(self, subject: SubjectData) -> int:
        return self.rows.count(subject)

    def remove(self, subject: SubjectData) -> int:
        analyses = sa.select(JOBS.c.id).where(_of(JOBS, subject, athlete_id=subject.user_id))
        imports = sa.select(HEALTH_IMPORTS.c.id).where(
            _of(HEALTH_IMPORTS, subject, user_id=subject.user_id)
        )
        pending = sa.select(PENDING_UPLOADS.c.prefix).where(
            _of(PENDING_UPLOADS, subject, user_id=subject.user_id)
        )
        with self.rows.transaction(subject.tenant_id) as connection:
            prefixes = [str(each) for each in connection.execute(analyses).scalars()]
            prefixes += map(import_prefix, connection.execute(imports).scalars())
            prefixes += connection.execute(pending).scalars()
        files = sum(self.media.clear(subject.tenant_id, each) for each in prefixes)
        return files + self.rows.remove(subject)


def jobs(engine: sa.Engine, media: MediaStore) -> Jobs:
    """Return the target for the jobs of a person."""
    return Jobs(Rows("jobs", _transaction(engine, "The jobs"), _of_jobs), engine, media)


def _of_jobs(subject: SubjectData) -> Iterator[RowsToDelete]:
    yield JOBS, _of(JOBS, subject, athlete_id=subject.user_id)
    yield CONTENT_JOBS, _of(CONTENT_JOBS, subject, trainer_id=subject.user_id)
    yield VIDEO_JOBS, _of(VIDEO_JOBS, subject, user_id=subject.user_id)
    yield HEALTH_IMPORTS, _of(HEALTH_IMPORTS, subject, user_id=subject.user_id)
    for table in (PENDING_UPLOADS, LINK, WRITE, DELIVERY):
        yield table, _of(table, subject, user_id=subject.user_id)


def _transaction(engine: sa.Engine, name: str) -> Transaction:
    return lambda tenant_id: tenant_transaction(engine, tenant_id, name)


def _of(table: sa.Table, subject: SubjectData, **values: Any) -> sa.ColumnElement[bool]:
    wanted = {"tenant_id": subject.tenant_id, **values}
    return sa.and_(*(table.c[name] == value for name, value in wanted.items()))
