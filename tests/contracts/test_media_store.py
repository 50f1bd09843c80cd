"""Contract of media stores. A new adapter joins OPENERS."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from adapters.media.filesystem import FolderMediaStore
from adapters.media.keys import InvalidPrefix
from adapters.media.s3 import BucketMediaStore
from application.kernel.ports import (
    MediaCorrupt,
    MediaMissing,
    MediaStore,
    StorageUnavailable,
    StoredMedia,
)
from domain.ids import DEFAULT_TENANT, TenantId
from domain.tenants.tenant_id import TenantInvalid
from tests.contracts.sealed_media import SealedForAda
from tests.plugins.object_storage import NewBucket

ROOT = Path(__file__).parents[2]
VIDEO = bytes(range(256)) * 10_000  # 2.56 MB: several parts in a folder
NOTHING = sha256(b"never stored").hexdigest()

Open = Callable[[pytest.FixtureRequest, Path], MediaStore]


def folder(_: pytest.FixtureRequest, place: Path) -> MediaStore:
    return FolderMediaStore(place / "media")


def bucket(request: pytest.FixtureRequest, _: Path) -> MediaStore:
    new_bucket: NewBucket = request.getfixturevalue("new_bucket")
    return BucketMediaStore(new_bucket())


def sealed_folder(request: pytest.FixtureRequest, place: Path) -> MediaStore:
    return SealedForAda(FolderMediaStore(place / "media"), request.getfixturevalue("cipher"))


def sealed_bucket(request: pytest.FixtureRequest, _: Path) -> MediaStore:
    new_bucket: NewBucket = request.getfixturevalue("new_bucket")
    return SealedForAda(BucketMediaStore(new_bucket()), request.getfixturevalue("cipher"))


OPENERS: dict[str, Open] = {
    "folder": folder,
    "bucket": bucket,
    "sealed folder": sealed_folder,
    "sealed bucket": sealed_bucket,
}


@pytest.fixture(params=OPENERS)
def media(request: pytest.FixtureRequest, tmp_path: Path) -> MediaStore:
    return OPENERS[request.param](request, tmp_path)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "video.mp4"
    path.write_bytes(VIDEO)
    return path


@pytest.mark.parametrize("content", [b"", b"squat", VIDEO], ids=["empty", "small", "video"])
def test_content_is_found_under_its_digest(media: MediaStore, content: bytes) -> None:
    """C-29: content-addressed and checksummed."""
    digest = media.put(DEFAULT_TENANT, content)
    assert digest == sha256(content).hexdigest()
    assert media.get(DEFAULT_TENANT, digest) == content
    assert media.size(DEFAULT_TENANT, digest) == len(content)
    with media.local(DEFAULT_TENANT, digest) as path:
        assert path.read_bytes() == content


def test_a_video_is_stored_in_parts_under_its_key(media: MediaStore, video: Path) -> None:
    """R-RPL-14, C-33"""
    digest = media.put_file(DEFAULT_TENANT, video)
    assert media.get(DEFAULT_TENANT, digest) == VIDEO == video.read_bytes()
    assert media.put(DEFAULT_TENANT, VIDEO) == digest


def test_storing_again_changes_nothing(media: MediaStore, video: Path) -> None:
    """R-EVT-16"""
    digests = {media.put(DEFAULT_TENANT, VIDEO), media.put_file(DEFAULT_TENANT, video)}
    with video.open("rb") as stream:
        stream.seek(7)  # it is stored from its beginning
        digests.add(media.put_stream(DEFAULT_TENANT, stream))
    assert digests == {media.put(DEFAULT_TENANT, VIDEO)}
    assert media.get(DEFAULT_TENANT, digests.pop()) == VIDEO


def test_the_same_content_can_be_stored_concurrently(media: MediaStore) -> None:
    """R-EVT-16"""
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(lambda _: media.put(DEFAULT_TENANT, VIDEO), range(16)))
    assert media.get(DEFAULT_TENANT, digests.pop()) == VIDEO
    assert not digests


@pytest.mark.parametrize(
    "digest", [NOTHING, "", "../../video.mp4", NOTHING.upper(), NOTHING + "\n"]
)
def test_an_object_never_stored_is_missing(media: MediaStore, video: Path, digest: str) -> None:
    media.put_file(DEFAULT_TENANT, video)
    for ask in (media.get, media.size):
        with pytest.raises(MediaMissing):
            ask(DEFAULT_TENANT, digest)
    with pytest.raises(MediaMissing), media.local(DEFAULT_TENANT, digest):
        pytest.fail("something was lent")
    with pytest.raises(MediaMissing):
        media.part(DEFAULT_TENANT, digest, 0, 1)
    with pytest.raises(MediaMissing):
        media.link(DEFAULT_TENANT, digest, lasts=timedelta(minutes=1))


@pytest.mark.parametrize(("start", "end"), [(0, 1), (0, 2_560_000), (1000, 2_000_000), (9, 10)])
def test_a_part_of_a_video_is_read_without_the_rest(
    media: MediaStore, start: int, end: int
) -> None:
    """R-RPL-15"""
    digest = media.put(DEFAULT_TENANT, VIDEO)
    assert media.part(DEFAULT_TENANT, digest, start, end) == VIDEO[start:end]


def test_session_media_share_a_prefix_and_are_deleted_together(
    media: MediaStore, video: Path
) -> None:
    """R-RPL-15, R-DAT-10, C-29"""
    same = media.put(DEFAULT_TENANT, b"frames", prefix="s1")
    media.put_file(DEFAULT_TENANT, video, prefix="s1")
    for prefix in ("s2", "s1.2", "s1~2", ""):
        media.put(DEFAULT_TENANT, b"frames", prefix=prefix)
    media.put(TenantId("red"), b"frames", prefix="s1")
    assert media.clear(DEFAULT_TENANT, "s1") == 2
    with pytest.raises(MediaMissing):
        media.get(DEFAULT_TENANT, same, prefix="s1")
    for prefix in ("s2", "s1.2", "s1~2", ""):
        assert media.get(DEFAULT_TENANT, same, prefix=prefix) == b"frames"
    assert media.get(TenantId("red"), same, prefix="s1") == b"frames"
    assert media.clear(DEFAULT_TENANT, "s1") == 0


def test_a_prefix_is_listed_page_by_page(media: MediaStore) -> None:
    """R-DAT-10"""
    stored = [StoredMedia(media.put(DEFAULT_TENANT, bytes(n), prefix="a@b:c"), n) for n in range(7)]
    stored.sort(key=lambda each: each.digest)
    pages = [media.list_media(DEFAULT_TENANT, "a@b:c", limit=3)]
    while pages[-1]:
        after = pages[-1][-1].digest
        pages.append(media.list_media(DEFAULT_TENANT, "a@b:c", after=after, limit=3))
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    listed = [each for page in pages for each in page]
    assert [each.digest for each in listed] == [each.digest for each in stored]
    sizes = [media.size(DEFAULT_TENANT, each.digest, prefix="a@b:c") for each in listed]
    assert sizes == [each.size for each in stored]
    assert media.list_media(DEFAULT_TENANT, "a") == []


@pytest.mark.parametrize(
    "prefix", [".", "..", "a/b", "../s1", "s1\n", "s" * 129, "\N{CJK STROKE T}"]
)
def test_a_prefix_must_be_a_valid_id(media: MediaStore, prefix: str) -> None:
    with pytest.raises(InvalidPrefix):
        media.put(DEFAULT_TENANT, b"squat", prefix=prefix)
    with pytest.raises(InvalidPrefix):
        media.get(DEFAULT_TENANT, NOTHING, prefix=prefix)
    with pytest.raises(InvalidPrefix):
        media.clear(DEFAULT_TENANT, prefix)


def test_objects_without_a_prefix_are_not_deleted_together(media: MediaStore) -> None:
    with pytest.raises(InvalidPrefix):
        media.clear(DEFAULT_TENANT, "")


def test_an_upload_is_put_under_its_session_and_stays_when_the_job_has_gone(
    media: MediaStore, video: Path
) -> None:
    digest = media.put_file(DEFAULT_TENANT, video, prefix="job")
    for _ in range(2):
        with media.local(DEFAULT_TENANT, digest, prefix="job") as upload:
            media.put_file(DEFAULT_TENANT, upload, prefix="session")
    media.clear(DEFAULT_TENANT, "job")
    assert media.get(DEFAULT_TENANT, digest, prefix="session") == VIDEO


def test_tenants_do_not_see_each_other(media: MediaStore) -> None:
    """R-TEN-03, C-10: every object key contains the tenant, even for equal content."""
    digest = media.put(TenantId("red"), b"squat")
    with pytest.raises(MediaMissing):
        media.get(TenantId("blue"), digest)


@pytest.mark.parametrize("tenant", ["", ".", "..", "../red", "red/blue", "Red", "r" * 65, "red\n"])
def test_a_tenant_cannot_leave_its_folder(media: MediaStore, video: Path, tenant: str) -> None:
    """R-TEN-03"""
    with pytest.raises(TenantInvalid):
        media.put(TenantId(tenant), b"squat")
    with pytest.raises(TenantInvalid):
        media.put_file(TenantId(tenant), video)
    with pytest.raises(TenantInvalid):
        media.get(TenantId(tenant), NOTHING)


# Folder


def test_damaged_media_are_reported_and_repaired_by_storing_again(tmp_path: Path) -> None:
    """C-29"""
    media = FolderMediaStore(tmp_path)
    digest = media.put(DEFAULT_TENANT, b"squat")
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    file.write_bytes(b"squad")
    with pytest.raises(MediaCorrupt):
        media.get(DEFAULT_TENANT, digest)
    with pytest.raises(MediaCorrupt), media.local(DEFAULT_TENANT, digest):
        pytest.fail("something damaged was lent")
    media.put(DEFAULT_TENANT, b"squat")
    assert media.get(DEFAULT_TENANT, digest) == b"squat"


def test_a_folder_store_has_no_links(tmp_path: Path) -> None:
    media = FolderMediaStore(tmp_path)
    digest = media.put(DEFAULT_TENANT, b"squat")
    assert media.link(DEFAULT_TENANT, digest, lasts=timedelta(minutes=1)) is None


def test_media_lie_under_their_tenant_and_digest(tmp_path: Path) -> None:
    """R-RPL-14"""
    digest = FolderMediaStore(tmp_path).put(TenantId("red"), b"squat")
    files = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [Path("red", digest[:2], digest)]


def test_an_interrupted_video_upload_stores_nothing(tmp_path: Path) -> None:
    def parts() -> list[bytes]:
        raise ConnectionResetError("the camera was unplugged")

    store = FolderMediaStore(tmp_path)
    with pytest.raises(ConnectionResetError):
        store._store(DEFAULT_TENANT, (part for _ in "x" for part in parts()))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_missing_video_is_not_a_store_failure(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FolderMediaStore(tmp_path).put_file(DEFAULT_TENANT, tmp_path / "video.mp4")


def test_two_processes_delete_the_same_media_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-TEN-12: retention may run on several machines."""
    store = FolderMediaStore(tmp_path)
    store.put(DEFAULT_TENANT, b"squat", prefix="s1")
    remove = shutil.rmtree

    def remove_second(folder: Path, **options: Any) -> None:
        remove(folder)  # the other process
        remove(folder, **options)

    monkeypatch.setattr(shutil, "rmtree", remove_second)
    store.clear(DEFAULT_TENANT, "s1")
    assert not store.list_media(DEFAULT_TENANT, "s1")


