"""Scheduled clean-up of uploads: expired ones end, and lost completions are made up for."""

from datetime import timedelta
from uuid import uuid4

from application.content.cleanup import StaleUploads
from application.content.upload_store import UploadKey
from application.kernel.command_handler import Request
from application.privacy.retention import Removal
from domain.content import commands
from domain.content.events import DeclaredFile, QuarantineRemoved
from domain.content.item import CONTENT
from domain.ids import DEFAULT_TENANT, ContentId
from domain.kernel import Origin
from tests.api.content_uploads import begin, progress, send, state
from tests.api.driver import ApiDriver


def rule(driver: ApiDriver) -> StaleUploads:
    platform = driver.platform
    return StaleUploads(
        platform.commands,
        platform.read,
        platform.content_uploads.store,
        lambda tenant: Origin(tenant_id=tenant, actor="retention", correlation_id=uuid4()),
        platform.clock,
    )


def clean(driver: ApiDriver, days: int, *, dry_run: bool = False) -> int:
    """Apply the rule to what was begun so many days before tomorrow."""
    driver.platform.fresh(driver.platform.log.head(), 60.0)
    before = driver.platform.clock() + timedelta(days=1) - timedelta(days=days)
    return rule(driver)(DEFAULT_TENANT, before, dry_run=dry_run)


def test_an_upload_that_is_not_finished_in_time_expires(driver: ApiDriver) -> None:
    """R-CON-02: its parts are removed, and it ends once."""
    key = begin(driver).json()["contentId"]
    first, last = progress(driver, key)["parts"]
    assert send(driver, last) == 204
    assert clean(driver, 3) == 0
    assert clean(driver, 0, dry_run=True) == 1
    assert state(driver, key)["status"] == "uploading"
    assert clean(driver, 0) == 1
    view = state(driver, key)
    assert (view["status"], view["endedReason"]) == ("failed", "expired")
    assert list(driver.platform.content_uploads.store.unfinished(DEFAULT_TENANT)) == []
    assert send(driver, first) == 403
    assert clean(driver, 0) == 0


def test_a_file_whose_completion_was_lost_is_noted(driver: ApiDriver) -> None:
    """R-CON-02, R-CON-03: the store has the file, and no notification came."""
    key = begin(driver).json()["contentId"]
    for part in progress(driver, key)["parts"]:
        assert send(driver, part) == 204
    place = UploadKey(DEFAULT_TENANT, ContentId(key), 1)
    size = driver.platform.content_uploads.store.complete(place)
    assert state(driver, key)["status"] == "uploading"
    assert clean(driver, 3) == 1
    view = state(driver, key)
    assert (view["status"], view["bytes"]) == ("scanning", size)
    assert driver.platform.content_uploads.store.size(place) == size


def test_parts_of_a_deleted_video_are_removed(driver: ApiDriver) -> None:
    """R-CON-02."""
    key = begin(driver).json()["contentId"]
    assert driver.client.delete(f"/v1/content/{key}").status_code == 200
    store = driver.platform.content_uploads.store
    store.begin(UploadKey(DEFAULT_TENANT, ContentId(key), 1), "video/mp4")
    assert clean(driver, 0) == 1
    assert list(store.unfinished(DEFAULT_TENANT)) == []


def rejected(driver: ApiDriver) -> UploadKey:
    """Upload a file that fails its checks."""
    platform = driver.platform
    key = UploadKey(DEFAULT_TENANT, ContentId(begin(driver).json()["contentId"]), 1)
    for part in progress(driver, key.content_id)["parts"]:
        assert send(driver, part) == 204
    size = platform.content_uploads.store.complete(key)
    at = platform.clock()
    refused = [
        commands.NoteUploaded(number=1, size=size, at=at),
        commands.RejectFile(number=1, reason="malware_found", at=at),
    ]
    request = Request(CONTENT, key.content_id, refused)
    platform.commands.execute(request, origin=origin(), command_id=uuid4())
    return key


def origin() -> Origin:
    return Origin(tenant_id=DEFAULT_TENANT, actor="retention", correlation_id=uuid4())


def quarantine(driver: ApiDriver) -> Removal:
    rules = driver.platform.privacy().retention.rules
    return next(rule.remove for rule in rules if rule.name == "quarantine")


def removals(driver: ApiDriver, key: UploadKey) -> int:
    history = driver.platform.log.load(DEFAULT_TENANT, f"content-{key.content_id}")
    return sum(isinstance(each.event, QuarantineRemoved) for each in history)


def test_a_rejected_file_leaves_the_quarantine_when_its_time_is_over(driver: ApiDriver) -> None:
    """R-CON-02: at once, recorded once, and also if the process ended before it was recorded."""
    store, remove = driver.platform.content_uploads.store, quarantine(driver)
    key, interrupted = rejected(driver), rejected(driver)
    now = driver.platform.clock()
    assert remove(DEFAULT_TENANT, now - timedelta(days=1), dry_run=False) == 0
    assert remove(DEFAULT_TENANT, now + timedelta(days=1), dry_run=True) == 2
    assert store.size(key) is not None
    store.remove(interrupted)
    assert remove(DEFAULT_TENANT, now + timedelta(days=1), dry_run=False) == 2
    assert store.size(key) is None
    assert remove(DEFAULT_TENANT, now + timedelta(days=1), dry_run=False) == 0
    assert (removals(driver, key), removals(driver, interrupted)) == (1, 1)


def test_rejected_files_of_deleted_and_of_replaced_videos_leave_the_quarantine(
    driver: ApiDriver,
) -> None:
    """R-CON-02."""
    platform = driver.platform
    deleted, replaced = rejected(driver), rejected(driver)
    assert driver.client.delete(f"/v1/content/{deleted.content_id}").status_code == 200
    renewed = commands.ReplaceFile(
        file=DeclaredFile(5, "video/mp4", "ab" * 32), at=platform.clock()
    )
    request = Request(CONTENT, replaced.content_id, [renewed])
    platform.commands.execute(request, origin=origin(), command_id=uuid4())
    tomorrow = platform.clock() + timedelta(days=1)
    assert quarantine(driver)(DEFAULT_TENANT, tomorrow, dry_run=False) == 2
    assert quarantine(driver)(DEFAULT_TENANT, tomorrow, dry_run=False) == 0
    store = platform.content_uploads.store
    assert (store.size(deleted), store.size(replaced)) == (None, None)
    assert (removals(driver, deleted), removals(driver, replaced)) == (1, 1)
