"""`kinelog worker pose` and `kinelog worker exercise` turn landmarks into recorded repetitions."""

import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from kafka import KafkaProducer
from pydantic import SecretStr
from typer.testing import CliRunner

from adapters.bus.kafka.admin import KafkaTopics
from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from adapters.live import pose_stream_codec
from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.kernel.bus import TopicUnknown
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import StorageUnavailable
from application.kernel.topics import POSE_STREAM, POSE_WORKER, SESSIONS_CHANGELOG, TOPICS, Topic
from application.live.chunk import FrameChunk, SessionKey
from bootstrap import workers
from bootstrap.cli import dlq
from bootstrap.settings import Settings
from bootstrap.wiring.bus import SettingMissing
from domain.ids import ExerciseId, SessionId, TenantId, UserId
from domain.kernel import Origin
from domain.motion.landmarks import PoseChunk
from domain.sessions import commands as session
from domain.sessions import events
from domain.sessions.session import SESSION
from domain.values import CountedBy
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.bootstrap.worker_commands import eventually, working
from tests.plugins.services import Service

CHUNK = 15
TENANT = TenantId("gym")


@dataclass(frozen=True)
class WorkerFixture:
    """A running Kafka and PostgreSQL with both workers."""

    kafka: str
    log: PostgresEventLog

    def key(self) -> SessionKey:
        """Return a unique session key."""
        return SessionKey(TENANT, SessionId(secrets.token_hex(6)))

    def begin(self, key: SessionKey, exercise: str) -> None:
        """Start a session and its first set, as a client does."""
        wanted: list[session.SessionCommand] = [
            session.StartSession(athlete_id=UserId("ada"), at=utc_now()),
            session.StartSet(
                set=1,
                exercise_id=ExerciseId(exercise),
                counted_by=CountedBy("server", "mannequin", 1),
            ),
        ]
        origin = Origin(tenant_id=key.tenant_id, actor="ada", correlation_id=uuid4())
        request = Request(SESSION, key.session_id, wanted)
        CommandHandler(self.log, settled=lambda _: None).execute(
            request, origin=origin, command_id=uuid4()
        )

    def send(self, *messages: tuple[SessionKey, bytes]) -> None:
        """Publish on `pose.stream`."""
        with closing(KafkaProducer(bootstrap_servers=self.kafka, acks="all")) as producer:
            for key, value in messages:
                producer.send("pose.stream", key=str(key).encode(), value=value)
            producer.flush()

    def happened(self, key: SessionKey) -> list[Any]:
        stored = self.log.load(key.tenant_id, f"{SESSION.category}-{key.session_id}")
        return [recorded.event for recorded in stored]

    def completed(self, key: SessionKey) -> list[Any]:
        """Wait until the set of a session is completed; return the session's events."""

        def over() -> list[Any]:
            found = self.happened(key)
            return found if found and isinstance(found[-1], events.SetCompleted) else []

        return eventually(over)


@pytest.fixture(scope="module")
def workers_fixture(
    kafka: Service, postgres: Service, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WorkerFixture]:
    KafkaTopics(kafka.address).create(TOPICS)
    with ExitStack() as opened:
        url = opened.enter_context(upgraded_database(postgres.address))
        home = str(tmp_path_factory.mktemp("home"))
        environment = {
            **os.environ,
            "KINELOG_HOME": home,
            "KINELOG_KAFKA": kafka.address,
            "KINELOG_POSTGRES_URL": url,
        }
        log = opened.enter_context(closing(PostgresEventLog(url, clock=utc_now, new_id=new_id)))
        for word in ("pose", "exercise"):
            opened.enter_context(working(word, environment))
        yield WorkerFixture(kafka.address, log)


