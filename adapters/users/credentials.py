"""Credentials and the identity index on SQL."""

from datetime import datetime

import sqlalchemy as sa

from adapters.encryption.blind_index import BlindIndex
from adapters.sql.inserts import add_once
from adapters.users.database import IdentityDatabase
from adapters.users.tables import CREDENTIAL, IDENTITIES, SINGLE_USE_LINK, owned
from application.users.ports import IdentityKind
from domain.ids import TenantId, UserId


class SqlCredentials:
    """Implements `Credentials` in the table `credential`."""

    def __init__(self, database: IdentityDatabase) -> None:
        self._database = database

    def find(self, tenant_id: TenantId, user_id: UserId) -> str | None:
        query = sa.select(CREDENTIAL.c.password_hash).where(
            owned(CREDENTIAL, tenant_id, user_id=user_id)
        )
        with self._database.reading(tenant_id) as connection:
            password_hash: str | None = connection.execute(query).scalar_one_or_none()
        return password_hash

    def put(self, tenant_id: TenantId, user_id: UserId, hashed: str, at: datetime) -> None:
        with self._database.of_tenant(tenant_id) as connection:
            _put(connection, tenant_id, user_id, hashed, at)

    def put_by_link(
        self, tenant_id: TenantId, digest: bytes, hashed: str, at: datetime, *, until: datetime
    ) -> UserId | None:
        this = owned(SINGLE_USE_LINK, tenant_id, digest=digest, purpose="reset_password")
        use = (
            sa.update(SINGLE_USE_LINK)
            .where(this & (SINGLE_USE_LINK.c.expires_at > at))
            .values(purpose="password_reset", expires_at=until)
            .returning(SINGLE_USE_LINK.c.user_id)
        )
        with self._database.of_tenant(tenant_id) as connection:
            user_id: str | None = connection.execute(use).scalar_one_or_none()
            if user_id is None:
                return None
            _put(connection, tenant_id, UserId(user_id), hashed, at)
        return UserId(user_id)

    def replace(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        hashed: str | None,
        *,
        expected: str | None,
        at: datetime,
    ) -> bool:
        of_user = owned(CREDENTIAL, tenant_id, user_id=user_id)
        this = of_user & (CREDENTIAL.c.password_hash == expected)
        values = {"password_hash": hashed, "set_at": at}
        with self._database.of_tenant(tenant_id) as connection:
            if hashed is None:
                return connection.execute(sa.delete(CREDENTIAL).where(this)).rowcount > 0
            if expected is None:
                row = {"tenant_id": tenant_id, "user_id": user_id, **values}
                return add_once(connection, CREDENTIAL, row)
            return connection.execute(sa.update(CREDENTIAL).where(this).values(values)).rowcount > 0

    def remove(self, tenant_id: TenantId, user_id: UserId) -> None:
        of_user = owned(CREDENTIAL, tenant_id, user_id=user_id)
        with self._database.of_tenant(tenant_id) as connection:
            connection.execute(sa.delete(CREDENTIAL).where(of_user))


def _put(
    connection: sa.Connection, tenant_id: TenantId, user_id: UserId, hashed: str, at: datetime
) -> None:
    values = {"password_hash": hashed, "set_at": at}
    row = {"tenant_id": tenant_id, "user_id": user_id, **values}
    change = sa.update(CREDENTIAL).where(owned(CREDENTIAL, tenant_id, user_id=user_id))
    add_once(connection, CREDENTIAL, row)
    connection.execute(change.values(values))


class SqlIdentityIndex:
    """Implements `IdentityIndex` in the table `identities(provider, subject)`.

    Subjects are stored as digests.
    """

    def __init__(self, database: IdentityDatabase, index: BlindIndex) -> None:
        self._database = database
        self._index = index

    def claim(
        self, tenant_id: TenantId, kind: IdentityKind, subject: str, user_id: UserId
    ) -> UserId:
        digest = self._index.digest(tenant_id, kind, subject)
        key = {"provider": kind, "subject": digest}
        row = {"tenant_id": tenant_id, "user_id": user_id, **key}
        owner = sa.select(IDENTITIES.c.user_id).where(owned(IDENTITIES, tenant_id, **key))
        with self._database.of_tenant(tenant_id) as connection:
            add_once(connection, IDENTITIES, row)
            return UserId(connection.execute(owner).scalar_one())

    def find(self, tenant_id: TenantId, kind: IdentityKind, subject: str) -> UserId | None:
        digest = self._index.find_digest(tenant_id, kind, subject)
        if digest is None:
            return None
        query = sa.select(IDENTITIES.c.user_id).where(
            owned(IDENTITIES, tenant_id, provider=kind, subject=digest)
        )
        with self._database.reading(tenant_id) as connection:
            user_id: str | None = connection.execute(query).scalar_one_or_none()
        return None if user_id is None else UserId(user_id)

    def has_any(self, tenant_id: TenantId) -> bool:
        query = sa.select(IDENTITIES.c.user_id).where(owned(IDENTITIES, tenant_id)).limit(1)
        with self._database.reading(tenant_id) as connection:
            return connection.execute(query).first() is not None

    def release(self, tenant_id: TenantId, user_id: UserId, kind: IdentityKind) -> None:
        self._delete(tenant_id, owned(IDENTITIES, tenant_id, user_id=user_id, provider=kind))

    def release_all(self, tenant_id: TenantId, user_id: UserId) -> None:
        self._delete(tenant_id, owned(IDENTITIES, tenant_id, user_id=user_id))

    def _delete(self, tenant_id: TenantId, which: sa.ColumnElement[bool]) -> None:
        with self._database.of_tenant(tenant_id) as connection:
            connection.execute(sa.delete(IDENTITIES).where(which))
