"""Reconciliation runs on SQL."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import sqlalchemy as sa

from adapters.jobs.sql import SCHEMA
from adapters.sql.columns import TEXT, Instant
from adapters.sql.engines import make_once
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import add_once
from adapters.sql.numbered_rows import NUMBER, numbered_page
from adapters.sql.row_security import tenant_transaction
from application.kernel.read_models import Page, Window
from application.payments.reconciliation import Difference, Unanswered
from application.payments.reconciliation_runs import ReconciliationRun
from domain.ids import TenantId

NAMED: Final = "The reconciliations"

METADATA: Final = sa.MetaData()

RUN: Final = sa.Table(
    "reconciliation_run",
    METADATA,
    sa.Column("number", NUMBER, sa.Identity(), primary_key=True),
    sa.Column("id", sa.Uuid, nullable=False, unique=True),
    sa.Column("tenant_id", TEXT, nullable=False),
    sa.Column("begin", Instant, nullable=False),
    sa.Column("end", Instant, nullable=False),
    sa.Column("requested_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
    sa.Column("state", TEXT, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("payments", sa.Integer, nullable=False),
    sa.Column("intents", sa.Integer, nullable=False),
    sa.Column("differences_found", sa.Integer, nullable=False),
    sa.Column("unanswered_found", sa.Integer, nullable=False),
    sa.Column("differences", TEXT, nullable=False),
    sa.Column("unanswered", TEXT, nullable=False),
    sa.Column("reason", TEXT),
    sa.Index("reconciliation_run_tenant", "tenant_id", "number"),
)
"""`number` is the place in lists. `differences` and `unanswered` are JSON."""

UNFINISHED: Final = RUN.c.finished_at.is_(None)

sa.Index(
    "reconciliation_run_unfinished",
    RUN.c.tenant_id,
    unique=True,
    postgresql_where=UNFINISHED,
    sqlite_where=UNFINISHED,
)
"""A tenant has one run at a time."""

COLUMNS: Final = [RUN.c[field.name] for field in fields(ReconciliationRun)]


class SqlReconciliationRuns:
    """Implements `ReconciliationRuns` in the table `reconciliation_run`, and creates it.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with storage_errors(NAMED):
            make_once(engine, schema=SCHEMA, marker_table=RUN.name, make=METADATA.create_all)

    def add(self, run: ReconciliationRun) -> bool:
        with tenant_transaction(self._engine, run.tenant_id, NAMED) as connection:
            return add_once(connection, RUN, _row(run))

    def get(self, tenant_id: TenantId, run_id: UUID) -> ReconciliationRun | None:
        return self._one(tenant_id, RUN.c.id == run_id)

    def unfinished(self, tenant_id: TenantId) -> ReconciliationRun | None:
        return self._one(tenant_id, UNFINISHED)

    def _one(self, tenant_id: TenantId, where: sa.ColumnElement[bool]) -> ReconciliationRun | None:
        query = sa.select(*COLUMNS).where(RUN.c.tenant_id == tenant_id, where)
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else _run(row)

    def save(self, run: ReconciliationRun) -> bool:
        return self._update(run, _row(run))

    def release(self, run: ReconciliationRun, due_at: datetime) -> bool:
        queued = {"state": "queued", "due_at": due_at, "attempts": RUN.c.attempts - 1}
        return self._update(run, queued)

    def _update(self, run: ReconciliationRun, values: dict[str, Any]) -> bool:
        """Update a run unless it is over or was claimed again since; return whether it was."""
        this = (RUN.c.tenant_id == run.tenant_id) & (RUN.c.id == run.id)
        claimed = UNFINISHED & (RUN.c.attempts == run.attempts)
        update = sa.update(RUN).where(this, claimed).values(values)
        with tenant_transaction(self._engine, run.tenant_id, NAMED) as connection:
            return connection.execute(update).rowcount == 1

    def claim_due(self, now: datetime, until: datetime) -> ReconciliationRun | None:
        due = UNFINISHED & (RUN.c.due_at <= now)
        first = sa.select(RUN.c.number).where(due).order_by(RUN.c.number).limit(1)
        lease = (
            sa.update(RUN)
            .where(RUN.c.number.in_(first), due)
            .values(due_at=until, state="running", attempts=RUN.c.attempts + 1)
            .returning(*COLUMNS)
        )
        with storage_errors(NAMED), self._engine.begin() as connection:
            row = connection.execute(lease).mappings().one_or_none()
        return None if row is None else _run(row)

    def latest(self) -> Sequence[ReconciliationRun]:
        newest = sa.select(sa.func.max(RUN.c.number)).where(~UNFINISHED).group_by(RUN.c.tenant_id)
        query = sa.select(*COLUMNS).where(RUN.c.number.in_(newest)).order_by(RUN.c.tenant_id)
        with storage_errors(NAMED), self._engine.begin() as connection:
            return [_run(row) for row in connection.execute(query).mappings()]

    def page(self, tenant_id: TenantId, window: Window) -> Page[ReconciliationRun]:
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            return numbered_page(connection, COLUMNS, RUN.c.tenant_id == tenant_id, window, _run)


def _row(run: ReconciliationRun) -> dict[str, Any]:
    row: dict[str, Any] = {column.name: getattr(run, column.name) for column in COLUMNS}
    for name in ("differences", "unanswered"):
        row[name] = msgspec.json.encode([asdict(each) for each in row[name]]).decode()
    return row


def _run(row: sa.RowMapping) -> ReconciliationRun:
    values: dict[str, Any] = {column.name: row[column.name] for column in COLUMNS}
    values["differences"] = msgspec.json.decode(values["differences"], type=tuple[Difference, ...])
    values["unanswered"] = msgspec.json.decode(values["unanswered"], type=tuple[Unanswered, ...])
    return ReconciliationRun(**values)
