"""Global ids and connections (Relay: https://relay.dev/graphql/connections.htm)."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Generic, TypeVar

import strawberry
from strawberry.relay import PageInfo

from application.kernel.read_models import Page
from domain.kernel import Rejected

T = TypeVar("T")
Row = TypeVar("Row")


class GlobalIdInvalid(Rejected):
    """The global id is invalid. Use the `id` of another response."""

    code = "node.id_invalid"
    kind = "invalid"


@strawberry.interface(description="An object with a globally unique id.")
class Node:
    """An object that `node(id)` can return."""

    id: strawberry.ID


def global_id(kind: str, key: str) -> strawberry.ID:
    """Return the global id of a type and key."""
    return strawberry.ID(b64encode(f"{kind}:{key}".encode()).decode())


def split(value: str) -> tuple[str, str]:
    """Return type and key of a global id. Raises GlobalIdInvalid."""
    try:
        kind, colon, key = b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        raise GlobalIdInvalid from None
    if not colon:
        raise GlobalIdInvalid
    return kind, key


def key_of(kind: str, value: str) -> str:
    """Return the key of an object, given its global id or its own."""
    try:
        kind_, key = split(value)
    except GlobalIdInvalid:
        return value
    return key if kind_ == kind else value


@strawberry.type(description="An item and its cursor.")
class Edge(Generic[T]):
    """An item of a connection."""

    cursor: str
    node: T


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    """Items, and whether there are more."""

    edges: list[Edge[T]]
    page_info: PageInfo


def connection(page: Page[Row], node: Callable[[Row], T | None]) -> Connection[T]:
    """Return the connection of a page of rows, without those that have no node.

    Its cursors are those of the whole page: the list goes on after a page without nodes, too.
    """
    nodes = [(edge.cursor, node(edge.row)) for edge in page.edges]
    edges = [Edge(cursor=cursor, node=found) for cursor, found in nodes if found is not None]
    cursors = [cursor for cursor, _ in nodes]
    info = _page_info(cursors, has_next=page.has_next, has_previous=page.has_previous)
    return Connection(edges=edges, page_info=info)


def connection_of(edges: list[Edge[T]], *, has_next: bool, has_previous: bool) -> Connection[T]:
    """Return the connection of edges, and whether there are more on either side."""
    cursors = [edge.cursor for edge in edges]
    info = _page_info(cursors, has_next=has_next, has_previous=has_previous)
    return Connection(edges=edges, page_info=info)


def _page_info(cursors: list[str], *, has_next: bool, has_previous: bool) -> PageInfo:
    return PageInfo(
        has_next_page=has_next,
        has_previous_page=has_previous,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
