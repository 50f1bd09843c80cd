"""Webhook deliveries on SQL."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, Final, cast, get_args
from uuid import UUID

import msgspec
import sqlalchemy as sa

from adapters.jobs.sql import SCHEMA
from adapters.sql.columns import TEXT, Instant
from adapters.sql.engines import add_missing_columns, make_once
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import add_once
from adapters.sql.numbered_rows import NUMBER, numbered_page
from adapters.sql.row_security import tenant_transaction
from application.kernel.read_models import Page, Window
from application.payments.gateways import IntentOf, MethodNotice, Notice
from application.payments.inbox import Delivery, DeliveryState
from domain.ids import PaymentId, SubscriptionId, TenantId
from domain.payment_methods import StoredMethod
from domain.payments import commands

NAMED: Final = "The webhook deliveries"

METADATA: Final = sa.MetaData()

DELIVERY: Final = sa.Table(
    "webhook_delivery",
    METADATA,
    sa.Column("number", NUMBER, sa.Identity(), primary_key=True),
    sa.Column("id", sa.Uuid, nullable=False, unique=True),
    sa.Column("tenant_id", TEXT, nullable=False),
    sa.Column("gateway", TEXT, nullable=False),
    sa.Column("event_id", TEXT, nullable=False),
    sa.Column("about", TEXT, nullable=False),
    sa.Column("notice", TEXT),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("state", TEXT, nullable=False),
    sa.Column("reason", TEXT),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("event_type", TEXT),
    sa.Index("webhook_delivery_due", "state", "due_at"),
    sa.Index("webhook_delivery_tenant", "tenant_id", "number"),
)
"""`number` is the place in lists. The rows of a tenant are apart by row-level security."""

COLUMNS: Final = [DELIVERY.c[field.name] for field in fields(Delivery)]

OUTCOMES: Final[Mapping[str, type[Any]]] = {
    each.__name__: each for each in get_args(commands.Outcome)
}
"""Outcomes by the names under which they are stored."""


class SqlDeliveries:
    """Implements `Deliveries` in the table `webhook_delivery`, and creates it.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with storage_errors(NAMED):
            make_once(
                engine,
                schema=SCHEMA,
                marker_table=DELIVERY.name,
                marker_column="event_type",
                make=_make,
            )

    def add(self, delivery: Delivery) -> bool:
        with tenant_transaction(self._engine, delivery.tenant_id, NAMED) as connection:
            return add_once(connection, DELIVERY, _row(delivery))

    def get(self, tenant_id: TenantId, delivery_id: UUID) -> Delivery | None:
        query = sa.select(*COLUMNS).where(_is(tenant_id, delivery_id))
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else _delivery(row)

    def save(self, delivery: Delivery) -> None:
        this = _is(delivery.tenant_id, delivery.id)
        with tenant_transaction(self._engine, delivery.tenant_id, NAMED) as connection:
            connection.execute(sa.update(DELIVERY).where(this).values(_row(delivery)))

    def claim_due(self, now: datetime, until: datetime, limit: int) -> Sequence[Delivery]:
        due = (DELIVERY.c.state == "pending") & (DELIVERY.c.due_at <= now)
        first = sa.select(DELIVERY.c.number).where(due).order_by(DELIVERY.c.due_at).limit(limit)
        lease = (
            sa.update(DELIVERY)
            .where(DELIVERY.c.number.in_(first), due)
            .values(due_at=until)
            .returning(*COLUMNS)
        )
        with storage_errors(NAMED), self._engine.begin() as connection:
            rows = connection.execute(lease).mappings().all()
        return [_delivery(row) for row in rows]

    def page(
        self, tenant_id: TenantId, window: Window, state: DeliveryState | None
    ) -> Page[Delivery]:
        where = DELIVERY.c.tenant_id == tenant_id
        if state is not None:
            where &= DELIVERY.c.state == state
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            return numbered_page(connection, COLUMNS, where, window, _delivery)


def _make(connection: sa.Connection) -> None:
    METADATA.create_all(connection)
    add_missing_columns(connection, DELIVERY)


def _is(tenant_id: TenantId, delivery_id: UUID) -> sa.ColumnElement[bool]:
    return (DELIVERY.c.tenant_id == tenant_id) & (DELIVERY.c.id == delivery_id)


def _row(delivery: Delivery) -> dict[str, Any]:
    row = {column.name: getattr(delivery, column.name) for column in COLUMNS}
    return row | {"notice": None if delivery.notice is None else _encoded(delivery.notice)}


def _delivery(row: sa.RowMapping) -> Delivery:
    values: dict[str, Any] = {column.name: row[column.name] for column in COLUMNS}
    if values["notice"] is not None:
        values["notice"] = _decoded(values["notice"])
    return Delivery(**values)


def _encoded(notice: Notice | MethodNotice) -> str:
    content = _plain(notice)
    if isinstance(notice, Notice):
        content["outcome"]["kind"] = type(notice.outcome).__name__
    return msgspec.json.encode(content).decode()


def _plain(value: Any) -> Any:
    """Return a value as JSON has it, with an object for each dataclass."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in cast("Iterable[Any]", value)]
    return value


def _decoded(text: str) -> Notice | MethodNotice:
    content: dict[str, Any] = msgspec.json.decode(text, type=dict[str, Any])
    method = content["method"]
    stored = None if method is None else msgspec.convert(method, StoredMethod)
    if "outcome" not in content:
        return MethodNotice(
            content["event_id"],
            TenantId(content["tenant_id"]),
            SubscriptionId(content["subscription_id"]),
            cast("StoredMethod", stored),
        )
    outcome, failed = content["outcome"], content.get("failed_refund")
    kind = OUTCOMES[outcome.pop("kind")]
    of = content["intent_of"]
    return Notice(
        event_id=content["event_id"],
        intent_of=IntentOf(TenantId(of["tenant_id"]), PaymentId(of["payment_id"]), of["attempt"]),
        reference=content["reference"],
        outcome=msgspec.convert(outcome, kind),
        method=stored,
        disputes=tuple(
            msgspec.convert(each, commands.Dispute) for each in content.get("disputes", ())
        ),
        failed_refund=None if failed is None else msgspec.convert(failed, commands.FailedRefund),
    )
