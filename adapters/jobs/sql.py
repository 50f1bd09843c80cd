"""Job queue on SQL, so that unfinished jobs survive a restart."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from adapters.jobs.leased_rows import UNFINISHED, LeasedRows, lease_columns
from adapters.sql.columns import TEXT
from adapters.sql.engines import add_missing_columns, is_postgresql, make_once
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import add_once
from adapters.sql.row_security import tenant_transaction
from application.analysis.jobs import AnalysisJob
from application.analysis.quotas import DAY, Usage
from domain.ids import TenantId, UserId

METADATA: Final = sa.MetaData()

JOBS: Final = sa.Table(
    "analysis_job",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("athlete_id", TEXT, nullable=False),
    sa.Column("exercise", TEXT),
    sa.Column("name", TEXT, nullable=False),
    sa.Column("video", TEXT, nullable=False),
    sa.Column("correlation_id", sa.Uuid, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("progress", sa.Float, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("session_id", TEXT),
    sa.Column("problem_code", TEXT),
    sa.Column("problem_detail", TEXT),
    sa.Column("alternatives", TEXT),
    sa.Column("size", sa.BigInteger, nullable=False, server_default="0"),
    *lease_columns(),
    sa.Index("analysis_job_turn", "tenant_id", "turn"),
    sa.Index("analysis_job_athlete_turn", "tenant_id", "athlete_id", "turn"),
    sa.Index("analysis_job_day", "tenant_id", "created_at"),
)

FIELDS: Final = [JOBS.c[field.name] for field in fields(AnalysisJob)]

ONE_AT_A_TIME: Final = sa.text("SELECT pg_advisory_xact_lock(hashtext('jobs ' || :tenant))")
"""Until the end of the transaction, no other process adds a job of the tenant."""

SCHEMA: Final = "jobs"
"""PostgreSQL schema of the jobs: apart from read models, which analysts may be granted access
to."""

NAMED: Final = "The jobs"


class SqlJobStore:
    """Store jobs in the `analysis_job` table of a database; creates it if it does not exist.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`; there, everything but
    the search for a free job works within one tenant. Every method raises StorageUnavailable.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        names = tuple(field.name for field in fields(AnalysisJob))
        self._leases = LeasedRows(engine, JOBS, "athlete_id", names, NAMED)
        with storage_errors(NAMED):
            make_once(
                engine,
                schema=SCHEMA,
                marker_table=JOBS.name,
                marker_column="alternatives",
                make=_make,
            )

    def add(
        self, job: AnalysisJob, admit: Callable[[Usage, Usage], object] | None = None
    ) -> AnalysisJob:
        """Store a new job unless `admit` raises; if its id exists, return the stored one."""
        with self._transaction(job.tenant_id) as connection:
            if admit is not None and is_postgresql(self._engine):
                connection.execute(ONE_AT_A_TIME, {"tenant": job.tenant_id})
            if add_once(connection, JOBS, vars(job)):
                if admit is not None:
                    admit(*_usage(connection, job.tenant_id, job.athlete_id, job.created_at))
                return job
            return _job(connection.execute(sa.select(*FIELDS).where(_is(job))).mappings().one())

    def get(self, tenant_id: TenantId, job_id: UUID) -> AnalysisJob | None:
        """Find a tenant's job."""
        this = (JOBS.c.tenant_id == tenant_id) & (JOBS.c.id == job_id)
        with self._transaction(tenant_id) as connection:
            row = connection.execute(sa.select(*FIELDS).where(this)).mappings().one_or_none()
        return None if row is None else _job(row)

    def usage(self, tenant_id: TenantId, athlete_id: UserId, at: datetime) -> tuple[Usage, Usage]:
        """Return the usage of an athlete and of their tenant."""
        with self._transaction(tenant_id) as connection:
            return _usage(connection, tenant_id, athlete_id, at)

    def claim(self, owner: UUID, lease_s: float) -> AnalysisJob | None:
        """Lease an unfinished job without an owner, in turns; return None if there is none."""
        claimed = self._leases.claim(owner, lease_s)
        return None if claimed is None else _job(claimed)

    def keep(self, owner: UUID, job: AnalysisJob, lease_s: float) -> bool:
        """Extend the lease of a job to this many seconds from now; return False if it was lost."""
        return self._leases.change(owner, (job.tenant_id, job.id), lease_s, {})

    def save(self, owner: UUID, job: AnalysisJob, lease_s: float) -> bool:
        """Store a leased job and extend its lease; change nothing if the lease was lost."""
        return self._leases.change(owner, (job.tenant_id, job.id), lease_s, vars(job))

    def _transaction(self, tenant_id: TenantId) -> AbstractContextManager[sa.Connection]:
        return tenant_transaction(self._engine, tenant_id, NAMED)


def _make(connection: sa.Connection) -> None:
    """Create the table, or add the lease to one that has it in two other tables."""
    METADATA.create_all(connection)
    add_missing_columns(connection, JOBS)
    for index in JOBS.indexes:
        index.create(connection, checkfirst=True)
    for former in ("analysis_claim", "analysis_attempt"):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {former}")


def _is(job: AnalysisJob) -> sa.ColumnElement[bool]:
    return (JOBS.c.tenant_id == job.tenant_id) & (JOBS.c.id == job.id)


def _usage(
    connection: sa.Connection, tenant_id: TenantId, athlete_id: UserId, at: datetime
) -> tuple[Usage, Usage]:
    """Return the usage of an athlete and of their tenant, in one query."""
    own = JOBS.c.athlete_id == athlete_id
    unfinished, today = JOBS.c.state.in_(UNFINISHED), JOBS.c.created_at > at - DAY

    def figures(*of: sa.ColumnElement[bool]) -> list[sa.ColumnElement[Any]]:
        return [
            sa.func.count().filter(unfinished, *of),
            sa.func.coalesce(sa.func.sum(JOBS.c.size).filter(today, *of), 0),
            sa.func.min(JOBS.c.created_at).filter(today, *of),
        ]

    query = sa.select(*figures(own), *figures()).where(
        JOBS.c.tenant_id == tenant_id, unfinished | today
    )
    row: list[Any] = list(connection.execute(query).one())
    return _usage_of(row[0], row[1], row[2]), _usage_of(row[3], row[4], row[5])


def _usage_of(waiting: int, day_bytes: int, oldest_at: datetime | None) -> Usage:
    if oldest_at is not None and oldest_at.tzinfo is None:  # SQLite stores no zone
        oldest_at = oldest_at.replace(tzinfo=UTC)
    return Usage(waiting, int(day_bytes), oldest_at)


def _job(row: sa.RowMapping) -> AnalysisJob:
    content = {field.name: row[field.name] for field in fields(AnalysisJob)}
    created_at = content["created_at"]
    if created_at.tzinfo is None:  # SQLite stores no zone; values are UTC
        content["created_at"] = created_at.replace(tzinfo=UTC)
    return AnalysisJob(**content)
