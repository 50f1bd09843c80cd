"""Notifications of an S3 server about created objects: read, and set up.

S3 servers send the same JSON: Ceph and MinIO by HTTP (Amazon, Event message structure, 2024). The
secret is in the header `Authorization: Bearer …`, or in the `opaqueData` of each record, as Ceph
sends it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any, Final
from urllib.parse import unquote_plus

from boto3.session import Session  # type: ignore[import-untyped]  # it has no types of its own
from botocore.exceptions import (  # type: ignore[import-untyped]  # as boto3
    BotoCoreError,
    ClientError,
)
from pydantic import BaseModel, Field, ValidationError

from adapters.content.keys import key_of
from adapters.media.s3 import BucketAddress
from application.content.object_created import InvalidNotification, NotificationForged
from application.content.upload_store import UploadKey
from application.kernel.ports import StorageUnavailable

CREATED: Final = "ObjectCreated:"
TOPIC: Final = "kinelog-uploads"
UPLOADS: Final = {"Name": "regex", "Value": "[^/]+/uploads/.+"}
"""Filter of the names of uploads: Ceph's own, as those of other servers begin with a tenant."""

MAX_RECORDS: Final = 1000


class _Bucket(BaseModel):
    name: str


class _Object(BaseModel):
    key: str


class _Place(BaseModel):
    bucket: _Bucket
    object: _Object


class _Record(BaseModel):
    event: str = Field(alias="eventName")
    place: _Place = Field(alias="s3")
    secret: str = Field(default="", alias="opaqueData")


class _Notification(BaseModel):
    records: list[_Record] = Field(alias="Records", max_length=MAX_RECORDS)


@dataclass(frozen=True)
class BucketNotifications:
    """Reads notifications about one bucket that carry the secret."""

    bucket: str
    secret: str

    def read(self, body: bytes, headers: Mapping[str, str]) -> Sequence[UploadKey]:
        """Return the uploads whose files were created; other objects are left out.

        Raises NotificationForged and InvalidNotification.
        """
        try:
            records = _Notification.model_validate_json(body).records
        except ValidationError as broken:
            raise InvalidNotification from broken
        in_header = headers.get("authorization", "").removeprefix("Bearer ")
        if not self._is_secret(in_header) and not all(
            self._is_secret(each.secret) for each in records
        ):
            raise NotificationForged
        keys = (self._key(each) for each in records)
        return [key for key in keys if key is not None]

    def _key(self, record: _Record) -> UploadKey | None:
        is_created = record.event.removeprefix("s3:").startswith(CREATED)
        if not is_created or record.place.bucket.name != self.bucket:
            return None
        return key_of(unquote_plus(record.place.object.key))

    def _is_secret(self, given: str) -> bool:
        return compare_digest(given.encode(), self.secret.encode())


def request_notifications(address: BucketAddress, url: str, secret: str) -> None:
    """Have a Ceph server send the notifications of a bucket to a URL, until it answers.

    Repeating it changes nothing. Raises StorageUnavailable.
    """
    session: Any = Session()
    given: dict[str, Any] = {
        "endpoint_url": address.endpoint,
        "region_name": address.region,
        "aws_access_key_id": address.key_id,
        "aws_secret_access_key": address.secret,
    }
    try:
        topic = session.client("sns", **given).create_topic(
            Name=TOPIC,
            Attributes={"push-endpoint": url, "OpaqueData": secret, "persistent": "true"},
        )
        session.client("s3", **given).put_bucket_notification_configuration(
            Bucket=address.bucket,
            NotificationConfiguration={
                "TopicConfigurations": [
                    {
                        "Id": TOPIC,
                        "TopicArn": topic["TopicArn"],
                        "Events": ["s3:ObjectCreated:*"],
                        "Filter": {"Key": {"FilterRules": [UPLOADS]}},
                    }
                ]
            },
        )
    except (BotoCoreError, ClientError) as failed:
        raise StorageUnavailable(f"The {address} takes no notifications: {failed}.") from failed
