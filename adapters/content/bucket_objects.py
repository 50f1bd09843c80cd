"""Objects of content in an S3 bucket, with the parts of uploads that processes left behind."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from adapters.content.bucket_client import BucketClient
from adapters.content.keys import key_of, media_name_of, media_names_of, prefix_of
from application.content.orphans import StoredObject
from domain.ids import ContentId, TenantId


class BucketObjects(BucketClient):
    """`ContentObjects` in a bucket. Temporary ones are multipart uploads: `<name> <upload id>`."""

    def older(self, tenant_id: TenantId, before: datetime) -> Iterator[StoredObject]:
        uploads, media = prefix_of(tenant_id), media_names_of(tenant_id)
        for each in self._objects(uploads, before):
            key = key_of(each["Key"])
            if key is not None:
                yield StoredObject(each["Key"], key.content_id, key, each["LastModified"])
        for each in self._objects(media, before):
            parsed = media_name_of(each["Key"])
            if parsed is not None:
                content_id, place = parsed
                yield StoredObject(each["Key"], content_id, place, each["LastModified"])
        yield from self._left_behind(uploads, media, before)

    def remove(self, stored: StoredObject) -> bool:
        name, _, upload = stored.name.partition(" ")
        place = {"Bucket": self._address.bucket, "Key": name}
        if upload:
            abort = partial(self._client.abort_multipart_upload, **place, UploadId=upload)
            return self._call(abort, missing=None) is not None
        head = self._call(partial(self._client.head_object, **place), missing=None)
        # The header has no fractions of a second.
        if head is None or head["LastModified"] > stored.changed_at:
            return False
        self._call(partial(self._client.delete_object, **place), missing=None)
        return True

    def _left_behind(self, uploads: str, media: str, before: datetime) -> Iterator[StoredObject]:
        """Yield multipart uploads of encoded files, and those of uploads that are complete."""
        for prefix in (uploads, media):
            for each in self._uploads(prefix):
                name, begun_at = each["Key"], each["Initiated"]
                content_id = self._owner(name) if begun_at < before else None
                if content_id is not None:
                    yield StoredObject(f"{name} {each['UploadId']}", content_id, None, begun_at)

    def _owner(self, name: str) -> ContentId | None:
        """Return the item of a multipart upload that nobody continues, or None."""
        parsed = media_name_of(name)
        if parsed is not None:
            return parsed[0]
        key = key_of(name)
        return key.content_id if key is not None and self._is_complete(name) else None

    def _is_complete(self, name: str) -> bool:
        head = partial(self._client.head_object, Bucket=self._address.bucket, Key=name)
        return self._call(head, missing=None) is not None

    def _objects(self, prefix: str, before: datetime) -> list[Any]:
        pages = self._client.get_paginator("list_objects_v2")
        found: list[Any] = self._call(
            lambda: [
                each
                for page in pages.paginate(Bucket=self._address.bucket, Prefix=prefix)
                for each in page.get("Contents", ())
                if each["LastModified"] < before
            ]
        )
        return found
