"""Replay WebSocket: paced by the server's clock and the client's credits."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from structlog.testing import capture_logs

from api.app import build_app
from api.websocket import connection
from application.kernel.ports import MediaMissing, StorageUnavailable
from application.platform import Platform
from bootstrap.settings import Settings
from domain.motion.landmarks import PoseChunk
from tests.api.closed_sockets import closed_with
from tests.api.conftest import WEB
from tests.api.driver import ApiDriver
from tests.api.pose_messages import START, frames, say
from tests.api.replaying import CHUNK, CHUNKS, FRAMES, Clock, begun, code, recorded
from tests.api.videos import make_videos
from tests.data_folders import prepared
from tests.live.chunks import video


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Embedded settings: the storage of events does not affect sockets."""
    return Settings(
        home=prepared(tmp_path / "home"), cache=tmp_path / "cache", postgres_url=None, kafka=None
    )


class Counted:
    """Decodes chunks and counts them."""

    def __init__(self, platform: Platform) -> None:
        self._decode = platform.archive.decode
        self.reads = 0

    def __call__(self, content: bytes) -> PoseChunk:
        self.reads += 1
        return self._decode(content)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def counted(platform: Platform) -> Counted:
    return Counted(platform)


@pytest.fixture
def client(platform: Platform, clock: Clock, counted: Counted) -> Iterator[TestClient]:
    seen = replace(platform, archive=replace(platform.archive, decode=counted))
    app = build_app(seen, web=WEB)
    app.state.replay_clock = clock
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def time_ms(frame: int) -> float:
    return round(1000.0 * float(video().times_s[frame]), 3)


def is_position(view: dict[str, Any]) -> bool:
    return bool(view["type"] == "position")


def test_connecting_sends_index_markers_and_the_first_chunk(
    client: TestClient, driver: ApiDriver
) -> None:
    """R-RPL-04, R-RPL-10, R-RPL-12, C-32."""
    session = recorded(client)
    with client.websocket_connect(f"/ws/replay/{session}") as raw:
        viewer, hello = begun(raw)
        assert [each["type"] for each in viewer.heard] == ["hello", "frames", "position"]
    assert hello["recording"].items() >= {
        "id": session, "sessionId": session, "name": "Squats", "status": "completed",
        "frameCount": FRAMES, "aspectRatio": 1.5, "startMs": 0.0, "exercise": None,
    }.items()  # fmt: skip
    assert (hello["video"], hello["sharedUntil"]) == (None, None)
    assert [each["first"] for each in hello["index"]] == list(range(0, FRAMES, CHUNK))
    assert {each["frames"] for each in hello["index"]} == {CHUNK}
    assert hello["index"][1]["startMs"] == round(time_ms(CHUNK))
    view = viewer.heard[1]
    assert (view["chunk"], view["first"], len(view["frames"])) == (0, 0, CHUNK)
    assert [each["timeMs"] for each in view["frames"]] == [time_ms(n) for n in range(CHUNK)]
    assert len(view["frames"][0]["landmarks"]) == len(view["frames"][0]["worldLandmarks"]) == 33
    position = viewer.heard[2]
    assert (position["frame"], position["playing"], position["waiting"]) == (0, False, False)


def test_markers_are_the_repetitions_and_cues_of_the_session_and_the_pauses(
    client: TestClient, driver: ApiDriver
) -> None:
    """R-RPL-04."""
    session = driver.train(1)
    with client.websocket_connect(f"/ws/replay/{session}") as raw:
        viewer, hello = begun(raw)
        assert code(viewer.heard[-1]) == "replay.no_frames"
        assert code(viewer.say("play")) == "replay.no_frames"
    assert hello["recording"]["exercise"] == "squat"
    assert hello["markers"]["repetitions"][0] == {
        "set": 1, "number": 1, "exercise": "squat", "startMs": 0, "endMs": 4000,
        "form": 0.875, "faults": ["knees_in"],
    }  # fmt: skip
    assert len(hello["markers"]["repetitions"]) == 2
    (only,) = hello["markers"]["sets"]
    assert (only["set"], only["exercise"], only["startMs"]) == (1, "squat", 0)
    assert hello["markers"]["cues"] == [
        {"set": 1, "repetition": 1, "fault": "knees_in", "cue": "Knees out.", "atMs": 900}
    ]
    assert (hello["markers"]["pauses"], hello["index"]) == ([], [])


