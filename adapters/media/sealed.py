"""Media sealed under the key of the person whom they show (ADR 27).

Media without a subject, such as the coach's sentences, are stored as they are. So were all media
of earlier versions, which stay readable.
"""

import os
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from io import BufferedIOBase, BytesIO
from pathlib import Path
from typing import BinaryIO, Final, Protocol, cast

from adapters.media.sealed_format import (
    BLOCK_BYTES,
    KEY_BYTES,
    MAX_HEADER_BYTES,
    STORED_BLOCK_BYTES,
    BlockCipher,
    Header,
    parse_header,
)
from adapters.memory_file import memory_copy
from application.kernel.encryption import FieldCipher, SealBroken
from application.kernel.ports import (
    MediaCorrupt,
    MediaMissing,
    MediaStore,
    StorageUnavailable,
    StoredMedia,
)
from domain.ids import TenantId, UserId
from domain.kernel import Rejected

MAX_CACHED_HEADERS: Final = 1024
"""Headers have encrypted keys: they save two requests to a bucket for each range."""

EMPTY: Final = sha256().hexdigest()
"""Digest of empty content: it has no block that authenticates the size in its header."""

Place = tuple[TenantId, str, str]
"""Tenant, digest and prefix of media."""


class BlobStore(MediaStore, Protocol):
    """A media store that can keep content under the digest of something else."""

    def put_as(
        self,
        tenant_id: TenantId,
        digest: str,
        parts: Iterable[memoryview],
        *,
        prefix: str = "",
        verify: Callable[[], None],
    ) -> None:
        """Store parts, together, under a digest that is not theirs; replace what is there.

        A part is valid until the next one. A store that reads back what it has stored calls
        `verify`, which raises StorageUnavailable.
        """
        ...

    def part_into(
        self, tenant_id: TenantId, digest: str, start: int, buffer: memoryview, *, prefix: str = ""
    ) -> int:
        """Read bytes from `start` into a buffer; return their number, less at the end."""
        ...


