"""Pagination arguments shared by REST and GraphQL."""

from typing import Final

from application.kernel.read_models import Window
from domain.kernel import Rejected

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
