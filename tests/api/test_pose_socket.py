"""Recording WebSocket: frames are stored, recordings resume, viewers follow."""

import asyncio
import base64
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from adapters.pose_channel.redis import RedisPoseChannel
from adapters.video.decoder import PyAvDecoder
from api.app import build_app
from api.websocket import connection
from api.websocket.pose_broadcast import WAITING, PoseBroadcast
from application.platform import Platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, TenantId
from tests.api.closed_sockets import closed_with
from tests.api.conftest import WEB
from tests.api.live_messages import begun, posted
from tests.api.people import Town
from tests.api.pose_messages import START, frames, jpeg, say
from tests.api.videos import make_videos
from tests.data_folders import prepared
from tests.live.chunks import take, video
from tests.plugins.services import Service

TENANT = TenantId(DEFAULT_TENANT)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Embedded settings: the storage of events does not affect sockets."""
    return Settings(
        home=prepared(tmp_path / "home"), cache=tmp_path / "cache", postgres_url=None, kafka=None
    )


def code(answer: dict[str, Any]) -> str:
    assert answer["type"] == "problem", answer
    return str(answer["problem"]["code"])


def test_a_session_is_recorded_paused_and_finalised(client: TestClient) -> None:
    """R-RPL-01, R-RPL-02, R-RPL-03, R-RPL-07, R-RPL-08, R-RPL-11, R-RPL-14, C-29, C-33, C-45."""
    with client.websocket_connect("/ws/pose") as line:
        created = say(line, START)
        assert (created["type"], created["status"]) == ("session_created", "recording")
        assert (created["frameCount"], created["duration"], created["bytes"]) == (0, 0, 0)
        view = say(line, frames(0, 15, picture_each=5))
        assert (view["type"], view["frameCount"]) == ("status", 15)
        assert view["bytes"] > 0
        assert say(line, {"type": "pause"})["status"] == "paused"
        assert code(say(line, frames(15, 15))) == "recording.paused"
        assert say(line, {"type": "resume"})["status"] == "recording"
        assert say(line, frames(15, 15, picture_each=5))["frameCount"] == 30
        done = say(line, {"type": "stop"})
    assert (done["type"], done["status"], done["duration"]) == (
        "recording_finalised", "completed", 2,
    )  # fmt: skip
    fresh = {"After-Position": str(done["position"])}
    row = client.get(f"/v1/recordings/{created['id']}", headers=fresh).json()
    assert row.items() >= {
        "id": created["id"], "name": "Squats", "description": "in the garden", "duration": 2,
        "frame_count": 30, "status": "completed", "user_id": "athlete",
    }.items()  # fmt: skip
    assert (row["video_status"], row["video_file_path"]) == ("pending", None)
    items = client.get(f"/v1/recordings/{created['id']}/frames").json()["items"]
    assert [each["frame_number"] for each in items if each["image_path"]] == [0, 5, 10, 15, 20, 25]
    assert all(each["pose_data"]["landmarks"] for each in items)
    picture = client.get(f"/v1/recordings/{created['id']}/images/{items[5]['image_path']}")
    assert (picture.content, picture.headers["content-type"]) == (jpeg(5), "image/jpeg")


def test_pictures_that_are_refused_are_not_kept(client: TestClient) -> None:
    """C-29, C-45: pictures sent while the recording is paused, and after it has stopped."""
    with client.websocket_connect("/ws/pose") as line:
        created = say(line, START)
        say(line, frames(0, 15, picture_each=5))
        say(line, {"type": "pause"})
        used = client.get("/v1/recordings/storage").json()["bytes"]
        assert code(say(line, frames(15, 15, picture_each=1))) == "recording.paused"
    assert client.get("/v1/recordings/storage").json()["bytes"] == used
    assert created["id"]


def test_the_video_shows_each_picture_at_its_time(
    client: TestClient, platform: Platform, settings: Settings, tmp_path: Path
) -> None:
    """C-33: the video is made from the pictures once the recording is complete."""
    with client.websocket_connect("/ws/pose") as line:
        created = say(line, START)
        say(line, frames(0, 30, picture_each=3))
        say(line, {"type": "stop"})
    make_videos(settings, platform)
    video_path = tmp_path / "video.mp4"
    video_path.write_bytes(client.get(f"/v1/recordings/{created['id']}/video").content)
    with PyAvDecoder().open(video_path) as opened:
        shape, shown = opened.shape, list(opened.frames())
    assert (shape.width, shape.height, len(shown)) == (64, 48, 10)
    expected = [float(video().times_s[number]) for number in range(0, 30, 3)]
    gaps = [later.time_s - shown[0].time_s for later in shown]
    assert gaps == pytest.approx([each - expected[0] for each in expected], abs=0.002)


def test_single_frames_are_kept_together_and_none_is_lost_or_doubled(client: TestClient) -> None:
    """R-RPL-02, C-29: acknowledged frames are stored; a client sends the others again."""
    with client.websocket_connect("/ws/pose") as line:
        created = say(line, START)
        counts = [say(line, frames(number, 1))["frameCount"] for number in range(20)]
        assert counts == sorted(counts)
        assert 0 < counts[-1] <= 20
    chunks = client.app.state.platform.log.load(TENANT, f"recording-{created['id']}")  # type: ignore[attr-defined]  # FastAPI
    assert 2 <= len(chunks) <= 5
    with client.websocket_connect("/ws/pose") as line:
        back = say(line, {"type": "continue", "id": created["id"]})
        assert back["frameCount"] == 20  # pending frames were stored when the connection broke
        assert say(line, frames(10, 20))["frameCount"] == 30
        gap = say(line, frames(40, 10))
        assert (code(gap), gap["problem"]["expectedFrame"]) == ("recording.frames_left_out", 30)
        assert say(line, {"type": "stop"})["frameCount"] == 30
    items = client.get(f"/v1/recordings/{created['id']}/frames").json()["items"]
    assert [each["frame_number"] for each in items] == list(range(30))
    times = [each["timestamp"] for each in items]
    assert times == pytest.approx(video().times_s[:30].tolist())


def test_a_recording_of_a_session_has_its_id_and_the_session_is_counted_too(
    client: TestClient,
) -> None:
    """R-RPL-01, R-RPL-10."""
    session = begun(client)
    for query in take(session, repetitions=2):
        posted(client, query)
    with client.websocket_connect("/ws/pose") as line:
        assert say(line, {**START, "sessionId": session})["id"] == session
        say(line, frames(0, 15))
        again = say(line, {**START, "sessionId": session})
        assert code(again) == "recording.already_started"
        assert code(say(line, {**START, "sessionId": "unknown"})) == "session.unknown"
    assert client.get(f"/v1/recordings/{session}").json()["user_id"] == "ada"


BAD: list[tuple[dict[str, Any], str]] = [
    ({"type": "dance"}, "request.invalid"),
    ({**START, "name": "Squ\0ats"}, "request.invalid"),
    ({**START, "description": "\ud800"}, "request.invalid"),
    ({"type": "frames", "first": 0, "frames": []}, "request.invalid"),
    ({"type": "frames", "first": 0, "frames": [{"timeMs": -1.0, "landmarks": None}]},
     "live.time_outside_session"),
    ({"type": "frames", "first": 0,
      "frames": [{"timeMs": 2.0, "landmarks": None}, {"timeMs": 1.0, "landmarks": None}]},
     "live.times_not_increasing"),
]  # fmt: skip


def test_unstorable_frames_are_rejected_with_a_reason(client: TestClient) -> None:
    """R-API-03."""
    with client.websocket_connect("/ws/pose") as line:
        assert code(say(line, {"type": "stop"})) == "recording.not_begun"
        say(line, START)
        for message, expected in BAD:
            assert code(say(line, message)) == expected
        for picture in (b"no picture", jpeg()[:300], jpeg(size=(2000, 20)), jpeg(size=(8, 8))):
            frame = {
                "timeMs": 1.0,
                "landmarks": None,
                "image": base64.b64encode(picture).decode(),
            }
            message = {"type": "frames", "first": 0, "frames": [frame]}
            assert code(say(line, message)) == "picture.refused"
        assert say(line, {"type": "status"})["frameCount"] == 0


def test_recordings_of_other_users_cannot_be_written_or_watched(town: Town) -> None:
    """R-TEN-03, R-LIV-17: no picture is stored without its owner's consent."""
    ada, bob = town.citizen(), town.citizen("bob@example.org")
    with town.client.websocket_connect("/ws/pose", headers=ada.headers) as line:
        created = say(line, START)
        assert code(say(line, frames(0, 15, picture_each=5))) == "consent.missing"
        ada.agrees("images_leave_device")
        assert say(line, frames(0, 15, picture_each=5))["frameCount"] == 15
    with town.client.websocket_connect("/ws/pose", headers=bob.headers) as line:
        answer = say(line, {"type": "continue", "id": created["id"]})
        assert code(answer) == "recording.unknown"
    watch = f"/ws/pose?watch={created['id']}"
    with town.client.websocket_connect(watch, headers=bob.headers) as line:
        assert closed_with(line) == connection.NOT_FOUND
    with town.client.websocket_connect(watch, headers=ada.headers) as line:
        assert line.receive_json() == {"type": "watching", "id": created["id"]}


