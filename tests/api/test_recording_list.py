"""Recordings are listed, renamed, deleted and restored."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from application.platform import Platform
from application.privacy.retention import DeletedRecordings
from domain.ids import DEFAULT_TENANT, TenantId
from domain.recordings.commands import RESTORE_WINDOW
from tests.api.driver import ApiDriver
from tests.api.pose_messages import START, frames, say

pytestmark = pytest.mark.both_compositions

TENANT = TenantId(DEFAULT_TENANT)


def listed(driver: ApiDriver, **query: Any) -> list[str]:
    answer = driver.client.get("/v1/recordings", params=query)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


def test_recordings_are_listed_by_day_exercise_and_in_order(driver: ApiDriver) -> None:
    """R-RPL-09, R-RPL-13."""
    second, first = driver.train(2), driver.train(1)
    body = {"name": "Alone", "aspectRatio": 1.5}
    alone = driver.client.post("/v1/recordings", json=body, headers={"Idempotency-Key": "k"})
    assert alone.status_code == 201, alone.text
    again = driver.client.post("/v1/recordings", json=body, headers={"Idempotency-Key": "k"})
    new = alone.json()["id"]
    assert again.json()["id"] == new
    assert alone.headers["Location"] == f"/v1/recordings/{new}"
    assert set(listed(driver)) == {first, second, new}
    assert listed(driver, sort="name", ascending=True) == [new, first, second]
    assert sorted(listed(driver, exercise="squat")) == [first, second]
    assert listed(driver, exercise="lunge") == []
    today = driver.platform.clock().date()
    assert len(listed(driver, since=today.isoformat())) == 3
    assert listed(driver, since=(today + timedelta(days=1)).isoformat()) == []
    assert listed(driver, until=(today - timedelta(days=1)).isoformat()) == []
    page = driver.client.get("/v1/recordings", params={"first": 2, "sort": "name"})
    following = driver.client.get(page.links["next"]["url"]).json()["items"]
    assert [each["id"] for each in following] == [new]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_outside_of_the_calendar_are_refused(driver: ApiDriver, day: str) -> None:
    """R-RPL-09, R-API-03"""
    for name in ("since", "until"):
        refused = driver.client.get("/v1/recordings", params={name: day})
        assert (refused.status_code, refused.json()["code"]) == (422, "value.invalid")


def test_stale_changes_of_texts_are_refused(driver: ApiDriver) -> None:
    """R-RPL-13."""
    path = f"/v1/recordings/{driver.train(1)}"
    read = driver.client.get(path)
    tag = {"If-Match": read.headers["ETag"]}
    changed = driver.client.patch(path, json={"name": "Mornings"}, headers=tag)
    assert (changed.status_code, changed.json()["name"]) == (200, "Mornings")
    latest = driver.client.patch(path, json={"description": "mine"}, headers=tag)
    assert (latest.status_code, latest.json()["code"]) == (412, "recording.changed")
    newer = {"If-Match": changed.headers["ETag"]}
    done = driver.client.patch(path, json={"description": "mine"}, headers=newer)
    assert (done.json()["name"], done.json()["description"]) == ("Mornings", "mine")


def test_a_name_is_one_line_of_whatever_script(driver: ApiDriver) -> None:
    """R-RPL-13, R-API-03: a name that cannot be displayed is rejected, and nothing changes."""
    path = f"/v1/recordings/{driver.train(1)}"
    before = driver.client.get(path).json()
    for name in ("x" * 201, "x" * 10_000, "two\nlines", "bell\x07", "nothing\x00", "\u2028"):
        refused = driver.client.patch(path, json={"name": name})
        assert refused.status_code == 422, name
        assert refused.json()["code"] in {"value.invalid", "request.invalid"}
    assert driver.client.patch(path, json={"description": "nothing\x00"}).status_code == 422
    assert driver.client.get(path).json() == before
    for name in ("", "x" * 200, "سكوات الصباح", "👩‍👩‍👧 squats", "a\u202eb"):
        read = driver.client.patch(path, json={"name": name, "description": "in\ntwo lines"})
        assert (read.status_code, read.json()["name"]) == (200, name)
        again = driver.client.patch(path, json={}, headers={"If-Match": read.headers["ETag"]})
        assert (again.status_code, again.json()["name"]) == (200, name)


def test_deleted_sessions_are_hidden_and_can_be_restored(driver: ApiDriver) -> None:
    """R-RPL-13, C-45."""
    recording = driver.train(1)
    path = f"/v1/recordings/{recording}"
    for _ in range(2):
        assert driver.client.delete(path).status_code == 204
    for hidden in (path, f"{path}/frames", f"{path}/video"):
        assert driver.client.get(hidden).status_code == 404
    assert listed(driver) == []
    refused = driver.client.patch(path, json={"name": "x"})
    assert (refused.status_code, refused.json()["code"]) == (404, "recording.unknown")
    back = driver.client.post(f"{path}:restore")
    assert (back.status_code, back.json()["status"]) == (200, "completed")
    assert listed(driver) == [recording]
    assert driver.client.delete("/v1/recordings/unknown").status_code == 404


def test_a_recording_whose_client_is_gone_is_finalised(driver: ApiDriver) -> None:
    """R-RPL-03."""
    with driver.client.websocket_connect("/ws/pose") as line:
        created = say(line, START)
        say(line, frames(0, 15, picture_each=5))
    path = f"/v1/recordings/{created['id']}"
    done = driver.client.post(f"{path}:complete").json()
    assert (done["status"], done["frame_count"], done["image_count"]) == ("completed", 15, 3)
    assert done["video_status"] == "pending"
    assert driver.client.post(f"{path}:complete").json() == done


def test_media_of_what_was_deleted_long_ago_are_removed(
    driver: ApiDriver, platform: Platform
) -> None:
    """R-RPL-13, R-TEN-12."""
    with driver.client.websocket_connect("/ws/pose") as line:
        created = say(line, START)
        say(line, frames(0, 15, picture_each=5))
    used = driver.client.get("/v1/recordings/storage").json()
    assert used["recordings"] == 1
    assert used["bytes"] > 0
    path = f"/v1/recordings/{created['id']}"
    assert driver.client.delete(path).status_code == 204
    (rule,) = (
        each.remove
        for each in platform.privacy().retention.rules
        if isinstance(each.remove, DeletedRecordings)
    )
    now = platform.clock()
    assert rule(TENANT, now + RESTORE_WINDOW, dry_run=False) == 0  # too early for its clock
    later = replace(rule.recorder, clock=lambda: now + RESTORE_WINDOW + timedelta(hours=1))
    old = replace(rule, recorder=later)
    assert old(TENANT, now + RESTORE_WINDOW, dry_run=True) == 1
    assert old(TENANT, now + RESTORE_WINDOW, dry_run=False) == 1
    assert old(TENANT, now + RESTORE_WINDOW, dry_run=False) == 0
    assert driver.client.get("/v1/recordings/storage").json() == {"recordings": 0, "bytes": 0}
    gone = driver.client.post(f"{path}:restore")
    assert (gone.status_code, gone.json()["code"]) == (409, "recording.gone")
