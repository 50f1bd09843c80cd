"""Anchors in an S3 bucket with Object Lock: until a date, nobody can change or delete them."""

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final, cast

import boto3  # type: ignore[import-untyped]  # no type stubs
from botocore.config import Config  # type: ignore[import-untyped]  # as boto3
from botocore.exceptions import (  # type: ignore[import-untyped]  # as boto3
    BotoCoreError,
    ClientError,
)

from adapters.media.s3 import BucketAddress
from application.kernel.ports import Clock, StorageUnavailable
from domain.ids import TenantId
from domain.tenants.tenant_id import TENANT_PATTERN, parse_tenant_id

CONFIG: Final = Config(
    connect_timeout=3,
    read_timeout=10,
    retries={"mode": "standard", "max_attempts": 3},
    s3={"addressing_style": "path"},
)

MODE: Final = "COMPLIANCE"
"""Unlike GOVERNANCE, not even the account's owner can shorten or lift the lock."""


class BucketAnchors:
    """An `AnchorStore` in a bucket that was created with Object Lock.

    Each object is locked for `retention`. A later object of the same name would be another version
    of it; the first version counts.
    """

    def __init__(
        self, address: BucketAddress, prefix: str, *, retention: timedelta, clock: Clock
    ) -> None:
        self._address = address
        self._prefix = prefix.strip("/")
        self._retention = retention
        self._clock = clock
        self._client: Any = cast("Any", boto3).client(
            "s3",
            endpoint_url=address.endpoint,
            region_name=address.region,
            aws_access_key_id=address.key_id,
            aws_secret_access_key=address.secret,
            config=CONFIG,
        )

    def put(self, tenant_id: TenantId, name: str, document: str) -> None:
        with self._failures():
            if name in self._names(tenant_id):
                return
            self._client.put_object(
                Bucket=self._address.bucket,
                Key=self._key(tenant_id, name),
                Body=f"{document}\n".encode("ascii"),
                ContentType="application/jose",
                ObjectLockMode=MODE,
                ObjectLockRetainUntilDate=self._clock() + self._retention,
            )

    def names(self, tenant_id: TenantId) -> list[str]:
        with self._failures():
            return self._names(tenant_id)

    def get(self, tenant_id: TenantId, name: str) -> str:
        with self._failures():
            first = self._versions(self._key(tenant_id, name))[0]
            found = self._client.get_object(
                Bucket=self._address.bucket, Key=first["Key"], VersionId=first["VersionId"]
            )
            return str(found["Body"].read().decode("ascii", "replace").strip())

    def tenants(self) -> list[TenantId]:
        folder = self._folder()
        pages = self._client.get_paginator("list_object_versions")
        listed = {"Bucket": self._address.bucket, "Prefix": folder, "Delimiter": "/"}
        with self._failures():
            names = [
                each["Prefix"].removeprefix(folder).rstrip("/")
                for page in pages.paginate(**listed)
                for each in page.get("CommonPrefixes", ())
            ]
        return sorted(TenantId(each) for each in names if re.fullmatch(TENANT_PATTERN, each))

    def _names(self, tenant_id: TenantId) -> list[str]:
        versions = self._versions(self._key(tenant_id, ""))
        return sorted({each["Key"].rpartition("/")[2] for each in versions})

    def _versions(self, prefix: str) -> list[dict[str, Any]]:
        """Return the versions of objects, the oldest first; a deletion hides none of them."""
        pages = self._client.get_paginator("list_object_versions")
        found = [
            each
            for page in pages.paginate(Bucket=self._address.bucket, Prefix=prefix)
            for each in page.get("Versions", ())
        ]
        oldest: Callable[[dict[str, Any]], Any] = lambda each: each["LastModified"]  # noqa: E731  named for its type
        return sorted(found, key=oldest)

    def _key(self, tenant_id: TenantId, name: str) -> str:
        return f"{self._folder()}{parse_tenant_id(tenant_id)}/{name}"

    def _folder(self) -> str:
        return f"{self._prefix}/" if self._prefix else ""

    @contextmanager
    def _failures(self) -> Generator[None]:
        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise StorageUnavailable(f"Anchors in {self._address}: {error}.") from error
