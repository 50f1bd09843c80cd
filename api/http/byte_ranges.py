"""Range requests (RFC 9110, section 14) for stored media."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response, StreamingResponse

from application.kernel.ports import MediaReader
from domain.ids import TenantId

BLOCK: Final = 1024 * 1024
"""Media is streamed in blocks of a mebibyte."""

RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
"""A single byte range (RFC 9110, 14.1.2). Other ranges may be ignored, and are."""


@dataclass(frozen=True)
class StoredFile:
    """A stored file with the headers of its response."""

    media: MediaReader
    tenant_id: TenantId
    prefix: str
    digest: str
    headers: Mapping[str, str]
    media_type: str | None

    def to_response(self, range_header: str) -> Response:
        """Return the response for a `Range` header; "" returns all. Raises MediaMissing."""
        size = self.media.size(self.tenant_id, self.digest, prefix=self.prefix)
        headers = {**self.headers, "Accept-Ranges": "bytes"}
        match = RANGE.fullmatch(range_header.strip())
        if match is None or not any(match.groups()):
            return self._stream(200, 0, size, headers)
        start, end = _part(match[1], match[2], size)
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
        at = start
        while at < end:  # whole blocks from the second one on: they are encrypted as such
            until = min((at // BLOCK + 1) * BLOCK, end)
            yield self.media.part(self.tenant_id, self.digest, at, until, prefix=self.prefix)
            at = until


def _part(first: str, last: str, size: int) -> tuple[int, int]:
    """Return start and end of a range, clipped to the size; start may be beyond the end."""
    if not first:
        return max(0, size - int(last)), size
    return int(first), size if not last else min(int(last) + 1, size)
