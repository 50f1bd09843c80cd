"""Job queue on SQL, so that unfinished jobs survive a restart."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Double,
    Engine,
    Float,
    Integer,
    MetaData,
    RowMapping,
    Table,
    Uuid,
    and_,
    cast,
    extract,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from adapters.sql.columns import TEXT
from adapters.sql.engines import is_postgresql, make_once
from adapters.sql.errors import storage_errors
from adapters.sql.row_security import act
from application.analysis.jobs import AnalysisJob
from domain.ids import TenantId

METADATA = MetaData()

JOBS = Table(
    "analysis_job",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("athlete_id", TEXT, nullable=False),
    Column("exercise", TEXT),
    Column("name", TEXT, nullable=False),
    Column("video", TEXT, nullable=False),
    Column("correlation_id", Uuid, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("state", TEXT, nullable=False, index=True),
    Column("progress", Float, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("session_id", TEXT),
    Column("problem_code", TEXT),
    Column("problem_detail", TEXT),
)

CLAIMS = Table(
    "analysis_claim",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("owner", Uuid, nullable=False),
    Column("until", Double, nullable=False),
)
"""Owner of a job and the expiry of its lease, in seconds since 1970 by the database's clock."""

ATTEMPTS = Table(
    "analysis_attempt",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("attempts", Integer, nullable=False),
)
"""Number of attempts at a job, without those whose failure was not the job's fault."""

SERVER_NOW: Final[ColumnElement[float]] = cast(extract("epoch", func.clock_timestamp()), Double)
FILE_NOW: Final[ColumnElement[float]] = (func.julianday("now") - 2440587.5) * 86400.0
"""Seconds since 1970; 2440587.5 is the Julian day of its first moment."""

SCHEMA: Final = "jobs"
"""PostgreSQL schema of the jobs: apart from read models, which analysts may be granted access
to."""

NAMED: Final = "The jobs"


