"""Text that no store can keep is refused at the door, wherever in a request it stands.

JSON can write half of a surrogate pair, which no encoding can; and NUL, for which PostgreSQL has no
place in a text. Neither is in anything that people write.
"""

import json
import re
from typing import Any, Final

NAMED: Final = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|\xed[\xa0-\xbf]")
"""How they are written: by JSON's means, or as bytes that are no UTF-8, which Python reads all the
same. Almost no request has them, so almost none is read twice."""

UNKEEPABLE: Final = re.compile("[\0\ud800-\udfff]")


UNSTORABLE_TEXT: Final = "Text has neither NUL nor half of a surrogate pair."


def is_unstorable(value: Any) -> bool:
    """Whether a JSON value holds text that cannot be kept."""
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
    """Whether a JSON document holds such text. What is no JSON is left to whoever reads it."""
    if NAMED.search(body) is None:
        return False
    try:
        return is_unstorable(json.loads(body))
    except (ValueError, RecursionError):
        return False
