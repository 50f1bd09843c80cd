"""A server killed while recording loses no acknowledged frame."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.api.pose_messages import START, frames
from tests.api.server_process import get, serving


def say(line: ClientConnection, message: dict[str, Any]) -> dict[str, Any]:
    line.send(json.dumps(message))
    return dict(json.loads(line.recv(timeout=60)))


def connected(url: str) -> ClientConnection:
    return connect(url.replace("http", "ws") + "/ws/pose", proxy=None, open_timeout=60)


@pytest.mark.slow
def test_a_killed_server_keeps_all_acknowledged_frames(tmp_path: Path) -> None:
    """R-RPL-02, R-LIV-10: at most the frames of the last second have to be sent again."""
    with serving(tmp_path) as (server, url), connected(url) as line:
        created = say(line, START)
        view = [say(line, frames(number, 1, picture_each=4))["frameCount"] for number in range(25)]
        server.kill()
        server.wait(timeout=60)
        with pytest.raises((ConnectionClosed, TimeoutError)):
            line.recv(timeout=60)
    with serving(tmp_path) as (_, url):
        with connected(url) as line:
            back = say(line, {"type": "continue", "id": created["id"]})
            assert (back["status"], back["frameCount"]) == ("recording", view[-1])
            assert 25 - back["frameCount"] <= 15  # one second at 15 frames per second
            rest = frames(back["frameCount"], 30 - back["frameCount"], picture_each=4)
            assert say(line, rest)["frameCount"] == 30
            assert say(line, {"type": "stop"})["status"] == "completed"
        items = get(f"{url}/v1/recordings/{created['id']}/frames").json()["items"]
        assert [each["frame_number"] for each in items] == list(range(30))
        pictures = [each["frame_number"] for each in items if each["image_path"]]
        assert pictures == list(range(0, 30, 4))
        recording = f"{url}/v1/recordings/{created['id']}"
        while get(recording).json()["video_status"] == "pending":  # made after the recording
            time.sleep(0.1)
        assert get(f"{recording}/video").status_code == 200