def test_viewers_see_poses_live(client: TestClient) -> None:
    """R-LIV-17, R-RPL-11: of a recording, and of frames by any other transport."""
    session = begun(client)
    with client.websocket_connect("/ws/pose") as line:
        say(line, {**START, "sessionId": session})
        with client.websocket_connect(f"/ws/pose?watch={session}") as viewer:
            assert viewer.receive_json()["type"] == "watching"
            say(line, frames(0, 15))
            shown = viewer.receive_json()
            assert (shown["type"], shown["id"], len(shown["frames"])) == ("pose", session, 15)
            assert len(shown["frames"][0]["landmarks"]) == 33
            posted(client, take(session)[0])
            assert len(viewer.receive_json()["frames"]) == 8


def test_a_deletion_ends_the_live_poses_of_a_session(client: TestClient) -> None:
    """R-LIV-17: and a deleted session cannot be watched."""
    session = begun(client)
    watch = f"/ws/pose?watch={session}"
    with client.websocket_connect(watch) as viewer:
        assert viewer.receive_json()["type"] == "watching"
        assert client.delete(f"/v1/sessions/{session}").status_code == 204
        assert closed_with(viewer) == connection.NOT_FOUND
    with client.websocket_connect(watch) as viewer:
        assert closed_with(viewer) == connection.NOT_FOUND


