"""Scheduled clean-up of uploads: expired ones end, and lost completions are made up for."""

from datetime import timedelta
from uuid import uuid4

from application.content.cleanup import StaleUploads
from application.content.upload_store import UploadKey
from domain.ids import DEFAULT_TENANT, ContentId
from domain.kernel import Origin
from tests.api.driver import ApiDriver
from tests.api.test_content_uploads import begin, progress, send, state


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
    assert (view["status"], view["endedReason"]) == ("ended", "expired")
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
    assert (view["status"], view["bytes"]) == ("checking", size)
    assert driver.platform.content_uploads.store.size(place) == size


def test_parts_of_a_deleted_video_are_removed(driver: ApiDriver) -> None:
    """R-CON-02."""
    key = begin(driver).json()["contentId"]
    assert driver.client.delete(f"/v1/content/{key}").status_code == 200
    store = driver.platform.content_uploads.store
    store.begin(UploadKey(DEFAULT_TENANT, ContentId(key), 1), "video/mp4")
    assert clean(driver, 0) == 1
    assert list(store.unfinished(DEFAULT_TENANT)) == []
