"""Frames over HTTP: counted once each, or rejected with a reason."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from starlette.testclient import TestClient

from adapters.clock import utc_now
from adapters.live.sensor_store import SqlSensorStore
from api.app import build_app
from application.live.chunk import SensorSample
from application.live.chunk_codec import MEDIA_TYPE, encode
from application.live.local_transport import LocalTransport
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from tests.api.cluster import cluster
from tests.api.conftest import COMPOSITIONS, WEB
from tests.api.described import committed_openapi
from tests.api.streaming import PATIENCE_S, StreamingClient, view
from tests.data_folders import prepared
from tests.live.chunks import as_json, command, cut, take, video
from tests.live.site import Site, kafka_with_topics


@pytest.fixture(scope="module")
def bus(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Kafka broker with workers."""
    folder = tmp_path_factory.mktemp("workers")
    with kafka_with_topics() as kafka, Site(database, kafka.bootstrap, folder).workers():
        yield kafka.bootstrap


@pytest.fixture(params=COMPOSITIONS)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    settings = Settings(home=prepared(tmp_path), cache=tmp_path, postgres_url=None, kafka=None)
    if request.param == "embedded":
        yield settings
        return
    with cluster(request.getfixturevalue("database"), settings) as distributed:
        bus = request.getfixturevalue("bus")
        yield distributed.model_copy(
            update={"kafka": bus, "live_deadline_s": PATIENCE_S, "sign_in": "open"}
        )


@pytest.fixture
def server(settings: Settings) -> Iterator[StreamingClient]:
    with (
        open_platform(settings) as platform,
        TestClient(build_app(platform, web=WEB), raise_server_exceptions=False) as client,
    ):
        yield StreamingClient(client)


def test_two_sets_are_counted_while_they_are_performed(server: StreamingClient) -> None:
    """R-LIV-03, R-LIV-04, R-LIV-05, R-API-06, C-09: JSON and compact, on both paths."""
    session = server.begin()
    first = take(session, repetitions=3)
    second = take(
        session, exercise="lunge", repetitions=2, number=2, after=len(first), offset_s=60.0
    )
    answers = [view(server.stream(sent)) for sent in first]
    answers += [view(server.compact(sent)) for sent in second]
    for place, answer in enumerate(answers, start=1):
        assert (answer["sequence"], answer["seqAck"], answer["mode"]) == (place, place, "live")
        assert answer["nextIntervalMs"] >= 500
    ends = answers[len(first) - 1], answers[-1]
    assert [(end["set"], end["repetitions"], end["setOver"]) for end in ends] == [
        (1, 3, True),
        (2, 2, True),
    ]
    cues = [cue for answer in answers[: len(first)] for cue in answer["cues"]]
    assert {cue["repetition"] for cue in cues} <= {1, 2, 3}
    assert all(cue["cue"] for cue in cues)
    assert cues
    summary = server.complete(session)
    assert (summary["sets"], summary["repetitions"]) == (2, 5)


def test_a_custom_exercise_is_counted_wherever_chunks_are_processed(
    server: StreamingClient,
) -> None:
    """R-WKT-02, R-LIV-03: workers get its definition with the chunks."""
    whole = video("front_raise", 4)
    example = as_json(command("unused", 1, whole))["frames"]
    body = {"name": "Raise", "repetitions": 4, "aspectRatio": whole.aspect_ratio}
    recorded = server.post("/v1/custom-exercises", {**body, "frames": example})
    assert recorded.status_code == 201, recorded.text
    session = server.begin(athlete="athlete")
    sets = [
        take(session, exercise="front_raise", repetitions=3),
        take(
            session,
            repetitions=2,
            number=2,
            after=len(list(cut(video("front_raise", 3)))),
            offset_s=60.0,
        ),
    ]
    custom = recorded.json()["exerciseId"]
    counts: list[int] = []
    for number, chunks in enumerate(sets, start=1):
        for sent in chunks:
            changed = as_json(sent) | ({"exercise": custom} if number == 1 else {})
            answer = view(server.post("/v1/workouts/streaming", changed))
            assert answer["mode"] == "live"
        counts.append(answer["repetitions"])
    assert counts == [3, 2]
    summary = server.complete(session)
    assert (summary["sets"], summary["repetitions"]) == (2, 5)
    sets_shown = server.http.get(f"/v1/sessions/{session}").json()["sets"]
    assert [each["exerciseId"] for each in sets_shown] == [custom, "squat"]


QUIET = """
mutation { registerUser(input: {userId: "ada"}) { ... on UserPayload { position } }
  changeCuePreferences(input: {userId: "ada", praise: false, muted: ["hurried", "shallow"]}) {
    ... on UserPayload { user { cuePreferences { praise } } } } }"""


