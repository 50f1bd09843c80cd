"""Anchors as files that are never written again, in a folder such as a mounted WORM volume."""

import os
import re
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from adapters.sql.private_files import make_private_folder
from application.kernel.ports import StorageUnavailable
from domain.ids import TenantId
from domain.tenants.tenant_id import TENANT_PATTERN, parse_tenant_id

READ_ONLY: Final = 0o400


class FolderAnchors:
    """An `AnchorStore` in a folder, with a folder for each tenant."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, tenant_id: TenantId, name: str, document: str) -> None:
        folder = self._folder(tenant_id)
        part = folder / f".{name}.part"
        with self._disk():
            make_private_folder(folder)
            part.unlink(missing_ok=True)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, READ_ONLY)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(f"{document}\n")
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                (folder / name).hardlink_to(part)  # unlike a rename, replaces nothing
            part.unlink()
            _sync(folder)

    def names(self, tenant_id: TenantId) -> list[str]:
        with self._disk():
            folder = self._folder(tenant_id)
            files = [each for each in _listed(folder) if each.is_file()]
            return sorted(each.name for each in files if not each.name.startswith("."))

    def get(self, tenant_id: TenantId, name: str) -> str:
        with self._disk():
            return (self._folder(tenant_id) / name).read_text("ascii", "replace").strip()

    def tenants(self) -> list[TenantId]:
        with self._disk():
            return [
                TenantId(each.name)
                for each in sorted(_listed(self._root))
                if each.is_dir() and re.fullmatch(TENANT_PATTERN, each.name)
            ]

    def _folder(self, tenant_id: TenantId) -> Path:
        return self._root / parse_tenant_id(tenant_id)

    @contextmanager
    def _disk(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            raise StorageUnavailable(f"Anchors in {self._root}: {error.strerror}.") from error


def _listed(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