def test_media_that_disappear_while_they_are_listed_are_left_out(tmp_path: Path) -> None:
    """R-TEN-12: such as by retention; a link to nothing is listed, and has no size either."""
    store = FolderMediaStore(tmp_path)
    stored = store.put(DEFAULT_TENANT, b"squat", prefix="s1")
    (file,) = tmp_path.rglob(stored)
    (file.parent / NOTHING).symlink_to("gone")
    assert [each.digest for each in store.list_media(DEFAULT_TENANT, "s1")] == [stored]


def test_an_invalid_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "media").touch()
    store = FolderMediaStore(tmp_path / "media")
    with pytest.raises(StorageUnavailable, match="media folder"):
        store.put(DEFAULT_TENANT, b"squat")


def test_a_full_disk_is_reported_and_leaves_nothing(tmp_path: Path) -> None:
    """A limit of the operating system, such as a quota."""
    source = """
import resource, sys
from pathlib import Path
from typing import Any
from adapters.encryption.envelope import EnvelopeCipher
from adapters.encryption.key_file import KeyFileKms
from adapters.encryption.subject_keys import SqlSubjectKeyStore
from adapters.media.filesystem import FolderMediaStore
from application.kernel.ports import StorageUnavailable

resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    FolderMediaStore(Path(sys.argv[1])).put("default", bytes(2000))
except StorageUnavailable as unavailable:
    print(unavailable.detail)
"""
    arguments = [sys.executable, "-c", source, str(tmp_path)]
    result = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout == f"The media folder {tmp_path} is not available: File too large.\n"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
