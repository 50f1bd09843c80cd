"""Playback of trainers' videos: who may watch, and files that signed links lead to."""

import base64
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from application.entitlements.service import ContentAccessRequired
from application.platform import Platform
from domain.content import commands
from domain.content.events import Audience
from domain.ids import DEFAULT_TENANT, ContentId, PlanId, TenantId, UserId
from tests.api import published
from tests.api.offers import EU, offer
from tests.api.paying import deliver, enroll, paying
from tests.api.people import Person, Town
from tests.api.playback import FREE, code, playback
from tests.api.published import AT, FILES, LESSON, PAID_PLAN
from tools.payments.stripe_simulator import StripeSimulator

OF_PLAN = Audience(plans=(PAID_PLAN,))
PLAYBACK = """query($id: ID!) { contentPlayback(contentId: $id) {
  contentId number title durationMs hlsUrl posterUrl captions { language url } expiresAt } }"""
LIST = """query($trainer: ID, $plan: ID) {
  publishedContent(trainerId: $trainer, planId: $plan, first: 1) {
    edges { node { contentId title isFree plans durationMs captions } } } }"""
AUDIENCE = """mutation($id: ID!) {
  changeContentAudience(input: {contentId: $id, isFree: true}) {
    ... on ContentPayload { contentItem { contentId } } } }"""


def current(town: Town) -> dict[str, str]:
    return {"After-Position": str(town.platform.log.head())}


@pytest.fixture
def trainer(town: Town) -> Person:
    return town.staff("trainer", "coach@example.org")


def test_a_signed_link_plays_every_file_without_a_token(town: Town, trainer: Person) -> None:
    """R-CON-05: playlists, segments by byte range, pictures and captions."""
    published.publish(town.platform, UserId(trainer.id), FREE)
    ada = town.citizen("ada@example.org")
    opened = playback(ada)
    assert opened.headers["Cache-Control"] == "private, no-store"
    body = opened.json()
    assert (body["number"], body["title"], body["durationMs"]) == (1, "Squats", 10_000)
    base = body["hlsUrl"].removesuffix("master.m3u8")
    assert (body["posterUrl"], body["dashUrl"]) == (f"{base}poster.jpg", f"{base}manifest.mpd")
    for name, (content, media_type) in FILES.items():
        answer = town.client.get(base + name)
        assert (answer.status_code, answer.content) == (200, content)
        assert answer.headers["Content-Type"].split(";")[0] == media_type
        assert "immutable" in answer.headers["Cache-Control"]
    (captions,) = body["captions"]
    words = town.client.get(captions["url"])
    assert (captions["language"], words.content) == ("en", published.CAPTIONS)
    assert words.headers["Cache-Control"] == "private, no-cache"
    segment, video = base + "h264-480.mp4", FILES["h264-480.mp4"][0]
    part = town.client.get(segment, headers={"Range": "bytes=5-14"})
    assert (part.status_code, part.content) == (206, video[5:15])
    assert part.headers["Content-Range"] == f"bytes 5-14/{len(video)}"
    again = town.client.get(segment, headers={"If-None-Match": part.headers["ETag"]})
    assert again.status_code == 304
    beyond = town.client.get(segment, headers={"Range": f"bytes={len(video)}-"})
    assert beyond.status_code == 416
    assert town.client.get(base + "other.mp4").status_code == 404


def test_only_entitled_athletes_get_links(town: Town, trainer: Person) -> None:
    """R-CON-06, C-28: by REST and by GraphQL; the trainer and staff need no plan."""
    published.publish(town.platform, UserId(trainer.id))
    published.offer_plan(town.platform, UserId(trainer.id), 1999)
    ada, admin = town.citizen("ada@example.org"), town.staff("administrator", "admin@example.org")
    assert code(playback(ada)) == (403, "access.content_required"), "the trainer chose nobody"
    path = f"/v1/content/{LESSON}/audience"
    changed = trainer.ask("PUT", path, json={"plans": [PAID_PLAN]})
    assert changed.status_code == 200, changed.text
    assert code(playback(ada)) == (403, "access.content_required"), "the plan is paid"
    assert playback(trainer).status_code == playback(admin).status_code == 200
    assert code(ada.ask("PUT", path, json={"isFree": True})) == (404, "content.unknown")
    refused = trainer.ask("PUT", path, json={"plans": ["plan-of-nobody"]})
    assert code(refused) == (404, "plan.unknown")
    assert trainer.graph(AUDIENCE, id=LESSON)["data"]["changeContentAudience"]
    opened = ada.graph(PLAYBACK, id=LESSON)["data"]["contentPlayback"]
    assert (opened["title"], opened["captions"][0]["language"]) == ("Squats", "en")
    assert town.client.get(opened["hlsUrl"]).status_code == 200


