"""Replay is limited to authorized viewers, for as long as they have access."""

from pathlib import Path

import pytest
from starlette.websockets import WebSocketDisconnect

from api.websocket import connection, replay
from application.recordings.frame_index import FrameIndex, Times
from bootstrap.settings import Settings
from domain.motion.landmarks import PoseChunk
from tests.api.closed_sockets import closed_with
from tests.api.people import Town
from tests.api.replaying import Viewer, begun, recorded
from tests.data_folders import prepared


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Embedded settings: the storage of events does not affect access."""
    return Settings(
        home=prepared(tmp_path / "home"), cache=tmp_path / "cache", postgres_url=None, kafka=None
    )


def test_a_recording_is_replayed_to_authorized_viewers(town: Town) -> None:
    """R-TEN-03, R-API-01: it is missing for others, and in other tenants."""
    ada, bob = town.citizen(), town.citizen("bob@example.org")
    stranger = town.citizen("eve@example.org", tenant="gym")
    session = recorded(town.client, headers=ada.headers, chunks=2)
    path = f"/ws/replay/{session}"
    for other in (bob, stranger):
        with town.client.websocket_connect(path, headers=other.headers) as raw:
            assert closed_with(raw) == connection.NOT_FOUND
    with town.client.websocket_connect(f"{path}x", headers=ada.headers) as raw:
        assert closed_with(raw) == connection.NOT_FOUND
    with town.client.websocket_connect(path, headers={"Authorization": "Basic x"}) as raw:
        raw.send_json({"authorization": "Bearer nonsense"})
        assert closed_with(raw) == connection.UNAUTHENTICATED
    with town.client.websocket_connect(path, headers=ada.headers) as raw:
        _, hello = begun(raw)
    assert hello["recording"]["isOwn"] is True
    analyst = town.staff("analyst", "ann@example.org")
    with town.client.websocket_connect(path, headers=analyst.headers) as raw:
        assert closed_with(raw) == connection.NOT_FOUND


def test_signed_out_viewers_see_no_more_frames(town: Town) -> None:
    """R-API-01, C-22: within a second."""
    ada = town.citizen()
    session = recorded(town.client, headers=ada.headers, chunks=2)
    with town.client.websocket_connect(f"/ws/replay/{session}", headers=ada.headers) as raw:
        Viewer(raw).listen()
        assert ada.post("/v1/auth/logout", json={}).status_code in {200, 204}
        assert closed_with(raw) == connection.UNAUTHENTICATED


def test_a_recording_that_is_deleted_or_erased_is_replayed_no_more(town: Town) -> None:
    """R-RPL-13: at once, also for connected viewers."""
    ada = town.citizen()
    session = recorded(town.client, headers=ada.headers, chunks=2)
    path = f"/ws/replay/{session}"
    with town.client.websocket_connect(path, headers=ada.headers) as raw:
        begun(raw)
        assert ada.ask("DELETE", f"/v1/recordings/{session}").status_code == 204
        assert closed_with(raw) == connection.NOT_FOUND
    with town.client.websocket_connect(path, headers=ada.headers) as raw:
        assert closed_with(raw) == connection.NOT_FOUND


def test_a_viewer_without_access_gets_no_pending_frames(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-RPL-06, C-22: even if many frames are queued for a slow viewer."""
    ada = town.citizen()
    session = recorded(town.client, headers=ada.headers, chunks=8)
    whole = FrameIndex.read

    def signed_out(streamer: FrameIndex, chunk: int) -> tuple[PoseChunk, Times]:
        if chunk == 2:
            assert ada.post("/v1/auth/logout", json={}).status_code in {200, 204}
        return whole(streamer, chunk)

    monkeypatch.setattr(replay, "ACCESS_CHECK_S", 0.0)
    with town.client.websocket_connect(f"/ws/replay/{session}", headers=ada.headers) as raw:
        viewer, _ = begun(raw)
        monkeypatch.setattr(FrameIndex, "read", signed_out)
        raw.send_json({"type": "frames", "seq": 1, "credits": 64})
        with pytest.raises(WebSocketDisconnect) as closed:
            viewer.until(lambda _: False)
    assert closed.value.code == connection.UNAUTHENTICATED
    assert viewer.chunks == [0, 1, 2]
