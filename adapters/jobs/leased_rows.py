"""Leases on rows of a job table: claimed in turns, extended and changed by their owner only."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from adapters.sql.columns import TEXT
from adapters.sql.engines import is_postgresql
from adapters.sql.errors import storage_errors
from adapters.sql.row_security import tenant_transaction
from domain.ids import TenantId

SERVER_NOW: Final[sa.ColumnElement[float]] = sa.cast(
    sa.extract("epoch", sa.func.clock_timestamp()), sa.Double
)
FILE_NOW: Final[sa.ColumnElement[float]] = (sa.func.julianday("now") - 2440587.5) * 86400.0
"""Seconds since 1970; 2440587.5 is the Julian day of its first moment."""

UNFINISHED: Final = ("queued", "running")


def lease_columns() -> list[sa.Column[Any]]:
    """Return new columns of a lease.

    `until` is its expiry in seconds since 1970 by the database's clock. `turn` numbers the claims
    of all jobs: who has the lowest last turn is next.
    """
    return [
        sa.Column("state", TEXT, nullable=False, index=True),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("turn", sa.BigInteger, nullable=False, server_default="0", index=True),
        sa.Column("owner", sa.Uuid),
        sa.Column("until", sa.Double, nullable=False, server_default="0"),
    ]


@dataclass(frozen=True)
class LeasedRows:
    """Leases on the rows of a table with `lease_columns`.

    Tenants take turns, and so do the users of a tenant. Every method raises StorageUnavailable.
    """

    engine: sa.Engine
    table: sa.Table
    user: str
    fields: tuple[str, ...]
    named: str

    def claim(self, owner: UUID, lease_s: float, **required: str) -> sa.RowMapping | None:
        """Lease an unfinished row without an owner; return None if there is none.

        `required`: values that columns of the row have.
        """
        row, query = self.table.c, self._query_of_first(required)
        while True:
            with storage_errors(self.named), self.engine.begin() as connection:
                found = connection.execute(query, required).mappings().first()
            if found is None:
                return None
            free = self._free([row[name] == value for name, value in required.items()])
            lease = {"owner": owner, "until": self._now + lease_s, "attempts": row.attempts + 1}
            this = (row.tenant_id == found["tenant_id"]) & (row.id == found["id"])
            claim = sa.update(self.table).where(this, free)
            with self.transaction(found["tenant_id"]) as connection:
                turn = {**lease, "turn": found["next_turn"]}
                claimed = connection.execute(claim.values(turn).returning(*self.columns))
                if (row_claimed := claimed.mappings().first()) is not None:
                    return row_claimed
            # another owner was faster

    def change(
        self, owner: UUID, key: tuple[TenantId, UUID], lease_s: float, values: dict[str, Any]
    ) -> bool:
        """Change a leased row and extend its lease; return False if the lease was lost."""
        tenant_id, job_id = key
        row = self.table.c
        held = (row.tenant_id == tenant_id) & (row.id == job_id) & (row.owner == owner)
        update = sa.update(self.table).where(held).values(**values, until=self._now + lease_s)
        with self.transaction(tenant_id) as connection:
            return connection.execute(update).rowcount == 1

    def transaction(self, tenant_id: TenantId) -> AbstractContextManager[sa.Connection]:
        """Open a transaction within one tenant."""
        return tenant_transaction(self.engine, tenant_id, self.named)

    @cached_property
    def columns(self) -> list[sa.Column[Any]]:
        """Columns of a job."""
        return [self.table.c[name] for name in self.fields]

    @cached_property
    def _now(self) -> sa.ColumnElement[float]:
        return SERVER_NOW if is_postgresql(self.engine) else FILE_NOW

    def _free(self, conditions: Iterable[sa.ColumnElement[bool]]) -> sa.ColumnElement[bool]:
        row = self.table.c
        return sa.and_(row.state.in_(UNFINISHED), row.until <= self._now, *conditions)

    def _query_of_first(self, columns: Iterable[str]) -> sa.Select[Any]:
        """Return the query of the next free row, with parameters of these columns' names."""
        names = tuple(columns)
        if names not in self._queries:
            self._queries[names] = self._make_query(names)
        return self._queries[names]

    @cached_property
    def _queries(self) -> dict[tuple[str, ...], sa.Select[Any]]:
        """Queries by their parameters: workers ask every second, and making one is slow."""
        return {}

    def _make_query(self, names: Iterable[str]) -> sa.Select[Any]:
        row, earlier = self.table.c, self.table.alias("earlier")

        def last(*of: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
            return sa.select(sa.func.max(earlier.c.turn)).where(*of).scalar_subquery()

        of_tenant = earlier.c.tenant_id == row.tenant_id
        of_user = earlier.c[self.user] == row[self.user]
        next_turn = sa.select(sa.func.coalesce(sa.func.max(earlier.c.turn), 0) + 1)
        first = sa.select(*self.columns, next_turn.scalar_subquery().label("next_turn"))
        free = self._free([row[name] == sa.bindparam(name) for name in names])
        order = (last(of_tenant), last(of_tenant, of_user), row.created_at)
        return first.where(free).order_by(*order).limit(1)
