"""Data exports on SQL; the archives themselves are media."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from adapters.privacy.database import PrivacyDatabase
from adapters.privacy.tables import PERSONAL_EXPORT
from adapters.sql.inserts import add_once
from adapters.users.database import IdentityDatabase
from adapters.users.tables import SIGN_IN, owned
from application.privacy.data_exports import DataExportService
from application.privacy.personal_exports import DAY, PersonalExport
from application.privacy.subject_data import SubjectData
from domain.erasures.events import Step
from domain.ids import TenantId, UserId

ONE_AT_A_TIME: Final = sa.text("SELECT pg_advisory_xact_lock(hashtext('exports ' || :tenant))")
"""Until the end of the transaction, no other process adds an export of the tenant."""


class SqlExports:
    """Implements `ExportStore` in the table `personal_export`."""

    def __init__(self, database: PrivacyDatabase) -> None:
        self._database = database

    def add(
        self, export: PersonalExport, admit: Callable[[Sequence[PersonalExport]], object]
    ) -> PersonalExport:
        row = {field.name: getattr(export, field.name) for field in fields(export)}
        of_day = PERSONAL_EXPORT.c.created_at > export.created_at - DAY
        with self._database.of_tenant(export.tenant_id) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(ONE_AT_A_TIME, {"tenant": export.tenant_id})
            if add_once(connection, PERSONAL_EXPORT, row):
                admit(_found(connection, export.tenant_id, of_day))
                return export
            stored = _found(connection, export.tenant_id, PERSONAL_EXPORT.c.id == export.id)
            return stored[0] if stored else export  # it was removed in between

    def get(self, tenant_id: TenantId, export_id: UUID) -> PersonalExport | None:
        return next(iter(self._find(tenant_id, PERSONAL_EXPORT.c.id == export_id)), None)

    def take(self, export: PersonalExport, at: datetime, until: datetime) -> bool:
        expired = _is(export.tenant_id, export.id) & (PERSONAL_EXPORT.c.held_until <= at)
        available = expired & PERSONAL_EXPORT.c.state.in_(["queued", "running"])
        take = sa.update(PERSONAL_EXPORT).where(available).values(state="running", held_until=until)
        with self._database.of_tenant(export.tenant_id) as connection:
            return connection.execute(take).rowcount == 1

    def keep(self, export: PersonalExport, until: datetime) -> bool:
        held = _is(export.tenant_id, export.id) & (PERSONAL_EXPORT.c.state == "running")
        ours = held & (PERSONAL_EXPORT.c.held_until == export.held_until)
        with self._database.of_tenant(export.tenant_id) as connection:
            renewed = connection.execute(
                sa.update(PERSONAL_EXPORT).where(ours).values(held_until=until)
            )
            return renewed.rowcount == 1

    def save(self, export: PersonalExport) -> None:
        values = {
            name: getattr(export, name) for name in ("state", "files", "size", "problem_code")
        }
        this = sa.update(PERSONAL_EXPORT).where(_is(export.tenant_id, export.id))
        with self._database.of_tenant(export.tenant_id) as connection:
            connection.execute(this.values(values))

    def requeue(self, export: PersonalExport) -> None:
        ready = _is(export.tenant_id, export.id) & (PERSONAL_EXPORT.c.state == "ready")
        again = sa.update(PERSONAL_EXPORT).where(ready).values(state="queued", files=0, size=0)
        with self._database.of_tenant(export.tenant_id) as connection:
            connection.execute(again)

    def expired(self, tenant_id: TenantId, at: datetime) -> Sequence[PersonalExport]:
        return self._find(tenant_id, PERSONAL_EXPORT.c.expires_at <= at)

    def of_user(self, tenant_id: TenantId, user_id: UserId) -> Sequence[PersonalExport]:
        return self._find(tenant_id, PERSONAL_EXPORT.c.user_id == user_id)

    def about(self, tenant_id: TenantId, user_id: UserId) -> Sequence[PersonalExport]:
        columns = PERSONAL_EXPORT.c
        return self._find(tenant_id, (columns.user_id == user_id) | (columns.athlete_id == user_id))

    def remove(self, tenant_id: TenantId, export_id: UUID) -> None:
        with self._database.of_tenant(tenant_id) as connection:
            connection.execute(sa.delete(PERSONAL_EXPORT).where(_is(tenant_id, export_id)))

    def _find(self, tenant_id: TenantId, which: sa.ColumnElement[bool]) -> Sequence[PersonalExport]:
        with self._database.of_tenant(tenant_id) as connection:
            return _found(connection, tenant_id, which)


def _found(
    connection: sa.Connection, tenant_id: TenantId, which: sa.ColumnElement[bool]
) -> Sequence[PersonalExport]:
    theirs = (PERSONAL_EXPORT.c.tenant_id == tenant_id) & which
    rows: Any = connection.execute(sa.select(PERSONAL_EXPORT).where(theirs)).mappings()
    return [PersonalExport(**row) for row in rows]


def _is(tenant_id: TenantId, export_id: UUID) -> sa.ColumnElement[bool]:
    return (PERSONAL_EXPORT.c.tenant_id == tenant_id) & (PERSONAL_EXPORT.c.id == export_id)


@dataclass(frozen=True)
class ExportTarget:
    """Erasure target: exports by a person and of a person, finished or not."""

    exports: DataExportService
    step: Step = "exports"

    def count(self, subject: SubjectData) -> int:
        return len(self.exports.store.about(subject.tenant_id, subject.user_id))

    def remove(self, subject: SubjectData) -> int:
        exports = self.exports.store.about(subject.tenant_id, subject.user_id)
        for export in exports:
            self.exports.remove(export)
        return len(exports)


@dataclass(frozen=True)
class SqlSignInRecords:
    """Reads the sign-ins of a user, without their tokens."""

    database: IdentityDatabase

    def __call__(self, tenant_id: TenantId, user_id: UserId) -> Iterator[Mapping[str, Any]]:
        columns = (SIGN_IN.c.id, SIGN_IN.c.began_at, SIGN_IN.c.expires_at, SIGN_IN.c.ended_at)
        query = sa.select(*columns).where(owned(SIGN_IN, tenant_id, user_id=user_id))
        with self.database.reading(tenant_id) as connection:
            rows = connection.execute(query.order_by(SIGN_IN.c.began_at)).mappings().all()
        yield from (dict(row) for row in rows)

    def began_at(self, tenant_id: TenantId, sign_in_id: UUID) -> datetime | None:
        """Return when a sign-in began, or None."""
        query = sa.select(SIGN_IN.c.began_at).where(owned(SIGN_IN, tenant_id, id=sign_in_id))
        with self.database.reading(tenant_id) as connection:
            began: datetime | None = connection.execute(query).scalar_one_or_none()
        return began
