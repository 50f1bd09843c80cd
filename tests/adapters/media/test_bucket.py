"""A bucket of a real S3 server: uploads, access, and failures."""

import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]  # it has no types of its own
import pytest

from adapters.media.s3 import PART_BYTES, BucketAddress, BucketMediaStore
from application.kernel.ports import MediaCorrupt, MediaMissing, StorageUnavailable
from domain.ids import DEFAULT_TENANT, TenantId
from tests.adapters.media.front import Front

MINUTE = timedelta(minutes=1)
LARGE = bytes(range(251)) * (2 * PART_BYTES // 251 + 100)  # three parts


@pytest.fixture
def media(bucket: BucketAddress) -> BucketMediaStore:
    return BucketMediaStore(bucket)


@pytest.fixture
def seen(bucket: BucketAddress) -> Iterator[Any]:
    """The bucket through another client."""
    service: Any = boto3.resource(
        "s3",
        endpoint_url=bucket.endpoint,
        region_name=bucket.region,
        aws_access_key_id=bucket.key_id,
        aws_secret_access_key=bucket.secret,
    )
    yield service.Bucket(bucket.bucket)
    service.meta.client.close()


@pytest.fixture
def front(bucket: BucketAddress) -> Iterator[Front]:
    assert bucket.endpoint is not None
    with Front(bucket.endpoint).open() as front:
        yield front


def fetched(url: str, method: str = "GET") -> tuple[int, bytes]:
    try:
        request = urllib.request.Request(url, method=method)  # noqa: S310  our own server
        with urllib.request.urlopen(request) as answer:  # noqa: S310  as above
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, b""


def test_an_object_is_named_by_tenant_session_and_digest(
    media: BucketMediaStore, seen: Any
) -> None:
    """R-DAT-10, R-RPL-15, C-10"""
    digest = media.put(TenantId("red"), b"squat", prefix="s1")
    media.put(TenantId("red"), b"squat")
    assert [each.key for each in seen.objects.all()] == [
        f"red/{digest[:2]}/{digest}",
        f"red/shelves/s1/{digest}",
    ]


def test_a_large_video_goes_up_in_parts_and_comes_down_whole(
    media: BucketMediaStore, seen: Any, tmp_path: Path
) -> None:
    """R-RPL-15: the ETag of an S3 object tells the number of its parts."""
    video = tmp_path / "video.mp4"
    video.write_bytes(LARGE)
    digest = media.put_file(DEFAULT_TENANT, video, prefix="s1")
    (stored,) = seen.objects.all()
    assert stored.e_tag.strip('"').endswith("-3")
    assert digest == sha256(LARGE).hexdigest()
    with media.local(DEFAULT_TENANT, digest, prefix="s1") as path:
        assert path.read_bytes() == LARGE
    assert not path.exists()


def test_a_link_opens_one_video_for_reading_until_it_expires(media: BucketMediaStore) -> None:
    """R-DAT-10"""
    digest = media.put(DEFAULT_TENANT, b"squat", prefix="s1")
    link = media.link(DEFAULT_TENANT, digest, prefix="s1", lasts=MINUTE)
    assert link is not None
    assert fetched(link) == (200, b"squat")
    assert fetched(link, "DELETE") == (403, b"")
    assert fetched(link.replace("/s1/", "/s2/")) == (403, b"")
    assert fetched(link.partition("?")[0]) == (403, b"")
    short = media.link(DEFAULT_TENANT, digest, prefix="s1", lasts=timedelta(seconds=1))
    assert short is not None
    deadline = time.monotonic() + 60
    while (answer := fetched(short))[0] == 200:
        assert time.monotonic() < deadline, "the link does not expire"
        time.sleep(0.1)
    assert answer == (403, b"")


def test_a_link_lasts_a_week_at_most(media: BucketMediaStore) -> None:
    digest = media.put(DEFAULT_TENANT, b"squat")
    link = media.link(DEFAULT_TENANT, digest, lasts=timedelta(days=400))
    assert link is not None
    assert "X-Amz-Expires=604800" in link
    assert fetched(link) == (200, b"squat")


def test_damaged_media_are_reported_and_repaired_by_storing_again(
    media: BucketMediaStore, seen: Any
) -> None:
    """C-29"""
    digest = media.put(DEFAULT_TENANT, b"squat")
    seen.Object(f"default/{digest[:2]}/{digest}").put(Body=b"squad")
    with pytest.raises(MediaCorrupt):
        media.get(DEFAULT_TENANT, digest)
    with pytest.raises(MediaCorrupt), media.local(DEFAULT_TENANT, digest):
        pytest.fail("something damaged was lent")
    media.put(DEFAULT_TENANT, b"squat")
    assert media.get(DEFAULT_TENANT, digest) == b"squat"


def test_an_incomplete_upload_is_reported_and_removed(
    bucket: BucketAddress, front: Front, seen: Any
) -> None:
    """C-29: not every S3 server verifies the checksum of an upload."""
    media = BucketMediaStore(replace(bucket, endpoint=front.url))
    front.lies = True
    with pytest.raises(StorageUnavailable, match="differs from what was stored"):
        media.put(DEFAULT_TENANT, b"squat")
    assert list(seen.objects.all()) == []


def test_a_short_failure_is_retried(bucket: BucketAddress, front: Front) -> None:
    """R-EVT-19"""
    media = BucketMediaStore(replace(bucket, endpoint=front.url))
    front.away = 2
    digest = media.put(DEFAULT_TENANT, b"squat")
    assert media.get(DEFAULT_TENANT, digest) == b"squat"


@pytest.mark.slow
def test_an_unresponsive_bucket_is_retried_after_a_pause(
    bucket: BucketAddress, front: Front
) -> None:
    """R-EVT-20, R-OPS-09"""
    media = BucketMediaStore(replace(bucket, endpoint=front.url), open_s=0.0)
    patient = BucketMediaStore(replace(bucket, endpoint=front.url), open_s=3600.0)
    front.away = 1000
    for _ in range(4):
        with pytest.raises(StorageUnavailable, match="does not answer"):
            media.put(DEFAULT_TENANT, b"squat")
    for _ in range(3):
        with pytest.raises(StorageUnavailable, match="does not answer"):
            patient.put(DEFAULT_TENANT, b"squat")
    front.commands.clear()
    with pytest.raises(StorageUnavailable, match="did not answer recent requests"):
        patient.put(DEFAULT_TENANT, b"squat")
    assert front.commands == []
    front.away = 0
    assert media.put(DEFAULT_TENANT, b"squat") == sha256(b"squat").hexdigest()


def test_a_missing_object_is_not_a_failure_of_the_bucket(media: BucketMediaStore) -> None:
    for _ in range(10):
        with pytest.raises(MediaMissing):
            media.get(DEFAULT_TENANT, "0" * 64)
    media.put(DEFAULT_TENANT, b"squat")


def test_a_missing_bucket_is_reported(bucket: BucketAddress) -> None:
    media = BucketMediaStore(replace(bucket, bucket="no-such-bucket"))
    with pytest.raises(StorageUnavailable, match="There is no bucket no-such-bucket at http"):
        media.put(DEFAULT_TENANT, b"squat")


def test_a_wrong_key_is_reported_and_not_shown(bucket: BucketAddress) -> None:
    wrong = replace(bucket, secret=bucket.bucket)
    media = BucketMediaStore(wrong)
    with pytest.raises(StorageUnavailable, match="denies access"):
        media.put(DEFAULT_TENANT, b"squat")
    assert "secret" not in repr(wrong)


@pytest.mark.parametrize("code", ["QuotaExceeded", "RequestTimeTooSkewed"])
def test_the_error_code_of_a_bucket_that_refuses_requests_is_reported(
    bucket: BucketAddress, front: Front, code: str
) -> None:
    """R-OPS-09: a full bucket or a wrong clock would look like missing rights."""
    media = BucketMediaStore(replace(bucket, endpoint=front.url))
    front.refusal = code
    with pytest.raises(StorageUnavailable, match=rf"denies access \({code}\)"):
        media.put(DEFAULT_TENANT, b"squat")
    with pytest.raises(StorageUnavailable, match=f"it answers {code}"):
        media.list_media(DEFAULT_TENANT, "first")


def test_without_a_configured_key_the_default_credentials_are_used(
    bucket: BucketAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bucket.key_id is not None
    assert bucket.secret is not None
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", bucket.key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", bucket.secret)
    media = BucketMediaStore(replace(bucket, key_id=None, secret=None))
    assert media.put(DEFAULT_TENANT, b"squat") == sha256(b"squat").hexdigest()


def test_a_missing_video_is_not_a_failure_of_the_bucket(
    media: BucketMediaStore, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        media.put_file(DEFAULT_TENANT, tmp_path / "video.mp4")