def test_a_free_plan_opens_its_videos(town: Town, trainer: Person) -> None:
    """R-CAT-03."""
    published.publish(town.platform, UserId(trainer.id), OF_PLAN)
    published.offer_plan(town.platform, UserId(trainer.id))
    assert playback(town.citizen("ada@example.org")).status_code == 200


def test_a_link_that_is_not_ours_opens_nothing(town: Town, trainer: Person) -> None:
    """R-CON-06, R-TEN-03: forged, expired, of another tenant, of another version."""
    platform = town.platform
    published.publish(platform, UserId(trainer.id), FREE)
    url = playback(town.citizen("ada@example.org")).json()["hlsUrl"]
    token = url.split("/")[3]
    signer = platform.playback.signer
    link = signer.read(token)

    def get(token: str) -> tuple[int, str]:
        return code(town.client.get(f"/v1/playback/{token}/master.m3u8"))

    def signed(**changes: Any) -> tuple[int, str]:
        return get(signer.sign(replace(link, **changes)))

    payload, _, signature = token.rpartition(".")
    other = signer.sign(replace(link, number=2)).rpartition(".")[0]
    invalid = (403, "playback.link_invalid")
    for forged in (f"{other}.{signature}", f"{payload}.", payload, "x.y", f"{payload}.{other}"):
        assert get(forged) == invalid
    assert signed(expires_at=platform.clock() - timedelta(seconds=1)) == (
        403,
        "playback.link_expired",
    )
    gone = (403, "playback.not_offered")
    assert signed(number=2) == gone
    assert signed(tenant_id=TenantId("gym")) == gone
    assert signed(content_id=ContentId("other")) == gone
    elsewhere = signer.sign(replace(link, tenant_id=TenantId("gym"))).rpartition(".")[2]
    assert get(f"{payload}.{elsewhere}") == invalid, "each tenant has a key of its own"
    published.replace(platform, UserId(trainer.id))
    assert get(token) == gone, "a new version is live"


@pytest.mark.parametrize("claims", ['["default","lesson",1,"athlete",1e17]', "[" * 700])
def test_what_nobody_signed_is_not_interpreted(town: Town, trainer: Person, claims: str) -> None:
    """R-API-06: a time that no clock has, and JSON of great depth."""
    published.publish(town.platform, UserId(trainer.id), FREE)
    assert playback(trainer).status_code == 200, "the tenant has a key"
    payload = base64.urlsafe_b64encode(claims.encode()).decode().rstrip("=")
    for token in (f"{payload}.{payload}", f"default.{payload}.{payload}"[:1024]):
        answer = town.client.get(f"/v1/playback/{token}/master.m3u8")
        assert answer.json()["code"] in {"playback.link_invalid", "request.invalid"}


def test_what_is_withdrawn_stops_at_once(town: Town, trainer: Person) -> None:
    """R-CON-06: links of before open nothing; the trainer and staff may still look."""
    platform, who = town.platform, UserId(trainer.id)
    published.publish(platform, who, FREE)
    ada, admin = town.citizen("ada@example.org"), town.staff("administrator", "admin@example.org")
    people = {"ada": ada, "trainer": trainer, "admin": admin}
    links = {name: playback(person).json()["hlsUrl"] for name, person in people.items()}

    def opened() -> dict[str, bool]:
        return {name: town.client.get(url).status_code == 200 for name, url in links.items()}

    published.execute(platform, who, commands.UnpublishContent(at=AT))
    assert opened() == {"ada": False, "trainer": True, "admin": True}
    assert code(playback(ada)) == (404, "content.unknown")
    published.execute(platform, who, commands.TakeDownContent(reason="privacy", at=AT))
    assert opened() == {"ada": False, "trainer": False, "admin": True}
    assert code(playback(trainer)) == (404, "content.unknown")
    published.execute(platform, who, commands.DeleteContent(at=AT))
    assert opened() == {"ada": False, "trainer": False, "admin": False}


