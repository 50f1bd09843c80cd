"""Client of the bucket of uploads: thread-safe, with the errors of the ports."""

from collections.abc import Callable
from functools import cached_property
from threading import Lock
from typing import Any, Final, TypeVar

from boto3.session import Session  # type: ignore[import-untyped]  # it has no types of its own
from botocore.config import Config  # type: ignore[import-untyped]  # as boto3
from botocore.exceptions import (  # type: ignore[import-untyped]  # as boto3
    BotoCoreError,
    ClientError,
)

from adapters.media.s3 import BucketAddress
from application.kernel.ports import MediaMissing, StorageUnavailable

T = TypeVar("T")

MISSING: Final = frozenset({"404", "NoSuchKey", "NoSuchUpload", "NotFound"})
TIMEOUT_S: Final = 20
CONNECT_S: Final = 2
ATTEMPTS: Final = 3


class BucketClient:
    """A client of one bucket."""

    def __init__(self, address: BucketAddress) -> None:
        self._address = address
        self._lock = Lock()

    @cached_property
    def _client(self) -> Any:
        address = self._address
        with self._lock:  # sessions of boto3 are not thread-safe, clients are
            session: Any = Session()
            return session.client(
                "s3",
                endpoint_url=address.endpoint,
                region_name=address.region,
                aws_access_key_id=address.key_id,
                aws_secret_access_key=address.secret,
                config=Config(
                    signature_version="s3v4",
                    connect_timeout=CONNECT_S,
                    read_timeout=TIMEOUT_S,
                    retries={"max_attempts": ATTEMPTS, "mode": "standard"},
                    request_checksum_calculation="when_required",
                    s3={"addressing_style": "path" if address.endpoint else "auto"},
                ),
            )

    def _uploads(self, prefix: str) -> list[Any]:
        """Return the unfinished multipart uploads whose names have a prefix."""
        pages = self._client.get_paginator("list_multipart_uploads")
        found: list[Any] = self._call(
            lambda: [
                each
                for page in pages.paginate(Bucket=self._address.bucket, Prefix=prefix)
                for each in page.get("Uploads", ())
            ]
        )
        return found

    def _call(self, call: Callable[[], T], missing: object = MediaMissing) -> Any:
        """Call the bucket. What is not there raises `missing`, or gives None if that is None."""
        try:
            return call()
        except ClientError as refused:
            answer: Any = refused.response
            obstacle = str(answer["Error"]["Code"])
            if obstacle in MISSING:
                if missing is None:
                    return None
                raise MediaMissing from refused
        except BotoCoreError as failed:
            obstacle = type(failed).__name__
        raise StorageUnavailable(f"The {self._address} is not available: {obstacle}.")