def test_a_pause_of_the_recording_is_marked(
    client: TestClient, platform: Platform, settings: Settings
) -> None:
    """R-RPL-04: from the last frame before it to the first after it; making a video is no pause."""
    with client.websocket_connect("/ws/pose") as line:
        session = say(line, START)["id"]
        say(line, frames(0, 8, picture_each=4))
        for word in ("pause", "resume"):
            say(line, {"type": word})
        say(line, frames(8, 8))
        say(line, {"type": "stop"})
    make_videos(settings, platform)
    with client.websocket_connect(f"/ws/replay/{session}") as raw:
        _, hello = begun(raw)
    assert hello["markers"]["pauses"] == [
        {"startMs": round(time_ms(7)), "endMs": round(time_ms(8))}
    ]
    url = f"/v1/recordings/{session}/video"
    assert hello["video"] == {"url": url, "mediaType": "video/mp4"}
    assert client.get(url).status_code == 200


def test_no_more_chunks_are_sent_than_there_are_credits(client: TestClient, clock: Clock) -> None:
    """R-RPL-06: back-pressure: the replay waits for its viewer and skips no frame."""
    session = recorded(client)
    with client.websocket_connect(f"/ws/replay/{session}") as raw:
        viewer, _ = begun(raw)
        viewer.say("frames", credits=2)
        assert viewer.chunks == [0, 1, 2]
        viewer.say("play")
        clock.now += 60.0
        view = viewer.until(lambda each: is_position(each) and each["waiting"])
        assert (view["frame"], view["playing"]) == (3 * CHUNK, True)
        assert viewer.chunks == [0, 1, 2]
        view = viewer.say("frames", credits=1)
        assert (view["waiting"], view["frame"]) == (False, 3 * CHUNK)
        assert viewer.chunks == [0, 1, 2, 3]
        viewer.say("frames", credits=64)
        assert viewer.chunks == list(range(CHUNKS))
        view = viewer.say("frames", credits=64)
        assert viewer.chunks == list(range(CHUNKS))  # each chunk is sent once


def test_frames_come_as_fast_as_the_clock_and_the_rate_say(
    client: TestClient, clock: Clock
) -> None:
    """R-RPL-05, R-RPL-06."""
    session = recorded(client)
    with client.websocket_connect(f"/ws/replay/{session}") as raw:
        viewer, _ = begun(raw)
        viewer.say("play", credits=64)
        clock.now += 1.0
        assert viewer.until(is_position)["timeMs"] == pytest.approx(1000.0)
        viewer.say("rate", rate=0.25)
        clock.now += 1.0
        assert viewer.until(is_position)["timeMs"] == pytest.approx(1250.0)
        clock.now += 0.2
        view = viewer.say("rate", rate=4)
        assert (view["timeMs"], view["rate"]) == (pytest.approx(1300.0), 4.0)
        clock.now += 0.1
        view = viewer.say("pause")
        assert (view["timeMs"], view["playing"]) == (pytest.approx(1700.0), False)
        clock.now += 9.0
        assert viewer.say("frames", credits=1)["timeMs"] == pytest.approx(1700.0)


def test_the_last_frame_sends_an_end_and_play_restarts(client: TestClient, clock: Clock) -> None:
    """R-RPL-06."""
    session = recorded(client)
    with client.websocket_connect(f"/ws/replay/{session}") as raw:
        viewer, hello = begun(raw)
        viewer.say("play", credits=64)
        clock.now += 60.0
        end = viewer.until(lambda view: view["type"] == "end")
        assert (end["frame"], end["final"]) == (FRAMES - 1, True)
        assert end["timeMs"] == hello["recording"]["endMs"]
        view = viewer.say("play")
        assert (view["frame"], view["playing"]) == (0, True)


def test_a_seek_reads_the_one_chunk_that_holds_the_moment(
    client: TestClient, counted: Counted
) -> None:
    """R-RPL-06, C-32: the index finds it without reading the chunks between."""
    session = recorded(client)
    with client.websocket_connect(f"/ws/replay/{session}") as raw:
        viewer, _ = begun(raw)
        assert counted.reads == 1
        view = viewer.say("seek", timeMs=time_ms(59) + 1.0, credits=1)
        assert (view["frame"], view["waiting"], viewer.chunks) == (59, False, [0, 7])
        assert counted.reads == 2
        view = viewer.say("seek", frame=33)
        assert (view["frame"], view["timeMs"], view["waiting"]) == (33, time_ms(33), True)
        assert counted.reads == 3  # read for the time of that frame, even if it is not sent
        assert viewer.say("seek", timeMs=-5)["frame"] == 0
        assert viewer.say("seek", timeMs=1e6, credits=1)["frame"] == FRAMES - 1
        assert viewer.say("seek", frame=10**6)["frame"] == FRAMES - 1
        assert counted.reads == 4
        assert viewer.chunks == [0, 7, 9]


