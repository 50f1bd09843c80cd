"""Jobs in a table, so that a restart finds what was asked for and not yet done."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Engine,
    Float,
    Integer,
    MetaData,
    RowMapping,
    Table,
    Uuid,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from adapters.readmodels.columns import TEXT
from adapters.readmodels.engines import make_once
from adapters.readmodels.failures import storage_errors
from application.jobs import AnalysisJob
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


SCHEMA: Final = "jobs"
"""Where jobs lie in PostgreSQL: apart from read models, which analysts may be let into."""

NAMED: Final = "The jobs"


class SqlJobStore:
    """Keeps jobs in the `analysis_job` table of a database, which it makes if it is not there.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`. Every method raises
    StorageUnavailable.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with storage_errors(NAMED):
            make_once(engine, schema=SCHEMA, known_by=JOBS.name, make=METADATA.create_all)

    def add(self, job: AnalysisJob) -> AnalysisJob:
        """Store a new job; where its id is known, give the one that is stored."""
        try:
            with self._transaction() as connection:
                connection.execute(insert(JOBS).values(_columns(job)))
        except IntegrityError:
            stored = self.get(job.tenant_id, job.id)
            if stored is None:
                raise
            return stored
        return job

    def save(self, job: AnalysisJob) -> None:
        """Store what became of a job."""
        changed = update(JOBS).where(JOBS.c.tenant_id == job.tenant_id, JOBS.c.id == job.id)
        with self._transaction() as connection:
            connection.execute(changed.values(_columns(job)))

    def get(self, tenant_id: TenantId, job_id: UUID) -> AnalysisJob | None:
        """Find a tenant's job."""
        wanted = select(JOBS).where(JOBS.c.tenant_id == tenant_id, JOBS.c.id == job_id)
        with self._transaction() as connection:
            row = connection.execute(wanted).mappings().one_or_none()
        return None if row is None else _job(row)

    def unfinished(self) -> Sequence[AnalysisJob]:
        """Jobs of all tenants that are not over, oldest first."""
        waiting = select(JOBS).where(JOBS.c.state.in_(["queued", "running"]))
        with self._transaction() as connection:
            rows = connection.execute(waiting.order_by(JOBS.c.created_at)).mappings().all()
        return [_job(row) for row in rows]

    @contextmanager
    def _transaction(self) -> Generator[Connection]:
        with storage_errors(NAMED), self._engine.begin() as connection:
            yield connection


def _columns(job: AnalysisJob) -> dict[str, Any]:
    return {column.name: getattr(job, column.name) for column in JOBS.columns}


def _job(row: RowMapping) -> AnalysisJob:
    content = dict(row)
    created_at = content["created_at"]
    if created_at.tzinfo is None:  # SQLite keeps no zone; what is stored is UTC
        content["created_at"] = created_at.replace(tzinfo=UTC)
    return AnalysisJob(**content)
