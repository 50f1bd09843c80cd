"""Range requests (RFC 9110, section 14) for stored media."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from anyio.to_thread import run_sync
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

    async def _blocks(self, start: int, end: int) -> AsyncIterator[bytes]:
        """Read, and decrypt, each block in a thread while the one before it is sent."""
        reading: asyncio.Task[bytes] | None = None
        for at, until in _bounds(start, end):
            block = None if reading is None else await reading
            reading = self._begin(at, until)
            if block is not None:
                yield block
        if reading is not None:
            yield await reading

    def _begin(self, start: int, end: int) -> asyncio.Task[bytes]:
        """Begin to read a block."""
        reading = asyncio.create_task(run_sync(self._read, start, end))
        reading.add_done_callback(_note_failure)
        return reading

    def _read(self, start: int, end: int) -> bytes:
        return self.media.part(self.tenant_id, self.digest, start, end, prefix=self.prefix)


def _bounds(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the bounds of blocks: whole ones from the second one on, as they are encrypted."""
    while start < end:
        until = min((start // BLOCK + 1) * BLOCK, end)
        yield start, until
        start = until


def _note_failure(reading: asyncio.Task[bytes]) -> None:
    """Mark a failure as handled: nobody awaits the next block if the client has left."""
    if not reading.cancelled():
        reading.exception()


def _part(first: str, last: str, size: int) -> tuple[int, int]:
    """Return start and end of a range, clipped to the size; start may be beyond the end."""
    if not first:
        return max(0, size - int(last)), size
    return int(first), size if not last else min(int(last) + 1, size)
