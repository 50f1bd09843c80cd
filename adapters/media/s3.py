"""Content-addressed media in an S3 bucket, such as Amazon's, Cloudflare's R2 or Ceph's.

Every object is read back and compared after it was stored, because not every S3 server checks the
checksum that it receives. Large files are uploaded in parts, atomically; a lifecycle rule of the
bucket removes the parts of aborted uploads.
"""

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, TypeVar

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from adapters.circuit_breaker import OPEN_S, CircuitOpen, circuit_breaker
from adapters.media.keys import place_of, prefix_of
from adapters.temporary_files import temporary_copy
from application.kernel.ports import MediaCorrupt, MediaMissing, StorageUnavailable, StoredMedia
from domain.ids import TenantId, UserId

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import S3Config

T = TypeVar("T")

PART_BYTES: Final = 8 * 1024 * 1024
"""Videos are transferred 8 MiB at a time; S3 requires at least 5, and at most 10,000 parts."""
PARTS_AT_ONCE: Final = 4

CONNECT: Final = timedelta(seconds=2)
REQUEST: Final = timedelta(seconds=20)
"""For one part of a video, over a line of 4 Mbit/s."""
RETRIES: Final = 3
RETRY_WITHIN: Final = timedelta(seconds=10)

ERROR_CODE: Final = re.compile(r"<Code>(\w+)</Code>")
"""Error code in a response of S3, which obstore gives in the text of its errors only."""

LONGEST_LINK: Final = timedelta(days=7)
"""Longest validity of a signed URL: AWS Signature Version 4, X-Amz-Expires."""


@dataclass(frozen=True)
class BucketAddress:
    """Address and credentials of a bucket.

    Without an `endpoint` it is Amazon's endpoint of the region. Without a key, the machine's own
    credentials are used: AWS_ACCESS_KEY_ID and related variables in the environment, a role of the
    pod or container, the instance's role.
    """

    bucket: str
    endpoint: str | None = None
    region: str = "us-east-1"
    key_id: str | None = None
    secret: str | None = field(default=None, repr=False)

    def open(self) -> S3Store:
        """Create the client; it connects on first use."""
        config: S3Config = {"region": self.region}
        if self.endpoint is not None:
            config["endpoint"] = self.endpoint
        if self.key_id is not None and self.secret is not None:
            config |= {"access_key_id": self.key_id, "secret_access_key": self.secret}
        plain = self.endpoint is not None and self.endpoint.startswith("http://")
        return S3Store(
            self.bucket,
            config=config,
            client_options={"connect_timeout": CONNECT, "timeout": REQUEST, "allow_http": plain},
            retry_config={"max_retries": RETRIES, "retry_timeout": RETRY_WITHIN},
        )

    def __str__(self) -> str:
        return f"bucket {self.bucket}" + (f" at {self.endpoint}" if self.endpoint else "")


