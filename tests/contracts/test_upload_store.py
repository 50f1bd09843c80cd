"""Contract of stores that receive uploads in parts. A new adapter joins OPENERS."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from adapters.content.bucket import BucketUploads
from adapters.content.folder import ENDPOINT, FolderUploads
from adapters.media.s3 import BucketAddress
from application.content.upload_store import (
    MIN_PART_BYTES,
    PartRefused,
    UploadKey,
    UploadStore,
    missing_parts,
    part_bytes,
    parts_of,
)
from application.kernel.ports import MediaMissing, StorageUnavailable
from domain.ids import DEFAULT_TENANT, ContentId
from tests.plugins.object_storage import NewBucket

KEY = UploadKey(DEFAULT_TENANT, ContentId("c1"), 1)
CONTENT = bytes(range(256)) * (MIN_PART_BYTES // 256) + b"the end"
PARTS = parts_of(len(CONTENT))
HOUR = timedelta(hours=1)

Open = Callable[[pytest.FixtureRequest, Path], UploadStore]


def folder(_: pytest.FixtureRequest, place: Path) -> UploadStore:
    return FolderUploads(place / "media", lambda: datetime.now(UTC))


def bucket(request: pytest.FixtureRequest, _: Path) -> UploadStore:
    new_bucket: NewBucket = request.getfixturevalue("new_bucket")
    return BucketUploads(new_bucket())


OPENERS: dict[str, Open] = {"folder": folder, "bucket": bucket}


@pytest.fixture(params=OPENERS)
def uploads(request: pytest.FixtureRequest, tmp_path: Path) -> UploadStore:
    return OPENERS[request.param](request, tmp_path)


def send(uploads: UploadStore, url: str, content: bytes) -> int:
    """Send a part as a browser does; return the HTTP status."""
    if not isinstance(uploads, FolderUploads):
        assert urlsplit(url).scheme
        return httpx2.put(url, content=content, timeout=60).status_code
    try:
        uploads.receive(url.removeprefix(ENDPOINT), [content[:100], content[100:]])
    except PartRefused:
        return 403
    return 200


def send_part(uploads: UploadStore, number: int, content: bytes | None = None) -> int:
    part = PARTS[number - 1]
    (url,) = uploads.part_urls(KEY, [part], HOUR)
    own = CONTENT[part.offset : part.offset + part.size]
    return send(uploads, url, own if content is None else content)


def test_a_file_arrives_in_parts_in_any_order_and_is_read_back(uploads: UploadStore) -> None:
    """R-CON-02, R-DAT-10: also after the list of parts was lost, as when a page is loaded again."""
    uploads.begin(KEY, "video/mp4")
    assert send_part(uploads, 2) == 200
    assert uploads.arrived(KEY) == {2: len(b"the end")}
    assert [each.number for each in missing_parts(len(CONTENT), uploads.arrived(KEY))] == [1]
    uploads.begin(KEY, "video/mp4")
    assert send_part(uploads, 1) == 200
    assert send_part(uploads, 1) == 200
    assert uploads.size(KEY) is None
    assert uploads.complete(KEY) == len(CONTENT)
    assert uploads.complete(KEY) == uploads.size(KEY) == len(CONTENT)
    with uploads.local(KEY) as path:
        assert path.read_bytes() == CONTENT
    assert list(uploads.unfinished(KEY.tenant_id)) == []
    assert not uploads.part_urls(KEY, PARTS, HOUR)


def test_a_url_takes_its_part_only(uploads: UploadStore) -> None:
    """R-CON-02: other bytes, another signature or a URL that expired are refused."""
    uploads.begin(KEY, "video/mp4")
    assert send_part(uploads, 2, b"the end!") == 403
    assert send_part(uploads, 2, b"the") == 403
    (url,) = uploads.part_urls(KEY, PARTS[1:], HOUR)
    assert send(uploads, url[:-3] + "abc", b"the end") == 403
    for expired in uploads.part_urls(KEY, PARTS[1:], timedelta(seconds=-60)):
        assert send(uploads, expired, b"the end") in {400, 403}
    assert uploads.arrived(KEY) == {}


def test_nothing_is_left_of_an_upload_that_is_removed(uploads: UploadStore) -> None:
    """R-CON-02: no orphan objects."""
    before = datetime.now(UTC)
    uploads.begin(KEY, "video/mp4")
    assert send_part(uploads, 2) == 200
    (unfinished,) = uploads.unfinished(KEY.tenant_id)
    assert unfinished.key == KEY
    assert abs(unfinished.started_at - before) < HOUR
    uploads.remove(KEY)
    uploads.remove(KEY)
    assert list(uploads.unfinished(KEY.tenant_id)) == []
    with pytest.raises(MediaMissing):
        uploads.complete(KEY)
    with pytest.raises(MediaMissing), uploads.local(KEY):
        pass


@pytest.mark.parametrize("crit", [5, None, [[1]], ["unknown"]])
def test_a_url_with_an_odd_header_is_refused(tmp_path: Path, crit: object) -> None:
    """R-CON-02: RFC 7515 wants a list of names; anybody can send something else."""
    uploads = FolderUploads(tmp_path, lambda: datetime.now(UTC))
    uploads.begin(KEY, "video/mp4")
    (url,) = uploads.part_urls(KEY, PARTS[1:], HOUR)
    _, claims, signature = url.removeprefix(ENDPOINT).split(".")
    header = urlsafe_b64encode(json.dumps({"alg": "HS256", "crit": crit}).encode())
    odd = f"{ENDPOINT}{header.rstrip(b'=').decode()}.{claims}.{signature}"
    assert send(uploads, odd, b"the end") == 403


def test_a_part_that_arrives_after_the_end_is_refused(tmp_path: Path) -> None:
    """R-CON-02."""
    uploads = FolderUploads(tmp_path, lambda: datetime.now(UTC))
    uploads.begin(KEY, "video/mp4")
    (url,) = uploads.part_urls(KEY, PARTS[1:], HOUR)
    uploads.remove(KEY)
    assert send(uploads, url, b"the end") == 403


def test_a_complete_file_is_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """C-25: it may be checked already when another request has joined other parts."""
    first = FolderUploads(tmp_path, lambda: datetime.now(UTC))
    second = FolderUploads(tmp_path, lambda: datetime.now(UTC))
    first.begin(KEY, "video/mp4")
    assert send_part(first, 2) == 200
    join = second._join

    def join_meanwhile(whole: Path, parts: list[Path]) -> None:
        send_part(first, 2, b"altered")
        join(whole, parts)
        send_part(first, 2)
        first.complete(KEY)

    monkeypatch.setattr(second, "_join", join_meanwhile)
    assert second.complete(KEY) == len(b"the end")
    with first.local(KEY) as path:
        assert path.read_bytes() == b"the end"
        assert [each.name for each in path.parent.iterdir()] == ["file"]


def test_a_part_that_was_not_stored_leaves_nothing(tmp_path: Path) -> None:
    """R-CON-02: also when the client or the disk fails in the middle."""

    def broken() -> Iterator[bytes]:
        yield b"the"
        raise OSError(28, "No space left on device")

    uploads = FolderUploads(tmp_path, lambda: datetime.now(UTC))
    uploads.begin(KEY, "video/mp4")
    (url,) = uploads.part_urls(KEY, PARTS[1:], HOUR)
    with pytest.raises(StorageUnavailable):
        uploads.receive(url.removeprefix(ENDPOINT), broken())
    assert [each for each in tmp_path.rglob("*") if each.name.startswith(".incoming")] == []


def test_the_urls_of_all_parts_take_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-CON-02: a bucket is asked for the upload, not for each of a hundred parts."""
    uploads = BucketUploads(BucketAddress("b", "http://127.0.0.1:9", "us-east-1", "key", "secret"))
    requests: list[str] = []

    def listed(name: str) -> list[Any]:
        requests.append(name)
        return [{"Key": name, "Initiated": datetime.now(UTC), "UploadId": "u1"}]

    monkeypatch.setattr(uploads, "_uploads", listed)
    urls = uploads.part_urls(KEY, parts_of(100 * MIN_PART_BYTES), HOUR)
    assert len(set(urls)) == 100
    assert len(requests) == 1


def test_a_bucket_that_does_not_answer_is_unavailable() -> None:
    """R-CON-02."""
    uploads = BucketUploads(BucketAddress("b", "http://127.0.0.1:9", "us-east-1", "key", "secret"))
    with pytest.raises(StorageUnavailable):
        uploads.size(KEY)


def test_files_of_every_size_have_parts_that_a_bucket_takes() -> None:
    """R-CON-02: S3 takes 10,000 parts of at least 5 MiB."""
    for size in (1, MIN_PART_BYTES, MIN_PART_BYTES + 1, 2**40):
        parts = parts_of(size)
        assert sum(part.size for part in parts) == size
        assert len(parts) <= 9000
        assert part_bytes(size) >= MIN_PART_BYTES
