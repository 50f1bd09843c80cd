"""Subject keys on SQL: wrapped keys of people, and a record of destroyed ones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from adapters.sql.inserts import add_once
from adapters.users.database import IdentityDatabase
from adapters.users.signing_keys import about_signing_key
from adapters.users.tables import SIGNING_KEY, SUBJECT_KEY, owned
from domain.ids import DEFAULT_TENANT, TenantId

SAMPLE_SIZE: Final = 5
"""Keys of people, and signing keys, that show whether a KMS is the one that wrapped them."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A wrapped key, with the tenant and the text that `Kms.unwrap` needs."""

    tenant_id: TenantId
    about: str
    wrapped: bytes


class SqlSubjectKeyStore:
    """Implements `SubjectKeyStore` in the table `subject_key`."""

    def __init__(self, database: IdentityDatabase) -> None:
        self._database = database

    def find_or_add(
        self, tenant_id: TenantId, subject: str, make: Callable[[], bytes]
    ) -> bytes | None:
        row = self._row(tenant_id, subject)
        if row is None:
            self._add(tenant_id, subject, make())
            row = self._row(tenant_id, subject)
        return None if row is None else row.wrapped

    def find(self, tenant_id: TenantId, subject: str) -> bytes | None:
        row = self._row(tenant_id, subject)
        return None if row is None else row.wrapped

    def destroy(self, tenant_id: TenantId, subject: str, at: datetime) -> datetime:
        self._add(tenant_id, subject, None, destroyed_at=at)
        of_subject = owned(SUBJECT_KEY, tenant_id, subject=subject)
        intact = of_subject & SUBJECT_KEY.c.wrapped.is_not(None)
        end = sa.update(SUBJECT_KEY).where(intact).values(wrapped=None, destroyed_at=at)
        with self._database.of_tenant(tenant_id) as connection:
            connection.execute(end)
            destroyed: datetime = connection.execute(
                sa.select(SUBJECT_KEY.c.destroyed_at).where(of_subject)
            ).scalar_one()
        return destroyed

    def has_any(self, tenant_id: TenantId) -> bool:
        """Return whether a person of the tenant has a key, or the platform a signing key."""
        exists = sa.exists(SUBJECT_KEY.c.subject).where(
            owned(SUBJECT_KEY, tenant_id) & SUBJECT_KEY.c.wrapped.is_not(None)
        )
        signing = sa.exists(SIGNING_KEY.c.kid)
        with self._database.reading(tenant_id) as connection:
            return bool(connection.execute(sa.select(exists | signing)).scalar_one())

    def find_samples(self, tenant_id: TenantId) -> list[WrappedKey]:
        """Return a few keys of people of the tenant, and a few keys that sign tokens."""
        people = (
            sa.select(SUBJECT_KEY.c.subject, SUBJECT_KEY.c.wrapped)
            .where(owned(SUBJECT_KEY, tenant_id) & SUBJECT_KEY.c.wrapped.is_not(None))
            .limit(SAMPLE_SIZE)
        )
        signing = sa.select(SIGNING_KEY.c.kid, SIGNING_KEY.c.wrapped).limit(SAMPLE_SIZE)
        with self._database.reading(tenant_id) as connection:
            of_people = connection.execute(people).all()
            of_platform = connection.execute(signing).all()
        samples = [WrappedKey(tenant_id, row.subject, row.wrapped) for row in of_people]
        for row in of_platform:
            about = about_signing_key(row.kid)
            samples.append(WrappedKey(DEFAULT_TENANT, about, row.wrapped))
        return samples

    def _row(self, tenant_id: TenantId, subject: str) -> "sa.Row[tuple[bytes | None]] | None":
        query = sa.select(SUBJECT_KEY.c.wrapped).where(
            owned(SUBJECT_KEY, tenant_id, subject=subject)
        )
        with self._database.reading(tenant_id) as connection:
            return connection.execute(query).one_or_none()

    def _add(
        self,
        tenant_id: TenantId,
        subject: str,
        wrapped: bytes | None,
        destroyed_at: datetime | None = None,
    ) -> None:
        """Insert a key unless the subject has or had one, also under concurrency."""
        values = {
            "tenant_id": tenant_id,
            "subject": subject,
            "wrapped": wrapped,
            "destroyed_at": destroyed_at,
        }
        with self._database.of_tenant(tenant_id) as connection:
            add_once(connection, SUBJECT_KEY, values)
