"""Client of the replay WebSocket, with a clock that the test advances."""

from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient, WebSocketTestSession

from tests.api.pose_messages import START, frames, say

CHUNK = 8
CHUNKS = 10
FRAMES = CHUNK * CHUNKS


class Clock:
    """Clock that only the test advances."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def recorded(
    client: TestClient,
    *,
    headers: dict[str, str] | None = None,
    chunks: int = CHUNKS,
    stop: bool = True,
    **start: Any,
) -> str:
    """Record chunks of eight frames, about half a second each, and return the recording."""
    with client.websocket_connect("/ws/pose", headers=headers or {}) as line:
        created = say(line, {**START, **start})
        assert created["type"] == "session_created", created
        for number in range(chunks):
            view = say(line, frames(CHUNK * number, CHUNK))
            assert view["frameCount"] == CHUNK * (number + 1)
        if stop:
            view = say(line, {"type": "stop"})
            assert view["type"] == "recording_finalised"
    return str(created["id"])


class Viewer:
    """Viewer of a replay; `heard` has all messages so far."""

    def __init__(self, raw: WebSocketTestSession) -> None:
        self.raw = raw
        self.heard: list[dict[str, Any]] = []
        self._seq = 0

    def listen(self) -> dict[str, Any]:
        """Receive the next message, and check its sequence number."""
        view = dict(self.raw.receive_json())
        self.heard.append(view)
        assert view["seq"] == len(self.heard)
        return view

    def until(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Receive messages until one matches."""
        while True:
            view = self.listen()
            if is_it(view):
                return view

    def say(self, kind: str, **more: Any) -> dict[str, Any]:
        """Send a message, and return its response, which is never a dropped chunk."""
        self._seq += 1
        seq = self._seq
        self.raw.send_json({"type": kind, "seq": seq, **more})
        return self.until(lambda view: view["ack"] == seq and _is_answer(view))

    @property
    def chunks(self) -> list[int]:
        """Return the numbers of the received chunks, in order."""
        return [each["chunk"] for each in self.heard if each["type"] == "frames"]


def _is_answer(view: dict[str, Any]) -> bool:
    return view["type"] == "position" or (view["type"] == "error" and view["chunk"] is None)


def begun(raw: WebSocketTestSession) -> tuple[Viewer, dict[str, Any]]:
    """Read the first messages; return the viewer and the `hello`."""
    viewer = Viewer(raw)
    hello = viewer.listen()
    assert hello["type"] == "hello"
    viewer.until(lambda view: view["type"] in {"position", "error"})
    return viewer, hello


def code(view: dict[str, Any]) -> str:
    """Return the code of an error."""
    assert view["type"] == "error", view
    return str(view["problem"]["code"])
