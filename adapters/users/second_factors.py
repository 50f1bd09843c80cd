"""Second factors, recovery codes and confirmed sign-ins on SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.sql.inserts import add_once
from adapters.users.database import IdentityDatabase
from adapters.users.tables import (
    CONFIRMED_SIGN_IN,
    FACTOR_ATTEMPTS,
    PASSKEY,
    PASSKEY_CHALLENGE,
    RECOVERY_CODE,
    SECOND_FACTOR,
    owned,
)
from application.users.factor_ports import Attempts, StoredFactor
from domain.ids import TenantId, UserId


class SqlSecondFactors:
    """Implements `SecondFactors`."""

    def __init__(self, database: IdentityDatabase) -> None:
        self._database = database

    def put(self, factor: StoredFactor) -> None:
        with self._database.of_tenant(factor.tenant_id) as connection:
            connection.execute(sa.insert(SECOND_FACTOR).values(_row(factor)))

    def put_passkey(self, factor: StoredFactor, credential: bytes) -> bool:
        row = {
            "tenant_id": factor.tenant_id,
            "credential": credential,
            "user_id": factor.user_id,
            "factor_id": factor.id,
        }
        with self._database.of_tenant(factor.tenant_id) as connection:
            if not add_once(connection, PASSKEY, row):
                return False
            connection.execute(sa.insert(SECOND_FACTOR).values(_row(factor)))
            return True

    def find_passkey(self, tenant_id: TenantId, credential: bytes) -> StoredFactor | None:
        this = owned(PASSKEY, tenant_id, credential=credential)
        same = (
            (SECOND_FACTOR.c.tenant_id == PASSKEY.c.tenant_id)
            & (SECOND_FACTOR.c.user_id == PASSKEY.c.user_id)
            & (SECOND_FACTOR.c.id == PASSKEY.c.factor_id)
        )
        return next(iter(self._find(tenant_id, sa.exists().where(this & same))), None)

    def list_all(self, tenant_id: TenantId, user_id: UserId) -> Sequence[StoredFactor]:
        theirs = owned(SECOND_FACTOR, tenant_id, user_id=user_id)
        return self._find(tenant_id, theirs)

    def advance(self, factor: StoredFactor, counter: int) -> bool:
        this = owned(SECOND_FACTOR, factor.tenant_id, user_id=factor.user_id, id=factor.id)
        later = this & (SECOND_FACTOR.c.counter < counter)
        with self._database.of_tenant(factor.tenant_id) as connection:
            change = sa.update(SECOND_FACTOR).where(later).values(counter=counter)
            return connection.execute(change).rowcount == 1

    def remove(self, tenant_id: TenantId, user_id: UserId, factor_ids: Sequence[str]) -> None:
        theirs = owned(SECOND_FACTOR, tenant_id, user_id=user_id)
        with self._database.of_tenant(tenant_id) as connection:
            which = theirs & SECOND_FACTOR.c.id.in_(factor_ids)
            connection.execute(sa.delete(SECOND_FACTOR).where(which))
            passkeys = owned(PASSKEY, tenant_id, user_id=user_id)
            which = passkeys & PASSKEY.c.factor_id.in_(factor_ids)
            connection.execute(sa.delete(PASSKEY).where(which))

    def remove_unused(
        self, tenant_id: TenantId, user_id: UserId, factor_ids: Sequence[str]
    ) -> None:
        theirs = owned(SECOND_FACTOR, tenant_id, user_id=user_id, counter=0)
        with self._database.of_tenant(tenant_id) as connection:
            which = theirs & SECOND_FACTOR.c.id.in_(factor_ids)
            connection.execute(sa.delete(SECOND_FACTOR).where(which))

    def remove_all(self, tenant_id: TenantId, user_id: UserId) -> None:
        tables = (
            SECOND_FACTOR, PASSKEY, PASSKEY_CHALLENGE, RECOVERY_CODE, FACTOR_ATTEMPTS,
            CONFIRMED_SIGN_IN,
        )  # fmt: skip
        with self._database.of_tenant(tenant_id) as connection:
            for table in tables:
                connection.execute(sa.delete(table).where(owned(table, tenant_id, user_id=user_id)))

    def replace_codes(self, tenant_id: TenantId, user_id: UserId, digests: Sequence[bytes]) -> None:
        common = {"tenant_id": tenant_id, "user_id": user_id}
        theirs = owned(RECOVERY_CODE, tenant_id, user_id=user_id)
        with self._database.of_tenant(tenant_id) as connection:
            connection.execute(sa.delete(RECOVERY_CODE).where(theirs))
            for digest in digests:
                connection.execute(sa.insert(RECOVERY_CODE).values({**common, "digest": digest}))

    def use_code(self, tenant_id: TenantId, user_id: UserId, digest: bytes) -> bool:
        this = owned(RECOVERY_CODE, tenant_id, user_id=user_id, digest=digest)
        with self._database.of_tenant(tenant_id) as connection:
            return connection.execute(sa.delete(RECOVERY_CODE).where(this)).rowcount == 1

    def count_codes(self, tenant_id: TenantId, user_id: UserId) -> int:
        theirs = owned(RECOVERY_CODE, tenant_id, user_id=user_id)
        query = sa.select(sa.func.count()).select_from(RECOVERY_CODE).where(theirs)
        with self._database.reading(tenant_id) as connection:
            return int(connection.execute(query).scalar_one())

    def begin_attempt(
        self, tenant_id: TenantId, user_id: UserId, at: datetime, limits: Attempts
    ) -> bool:
        theirs = owned(FACTOR_ATTEMPTS, tenant_id, user_id=user_id)
        first = {"tenant_id": tenant_id, "user_id": user_id, "failures": 0, "last_at": at}
        with self._database.of_tenant(tenant_id) as connection:
            add_once(connection, FACTOR_ATTEMPTS, first)
            row: Any = connection.execute(
                sa.select(FACTOR_ATTEMPTS).where(theirs).with_for_update()
            ).one()
            if row.failures and at < row.last_at + limits.wait_after(row.failures):
                return False
            change = {"failures": row.failures + 1, "last_at": at}
            connection.execute(sa.update(FACTOR_ATTEMPTS).where(theirs).values(change))
            return True

    def end_attempts(self, tenant_id: TenantId, user_id: UserId) -> None:
        theirs = owned(FACTOR_ATTEMPTS, tenant_id, user_id=user_id)
        with self._database.of_tenant(tenant_id) as connection:
            connection.execute(sa.delete(FACTOR_ATTEMPTS).where(theirs))

    def confirm(self, tenant_id: TenantId, user_id: UserId, sign_in_id: UUID, at: datetime) -> None:
        key = {"sign_in_id": sign_in_id}
        row = {"tenant_id": tenant_id, "user_id": user_id, "confirmed_at": at, **key}
        this = owned(CONFIRMED_SIGN_IN, tenant_id, **key)
        with self._database.of_tenant(tenant_id) as connection:
            add_once(connection, CONFIRMED_SIGN_IN, row)
            change = sa.update(CONFIRMED_SIGN_IN).where(this).values(confirmed_at=at)
            connection.execute(change)

    def confirmed_at(self, tenant_id: TenantId, sign_in_id: UUID) -> datetime | None:
        this = owned(CONFIRMED_SIGN_IN, tenant_id, sign_in_id=sign_in_id)
        query = sa.select(CONFIRMED_SIGN_IN.c.confirmed_at).where(this)
        with self._database.reading(tenant_id) as connection:
            at: datetime | None = connection.execute(query).scalar_one_or_none()
        return at

    def _find(self, tenant_id: TenantId, which: sa.ColumnElement[bool]) -> Sequence[StoredFactor]:
        query = sa.select(SECOND_FACTOR).where(which).order_by(SECOND_FACTOR.c.added_at)
        with self._database.reading(tenant_id) as connection:
            rows: list[Any] = list(connection.execute(query))
        return [
            StoredFactor(
                tenant_id=tenant_id,
                user_id=UserId(row.user_id),
                id=row.id,
                kind=row.kind,
                sealed=row.sealed,
                counter=row.counter,
                added_at=row.added_at,
            )
            for row in rows
        ]


def _row(factor: StoredFactor) -> dict[str, Any]:
    return {
        "tenant_id": factor.tenant_id,
        "user_id": factor.user_id,
        "id": factor.id,
        "kind": factor.kind,
        "sealed": factor.sealed,
        "counter": factor.counter,
        "added_at": factor.added_at,
    }
