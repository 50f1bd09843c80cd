"""Pages of short lists whose items vanish."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from application.kernel.pagination import page_by_time, window
from application.kernel.read_models import CursorInvalid, Page, Window

AT = datetime(2030, 1, 1, 7, 30, 0, 123457, tzinfo=UTC)


def listed(numbers: list[int], wanted: Window) -> Page[int]:
    """Return a page of items, two at each moment."""
    return page_by_time(
        numbers, wanted, lambda each: (AT + timedelta(microseconds=each // 2), UUID(int=each))
    )


def rows(page: Page[int]) -> list[int]:
    return [edge.row for edge in page.edges]


@pytest.mark.parametrize("vanished", range(8))
def test_a_page_follows_an_item_that_has_vanished(vanished: int) -> None:
    """In both directions; no other item is left out or repeated."""
    numbers = list(range(8))
    cursor = next(e.cursor for e in listed(numbers, window(8)).edges if e.row == vanished)
    left = [each for each in numbers if each != vanished]
    following = listed(left, window(8, cursor))
    assert rows(following) == [*range(vanished - 1, -1, -1)]
    assert following.has_previous == (vanished != 7)
    preceding = listed(left, window(last=8, before=cursor))
    assert rows(preceding) == [*range(7, vanished, -1)]
    assert preceding.has_next == (vanished != 0)


def test_pages_meet() -> None:
    numbers = list(range(7))
    first = listed(numbers, window(3))
    second = listed(numbers, window(3, first.edges[-1].cursor))
    third = listed(numbers, window(3, second.edges[-1].cursor))
    assert [*rows(first), *rows(second), *rows(third)] == [6, 5, 4, 3, 2, 1, 0]
    assert [page.has_next for page in (first, second, third)] == [True, True, False]
    between = Window(first=5, after=first.edges[0].cursor, before=second.edges[-1].cursor)
    assert rows(listed(numbers, between)) == [5, 4, 3, 2]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "none",
        str(UUID(int=1)),
        f"-1.{UUID(int=1)}",
        f"1{'0' * 17}.{UUID(int=1)}",
        f"\u0661.{UUID(int=1)}",
        f"1.{UUID(int=1)}\n",
        "1.\0",
    ],
)
def test_a_cursor_that_was_not_given_out_is_refused(cursor: str) -> None:
    for wanted in (window(2, cursor), window(last=2, before=cursor)):
        with pytest.raises(CursorInvalid):
            listed([1, 2, 3], wanted)