class SealedMediaStore:
    """A `MediaStore` that encrypts the media of people, in another store. Thread-safe.

    The digest is that of the content. Reading raises MediaMissing once the key of the person was
    destroyed, MediaCorrupt for changed or moved media, KmsUnavailable and KeyRefused; storing also
    SubjectErased. `list_media` has the sizes as stored.
    """

    def __init__(self, blobs: BlobStore, cipher: FieldCipher) -> None:
        self._blobs = blobs
        self._cipher = cipher
        self._headers: dict[Place, Header] = {}
        self._of_thread = threading.local()

    def put(
        self,
        tenant_id: TenantId,
        content: bytes,
        *,
        prefix: str = "",
        subject: UserId | None = None,
    ) -> str:
        if subject is None:
            return self._blobs.put(tenant_id, content, prefix=prefix)
        digest = sha256(content).hexdigest()
        self._seal(tenant_id, digest, len(content), _blocks(BytesIO(content)), prefix, subject)
        return digest

    def put_file(
        self, tenant_id: TenantId, path: Path, *, prefix: str = "", subject: UserId | None = None
    ) -> str:
        if subject is None:
            return self._blobs.put_file(tenant_id, path, prefix=prefix)
        with path.open("rb") as source:
            return self.put_stream(tenant_id, source, prefix=prefix, subject=subject)

    def put_stream(
        self,
        tenant_id: TenantId,
        source: BinaryIO,
        *,
        prefix: str = "",
        subject: UserId | None = None,
    ) -> str:
        if subject is None:
            return self._blobs.put_stream(tenant_id, source, prefix=prefix)
        digest, size = sha256(), 0
        for block in _blocks(source):
            digest.update(block)
            size += len(block)
        self._seal(tenant_id, digest.hexdigest(), size, _blocks(source), prefix, subject)
        return digest.hexdigest()

    def get(self, tenant_id: TenantId, digest: str, *, prefix: str = "") -> bytes:
        place = tenant_id, digest, prefix
        if (header := self._header(place)) is None:
            return self._blobs.get(tenant_id, digest, prefix=prefix)
        return self._read(place, header, 0, header.size)

    def part(
        self, tenant_id: TenantId, digest: str, start: int, end: int, *, prefix: str = ""
    ) -> bytes:
        place = tenant_id, digest, prefix
        if (header := self._header(place)) is None:
            return self._blobs.part(tenant_id, digest, start, end, prefix=prefix)
        return self._read(place, header, start, end)

    @contextmanager
    def local(self, tenant_id: TenantId, digest: str, *, prefix: str = "") -> Generator[Path]:
        place = tenant_id, digest, prefix
        if (header := self._header(place)) is None:
            with self._blobs.local(tenant_id, digest, prefix=prefix) as path:
                yield path
            return
        starts = range(0, header.size, BLOCK_BYTES)
        blocks = (self._read(place, header, start, start + BLOCK_BYTES) for start in starts)
        with memory_copy("kinelog-media", blocks) as path:
            yield path

    def size(self, tenant_id: TenantId, digest: str, *, prefix: str = "") -> int:
        stored = self._blobs.size(tenant_id, digest, prefix=prefix)
        if (header := self._header((tenant_id, digest, prefix))) is None:
            return stored
        self._key(tenant_id, digest, header)  # a response refuses before it begins
        return header.size

    def link(
        self, tenant_id: TenantId, digest: str, *, prefix: str = "", lasts: timedelta
    ) -> str | None:
        """Return None for sealed media: their bytes are of no use to anyone."""
        if self._header((tenant_id, digest, prefix)) is not None:
            return None
        return self._blobs.link(tenant_id, digest, prefix=prefix, lasts=lasts)

    def list_media(
        self, tenant_id: TenantId, prefix: str, *, after: str = "", limit: int = 1000
    ) -> Sequence[StoredMedia]:
        return self._blobs.list_media(tenant_id, prefix, after=after, limit=limit)

    def clear(self, tenant_id: TenantId, prefix: str) -> int:
        return self._blobs.clear(tenant_id, prefix)

    def _seal(
        self,
        tenant_id: TenantId,
        digest: str,
        size: int,
        blocks: Iterable[memoryview],
        prefix: str,
        subject: UserId,
    ) -> None:
        key = os.urandom(KEY_BYTES)
        sealed_key = self._cipher.seal(
            key, tenant_id=tenant_id, subject=subject, place=_bound_to(digest)
        )
        sealed = BlockCipher(Header(subject, sealed_key, size), key).seal(blocks)
        place = tenant_id, digest, prefix

        def verify() -> None:
            self._headers.pop(place, None)
            self._verify(place)

        self._blobs.put_as(tenant_id, digest, sealed, prefix=prefix, verify=verify)
        self._headers.pop(place, None)

    def _verify(self, place: Place) -> None:
        """Decrypt what is stored. Raises StorageUnavailable for anything else than expected."""
        try:
            if (header := self._header(place)) is not None:
                for start in range(0, header.size, BLOCK_BYTES):
                    self._read(place, header, start, start + BLOCK_BYTES)
                return
            changed: Rejected = MediaCorrupt()
        except (MediaCorrupt, SealBroken) as failed:
            changed = failed
        raise StorageUnavailable(
            "Content read from the media store differs from what was stored."
        ) from changed

    def _header(self, place: Place) -> Header | None:
        """Return the header of sealed media, None for others.

        Raises MediaMissing and MediaCorrupt.
        """
        if cached := self._headers.get(place):
            return cached
        tenant_id, digest, prefix = place
        end = min(self._blobs.size(tenant_id, digest, prefix=prefix), MAX_HEADER_BYTES)
        start = self._blobs.part(tenant_id, digest, 0, end, prefix=prefix) if end else b""
        if (header := parse_header(start)) is not None:
            if not header.size and digest != EMPTY:
                raise MediaCorrupt
            if len(self._headers) >= MAX_CACHED_HEADERS:
                self._headers.clear()
            self._headers[place] = header
        return header

    def _read(self, place: Place, header: Header, start: int, end: int) -> bytes:
        """Decrypt a range; with a new header if the media were stored again meanwhile."""
        while True:
            try:
                return self._decrypt(place, header, start, end)
            except MediaCorrupt:
                self._headers.pop(place, None)
                stored = self._header(place)
                if stored is None or stored == header:
                    raise
                header = stored

    def _decrypt(self, place: Place, header: Header, start: int, end: int) -> bytes:
        tenant_id, digest, prefix = place
        key = self._key(tenant_id, digest, header)
        end = min(end, header.size)
        if start >= end:
            self._blobs.size(tenant_id, digest, prefix=prefix)  # raises MediaMissing
            return b""
        blocks = BlockCipher(header, key)
        first, last = blocks.stored_range(start, end)
        stored = self._buffer(last - first)
        count = self._blobs.part_into(tenant_id, digest, first, stored, prefix=prefix)
        return blocks.unseal(stored[:count], start, end)

    def _key(self, tenant_id: TenantId, digest: str, header: Header) -> bytes:
        """Return the key of a file. Raises MediaMissing once that of the person was destroyed."""
        key = self._cipher.unseal(
            header.sealed_key, tenant_id=tenant_id, subject=header.subject, place=_bound_to(digest)
        )
        if key is None:
            raise MediaMissing
        return key

    def _buffer(self, size: int) -> memoryview:
        """Return a buffer of this thread for stored bytes."""
        if size > STORED_BLOCK_BYTES:
            return memoryview(bytearray(size))
        buffer: bytearray | None = getattr(self._of_thread, "buffer", None)
        if buffer is None:
            buffer = self._of_thread.buffer = bytearray(STORED_BLOCK_BYTES)
        return memoryview(buffer)[:size]


def _bound_to(digest: str) -> bytes:
    """Return what binds the key of a file to its digest."""
    return b"media " + digest.encode()


def _blocks(source: BinaryIO) -> Iterator[memoryview]:
    """Yield the content of a file from its beginning, in full blocks but for the last.

    A block is valid until the next one: they share one buffer, as new memory takes longer to get
    than to encrypt.
    """
    source.seek(0)
    buffer = memoryview(bytearray(BLOCK_BYTES))
    while count := _fill(source, buffer):
        yield buffer[:count]


def _fill(source: BinaryIO, buffer: memoryview) -> int:
    """Read into a buffer until it is full or the file ends; return the number of bytes."""
    file, count = cast("BufferedIOBase", source), 0
    while count < len(buffer) and (read := file.readinto(buffer[count:])):
        count += read
    return count
