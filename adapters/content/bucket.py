"""Uploads straight to an S3 bucket: multipart uploads by pre-signed URLs.

The store itself lists unfinished uploads and their parts, so nothing about them is stored here. If
two requests begin the upload of one file at the same time, both use the one that began first; the
other one is removed with it.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from adapters.content.bucket_client import BucketClient
from adapters.content.keys import key_of, name_of, prefix_of
from adapters.temporary_files import temporary_copy
from application.content.upload_store import Unfinished, UploadKey, UploadPart
from application.kernel.ports import MediaMissing
from domain.ids import TenantId

READ_BYTES: Final = 8 * 2**20


class BucketUploads(BucketClient):
    """An `UploadStore` in an existing bucket. Thread-safe."""

    def begin(self, key: UploadKey, media_type: str) -> None:
        name = name_of(key)
        if not self._upload_ids(name):
            self._call(
                lambda: self._client.create_multipart_upload(
                    Bucket=self._address.bucket, Key=name, ContentType=media_type
                )
            )

    def part_urls(
        self, key: UploadKey, parts: Sequence[UploadPart], lasts: timedelta
    ) -> Sequence[str]:
        name = name_of(key)
        upload = next(iter(self._upload_ids(name)), None)
        if upload is None:
            return ()
        return [
            self._client.generate_presigned_url(
                "upload_part",
                Params={
                    **self._of(name, upload),
                    "PartNumber": part.number,
                    "ContentLength": part.size,
                },
                ExpiresIn=int(lasts.total_seconds()),
            )
            for part in parts
        ]

    def arrived(self, key: UploadKey) -> dict[int, int]:
        name = name_of(key)
        upload = next(iter(self._upload_ids(name)), None)
        if upload is None:
            return {}
        return {each["PartNumber"]: each["Size"] for each in self._parts(name, upload)}

    def complete(self, key: UploadKey) -> int:
        name = name_of(key)
        upload = next(iter(self._upload_ids(name)), None)
        if upload is not None and self.size(key) is None:
            parts = [
                {"PartNumber": each["PartNumber"], "ETag": each["ETag"]}
                for each in self._parts(name, upload)
            ]
            if parts:
                self._call(
                    lambda: self._client.complete_multipart_upload(
                        **self._of(name, upload), MultipartUpload={"Parts": parts}
                    ),
                    missing=None,  # another request completed it
                )
        size = self.size(key)
        if size is None:
            raise MediaMissing
        return size

    def size(self, key: UploadKey) -> int | None:
        bucket, name = self._address.bucket, name_of(key)
        head = self._call(lambda: self._client.head_object(Bucket=bucket, Key=name), missing=None)
        return None if head is None else int(head["ContentLength"])

    @contextmanager
    def local(self, key: UploadKey) -> Generator[Path]:
        with temporary_copy("kinelog-upload", self._chunks(name_of(key))) as path:
            yield path

    def remove(self, key: UploadKey) -> None:
        name = name_of(key)
        for upload in self._upload_ids(name):
            abort = partial(self._client.abort_multipart_upload, **self._of(name, upload))
            self._call(abort, missing=None)
        self._call(
            lambda: self._client.delete_object(Bucket=self._address.bucket, Key=name), missing=None
        )

    def unfinished(self, tenant_id: TenantId) -> Iterator[Unfinished]:
        for upload in self._uploads(prefix_of(tenant_id)):
            key = key_of(upload["Key"])
            if key is not None:
                yield Unfinished(key, upload["Initiated"])

    def _upload_ids(self, name: str) -> list[str]:
        """Return the ids of the unfinished uploads of a file, the first one first."""
        found = [each for each in self._uploads(name) if each["Key"] == name]
        found.sort(key=lambda each: (each["Initiated"], each["UploadId"]))
        return [each["UploadId"] for each in found]

    def _parts(self, name: str, upload: str) -> list[Any]:
        pages = self._client.get_paginator("list_parts")
        found: list[Any] | None = self._call(
            lambda: [
                each
                for page in pages.paginate(**self._of(name, upload))
                for each in page.get("Parts", ())
            ],
            missing=None,
        )
        return found or []

    def _of(self, name: str, upload: str) -> dict[str, str]:
        return {"Bucket": self._address.bucket, "Key": name, "UploadId": upload}

    def _chunks(self, name: str) -> Iterator[bytes]:
        """Yield the content of a file. Raises MediaMissing and StorageUnavailable."""
        found = self._call(lambda: self._client.get_object(Bucket=self._address.bucket, Key=name))
        chunks = found["Body"].iter_chunks(READ_BYTES)
        while chunk := self._call(lambda: next(chunks, b"")):
            yield chunk
