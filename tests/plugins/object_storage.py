"""Pytest plug-in that owns the S3 server of the tests: Ceph's gateway, or a given one.

`KINELOG_TEST_S3_URL` is `http://key:secret@host:port` of a server on which buckets may be
created. The server starts with the first test that requests it and ends with the run; each test
has its own bucket.
"""

import os
import secrets
from collections.abc import Callable, Generator
from urllib.parse import unquote, urlsplit

import boto3  # type: ignore[import-untyped]  # it has no types of its own
import pytest
from botocore.config import Config  # type: ignore[import-untyped]  # as boto3

from adapters.media.s3 import BucketAddress
from tools.local_services.binaries import ProgramMissing
from tools.local_services.ceph import REGION, Access, LocalObjectStorage

VARIABLE = "KINELOG_TEST_S3_URL"

NewBucket = Callable[[], BucketAddress]


@pytest.fixture(scope="session")
def object_storage() -> Generator[Access]:
    """An S3 server; the fixture `bucket` is a test's own place on it."""
    given = os.environ.get(VARIABLE)
    if given:
        yield _read(given)
        return
    try:
        storage = LocalObjectStorage()
    except ProgramMissing as missing:
        pytest.fail(f"{missing} Or set {VARIABLE} to a running one.", pytrace=False)
    with storage:
        yield storage.access


@pytest.fixture(scope="session")
def new_bucket(object_storage: Access) -> NewBucket:
    """Return a function that creates empty buckets."""
    return lambda: make_bucket(object_storage)


@pytest.fixture
def bucket(new_bucket: NewBucket) -> BucketAddress:
    """An empty bucket for one test."""
    return new_bucket()


def make_bucket(access: Access) -> BucketAddress:
    """Create an empty bucket on a server."""
    client = boto3.client(
        "s3",
        endpoint_url=access.endpoint,
        region_name=access.region,
        aws_access_key_id=access.key_id,
        aws_secret_access_key=access.secret,
        config=Config(s3={"addressing_style": "path"}),
    )
    name = f"test-{secrets.token_hex(8)}"
    client.create_bucket(Bucket=name)
    client.close()
    return BucketAddress(name, access.endpoint, access.region, access.key_id, access.secret)


def _read(url: str) -> Access:
    parts = urlsplit(url)
    endpoint = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return Access(endpoint, REGION, unquote(parts.username or ""), unquote(parts.password or ""))
