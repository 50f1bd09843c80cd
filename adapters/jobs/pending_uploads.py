"""Pending uploads on SQL, beside the jobs."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from uuid import uuid4

import sqlalchemy as sa

from adapters.jobs.sql import NAMED, SCHEMA
from adapters.sql.columns import TEXT, Instant
from adapters.sql.engines import make_once
from adapters.sql.errors import storage_errors
from adapters.sql.row_security import tenant_transaction
from domain.ids import TenantId, UserId

METADATA: Final = sa.MetaData()

PENDING_UPLOADS: Final = sa.Table(
    "pending_upload",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("user_id", TEXT, nullable=False, index=True),
    sa.Column("prefix", TEXT, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
)
"""One row per request: two requests with one key have the same prefix."""


class SqlPendingUploads:
    """Implements `PendingUploads` in the table `pending_upload`, and creates it.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with storage_errors(NAMED):
            make_once(
                engine, schema=SCHEMA, marker_table=PENDING_UPLOADS.name, make=METADATA.create_all
            )

    @contextmanager
    def noted(
        self, tenant_id: TenantId, user_id: UserId, prefix: str, at: datetime
    ) -> Generator[None]:
        upload_id = uuid4()
        note = sa.insert(PENDING_UPLOADS).values(
            tenant_id=tenant_id, id=upload_id, user_id=user_id, prefix=prefix, created_at=at
        )
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            connection.execute(note)
        yield
        this = (PENDING_UPLOADS.c.tenant_id == tenant_id) & (PENDING_UPLOADS.c.id == upload_id)
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            connection.execute(sa.delete(PENDING_UPLOADS).where(this))