def test_viewers_in_other_processes_see_poses_live(platform: Platform, redis: Service) -> None:
    """R-LIV-17, R-RPL-10, R-RPL-11: the athlete is connected to another process of the API."""
    with (
        closing(RedisPoseChannel(redis.address)) as here,
        closing(RedisPoseChannel(redis.address)) as elsewhere,
        TestClient(build_app(replace(platform, poses=here), web=WEB)) as athlete,
    ):
        other = TestClient(build_app(replace(platform, poses=elsewhere), web=WEB))
        session = begun(athlete)
        with other.websocket_connect(f"/ws/pose?watch={session}") as viewer:
            assert viewer.receive_json()["type"] == "watching"
            deadline = time.monotonic() + 60
            while not here.is_watched((TENANT, session)):
                assert time.monotonic() < deadline
                time.sleep(0.01)
            posted(athlete, take(session)[0])
            shown = viewer.receive_json()
            assert (shown["type"], shown["id"], len(shown["frames"])) == ("pose", session, 8)
            with athlete.websocket_connect("/ws/pose") as line:
                say(line, {**START, "sessionId": session})
                say(line, frames(0, 15))
                assert len(viewer.receive_json()["frames"]) == 15


def test_a_slow_viewer_misses_the_oldest_frames_and_blocks_no_other() -> None:
    """R-LIV-17."""

    async def main() -> None:
        broadcast = PoseBroadcast()
        watched = (TENANT, "s")
        async with broadcast.subscribe(watched) as queue:
            for number in range(WAITING + 3):
                broadcast.show(watched, str(number))
            assert [queue.get_nowait() for _ in range(WAITING)] == ["3", "4", "5", "6"]
        assert not broadcast.is_watched(watched)

    asyncio.run(main())
