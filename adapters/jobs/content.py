"""Jobs of content on SQL, beside the jobs of analyses."""

from collections.abc import Collection
from datetime import UTC
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from adapters.jobs.leased_jobs import SqlLeasedJobs
from adapters.jobs.leased_rows import lease_columns
from adapters.sql.columns import TEXT
from application.content.jobs import ContentJob, Step
from domain.ids import ContentId, TenantId

METADATA: Final = sa.MetaData()

CONTENT_JOBS: Final = sa.Table(
    "content_job",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("content_id", TEXT, nullable=False),
    sa.Column("trainer_id", TEXT, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("step", TEXT, nullable=False),
    sa.Column("correlation_id", sa.Uuid, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("progress", sa.Float, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    *lease_columns(),
    sa.Index("content_job_turn", "tenant_id", "turn"),
    sa.Index("content_job_trainer_turn", "tenant_id", "trainer_id", "turn"),
    sa.Index("content_job_item", "tenant_id", "content_id"),
)


class SqlContentJobs(SqlLeasedJobs[ContentJob]):
    """A `ContentJobStore` in the table `content_job`."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine, CONTENT_JOBS, ContentJob, "trainer_id", "The jobs of content")

    def claim(self, owner: UUID, step: Step, lease_s: float) -> ContentJob | None:
        claimed = self._leases.claim(owner, lease_s, step=step)
        return None if claimed is None else _job(claimed)

    def find(self, tenant_id: TenantId, job_id: UUID) -> ContentJob | None:
        row = CONTENT_JOBS.c
        this = (row.tenant_id == tenant_id) & (row.id == job_id)
        query = sa.select(*self._leases.columns).where(this)
        with self._leases.transaction(tenant_id) as connection:
            stored = connection.execute(query).mappings().one_or_none()
            return None if stored is None else _job(stored)

    def newest(
        self, tenant_id: TenantId, content_ids: Collection[ContentId]
    ) -> dict[ContentId, ContentJob]:
        if not content_ids:
            return {}
        row = CONTENT_JOBS.c
        these = (row.tenant_id == tenant_id) & row.content_id.in_(content_ids)
        query = sa.select(*self._leases.columns).where(these).order_by(row.number, row.step)
        with self._leases.transaction(tenant_id) as connection:
            found = map(_job, connection.execute(query).mappings())
            return {job.content_id: job for job in found}  # `check` is before `encode`


def _job(row: sa.RowMapping) -> ContentJob:
    content = dict(row)
    if content["created_at"].tzinfo is None:  # SQLite stores no zone; values are UTC
        content["created_at"] = content["created_at"].replace(tzinfo=UTC)
    return ContentJob(**content)
