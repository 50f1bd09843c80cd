"""Encrypted temporary files."""

import os
import random
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest

from adapters.encryption.temporary_file import SECTOR_BYTES, EncryptedTemporaryFile

SECRET = b"ada@example.org weighs 61.5 kg. " * 4


def on_disk(file: EncryptedTemporaryFile) -> bytes:
    """Return what the disk has of a file: it has no name, but a descriptor."""
    file._file.flush()
    return os.pread(file._file.fileno(), 10 * SECTOR_BYTES, 0)


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    """R-TEN-09: across sectors, replaced in the middle, and in pieces of any size."""
    chance = random.Random(3)  # noqa: S311  not a secret
    expected = bytearray()
    with EncryptedTemporaryFile(tmp_path) as file:
        for _ in range(200):
            start = chance.randrange(len(expected) + 1)
            piece = chance.randbytes(chance.choice((1, 16, 1000, SECTOR_BYTES, SECTOR_BYTES + 7)))
            assert file.seek(start) == start
            assert file.write(piece) == len(piece)
            expected[start : start + len(piece)] = piece
        assert file.seek(0, os.SEEK_END) == len(expected)
        file.seek(0)
        assert file.readall() == expected
        file.seek(SECTOR_BYTES - 3)
        assert file.tell() == SECTOR_BYTES - 3
        assert file.read(3) == expected[SECTOR_BYTES - 3 : SECTOR_BYTES]


def test_the_disk_has_no_plain_text_and_no_name(tmp_path: Path) -> None:
    """R-TEN-09, C-24: what a crash leaves is nothing, and a copy of the disk is unreadable."""
    with EncryptedTemporaryFile(tmp_path / "new") as file:
        file.write(SECRET * (3 * SECTOR_BYTES // len(SECRET)))
        file.seek(0)
        stored = on_disk(file)
        assert len(stored) >= 2 * SECTOR_BYTES
        assert SECRET[:16] not in stored
        assert stored[:SECTOR_BYTES] != stored[SECTOR_BYTES : 2 * SECTOR_BYTES], "same content"
        assert list((tmp_path / "new").iterdir()) == []


def test_an_archive_is_written_into_it(tmp_path: Path) -> None:
    """R-TEN-09: whose headers are replaced when the size of a file is known."""
    with EncryptedTemporaryFile(tmp_path) as file:
        with ZipFile(file, "w", ZIP_STORED) as archive:
            archive.writestr("one.txt", SECRET * 5000)
            archive.writestr("two.txt", b"")
        with ZipFile(file) as archive:
            assert archive.testzip() is None
            assert archive.read("one.txt") == SECRET * 5000


def test_an_unusable_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        EncryptedTemporaryFile(tmp_path / "file")
