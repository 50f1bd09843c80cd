"""Recordings are begun, listed, given other words, deleted, and brought back for a while."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from application.platform import Platform
from application.privacy.retention import DeletedRecordings
from domain.ids import DEFAULT_TENANT, TenantId
from domain.recordings.commands import RESTORE_WINDOW
from tests.api.house import House
from tests.api.test_pose_socket import START, frames, say

TENANT = TenantId(DEFAULT_TENANT)


def listed(house: House, **asked: Any) -> list[str]:
    answer = house.client.get("/v1/recordings", params=asked)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


def test_recordings_are_listed_by_day_exercise_and_in_order(house: House) -> None:
    """R-RPL-09, R-RPL-13."""
    second, first = house.train(2), house.train(1)
    body = {"name": "Alone", "aspectRatio": 1.5}
    alone = house.client.post("/v1/recordings", json=body, headers={"Idempotency-Key": "k"})
    assert alone.status_code == 201, alone.text
    again = house.client.post("/v1/recordings", json=body, headers={"Idempotency-Key": "k"})
    new = alone.json()["id"]
    assert again.json()["id"] == new
    assert alone.headers["Location"] == f"/v1/recordings/{new}"
    assert set(listed(house)) == {first, second, new}
    assert listed(house, sort="name", ascending=True) == [new, first, second]
    assert sorted(listed(house, exercise="squat")) == [first, second]
    assert listed(house, exercise="lunge") == []
    today = house.platform.clock().date()
    assert len(listed(house, since=today.isoformat())) == 3
    assert listed(house, since=(today + timedelta(days=1)).isoformat()) == []
    assert listed(house, until=(today - timedelta(days=1)).isoformat()) == []
    page = house.client.get("/v1/recordings", params={"first": 2, "sort": "name"})
    following = house.client.get(page.links["next"]["url"]).json()["items"]
    assert [each["id"] for each in following] == [new]


def test_words_are_replaced_unless_somebody_was_faster(house: House) -> None:
    """R-RPL-13."""
    path = f"/v1/recordings/{house.train(1)}"
    read = house.client.get(path)
    tag = {"If-Match": read.headers["ETag"]}
    changed = house.client.patch(path, json={"name": "Mornings"}, headers=tag)
    assert (changed.status_code, changed.json()["name"]) == (200, "Mornings")
    late = house.client.patch(path, json={"description": "mine"}, headers=tag)
    assert (late.status_code, late.json()["code"]) == (412, "recording.changed")
    newer = {"If-Match": changed.headers["ETag"]}
    done = house.client.patch(path, json={"description": "mine"}, headers=newer)
    assert (done.json()["name"], done.json()["description"]) == ("Mornings", "mine")


def test_a_name_is_one_line_of_whatever_script(house: House) -> None:
    """R-RPL-13, R-API-03: what cannot be shown is refused, and nothing is changed."""
    path = f"/v1/recordings/{house.train(1)}"
    before = house.client.get(path).json()
    for name in ("x" * 201, "x" * 10_000, "two\nlines", "bell\x07", "nothing\x00", "\u2028"):
        refused = house.client.patch(path, json={"name": name})
        assert refused.status_code == 422, name
        assert refused.json()["code"] in {"value.invalid", "request.invalid"}
    assert house.client.patch(path, json={"description": "nothing\x00"}).status_code == 422
    assert house.client.get(path).json() == before
    for name in ("", "x" * 200, "سكوات الصباح", "👩‍👩‍👧 squats", "a\u202eb"):
        read = house.client.patch(path, json={"name": name, "description": "in\ntwo lines"})
        assert (read.status_code, read.json()["name"]) == (200, name)
        again = house.client.patch(path, json={}, headers={"If-Match": read.headers["ETag"]})
        assert (again.status_code, again.json()["name"]) == (200, name)


def test_what_is_deleted_is_not_shown_and_can_be_brought_back(house: House) -> None:
    """R-RPL-13, C-45."""
    recording = house.train(1)
    path = f"/v1/recordings/{recording}"
    for _ in range(2):
        assert house.client.delete(path).status_code == 204
    for hidden in (path, f"{path}/frames", f"{path}/video"):
        assert house.client.get(hidden).status_code == 404
    assert listed(house) == []
    refused = house.client.patch(path, json={"name": "x"})
    assert (refused.status_code, refused.json()["code"]) == (404, "recording.unknown")
    back = house.client.post(f"{path}:restore")
    assert (back.status_code, back.json()["status"]) == (200, "completed")
    assert listed(house) == [recording]
    assert house.client.delete("/v1/recordings/unknown").status_code == 404


def test_a_recording_whose_client_is_gone_is_finalised(house: House) -> None:
    """R-RPL-03."""
    with house.client.websocket_connect("/ws/pose") as line:
        created = say(line, START)
        say(line, frames(0, 15, picture_each=5))
    path = f"/v1/recordings/{created['id']}"
    done = house.client.post(f"{path}:complete").json()
    assert (done["status"], done["frame_count"], done["image_count"]) == ("completed", 15, 3)
    assert house.client.post(f"{path}:complete").json() == done
    assert house.client.get(f"{path}/video").status_code == 200


def test_media_of_what_was_deleted_long_ago_are_removed(house: House, platform: Platform) -> None:
    """R-RPL-13, R-TEN-12."""
    with house.client.websocket_connect("/ws/pose") as line:
        created = say(line, START)
        say(line, frames(0, 15, picture_each=5))
    used = house.client.get("/v1/recordings/storage").json()
    assert used["recordings"] == 1
    assert used["bytes"] > 0
    path = f"/v1/recordings/{created['id']}"
    assert house.client.delete(path).status_code == 204
    (rule,) = (
        each.rule
        for each in platform.privacy().retention.kept
        if isinstance(each.rule, DeletedRecordings)
    )
    now = platform.clock()
    assert rule(TENANT, now + RESTORE_WINDOW, dry_run=False) == 0  # too early for the recorder
    later = replace(rule.recorder, clock=lambda: now + RESTORE_WINDOW + timedelta(hours=1))
    old = replace(rule, recorder=later)
    assert old(TENANT, now + RESTORE_WINDOW, dry_run=True) == 1
    assert old(TENANT, now + RESTORE_WINDOW, dry_run=False) == 1
    assert old(TENANT, now + RESTORE_WINDOW, dry_run=False) == 0
    assert house.client.get("/v1/recordings/storage").json() == {"recordings": 0, "bytes": 0}
    gone = house.client.post(f"{path}:restore")
    assert (gone.status_code, gone.json()["code"]) == (409, "recording.gone")
