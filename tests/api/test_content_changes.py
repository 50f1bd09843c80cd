"""Changes of trainers' videos: texts, captions, unpublished, taken down, deleted."""

import json
from typing import Any
from uuid import uuid4

import pytest

from application.content.captions import MAX_BYTES
from application.content.manifest import captions_prefix, media_prefix
from application.content.upload_store import UploadKey
from application.platform import Platform
from domain.content import commands
from domain.content.events import Audience
from domain.content.item import CONTENT, Deleted
from domain.ids import DEFAULT_TENANT, UserId
from tests.api import published
from tests.api.people import Person, Town
from tests.api.published import AT, LESSON

PATH = f"/v1/content/{LESSON}"
CUE = "WEBVTT\r\n\r\n00:00.000 --> 00:01.000\r\nAbajo\r\n"
SPANISH = {"language": "es", "text": CUE}
CAPTIONS = """mutation($id: ID!, $text: String!) {
  addContentCaptions(input: {contentId: $id, language: "es", text: $text}) {
    ... on Problem { code }
    ... on ContentPayload { contentItem { captions } } } }"""


DESCRIBE = """mutation($id: ID!, $revision: Int) {
  describeContent(input: {contentId: $id, title: "Dips", revision: $revision}) {
    ... on Problem { code }
    ... on ContentPayload { contentItem { revision captionsRevision } } } }"""
OFFER = """mutation($id: ID!, $revision: Int) {
  changeContentAudience(input: {contentId: $id, isFree: false, revision: $revision}) {
    ... on Problem { code } } }"""
CAPTION = """mutation($id: ID!, $revision: Int) {
  addContentCaptions(input: {contentId: $id, language: "es", revision: $revision,
    text: "WEBVTT\\n\\n00:00.000 --> 00:01.000\\nArriba\\n"}) { ... on Problem { code } } }"""
REMOVE = """mutation($id: ID!, $revision: Int) {
  removeContentCaptions(input: {contentId: $id, language: "en", revision: $revision}) {
    ... on Problem { code } } }"""


@pytest.fixture
def trainer(town: Town) -> Person:
    person = town.staff("trainer", "coach@example.org")
    published.publish(town.platform, UserId(person.id), Audience(is_free=True))
    return person


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def events(platform: Platform) -> list[str]:
    history = platform.log.load(DEFAULT_TENANT, f"{CONTENT.category}-{LESSON}")
    return [each.event.event_name for each in history]


def test_an_unpublished_video_is_offered_again(town: Town, trainer: Person) -> None:
    """R-CON-06: who watched it before cannot in between; a retry changes nothing."""
    key = {"Idempotency-Key": str(uuid4())}
    for _ in range(2):
        assert trainer.post(f"{PATH}/unpublish", headers=key).status_code == 200
    assert trainer.get(PATH).json()["status"] == "draft"
    athlete = town.citizen()
    assert athlete.get(f"{PATH}/playback").status_code == 404
    for _ in range(2):
        assert trainer.post(f"{PATH}/republish").status_code == 200
    assert trainer.get(PATH).json()["status"] == "ready"
    assert athlete.get(f"{PATH}/playback").status_code == 200
    assert events(town.platform)[-2:] == ["content.unpublished", "content.republished"]


def test_an_administrator_takes_a_video_down_with_a_reason(town: Town, trainer: Person) -> None:
    """R-CON-06: its trainer cannot offer it again, and cannot take it down."""
    refused = trainer.post(f"{PATH}/take-down", json={"reason": "copyright"})
    assert refused.status_code == 403
    admin = town.staff("administrator", "admin@example.org")
    assert code(admin.post(f"{PATH}/take-down", json={"reason": "dislike"}))[0] == 422
    key = {"Idempotency-Key": str(uuid4())}
    for _ in range(2):
        answer = admin.post(f"{PATH}/take-down", json={"reason": "copyright"}, headers=key)
        assert answer.status_code == 200
    assert events(town.platform).count("content.taken_down") == 1
    video = trainer.get(PATH).json()
    assert (video["status"], video["rejection"]) == ("rejected", "taken_down")
    assert video["rejectionDetail"] == "An administrator took the video down."
    assert town.citizen().get(f"{PATH}/playback").status_code == 404
    assert code(trainer.post(f"{PATH}/republish")) == (409, "content.taken_down")