class SqlJobStore:
    """Store jobs in the `analysis_job` table of a database; creates it if it does not exist.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`; there, everything but
    the search for a free job works within one tenant. Every method raises StorageUnavailable.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        server = is_postgresql(engine)
        self._insert: Any = postgresql.insert if server else sqlite.insert
        self._now = SERVER_NOW if server else FILE_NOW
        with storage_errors(NAMED):
            make_once(engine, schema=SCHEMA, marker_table=ATTEMPTS.name, make=METADATA.create_all)

    def add(self, job: AnalysisJob) -> AnalysisJob:
        """Store a new job; if its id exists, return the stored one."""
        try:
            with self._transaction(job.tenant_id) as connection:
                connection.execute(insert(JOBS).values(_columns(job)))
        except IntegrityError:
            stored = self.get(job.tenant_id, job.id)
            if stored is None:
                raise
            return stored
        return job

    def save(self, job: AnalysisJob) -> None:
        """Store the result of a job."""
        changed = update(JOBS).where(JOBS.c.tenant_id == job.tenant_id, JOBS.c.id == job.id)
        with self._transaction(job.tenant_id) as connection:
            connection.execute(changed.values(_columns(job)))

    def get(self, tenant_id: TenantId, job_id: UUID) -> AnalysisJob | None:
        """Find a tenant's job."""
        with self._transaction(tenant_id) as connection:
            return _found(connection, tenant_id, job_id)

    def claim(self, owner: UUID, lease_s: float) -> AnalysisJob | None:
        """Lease the oldest unfinished job without an owner; return None if there is none."""
        while job := self._free():
            with self._transaction(job.tenant_id) as connection:
                if self._take(connection, owner, job, lease_s):
                    now = _found(connection, job.tenant_id, job.id)
                    if now is not None and not now.is_over:
                        self._count(connection, job)
                        return now
        return None

    def keep(self, owner: UUID, job: AnalysisJob, lease_s: float) -> bool:
        """Extend the lease of a job to this many seconds from now; return False if it was lost."""
        held = update(CLAIMS).where(
            CLAIMS.c.tenant_id == job.tenant_id, CLAIMS.c.id == job.id, CLAIMS.c.owner == owner
        )
        with self._transaction(job.tenant_id) as connection:
            result = connection.execute(held.values(until=self._now + lease_s))
        return result.rowcount == 1

    def attempts(self, job: AnalysisJob) -> int:
        """Return the number of attempts at the job; 0 before the first."""
        counted = select(ATTEMPTS.c.attempts).where(_attempts_of(job))
        with self._transaction(job.tenant_id) as connection:
            return connection.execute(counted).scalar() or 0

    def forgive(self, job: AnalysisJob) -> None:
        """Uncount the last attempt: its failure was not the job's fault."""
        one_less = update(ATTEMPTS).where(_attempts_of(job), ATTEMPTS.c.attempts > 0)
        with self._transaction(job.tenant_id) as connection:
            connection.execute(one_less.values(attempts=ATTEMPTS.c.attempts - 1))

    def _count(self, connection: Connection, job: AnalysisJob) -> None:
        first = self._insert(ATTEMPTS).values(tenant_id=job.tenant_id, id=job.id, attempts=1)
        counted = first.on_conflict_do_update(
            index_elements=["tenant_id", "id"], set_={"attempts": ATTEMPTS.c.attempts + 1}
        )
        connection.execute(counted)

    def _free(self) -> AnalysisJob | None:
        """Find the oldest job without an owner."""
        holders = and_(CLAIMS.c.tenant_id == JOBS.c.tenant_id, CLAIMS.c.id == JOBS.c.id)
        free = or_(CLAIMS.c.until.is_(None), CLAIMS.c.until <= self._now)
        query = select(JOBS).select_from(JOBS.outerjoin(CLAIMS, holders))
        waiting = query.where(JOBS.c.state.in_(["queued", "running"]), free)
        with self._transaction() as connection:
            row = (
                connection.execute(waiting.order_by(JOBS.c.created_at).limit(1)).mappings().first()
            )
        return None if row is None else _job(row)

    def _take(self, connection: Connection, owner: UUID, job: AnalysisJob, lease_s: float) -> bool:
        """Lease a job, unless another worker was faster."""
        until = self._now + lease_s
        inserted = self._insert(CLAIMS).values(
            tenant_id=job.tenant_id, id=job.id, owner=owner, until=until
        )
        upsert = inserted.on_conflict_do_update(
            index_elements=["tenant_id", "id"],
            set_={"owner": owner, "until": until},
            where=CLAIMS.c.until <= self._now,
        ).returning(CLAIMS.c.owner)
        return connection.execute(upsert).first() is not None

    @contextmanager
    def _transaction(self, tenant_id: TenantId | None = None) -> Generator[Connection]:
        """Open a transaction within a tenant, or over all of them."""
        with storage_errors(NAMED), self._engine.begin() as connection:
            if tenant_id is not None:
                act(connection, tenant_id)
            yield connection


def _attempts_of(job: AnalysisJob) -> ColumnElement[bool]:
    return and_(ATTEMPTS.c.tenant_id == job.tenant_id, ATTEMPTS.c.id == job.id)


def _found(connection: Connection, tenant_id: TenantId, job_id: UUID) -> AnalysisJob | None:
    query = select(JOBS).where(JOBS.c.tenant_id == tenant_id, JOBS.c.id == job_id)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _job(row)


def _columns(job: AnalysisJob) -> dict[str, Any]:
    return {column.name: getattr(job, column.name) for column in JOBS.columns}


def _job(row: RowMapping) -> AnalysisJob:
    content = dict(row)
    created_at = content["created_at"]
    if created_at.tzinfo is None:  # SQLite stores no zone; values are UTC
        content["created_at"] = created_at.replace(tzinfo=UTC)
    return AnalysisJob(**content)
