"""Whoever replaces something may say what they believe it to be (RFC 9110, sections 8.8.3, 13.1.1).

What was changed meanwhile is refused with a `Rejected` of the kind `stale`, which is answered with
412.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Final

from fastapi import Depends, Header

WITH_ETAG: Final[dict[int | str, dict[str, Any]]] = {
    200: {"headers": {"ETag": {"schema": {"type": "string"}}}}
}
"""What a description says of an answer that has an `ETag`."""


def etag_of(content: str) -> str:
    """Name something by what it is."""
    return f'"{sha256(content.encode()).hexdigest()[:16]}"'


@dataclass(frozen=True)
class Precondition:
    """What whoever asks believes; `tags` is None where anything may be replaced."""

    tags: frozenset[str] | None

    def holds(self, etag: str) -> bool:
        """Whether it is still so."""
        return self.tags is None or etag in self.tags


def _precondition(
    if_match: Annotated[
        str | None,
        Header(
            description="The `ETag` of what is to be replaced; 412 where it was changed meanwhile."
        ),
    ] = None,
) -> Precondition:
    """Read it; without, or with `*`, anything may be replaced."""
    if if_match is None or if_match.strip() == "*":
        return Precondition(None)
    return Precondition(frozenset(tag.strip() for tag in if_match.split(",")))


IfMatch = Annotated[Precondition, Depends(_precondition)]
"""The header `If-Match` of a request."""
