"""The usual queries of read models, each prepared once: the end of a list, and rows by a column.

They return None where a query is unusual, for `SqlReadModels` to build it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from adapters.read_models.database import Database
from adapters.read_models.keyset_pagination import Ordering, conditions
from adapters.read_models.prepared import (
    TENANT,
    Prepared,
    Shape,
    is_preparable,
    owners_of,
    prepare,
    shape_of,
    where_of,
)
from adapters.read_models.row_guard import Reader
from adapters.read_models.tables import RowTable
from application.kernel.read_models import Scalar, Where, Window
from domain.ids import TenantId

LIMIT = "limit"


def sliced(
    ordering: Ordering, listed: list[Any], window: Window, limit: int | sa.BindParameter[int]
) -> sa.Select[*tuple[Any, ...]]:
    """Select a window, nearest to its cursor first; one more row shows whether there is more."""
    rows = ordering.rows
    bounds: list[sa.ColumnElement[bool]] = []
    if window.after is not None:
        bounds.append(ordering.beyond(window.after, backward=False))
    if window.before is not None:
        bounds.append(ordering.beyond(window.before, backward=True))
    return (
        sa.select(rows.key, ordering.column, *rows.columns)
        .where(*listed, *bounds)
        .order_by(*ordering.clauses(backward=window.backward))
        .limit(limit)
    )


@dataclass(frozen=True)
class KeptQueries:
    """Queries of one table by one reader in one tenant."""

    database: Database
    rows: RowTable
    tenant_id: TenantId
    reader: Reader

    def end_of_list(
        self, ordering: Ordering, where: Where | None, window: Window
    ) -> list[list[Any]] | None:
        """Read a window without cursors: key, sorted value and fields of each row."""
        shaped = shape_of(where)
        is_end = window.after is None and window.before is None
        if shaped is None or not is_end or not is_preparable(self.reader):
            return None
        shape, values = shaped

        def prepared(dialect: sa.Dialect) -> Prepared:
            limit: sa.BindParameter[int] = sa.bindparam(LIMIT, type_=sa.Integer)
            query = sliced(ordering, self._listed(shape), window, limit)
            columns = (self.rows.key, ordering.column, *self.rows.columns)
            return prepare(query, columns, self.rows, owners_of(self.reader), dialect)

        whole = (self.rows.table, ordering.label, window.backward, shape, owners_of(self.reader))
        bound = {**values, TENANT: self.tenant_id, LIMIT: window.size + 1}
        return self.database.fetch(self.database.prepared(whole, prepared), bound, self.reader)

    def by(self, column: sa.Column[Any], owners: Collection[Scalar]) -> list[list[Any]] | None:
        """Read the rows with these values of a column: it, and the fields, in order of key."""
        shaped = shape_of({column.name: tuple(owners)})
        if shaped is None or not is_preparable(self.reader):
            return None
        shape, values = shaped

        def prepared(dialect: sa.Dialect) -> Prepared:
            columns = (column, *self.rows.columns)
            query = sa.select(*columns).where(*self._listed(shape)).order_by(self.rows.key)
            return prepare(query, columns, self.rows, owners_of(self.reader), dialect)

        query = self.database.prepared((self.rows.table, shape, owners_of(self.reader)), prepared)
        return self.database.fetch(query, {**values, TENANT: self.tenant_id}, self.reader)

    def _listed(self, shape: Shape) -> list[Any]:
        """Return the conditions of a shape; it has none that names another read model."""
        tenant: Any = sa.bindparam(TENANT, type_=self.rows.tenant_id.type)
        return conditions(self.rows, tenant, where_of(shape, self.rows), lambda _: self.reader)
