"""Unstorable text in GraphQL documents and variables."""

import re
from typing import Any, Final

from api.unstorable_text import is_unstorable

NAMED: Final = re.compile(r"\\u(?:0000|\{0+\})")
"""How a document escapes NUL. Half a surrogate pair is already a syntax error."""


def has_unstorable_text(document: str, variables: Any) -> bool:
    """Return whether a document or its variables have unstorable text."""
    return NAMED.search(document) is not None or is_unstorable(variables)
