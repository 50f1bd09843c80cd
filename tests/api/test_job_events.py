"""Job events by server-sent events: each change once, resumable."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from starlette.testclient import TestClient

from adapters.jobs.sql import JOBS
from api.app import build_app
from api.config import ApiConfig
from api.http import jobs
from application.analysis.jobs import AnalysisJob
from application.live.feed_access import OpenStreams
from application.platform import Platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from tests.api.conftest import WEB
from tests.api.driver import ApiDriver
from tests.api.listening import Events, Listening
from tests.api.people import Town
from tests.api.stage import Stage

pytestmark = pytest.mark.both_compositions


class Listener:
    """Client of an event stream that reads incrementally, which Starlette's test client cannot."""

    def __init__(self, app: Any, job_id: str, last_event_id: str | None = None) -> None:
        self._app = app
        headers = [] if last_event_id is None else [(b"last-event-id", last_event_id.encode())]
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": f"/v1/jobs/{job_id}/events",
            "raw_path": b"",
            "query_string": b"",
            "headers": headers,
            "server": ("test", 80),
            "state": {},
        }
        self.gone = asyncio.Event()
        self.messages: list[dict[str, Any]] = []

    @property
    def events(self) -> list[dict[str, str]]:
        text = b"".join(message.get("body", b"") for message in self.messages).decode()
        blocks = [block for block in text.split("\r\n\r\n") if block.startswith("id:")]
        return [dict(line.split(": ", 1) for line in block.split("\r\n")) for block in blocks]

    @property
    def ended(self) -> bool:
        return bool(self.messages) and self.messages[-1].get("more_body") is False

    async def listen(self, heard: Callable[[list[dict[str, str]]], None]) -> None:
        async def send(message: dict[str, Any]) -> None:
            self.messages.append(message)
            heard(self.events)

        async def receive() -> dict[str, Any]:
            await self.gone.wait()
            return {"type": "http.disconnect"}

        await asyncio.wait_for(self._app(self._scope, receive, send), timeout=60)


def listen(listener: Listener, heard: Callable[[list[dict[str, str]]], None]) -> None:
    """Follow a stream to its end, on a new event loop."""
    asyncio.run(listener.listen(heard))


def app_of(driver: ApiDriver) -> FastAPI:
    app = driver.client.app
    assert isinstance(app, FastAPI)
    return app


def test_a_job_is_followed_to_its_end(driver: ApiDriver, stage: Stage) -> None:
    """R-API-05."""
    stage.tells_length = True
    stage.curtain.clear()
    job_id = driver.upload().json()["id"]

    def heard(events: list[dict[str, str]]) -> None:
        if any(json.loads(event["data"])["state"] == "running" for event in events):
            stage.curtain.set()

    listener = Listener(app_of(driver), job_id)
    listen(listener, heard)
    events = listener.events
    jobs = [json.loads(event["data"]) for event in events]
    assert {event["event"] for event in events} == {"job"}
    assert all(event["retry"] for event in events)
    assert [int(event["id"]) for event in events] == [job["revision"] for job in jobs]
    revisions = [job["revision"] for job in jobs]
    assert revisions == sorted(set(revisions))
    assert [job["progress"] for job in jobs] == sorted(job["progress"] for job in jobs)
    assert "running" in {job["state"] for job in jobs}
    assert jobs[-1]["state"] == "succeeded"
    assert jobs[-1] == driver.client.get(f"/v1/jobs/{job_id}").json()
    assert listener.ended


def test_a_listener_goes_on_after_what_it_has_seen(driver: ApiDriver) -> None:
    """R-API-05."""
    job_id = driver.upload().json()["id"]
    revision = driver.over(job_id)["revision"]

    def ids(last_event_id: str | None) -> list[str]:
        listener = Listener(app_of(driver), job_id, last_event_id)
        listen(listener, lambda _: None)
        assert listener.ended
        return [event["id"] for event in listener.events]

    assert ids(None) == ids("1") == ids(str(revision - 1)) == [str(revision)]
    assert ids(str(revision)) == []


def test_a_stream_ends_when_its_listener_goes_away(driver: ApiDriver, stage: Stage) -> None:
    stage.curtain.clear()
    job_id = driver.upload().json()["id"]
    listener = Listener(app_of(driver), job_id)
    listen(listener, lambda events: listener.gone.set() if events else None)
    assert len(listener.events) >= 1
    stage.curtain.set()
    assert driver.over(job_id)["state"] == "succeeded"


@pytest.fixture
def town(platform: Platform, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.setattr(jobs, "WAIT_S", 0.1)
    app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Town(client, platform, settings.home / "mail")


def endless_job(platform: Platform, athlete: str) -> str:
    """A job that another process works on for an hour."""
    store = platform.jobs._store
    job = AnalysisJob(
        id=platform.new_id(),
        tenant_id=DEFAULT_TENANT,
        athlete_id=UserId(athlete),
        exercise=None,
        name="",
        video="0" * 64,
        correlation_id=platform.new_id(),
        created_at=platform.clock(),
        state="succeeded",
    )
    store.add(job)  # not yet to be claimed by this process
    with store._transaction(DEFAULT_TENANT) as connection:  # type: ignore[attr-defined]
        connection.execute(sa.update(JOBS).values(state="running", until=9e9))
    return str(job.id)


def test_signing_out_ends_the_stream_of_a_job(town: Town) -> None:
    """R-API-05: a stream that is open ends with the right to it"""
    ada = town.citizen()
    path = f"/v1/jobs/{endless_job(town.platform, ada.id)}/events"
    listening = Listening(town.client.app, path, {}, ada.headers)

    def heard(view: Events) -> None:
        if view:
            ada.post("/v1/auth/logout")

    view = listening.listen(heard)
    assert listening.ended
    assert [one["data"]["state"] for one in view] == ["running"]


def test_streams_of_jobs_count_among_those_of_a_user(town: Town) -> None:
    """R-API-08"""
    app: Any = town.client.app
    app.state.streams = OpenStreams(most_of_one=1)
    ada = town.citizen()
    path = f"/v1/jobs/{endless_job(town.platform, ada.id)}/events"
    listening = Listening(town.client.app, path, {}, ada.headers)
    refusals: list[Any] = []

    def heard(view: Events) -> None:
        if view and not refusals:
            refusals.append(ada.get(path))
            ada.post("/v1/auth/logout")

    listening.listen(heard)
    (refused,) = refusals
    assert (refused.status_code, refused.json()["code"]) == (429, "progress.too_many_streams")
    assert refused.headers["Retry-After"]
    assert not app.state.streams._open
