"""Record of each tenant's newest daily anchor on SQL, apart from the anchors themselves."""

import sqlalchemy as sa

from adapters.sql.inserts import upsert
from adapters.users.database import IdentityDatabase
from adapters.users.tables import NEWEST_ANCHOR
from application.audit.verification import AnchorLink
from domain.ids import TenantId


class SqlNewestAnchors:
    """Implements `application.audit.stored_anchors.NewestAnchors` on the table `newest_anchor`."""

    def __init__(self, database: IdentityDatabase) -> None:
        self._database = database

    def find(self, tenant_id: TenantId) -> AnchorLink | None:
        found = sa.select(NEWEST_ANCHOR).where(NEWEST_ANCHOR.c.tenant == tenant_id)
        with self._database.of_platform() as connection:
            row = connection.execute(found).first()
        return None if row is None else AnchorLink(row.name, bytes(row.digest))

    def save(self, tenant_id: TenantId, newest: AnchorLink) -> None:
        row = {"tenant": tenant_id, "name": newest.name, "digest": newest.digest}
        with self._database.of_platform() as connection:
            upsert(connection, NEWEST_ANCHOR, row)

    def tenants(self) -> list[TenantId]:
        with self._database.of_platform() as connection:
            tenants = connection.execute(sa.select(NEWEST_ANCHOR.c.tenant)).scalars()
            return [TenantId(each) for each in tenants]
