"""Pictures of live sessions over every transport: analyzed, counted once, not stored."""

import asyncio
import json
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from adapters.pose.isolated import IsolatedPoseEstimator
from adapters.pose.model_file import PoseModelSource
from api.app import build_app
from application.kernel.video import FramePicture
from application.live import image_analysis
from application.live.chunk import IngestChunk
from application.live.chunk_codec import encode
from application.live.service import ChunkResponse
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.kernel import Origin
from domain.motion.landmarks import LANDMARK_COUNT
from tests.api.conftest import WEB
from tests.api.data_channel_lines import line_to
from tests.api.live_messages import begun, posted, said
from tests.api.people import Town
from tests.data_folders import prepared
from tests.live.chunks import command
from tests.live.pictures import CACHE, REPETITIONS, jpegs, json_of, pictured
from tests.privacy.consents import takes_back
from tests.waiting import soon


@pytest.fixture(scope="module")
def model() -> str:
    """The real model, built once per machine and kept in the user's cache."""
    return IsolatedPoseEstimator(PoseModelSource(CACHE)).model


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Embedded settings. Across machines workers find the poses: `tests/live/test_pictures.py`."""
    return Settings(home=prepared(tmp_path / "home"), cache=CACHE, postgres_url=None, kafka=None)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with opened(settings) as client:
        yield client


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server for tests of single chunks, because starting pose detection takes longer."""
    home = prepared(tmp_path_factory.mktemp("shared"))
    with opened(Settings(home=home, cache=CACHE, postgres_url=None, kafka=None)) as client:
        yield client


@contextmanager
def opened(settings: Settings) -> Generator[TestClient]:
    with (
        open_platform(settings) as platform,
        TestClient(build_app(platform, web=WEB), raise_server_exceptions=False) as client,
    ):
        yield client


def in_json(client: TestClient, sent: IngestChunk) -> Any:
    return client.post("/v1/workouts/streaming", json=json_of(sent))


def finished_set(client: TestClient, session: str) -> dict[str, Any]:
    """Return the only set of a session once the read models know its end.

    The reply to a chunk does not wait for them, so under load they are behind.
    """
    performed = soon(
        lambda: client.get(f"/v1/sessions/{session}").json()["sets"],
        until=lambda rows: [each["status"] for each in rows] == ["completed"],
    )
    return dict(performed[0])


@pytest.mark.slow
def test_a_set_of_pictures_across_servers_is_counted_once(client: TestClient, model: str) -> None:
    """R-LIV-05, C-01, C-02: JSON, compact, WebSocket and data channel; some chunks arrive twice."""
    session = begun(client)
    chunks = list(pictured(session))
    quarter = len(chunks) // 4
    for sent in chunks[:quarter]:
        answer = in_json(client, sent)
        assert answer.status_code == 200, answer.text
        assert answer.json()["poseSeen"]
    for sent in chunks[quarter - 1 : 2 * quarter]:
        assert posted(client, sent)["seqAck"] == sent.sequence

    async def by_channel() -> None:
        async with line_to(client) as line:
            for sent in chunks[2 * quarter - 1 : 3 * quarter]:
                assert (await line.chunk(sent))["seqAck"] == sent.sequence

    asyncio.run(by_channel())
    with client.websocket_connect("/ws/live") as socket:
        for sent in chunks[3 * quarter - 1 :]:
            last = said(socket, sent)
    assert (last["repetitions"], last["setOver"]) == (REPETITIONS, True)
    performed = finished_set(client, session)
    assert performed["repetitions"] == REPETITIONS
    assert performed["countedBy"]["model"] == model
    assert (performed["sourceCounts"], performed["acceptedSource"]) == ([], None)


