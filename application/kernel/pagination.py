"""Pagination arguments shared by REST and GraphQL."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from application.kernel.read_models import CursorInvalid, Edge, Page, Window
from domain.kernel import Rejected

Item = TypeVar("Item")

PAGE: Final = 20
LARGEST_PAGE: Final = 100

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)

CURSOR: Final = re.compile(r"([0-9]{1,17})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
"""Microseconds since 1970, up to the year 5138, and an id."""


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

    No item vanishes from the list. Raises CursorInvalid.
    """
    keys = [id_of(each) for each in items]
    begin, end = _place(keys, wanted.after, -1) + 1, _place(keys, wanted.before, len(keys))
    return _part(items, keys, wanted, begin, end)


def page_by_time(
    items: Iterable[Item], wanted: Window, moment_of: Callable[[Item], tuple[datetime, UUID]]
) -> Page[Item]:
    """Return a page of a short list, newest first, from which items vanish.

    `moment_of` returns the time and the id of an item. A cursor has both, so it leads to the same
    place after its item has vanished. Raises CursorInvalid.
    """
    newest = sorted(items, key=moment_of, reverse=True)
    moments = [moment_of(each) for each in newest]
    begin, end = 0, len(newest)
    if wanted.after is not None:
        after = _moment(wanted.after)
        begin = sum(each >= after for each in moments)
    if wanted.before is not None:
        before = _moment(wanted.before)
        end = sum(each > before for each in moments)
    return _part(newest, [_cursor(*each) for each in moments], wanted, begin, end)


def _part(
    items: Sequence[Item], cursors: Sequence[str], wanted: Window, begin: int, end: int
) -> Page[Item]:
    """Return the wanted items from `begin` to `end`, which is excluded."""
    if wanted.first is not None:
        end = min(end, begin + wanted.first)
    elif wanted.last is not None:
        begin = max(begin, end - wanted.last)
    edges = tuple(
        Edge(cursor, cursor, each)
        for cursor, each in zip(cursors[begin:end], items[begin:end], strict=True)
    )
    return Page(edges, has_next=end < len(items), has_previous=begin > 0)


def _cursor(at: datetime, key: UUID) -> str:
    return f"{(at - EPOCH) // MICROSECOND}.{key}"


def _moment(cursor: str) -> tuple[datetime, UUID]:
    """Decode a cursor of `page_by_time`. Raises CursorInvalid."""
    given = CURSOR.fullmatch(cursor)
    if given is None:
        raise CursorInvalid
    return EPOCH + int(given[1]) * MICROSECOND, UUID(given[2])


def _place(keys: list[str], cursor: str | None, without: int) -> int:
    if cursor is None:
        return without
    try:
        return keys.index(cursor)
    except ValueError:
        raise CursorInvalid from None
