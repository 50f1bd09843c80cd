"""Redaction of secrets, addresses, cards, bank accounts and stored values in logs and reports."""

import re
from collections.abc import Mapping
from typing import Any, Final, cast

from domain.bank_accounts import hide_ibans
from domain.card_numbers import hide_card_numbers

HIDDEN: Final = "[hidden]"

SECRET_KEYS: Final = re.compile(
    r"authorization|cookie|credential|dsn|e[-_]?mail|password|passwd|phone|secret|signature|token"
    r"|api_?key|private_?key|birth|iban|card[-_]?number|cvc|cvv",
    re.IGNORECASE,
)
"""Names of fields that hold a secret or personal data."""

SECRET_TEXTS: Final = (
    (re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)[^/@\s]+@"), r"\g<scheme>" + HIDDEN + "@"),
    (re.compile(r"\b(?P<kind>Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+", re.IGNORECASE), HIDDEN),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), HIDDEN),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), HIDDEN),
    (
        # PostgreSQL names the values of a row in these parts: a word of capitals in the language
        # of the server, a colon and two spaces. What SQLAlchemy adds to them has no values, and
        # neither has the reason why a connection is refused or ends: FATAL, in Russian ВАЖНО.
        re.compile(
            r"(?P<part>(?:DETAIL|CONTEXT)(?=:\s)"
            r"|(?!FATAL|ВАЖНО)[^\W\d_a-z]{5,}(?=:\s\s)):\s+"
            r".*?(?=\s*\[SQL: |\s*\(Background on this error|\Z)",
            re.DOTALL,
        ),
        r"\g<part>: " + HIDDEN,
    ),
    (
        re.compile(
            r"(?P<of>invalid input (?:syntax|value) for [\w ]+: )\"(?:[^\"]|\"\")*\"", re.DOTALL
        ),
        r"\g<of>" + HIDDEN,
    ),
    (
        re.compile(
            r"(?P<of>Truncated incorrect [\w ]+ value: )\\?'.*?'(?=[\"')\s\\]*(?:\Z|\[SQL))",
            re.DOTALL,
        ),
        r"\g<of>" + HIDDEN,
    ),
    (
        re.compile(
            r"(?P<of>Duplicate entry |Incorrect [\w ]+ value: )\\?'.*?'(?= for (?:key|column) )",
            re.DOTALL,
        ),
        r"\g<of>" + HIDDEN,
    ),
)
"""Patterns in any text: user parts of URLs, request signatures, signed tokens, mail addresses, and
values in errors of PostgreSQL, MySQL and MariaDB."""


def hidden(content: Any) -> Any:
    """Redact a value by the names of its fields and in any text; bytes become their length.

    Values other than texts, numbers, mappings, lists, tuples and sets stay unchanged.
    """
    match content:
        case str():
            return hidden_text(content)
        case bytes() | bytearray():
            return f"[{len(content)} bytes]"
        case dict():
            entries = cast("Mapping[Any, Any]", content)
            return {
                name: HIDDEN if SECRET_KEYS.search(str(name)) and each else hidden(each)
                for name, each in entries.items()
            }
        case list() | tuple() | set() | frozenset():
            return [hidden(each) for each in cast("list[Any]", content)]
        case _:
            return content


def hidden_text(text: str) -> str:
    """Redact the secrets of a text."""
    for pattern, replacement in SECRET_TEXTS:
        text = pattern.sub(replacement, text)
    return hide_card_numbers(hide_ibans(text))