def test_a_retried_change_is_made_once(town: Town, trainer: Person) -> None:
    """R-API-04: it is reported as repeated."""
    admin = town.staff("administrator", "admin@example.org")
    for person, method, path, body in (
        (trainer, "PUT", PATH, {"title": "Lunges"}),
        (trainer, "PUT", f"{PATH}/captions", SPANISH),
        (trainer, "POST", f"{PATH}/captions/remove", {"language": "es"}),
        (trainer, "POST", f"{PATH}/unpublish", None),
        (trainer, "POST", f"{PATH}/republish", None),
        (admin, "POST", f"{PATH}/take-down", {"reason": "terms"}),
        (trainer, "DELETE", PATH, None),
    ):
        key = {"Idempotency-Key": str(uuid4())}
        first, second = (person.ask(method, path, json=body, headers=key).json() for _ in "12")
        assert (first["repeated"], second["repeated"]) == (False, True), path
        assert first["position"] == second["position"]


def test_captions_are_checked_and_stored(town: Town, trainer: Person) -> None:
    """R-CON-04: by REST and by GraphQL; a fault names its line."""
    answer = trainer.graph(CAPTIONS, id=LESSON, text=CUE)
    added = answer["data"]["addContentCaptions"]
    assert added == {"contentItem": {"captions": ["en", "es"]}}
    refusal = trainer.ask("PUT", f"{PATH}/captions", json={**SPANISH, "text": "WEBVTT\n\n<script>"})
    assert code(refusal) == (422, "content.captions_invalid")
    assert "Line 3" in refusal.json()["detail"]
    after_end = CUE.replace("00:00.000 --> 00:01", "00:10.000 --> 00:11")
    assert (
        code(trainer.ask("PUT", f"{PATH}/captions", json={**SPANISH, "text": after_end}))[0] == 422
    )
    assert (
        trainer.ask("PUT", f"{PATH}/captions", json={**SPANISH, "language": "E$"}).status_code
        == 422
    )
    assert trainer.post(f"{PATH}/captions/remove", json={"language": "en"}).status_code == 200
    playback = trainer.get(f"{PATH}/playback").json()
    (captions,) = playback["captions"]
    assert captions["language"] == "es"
    text = town.client.get(captions["url"]).text
    assert text == "WEBVTT\n\n00:00.000 --> 00:01.000\nAbajo\n"


