"""A film is given as it is asked for: whole, or the part that a player names in `Range`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response, StreamingResponse

from application.kernel.ports import MediaReader
from domain.ids import TenantId

BLOCK: Final = 1024 * 1024
"""A film passes through this process a mebibyte at a time."""

RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
"""One range (RFC 9110, 14.1.2). Several, or another unit, may be ignored, and are."""


@dataclass(frozen=True)
class Film:
    """Where the film lies, how large it is, and what is said with it."""

    media: MediaReader
    tenant_id: TenantId
    prefix: str
    digest: str
    headers: Mapping[str, str]
    media_type: str | None

    def answer(self, asked: str) -> Response:
        """Give the film as `Range` asks for it; "" is all of it. Raises MediaMissing."""
        size = self.media.size(self.tenant_id, self.digest, prefix=self.prefix)
        headers = {**self.headers, "Accept-Ranges": "bytes"}
        named = RANGE.fullmatch(asked.strip())
        if named is None or not any(named.groups()):
            return self._stream(200, 0, size, headers)
        start, end = _part(named[1], named[2], size)
        if start >= end:
            return Response(
                status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"}
            )
        return self._stream(
            206, start, end, {**headers, "Content-Range": f"bytes {start}-{end - 1}/{size}"}
        )

    def _stream(self, status: int, start: int, end: int, headers: dict[str, str]) -> Response:
        return StreamingResponse(
            self._blocks(start, end),
            status,
            {**headers, "Content-Length": str(end - start)},
            media_type=self.media_type,
        )

    def _blocks(self, start: int, end: int) -> Iterator[bytes]:
        for at in range(start, end, BLOCK):
            until = min(at + BLOCK, end)
            yield self.media.part(self.tenant_id, self.digest, at, until, prefix=self.prefix)


def _part(first: str, last: str, size: int) -> tuple[int, int]:
    """Read the bounds of a range as start and end; not before it is behind the film's end."""
    if not first:
        return max(0, size - int(last)), size
    return int(first), size if not last else min(int(last) + 1, size)
