"""Stored media are read as a file, one block at a time."""

import io
import os
import shutil
from pathlib import Path

from adapters.media.filesystem import FolderMediaStore
from application.kernel.media_file import BLOCK_BYTES, MediaFile
from domain.ids import DEFAULT_TENANT

CONTENT = os.urandom(2 * BLOCK_BYTES + 1000)


def test_a_file_reads_and_seeks_as_one_on_disk(tmp_path: Path) -> None:
    media = FolderMediaStore(tmp_path)
    digest = media.put(DEFAULT_TENANT, CONTENT, prefix="s1")
    file = MediaFile(media, DEFAULT_TENANT, digest, prefix="s1")
    copy = io.BytesIO()
    shutil.copyfileobj(file, copy)
    assert copy.getvalue() == CONTENT
    for start in (0, 5, BLOCK_BYTES - 1, BLOCK_BYTES, len(CONTENT) - 1, len(CONTENT)):
        assert file.seek(start) == start
        assert file.readall() == CONTENT[start:]
    assert file.seek(-3, os.SEEK_END) == len(CONTENT) - 3
    assert file.read(10) == CONTENT[-3:]


def test_a_file_without_content_is_empty(tmp_path: Path) -> None:
    media = FolderMediaStore(tmp_path)
    digest = media.put(DEFAULT_TENANT, b"")
    assert MediaFile(media, DEFAULT_TENANT, digest).read() == b""
