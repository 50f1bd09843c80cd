"""Jobs of recordings' videos on SQL, beside the jobs of analyses."""

from dataclasses import fields
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from adapters.jobs.leased_rows import LeasedRows, lease_columns
from adapters.jobs.sql import SCHEMA
from adapters.sql.columns import TEXT, Instant
from adapters.sql.engines import make_once
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import add_once
from application.recordings.video_jobs import VideoJob

METADATA: Final = sa.MetaData()

VIDEO_JOBS: Final = sa.Table(
    "recording_video_job",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("recording_id", TEXT, nullable=False),
    sa.Column("user_id", TEXT, nullable=False),
    sa.Column("correlation_id", sa.Uuid, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("progress", sa.Float, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    *lease_columns(),
    sa.Index("recording_video_job_turn", "tenant_id", "turn"),
    sa.Index("recording_video_job_user_turn", "tenant_id", "user_id", "turn"),
)

FIELDS: Final = tuple(field.name for field in fields(VideoJob))

NAMED: Final = "The jobs of recordings' videos"


class SqlVideoJobs:
    """A `VideoJobStore` in a table, which is created if it does not exist.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._leases = LeasedRows(engine, VIDEO_JOBS, "user_id", FIELDS, NAMED)
        with storage_errors(NAMED):
            make_once(engine, schema=SCHEMA, marker_table=VIDEO_JOBS.name, make=METADATA.create_all)

    def add(self, job: VideoJob) -> None:
        with self._leases.transaction(job.tenant_id) as connection:
            add_once(connection, VIDEO_JOBS, vars(job))

    def claim(self, owner: UUID, lease_s: float) -> VideoJob | None:
        claimed = self._leases.claim(owner, lease_s)
        return None if claimed is None else VideoJob(**claimed)

    def keep(self, owner: UUID, job: VideoJob, lease_s: float) -> bool:
        return self._leases.change(owner, (job.tenant_id, job.id), lease_s, {})

    def save(self, owner: UUID, job: VideoJob, lease_s: float) -> bool:
        return self._leases.change(owner, (job.tenant_id, job.id), lease_s, vars(job))
