"""Drafts of captions: requested by the trainer, limited, read as WebVTT, and saved as captions."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from adapters.rate_limit.token_bucket import TokenBuckets
from api.app import build_app
from api.config import ApiConfig
from application.content.jobs import ContentJob
from application.content.manifest import media_prefix
from application.platform import Platform
from bootstrap.settings import Settings
from domain.content import commands
from domain.content.events import DraftProblem
from domain.content.item import CONTENT
from domain.ids import DEFAULT_TENANT, UserId
from tests.api import published
from tests.api.conftest import WEB
from tests.api.people import Person, Town
from tests.api.published import AT, LESSON

PATH = f"/v1/content/{LESSON}/captions"
DRAFT = f"{PATH}/draft"
TEXT = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nBaja.\n"
SPANISH = {"language": "es"}
READ = """query($id: ID!) { captionDraft(contentId: $id) {
  contentId number language status progress problem problemDetail text requestedAt } }"""
REQUEST = """mutation($id: ID!) { requestCaptionDraft(input: {contentId: $id, language: "es"}) {
  ... on Problem { code } ... on ContentPayload { contentItem { contentId } } } }"""

DISCARD = """mutation($id: ID!) { discardCaptionDraft(input: {contentId: $id}) {
  ... on Problem { code } ... on ContentPayload { contentItem { captions } } } }"""


def opened(
    platform: Platform, settings: Settings, *, is_on: bool, limit: int = 10
) -> Iterator[Town]:
    limiter = TokenBuckets("caption_drafts", limit, window_s=3600)
    drafts = replace(platform.caption_drafts, is_on=is_on, limit=limiter)
    platform = replace(platform, caption_drafts=drafts)
    app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Town(client, platform, settings.home / "mail")


@pytest.fixture
def town(platform: Platform, settings: Settings) -> Iterator[Town]:
    yield from opened(platform, settings, is_on=True)


@pytest.fixture
def trainer(town: Town) -> Person:
    return with_video(town)


def with_video(town: Town) -> Person:
    person = town.staff("trainer", "coach@example.org")
    published.publish(town.platform, UserId(person.id))
    return person


def requested_at(platform: Platform) -> datetime:
    return platform.caption_drafts.find(DEFAULT_TENANT, LESSON).draft.requested_at


def complete(platform: Platform, trainer: Person, text: str = TEXT) -> None:
    """Store a draft, as the worker does."""
    digest = platform.media.put(
        DEFAULT_TENANT,
        text.encode(),
        prefix=media_prefix(LESSON, 1),
        subject=UserId(trainer.id),
    )
    done = commands.CompleteCaptionDraft(
        number=1, requested_at=requested_at(platform), digest=digest, at=AT
    )
    published.execute(platform, UserId(trainer.id), done)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def requests(platform: Platform) -> int:
    history = platform.log.load(DEFAULT_TENANT, f"{CONTENT.category}-{LESSON}")
    names = [each.event.event_name for each in history]
    return names.count("content.caption_draft_requested")


def test_a_trainer_requests_a_draft_and_saves_it_as_captions(town: Town, trainer: Person) -> None:
    """R-UIX-07"""
    assert code(trainer.get(DRAFT)) == (404, "content.caption_draft_unknown")
    assert trainer.post(DRAFT, json=SPANISH).status_code == 200
    underway = trainer.get(DRAFT).json()
    assert (underway["status"], underway["progress"], underway["text"]) == ("underway", 0.0, None)
    complete(town.platform, trainer)
    answer = trainer.get(DRAFT)
    assert answer.headers["Cache-Control"] == "private, no-store"
    draft = answer.json()
    assert (draft["status"], draft["language"], draft["text"]) == ("complete", "es", TEXT)
    assert "es" not in trainer.get(f"/v1/content/{LESSON}").json()["captions"]
    edited = {"language": "es", "text": draft["text"].replace("Baja.", "Baja despacio.")}
    assert trainer.ask("PUT", PATH, json=edited).status_code == 200
    assert "es" in trainer.get(f"/v1/content/{LESSON}").json()["captions"]


def test_progress_is_that_of_the_newest_request(town: Town, trainer: Person) -> None:
    platform = town.platform
    trainer.post(DRAFT, json=SPANISH)
    history = platform.log.load(DEFAULT_TENANT, f"{CONTENT.category}-{LESSON}")
    job = ContentJob(
        id=history[-1].event_id,
        tenant_id=DEFAULT_TENANT,
        content_id=LESSON,
        trainer_id=UserId(trainer.id),
        number=1,
        step="transcribe",
        correlation_id=uuid4(),
        created_at=AT,
        progress=0.4,
    )
    platform.content_queue.jobs.add(job)
    assert trainer.get(DRAFT).json()["progress"] == 0.4


def test_both_transports_show_the_same_draft(town: Town, trainer: Person) -> None:
    requested = trainer.graph(REQUEST, id=LESSON)["data"]["requestCaptionDraft"]
    assert requested == {"contentItem": {"contentId": LESSON}}
    complete(town.platform, trainer)
    rest = trainer.get(DRAFT).json()
    graph = trainer.graph(READ, id=LESSON)["data"]["captionDraft"]
    graph["status"] = graph["status"].lower()  # an enumeration
    graph["requestedAt"] = graph["requestedAt"].replace("+00:00", "Z")
    assert graph == rest


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [("no_speech", "Nobody speaks"), ("unavailable", "Try again later"), ("failed", "could not")],
)
def test_a_failed_draft_says_why(
    town: Town, trainer: Person, problem: DraftProblem, sentence: str
) -> None:
    trainer.post(DRAFT, json=SPANISH)
    begun = requested_at(town.platform)
    fail = commands.FailCaptionDraft(number=1, requested_at=begun, problem=problem, at=AT)
    published.execute(town.platform, UserId(trainer.id), fail)
    draft = trainer.get(DRAFT).json()
    assert (draft["status"], draft["problem"], draft["text"]) == ("failed", problem, None)
    assert sentence in draft["problemDetail"]


def test_a_trainer_discards_a_draft(town: Town, trainer: Person) -> None:
    """R-UIX-07: by both transports, underway or complete; saved captions stay."""
    trainer.post(DRAFT, json=SPANISH)
    key = {"Idempotency-Key": str(uuid4())}
    first, second = (trainer.ask("DELETE", DRAFT, headers=key).json() for _ in "12")
    assert (first["repeated"], second["repeated"]) == (False, True)
    assert code(trainer.get(DRAFT)) == (404, "content.caption_draft_unknown")
    assert trainer.post(DRAFT, json={"language": "en"}).status_code == 200
    complete(town.platform, trainer)
    assert trainer.ask("PUT", PATH, json={"language": "es", "text": TEXT}).status_code == 200
    discarded = trainer.graph(DISCARD, id=LESSON)["data"]["discardCaptionDraft"]
    assert discarded == {"contentItem": {"captions": ["en", "es"]}}
    assert code(trainer.get(DRAFT)) == (404, "content.caption_draft_unknown")


def test_a_retried_request_is_one(town: Town, trainer: Person) -> None:
    """R-API-04"""
    key = {"Idempotency-Key": str(uuid4())}
    first, second = (trainer.post(DRAFT, json=SPANISH, headers=key).json() for _ in "12")
    assert (first["repeated"], second["repeated"]) == (False, True)
    assert first["position"] == second["position"]
    assert trainer.post(DRAFT, json=SPANISH).status_code == 200
    assert requests(town.platform) == 1


def test_a_draft_in_another_language_waits_for_the_first(town: Town, trainer: Person) -> None:
    trainer.post(DRAFT, json=SPANISH)
    refused = trainer.post(DRAFT, json={"language": "en"})
    assert code(refused) == (409, "content.caption_draft_underway")
    assert code(trainer.post(DRAFT, json={"language": "de"}))[0] == 422


def test_requests_that_begin_a_draft_are_limited(platform: Platform, settings: Settings) -> None:
    for town in opened(platform, settings, is_on=True, limit=2):
        trainer = with_video(town)
        key = {"Idempotency-Key": str(uuid4())}
        for _ in range(4):
            assert trainer.post(DRAFT, json=SPANISH, headers=key).status_code == 200
        assert trainer.post(DRAFT, json={"language": "en"}).status_code == 409
        complete(town.platform, trainer)
        assert trainer.post(DRAFT, json=SPANISH).status_code == 200
        complete(town.platform, trainer, TEXT.replace("Baja", "Sube"))
        refused = trainer.post(DRAFT, json=SPANISH)
        assert code(refused) == (429, "content.too_many_caption_drafts")
        assert int(refused.headers["Retry-After"]) > 0
        assert requests(town.platform) == 2


def test_requests_that_begin_no_draft_are_not_limited(
    platform: Platform, settings: Settings
) -> None:
    for town in opened(platform, settings, is_on=True, limit=1):
        trainer = with_video(town)
        key = {"Idempotency-Key": str(uuid4())}
        first = trainer.post(DRAFT, json=SPANISH, headers=key).json()
        retried = trainer.post(DRAFT, json=SPANISH, headers=key)
        assert retried.json() == {**first, "repeated": True}
        assert trainer.post(DRAFT, json=SPANISH).status_code == 200
        refused = trainer.post(DRAFT, json={"language": "en"})
        assert code(refused) == (409, "content.caption_draft_underway")
        complete(town.platform, trainer)
        assert trainer.post(DRAFT, json=SPANISH, headers=key).json()["repeated"]
        assert trainer.post(DRAFT, json=SPANISH).status_code == 429


def test_without_a_service_no_draft_is_requested(platform: Platform, settings: Settings) -> None:
    for town in opened(platform, settings, is_on=False):
        trainer = with_video(town)
        assert code(trainer.post(DRAFT, json=SPANISH)) == (404, "speech_recognition.off")
        answer = trainer.graph(REQUEST, id=LESSON)["data"]["requestCaptionDraft"]
        assert answer == {"code": "speech_recognition.off"}
        assert requests(town.platform) == 0


def test_only_the_trainer_of_a_video_gets_its_draft(town: Town, trainer: Person) -> None:
    trainer.post(DRAFT, json=SPANISH)
    complete(town.platform, trainer)
    for other in (town.citizen("ada@example.org"), town.staff("trainer", "other@example.org")):
        assert code(other.get(DRAFT)) == (404, "content.unknown")
        assert code(other.post(DRAFT, json=SPANISH)) == (404, "content.unknown")
        assert code(other.ask("DELETE", DRAFT)) == (404, "content.unknown")
        assert "captionDraft" not in (other.graph(READ, id=LESSON)["data"] or {})
    assert town.client.get(DRAFT).status_code == 401
    link = trainer.get(f"/v1/content/{LESSON}/playback").json()["hlsUrl"]
    assert town.client.get(link.replace("master.m3u8", "captions-draft.es.vtt")).status_code == 404


def test_a_draft_is_deleted_with_its_video(town: Town, trainer: Person) -> None:
    trainer.post(DRAFT, json=SPANISH)
    complete(town.platform, trainer)
    assert trainer.ask("DELETE", f"/v1/content/{LESSON}").status_code == 200
    assert code(trainer.get(DRAFT)) == (404, "content.unknown")
    assert not town.platform.media.list_media(DEFAULT_TENANT, media_prefix(LESSON, 1))
