"""Objects of content in the media folder, with the files that processes left behind.

The time of a change is that of the inode: links and renames keep the time of the content.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from adapters.content.keys import key_of, media_name_of, media_names_of, prefix_of
from adapters.media.folder_errors import folder_errors
from application.content.orphans import EncodedPlace, StoredObject
from application.content.upload_store import UploadKey
from domain.ids import ContentId, TenantId
from domain.tenants.tenant_id import parse_tenant_id

INCOMING: Final = ".incoming-*"


class FolderObjects:
    """`ContentObjects` in a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def older(self, tenant_id: TenantId, before: datetime) -> Iterator[StoredObject]:
        with folder_errors(self._root):
            stored = [*self._uploads(tenant_id), *self._encoded(tenant_id)]
        return (each for each in stored if each.changed_at < before)

    def remove(self, stored: StoredObject) -> bool:
        path = self._root / stored.name
        with folder_errors(self._root):
            try:
                if _changed_at(path) > stored.changed_at:
                    return False
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
            except FileNotFoundError:
                return False
        return True

    def _uploads(self, tenant_id: TenantId) -> Iterator[StoredObject]:
        for folder in self._root.glob(f"{prefix_of(tenant_id)}*/*"):
            key = key_of(folder.relative_to(self._root).as_posix())
            if key is None:
                continue
            if (folder / "file").exists():
                yield from self._stored(folder / "file", key.content_id, key)
                yield from self._left_behind(folder, "parts", key.content_id)
            yield from self._left_behind(folder, INCOMING, key.content_id)

    def _encoded(self, tenant_id: TenantId) -> Iterator[StoredObject]:
        for path in self._root.glob(f"{media_names_of(tenant_id)}*/*"):
            parsed = media_name_of(path.relative_to(self._root).as_posix())
            if parsed is not None:
                yield from self._stored(path, *parsed)
        tenant = self._root / parse_tenant_id(tenant_id)
        yield from self._left_behind(tenant, INCOMING, ContentId(""))  # of any medium

    def _left_behind(
        self, folder: Path, pattern: str, content_id: ContentId
    ) -> Iterator[StoredObject]:
        for path in folder.glob(pattern):
            yield from self._stored(path, content_id, None)

    def _stored(
        self, path: Path, content_id: ContentId, place: UploadKey | EncodedPlace | None
    ) -> Iterator[StoredObject]:
        with suppress(FileNotFoundError):  # it was removed meanwhile
            changed_at = _changed_at(path)
            name = path.relative_to(self._root).as_posix()
            yield StoredObject(name, content_id, place, changed_at)


def _changed_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_ctime, UTC)
