"""Single-use links on SQL, deleted when withdrawn, expired or redeemed.

A redeemed link to verify an address stays until it expires, so that opening it again can say so.
"""

from datetime import datetime

import sqlalchemy as sa

from adapters.users.database import IdentityDatabase
from adapters.users.tables import SINGLE_USE_LINK, owned
from application.users.ports import Link, LinkPurpose
from domain.ids import TenantId, UserId


class SqlSingleUseLinks:
    """Implements `SingleUseLinks` in the table `single_use_link`."""

    def __init__(self, database: IdentityDatabase) -> None:
        self._database = database

    def issue(self, link: Link, at: datetime) -> None:
        theirs = owned(SINGLE_USE_LINK, link.tenant_id, user_id=link.user_id)
        is_same = SINGLE_USE_LINK.c.digest == link.digest  # of an e-mail that is sent again
        replaced = theirs & ((SINGLE_USE_LINK.c.expires_at <= at) | is_same)
        row = {
            "tenant_id": link.tenant_id,
            "digest": link.digest,
            "purpose": link.purpose,
            "user_id": link.user_id,
            "expires_at": link.expires_at,
        }
        with self._database.of_tenant(link.tenant_id) as connection:
            connection.execute(sa.delete(SINGLE_USE_LINK).where(replaced))
            connection.execute(sa.insert(SINGLE_USE_LINK).values(row))

    def owner(
        self, tenant_id: TenantId, digest: bytes, purpose: LinkPurpose, at: datetime
    ) -> UserId | None:
        valid = _valid(tenant_id, digest, purpose, at)
        query = sa.select(SINGLE_USE_LINK.c.user_id).where(valid)
        with self._database.reading(tenant_id) as connection:
            user_id: str | None = connection.execute(query).scalar_one_or_none()
        return None if user_id is None else UserId(user_id)

    def redeem(
        self, tenant_id: TenantId, digest: bytes, purpose: LinkPurpose, at: datetime
    ) -> UserId | None:
        valid = _valid(tenant_id, digest, purpose, at)
        change = (
            sa.update(SINGLE_USE_LINK).values(purpose="email_verified")
            if purpose == "verify_email"
            else sa.delete(SINGLE_USE_LINK)
        )
        use = change.where(valid).returning(SINGLE_USE_LINK.c.user_id)
        with self._database.of_tenant(tenant_id) as connection:
            user_id: str | None = connection.execute(use).scalar_one_or_none()
        return None if user_id is None else UserId(user_id)

    def withdraw(self, tenant_id: TenantId, user_id: UserId, purpose: LinkPurpose) -> None:
        theirs = owned(SINGLE_USE_LINK, tenant_id, user_id=user_id, purpose=purpose)
        with self._database.of_tenant(tenant_id) as connection:
            connection.execute(sa.delete(SINGLE_USE_LINK).where(theirs))


def _valid(
    tenant_id: TenantId, digest: bytes, purpose: LinkPurpose, at: datetime
) -> sa.ColumnElement[bool]:
    this = owned(SINGLE_USE_LINK, tenant_id, digest=digest, purpose=purpose)
    return this & (SINGLE_USE_LINK.c.expires_at > at)
