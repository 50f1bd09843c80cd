"""Content-addressed media in a folder: `<root>/<tenant>/<aa>/<sha256>` (adapters.media.keys).

Writes are atomic: a file is written beside its final path, flushed to disk, and then renamed. A
crash leaves behind files that begin with `.incoming-` and are never read.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from datetime import timedelta
from hashlib import file_digest, sha256
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from adapters.media.folder_errors import folder_errors
from adapters.media.keys import place_of, prefix_of
from adapters.sql.private_files import make_private_folder
from application.kernel.ports import MediaCorrupt, MediaMissing, StoredMedia
from domain.ids import TenantId, UserId
from domain.tenants.tenant_id import parse_tenant_id

PART_BYTES = 1 << 20
"""Videos are copied 1 MiB at a time."""


class FolderMediaStore:
    """A `MediaStore` in a folder, which is created when something is first stored.

    Storing content again replaces whatever is at its path. Raises StorageUnavailable for disk
    errors, and TenantInvalid for a tenant id that cannot name a folder. If a source file cannot be
    read, its own OSError is raised, because the store is not at fault.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(
        self,
        tenant_id: TenantId,
        content: bytes,
        *,
        prefix: str = "",
        subject: UserId | None = None,  # noqa: ARG002  stored as it is
    ) -> str:
        return self._store(tenant_id, [content], prefix)

    def put_file(
        self,
        tenant_id: TenantId,
        path: Path,
        *,
        prefix: str = "",
        subject: UserId | None = None,  # noqa: ARG002  stored as it is
    ) -> str:
        with path.open("rb") as source:
            if path.is_relative_to(self._root):
                return self._link(
                    tenant_id, path, file_digest(source, "sha256").hexdigest(), prefix
                )
            return self._store(tenant_id, iter(lambda: source.read(PART_BYTES), b""), prefix)

    def put_stream(
        self,
        tenant_id: TenantId,
        source: BinaryIO,
        *,
        prefix: str = "",
        subject: UserId | None = None,  # noqa: ARG002  stored as it is
    ) -> str:
        source.seek(0)
        return self._store(tenant_id, iter(lambda: source.read(PART_BYTES), b""), prefix)

    def put_as(
        self,
        tenant_id: TenantId,
        digest: str,
        parts: Iterable[memoryview],
        *,
        prefix: str = "",
        verify: Callable[[], None],  # noqa: ARG002  a disk reports what it cannot write
    ) -> None:
        self._store(tenant_id, parts, prefix, digest)

    def _link(self, tenant_id: TenantId, path: Path, digest: str, prefix: str) -> str:
        """Hard-link a file of our own, which nothing writes to, to another prefix as well."""
        place = self._root / place_of(tenant_id, digest, prefix)
        incoming = self._root / parse_tenant_id(tenant_id) / f".incoming-{uuid4()}"
        try:
            with folder_errors(self._root):
                make_private_folder(incoming.parent)
                incoming.hardlink_to(path)
                self._appear(incoming, place)
        finally:
            incoming.unlink(missing_ok=True)  # a rename onto its own link keeps both
        return digest

    def _store(
        self,
        tenant_id: TenantId,
        parts: Iterable[bytes | memoryview],
        prefix: str = "",
        name: str | None = None,
    ) -> str:
        """Store parts under their digest, or under another one."""
        place_of(tenant_id, name or sha256().hexdigest(), prefix)  # checked before writing
        folder = self._root / parse_tenant_id(tenant_id)
        with folder_errors(self._root):
            make_private_folder(folder)
            descriptor, draft = tempfile.mkstemp(prefix=".incoming-", dir=folder)
        incoming = Path(draft)
        try:
            digest = self._write(descriptor, parts, name)
            with folder_errors(self._root):
                self._appear(incoming, self._root / place_of(tenant_id, digest, prefix))
        finally:
            incoming.unlink(missing_ok=True)
        return digest

    def _appear(self, incoming: Path, place: Path) -> None:
        """Rename a file to its final path, durably."""
        make_private_folder(place.parent)
        incoming.replace(place)
        for changed in place.relative_to(self._root).parents:
            _bring_to_disk(self._root / changed)

    def _write(self, descriptor: int, parts: Iterable[bytes | memoryview], name: str | None) -> str:
        """Write the parts to an open file, flush it to disk, and return its digest or `name`."""
        digest = sha256()
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            for part in parts:
                if name is None:
                    digest.update(part)
                with folder_errors(self._root):
                    _write_all(file, part)
            with folder_errors(self._root):
                os.fsync(file.fileno())
        return name or digest.hexdigest()

    def get(self, tenant_id: TenantId, digest: str, *, prefix: str = "") -> bytes:
        with folder_errors(self._root):
            content = self._place(tenant_id, digest, prefix).read_bytes()
        if sha256(content).hexdigest() != digest:
            raise MediaCorrupt
        return content

    def part(
        self, tenant_id: TenantId, digest: str, start: int, end: int, *, prefix: str = ""
    ) -> bytes:
        with folder_errors(self._root), self._place(tenant_id, digest, prefix).open("rb") as file:
            file.seek(start)
            return file.read(end - start)

    def part_into(
        self, tenant_id: TenantId, digest: str, start: int, buffer: memoryview, *, prefix: str = ""
    ) -> int:
        place = self._place(tenant_id, digest, prefix)
        with folder_errors(self._root), place.open("rb", buffering=0) as file:
            file.seek(start)
            return file.readinto(buffer)

    @contextmanager
    def local(self, tenant_id: TenantId, digest: str, *, prefix: str = "") -> Generator[Path]:
        with folder_errors(self._root):
            place = self._place(tenant_id, digest, prefix)
            with place.open("rb") as file:
                if file_digest(file, "sha256").hexdigest() != digest:
                    raise MediaCorrupt
        yield place

    def size(self, tenant_id: TenantId, digest: str, *, prefix: str = "") -> int:
        with folder_errors(self._root):
            return self._place(tenant_id, digest, prefix).stat().st_size

    def link(
        self,
        tenant_id: TenantId,
        digest: str,
        *,
        prefix: str = "",
        lasts: timedelta,  # noqa: ARG002  the port's
    ) -> str | None:
        """Return None: a folder has no URLs of its own."""
        with folder_errors(self._root):
            self._place(tenant_id, digest, prefix)
        return None

    def list_media(
        self, tenant_id: TenantId, prefix: str, *, after: str = "", limit: int = 1000
    ) -> Sequence[StoredMedia]:
        folder = self._root / prefix_of(tenant_id, prefix)
        with folder_errors(self._root):
            found = (
                StoredMedia(file.name, size)
                for file in _files(folder)
                if file.name > after and (size := _size(file)) is not None
            )
            return list(islice(found, limit))

    def clear(self, tenant_id: TenantId, prefix: str) -> int:
        folder = self._root / prefix_of(tenant_id, prefix)
        with folder_errors(self._root):
            if not folder.is_dir():
                return 0
            count = len(_files(folder))
            shutil.rmtree(folder, onerror=_unless_gone)
            _bring_to_disk(folder.parent)
        return count

    def _place(self, tenant_id: TenantId, digest: str, prefix: str) -> Path:
        place = self._root / place_of(tenant_id, digest, prefix)
        if not place.is_file():
            raise MediaMissing
        return place


def _files(folder: Path) -> list[Path]:
    """Return the files of a folder in order of name, none if it does not exist."""
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _size(file: Path) -> int | None:
    """Return the bytes of a file; None if another process has removed it."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return None


def _unless_gone(_function: object, _path: str, error: tuple[Any, BaseException, Any]) -> None:
    """Raise an error of `rmtree`, unless another process has removed the file or folder."""
    if not isinstance(error[1], FileNotFoundError):
        raise error[1]


def _write_all(file: BinaryIO, part: bytes | memoryview) -> None:
    """Write without a buffer: a full disk is detected here, not when the file is closed."""
    rest = memoryview(part)
    while rest:
        rest = rest[file.write(rest) :]


def _bring_to_disk(folder: Path) -> None:
    """Flush a folder to disk: a rename is durable only after that."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
