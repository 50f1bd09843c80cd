"""Tags of a session: normalization and comparison."""

from collections.abc import Collection, Iterable
from typing import Final

from domain.texts import is_blank, is_one_line
from domain.values import InvalidValue, within

MAX_TAGS: Final = 10
"""Tags of a session."""

MAX_TAG_LENGTH: Final = 30
"""Characters of a tag."""


def normalize_tags(written: Iterable[str]) -> tuple[str, ...]:
    """Trim tags and drop duplicates; the order stays.

    Tags that differ only in case are duplicates; the first spelling stays. Raises InvalidValue for
    more than ten tags, and for one that is blank, longer than thirty characters, or not one line.
    """
    tags: dict[str, str] = {}
    for each in written:
        tag = each.strip()
        within("length of a tag", len(tag), 1, MAX_TAG_LENGTH)
        if is_blank(tag) or not is_one_line(tag):
            raise InvalidValue("A tag is one line of text, without control characters.")
        tags.setdefault(tag_key(tag), tag)
    within("number of tags", len(tags), 0, MAX_TAGS)
    return tuple(tags.values())


def refuse_new_commas(tags: Iterable[str], earlier: Collection[str]) -> None:
    """Raise InvalidValue for a tag with a comma, which separates tags in forms.

    Earlier tags are kept, because older sessions have tags with commas.
    """
    for tag in tags:
        if "," in tag and tag not in earlier:
            raise InvalidValue("A tag has no comma, because commas separate tags.")


def tag_key(tag: str) -> str:
    """Return the form of a tag that ignores case and surrounding blanks."""
    return tag.strip().casefold()
