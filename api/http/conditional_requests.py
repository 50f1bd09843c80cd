"""ETag and If-Match (RFC 9110, sections 8.8.3, 13.1.1).

A failed precondition is a `Rejected` of the kind `stale`, which is returned as 412.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from fastapi import Depends, Header

from application.caller import Caller
from domain.kernel import Rejected

T = TypeVar("T")

WITH_ETAG: Final[dict[int | str, dict[str, Any]]] = {
    200: {"headers": {"ETag": {"schema": {"type": "string"}}}}
}
"""OpenAPI description of a response with an `ETag`."""


def etag_of(content: str) -> str:
    """Return the ETag of a representation."""
    return f'"{sha256(content.encode()).hexdigest()[:16]}"'


@dataclass(frozen=True)
class Precondition:
    """The If-Match header of a request. `tags` is None if it was not sent or is `*`."""

    tags: frozenset[str] | None

    def matches(self, etag: str) -> bool:
        """Return whether the current ETag matches."""
        return self.tags is None or etag in self.tags

    def expected(
        self,
        caller: Caller,
        command_id: UUID,
        current: Callable[[], T],
        etag: Callable[[T], str],
        stale: type[Rejected],
    ) -> T | None:
        """Return the value that the command must find, None for any.

        Raises `stale` if the current value is not the one that the client read. A repeated command
        is not checked: it returns its first result.
        """
        if self.tags is None or caller.is_executed(command_id):
            return None
        value = current()
        if not self.matches(etag(value)):
            raise stale
        return value


async def _precondition(
    if_match: Annotated[
        str | None,
        Header(description="The ETag you read. 412 if it changed."),
    ] = None,
) -> Precondition:
    """Parse the header. Without it, or with `*`, every version matches."""
    if if_match is None or if_match.strip() == "*":
        return Precondition(None)
    return Precondition(frozenset(tag.strip() for tag in if_match.split(",")))


IfMatch = Annotated[Precondition, Depends(_precondition)]
"""The `If-Match` header of a request."""
