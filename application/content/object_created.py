"""`object.created`: the bucket notifies the platform of files that arrived (R-CON-03).

A notification is a hint. What it names is looked up in the log and in the bucket, so repeated,
late and false ones change nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import uuid4

from application.content.upload_store import UploadKey
from application.content.uploads import ContentUploads
from domain.ids import TenantId
from domain.kernel import Origin, Rejected

ACTOR = "object-storage"


class NotificationForged(Rejected):
    """The notification does not prove that it is from the bucket."""

    code = "content.notification_forged"
    kind = "unauthenticated"


class InvalidNotification(Rejected):
    """The notification is not a JSON object with the `Records` of an S3 server."""

    code = "content.notification_invalid"
    kind = "invalid"


class NotificationsOff(Rejected):
    """No bucket is to notify this platform (KINELOG_S3_NOTIFICATION_SECRET)."""

    code = "content.notifications_off"
    kind = "not_found"


class NotificationReader(Protocol):
    """Reads notifications of a bucket."""

    def read(self, body: bytes, headers: Mapping[str, str]) -> Sequence[UploadKey]:
        """Return the uploads whose files arrived, without other objects.

        Raises NotificationForged and InvalidNotification.
        """
        ...


class NoNotifications:
    """Reader where no bucket sends notifications."""

    def read(self, body: bytes, headers: Mapping[str, str]) -> Sequence[UploadKey]:
        """Raise NotificationsOff."""
        del body, headers
        raise NotificationsOff


@dataclass(frozen=True)
class ObjectCreated:
    """Handles the notifications of the bucket."""

    reader: NotificationReader
    uploads: ContentUploads

    def receive(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Record the files that arrived. Raises the errors of the reader, StorageUnavailable."""
        for key in self.reader.read(body, headers):
            self.uploads.note_created(key, _origin(key.tenant_id))


def _origin(tenant_id: TenantId) -> Origin:
    return Origin(tenant_id=tenant_id, actor=ACTOR, correlation_id=uuid4())
