"""Global ids and connections, by Relay's conventions (https://relay.dev/graphql/connections.htm)."""

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
    """A node is asked for by the `id` that another answer gave."""

    code = "node.id_invalid"
    kind = "invalid"


@strawberry.interface(description="Something with an id that is unique over all types.")
class Node:
    """Whatever `node(id)` can find."""

    id: strawberry.ID


def global_id(kind: str, key: str) -> strawberry.ID:
    """Name a thing uniquely over all types."""
    return strawberry.ID(b64encode(f"{kind}:{key}".encode()).decode())


def split(given: str) -> tuple[str, str]:
    """Take a global id apart into type and key. Raises GlobalIdInvalid."""
    try:
        kind, colon, key = b64decode(given, validate=True).decode().partition(":")
    except ValueError:
        raise GlobalIdInvalid from None
    if not colon:
        raise GlobalIdInvalid
    return kind, key


def key_of(kind: str, given: str) -> str:
    """Understand both ids of a thing: the global one, and its own."""
    try:
        found, key = split(given)
    except GlobalIdInvalid:
        return given
    return key if found == kind else given


@strawberry.type(description="A thing in a list, with the cursor that marks its place.")
class Edge(Generic[T]):
    """One item."""

    cursor: str
    node: T


@strawberry.type(description="Part of a list.")
class Connection(Generic[T]):
    """Items, and whether there are more."""

    edges: list[Edge[T]]
    page_info: PageInfo


def connection(page: Page[Row], node: Callable[[Row], T]) -> Connection[T]:
    """Tell a page of rows."""
    edges = [Edge(cursor=edge.cursor, node=node(edge.row)) for edge in page.edges]
    return connected(edges, has_next=page.has_next, has_previous=page.has_previous)


def connected(edges: list[Edge[T]], *, has_next: bool, has_previous: bool) -> Connection[T]:
    """Tell edges, and whether there are more on either side."""
    info = PageInfo(
        has_next_page=has_next,
        has_previous_page=has_previous,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges=edges, page_info=info)
