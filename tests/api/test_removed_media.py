"""Recordings whose media retention has removed say so."""

from datetime import datetime, timedelta

import pytest
from starlette.websockets import WebSocketDisconnect

from application.platform import Platform
from application.privacy.retention import OldMedia
from domain.ids import DEFAULT_TENANT
from tests.api.driver import ApiDriver

pytestmark = pytest.mark.both_compositions

RECORDING = """
query($id: ID!) { recording(id: $id) { frameCount videoUrl videoStatus mediaRemovedAt } }"""
FRAMES = "query($id: ID!) { recording(id: $id) { frames { edges { node { id } } } } }"


def remove_media(platform: Platform) -> None:
    rules = (each.remove for each in platform.privacy().retention.rules)
    (rule,) = (each for each in rules if isinstance(each, OldMedia))
    assert rule(DEFAULT_TENANT, platform.clock() + timedelta(days=1), dry_run=False) > 0


def sessions(driver: ApiDriver, recorded: str) -> list[str]:
    shown = driver.client.get("/v1/sessions", params={"recorded": recorded}).json()
    return [each["id"] for each in shown["items"]]


def test_a_recording_whose_media_are_removed_says_so_everywhere(
    driver: ApiDriver, platform: Platform
) -> None:
    """R-TEN-12, R-RPL-07"""
    session = driver.analyzed()
    path = f"/v1/recordings/{session}"
    kept = driver.client.get(path).json()
    assert (kept["video_status"], kept["media_removed_at"]) == ("ready", None)
    assert (sessions(driver, "true"), sessions(driver, "false")) == ([session], [])
    remove_media(platform)
    row = driver.client.get(path).json()
    assert datetime.fromisoformat(row["media_removed_at"]) <= platform.clock()
    assert (row["status"], row["video_status"], row["frame_count"]) == ("completed", "none", 0)
    shown = driver.ask(RECORDING, id=session)["recording"]
    assert (shown["videoStatus"], shown["frameCount"], shown["videoUrl"]) == ("NONE", 0, None)
    assert datetime.fromisoformat(shown["mediaRemovedAt"]) == datetime.fromisoformat(
        row["media_removed_at"]
    )
    assert (sessions(driver, "true"), sessions(driver, "false")) == ([], [session])
    assert driver.client.get("/v1/recordings/storage").json() == {"recordings": 0, "bytes": 0}
    again = f"/v1/sessions/{session}"
    media = (f"{path}/frames", f"{path}/video", f"{path}/images/{'ab' * 32}")
    for gone in (*media, f"{again}/trace", f"{again}/recognition"):
        refused = driver.client.get(gone)
        assert (refused.status_code, refused.json()["code"]) == (404, "recording.not_kept"), gone
    (problem,) = driver.answer(FRAMES, id=session)["errors"]
    assert problem["extensions"]["code"] == "recording.not_kept"
    with (
        driver.client.websocket_connect(f"/ws/replay/{session}") as replay,
        pytest.raises(WebSocketDisconnect) as closed,
    ):
        replay.receive_json()
    assert (closed.value.code, closed.value.reason) == (4404, "recording.not_kept")


def test_a_replay_ends_when_the_media_are_removed(driver: ApiDriver, platform: Platform) -> None:
    """R-TEN-12, R-RPL-12"""
    session = driver.analyzed()
    with driver.client.websocket_connect(f"/ws/replay/{session}") as replay:
        assert replay.receive_json()["type"] == "hello"
        remove_media(platform)
        with pytest.raises(WebSocketDisconnect) as closed:
            list(iter(replay.receive_json, None))
    assert (closed.value.code, closed.value.reason) == (4404, "recording.not_kept")
