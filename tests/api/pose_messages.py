"""Messages of the socket that takes poses."""

import base64
import io
from typing import Any

from PIL import Image
from starlette.testclient import WebSocketTestSession

from tests.live.chunks import video

START = {"type": "start", "name": "Squats", "description": "in the garden", "aspectRatio": 1.5}


def jpeg(shade: int = 0, size: tuple[int, int] = (64, 48)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (shade, 80, 120)).save(file, "JPEG")
    return file.getvalue()


def frames(first: int, count: int, *, picture_each: int = 0) -> dict[str, Any]:
    """Return a message with frames of a video, some of them with a picture."""
    whole = video()
    assert whole.world is not None
    view = [
        {
            "timeMs": 1000.0 * float(whole.times_s[number]),
            "landmarks": whole.image[number].tolist(),
            "worldLandmarks": whole.world[number].tolist(),
            "image": base64.b64encode(jpeg(number)).decode()
            if picture_each and number % picture_each == 0
            else None,
        }
        for number in range(first, first + count)
    ]
    return {"type": "frames", "first": first, "frames": view}


def say(line: WebSocketTestSession, message: dict[str, Any]) -> dict[str, Any]:
    line.send_json(message)
    return dict(line.receive_json())
