"""Words by which an athlete finds sessions again: what is a tag, and when two are the same."""

from collections.abc import Iterable
from typing import Final

from domain.values import InvalidValue, within

MOST_TAGS: Final = 10
"""Tags of a session."""

LONGEST_TAG: Final = 30
"""Characters of a tag."""


def kept(written: Iterable[str]) -> tuple[str, ...]:
    """Give tags as they are kept: without blanks around them, each once, in the order written.

    Two that differ only in case are the same, and the first is kept. Raises InvalidValue for more
    than ten, and for one that is empty, longer than thirty characters, or cannot be printed.
    """
    tags: dict[str, str] = {}
    for each in written:
        tag = each.strip()
        within("length of a tag", len(tag), 1, LONGEST_TAG)
        if not tag.isprintable():
            raise InvalidValue("A tag is a word or a few, in one line.")
        tags.setdefault(key(tag), tag)
    within("number of tags", len(tags), 0, MOST_TAGS)
    return tuple(tags.values())


def key(tag: str) -> str:
    """Give what is the same for all ways to write a tag."""
    return tag.strip().casefold()
