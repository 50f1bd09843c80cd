"""Notifications of S3 servers: only those with the secret are read, and only about uploads."""

import json
from typing import Any

import pytest

from adapters.content.bucket_notifications import MAX_RECORDS, BucketNotifications
from application.content.object_created import InvalidNotification, NotificationForged
from application.content.upload_store import UploadKey
from domain.ids import ContentId, TenantId

SECRET = "0123456789abcdef"  # noqa: S105  of these tests
READER = BucketNotifications("videos", SECRET)
BEARER = {"authorization": f"Bearer {SECRET}"}


def record(**changes: Any) -> dict[str, Any]:
    """Return a record as Ceph 16 sends it, without what is not read."""
    return {
        "eventVersion": "2.2",
        "eventSource": "ceph:s3",
        "eventName": "ObjectCreated:CompleteMultipartUpload",
        "s3": {
            "bucket": {"name": "videos", "arn": "arn:aws:s3:::videos"},
            "object": {"key": "gym/uploads/c-1/2", "size": 100},
        },
        "opaqueData": SECRET,
        **changes,
    }


def at(bucket: str, key: str) -> dict[str, Any]:
    return {"s3": {"bucket": {"name": bucket}, "object": {"key": key}}}


def body(*records: Any) -> bytes:
    return json.dumps({"Records": records}).encode()


def test_uploads_are_read_with_the_secret_in_the_record_or_the_header() -> None:
    """R-CON-03: names are encoded as in URLs by some servers."""
    key = UploadKey(TenantId("gym"), ContentId("c-1"), 2)
    assert READER.read(body(record()), {}) == [key]
    amazon = record(
        opaqueData="", eventName="s3:ObjectCreated:Put", **at("videos", "gym%2Fuploads/c-1/2")
    )
    assert READER.read(body(amazon, amazon), BEARER) == [key, key]


@pytest.mark.parametrize(
    "changes",
    [
        {"eventName": "ObjectRemoved:Delete"},
        at("other", "gym/uploads/c-1/2"),
        at("videos", "gym/media/abc"),
        at("videos", "gym/uploads/../../c-1/2"),
        at("videos", "gym/uploads/c-1/x"),
    ],
)
def test_other_objects_are_left_out(changes: dict[str, Any]) -> None:
    """R-CON-03"""
    assert READER.read(body(record(**changes)), BEARER) == []


@pytest.mark.parametrize(
    ("sent", "headers"),
    [
        (record(opaqueData="guess"), {}),
        ({key: each for key, each in record().items() if key != "opaqueData"}, {}),
        (record(opaqueData=""), {"authorization": "Bearer "}),
        (record(opaqueData=SECRET[:-1]), {"authorization": "Basic x"}),
    ],
)
def test_forged_notifications_are_refused(sent: dict[str, Any], headers: dict[str, str]) -> None:
    """R-CON-03: each record needs the secret."""
    with pytest.raises(NotificationForged):
        READER.read(body(record(), sent), headers)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"{",
        b"[]",
        b"[" * 100_000,
        b'{"Records": {}}',
        b'{"Records": [1]}',
        body(record(s3=None)),
        body(record(opaqueData=[SECRET])),
        body(record(s3={"bucket": {}})),
        body({"opaqueData": SECRET}),
        body(*[record()] * (MAX_RECORDS + 1)),
    ],
)
def test_unreadable_notifications_are_refused(sent: bytes) -> None:
    """R-CON-03"""
    with pytest.raises(InvalidNotification):
        READER.read(sent, {})
