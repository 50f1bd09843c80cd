"""Imports of health files on SQL, beside the other jobs."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any, Final
from uuid import UUID

import msgspec
import sqlalchemy as sa

from adapters.jobs.leased_rows import UNFINISHED, LeasedRows, lease_columns
from adapters.jobs.sql import SCHEMA
from adapters.sql.columns import TEXT, Instant
from adapters.sql.engines import is_postgresql, make_once
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import add_once
from application.health.imports import HealthImport, RefusedRecord
from domain.ids import TenantId, UserId

NAMED: Final = "The imports of health files"

METADATA: Final = sa.MetaData()

HEALTH_IMPORTS: Final = sa.Table(
    "health_import",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("user_id", TEXT, nullable=False),
    sa.Column("source", TEXT, nullable=False),
    sa.Column("format", TEXT, nullable=False),
    sa.Column("time_zone", TEXT, nullable=False),
    sa.Column("since", Instant),
    sa.Column("digest", TEXT, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("total", sa.Integer),
    sa.Column("handled", sa.Integer, nullable=False),
    sa.Column("accepted", sa.Integer, nullable=False),
    sa.Column("unchanged", sa.Integer, nullable=False),
    sa.Column("rejected", sa.Integer, nullable=False),
    sa.Column("refused", TEXT, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("problem_code", TEXT),
    sa.Column("problem", TEXT),
    *lease_columns(),
    sa.Index("health_import_turn", "tenant_id", "turn"),
    sa.Index("health_import_user_turn", "tenant_id", "user_id", "turn"),
)
"""`refused` is a JSON list of the first refused records."""

ONE_AT_A_TIME: Final = sa.text("SELECT pg_advisory_xact_lock(hashtext('health imports ' || :user))")
"""Until the end of the transaction, no other process adds an import of the person."""

FIELDS: Final = tuple(field.name for field in fields(HealthImport))


class SqlHealthImports:
    """Implements `HealthImportStore` in the table `health_import`, and creates it.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._leases = LeasedRows(engine, HEALTH_IMPORTS, "user_id", FIELDS, NAMED)
        with storage_errors(NAMED):
            make_once(
                engine, schema=SCHEMA, marker_table=HEALTH_IMPORTS.name, make=METADATA.create_all
            )

    def add(self, new: HealthImport, most_unfinished: int) -> bool:
        row = HEALTH_IMPORTS.c
        own = (row.tenant_id == new.tenant_id) & (row.user_id == new.user_id)
        others = own & row.state.in_(UNFINISHED) & (row.id != new.id)
        unfinished = sa.select(sa.func.count()).select_from(HEALTH_IMPORTS).where(others)
        with self._leases.transaction(new.tenant_id) as connection:
            if is_postgresql(connection.engine):
                connection.execute(ONE_AT_A_TIME, {"user": f"{new.tenant_id} {new.user_id}"})
            if connection.execute(unfinished).scalar_one() >= most_unfinished:
                return False
            add_once(connection, HEALTH_IMPORTS, _row(new))
        return True

    def get(self, tenant_id: TenantId, import_id: UUID) -> HealthImport | None:
        found = self._find(tenant_id, HEALTH_IMPORTS.c.id == import_id)
        return found[0] if found else None

    def of_user(self, tenant_id: TenantId, user_id: UserId) -> Sequence[HealthImport]:
        return self._find(tenant_id, HEALTH_IMPORTS.c.user_id == user_id)

    def claim(self, owner: UUID, lease_s: float) -> HealthImport | None:
        claimed = self._leases.claim(owner, lease_s)
        return None if claimed is None else _import(claimed)

    def keep(self, owner: UUID, claimed: HealthImport, lease_s: float) -> bool:
        return self._leases.change(owner, (claimed.tenant_id, claimed.id), lease_s, {})

    def save(self, owner: UUID, claimed: HealthImport, lease_s: float) -> bool:
        key = claimed.tenant_id, claimed.id
        return self._leases.change(owner, key, lease_s, _row(claimed))

    def _find(self, tenant_id: TenantId, which: sa.ColumnElement[bool]) -> Sequence[HealthImport]:
        these = (HEALTH_IMPORTS.c.tenant_id == tenant_id) & which
        with self._leases.transaction(tenant_id) as connection:
            query = sa.select(*self._leases.columns).where(these)
            return [_import(row) for row in connection.execute(query).mappings()]


def _row(of: HealthImport) -> dict[str, Any]:
    refused = msgspec.json.encode([asdict(each) for each in of.refused]).decode()
    return {name: getattr(of, name) for name in FIELDS} | {"refused": refused}


def _import(row: sa.RowMapping) -> HealthImport:
    values: dict[str, Any] = {name: row[name] for name in FIELDS}
    values["refused"] = msgspec.json.decode(row["refused"], type=tuple[RefusedRecord, ...])
    return HealthImport(**values)