@pytest.mark.parametrize("ensure_ascii", [False, True])
def test_captions_have_up_to_one_mebibyte(trainer: Person, *, ensure_ascii: bool) -> None:
    """R-CON-04: however the JSON of the client encodes them."""
    cues = CUE + "NOTE\n"
    longest = cues + "я" * ((MAX_BYTES - len(cues)) // 2)
    answers = []
    for text in (longest, longest + "яя"):
        content = json.dumps({**SPANISH, "text": text}, ensure_ascii=ensure_ascii).encode()
        headers = {"Content-Type": "application/json"}
        answers.append(trainer.ask("PUT", f"{PATH}/captions", content=content, headers=headers))
    assert answers[0].status_code == 200, answers[0].text
    assert code(answers[1]) == (422, "content.captions_invalid")
    assert answers[1].json()["detail"] == "Captions have at most 1 MiB."


def test_captions_that_are_added_during_deletion_leave_no_file(
    town: Town, trainer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-CON-06: they were stored after the deletion had removed the files."""
    media = town.platform.content.files.media
    put = media.put

    def delete_before(*arguments: Any, **named: Any) -> str:
        assert trainer.ask("DELETE", PATH).status_code == 200
        return put(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(media, "put", delete_before)
        refusal = trainer.ask("PUT", f"{PATH}/captions", json=SPANISH)
    assert code(refusal) == (404, "content.unknown")
    assert not list(media.list_media(DEFAULT_TENANT, captions_prefix(LESSON)))


def test_texts_change(town: Town, trainer: Person) -> None:
    """R-CON-01."""
    assert trainer.ask("PUT", PATH, json={"title": "Lunges"}).status_code == 200
    position = {"After-Position": str(town.platform.log.head())}
    view = trainer.get(PATH, headers=position).json()
    assert (view["title"], view["description"]) == ("Lunges", "")
    assert trainer.ask("PUT", PATH, json={"title": "Lun\nges"}).status_code == 422


def test_a_change_by_somebody_else_is_not_overwritten(town: Town, trainer: Person) -> None:
    """R-CON-01, R-CON-06: by both transports; without a revision, the last change wins."""
    video = trainer.get(PATH).json()
    texts = {"title": "Lunges", "revision": video["revision"]}
    captions = {**SPANISH, "revision": video["captionsRevision"]}
    removal = {"language": "en", "revision": video["captionsRevision"]}
    assert trainer.ask("PUT", PATH, json=texts).status_code == 200
    assert trainer.ask("PUT", f"{PATH}/captions", json=captions).status_code == 200
    for method, path, body in (
        ("PUT", PATH, {**texts, "title": "Planks"}),
        ("PUT", f"{PATH}/audience", {"isFree": False, "revision": video["revision"]}),
        ("PUT", f"{PATH}/captions", {**captions, "language": "ru"}),
        ("POST", f"{PATH}/captions/remove", removal),
    ):
        assert code(trainer.ask(method, path, json=body)) == (412, "content.changed"), path
    stale = {"id": LESSON, "revision": 1}
    for mutation in (DESCRIBE, OFFER, CAPTION, REMOVE):
        (answer,) = trainer.graph(mutation, **stale)["data"].values()
        assert answer == {"code": "content.changed"}
    now = trainer.get(PATH).json()
    assert (now["title"], now["captions"]) == ("Lunges", ["en", "es"])
    (answer,) = trainer.graph(DESCRIBE, id=LESSON, revision=now["revision"])["data"].values()
    assert answer["contentItem"]["revision"] == now["revision"] + 1
    assert trainer.ask("PUT", PATH, json={"title": "Planks"}).status_code == 200


def test_a_deleted_video_leaves_no_file(town: Town, trainer: Person) -> None:
    """R-CON-06: neither of an earlier version."""
    platform = town.platform
    published.replace(platform, UserId(trainer.id))
    prefixes = [media_prefix(LESSON, 1), media_prefix(LESSON, 2), captions_prefix(LESSON)]
    assert all(platform.media.list_media(DEFAULT_TENANT, each) for each in prefixes)
    key = {"Idempotency-Key": str(uuid4())}
    for _ in range(2):
        assert trainer.ask("DELETE", PATH, headers=key).status_code == 200
    assert not any(platform.media.list_media(DEFAULT_TENANT, each) for each in prefixes)
    assert code(trainer.post(f"{PATH}/unpublish")) == (404, "content.unknown")
    assert events(platform)[-1] == "content.deleted"


def test_a_file_in_quarantine_stays_when_its_video_is_deleted(town: Town, trainer: Person) -> None:
    """R-CON-01: it is kept for the audit."""
    platform, at = town.platform, AT
    content = b"a file in quarantine"
    file = {"mediaType": "video/mp4", "bytes": len(content), "sha256": "ab" * 32}
    assert trainer.post(f"{PATH}/replace", json=file).status_code == 200
    (part,) = trainer.get(f"{PATH}/upload").json()["parts"]
    assert town.client.put(part["url"], content=content).status_code == 204
    assert trainer.post(f"{PATH}/upload/complete").status_code == 200
    reject = commands.RejectFile(number=2, reason="malware_found", at=at)
    published.execute(platform, UserId(trainer.id), reject)
    assert trainer.post(f"{PATH}/replace", json=file).status_code == 200
    assert trainer.ask("DELETE", PATH).status_code == 200
    store = platform.content_uploads.store
    assert store.size(UploadKey(DEFAULT_TENANT, LESSON, 2)) == len(content)
    history = platform.log.load(DEFAULT_TENANT, f"{CONTENT.category}-{LESSON}")
    assert isinstance(CONTENT.fold(each.event for each in history), Deleted)


def test_others_find_no_video_to_change(town: Town, trainer: Person) -> None:
    """R-TEN-03: another trainer, and an athlete."""
    del trainer
    for person in (town.staff("trainer", "other@example.org"), town.citizen("eve@example.org")):
        for method, path, body in (
            ("PUT", PATH, {"title": "Mine"}),
            ("POST", f"{PATH}/unpublish", None),
            ("POST", f"{PATH}/republish", None),
            ("POST", f"{PATH}/take-down", {"reason": "terms"}),
            ("PUT", f"{PATH}/captions", SPANISH),
            ("POST", f"{PATH}/captions/remove", {"language": "en"}),
            ("DELETE", PATH, None),
        ):
            answer = person.ask(method, path, json=body)
            assert code(answer) == (404, "content.unknown"), path
