"""Detection of text that the stores cannot keep.

JSON can contain half of a surrogate pair, which no encoding can represent, and NUL, which
PostgreSQL does not store in text. People type neither.
"""

import json
import re
from typing import Any, Final

NAMED: Final = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|\xed[\xa0-\xbf]")
"""The forms in which they are written: JSON escapes, or bytes that are invalid UTF-8 but accepted
by Python. Few bodies match, so few are parsed twice."""

UNKEEPABLE: Final = re.compile("[\0\ud800-\udfff]")


UNSTORABLE_TEXT: Final = "Text contains NUL or half of a surrogate pair. Remove it."


def is_unstorable(value: Any) -> bool:
    """Return whether a JSON value contains unstorable text."""
    match value:
        case str():
            return UNKEEPABLE.search(value) is not None
        case dict():
            return any(is_unstorable(name) or is_unstorable(each) for name, each in value.items())  # pyright: ignore[reportUnknownVariableType]
        case list() | tuple():
            return any(is_unstorable(each) for each in value)  # pyright: ignore[reportUnknownVariableType]
        case _:
            return False


def contains_unstorable(body: bytes) -> bool:
    """Return whether a JSON document contains unstorable text; False for invalid JSON."""
    if NAMED.search(body) is None:
        return False
    try:
        return is_unstorable(json.loads(body))
    except (ValueError, RecursionError):
        return False
