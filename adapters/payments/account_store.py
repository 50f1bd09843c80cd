"""Own accounts of tenants at gateways, on SQL. Their keys are encrypted."""

from typing import Final

import msgspec
import sqlalchemy as sa

from adapters.jobs.sql import SCHEMA
from adapters.sql.columns import TEXT, Instant
from adapters.sql.engines import make_once
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import upsert
from adapters.sql.row_security import tenant_transaction
from application.kernel.encryption import FieldCipher, SealBroken
from application.payments.accounts import StoredAccounts
from domain.ids import TenantId, UserId

NAMED: Final = "The accounts at gateways"

SUBJECT: Final = UserId("#payment-gateways")
"""Name of the key that encrypts them, beside those of people; no person's id begins with `#`."""

METADATA: Final = sa.MetaData()

ACCOUNTS: Final = sa.Table(
    "gateway_accounts",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("mode", TEXT, nullable=False),
    sa.Column("gateways", TEXT, nullable=False),
    sa.Column("settings", sa.LargeBinary, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
)
"""`gateways` are separated by commas. `settings` is encrypted JSON."""


class SqlAccountStore:
    """Implements `AccountStore` in the table `gateway_accounts`, and creates it.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`.
    """

    def __init__(self, engine: sa.Engine, cipher: FieldCipher) -> None:
        self._engine = engine
        self._cipher = cipher
        with storage_errors(NAMED):
            make_once(engine, schema=SCHEMA, marker_table=ACCOUNTS.name, make=METADATA.create_all)

    def get(self, tenant_id: TenantId) -> StoredAccounts | None:
        query = sa.select(ACCOUNTS).where(ACCOUNTS.c.tenant_id == tenant_id)
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        content = self._cipher.unseal(
            row["settings"], tenant_id=tenant_id, subject=SUBJECT, place=_place(tenant_id)
        )
        if content is None:
            raise SealBroken
        return StoredAccounts(
            mode=row["mode"],
            gateways=tuple(row["gateways"].split(",")),
            settings=msgspec.json.decode(content, type=dict[str, str]),
            changed_at=row["changed_at"],
        )

    def put(self, tenant_id: TenantId, accounts: StoredAccounts) -> None:
        values = {
            "tenant_id": tenant_id,
            "mode": accounts.mode,
            "gateways": ",".join(accounts.gateways),
            "settings": self._cipher.seal(
                msgspec.json.encode(dict(accounts.settings)),
                tenant_id=tenant_id,
                subject=SUBJECT,
                place=_place(tenant_id),
            ),
            "changed_at": accounts.changed_at,
        }
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            upsert(connection, ACCOUNTS, values)

    def remove(self, tenant_id: TenantId) -> None:
        removing = sa.delete(ACCOUNTS).where(ACCOUNTS.c.tenant_id == tenant_id)
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            connection.execute(removing)

    def is_empty(self) -> bool:
        query = sa.select(sa.exists(sa.select(ACCOUNTS.c.tenant_id)))
        with storage_errors(NAMED), self._engine.begin() as connection:
            return not connection.execute(query).scalar_one()


def _place(tenant_id: TenantId) -> bytes:
    """Return what binds the encrypted settings to their tenant."""
    return b"gateway accounts " + tenant_id.encode()
