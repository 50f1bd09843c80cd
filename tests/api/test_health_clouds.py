"""Health clouds: link by OAuth, sync, webhooks, and the end of a link."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from application.health import sync as syncing
from application.health.periods import EVERY
from application.platform import Platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from tests.api.clouds import (
    agree,
    begin,
    come_back,
    due,
    integration,
    link,
    notify,
    records,
    sync,
    with_clouds,
)
from tests.api.people import Person, Town
from tools.health.clouds import Clouds, simulated_clouds

NOW = datetime.now(UTC).replace(microsecond=0)
YESTERDAY = NOW - timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def servers() -> Iterator[Clouds]:
    with simulated_clouds() as clouds:
        yield clouds


@pytest.fixture
def clouds(servers: Clouds) -> Clouds:
    """The simulators, empty."""
    for each in (servers.google, servers.strava):
        each.codes.clear()
        each.consents.clear()
        each.calls.clear()
        each.faults.clear()
        each.calls_left, each.errors_inside, each.lifetime = None, 0, HOUR
    servers.google.points.clear()
    servers.strava.activities.clear()
    return servers


@pytest.fixture
def settings(settings: Settings, clouds: Clouds, tmp_path: Path) -> Settings:
    return with_clouds(settings, clouds, tmp_path / "keys")


@pytest.fixture
def ada(town: Town) -> Person:
    person = town.citizen("ada@example.org")
    person.agrees("health_data")
    return person


def result(answer: Any) -> str:
    """Return the result that the page gets."""
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"].partition("?healthLink=")[2])


@pytest.mark.both_compositions
def test_a_linked_cloud_fills_the_account_until_it_is_unlinked(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-EVT-06, C-21, R-HLT-01, R-HLT-02, R-HLT-03, R-HLT-07, R-HLT-08: to the revoked tokens."""
    google = clouds.google
    for minute in range(5):  # two pages
        start = YESTERDAY + timedelta(minutes=minute)
        google.walk(start, start + timedelta(minutes=1), 100 + minute)
    google.weigh(YESTERDAY, 61250, "scale-1")
    before = integration(ada, "google_health")
    assert (before["state"], before["lastSyncAt"]) == ("not_linked", None)
    assert before["scopes"][0]["meaning"].startswith("Read your steps")
    assert result(link(ada, "google_health")) == "linked"
    assert sync(platform) == 1
    steps = [("steps", 100.0 + minute) for minute in range(5)]
    assert records(ada) == [*steps, ("weight", 61.25)]
    linked = integration(ada, "google_health")
    assert linked["state"] == "linked"
    assert all(each["granted"] for each in linked["scopes"])
    assert linked["records"] == 6
    assert linked["lastSyncAt"] is not None
    assert sync(platform) == 0, "nothing is due"

    google.weigh(YESTERDAY, 61500, "scale-1")
    google.points["steps"].pop()
    start = YESTERDAY - timedelta(days=2)
    google.walk(start, start + HOUR, 7)
    assert notify(ada, "google_health", google.webhook()).status_code == 200
    assert sync(platform) == 1, "a webhook makes the link due"
    assert records(ada) == [("steps", 7.0), *steps[:-1], ("weight", 61.5)]
    assert integration(ada, "google_health")["syncs"] > linked["syncs"]

    assert ada.ask("DELETE", "/v1/health/integrations/google_health").status_code == 200
    assert google.consents == [], "the tokens are revoked at the cloud"
    assert integration(ada, "google_health")["state"] == "not_linked"
    google.weigh(NOW - HOUR, 62000, "scale-2")
    assert notify(ada, "google_health", google.webhook()).status_code == 200
    assert sync(platform) == 0, "a webhook about a link that ended changes nothing"
    assert len(records(ada)) == 6, "stored records stay"


def test_activities_of_strava_are_synced(ada: Person, platform: Platform, clouds: Clouds) -> None:
    """R-HLT-03: late, corrected and deleted ones, without any webhook."""
    strava = clouds.strava
    for number in range(4):
        strava.move(number, YESTERDAY - number * HOUR, 1800, 5000 + number)
    assert result(link(ada, "strava")) == "linked"
    sync(platform)
    assert len(records(ada)) == 12
    strava.move(0, YESTERDAY, 1800, 5555)
    del strava.activities[3]
    due(platform, ada, "strava")
    assert sync(platform) == 1
    distances = [value for metric, value in records(ada) if metric == "distance"]
    assert distances == [5001, 5002, 5555]
    assert ("heart_rate", 142) in records(ada)
    assert ("workout_minutes", 30) in records(ada)