def test_what_is_not_published_is_not_played_or_listed(town: Town, trainer: Person) -> None:
    """R-CON-01: a version that is uploaded, checked, or rejected and in quarantine."""
    request = commands.RequestUpload(
        trainer_id=UserId(trainer.id),
        title="Hidden",
        description="",
        file=published.DECLARED,
        at=AT,
    )
    uploaded = commands.NoteUploaded(number=1, size=1000, at=AT)
    reject = commands.RejectFile(number=1, reason="malware_found", at=AT)
    for command in (request, uploaded, reject):
        published.execute(town.platform, UserId(trainer.id), command)
        for person in (trainer, town.staff("administrator", f"{type(command).__name__}@a.org")):
            assert code(playback(person)) == (404, "content.unknown")
    listed = trainer.get("/v1/published-content", headers=current(town))
    assert listed.json()["items"] == []
    assert code(trainer.get(f"/v1/published-content/{LESSON}")) == (404, "content.unknown")


def test_published_videos_are_listed_by_trainer_and_plan(town: Town, trainer: Person) -> None:
    """R-CON-06, R-API-05: page by page, of the own tenant alone."""
    platform, who = town.platform, UserId(trainer.id)
    for key, audience in (("a", FREE), ("b", OF_PLAN), ("c", OF_PLAN)):
        published.publish(platform, who, audience, key=ContentId(key))
    published.publish(platform, UserId("bo"), FREE, key=ContentId("d"))
    published.execute(platform, who, commands.UnpublishContent(at=AT), key=ContentId("c"))
    ada, eve = town.citizen("ada@example.org"), town.citizen("eve@example.org", tenant="gym")

    def listed(query: str, person: Person = ada) -> set[str]:
        items: list[str] = []
        path: str | None = f"/v1/published-content?first=1&{query}"
        while path:
            answer = person.get(path, headers=current(town))
            items += [each["contentId"] for each in answer.json()["items"]]
            path = answer.links.get("next", {}).get("url")
        assert len(items) == len(set(items))
        return set(items)

    assert listed("") == {"a", "b", "d"}
    assert listed(f"trainer={trainer.id}") == {"a", "b"}
    assert listed(f"plan={PAID_PLAN}") == {"b"}
    assert listed("", eve) == set()
    variables = {"trainer": trainer.id, "plan": PAID_PLAN}
    (edge,) = ada.graph(LIST, **variables)["data"]["publishedContent"]["edges"]
    assert edge["node"] == {
        "contentId": "b",
        "title": "Squats",
        "isFree": False,
        "plans": [PAID_PLAN],
        "durationMs": 10_000,
        "captions": ["en"],
    }


def test_who_has_paid_for_a_plan_may_watch(platform: Platform, stripe: StripeSimulator) -> None:
    """R-PAY-10: until the payment is refunded."""
    audience = Audience(plans=(PlanId("draft-of-nobody"), PlanId("paid")))

    def may_watch() -> bool:
        try:
            platform.entitlements.require_content(DEFAULT_TENANT, UserId("ada"), audience)
        except ContentAccessRequired:
            return False
        return True

    with paying(platform, stripe) as driver:
        offer(driver, "paid", prices=[EU])
        enroll(driver, planId="paid")
        assert not may_watch(), "the payment is open"
        stripe.pay("pi_1", "pm_card_visa")
        deliver(driver, stripe)
        assert may_watch()
        stripe.refund("pi_1")
        deliver(driver, stripe)
        assert not may_watch()
