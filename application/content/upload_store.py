"""Port of the store that receives uploads in parts, straight from the trainer's device."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from domain.ids import ContentId, TenantId
from domain.kernel import Rejected

MIN_PART_BYTES: Final = 8 * 2**20
"""S3 requires at least 5 MiB, except for the last part."""

MAX_PARTS: Final = 9000
"""S3 takes at most 10,000."""

LINK_LASTS: Final = timedelta(hours=1)
"""Validity of a signed URL; the client requests new ones after it."""

MEBIBYTE: Final = 2**20


class PartRefused(Rejected):
    """The signed URL has expired, or it is not for these bytes. Request the URLs again."""

    code = "content.part_refused"
    kind = "forbidden"


@dataclass(frozen=True, slots=True)
class UploadKey:
    """Place of the file of a version of a content item."""

    tenant_id: TenantId
    content_id: ContentId
    number: int


@dataclass(frozen=True, slots=True)
class UploadPart:
    """A part of a file: its number from 1, and its bytes."""

    number: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An upload in parts that was begun and neither completed nor aborted."""

    key: UploadKey
    started_at: datetime


def part_bytes(size: int) -> int:
    """Return the size of all parts of a file but the last one."""
    least = -(-size // MAX_PARTS)
    return max(MIN_PART_BYTES, -(-least // MEBIBYTE) * MEBIBYTE)


def parts_of(size: int) -> tuple[UploadPart, ...]:
    """Divide a file into parts."""
    step = part_bytes(size)
    return tuple(
        UploadPart(index + 1, offset, min(step, size - offset))
        for index, offset in enumerate(range(0, size, step))
    )


class UploadStore(Protocol):
    """Files of uploads, in parts until they are complete. Raises StorageUnavailable."""

    def begin(self, key: UploadKey, media_type: str) -> None:
        """Prepare the upload. Repeating it changes nothing."""
        ...

    def part_urls(
        self, key: UploadKey, parts: Sequence[UploadPart], lasts: timedelta
    ) -> Sequence[str]:
        """Return a URL for each part, which takes exactly this part by PUT.

        They are none if there is no such upload. A path without an origin leads to our own
        endpoint.
        """
        ...

    def arrived(self, key: UploadKey) -> dict[int, int]:
        """Return the sizes of the parts that arrived, by number."""
        ...

    def complete(self, key: UploadKey) -> int:
        """Join the parts and return the size. Repeating it changes nothing. Raises MediaMissing."""
        ...

    def size(self, key: UploadKey) -> int | None:
        """Return the size of a complete file, or None."""
        ...

    def local(self, key: UploadKey) -> AbstractContextManager[Path]:
        """Return the path of the complete file, for reading by this process.

        Child processes get its descriptor: the file may have no name. Raises MediaMissing.
        """
        ...

    def remove(self, key: UploadKey) -> None:
        """Remove the file and all parts, also of an upload that is not complete."""
        ...

    def unfinished(self, tenant_id: TenantId) -> Iterator[Unfinished]:
        """Yield the uploads of a tenant that are not complete."""
        ...


class PartReceiver(Protocol):
    """Receives parts of uploads by our own endpoint, where the store has none."""

    def expected_size(self, token: str) -> int:
        """Return the size of the part that a token is for. Raises PartRefused."""
        ...

    def receive(self, token: str, content: Iterable[bytes]) -> None:
        """Store a part under its token. Raises PartRefused and StorageUnavailable."""
        ...


def missing_parts(size: int, arrived: dict[int, int]) -> Sequence[UploadPart]:
    """Return the parts that have not arrived in full."""
    return [part for part in parts_of(size) if arrived.get(part.number) != part.size]