def test_a_chunk_is_sent_again_where_its_viewer_has_forgotten_it(client: TestClient) -> None:
    session = recorded(client)
    with client.websocket_connect(f"/ws/replay/{session}") as raw:
        viewer, _ = begun(raw)
        viewer.say("seek", timeMs=0, credits=1)
        assert viewer.chunks == [0, 1]
        viewer.say("seek", timeMs=0, again=True, credits=2)
        assert viewer.chunks == [0, 1, 0, 1]


def test_a_step_moves_one_frame_and_pauses(client: TestClient, counted: Counted) -> None:
    """R-RPL-06."""
    session = recorded(client)
    with client.websocket_connect(f"/ws/replay/{session}") as raw:
        viewer, _ = begun(raw)
        viewer.say("play", credits=2)
        reads = counted.reads
        shown = [viewer.say("seek", step=1) for _ in range(2 * CHUNK)]
        assert [each["frame"] for each in shown] == list(range(1, 2 * CHUNK + 1))
        assert [each["timeMs"] for each in shown] == [time_ms(each["frame"]) for each in shown]
        assert not any(each["playing"] for each in shown)
        back = [viewer.say("seek", step=-1)["frame"] for _ in range(3)]
        assert back == [2 * CHUNK - 1, 2 * CHUNK - 2, 2 * CHUNK - 3]
        assert viewer.say("seek", step=-1000)["frame"] == 0
        assert counted.reads == reads  # everything was cached


def test_a_loop_is_played_again_and_again_and_sent_once(client: TestClient, clock: Clock) -> None:
    """R-RPL-06: from a start to an end, to study a repetition."""
    session = recorded(client)
    with client.websocket_connect(f"/ws/replay/{session}") as raw:
        viewer, _ = begun(raw)
        view = viewer.say("loop", startMs=2000, endMs=2900, credits=64)
        assert (view["timeMs"], view["loop"]) == (2000.0, {"startMs": 2000.0, "endMs": 2900.0})
        sent = list(viewer.chunks)
        assert sent == [0, 3, 4, 5]
        viewer.say("play")
        for expected in (2500.0, 2100.0, 2600.0):
            clock.now += 0.5
            view = viewer.until(is_position)
            assert view["timeMs"] == pytest.approx(expected)
        assert viewer.chunks == sent
        assert viewer.say("loop", startMs=None, endMs=None)["loop"] is None
        clock.now += 1.0
        assert viewer.until(is_position)["timeMs"] == pytest.approx(3600.0)


MALFORMED: list[tuple[str, str]] = [
    ("no JSON", "request.invalid"),
    ('{"type": "dance", "seq": 1}', "request.invalid"),
    ('{"type": "play"}', "request.invalid"),
    ('{"type": "play", "seq": 1, "credits": 65}', "request.invalid"),
    ('{"type": "frames", "seq": 1}', "request.invalid"),
    ('{"type": "rate", "seq": 1, "rate": 0.2}', "request.invalid"),
    ('{"type": "rate", "seq": 1, "rate": 4.1}', "request.invalid"),
    ('{"type": "seek", "seq": 1}', "request.invalid"),
    ('{"type": "seek", "seq": 1, "frame": 1, "timeMs": 5}', "request.invalid"),
    ('{"type": "seek", "seq": 1, "step": 0}', "request.invalid"),
    ('{"type": "loop", "seq": 1, "startMs": 5, "endMs": null}', "request.invalid"),
    ('{"type": "loop", "seq": 1, "startMs": 500, "endMs": 510}', "value.invalid"),
    ('{"type": "pause", "seq": 1}', "replay.sequence"),
]


def test_invalid_commands_are_rejected_and_the_replay_continues(client: TestClient) -> None:
    """R-API-03."""
    session = recorded(client)
    with client.websocket_connect(f"/ws/replay/{session}") as raw:
        viewer, _ = begun(raw)
        for message, expected in MALFORMED:
            raw.send_text(message)
            assert code(viewer.listen()) == expected
        viewer._seq = 1
        assert viewer.say("seek", step=1)["frame"] == 1
        raw.send_text("x" * 20_000)
        assert closed_with(raw) == connection.TOO_LARGE


