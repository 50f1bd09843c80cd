"""Sign-ins and refresh tokens on SQL.

The row of a sign-in is locked while one of its tokens is used. Only the sign-in, and whether the
token was used, decide its validity, so ending a sign-in also covers tokens issued concurrently.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.users.database import IdentityDatabase
from adapters.users.tables import CONFIRMED_SIGN_IN, REFRESH_TOKEN, SIGN_IN, owned
from application.users.ports import (
    ActiveSignIn,
    Inactive,
    Reused,
    Rotated,
    Rotation,
    SignIn,
    Superseded,
)
from domain.ids import TenantId, UserId


class SqlSignIns:
    """Implements `SignIns` in the tables `sign_in` and `refresh_token`."""

    def __init__(self, database: IdentityDatabase) -> None:
        self._database = database

    def begin(self, sign_in: SignIn, digest: bytes) -> None:
        row = {
            "tenant_id": sign_in.tenant_id,
            "id": sign_in.id,
            "user_id": sign_in.user_id,
            "began_at": sign_in.began_at,
            "expires_at": sign_in.expires_at,
        }
        with self._database.of_tenant(sign_in.tenant_id) as connection:
            _delete_expired(connection, sign_in)
            connection.execute(sa.insert(SIGN_IN).values(row))
            _issue(connection, sign_in, digest, sign_in.began_at)

    def rotate(
        self,
        tenant_id: TenantId,
        digest: bytes,
        *,
        successor: bytes,
        at: datetime,
        leeway: timedelta = timedelta(0),
    ) -> Rotation:
        token = owned(REFRESH_TOKEN, tenant_id, digest=digest)
        use = sa.update(REFRESH_TOKEN).where(token & REFRESH_TOKEN.c.used_at.is_(None))
        with self._database.of_tenant(tenant_id) as connection:
            sign_in = _lock_active(connection, tenant_id, digest, at)
            if sign_in is None:
                return Inactive()
            if connection.execute(use.values(used_at=at)).rowcount:
                _issue(connection, sign_in, successor, at)
                return Rotated(sign_in)
            recent = token & (REFRESH_TOKEN.c.used_at > at - leeway)
            issued = _token(connection, owned(REFRESH_TOKEN, tenant_id, digest=successor))
            if issued is None or _token(connection, recent) is None:
                _end(connection, owned(SIGN_IN, tenant_id, id=sign_in.id), at)
                return Reused(sign_in)
            return Rotated(sign_in) if issued.used_at is None else Superseded(sign_in)

    def find(
        self, tenant_id: TenantId, digest: bytes, at: datetime, *, leeway: timedelta
    ) -> SignIn | None:
        used_at = REFRESH_TOKEN.c.used_at
        fresh = used_at.is_(None) | (used_at > at - leeway)
        valid = owned(REFRESH_TOKEN, tenant_id, digest=digest) & fresh
        with self._database.reading(tenant_id) as connection:
            return _find(connection, tenant_id, _of_token(tenant_id, valid) & _is_active(at))

    def end(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> None:
        with self._database.of_tenant(tenant_id) as connection:
            _end(connection, owned(SIGN_IN, tenant_id, id=sign_in_id), at)

    def end_all(self, tenant_id: TenantId, user_id: UserId, at: datetime) -> Sequence[UUID]:
        theirs = owned(SIGN_IN, tenant_id, user_id=user_id)
        query = sa.select(SIGN_IN.c.id).where(theirs & (SIGN_IN.c.expires_at > at))
        with self._database.of_tenant(tenant_id) as connection:
            _end(connection, theirs, at)
            return connection.execute(query).scalars().all()

    def is_live(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> bool:
        active = owned(SIGN_IN, tenant_id, id=sign_in_id) & _is_active(at)
        with self._database.reading(tenant_id) as connection:
            return connection.execute(sa.select(SIGN_IN.c.id).where(active)).first() is not None

    def list_active(
        self, tenant_id: TenantId, user_id: UserId, at: datetime
    ) -> Sequence[ActiveSignIn]:
        seen = sa.func.max(REFRESH_TOKEN.c.issued_at).label("seen")
        of_it = owned(REFRESH_TOKEN, tenant_id) & (REFRESH_TOKEN.c.sign_in_id == SIGN_IN.c.id)
        last = sa.select(seen).where(of_it).scalar_subquery()
        theirs = owned(SIGN_IN, tenant_id, user_id=user_id) & _is_active(at)
        query = sa.select(SIGN_IN, last.label("last_seen_at")).where(theirs)
        with self._database.reading(tenant_id) as connection:
            rows: list[Any] = list(connection.execute(query))
        active = [ActiveSignIn(_sign_in(tenant_id, row), row.last_seen_at) for row in rows]
        return sorted(active, key=lambda each: each.last_seen_at, reverse=True)


def _delete_expired(connection: sa.Connection, new: SignIn) -> None:
    """Delete the expired sign-ins of the user who signs in, so that no other cleanup is needed."""
    theirs = owned(SIGN_IN, new.tenant_id, user_id=new.user_id)
    expired = theirs & (SIGN_IN.c.expires_at <= new.began_at)
    ids = sa.select(SIGN_IN.c.id).where(expired)
    for table in (REFRESH_TOKEN, CONFIRMED_SIGN_IN):
        of_them = owned(table, new.tenant_id) & table.c.sign_in_id.in_(ids)
        connection.execute(sa.delete(table).where(of_them))
    connection.execute(sa.delete(SIGN_IN).where(expired))


def _is_active(at: datetime) -> sa.ColumnElement[bool]:
    return SIGN_IN.c.ended_at.is_(None) & (SIGN_IN.c.expires_at > at)


def _lock_active(
    connection: sa.Connection, tenant_id: TenantId, digest: bytes, at: datetime
) -> SignIn | None:
    """Return the active sign-in of a token, and lock it for the rest of the transaction."""
    token = owned(REFRESH_TOKEN, tenant_id, digest=digest)
    active = _of_token(tenant_id, token) & _is_active(at)
    return _find(connection, tenant_id, active, locked=True)


def _of_token(tenant_id: TenantId, token: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    of_token = sa.select(REFRESH_TOKEN.c.sign_in_id).where(token)
    return owned(SIGN_IN, tenant_id) & (SIGN_IN.c.id == of_token.scalar_subquery())


def _find(
    connection: sa.Connection,
    tenant_id: TenantId,
    which: sa.ColumnElement[bool],
    *,
    locked: bool = False,
) -> SignIn | None:
    query = sa.select(SIGN_IN).where(which)
    row: Any = connection.execute(query.with_for_update() if locked else query).one_or_none()
    return None if row is None else _sign_in(tenant_id, row)


def _sign_in(tenant_id: TenantId, row: Any) -> SignIn:
    return SignIn(
        tenant_id=tenant_id,
        id=row.id,
        user_id=UserId(row.user_id),
        began_at=row.began_at,
        expires_at=row.expires_at,
    )


def _token(connection: sa.Connection, which: sa.ColumnElement[bool]) -> Any:
    """Return the row of a refresh token, or None."""
    return connection.execute(sa.select(REFRESH_TOKEN).where(which)).one_or_none()


def _issue(connection: sa.Connection, sign_in: SignIn, digest: bytes, at: datetime) -> None:
    row = {
        "tenant_id": sign_in.tenant_id,
        "digest": digest,
        "sign_in_id": sign_in.id,
        "issued_at": at,
    }
    connection.execute(sa.insert(REFRESH_TOKEN).values(row))


def _end(connection: sa.Connection, which: sa.ColumnElement[bool], at: datetime) -> None:
    active = which & SIGN_IN.c.ended_at.is_(None)
    connection.execute(sa.update(SIGN_IN).where(active).values(ended_at=at))
