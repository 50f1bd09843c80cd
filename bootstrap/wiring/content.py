"""Build the store of trainers' uploads, their virus scanner, and what erases them.

The store is the bucket if one is set, otherwise the media folder.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from adapters.clock import utc_now
from adapters.content.clamd import ClamdScanner
from adapters.content.folder import FolderUploads
from adapters.content.folder_objects import FolderObjects
from application.content.cleanup import StaleUploads
from application.content.object_created import NoNotifications, NotificationReader
from application.content.orphans import GRACE, ContentObjects, OrphanedObjects
from application.content.quarantine import OldQuarantine
from application.content.upload_store import PartReceiver, UploadStore
from application.content.uploads import UPLOAD_LASTS
from application.content.virus_scanner import NoScanner, ScannerRequired, VirusScanner
from application.kernel.relay import EncodedLog
from application.platform import Platform
from application.privacy.erasure_targets import UploadedContent
from application.privacy.retention import RetentionRule
from bootstrap.settings import Settings
from domain.ids import TenantId
from domain.kernel import Origin

if TYPE_CHECKING:
    from adapters.media.s3 import BucketAddress


def build_uploads(settings: Settings) -> tuple[UploadStore, PartReceiver | None]:
    """Return the store, and the receiver of parts if the store needs our endpoint."""
    if settings.s3_bucket is None:
        folder = FolderUploads(settings.home / "media", utc_now)
        return folder, folder
    from adapters.content.bucket import BucketUploads  # noqa: PLC0415  loads the S3 client

    return BucketUploads(build_bucket_address(settings, settings.s3_bucket)), None


def build_content_target(platform: Platform) -> UploadedContent:
    """Return what erases the videos that a person uploaded."""
    return UploadedContent(platform.content.files, platform.commands, utc_now)


def build_upload_rule(platform: Platform, origin: Callable[[TenantId], Origin]) -> RetentionRule:
    """Return what ends uploads that were not finished in time."""
    uploads = platform.content_uploads
    stale = StaleUploads(platform.commands, platform.read, uploads.store, origin, utc_now)
    return RetentionRule("uploads", UPLOAD_LASTS, stale)


def build_quarantine_removal(
    platform: Platform, encoded_log: EncodedLog, origin: Callable[[TenantId], Origin]
) -> OldQuarantine:
    """Return what removes files that were rejected long ago."""
    store = platform.content_uploads.store
    return OldQuarantine(encoded_log, platform.log, platform.commands, store, origin, utc_now)


def build_orphan_rule(settings: Settings, platform: Platform) -> RetentionRule:
    """Return what removes files of content that no item refers to."""
    orphans = OrphanedObjects(platform.log, platform.media, build_content_objects(settings))
    return RetentionRule("orphans", GRACE, orphans)


def build_content_objects(settings: Settings) -> ContentObjects:
    """Return the list of what is stored of content."""
    if settings.s3_bucket is None:
        return FolderObjects(settings.home / "media")
    from adapters.content.bucket_objects import BucketObjects  # noqa: PLC0415  loads the S3 client

    return BucketObjects(build_bucket_address(settings, settings.s3_bucket))


def build_scanner(settings: Settings) -> VirusScanner:
    """Return the scanner; without one, files pass only where one process is the platform."""
    clamd = build_clamd(settings)
    if clamd is not None:
        return clamd
    return NoScanner() if settings.postgres_url is None else ScannerRequired()


def takes_uploads(settings: Settings) -> bool:
    """Return whether files can pass their checks.

    Otherwise uploads are refused, as their files would wait for checks that never come.
    """
    return not isinstance(build_scanner(settings), ScannerRequired)


def build_clamd(settings: Settings) -> ClamdScanner | None:
    """Return the client of the virus scanner that is set, or None."""
    if settings.clamd is None:
        return None
    host, _, port = settings.clamd.rpartition(":")
    lasts = timedelta(days=settings.virus_definitions_days)
    return ClamdScanner(host.strip("[]"), int(port), lasts, utc_now)


def build_notification_reader(settings: Settings) -> NotificationReader:
    """Return what reads the bucket's notifications."""
    if settings.s3_bucket is None or settings.s3_notification_secret is None:
        return NoNotifications()
    from adapters.content.bucket_notifications import BucketNotifications  # noqa: PLC0415  loads the S3 client

    return BucketNotifications(
        settings.s3_bucket, settings.s3_notification_secret.get_secret_value()
    )


def build_bucket_address(settings: Settings, bucket: str) -> "BucketAddress":
    """Return the address of the bucket with its credentials."""
    from adapters.media.s3 import BucketAddress  # noqa: PLC0415  loads the S3 client

    secret = settings.s3_secret
    return BucketAddress(
        bucket=bucket,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        key_id=settings.s3_key_id,
        secret=None if secret is None else secret.get_secret_value(),
    )
