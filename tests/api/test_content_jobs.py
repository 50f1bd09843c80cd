"""Work on trainers' videos: jobs that the queue adds, and progress that their trainer follows."""

from dataclasses import replace
from threading import Event
from typing import Any
from uuid import uuid4

import pytest

from api.graphql import polling
from api.http import followed
from application.content.jobs import ContentJob
from application.content.virus_scanner import NoScanner
from application.kernel.command_handler import Request
from application.platform import Platform
from bootstrap.wiring.content_workers import build_checks
from domain.content import commands
from domain.content.commands import ContentCommand
from domain.content.events import DeclaredFile
from domain.content.item import CONTENT
from domain.ids import DEFAULT_TENANT, ContentId, UserId
from domain.kernel import Origin
from tests.api.content_queue import deliver
from tests.api.driver import ApiDriver
from tests.api.listening import Events, Listening
from tests.api.people import Town
from tests.api.sockets import socket

VIDEO = ContentId("squats")
OWNER = uuid4()
FILE = DeclaredFile(5, "video/mp4", "ab" * 32)
FOLLOW = "subscription($id: ID!) { contentProgress(contentId: $id) { status progress } }"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followed, "POLL_S", 0.05)
    monkeypatch.setattr(polling, "POLL_S", 0.05)


def execute(platform: Platform, trainer: str, *wanted: ContentCommand) -> None:
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=trainer, correlation_id=uuid4())
    platform.commands.execute(Request(CONTENT, VIDEO, wanted), origin=origin, command_id=uuid4())


def uploaded(platform: Platform, trainer: str = "ada") -> None:
    """Let a file arrive whose bytes are not in the store."""
    at = platform.clock()
    execute(
        platform,
        trainer,
        commands.RequestUpload(
            trainer_id=UserId(trainer), title="Squats", description="", file=FILE, at=at
        ),
        commands.NoteUploaded(number=1, size=FILE.size, at=at),
    )


def checked(platform: Platform, trainer: str = "ada") -> ContentJob:
    """Let a file pass its checks, and claim the job of its encoding."""
    uploaded(platform, trainer)
    at = platform.clock()
    passed = commands.PassChecks(number=1, media_type="video/mp4", duration_ms=9000, at=at)
    execute(platform, trainer, passed)
    deliver(platform)
    job = platform.content_queue.jobs.claim(OWNER, "encode", 3600.0)
    assert job is not None
    return job


def read(driver: ApiDriver, path: str) -> Any:
    position = {"After-Position": str(driver.platform.log.head())}
    return driver.client.get(path, headers=position).json()


def test_the_queue_only_adds_a_job(driver: ApiDriver) -> None:
    """R-CON-08, R-EVT-05: no scan and no encoding holds up later messages or their bus."""
    platform = driver.platform
    uploaded(platform)
    for _ in range(2):
        deliver(platform)
    job = platform.content_queue.jobs.newest(DEFAULT_TENANT, [VIDEO])[VIDEO]
    assert (job.step, job.state, job.attempts) == ("check", "queued", 0)
    assert read(driver, f"/v1/content/{VIDEO}")["status"] == "scanning"
    checker = replace(platform.checker, scanner=NoScanner())
    worker = replace(build_checks(platform), work=checker.check_file)
    assert worker.run_next(Event())
    assert not worker.run_next(Event())
    rejected = read(driver, f"/v1/content/{VIDEO}")
    assert (rejected["status"], rejected["rejection"]) == ("rejected", "size_differs")


def test_the_trainer_sees_the_progress_of_the_encoding(driver: ApiDriver) -> None:
    """R-CON-04: by REST and by GraphQL."""
    platform = driver.platform
    uploaded(platform)
    view = read(driver, f"/v1/content/{VIDEO}")
    assert (view["status"], view["progress"]) == ("scanning", 0.0)
    at = platform.clock()
    passed = commands.PassChecks(number=1, media_type="video/mp4", duration_ms=9000, at=at)
    execute(platform, "ada", passed)
    deliver(platform)
    jobs = platform.content_queue.jobs
    job = jobs.claim(OWNER, "encode", 3600.0)
    assert job is not None
    assert jobs.save(OWNER, changed(job, 0.4), 3600.0)
    (view,) = read(driver, "/v1/content")["items"]
    assert (view["status"], view["progress"]) == ("processing", 0.4)
    query = "{ contentItems { edges { node { progress } } } }"
    assert driver.ask(query)["contentItems"]["edges"] == [{"node": {"progress": 0.4}}]


def changed(job: ContentJob, progress: float) -> ContentJob:
    return replace(job, progress=progress, revision=job.revision + 1)


def test_graphql_reads_the_progress_anew(driver: ApiDriver) -> None:
    """R-CON-04: no read model changes with it, so no answer is kept."""
    job, jobs = checked(driver.platform), driver.platform.content_queue.jobs
    queries = (
        "{ contentItems { edges { node { progress } } } }",
        f'{{ contentItem(id: "{VIDEO}") {{ progress }} }}',
    )
    for progress in (0.4, 0.9):
        assert jobs.save(OWNER, changed(job, progress), 3600.0)
        listed, one = (driver.ask(each) for each in queries)
        assert [listed["contentItems"]["edges"][0]["node"], one["contentItem"]] == [
            {"progress": progress}
        ] * 2


def test_progress_is_followed_to_the_end(driver: ApiDriver) -> None:
    """R-CON-04, R-API-05: by server-sent events."""
    platform = driver.platform
    job = checked(platform)
    listening = Listening(driver.client.app, f"/v1/content/{VIDEO}/events")

    def heard(view: Events) -> None:
        match len(view):
            case 1:
                assert platform.content_queue.jobs.save(OWNER, changed(job, 0.5), 3600.0)
            case 2:
                rejected = commands.RejectFile(
                    number=1, reason="not_encodable", at=platform.clock()
                )
                execute(platform, "ada", rejected)

    seen = [(one["data"]["status"], one["data"]["progress"]) for one in listening.listen(heard)]
    assert seen == [("processing", 0.0), ("processing", 0.5), ("rejected", None)]
    assert listening.ended


def test_progress_is_followed_by_a_subscription(driver: ApiDriver) -> None:
    """R-CON-04, R-API-07."""
    job = checked(driver.platform)
    assert driver.platform.content_queue.jobs.save(OWNER, changed(job, 0.5), 3600.0)
    rejected = commands.RejectFile(number=1, reason="damaged", at=driver.platform.clock())
    with socket(driver.client) as line:
        line.subscribe(FOLLOW, id=VIDEO)
        first = line.receive()["payload"]["data"]["contentProgress"]
        execute(driver.platform, "ada", rejected)
        last = line.receive()["payload"]["data"]["contentProgress"]
    assert first == {"status": "PROCESSING", "progress": 0.5}
    assert last == {"status": "REJECTED", "progress": None}


def test_nobody_else_follows_a_video(town: Town) -> None:
    """R-API-05, R-TEN-03."""
    ada, bob = town.staff("trainer", "ada@example.org"), town.citizen("bob@example.org")
    uploaded(town.platform, ada.id)
    path = f"/v1/content/{VIDEO}/events"
    assert bob.get(path).status_code == 404
    assert town.client.get(path).status_code == 401
    listening = Listening(town.client.app, path, {}, ada.headers)
    seen: list[Any] = listening.listen(lambda view: view and ada.post("/v1/auth/logout"))
    assert [one["data"]["status"] for one in seen] == ["scanning"]
    assert listening.ended
