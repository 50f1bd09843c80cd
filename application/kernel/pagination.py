"""Pagination arguments shared by REST and GraphQL."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from application.kernel.read_models import CursorInvalid, Edge, Page, Window
from domain.kernel import Rejected

Item = TypeVar("Item")

PAGE: Final = 20
LARGEST_PAGE: Final = 100


class PageTooLarge(Rejected):
    """A page has 0 to 100 rows. Ask for fewer."""

    code = "page.too_large"
    kind = "invalid"


def window(
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Window:
    """Return the requested part of a list. Default: the first 20 rows.

    Raises PageTooLarge, or PageInvalid if both `first` and `last` are given.
    """
    if first is None and last is None:
        first = PAGE
    if any(size is not None and not 0 <= size <= LARGEST_PAGE for size in (first, last)):
        raise PageTooLarge
    return Window(first=first, after=after, last=last, before=before)


def page_of(items: Sequence[Item], wanted: Window, id_of: Callable[[Item], str]) -> Page[Item]:
    """Return a page of a short list. A cursor is the id of an item, so items must keep their order.

    Raises CursorInvalid.
    """
    keys = [id_of(each) for each in items]
    begin, end = _place(keys, wanted.after, -1) + 1, _place(keys, wanted.before, len(keys))
    if wanted.first is not None:
        end = min(end, begin + wanted.first)
    elif wanted.last is not None:
        begin = max(begin, end - wanted.last)
    edges = tuple(Edge(id_of(each), id_of(each), each) for each in items[begin:end])
    return Page(edges, has_next=end < len(keys), has_previous=begin > 0)


def _place(keys: list[str], cursor: str | None, without: int) -> int:
    if cursor is None:
        return without
    try:
        return keys.index(cursor)
    except ValueError:
        raise CursorInvalid from None