def test_an_athlete_is_coached_as_they_want(server: StreamingClient) -> None:
    """R-POS-03, C-48: changes apply from the next set on, in process and on workers."""
    session = server.begin()
    first = take(session, repetitions=3)
    second = take(session, repetitions=3, number=2, after=len(first), offset_s=60.0)
    before = [view(server.compact(sent))["cues"] for sent in first]
    assert any(before)
    changed = view(server.post("/graphql", {"query": QUIET}))["data"]["changeCuePreferences"]
    assert changed == {"user": {"cuePreferences": {"praise": False}}}
    assert [view(server.compact(sent))["cues"] for sent in second] == [[]] * len(second)


def test_a_session_has_a_beginning_and_an_end(server: StreamingClient) -> None:
    """R-WKT-10, R-WKT-11, C-53: the announced set is stored, and completing returns the summary."""
    session = server.begin()
    announced = {"set": 1, "exerciseId": "squat", "model": "mannequin", "targetRepetitions": 4}
    assert server.post(f"/v1/sessions/{session}/sets", announced).status_code == 201
    for sent in take(session, repetitions=2):
        view(server.compact(sent))
    summary = server.complete(session)
    assert summary["performance"]["completion"] == 0.5
    assert summary["accuracy"] > 0.5
    assert summary["caloriesKcal"] > 0
    assert summary["cues"]
    assert server.complete(session) == {**summary, "repeated": True}
    later = server.stream(command(session, 99, next(cut(video()))))
    assert (later.status_code, later.json()["code"]) == (409, "session.not_underway")


def test_retries_with_one_key_are_executed_once(server: StreamingClient) -> None:
    """R-API-04."""
    body = {"athleteId": "ada"}
    first, second = (server.post("/v1/sessions", body, key="k").json() for _ in range(2))
    assert first["sessionId"] == second["sessionId"]
    assert (first["repeated"], second["repeated"]) == (False, True)


def test_lost_replies_are_requested_again(server: StreamingClient) -> None:
    """R-LIV-10, R-EVT-16: each chunk arrives twice, counts once, and gets the same response."""
    session = server.begin()
    for sent in take(session, repetitions=3):
        first, again = view(server.compact(sent)), view(server.stream(sent))
        pace = first.pop("nextIntervalMs"), again.pop("nextIntervalMs")
        assert again == first
        assert min(pace) >= 500
    assert again["repetitions"] == 3
    assert server.complete(session)["repetitions"] == 3


def test_a_missing_chunk_is_requested(server: StreamingClient) -> None:
    """R-LIV-10."""
    session = server.begin()
    chunks = take(session)
    view(server.compact(chunks[0]))
    gap = server.compact(chunks[2])
    assert (gap.status_code, gap.headers["content-type"]) == (409, "application/problem+json")
    assert (gap.json()["code"], gap.json()["expectedSequence"]) == ("live.sequence_gap", 2)
    assert view(server.compact(chunks[1]))["seqAck"] == 2


def test_nobody_streams_into_anothers_session(server: StreamingClient) -> None:
    """R-TEN-03."""
    session = server.begin(tenant="gym")
    view(server.compact(command(session, 1, tenant="gym")))
    for sent in (command(session, 2), command("unknown", 1)):
        refused = server.compact(sent)
        assert (refused.status_code, refused.json()["code"]) == (404, "session.unknown")


NOBODY = {"timeMs": 1.0, "landmarks": None}
Change = Callable[[dict[str, Any]], object]


def frame(name: str, content: Any) -> Change:
    return lambda body: body["frames"][1].update({name: content})


REFUSALS: list[tuple[Change, int, str]] = [
    (lambda body: body.update(exercise="dance"), 404, "motion.unknown_exercise"),
    (lambda body: body.update(set=3), 422, "session.set_out_of_order"),
    (lambda body: body.update(set=0), 422, "value.invalid"),
    (lambda body: body.update(sequence=0), 422, "value.invalid"),
    (lambda body: body.update(frames=[]), 422, "live.frames_missing"),
    (lambda body: body.update(frames=[NOBODY] * 601), 422, "request.invalid"),
    (lambda body: body.update(sessionId="a/b"), 422, "request.invalid"),
    (lambda body: body.update(image="/9j/"), 422, "request.invalid"),
    (lambda body: body.pop("aspectRatio"), 422, "request.invalid"),
    (frame("timeMs", 0.0), 422, "live.times_not_increasing"),
    (frame("timeMs", 90_000_000.0), 422, "live.time_outside_session"),
    (frame("landmarks", [[0.5, 0.5, 0.0, 1.0]] * 32), 422, "request.invalid"),
    (frame("landmarks", [[0.5, 0.5, 0.0]] * 33), 422, "request.invalid"),
    (frame("landmarks", [[0.5, 0.5, 0.0, 2.0]] * 33), 422, "live.landmarks_broken"),
    (frame("landmarks", None), 422, "request.invalid"),
    (frame("landmarks", [[1e39, 0.5, 0.0, 1.0]] * 33), 422, "live.landmarks_broken"),
    (lambda body: body.update(model="m\n"), 422, "value.invalid"),
    (lambda body: body.update(sensors=[{"timeMs": 1.0}]), 422, "live.sensors_broken"),
]  # fmt: skip