def test_a_lost_chunk_is_reported_and_skipped(client: TestClient, clock: Clock) -> None:
    session = recorded(client)
    platform: Any = client.app.state.platform  # type: ignore[attr-defined]  # FastAPI's
    whole: Callable[[str, str, str], PoseChunk] = platform.archive.read
    lost = [
        each.event.digest
        for each in platform.log.load("default", f"recording-{session}")
        if type(each.event).__name__ == "FramesAppended"
    ][2]

    def read(tenant: str, prefix: str, digest: str) -> PoseChunk:
        if digest == lost:
            raise MediaMissing
        return whole(tenant, prefix, digest)

    object.__setattr__(platform.archive, "read", read)
    with client.websocket_connect(f"/ws/replay/{session}") as raw:
        viewer, _ = begun(raw)
        viewer.say("play", credits=3)
        assert [code(each) for each in viewer.heard if each["type"] == "error"] == ["media.missing"]
        assert viewer.chunks == [0, 1, 3, 4]
        clock.now += 1.3
        assert viewer.until(is_position)["frame"] == 2 * CHUNK + 3
        viewer.say("frames", credits=64)
        clock.now += 60.0
        assert viewer.until(lambda view: view["type"] == "end")["frame"] == FRAMES - 1
        viewer.say("seek", frame=2 * CHUNK - 1)
        for frame in range(2 * CHUNK, 3 * CHUNK + 1):
            assert viewer.say("seek", step=1)["frame"] == frame


def test_a_position_reflects_the_preceding_command(client: TestClient, clock: Clock) -> None:
    """R-RPL-06: a position that is due anyway does not acknowledge a command still pending."""
    session = recorded(client)
    with client.websocket_connect(f"/ws/replay/{session}") as raw:
        viewer, _ = begun(raw)
        viewer.say("play", credits=64)
        clock.now += 0.5
        assert viewer.say("seek", timeMs=3000)["timeMs"] == pytest.approx(3000.0)


def test_a_chunk_that_cannot_be_read_just_now_is_sent_later(client: TestClient) -> None:
    session = recorded(client)
    archive: Any = client.app.state.platform.archive  # type: ignore[attr-defined]  # FastAPI's
    whole: Callable[[str, str, str], PoseChunk] = archive.read
    with client.websocket_connect(f"/ws/replay/{session}") as raw:
        viewer, _ = begun(raw)

        def away(*_: str) -> PoseChunk:
            raise StorageUnavailable

        object.__setattr__(archive, "read", away)
        assert code(viewer.say("frames", credits=2)) == "storage.unavailable"
        object.__setattr__(archive, "read", whole)
        viewer.say("pause")
        assert viewer.chunks == [0, 1, 2]


def test_a_disconnect_while_sending_is_not_an_error(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: object) -> None:
        raise WebSocketDisconnect(1006)

    session = recorded(client)
    with capture_logs() as logs, client.websocket_connect(f"/ws/replay/{session}") as raw:
        begun(raw)
        monkeypatch.setattr(connection.Connection, "send", gone)
        raw.send_json({"type": "play", "seq": 1})
    events = {each["event"] for each in logs}
    assert "socket.gone" in events
    assert "socket.failed" not in events


def test_a_recording_that_still_runs_is_replayed_as_far_as_it_goes_and_then_further(
    client: TestClient, clock: Clock
) -> None:
    """R-RPL-04: stored frames can be replayed, with or without a video."""
    with client.websocket_connect("/ws/pose") as line:
        session = say(line, START)["id"]
        with client.websocket_connect(f"/ws/replay/{session}") as raw:
            viewer, hello = begun(raw)
            assert (hello["recording"]["status"], hello["index"]) == ("recording", [])
            assert code(viewer.heard[-1]) == "replay.no_frames"
            say(line, frames(0, CHUNK))
            view = viewer.say("play", credits=64)
            assert (view["frameCount"], viewer.chunks) == (CHUNK, [0])
            clock.now += 5.0
            end = viewer.until(lambda each: each["type"] == "end")
            assert (end["frame"], end["final"]) == (CHUNK - 1, False)
            say(line, frames(CHUNK, CHUNK))
            view = viewer.say("play")
            assert (view["frame"], view["frameCount"]) == (CHUNK - 1, 2 * CHUNK)
            say(line, frames(2 * CHUNK, CHUNK))
            say(line, {"type": "stop"})
            clock.now += 5.0
            end = viewer.until(lambda each: each["type"] == "end")
            assert (end["frame"], end["final"]) == (3 * CHUNK - 1, True)
            assert viewer.chunks == [0, 1, 2]
