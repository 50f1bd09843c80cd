"""Media lie in a folder under the digest of their content: `<root>/<tenant>/<aa>/<sha256>`.

A file appears whole or not at all: it is written beside its place, brought to the disk, and then
renamed. What a crash leaves behind begins with `.incoming-` and is never read.
"""

import os
import re
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from adapters.tenants import checked
from application.ports import MediaCorrupt, MediaMissing, StorageUnavailable
from domain.ids import TenantId

DIGEST = re.compile(r"[0-9a-f]{64}")
PART_BYTES = 1 << 20
"""A film is copied a mebibyte at a time."""


class FolderMediaStore:
    """A `MediaStore` in a folder, made when something is first stored.

    Storing content again puts a good copy in place of whatever lies there. Raises
    StorageUnavailable where the disk refuses, and TenantInvalid for a tenant that names no folder.
    A file to be stored that cannot be read raises its own OSError: the store is not to blame.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, tenant_id: TenantId, content: bytes) -> str:
        return self._store(tenant_id, [content])

    def put_file(self, tenant_id: TenantId, path: Path) -> str:
        with path.open("rb") as source:
            return self._store(tenant_id, iter(lambda: source.read(PART_BYTES), b""))

    def _store(self, tenant_id: TenantId, parts: Iterable[bytes]) -> str:
        folder = self._root / checked(tenant_id)
        with self._disk():
            folder.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(prefix=".incoming-", dir=folder)
        incoming = Path(name)
        try:
            digest = self._write(descriptor, parts)
            with self._disk():
                place = self._place(tenant_id, digest)
                place.parent.mkdir(exist_ok=True)
                incoming.replace(place)
                for changed in (place.parent, folder, self._root):
                    _bring_to_disk(changed)
        finally:
            incoming.unlink(missing_ok=True)
        return digest

    def _write(self, descriptor: int, parts: Iterable[bytes]) -> str:
        """Write the parts to an open file, bring it to the disk, and give its digest."""
        digest = sha256()
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            for part in parts:
                digest.update(part)
                with self._disk():
                    _write_all(file, part)
            with self._disk():
                os.fsync(file.fileno())
        return digest.hexdigest()

    def get(self, tenant_id: TenantId, digest: str) -> bytes:
        with self._disk():
            content = self.path(tenant_id, digest).read_bytes()
        if sha256(content).hexdigest() != digest:
            raise MediaCorrupt
        return content

    def path(self, tenant_id: TenantId, digest: str) -> Path:
        with self._disk():
            place = self._place(tenant_id, digest)
            if not place.is_file():
                raise MediaMissing
        return place

    def size(self, tenant_id: TenantId, digest: str) -> int:
        with self._disk():
            return self.path(tenant_id, digest).stat().st_size

    def _place(self, tenant_id: TenantId, digest: str) -> Path:
        if not DIGEST.fullmatch(digest):
            raise MediaMissing
        return self._root / checked(tenant_id) / digest[:2] / digest

    @contextmanager
    def _disk(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            obstacle = error.strerror or "the disk does not obey"
            raise StorageUnavailable(
                f"The media folder {self._root} is not available: {obstacle}."
            ) from error


def _write_all(file: BinaryIO, part: bytes) -> None:
    """Write without a buffer: a full disk is seen here, not when the file is closed."""
    rest = memoryview(part)
    while rest:
        rest = rest[file.write(rest) :]


def _bring_to_disk(folder: Path) -> None:
    """A rename is durable only when the folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