@pytest.mark.slow
def test_differing_server_counts_are_reported(
    client: TestClient, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-02, R-LIV-09: event, row and summary have both counts, their sources, and the valid one.

    On a busy machine the server would skip pictures, and its count would not be accepted.
    """
    monkeypatch.setattr(image_analysis, "OPINION_TIMEOUT_S", 600.0)
    monkeypatch.setattr(image_analysis, "OPINION_BUDGET_S", 600.0)
    session = begun(client)
    chunks = list(pictured(session, alone=False))
    still = chunks[0].message.chunk
    for sent in chunks:
        chunk = sent.message.chunk
        frames = len(chunk)
        image, world = still.image[:frames], still.world[:frames]  # type: ignore[index]  # has one
        stands = replace(chunk, image=image, world=world)  # the device detects no movement
        last = posted(client, replace(sent, message=replace(sent.message, chunk=stands)))
    assert last["repetitions"] == REPETITIONS
    performed = finished_set(client, session)
    device, server = performed["sourceCounts"]
    assert performed["acceptedSource"] == "server"
    assert (performed["looks"], performed["stands"]) == ([device, server], "server")  # deprecated
    assert (device["poses"], device["repetitions"]) == ("device", 0)
    assert (server["poses"], server["repetitions"], server["model"]) == ("server", 2, model)
    query = "query($id: ID!) { session(id: $id) { sets { stands looks { poses } } } }"
    view = client.post("/graphql", json={"query": query, "variables": {"id": session}}).json()
    (row,) = view["data"]["session"]["sets"]
    assert row == {"stands": "SERVER", "looks": [{"poses": "DEVICE"}, {"poses": "SERVER"}]}


BROKEN: dict[str, Callable[[], bytes]] = {
    "truncated": lambda: jpegs()[0][: len(jpegs()[0]) // 2],
    "no JPEG": lambda: b"GIF89a<script>",
    "nothing": lambda: b"",
    "broken": lambda: b"\xff\xd8" + bytes(300 * 1024),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("endpoint", ["json", "compact"])
def test_invalid_pictures_are_reported_and_the_rest_is_kept(
    shared: TestClient, name: str, endpoint: str
) -> None:
    """C-02."""
    sent = next(pictured(begun(shared)))
    shown = (*sent.message.pictures[:-1], FramePicture(4, BROKEN[name]()))
    sent = replace(sent, message=replace(sent.message, pictures=shown))
    answer = in_json(shared, sent).json() if endpoint == "json" else posted(shared, sent)
    assert (answer["seqAck"], answer["poseSeen"]) == (1, True)
    (problem,) = answer["pictureProblems"]
    assert (problem["code"], problem["timeMs"]) == ("picture.refused", pytest.approx(400.0))


def test_invalid_base64_is_a_problem_of_its_frame(shared: TestClient) -> None:
    body = json_of(next(pictured(begun(shared))))
    body["frames"][0]["image"] = "=not base64="
    (problem,) = shared.post("/workouts/streaming", json=body).json()["pictureProblems"]
    assert problem["code"] == "picture.refused"


def test_too_many_pictures_are_refused_and_too_many_bytes(shared: TestClient) -> None:
    """C-02: 422 for a chunk that breaks a rule, 413 for a body that is too large to read."""
    body = json_of(next(pictured(begun(shared), frames=20)))
    shown = body["frames"]
    body["frames"] = [*shown, {**shown[-1], "timeMs": 2000.0}]
    answer = shared.post("/v1/workouts/streaming", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "live.too_many_pictures")
    body["frames"][0]["image"] = "A" * 1024 * 1024
    assert shared.post("/v1/workouts/streaming", json=body).status_code == 413


def test_one_picture_alone_is_taken_and_answered_as_unsure(shared: TestClient) -> None:
    """C-30: a single frame is accepted, with low confidence."""
    answer = posted(shared, next(pictured(begun(shared), frames=1)))
    assert (answer["confidence"], answer["poseSeen"]) == ("low", True)


def test_an_empty_frame_is_refused(shared: TestClient) -> None:
    body = json_of(next(pictured(begun(shared))))
    body["frames"][1].pop("image")
    answer = shared.post("/v1/workouts/streaming", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


def compact(sent: IngestChunk) -> dict[str, Any]:
    return {
        "content": encode(sent),
        "headers": {"Content-Type": "application/vnd.kinelog.frames"},
    }


def test_viewers_see_poses_detected_on_the_server(shared: TestClient) -> None:
    """R-LIV-17, C-02: frames that contain only pictures."""
    session = begun(shared)
    with shared.websocket_connect(f"/ws/pose?watch={session}") as viewer:
        assert viewer.receive_json()["type"] == "watching"
        sent = next(pictured(session))
        posted(shared, sent)
        frames = viewer.receive_json()["frames"]
    assert len(frames) == len(sent.message.pictures)
    for frame in frames:
        assert len(frame["landmarks"]) == len(frame["worldLandmarks"]) == LANDMARK_COUNT
        hips = np.array([frame["landmarks"][23][:2], frame["landmarks"][24][:2]])
        assert ((hips > 0) & (hips < 1)).all()


def test_pictures_need_consent(town: Town) -> None:
    """R-TEN-12, C-02: landmarks alone need a weaker consent than pictures that leave the device."""
    ada = town.citizen()
    body = compact(next(pictured(begun(town.client, ada))))
    refused = ada.post("/v1/workouts/streaming", **body)
    assert (refused.status_code, refused.json()["code"]) == (403, "consent.missing")
    assert "images_leave_device" in refused.json()["detail"]
    ada.agrees("images_leave_device")
    assert ada.post("/v1/workouts/streaming", **body).status_code == 200


def test_landmarks_whose_pictures_are_no_longer_agreed_to_are_kept(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-TEN-12, R-LIV-10, C-02: a withdrawal during a set drops the pictures and nothing else."""
    taken: list[int] = []
    ingest = town.platform.live.ingest

    async def noted(sent: IngestChunk, origin: Origin) -> ChunkResponse:
        taken.append(len(sent.message.pictures))
        return await ingest(sent, origin)

    monkeypatch.setattr(town.platform.live, "ingest", noted)
    ada = town.citizen()
    ada.agrees("images_leave_device")
    chunks = list(pictured(begun(town.client, ada), alone=False))
    half = len(chunks) // 2
    for sent in chunks[:half]:
        answer = ada.post("/v1/workouts/streaming", **compact(sent)).json()
        assert answer["pictureProblems"] == []
    takes_back(ada, "images_leave_device")
    for sent in chunks[half:]:
        answer = ada.post("/v1/workouts/streaming", **compact(sent)).json()
        assert answer["seqAck"] == sent.sequence
        codes = [problem["code"] for problem in answer["pictureProblems"]]
        assert codes == ["consent.missing"] * len(sent.message.pictures)
    assert answer["repetitions"] == REPETITIONS
    assert taken == [
        *(len(each.message.pictures) for each in chunks[:half]),
        *[0] * (len(chunks) - half),
    ]


def test_pictures_are_not_stored(client: TestClient, settings: Settings, caplog: Any) -> None:
    """C-02: not in an event, table, file or log line."""
    session = begun(client)
    for sent in list(pictured(session))[:3]:
        posted(client, sent)
    client.get(f"/v1/sessions/{session}")
    traces = [jpegs()[0][100:140], json.dumps(json_of(next(pictured(session))))[400:440].encode()]
    for path in settings.home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(trace in content for trace in traces), path
    assert not any(str(trace) in caplog.text for trace in traces)


def test_frames_with_landmarks_are_taken_as_ever(shared: TestClient) -> None:
    assert posted(shared, command(begun(shared), 1))["pictureProblems"] == []
