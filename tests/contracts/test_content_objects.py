"""Contract of stores whose orphaned objects are removed. A new store joins OPENERS."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3  # type: ignore[import-untyped]  # it has no types of its own
import httpx2
import pytest

from adapters.content.bucket import BucketUploads
from adapters.content.bucket_objects import BucketObjects
from adapters.content.folder import ENDPOINT, FolderUploads
from adapters.content.folder_objects import FolderObjects
from adapters.media.filesystem import FolderMediaStore
from adapters.media.s3 import BucketMediaStore
from application.content.manifest import captions_prefix, media_prefix
from application.content.orphans import ContentObjects, OrphanedObjects
from application.content.upload_store import UploadKey, UploadPart, UploadStore
from application.kernel.command_handler import Request
from application.kernel.ports import MediaStore
from domain.content import commands
from domain.content.lesson import LESSON
from domain.content.lesson_commands import BeginAnalysis, FailAnalysis, NotePiece
from domain.ids import DEFAULT_TENANT, ContentId, TenantId
from domain.kernel import Origin
from tests.application.content.publishing import (
    ADA,
    FILE,
    NOW,
    SQUATS,
    PublishingFixture,
    StubEncoder,
)
from tests.plugins.object_storage import NewBucket

LATER = datetime(2040, 1, 1, tzinfo=UTC)
"""After all events and objects of the tests."""
YEAR = timedelta(days=365)


@dataclass
class Stores:
    """The stores of one place; `leave_behind` does what a killed process does there."""

    media: MediaStore
    uploads: UploadStore
    objects: ContentObjects
    leave_behind: Callable[[], None]


Open = Callable[[pytest.FixtureRequest, Path], Stores]


def folder(_: pytest.FixtureRequest, place: Path) -> Stores:
    root = place / "stored"

    def leave_behind() -> None:
        tenant = root / DEFAULT_TENANT
        (tenant / ".incoming-abc").write_bytes(b"half of a video")
        upload = tenant / "uploads" / SQUATS / "1"
        (upload / ".incoming-abc").write_bytes(b"half of a video")
        (upload / "parts").mkdir()
        (upload / "parts" / "1").write_bytes(b"part")

    return Stores(
        FolderMediaStore(root),
        FolderUploads(root, lambda: datetime.now(UTC)),
        FolderObjects(root),
        leave_behind,
    )


def bucket(request: pytest.FixtureRequest, _: Path) -> Stores:
    new_bucket: NewBucket = request.getfixturevalue("new_bucket")
    address = new_bucket()

    def leave_behind() -> None:
        client: Any = boto3.client(
            "s3",
            endpoint_url=address.endpoint,
            region_name=address.region,
            aws_access_key_id=address.key_id,
            aws_secret_access_key=address.secret,
        )
        for name in (
            f"{DEFAULT_TENANT}/shelves/{media_prefix(SQUATS, 1)}/{'ab' * 32}",
            f"{DEFAULT_TENANT}/shelves/{media_prefix(SQUATS, 2)}/{'cd' * 32}",
            f"{DEFAULT_TENANT}/uploads/{SQUATS}/1",
        ):
            begun = client.create_multipart_upload(Bucket=address.bucket, Key=name)
            client.upload_part(
                Bucket=address.bucket,
                Key=name,
                UploadId=begun["UploadId"],
                PartNumber=1,
                Body=b"part",
            )
        client.close()

    return Stores(
        BucketMediaStore(address), BucketUploads(address), BucketObjects(address), leave_behind
    )


OPENERS: dict[str, Open] = {"folder": folder, "bucket": bucket}


@pytest.fixture(params=OPENERS)
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Stores:
    return OPENERS[request.param](request, tmp_path)


@pytest.fixture
def fixture(tmp_path: Path, stores: Stores) -> PublishingFixture:
    fixture = PublishingFixture(tmp_path, StubEncoder())
    fixture.media = stores.media  # type: ignore[assignment]  # the fixture's own is a folder
    fixture.publisher = replace(fixture.publisher, media=stores.media)
    return fixture


def store_upload(stores: Stores, number: int, content_id: ContentId = SQUATS) -> UploadKey:
    key = UploadKey(DEFAULT_TENANT, content_id, number)
    part = UploadPart(1, 0, 4)
    stores.uploads.begin(key, "video/mp4")
    (url,) = stores.uploads.part_urls(key, [part], timedelta(hours=1))
    if isinstance(stores.uploads, FolderUploads):
        stores.uploads.receive(url.removeprefix(ENDPOINT), [b"clip"])
    else:
        assert httpx2.put(url, content=b"clip", timeout=60).status_code == 200
    stores.uploads.complete(key)
    return key


def publish(fixture: PublishingFixture, stores: Stores, number: int) -> None:
    """Upload, encode, publish and analyze a version."""
    store_upload(stores, number)
    fixture.upload(number)
    fixture.work()
    piece = put(stores, f"poses of {number}".encode(), number)
    wanted = (
        BeginAnalysis(content_id=SQUATS, number=number, model="model 1", at=NOW),
        NotePiece(beginning=1, piece=0, digest=piece, at=NOW),
        FailAnalysis(beginning=1, problem="nobody_seen", at=NOW),
    )
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=ADA, correlation_id=uuid4())
    request = Request(LESSON, f"{SQUATS}.{number}", wanted)
    fixture.commands.execute(request, origin=origin, command_id=uuid4())


def put(stores: Stores, content: bytes, number: int = 1) -> str:
    return stores.media.put(DEFAULT_TENANT, content, prefix=media_prefix(SQUATS, number))


def caption(fixture: PublishingFixture, stores: Stores, text: bytes) -> str:
    prefix = captions_prefix(SQUATS)
    digest = stores.media.put(DEFAULT_TENANT, text, prefix=prefix)
    fixture.execute(commands.AddCaptions(language="en", digest=digest, at=NOW))
    return digest


def digests(stores: Stores, prefix: str) -> set[str]:
    return {each.digest for each in stores.media.list_media(DEFAULT_TENANT, prefix)}


def sweep(
    fixture: PublishingFixture, stores: Stores, before: datetime = LATER, *, dry_run: bool = False
) -> int:
    remove = OrphanedObjects(fixture.log, stores.media, stores.objects)
    return remove(DEFAULT_TENANT, before, dry_run=dry_run)


def test_nothing_that_a_published_video_needs_is_removed(
    fixture: PublishingFixture, stores: Stores
) -> None:
    """R-CON-02, R-CON-04: what a crash left in the same place is."""
    publish(fixture, stores, 1)
    caption(fixture, stores, b"WEBVTT")
    needed = digests(stores, media_prefix(SQUATS, 1)), digests(stores, captions_prefix(SQUATS))
    assert sweep(fixture, stores) == 0
    put(stores, b"of a process that died")
    assert sweep(fixture, stores, dry_run=True) == 1
    assert sweep(fixture, stores) == 1
    assert needed == (
        digests(stores, media_prefix(SQUATS, 1)),
        digests(stores, captions_prefix(SQUATS)),
    )
    assert stores.uploads.size(UploadKey(DEFAULT_TENANT, SQUATS, 1)) == 4


def test_a_draft_of_captions_stays_until_the_next_one(
    fixture: PublishingFixture, stores: Stores
) -> None:
    publish(fixture, stores, 1)
    for text in (b"WEBVTT 1", b"WEBVTT 2"):
        fixture.execute(commands.RequestCaptionDraft(language="en", at=NOW))
        digest = put(stores, text)
        fixture.execute(
            commands.CompleteCaptionDraft(number=1, requested_at=NOW, digest=digest, at=NOW)
        )
    assert sweep(fixture, stores) == 1
    assert digest in digests(stores, media_prefix(SQUATS, 1))


def test_recognized_parts_stay_until_the_draft_is_discarded(
    fixture: PublishingFixture, stores: Stores
) -> None:
    """R-CON-02: a draft that is underway goes on after them."""
    publish(fixture, stores, 1)
    digest = put(stores, b"phrases")
    fixture.execute(
        commands.RequestCaptionDraft(language="en", at=NOW),
        commands.NoteCaptionPart(number=1, requested_at=NOW, part=0, digest=digest, at=NOW),
    )
    assert sweep(fixture, stores) == 0
    fixture.execute(commands.DiscardCaptionDraft(at=NOW))
    assert sweep(fixture, stores) == 1
    assert digest not in digests(stores, media_prefix(SQUATS, 1))


def test_a_replaced_version_and_replaced_captions_are_removed(
    fixture: PublishingFixture, stores: Stores
) -> None:
    """R-CON-02, R-CON-06: after the grace period."""
    publish(fixture, stores, 1)
    caption(fixture, stores, b"WEBVTT 1")
    publish(fixture, stores, 2)
    newest = caption(fixture, stores, b"WEBVTT 2")
    first, second = (digests(stores, media_prefix(SQUATS, number)) for number in (1, 2))
    assert sweep(fixture, stores, NOW) == 0
    assert sweep(fixture, stores) == len(first) + 2
    assert digests(stores, media_prefix(SQUATS, 1)) == set()
    assert digests(stores, media_prefix(SQUATS, 2)) == second
    assert digests(stores, captions_prefix(SQUATS)) == {newest}
    sizes = [stores.uploads.size(UploadKey(DEFAULT_TENANT, SQUATS, number)) for number in (1, 2)]
    assert sizes == [None, 4]
    assert sweep(fixture, stores) == 0


def test_files_of_a_version_that_is_being_encoded_stay(
    fixture: PublishingFixture, stores: Stores
) -> None:
    """R-CON-04: also those that are stored, and not recorded yet."""
    store_upload(stores, 1)
    fixture.upload()
    put(stores, b"the first rendition")
    assert sweep(fixture, stores) == 0


def test_files_of_a_video_that_is_being_analyzed_stay(
    fixture: PublishingFixture, stores: Stores
) -> None:
    """R-CON-04."""
    store_upload(stores, 1)
    fixture.upload()
    fixture.work()
    put(stores, b"the first minute of poses")
    assert sweep(fixture, stores) == 0


def test_a_rejected_file_stays_in_quarantine(fixture: PublishingFixture, stores: Stores) -> None:
    """R-CON-02: also after its item was deleted; what was encoded of it goes."""
    key = store_upload(stores, 1)
    fixture.upload()
    put(stores, b"the first rendition")
    fixture.execute(commands.RejectFile(number=1, reason="not_encodable", at=NOW))
    assert sweep(fixture, stores) == 1
    fixture.execute(commands.DeleteContent(at=NOW))
    assert sweep(fixture, stores) == 0
    assert stores.uploads.size(key) == 4
    fixture.execute(commands.RemoveQuarantined(number=1, at=NOW))
    assert sweep(fixture, stores) == 1
    assert stores.uploads.size(key) is None


def test_files_of_a_deleted_video_are_removed(fixture: PublishingFixture, stores: Stores) -> None:
    """R-CON-02: by a process that died before it removed them."""
    publish(fixture, stores, 1)
    caption(fixture, stores, b"WEBVTT")
    fixture.execute(commands.DeleteContent(at=NOW))
    count = len(digests(stores, media_prefix(SQUATS, 1))) + 2
    assert sweep(fixture, stores) == count
    assert sweep(fixture, stores) == 0


def test_a_cancelled_upload_and_one_that_is_in_no_log_are_removed(
    fixture: PublishingFixture, stores: Stores
) -> None:
    """R-CON-02: only if they are old."""
    cancelled = store_upload(stores, 1)
    request = commands.RequestUpload(
        trainer_id=ADA, title="Squats", description="", file=FILE, at=NOW
    )
    fixture.execute(request, commands.EndUpload(number=1, reason="cancelled", at=NOW))
    unknown = store_upload(stores, 1, ContentId("unknown"))
    assert sweep(fixture, stores, datetime.now(UTC) - YEAR) == 0
    assert sweep(fixture, stores) == 2
    assert (stores.uploads.size(cancelled), stores.uploads.size(unknown)) == (None, None)


def test_temporary_files_of_a_killed_process_are_removed(
    fixture: PublishingFixture, stores: Stores
) -> None:
    """R-CON-02: whether they belong to a video or not."""
    publish(fixture, stores, 1)
    needed = digests(stores, media_prefix(SQUATS, 1))
    stores.leave_behind()
    assert sweep(fixture, stores, datetime.now(UTC) - YEAR) == 0
    assert sweep(fixture, stores) == 3
    assert sweep(fixture, stores) == 0
    assert digests(stores, media_prefix(SQUATS, 1)) == needed
    assert stores.uploads.size(UploadKey(DEFAULT_TENANT, SQUATS, 1)) == 4


def test_what_was_stored_again_meanwhile_stays(stores: Stores) -> None:
    """R-CON-02: and it is no error if it is gone."""
    digest = put(stores, b"pieces")
    (stored,) = stores.objects.older(DEFAULT_TENANT, LATER)
    earlier = replace(stored, changed_at=stored.changed_at - timedelta(seconds=2))
    assert not stores.objects.remove(earlier)
    assert digests(stores, media_prefix(SQUATS, 1)) == {digest}
    assert stores.objects.remove(stored)
    assert not stores.objects.remove(stored)


def test_objects_of_others_are_not_listed(stores: Stores) -> None:
    """R-TEN-01: of another tenant, and media of sessions."""
    put(stores, b"mine")
    stores.media.put(TenantId("gym"), b"theirs", prefix=media_prefix(SQUATS, 1))
    stores.media.put(DEFAULT_TENANT, b"clip", prefix="session-1")
    assert len(list(stores.objects.older(DEFAULT_TENANT, LATER))) == 1
