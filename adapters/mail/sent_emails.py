"""Outcomes of e-mails, those to be sent later, and the position of their subscription, on SQL."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
import sqlalchemy as sa

from adapters.sql.columns import TEXT, Instant
from adapters.sql.engines import make_once
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import add_once
from adapters.sql.row_security import tenant_transaction
from application.kernel.cloud_events import EncodedEvent
from application.users.email_delivery import DeferredEmail, Outcome
from domain.ids import TenantId

METADATA: Final = sa.MetaData()

SENT_EMAIL: Final = sa.Table(
    "sent_email",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("email_id", sa.Uuid, primary_key=True),
    sa.Column("outcome", TEXT, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Index("sent_emails_by_time", "tenant_id", "at"),
)

DEFERRED: Final = sa.Table(
    "deferred_email",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("email_id", sa.Uuid, primary_key=True),
    sa.Column("event", sa.LargeBinary, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", Instant, nullable=False, index=True),
)
"""`event` requests the e-mail: it contains neither an address nor a secret."""

POSITION: Final = sa.Table(
    "email_position",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),  # always 1
    sa.Column("position", sa.BigInteger, nullable=False),
)

SCHEMA: Final = "emails"
"""PostgreSQL schema: apart from read models, which analysts may be granted access to."""

NAMED: Final = "The e-mails"

KEPT: Final = timedelta(days=30)
"""Longer than a request is followed, however often its message is replayed."""


class SqlSentEmails:
    """Implements `SentEmails` in the table `sent_email`, and creates it. Thread-safe.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `emails`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        _make(engine)

    def find(self, tenant_id: TenantId, email_id: UUID) -> Outcome | None:
        this = (SENT_EMAIL.c.tenant_id == tenant_id) & (SENT_EMAIL.c.email_id == email_id)
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            outcome: Outcome | None = connection.execute(
                sa.select(SENT_EMAIL.c.outcome).where(this)
            ).scalar_one_or_none()
        return outcome

    def add(self, tenant_id: TenantId, email_id: UUID, outcome: Outcome, at: datetime) -> None:
        row = {"tenant_id": tenant_id, "email_id": email_id, "outcome": outcome, "at": at}
        old = (SENT_EMAIL.c.tenant_id == tenant_id) & (SENT_EMAIL.c.at < at - KEPT)
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            add_once(connection, SENT_EMAIL, row)
            connection.execute(sa.delete(SENT_EMAIL).where(old))


class SqlDeferredEmails:
    """Implements `DeferredEmails` in the table `deferred_email`, and creates it. Thread-safe."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        _make(engine)

    def contains(self, tenant_id: TenantId, email_id: UUID) -> bool:
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            found = connection.execute(
                sa.select(DEFERRED.c.attempts).where(_is(tenant_id, email_id))
            )
            return found.first() is not None

    def put(self, email: DeferredEmail) -> None:
        event, changed = email.event, {"attempts": email.attempts, "due_at": email.due_at}
        tenant_id = TenantId(event.tenant_id)
        row = {
            "tenant_id": tenant_id,
            "email_id": event.event_id,
            "event": msgspec.json.encode(event),
        } | changed
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            if not add_once(connection, DEFERRED, row):
                this = _is(tenant_id, event.event_id)
                connection.execute(sa.update(DEFERRED).where(this).values(changed))

    def claim(self, at: datetime, until: datetime) -> DeferredEmail | None:
        while True:
            with storage_errors(NAMED), self._engine.begin() as connection:
                row = connection.execute(
                    sa.select(DEFERRED)
                    .where(DEFERRED.c.due_at <= at)
                    .order_by(DEFERRED.c.due_at)
                    .limit(1)
                ).first()
            if row is None:
                return None
            unclaimed = _is(row.tenant_id, row.email_id) & (DEFERRED.c.due_at == row.due_at)
            with tenant_transaction(self._engine, row.tenant_id, NAMED) as connection:
                claimed = connection.execute(
                    sa.update(DEFERRED).where(unclaimed).values(due_at=until)
                )
                if claimed.rowcount:
                    event = msgspec.json.decode(row.event, type=EncodedEvent)
                    return DeferredEmail(event, row.attempts, until)

    def remove(self, tenant_id: TenantId, email_id: UUID) -> None:
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            connection.execute(sa.delete(DEFERRED).where(_is(tenant_id, email_id)))


class SqlEmailPosition:
    """Implements `Positions` in the table `email_position`, and creates it."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        _make(engine)

    def load(self) -> int:
        with storage_errors(NAMED), self._engine.begin() as connection:
            position = connection.execute(sa.select(POSITION.c.position)).scalar_one_or_none()
        return 0 if position is None else int(position)

    def store(self, position: int) -> None:
        with storage_errors(NAMED), self._engine.begin() as connection:
            add_once(connection, POSITION, {"id": 1, "position": position})
            connection.execute(sa.update(POSITION).values(position=position))


def _is(tenant_id: TenantId, email_id: UUID) -> sa.ColumnElement[bool]:
    return (DEFERRED.c.tenant_id == tenant_id) & (DEFERRED.c.email_id == email_id)


def _make(engine: sa.Engine) -> None:
    with storage_errors(NAMED):
        make_once(engine, schema=SCHEMA, marker_table=DEFERRED.name, make=METADATA.create_all)
