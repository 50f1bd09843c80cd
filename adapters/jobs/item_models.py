"""Item models on SQL, beside the job table."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from adapters.jobs.sql import SCHEMA
from adapters.sql.columns import TEXT, Instant
from adapters.sql.engines import make_once
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import upsert
from adapters.sql.row_security import tenant_transaction
from application.guidance.training import TrainedModel
from domain.ids import TenantId

NAMED: Final = "The models of recommendations"

METADATA: Final = sa.MetaData()

ITEM_MODEL: Final = sa.Table(
    "item_model",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("content", sa.LargeBinary),
    sa.Column("tried_at", Instant),
)
"""`content` is the model that serves, as JSON; NULL if none does."""


class SqlItemModels:
    """Implements `ItemModels` in the table `item_model`, and creates it.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with storage_errors(NAMED):
            make_once(engine, schema=SCHEMA, marker_table=ITEM_MODEL.name, make=METADATA.create_all)

    def serving(self, tenant_id: TenantId) -> TrainedModel | None:
        content: bytes | None = self._get(tenant_id, ITEM_MODEL.c.content)
        return None if content is None else msgspec.json.decode(content, type=TrainedModel)

    def put(self, tenant_id: TenantId, trained: TrainedModel) -> None:
        self._set(tenant_id, {"content": msgspec.json.encode(trained)})

    def remove(self, tenant_id: TenantId) -> None:
        self._set(tenant_id, {"content": None})

    def tried_at(self, tenant_id: TenantId) -> datetime | None:
        at: datetime | None = self._get(tenant_id, ITEM_MODEL.c.tried_at)
        return at

    def note_tried(self, tenant_id: TenantId, at: datetime) -> None:
        self._set(tenant_id, {"tried_at": at})

    def _get(self, tenant_id: TenantId, column: sa.Column[Any]) -> Any:
        query = sa.select(column).where(ITEM_MODEL.c.tenant_id == tenant_id)
        with self._transaction(tenant_id) as connection:
            return connection.execute(query).scalar_one_or_none()

    def _set(self, tenant_id: TenantId, values: dict[str, Any]) -> None:
        with self._transaction(tenant_id) as connection:
            upsert(connection, ITEM_MODEL, {"tenant_id": tenant_id, **values})

    def _transaction(self, tenant_id: TenantId) -> AbstractContextManager[sa.Connection]:
        return tenant_transaction(self._engine, tenant_id, NAMED)