def test_impossible_values_are_refused_with_a_reason(server: StreamingClient) -> None:
    """R-API-03."""
    session = server.begin()
    for change, status, code in REFUSALS:
        body = as_json(command(session, 1))
        change(body)
        refused = server.post("/v1/workouts/streaming", body)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
        assert refused.headers["content-type"] == "application/problem+json"
    assert view(server.stream(command(session, 1)))["seqAck"] == 1


def test_frames_of_the_future_are_refused(server: StreamingClient) -> None:
    session = server.begin()
    refused = server.compact(command(session, 1, next(cut(video(), 2 * 3600.0))))
    assert (refused.status_code, refused.json()["code"]) == (422, "live.time_in_future")


def test_a_set_keeps_its_exercise(server: StreamingClient) -> None:
    session = server.begin()
    view(server.compact(command(session, 1)))
    refused = server.compact(command(session, 2, exercise="lunge"))
    assert (refused.status_code, refused.json()["code"]) == (422, "live.exercise_changed")


def test_one_frame_is_accepted_with_low_confidence(server: StreamingClient) -> None:
    """C-30."""
    session = server.begin()
    single = next(cut(video(), frames=1))
    assert view(server.compact(command(session, 1, single)))["confidence"] == "low"
    rest = command(session, 2, list(cut(video()))[1])
    assert view(server.compact(rest))["confidence"] == "normal"


def test_sensor_readings_are_stored(server: StreamingClient) -> None:
    """R-LIV-03."""
    session = server.begin()
    samples = (
        SensorSample(0.1, accelerometer=(0.0, 9.75, 0.5), gyroscope=(0.25, 0.0, 0.0)),
        SensorSample(0.2, heart_rate_bpm=92.0),
    )
    sent = command(session, 1, sensors=samples)
    view(server.stream(sent))
    view(server.compact(sent))
    assert kept(server).sensors(sent.session) == list(samples)


def kept(server: StreamingClient) -> SqlSensorStore:
    """Return the sensor store of a client's platform."""
    transport: Any = server.http.app.state.platform.live._transport  # type: ignore[attr-defined]  # FastAPI
    if isinstance(transport, LocalTransport):
        states: Any = transport._store._states
        return SqlSensorStore(states._engine, clock=utc_now)
    sensors = transport._sensors
    assert isinstance(sensors, SqlSensorStore)
    return sensors


def test_other_bodies_are_refused_by_their_type(server: StreamingClient) -> None:
    for kind in ("text/plain", "image/jpeg", "multipart/form-data"):
        answer = server.http.post(
            "/v1/workouts/streaming", content=b"frames", headers={"Content-Type": kind}
        )
        assert (answer.status_code, answer.json()["code"]) == (415, "http.415")


def test_a_body_has_a_limit(server: StreamingClient) -> None:
    answer = server.http.post(
        "/workouts/streaming",
        content=b"0" * (1024 * 1024 + 1),
        headers={"Content-Type": MEDIA_TYPE},
    )
    assert answer.status_code == 413


BYTES = encode(command("s", 1))


@given(
    content=st.binary(max_size=100) | st.integers(0, len(BYTES)).map(lambda end: BYTES[:end]),
    kind=st.sampled_from(["application/json", MEDIA_TYPE]),
)
@trying(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_arbitrary_bytes_never_cause_a_server_error(
    server: StreamingClient, content: bytes, kind: str
) -> None:
    """R-API-03."""
    answer = server.http.post(
        "/workouts/streaming", content=content, headers={"Content-Type": kind}
    )
    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_both_paths_are_described() -> None:
    """C-09, R-API-06."""
    paths = committed_openapi()["paths"]
    bodies = [
        paths[path]["post"]["requestBody"]["content"].keys()
        for path in ("/workouts/streaming", "/v1/workouts/streaming")
    ]
    assert bodies == [{"application/json", MEDIA_TYPE}] * 2
