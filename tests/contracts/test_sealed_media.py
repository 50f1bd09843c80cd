"""Media of people are sealed with their keys, in blocks."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.encryption.envelope import EnvelopeCipher
from adapters.media.filesystem import FolderMediaStore
from adapters.media.sealed_format import BLOCK_BYTES, STORED_BLOCK_BYTES
from application.kernel.encryption import SealBroken, SubjectErased
from application.kernel.ports import MediaCorrupt, MediaMissing, StorageUnavailable
from domain.ids import DEFAULT_TENANT, UserId
from tests.contracts.sealed_media import ADA, SealedForAda

VIDEO = bytes(range(256)) * 10_000  # 2.56 MB: three blocks


@pytest.fixture
def folder_of_ada(tmp_path: Path, cipher: EnvelopeCipher) -> SealedForAda:
    return SealedForAda(FolderMediaStore(tmp_path / "media"), cipher)


def files(folder: Path) -> list[Path]:
    return [path for path in (folder / "media").rglob("*") if path.is_file()]


def test_media_of_a_person_lie_sealed(folder_of_ada: SealedForAda, tmp_path: Path) -> None:
    """R-TEN-09"""
    content = b"a video of Ada " * 10_000
    digest = folder_of_ada.put(DEFAULT_TENANT, content, prefix="s1")
    (file,) = files(tmp_path)
    stored = file.read_bytes()
    assert b"video of Ada" not in stored
    assert len(stored) < 1.01 * len(content)
    with folder_of_ada.local(DEFAULT_TENANT, digest, prefix="s1") as path:
        assert path.read_bytes() == content
        assert sys.platform != "linux" or str(path.readlink()).startswith("/memfd:")
    assert not path.exists()
    assert folder_of_ada.link(DEFAULT_TENANT, digest, prefix="s1", lasts=timedelta(1)) is None


def test_destroying_the_key_of_a_person_destroys_their_media(
    folder_of_ada: SealedForAda, cipher: EnvelopeCipher, tmp_path: Path
) -> None:
    """R-TEN-09: also in copies and backups of the files"""
    digest = folder_of_ada.put(DEFAULT_TENANT, b"Ada")
    bobs = folder_of_ada.put(DEFAULT_TENANT, b"Bob", subject=UserId("bob"))
    cipher.destroy(DEFAULT_TENANT, ADA, datetime.now(UTC))
    assert len(files(tmp_path)) == 2
    with pytest.raises(MediaMissing):
        folder_of_ada.get(DEFAULT_TENANT, digest)
    with pytest.raises(MediaMissing):
        folder_of_ada.part(DEFAULT_TENANT, digest, 0, 2)
    with pytest.raises(MediaMissing):
        folder_of_ada.size(DEFAULT_TENANT, digest)
    with pytest.raises(SubjectErased):
        folder_of_ada.put(DEFAULT_TENANT, b"again")
    assert folder_of_ada.get(DEFAULT_TENANT, bobs) == b"Bob"


def test_media_of_earlier_versions_and_of_nobody_stay_readable(
    folder_of_ada: SealedForAda, tmp_path: Path
) -> None:
    """R-TEN-09"""
    digest = FolderMediaStore(tmp_path / "media").put(DEFAULT_TENANT, VIDEO)
    nobodys = folder_of_ada.put(DEFAULT_TENANT, b"Keep your back straight.", subject=None)
    assert folder_of_ada.get(DEFAULT_TENANT, digest) == VIDEO
    assert folder_of_ada.part(DEFAULT_TENANT, digest, 5, 9) == VIDEO[5:9]
    assert folder_of_ada.size(DEFAULT_TENANT, digest) == len(VIDEO)
    assert folder_of_ada.get(DEFAULT_TENANT, nobodys).startswith(b"Keep")
    assert folder_of_ada.put(DEFAULT_TENANT, VIDEO) == digest  # from now on sealed
    assert folder_of_ada.get(DEFAULT_TENANT, digest) == VIDEO
    assert all(VIDEO[:4096] not in path.read_bytes() for path in files(tmp_path))


def swap_blocks(stored: bytearray) -> None:
    block = STORED_BLOCK_BYTES
    stored[-2 * block : -block], stored[-block:] = stored[-block:], stored[-2 * block : -block]


def change_a_bit(stored: bytearray) -> None:
    stored[-100] ^= 1


def cut_a_block(stored: bytearray) -> None:
    del stored[-STORED_BLOCK_BYTES:]


def claim_less(stored: bytearray) -> None:
    stored[12:20] = BLOCK_BYTES.to_bytes(8, "little")


def claim_nothing(stored: bytearray) -> None:
    stored[12:20] = bytes(8)


def claim_nothing_and_cut(stored: bytearray) -> None:
    claim_nothing(stored)
    del stored[-3 * STORED_BLOCK_BYTES :]


@pytest.mark.parametrize(
    "damage",
    [swap_blocks, change_a_bit, cut_a_block, claim_less, claim_nothing, claim_nothing_and_cut],
)
def test_changed_sealed_media_are_reported(
    folder_of_ada: SealedForAda, tmp_path: Path, damage: Callable[[bytearray], None]
) -> None:
    """C-29, R-TEN-09"""
    digest = folder_of_ada.put(DEFAULT_TENANT, bytes(3 * BLOCK_BYTES))
    (file,) = files(tmp_path)
    stored = bytearray(file.read_bytes())
    damage(stored)
    file.write_bytes(stored)
    with pytest.raises(MediaCorrupt):
        folder_of_ada.get(DEFAULT_TENANT, digest)


class BitFlippingStore(FolderMediaStore):
    """A store that verifies, as a bucket does, and stores something else than it was given."""

    def put_as(self, *named: Any, verify: Callable[[], None], **more: Any) -> None:
        super().put_as(*named, verify=verify, **more)
        for file in files(self._root.parent):
            stored = bytearray(file.read_bytes())
            stored[-1] ^= 1
            file.write_bytes(stored)
        verify()


def test_media_that_were_stored_damaged_are_not_taken_as_stored(
    cipher: EnvelopeCipher, tmp_path: Path
) -> None:
    """C-29: the upload fails, and can be repeated."""
    store = SealedForAda(BitFlippingStore(tmp_path / "media"), cipher)
    with pytest.raises(StorageUnavailable):
        store.put(DEFAULT_TENANT, VIDEO)


def test_sealed_media_cannot_take_the_place_of_others(
    folder_of_ada: SealedForAda, tmp_path: Path
) -> None:
    """R-TEN-09"""
    digest = folder_of_ada.put(DEFAULT_TENANT, b"mine")
    (mine,) = files(tmp_path)
    other = folder_of_ada.put(DEFAULT_TENANT, b"other")
    (place,) = {*files(tmp_path)} - {mine}
    place.write_bytes(mine.read_bytes())
    assert folder_of_ada.get(DEFAULT_TENANT, digest) == b"mine"
    with pytest.raises(SealBroken):
        folder_of_ada.get(DEFAULT_TENANT, other)


def test_a_range_reads_only_its_blocks(
    folder_of_ada: SealedForAda, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-RPL-15, R-TEN-09"""
    digest = folder_of_ada.put(DEFAULT_TENANT, VIDEO)
    folder_of_ada.size(DEFAULT_TENANT, digest)
    read: list[int] = []
    blobs: Any = folder_of_ada._blobs
    part_into = blobs.part_into

    def counted(*where: Any, **more: Any) -> int:
        count: int = part_into(*where, **more)
        read.append(count)
        return count

    monkeypatch.setattr(blobs, "part_into", counted)
    monkeypatch.setattr(blobs, "part", None)
    at = BLOCK_BYTES - 1
    assert folder_of_ada.part(DEFAULT_TENANT, digest, at, at + 2) == VIDEO[at : at + 2]
    assert folder_of_ada.part(DEFAULT_TENANT, digest, at + 1, at + 9) == VIDEO[at + 1 : at + 9]
    assert read == [2 * STORED_BLOCK_BYTES, STORED_BLOCK_BYTES]


def test_media_stored_again_elsewhere_are_read_with_their_new_key(
    folder_of_ada: SealedForAda, cipher: EnvelopeCipher, tmp_path: Path
) -> None:
    """Each process remembers how media are sealed."""
    digest = folder_of_ada.put(DEFAULT_TENANT, VIDEO)
    assert folder_of_ada.part(DEFAULT_TENANT, digest, 0, 4) == VIDEO[:4]
    SealedForAda(FolderMediaStore(tmp_path / "media"), cipher).put(DEFAULT_TENANT, VIDEO)
    assert folder_of_ada.part(DEFAULT_TENANT, digest, 0, 4) == VIDEO[:4]
