"""Contract of the storage of anchors: what is stored once stays as it is."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]  # it has no types of its own
import pytest
from botocore.config import Config  # type: ignore[import-untyped]  # as boto3
from botocore.exceptions import ClientError  # type: ignore[import-untyped]  # as boto3

from adapters.anchors.folder import FolderAnchors
from adapters.anchors.s3 import BucketAnchors
from adapters.clock import utc_now
from adapters.media.s3 import BucketAddress
from application.audit.stored_anchors import AnchorStore
from application.kernel.ports import StorageUnavailable
from domain.ids import TenantId
from tools.local_services.ceph import Access

CLUB, STUDIO = TenantId("club"), TenantId("studio")


@pytest.fixture(scope="module")
def locked_bucket(object_storage: Access) -> tuple[Any, BucketAddress]:
    """A bucket with Object Lock, and a client that owns it."""
    client = boto3.client(
        "s3",
        endpoint_url=object_storage.endpoint,
        region_name=object_storage.region,
        aws_access_key_id=object_storage.key_id,
        aws_secret_access_key=object_storage.secret,
        config=Config(s3={"addressing_style": "path"}),
    )
    client.create_bucket(Bucket="anchors", ObjectLockEnabledForBucket=True)
    access = object_storage
    return client, BucketAddress(
        "anchors", access.endpoint, access.region, access.key_id, access.secret
    )


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnchorStore]:
    if request.param == "folder":
        yield FolderAnchors(tmp_path / "anchors")
        return
    _, address = request.getfixturevalue("locked_bucket")
    yield BucketAnchors(address, tmp_path.name, retention=timedelta(days=1), clock=utc_now)


def test_an_anchor_is_stored_once(store: AnchorStore) -> None:
    """R-EVT-15, C-23: a second one of the same name changes nothing; tenants are apart."""
    assert store.names(CLUB) == []
    store.put(CLUB, "2026-11-21T030000Z.key.jws", "first")
    store.put(CLUB, "2026-11-22T030000Z.key.jws", "next")
    store.put(CLUB, "2026-11-21T030000Z.key.jws", "forged")
    assert store.names(CLUB) == ["2026-11-21T030000Z.key.jws", "2026-11-22T030000Z.key.jws"]
    assert store.get(CLUB, "2026-11-21T030000Z.key.jws") == "first"
    assert store.names(STUDIO) == []


def test_tenants_with_anchors_are_listed(store: AnchorStore) -> None:
    """R-EVT-15: an audit finds tenants whose events were all removed."""
    assert store.tenants() == []
    for tenant in (STUDIO, CLUB, STUDIO):
        store.put(tenant, "a.key.jws", "first")
    assert store.tenants() == [CLUB, STUDIO]


def test_content_that_is_no_text_is_no_failure(tmp_path: Path) -> None:
    """R-EVT-15: a forger may store anything; the anchors beside it remain readable."""
    folder = tmp_path / CLUB
    folder.mkdir()
    (folder / "a.key.jws").write_bytes(b"\xff\xfe")
    (folder / "b.key.jws").mkdir()
    (tmp_path / "Not a tenant").mkdir()
    store = FolderAnchors(tmp_path)
    assert (store.tenants(), store.names(CLUB)) == ([CLUB], ["a.key.jws"])
    assert store.get(CLUB, "a.key.jws") == "\ufffd\ufffd"


def test_a_file_is_read_only(tmp_path: Path) -> None:
    """R-EVT-15"""
    FolderAnchors(tmp_path).put(CLUB, "a.key.jws", "first")
    (path,) = (tmp_path / CLUB).iterdir()
    assert path.stat().st_mode & 0o777 == 0o400


def test_an_object_cannot_be_deleted_or_hidden(locked_bucket: tuple[Any, BucketAddress]) -> None:
    """R-EVT-15: not by the owner of the bucket's key, until the retention ends."""
    client, address = locked_bucket
    store = BucketAnchors(address, "locked", retention=timedelta(days=1), clock=utc_now)
    store.put(CLUB, "a.key.jws", "first")
    key = f"locked/{CLUB}/a.key.jws"
    (version,) = client.list_object_versions(Bucket="anchors", Prefix=key)["Versions"]
    with pytest.raises(ClientError, match="AccessDenied"):
        client.delete_object(Bucket="anchors", Key=key, VersionId=version["VersionId"])
    client.put_object(Bucket="anchors", Key=key, Body=b"forged")
    assert store.get(CLUB, "a.key.jws") == "first"
    client.delete_object(Bucket="anchors", Key=key)
    assert store.get(CLUB, "a.key.jws") == "first"
    assert store.names(CLUB) == ["a.key.jws"]


def test_a_bucket_without_object_lock_is_refused(new_bucket: Any) -> None:
    """R-EVT-15: rather than to store what can be changed."""
    store = BucketAnchors(new_bucket(), "", retention=timedelta(days=1), clock=utc_now)
    with pytest.raises(StorageUnavailable):
        store.put(CLUB, "a.key.jws", "first")