@pytest.fixture
def output(workers_fixture: WorkerFixture, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return a function that runs `kinelog dlq`."""
    monkeypatch.setenv("KINELOG_KAFKA", workers_fixture.kafka)

    def run(*words: str) -> Any:
        result = CliRunner().invoke(dlq.app, [*words, "--json"], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return run


def video(exercise: str, repetitions: int) -> list[bytes]:
    """Return a set as messages of half a second each."""
    whole = landmarks(Performance(exercise=exercise, repetitions=repetitions))
    assert whole.world is not None
    chunks = [
        PoseChunk(
            whole.times_s[at : at + CHUNK],
            whole.image[at : at + CHUNK],
            whole.world[at : at + CHUNK],
            whole.aspect_ratio,
        )
        for at in range(0, len(whole), CHUNK)
    ]
    return [
        pose_stream_codec.encode(
            SessionKey(TenantId("gym"), SessionId("s-1")),
            FrameChunk(
                set=1,
                sequence=sequence,
                exercise=exercise,
                model="mannequin",
                last=sequence == len(chunks),
                chunk=chunk,
            ),
        )
        for sequence, chunk in enumerate(chunks, start=1)
    ]


def numbers(happened: list[Any]) -> list[int]:
    return [one.number for one in happened if isinstance(one, events.RepetitionCounted)]


def letters_of(output: Callable[..., Any], group: str, key: SessionKey) -> list[str]:
    """Return the positions of a session's dead letters."""
    listed = output("list", group, "--first", "1000")["letters"]
    return [letter["place"] for letter in listed if letter["key"] == str(key)]


def whole(output: Callable[..., Any], places: list[str]) -> list[str]:
    """Return the dead letters of a set if its last detection is among them."""
    if not places:
        return []
    last = json.loads(output("inspect", "exercise-worker", places[-1])["value"])
    return places if last["kind"] == "set.watched" else []


@pytest.mark.slow
def test_landmarks_of_sets_end_as_their_repetitions_in_the_log(
    workers_fixture: WorkerFixture,
) -> None:
    """R-EVT-09, R-EVT-13, C-08: exactly as many as were done, in their order."""
    truth = {"squat": 5, "biceps_curl": 7, "jumping_jack": 9}
    keys = {exercise: workers_fixture.key() for exercise in truth}
    for exercise, key in keys.items():
        workers_fixture.begin(key, exercise)
        workers_fixture.send(*((key, message) for message in video(exercise, truth[exercise])))
    for exercise, key in keys.items():
        happened = workers_fixture.completed(key)
        assert numbers(happened) == list(range(1, truth[exercise] + 1))
        assert happened[-1].repetitions == truth[exercise]


def test_a_poison_message_is_listed_inspected_and_purged(
    workers_fixture: WorkerFixture, output: Callable[..., Any]
) -> None:
    """R-EVT-19"""
    key = workers_fixture.key()
    workers_fixture.send((key, b"\xffnoise"))
    (place,) = eventually(lambda: letters_of(output, "pose-worker", key))
    letter = output("inspect", "pose-worker", place)
    assert letter["reason"].startswith("InvalidPoseMessage: ")
    assert "legacy_codec" in letter["stack"]
    assert letter["value_base64"] == "/25vaXNl"
    assert output("purge", "pose-worker", place)["purged"] == [place]
    assert letters_of(output, "pose-worker", key) == []


@pytest.mark.slow
def test_what_a_session_refused_is_entered_when_it_is_mended_and_replayed(
    workers_fixture: WorkerFixture, output: Callable[..., Any]
) -> None:
    """R-EVT-19: here the session had not been started."""
    key = workers_fixture.key()
    workers_fixture.send(*((key, message) for message in video("squat", 3)))
    refused = eventually(lambda: whole(output, letters_of(output, "exercise-worker", key)))
    assert workers_fixture.happened(key) == []
    workers_fixture.begin(key, "squat")
    output("replay", "exercise-worker", *refused)
    assert numbers(workers_fixture.completed(key)) == [1, 2, 3]
    assert letters_of(output, "exercise-worker", key) == []


def never() -> None:
    raise AssertionError


@pytest.mark.parametrize("work", [workers.run_pose_worker, workers.run_exercise_worker])
def test_a_missing_setting_is_named(
    work: Callable[[Settings, Callable[[], None]], None], tmp_path: Path
) -> None:
    with pytest.raises(SettingMissing, match="KINELOG_"):
        work(Settings(home=tmp_path, kafka=None, postgres_url=None), never)


def test_a_topic_that_is_missing_is_named(kafka: Service, tmp_path: Path) -> None:
    missing = Topic(f"test.{secrets.token_hex(6)}", "Nothing.", timedelta(hours=1))
    settings = Settings(home=tmp_path, kafka=kafka.address)
    with pytest.raises(TopicUnknown, match=f"{missing.name}.*kinelog events topics create"):
        workers._partitions(settings, [missing], POSE_WORKER)


def test_a_database_that_is_not_upgraded_is_reported(
    kafka: Service, postgres_database: str, tmp_path: Path
) -> None:
    KafkaTopics(kafka.address).create(TOPICS)
    bare = SecretStr(postgres_database)
    settings = Settings(home=tmp_path, kafka=kafka.address, postgres_url=bare)
    with pytest.raises(StorageUnavailable):
        workers.run_exercise_worker(settings, never)


def test_states_have_as_many_partitions_as_landmarks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uneven = {POSE_STREAM.name: 8, SESSIONS_CHANGELOG.name: 4}
    monkeypatch.setattr(workers, "_partitions", lambda *_: uneven)
    with pytest.raises(workers.PartitionCountMismatch, match="8 partitions"):
        workers.run_pose_worker(Settings(home=tmp_path, kafka="127.0.0.1:1"), never)