def test_a_flow_ends_in_the_browser_that_began_it(town: Town, ada: Person, clouds: Clouds) -> None:
    """R-HLT-01, R-IDN-02: neither somebody else's state, nor a code or state that was used."""
    bob = town.citizen("bob@example.org")
    bob.agrees("health_data")
    of_ada = agree(begin(ada, "strava"))
    begin(bob, "strava")  # the browser keeps one flow: now that of Bob
    assert result(come_back(bob, of_ada)) == "health.link_refused"
    assert [integration(each, "strava")["state"] for each in (ada, bob)] == ["not_linked"] * 2
    callback = agree(begin(ada, "strava"))
    cookie = dict(ada.client.cookies)
    assert result(come_back(ada, callback)) == "linked"
    assert result(come_back(ada, callback)) == "health.link_refused", "the state is gone"
    ada.client.cookies.update(cookie)
    assert result(come_back(ada, callback)) == "health.link_refused", "the code was used"
    assert result(link(ada, "strava", choice="decline")) == "health.link_cancelled"
    assert town.client.get("/v1/auth/health/strava/callback").status_code == 422


def test_consent_is_needed_here_and_there(
    town: Town, ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-TEN-12: to health data as such; and only metrics of granted scopes are taken."""
    eve = town.citizen("eve@example.org")
    assert eve.post("/v1/health/integrations/strava/link").json()["code"] == "consent.missing"
    assert ada.post("/v1/health/integrations/fitbit/link").status_code == 404
    clouds.google.walk(YESTERDAY, YESTERDAY + HOUR, 7)
    clouds.google.weigh(YESTERDAY, 61250, "scale-1")
    steps = "https://www.googleapis.com/auth/googlehealth.activity_and_fitness.readonly"
    assert result(link(ada, "google_health", scopes=steps)) == "linked"
    sync(platform)
    assert records(ada) == [("steps", 7)]
    granted = [each["granted"] for each in integration(ada, "google_health")["scopes"]]
    assert granted == [True, False, False, False]
    change = {"purpose": "health_data", "given": False, "version": "1"}
    state = ada.get("/v1/me/consents").json()["items"]
    change["version"] = next(e["version"] for e in state if e["purpose"] == "health_data")
    assert ada.ask("PUT", "/v1/me/consents", json=change).status_code == 200
    due(platform, ada, "google_health")
    sync(platform)
    assert integration(ada, "google_health")["state"] == "needs_consent"


@pytest.mark.both_compositions
def test_tokens_are_renewed_and_a_lost_consent_needs_a_new_link(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-01: rotation, refusal, and linking again."""
    strava = clouds.strava
    strava.lifetime = timedelta(seconds=1)  # each sync renews the tokens
    strava.move(1, YESTERDAY, 1800, 5000)
    link(ada, "strava")
    for _ in range(2):
        assert sync(platform) == 1
        due(platform, ada, "strava")
    assert strava.calls.count("/oauth/token") == 3, "one code, two refreshes"
    assert len(records(ada)) == 3
    strava.lifetime = HOUR
    strava.withdraw()
    sync(platform)
    assert integration(ada, "strava")["state"] == "needs_consent"
    assert sync(platform) == 0, "no more calls"
    assert result(link(ada, "strava")) == "linked"
    assert integration(ada, "strava")["state"] == "linked"
    assert notify(ada, "strava", strava.withdrawal()).status_code == 200
    assert integration(ada, "strava")["state"] == "needs_consent"
    assert ada.ask("DELETE", "/v1/health/integrations/strava").status_code == 200


def test_obstacles_postpone_a_sync_without_a_storm(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-EVT-16: a quota for an hour, a page of a proxy, an error inside 200; then it goes on."""
    google, stored = clouds.google, UserId(ada.id)
    for minute in range(8):
        start = YESTERDAY + timedelta(minutes=minute)
        google.walk(start, start + timedelta(minutes=1), 10)
    link(ada, "google_health")
    google.calls_left = 2
    assert sync(platform) == 1
    waiting = platform.health_links.get(DEFAULT_TENANT, stored, "google_health")
    assert waiting is not None
    assert waiting.reason == "health.cloud_unavailable"
    assert waiting.due_at - waiting.changed_at >= timedelta(hours=1)
    assert notify(ada, "google_health", google.webhook()).status_code == 200
    assert sync(platform) == 0, "webhooks do not break the pause"
    assert len(records(ada)) == 6, "what was fetched is stored"
    google.calls_left = None
    for fault in ("page", "down", "lost_answer"):
        google.faults.append(fault)
        due(platform, ada, "google_health")
        assert sync(platform) == 1
    google.errors_inside = 1
    due(platform, ada, "google_health")
    assert sync(platform) == 1
    assert len(records(ada)) == 6, "an error is no empty list"
    due(platform, ada, "google_health")
    sync(platform)
    done = platform.health_links.get(DEFAULT_TENANT, stored, "google_health")
    assert done is not None
    assert (done.attempts, done.reason) == (0, None)
    assert done.due_at - done.changed_at == EVERY
    assert len(records(ada)) == 8


def test_graphql_reads_the_state_of_a_link_anew(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-01: no read model changes with it, so no answer is kept."""
    link(ada, "google_health")
    links = platform.health_links
    stored = links.get(DEFAULT_TENANT, UserId(ada.id), "google_health")
    assert stored is not None
    for failed in (False, True):
        links.put(replace(stored, state="failed" if failed else "active"))
        answer = ada.graph("{ healthIntegrations { source state } }")
        shown = {each["source"]: each["state"] for each in answer["data"]["healthIntegrations"]}
        assert shown["GOOGLE_HEALTH"] == ("FAILED" if failed else "LINKED")


def test_a_link_that_never_succeeds_is_given_up_until_a_webhook(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-EVT-16: it is counted for operators."""
    link(ada, "google_health")
    links, stored = platform.health_links, UserId(ada.id)
    found = links.get(DEFAULT_TENANT, stored, "google_health")
    assert found is not None
    links.put(replace(found, attempts=syncing.MAX_ATTEMPTS - 1))
    clouds.google.errors_inside = 1
    assert sync(platform) == 1
    assert links.count_failed() == 1
    assert integration(ada, "google_health")["state"] == "failed"
    assert sync(platform) == 0
    notify(ada, "google_health", clouds.google.webhook())
    assert sync(platform) == 1
    assert links.count_failed() == 0
    assert integration(ada, "google_health")["state"] == "linked"


def test_forged_webhooks_change_nothing(ada: Person, platform: Platform, clouds: Clouds) -> None:
    """R-HLT-08: a changed text, a missing or old proof, the proof of another cloud."""
    link(ada, "google_health")
    link(ada, "strava")
    sync(platform)
    google, strava = clouds.google.webhook(), clouds.strava.webhook()
    old = clouds.strava
    old.clock = lambda: datetime.now(UTC) - timedelta(minutes=6)
    expired = old.webhook()
    old.clock = lambda: datetime.now(UTC)
    unsigned = {"Authorization": clouds.google.webhook_secret}
    for source, sent in (
        ("google_health", replace(google, body=google.body + b" ")),
        ("google_health", replace(google, headers=unsigned)),
        ("google_health", replace(google, headers={})),
        ("google_health", strava),
        ("strava", replace(strava, body=strava.body + b" ")),
        ("strava", replace(strava, headers={})),
        ("strava", replace(strava, headers={"X-Strava-Signature": "t=1e9,v1="})),
        ("strava", expired),
    ):
        refused = notify(ada, source, sent)
        assert (refused.status_code, refused.json()["code"]) == (401, "health.webhook_forged")
    assert sync(platform) == 0
    assert notify(ada, "fitbit", strava).status_code == 404
    other = clouds.google.webhook(account="another")
    assert notify(ada, "google_health", other).status_code == 200
    assert sync(platform) == 0


def test_clouds_can_try_our_address(ada: Person, clouds: Clouds) -> None:
    """R-HLT-08: each in its own way."""
    body = b'{"type": "verification"}'
    secret = {"Authorization": clouds.google.webhook_secret}
    path = "/v1/webhooks/health/google_health"
    assert ada.client.post(path, content=body, headers=secret).status_code == 201
    assert ada.client.post(path, content=body).status_code == 401
    path = "/v1/webhooks/health/strava"
    query = "hub.mode=subscribe&hub.challenge=abc&hub.verify_token="
    assert ada.client.get(f"{path}?{query}simulated").json() == {"hub.challenge": "abc"}
    assert ada.client.get(f"{path}?{query}guessed").status_code == 401


@pytest.mark.both_compositions
def test_links_are_apart_by_person_and_tenant(
    town: Town, ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-TEN-03: nobody else sees a link, ends it or gets its records."""
    bob = town.citizen("bob@example.org", "gym-north")
    bob.agrees("health_data")
    clouds.strava.move(1, YESTERDAY, 1800, 5000)
    link(ada, "strava")
    sync(platform)
    assert integration(bob, "strava")["state"] == "not_linked"
    assert bob.ask("DELETE", "/v1/health/integrations/strava").status_code == 404
    assert bob.get("/v1/me/health/records").json()["items"] == []
    assert integration(ada, "strava")["state"] == "linked"
    listed = ada.graph("{ healthIntegrations { source state scopes { granted } } }")["data"]
    strava = {"source": "STRAVA", "state": "LINKED", "scopes": [{"granted": True}] * 2}
    assert strava in listed["healthIntegrations"]


def test_a_cloud_that_is_down_revokes_the_tokens_later(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-01: the link ends at once; its tokens are used for nothing else."""
    link(ada, "google_health")
    clouds.google.faults.append("down")
    assert ada.ask("DELETE", "/v1/health/integrations/google_health").status_code == 200
    assert integration(ada, "google_health")["state"] == "not_linked"
    assert len(clouds.google.consents) == 1
    assert sync(platform) == 1
    assert clouds.google.consents == []
    assert platform.health_links.get(DEFAULT_TENANT, UserId(ada.id), "google_health") is None
