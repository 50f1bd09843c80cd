"""Rows of read models that belong to users: found by key and listed, as a caller may see them."""

from collections.abc import Collection
from typing import Protocol, TypeVar, cast

from application.caller import Caller
from application.kernel.read_models import Page, Window
from application.users.authorization import Kind
from domain.ids import UserId
from domain.kernel import Projection


class Owned(Protocol):
    """A row of one user."""

    @property
    def user_id(self) -> UserId: ...


Row = TypeVar("Row", bound=Owned)


def find_visible(
    caller: Caller, projection: Projection[Row], keys: Collection[str]
) -> dict[str, Row]:
    """Return the rows that the caller may see, by key."""
    kind = cast("Kind", projection.kind)
    rows = caller.platform.read.get_many(projection, caller.tenant_id, keys)
    return {key: row for key, row in rows.items() if caller.sees(kind, row.user_id)}


def newest_page(caller: Caller, projection: Projection[Row], wanted: Window) -> Page[Row]:
    """Return a page of the rows that the caller may see, newest first."""
    alone = caller.alone_with(cast("Kind", projection.kind))
    return caller.platform.read.page(
        projection,
        caller.tenant_id,
        window=wanted,
        where={} if alone is None else {"user_id": alone},
        order_by="created_at",
        descending=True,
    )
