"""Jobs of recordings' videos on SQL, beside the jobs of analyses."""

from typing import Final
from uuid import UUID

import sqlalchemy as sa

from adapters.jobs.leased_jobs import SqlLeasedJobs
from adapters.jobs.leased_rows import lease_columns
from adapters.sql.columns import TEXT, Instant
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


class SqlVideoJobs(SqlLeasedJobs[VideoJob]):
    """A `VideoJobStore` in the table `recording_video_job`."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine, VIDEO_JOBS, VideoJob, "user_id", "The jobs of recordings' videos")

    def claim(self, owner: UUID, lease_s: float) -> VideoJob | None:
        claimed = self._leases.claim(owner, lease_s)
        return None if claimed is None else VideoJob(**claimed)
