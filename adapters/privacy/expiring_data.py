"""Expiring data: sign-ins, links, jobs, e-mail files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from adapters.jobs.content import CONTENT_JOBS
from adapters.jobs.health_imports import HEALTH_IMPORTS
from adapters.jobs.leased_rows import UNFINISHED
from adapters.jobs.pending_uploads import PENDING_UPLOADS
from adapters.jobs.recording_videos import VIDEO_JOBS
from adapters.jobs.sql import JOBS, NAMED
from adapters.mail.folder import CLEAR_SUFFIX, PART_SUFFIX, SUFFIX
from adapters.payments.deliveries import DELIVERY
from adapters.payments.reconciliation_runs import RUN
from adapters.sql.row_security import tenant_transaction
from adapters.users.database import IdentityDatabase
from adapters.users.tables import (
    CONFIRMED_SIGN_IN,
    REFRESH_TOKEN,
    SECOND_FACTOR,
    SIGN_IN,
    SINGLE_USE_LINK,
    owned,
)
from application.health.imports import import_prefix
from application.kernel.ports import MediaStore
from domain.ids import TenantId, UserId


@dataclass(frozen=True)
class UnconfirmedApps:
    """Removes the secrets of authenticator apps of which no code was ever accepted."""

    database: IdentityDatabase

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        unused = owned(SECOND_FACTOR, tenant_id, kind="totp", counter=0)
        gone = unused & (SECOND_FACTOR.c.added_at <= before)
        with self.database.of_tenant(tenant_id) as connection:
            query = sa.select(sa.func.count()).select_from(SECOND_FACTOR).where(gone)
            count = int(connection.execute(query).scalar_one())
            if not dry_run:
                connection.execute(sa.delete(SECOND_FACTOR).where(gone))
        return count


@dataclass(frozen=True)
class OldSignIns:
    """Removes ended and expired sign-ins with their tokens, and expired links.

    With `keeps_last`, the sign-in with which a user was last seen stays: `since` needs it.
    """

    database: IdentityDatabase
    keeps_last: bool

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        over = (SIGN_IN.c.ended_at < before) | (SIGN_IN.c.expires_at < before)
        gone = owned(SIGN_IN, tenant_id) & over
        if self.keeps_last:
            gone &= SIGN_IN.c.id.not_in(_last_sign_ins(tenant_id))
        links = owned(SINGLE_USE_LINK, tenant_id) & (SINGLE_USE_LINK.c.expires_at < before)
        tokens = owned(REFRESH_TOKEN, tenant_id) & REFRESH_TOKEN.c.sign_in_id.in_(
            sa.select(SIGN_IN.c.id).where(gone)
        )
        confirmations = owned(CONFIRMED_SIGN_IN, tenant_id) & CONFIRMED_SIGN_IN.c.sign_in_id.in_(
            sa.select(SIGN_IN.c.id).where(gone)
        )
        with self.database.of_tenant(tenant_id) as connection:
            count = sum(
                connection.execute(
                    sa.select(sa.func.count()).select_from(table).where(which)
                ).scalar_one()
                for table, which in ((SIGN_IN, gone), (SINGLE_USE_LINK, links))
            )
            if not dry_run:
                for table, which in (
                    (REFRESH_TOKEN, tokens),
                    (CONFIRMED_SIGN_IN, confirmations),
                    (SIGN_IN, gone),
                    (SINGLE_USE_LINK, links),
                ):
                    connection.execute(sa.delete(table).where(which))
        return count

    def since(self, tenant_id: TenantId, moment: datetime) -> set[UserId]:
        """Return the users who have signed in or refreshed since then."""
        refreshed = REFRESH_TOKEN.c.issued_at >= moment
        of_tokens = SIGN_IN.c.id.in_(
            sa.select(REFRESH_TOKEN.c.sign_in_id).where(owned(REFRESH_TOKEN, tenant_id) & refreshed)
        )
        active = owned(SIGN_IN, tenant_id) & ((SIGN_IN.c.began_at >= moment) | of_tokens)
        with self.database.reading(tenant_id) as connection:
            user_ids = connection.execute(sa.select(SIGN_IN.c.user_id).where(active).distinct())
            return {UserId(each) for each in user_ids.scalars()}


def _last_sign_ins(tenant_id: TenantId) -> sa.Select[tuple[UUID]]:
    """Return a query for the ids of the sign-ins with which each user was last seen."""
    newest_first = sa.func.row_number().over(
        partition_by=SIGN_IN.c.user_id, order_by=REFRESH_TOKEN.c.issued_at.desc()
    )
    ranked = (
        sa.select(SIGN_IN.c.id, newest_first.label("rank"))
        .join(REFRESH_TOKEN, REFRESH_TOKEN.c.sign_in_id == SIGN_IN.c.id)
        .where(owned(SIGN_IN, tenant_id) & owned(REFRESH_TOKEN, tenant_id))
        .subquery()
    )
    return sa.select(ranked.c.id).where(ranked.c.rank == 1)


@dataclass(frozen=True)
class OldJobs:
    """Removes old finished jobs: of analyses (with their uploads), content, recordings and imports.

    Old uploads whose jobs were never stored are removed, too.
    """

    engine: sa.Engine
    media: MediaStore

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        over = JOBS.c.state.in_(["succeeded", "failed"]) & (JOBS.c.created_at < before)
        query = sa.select(JOBS.c.id).where((JOBS.c.tenant_id == tenant_id) & over)
        with tenant_transaction(self.engine, tenant_id, NAMED) as connection:
            ids = connection.execute(query).scalars().all()
        for each in ids if not dry_run else ():
            self.media.clear(tenant_id, str(each))
            this = (JOBS.c.tenant_id == tenant_id) & (JOBS.c.id == each)
            with tenant_transaction(self.engine, tenant_id, NAMED) as connection:
                connection.execute(sa.delete(JOBS).where(this))
        others = (
            self._others(table, tenant_id, before, dry_run=dry_run)
            for table in (CONTENT_JOBS, VIDEO_JOBS, HEALTH_IMPORTS)
        )
        uploads = self._pending_uploads(tenant_id, before, dry_run=dry_run)
        return len(ids) + sum(others) + uploads

    def _pending_uploads(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        """Remove those that no unfinished job has taken."""
        upload = PENDING_UPLOADS.c
        old = (upload.tenant_id == tenant_id) & (upload.created_at < before)
        with tenant_transaction(self.engine, tenant_id, NAMED) as connection:
            found = connection.execute(sa.select(upload.id, upload.prefix).where(old)).all()
            taken = {*map(str, _unfinished(connection, JOBS, tenant_id))}
            taken.update(map(import_prefix, _unfinished(connection, HEALTH_IMPORTS, tenant_id)))
        gone = [(upload_id, prefix) for upload_id, prefix in found if prefix not in taken]
        for upload_id, prefix in gone if not dry_run else ():
            self.media.clear(tenant_id, prefix)
            this = (upload.tenant_id == tenant_id) & (upload.id == upload_id)
            with tenant_transaction(self.engine, tenant_id, NAMED) as connection:
                connection.execute(sa.delete(PENDING_UPLOADS).where(this))
        return len(gone)

    def _others(
        self, table: sa.Table, tenant_id: TenantId, before: datetime, *, dry_run: bool
    ) -> int:
        """Remove those that have no files any more."""
        of_tenant = table.c.tenant_id == tenant_id
        over = ~table.c.state.in_(UNFINISHED) & (table.c.created_at < before)
        with tenant_transaction(self.engine, tenant_id, NAMED) as connection:
            query = sa.select(sa.func.count()).select_from(table).where(of_tenant & over)
            count = int(connection.execute(query).scalar_one())
            if not dry_run:
                connection.execute(sa.delete(table).where(of_tenant & over))
        return count


def _unfinished(connection: sa.Connection, table: sa.Table, tenant_id: TenantId) -> Sequence[UUID]:
    """Return the ids of the unfinished jobs of a table."""
    these = (table.c.tenant_id == tenant_id) & table.c.state.in_(UNFINISHED)
    return connection.execute(sa.select(table.c.id).where(these)).scalars().all()


@dataclass(frozen=True)
class OldDeliveries:
    """Removes old webhook deliveries, unless they are pending."""

    engine: sa.Engine

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        old = (DELIVERY.c.tenant_id == tenant_id) & (DELIVERY.c.received_at < before)
        gone = old & (DELIVERY.c.state != "pending")
        with tenant_transaction(self.engine, tenant_id, NAMED) as connection:
            query = sa.select(sa.func.count()).select_from(DELIVERY).where(gone)
            count = int(connection.execute(query).scalar_one())
            if not dry_run:
                connection.execute(sa.delete(DELIVERY).where(gone))
        return count


@dataclass(frozen=True)
class OldReconciliations:
    """Removes old reports of reconciliations."""

    engine: sa.Engine

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        old = (RUN.c.tenant_id == tenant_id) & (RUN.c.finished_at < before)
        with tenant_transaction(self.engine, tenant_id, NAMED) as connection:
            query = sa.select(sa.func.count()).select_from(RUN).where(old)
            count = int(connection.execute(query).scalar_one())
            if not dry_run:
                connection.execute(sa.delete(RUN).where(old))
        return count


@dataclass(frozen=True)
class OldMails:
    """Removes old e-mails from the mail folder, which has no tenants; unfinished ones, too."""

    folder: Path

    def __call__(self, tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        del tenant_id
        old = [
            path
            for pattern in (SUFFIX, CLEAR_SUFFIX, PART_SUFFIX)
            for path in self.folder.glob(f"*{pattern}")
            if _is_older(path, before)
        ]
        for path in old if not dry_run else ():
            path.unlink(missing_ok=True)
        return len(old)


def _is_older(path: Path, before: datetime) -> bool:
    """Return whether a file is older; one that another process has removed is not."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC) < before
    except FileNotFoundError:
        return False
