"""Deliveries of health clouds on SQL, encrypted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from adapters.jobs.sql import SCHEMA
from adapters.sql.columns import TEXT, Instant
from adapters.sql.engines import make_once
from adapters.sql.errors import storage_errors
from adapters.sql.numbered_rows import NUMBER
from adapters.sql.row_security import tenant_transaction
from application.health.deliveries import KEPT, MOST_WAITING, Delivery
from application.kernel.encryption import FieldCipher
from domain.health.events import CloudSource
from domain.ids import TenantId, UserId

NAMED: Final = "The deliveries of health services"

METADATA: Final = sa.MetaData()

DELIVERY: Final = sa.Table(
    "health_delivery",
    METADATA,
    sa.Column("number", NUMBER, sa.Identity(), primary_key=True),
    sa.Column("tenant_id", TEXT, nullable=False),
    sa.Column("user_id", TEXT, nullable=False),
    sa.Column("source", TEXT, nullable=False),
    sa.Column("sealed_content", sa.LargeBinary, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Index("health_delivery_link", "tenant_id", "user_id", "source", "number"),
)


class SqlHealthDeliveries:
    """Implements `HealthDeliveries` in the table `health_delivery`, and creates it.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`.
    """

    def __init__(self, engine: sa.Engine, cipher: FieldCipher) -> None:
        self._engine = engine
        self._cipher = cipher
        with storage_errors(NAMED):
            make_once(engine, schema=SCHEMA, marker_table=DELIVERY.name, make=METADATA.create_all)

    def put(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        source: CloudSource,
        content: bytes,
        now: datetime,
    ) -> bool:
        sealed = self._cipher.seal(
            content, tenant_id=tenant_id, subject=user_id, place=_place(source, user_id)
        )
        row = {
            "tenant_id": tenant_id,
            "user_id": user_id,
            "source": source,
            "sealed_content": sealed,
            "received_at": now,
        }
        these = _of(tenant_id, user_id, source)
        number = sa.select(sa.func.count()).select_from(DELIVERY).where(these)
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            outdated = these & (DELIVERY.c.received_at < now - KEPT)
            connection.execute(sa.delete(DELIVERY).where(outdated))
            if connection.execute(number).scalar_one() >= MOST_WAITING:
                return False
            connection.execute(sa.insert(DELIVERY).values(row))
        return True

    def oldest(
        self, tenant_id: TenantId, user_id: UserId, source: CloudSource, limit: int
    ) -> Sequence[Delivery]:
        columns = (DELIVERY.c.number, DELIVERY.c.sealed_content, DELIVERY.c.received_at)
        query = sa.select(*columns).where(_of(tenant_id, user_id, source))
        first = query.order_by(DELIVERY.c.number).limit(limit)
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            rows = connection.execute(first).all()
        found: list[Delivery] = []
        for number, sealed, received_at in rows:
            content = self._cipher.unseal(
                bytes(sealed), tenant_id=tenant_id, subject=user_id, place=_place(source, user_id)
            )
            # Without content, the key was destroyed.
            found.append(Delivery(number, content or b"{}", received_at))
        return found

    def delete(self, tenant_id: TenantId, number: int) -> None:
        this = (DELIVERY.c.tenant_id == tenant_id) & (DELIVERY.c.number == number)
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            connection.execute(sa.delete(DELIVERY).where(this))

    def delete_all(self, tenant_id: TenantId, user_id: UserId, source: CloudSource) -> None:
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            connection.execute(sa.delete(DELIVERY).where(_of(tenant_id, user_id, source)))


def _of(tenant_id: TenantId, user_id: UserId, source: CloudSource) -> sa.ColumnElement[bool]:
    person = (DELIVERY.c.tenant_id == tenant_id) & (DELIVERY.c.user_id == user_id)
    return person & (DELIVERY.c.source == source)


def _place(source: CloudSource, user_id: UserId) -> bytes:
    return f"health_delivery/{source}/{user_id}".encode()