class BucketMediaStore:
    """A `MediaStore` in an existing bucket. Thread-safe.

    Raises StorageUnavailable if the bucket is unreachable, missing or denies access. If a source
    file cannot be read, its own OSError is raised, because the store is not at fault.
    """

    def __init__(self, address: BucketAddress, *, open_s: float = OPEN_S) -> None:
        self._address = address
        self._store = address.open()
        self._guarded = circuit_breaker(open_s, FileNotFoundError)

    def put(
        self,
        tenant_id: TenantId,
        content: bytes,
        *,
        prefix: str = "",
        subject: UserId | None = None,  # noqa: ARG002  stored as it is
    ) -> str:
        digest = sha256(content).hexdigest()
        place = place_of(tenant_id, digest, prefix)
        self._write(lambda: obstore.put(self._store, place, content, use_multipart=False))
        self._verify(place, digest)
        return digest

    def put_file(
        self,
        tenant_id: TenantId,
        path: Path,
        *,
        prefix: str = "",
        subject: UserId | None = None,  # noqa: ARG002  stored as it is
    ) -> str:
        with path.open("rb") as source:
            return self.put_stream(tenant_id, source, prefix=prefix)

    def put_stream(
        self,
        tenant_id: TenantId,
        source: BinaryIO,
        *,
        prefix: str = "",
        subject: UserId | None = None,  # noqa: ARG002  stored as it is
    ) -> str:
        source.seek(0)
        digest = _digest(source)
        source.seek(0)
        place = place_of(tenant_id, digest, prefix)
        self._write(lambda: self._upload(place, source))
        self._verify(place, digest)
        return digest

    def put_as(
        self,
        tenant_id: TenantId,
        digest: str,
        parts: Iterable[memoryview],
        *,
        prefix: str = "",
        verify: Callable[[], None],
    ) -> None:
        place = place_of(tenant_id, digest, prefix)
        self._write(
            lambda: obstore.put(
                self._store,
                place,
                map(bytes, parts),
                chunk_size=PART_BYTES,
                max_concurrency=PARTS_AT_ONCE,
            )
        )
        verify()

    def get(self, tenant_id: TenantId, digest: str, *, prefix: str = "") -> bytes:
        place = place_of(tenant_id, digest, prefix)
        content = self._read(lambda: obstore.get(self._store, place).bytes().to_bytes())
        if sha256(content).hexdigest() != digest:
            raise MediaCorrupt
        return content

    def part(
        self, tenant_id: TenantId, digest: str, start: int, end: int, *, prefix: str = ""
    ) -> bytes:
        return self._part(place_of(tenant_id, digest, prefix), start, end)

    def part_into(
        self, tenant_id: TenantId, digest: str, start: int, buffer: memoryview, *, prefix: str = ""
    ) -> int:
        content = self.part(tenant_id, digest, start, start + len(buffer), prefix=prefix)
        buffer[: len(content)] = content
        return len(content)

    @contextmanager
    def local(self, tenant_id: TenantId, digest: str, *, prefix: str = "") -> Generator[Path]:
        place = place_of(tenant_id, digest, prefix)
        with temporary_copy("kinelog-media", self._verified(place, digest)) as path:
            yield path

    def size(self, tenant_id: TenantId, digest: str, *, prefix: str = "") -> int:
        return self._size(place_of(tenant_id, digest, prefix))

    def link(
        self, tenant_id: TenantId, digest: str, *, prefix: str = "", lasts: timedelta
    ) -> str | None:
        place = place_of(tenant_id, digest, prefix)
        self._size(place)
        return self._call(lambda: obstore.sign(self._store, "GET", place, min(lasts, LONGEST_LINK)))

    def list_media(
        self, tenant_id: TenantId, prefix: str, *, after: str = "", limit: int = 1000
    ) -> Sequence[StoredMedia]:
        return self._call(lambda: list(islice(self._listed(tenant_id, prefix, after), limit)))

    def clear(self, tenant_id: TenantId, prefix: str) -> int:
        folder, count = prefix_of(tenant_id, prefix), 0
        while page := self.list_media(tenant_id, prefix):
            self._delete([f"{folder}/{each.digest}" for each in page])
            count += len(page)
        return count

    def _listed(self, tenant_id: TenantId, prefix: str, after: str) -> Iterator[StoredMedia]:
        """List lazily, page by page of S3, in order of digest."""
        folder = prefix_of(tenant_id, prefix)
        offset = f"{folder}/{after}" if after else None
        pages: Iterator[Sequence[ObjectMeta]]
        pages = obstore.list(self._store, folder, offset=offset)  # pyright: ignore[reportUnknownMemberType]  Arrow has no types here
        for page in pages:
            for each in page:
                yield StoredMedia(each["path"].rpartition("/")[2], each["size"])

    def _upload(self, place: str, source: BinaryIO) -> None:
        obstore.put(
            self._store, place, source, chunk_size=PART_BYTES, max_concurrency=PARTS_AT_ONCE
        )

    def _verify(self, place: str, digest: str) -> None:
        """Read back what was stored, and delete the object if it differs."""
        seen = sha256()
        for part in self._parts(place):
            seen.update(part)
        if seen.hexdigest() != digest:
            self._delete([place])
            raise StorageUnavailable(
                f"Content read from the {self._address} differs from what was stored."
            )

    def _delete(self, places: Sequence[str]) -> None:
        self._call(lambda: obstore.delete(self._store, places))

    def _verified(self, place: str, digest: str) -> Iterator[bytes]:
        """Yield the parts of an object. Raises MediaCorrupt at the end if it differs."""
        seen = sha256()
        for part in self._parts(place):
            seen.update(part)
            yield part
        if seen.hexdigest() != digest:
            raise MediaCorrupt

    def _parts(self, place: str) -> Iterator[bytes]:
        size = self._size(place)
        for start in range(0, size, PART_BYTES):
            yield self._part(place, start, min(start + PART_BYTES, size))

    def _part(self, place: str, start: int, end: int) -> bytes:
        return self._read(
            lambda: obstore.get_range(self._store, place, start=start, end=end).to_bytes()
        )

    def _size(self, place: str) -> int:
        return self._read(lambda: obstore.head(self._store, place)["size"])

    def _read(self, call: Callable[[], T]) -> T:
        try:
            return self._call(call)
        except FileNotFoundError:
            raise MediaMissing from None

    def _write(self, call: Callable[[], object]) -> None:
        try:
            self._call(call)
        except FileNotFoundError as missing:
            raise StorageUnavailable(f"There is no {self._address}.") from missing

    def _call(self, call: Callable[[], T]) -> T:
        """Call the bucket; raise StorageUnavailable if it fails or the circuit is open."""
        try:
            with self._guarded():
                return call()
        except CircuitOpen:
            obstacle = "it did not answer recent requests"
        except (PermissionDeniedError, UnauthenticatedError) as refused:
            code = _error_code(refused)
            obstacle = f"it denies access ({code})" if code else "it denies access"
        except BaseError as failed:
            code = _error_code(failed)
            name = type(failed).__name__
            obstacle = f"it answers {code}" if code else f"it does not answer ({name})"
        raise StorageUnavailable(f"The {self._address} is not available: {obstacle}.")


def _error_code(error: BaseError) -> str | None:
    """Return the code of S3 in an error, such as QuotaExceeded, or None."""
    code = ERROR_CODE.search(str(error))
    return code and code[1]


def _digest(source: BinaryIO) -> str:
    digest = sha256()
    while part := source.read(PART_BYTES):
        digest.update(part)
    return digest.hexdigest()
