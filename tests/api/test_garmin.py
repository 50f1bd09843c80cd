"""Garmin: records come by webhook only, as addresses or as they are."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from application.health.deliveries import KEPT, MOST_WAITING
from application.health.sync import DELIVERIES, GIVE_UP
from application.platform import Platform
from domain.ids import DEFAULT_TENANT, UserId
from tests.api.clouds import (
    ada,
    agree,
    begin,
    clouds,
    come_back,
    due,
    integration,
    link,
    notify,
    records,
    settings,
    sync,
)
from tests.api.people import Person
from tools.health.clouds import Clouds
from tools.health.garmin_simulator import SUMMARIES, GarminSimulator
from tools.payments.simulator import Sent

__all__ = ["ada", "clouds", "settings"]

NOW = datetime.now(UTC).replace(microsecond=0)
YESTERDAY = NOW - timedelta(days=1)


@pytest.fixture
def garmin(ada: Person, platform: Platform, clouds: Clouds) -> GarminSimulator:
    """Garmin, linked and synced once."""
    assert link(ada, "garmin").headers["Location"].endswith("=linked")
    assert sync(platform) == 1
    return clouds.garmin


def deliver(person: Person, garmin: GarminSimulator, sent: Sent) -> None:
    assert notify(person, "garmin", sent, key=garmin.webhook_secret).status_code == 200


def waiting(platform: Platform, person: Person) -> int:
    return len(
        platform.health_deliveries.oldest(DEFAULT_TENANT, UserId(person.id), "garmin", limit=100)
    )


@pytest.mark.both_compositions
def test_pings_and_pushes_bring_records(
    ada: Person, platform: Platform, garmin: GarminSimulator
) -> None:
    """C-21, R-HLT-01, R-HLT-03: acknowledged before they are read; repeated and corrected."""
    garmin.walk(YESTERDAY, 8000)
    garmin.sleep(YESTERDAY, 7200, 14400)
    garmin.weigh(YESTERDAY, 61250)
    garmin.train("17", YESTERDAY, 1800)
    deliver(ada, garmin, garmin.ping("dailies", "sleeps"))
    deliver(ada, garmin, garmin.push("bodyComps", "activities"))
    assert (records(ada), waiting(platform, ada)) == ([], 2)
    garmin.consents[0].ends_at = NOW - timedelta(hours=1)  # the tokens are renewed
    assert sync(platform) == 1
    found = [
        ("active_minutes", 15.0),
        ("heart_rate", 131.0),
        ("sleep", 360.0),
        ("sleep_awake", 1.0),
        ("sleep_deep", 120.0),
        ("sleep_light", 240.0),
        ("steps", 8000.0),
        ("weight", 61.25),
        ("workout_minutes", 30.0),
    ]
    assert (records(ada), waiting(platform, ada)) == (found, 0)
    garmin.walk(YESTERDAY, 8100)
    for sent in (garmin.push("dailies"), garmin.push("dailies"), garmin.ping("sleeps")):
        deliver(ada, garmin, sent)
    assert sync(platform) == 1
    assert records(ada) == [*found[:6], ("steps", 8100.0), *found[7:]]
    assert integration(ada, "garmin")["records"] == len(found), "corrected ones count once"


def test_a_day_keeps_its_date_in_another_zone(
    ada: Person, platform: Platform, garmin: GarminSimulator
) -> None:
    """R-HLT-03: midnight in Tokyo is on the day before in the zone of the profile."""
    midnight = YESTERDAY.replace(hour=0, minute=0, second=0, tzinfo=ZoneInfo("Asia/Tokyo"))
    garmin.walk(midnight, 8000)
    deliver(ada, garmin, garmin.push("dailies"))
    assert sync(platform) == 1
    (steps,) = ada.get("/v1/me/health/records", params={"metric": "steps"}).json()["items"]
    assert (steps["day"], steps["value"]) == (f"{midnight:%Y-%m-%d}", 8000)


def test_histories_are_requested_once_for_each_period(
    ada: Person, platform: Platform, clouds: Clouds, garmin: GarminSimulator
) -> None:
    """R-HLT-02, R-HLT-07: 30 days at first, then each day; webhooks between request none."""
    assert {kind for kind, _, _ in garmin.histories} >= {"dailies", "sleeps", "activities"}
    _, start, end = garmin.histories[0]
    assert end - start == timedelta(days=30).total_seconds()
    requested = len(garmin.histories)
    garmin.walk(YESTERDAY, 8000)
    deliver(ada, garmin, garmin.ping("dailies"))
    assert sync(platform) == 1
    assert len(garmin.histories) == requested
    links = platform.health_links
    stored = links.get(DEFAULT_TENANT, UserId(ada.id), "garmin")
    assert stored is not None
    assert stored.synced_until is not None
    earlier = stored.synced_until - timedelta(days=2)
    links.put(replace(stored, due_at=stored.changed_at, synced_until=earlier))
    garmin.webhooks.clear()
    assert sync(platform) == 1
    later = garmin.histories[requested:]
    assert {start for _, start, _ in later} == {int(earlier.timestamp())}
    (answer,) = garmin.webhooks
    deliver(ada, garmin, answer)
    assert sync(platform) == 1
    assert ("steps", 8000.0) in records(ada), "what is not listed is not deleted"


def test_only_garmins_own_addresses_are_read(
    ada: Person, platform: Platform, clouds: Clouds, garmin: GarminSimulator
) -> None:
    """R-HLT-08: of another host, path or person, expired, or none; the others are read."""
    garmin.walk(YESTERDAY, 8000)
    strava = f"{clouds.strava.url}{SUMMARIES}/dailies?token=x"
    addresses = [
        strava,
        f"{garmin.url}@{strava.removeprefix('http://')}",
        f"{garmin.url}{SUMMARIES}/../../partner-gateway/rest/user/id?token=x",
        f"{garmin.url}{SUMMARIES}/dailies?token=expired",
        "http://[",
    ]
    clouds.strava.calls.clear()
    entries = [{"userId": garmin.person, "callbackURL": each} for each in addresses]
    pinged = [*entries, garmin.address("dailies")]
    deliver(ada, garmin, garmin.signed({"dailies": pinged, "moveiq": [{"userId": "x"}]}))
    assert sync(platform) == 1
    assert clouds.strava.calls == []
    assert ("steps", 8000.0) in records(ada)
    assert integration(ada, "garmin")["refused"] == len(addresses)
    garmin.summaries["dailies"][f"{YESTERDAY:%Y-%m-%d}"] |= {"userId": "another", "steps": 1}
    deliver(ada, garmin, garmin.ping("dailies"))
    assert sync(platform) == 1
    assert ("steps", 8000.0) in records(ada)


def test_what_the_service_does_not_prove_changes_nothing(
    ada: Person, platform: Platform, garmin: GarminSimulator
) -> None:
    """R-HLT-08: without the secret of the address, from another client, about nobody, no lists."""
    garmin.walk(YESTERDAY, 8000)
    sent = garmin.push("dailies")
    other = replace(sent, headers={"garmin-client-id": "another"})
    key = garmin.webhook_secret
    for forged, query in ((sent, {}), (sent, {"key": "guessed"}), (other, {"key": key})):
        assert notify(ada, "garmin", forged, **query).status_code == 401
    for body in (b'{"dailies": {}}', b'{"dailies": [1]}', b"[]"):
        assert notify(ada, "garmin", replace(sent, body=body), key=key).status_code == 401
    deliver(ada, garmin, garmin.signed({"dailies": [{"userId": "another", "steps": 5}]}))
    assert (waiting(platform, ada), sync(platform)) == (0, 0)


def test_changed_permissions_are_read_again(
    ada: Person, platform: Platform, garmin: GarminSimulator
) -> None:
    """R-HLT-01: the person sees what the account does not share, until it does again."""
    everything = garmin.permissions
    garmin.permissions = ("ACTIVITY_EXPORT",)
    deliver(ada, garmin, garmin.permission_change())
    assert sync(platform) == 1
    found = integration(ada, "garmin")
    assert (found["state"], "steps" in found["forbidden"]) == ("linked", True)
    assert "workout_minutes" not in found["forbidden"]
    garmin.permissions = everything
    deliver(ada, garmin, garmin.permission_change())
    assert sync(platform) == 1
    assert integration(ada, "garmin")["forbidden"] == []


def test_a_deregistration_ends_the_link_unless_it_is_outdated(
    ada: Person, platform: Platform, garmin: GarminSimulator
) -> None:
    """R-HLT-01, R-TEN-12: it can come after the person has linked Garmin again."""
    deliver(ada, garmin, garmin.deregistration())
    assert sync(platform) == 1
    assert integration(ada, "garmin")["state"] == "linked"
    garmin.withdraw()
    deliver(ada, garmin, garmin.deregistration())
    assert sync(platform) == 1
    assert integration(ada, "garmin")["state"] == "needs_consent"
    garmin.walk(YESTERDAY, 8000)
    deliver(ada, garmin, garmin.push("dailies"))
    assert (waiting(platform, ada), sync(platform)) == (0, 0), "a webhook for a revoked link"


def test_unlinking_revokes_the_registration_and_forgets_deliveries(
    ada: Person, platform: Platform, garmin: GarminSimulator
) -> None:
    """R-HLT-01"""
    garmin.walk(YESTERDAY, 8000)
    deliver(ada, garmin, garmin.push("dailies"))
    assert ada.ask("DELETE", "/v1/health/integrations/garmin").status_code == 200
    assert (garmin.consents, waiting(platform, ada)) == ([], 0)


def test_tokens_that_were_renewed_to_be_revoked_are_kept_until_they_are(
    ada: Person, platform: Platform, garmin: GarminSimulator
) -> None:
    """R-HLT-01: a quota is used up between the renewal and the revocation."""
    links, user = platform.health_links, UserId(ada.id)
    held = links.get(DEFAULT_TENANT, user, "garmin")
    assert held is not None
    assert held.grant is not None
    links.put(replace(held, grant=replace(held.grant, expires_at=YESTERDAY)))
    garmin.calls_left = 0
    assert ada.ask("DELETE", "/v1/health/integrations/garmin").status_code == 200
    (consent,) = garmin.consents
    held = links.get(DEFAULT_TENANT, user, "garmin")
    assert held is not None
    assert [each.refresh_token for each in held.former] == [consent.refresh]

    garmin.calls_left = None
    cloud = platform.health_clouds["garmin"]
    cloud._http._closed_until = 0.0  # type: ignore[attr-defined]  # the quota is renewed
    garmin.calls.clear()
    assert sync(platform) == 1
    assert any(path.endswith("/registration") for path in garmin.calls)
    assert (garmin.consents, links.get(DEFAULT_TENANT, user, "garmin")) == ([], None)


def test_a_link_without_permissions_is_refused(ada: Person, clouds: Clouds) -> None:
    """R-HLT-01: and its registration revoked."""
    callback = agree(begin(ada, "garmin"), scopes="HISTORICAL_DATA_EXPORT")
    assert come_back(ada, callback).headers["Location"].endswith("health.link_cancelled")
    assert clouds.garmin.consents == []


def test_deliveries_wait_for_a_cloud_that_is_down(
    ada: Person, platform: Platform, garmin: GarminSimulator
) -> None:
    """R-EVT-16: a quota is used up in the middle of a delivery."""
    garmin.walk(YESTERDAY, 8000)
    garmin.sleep(YESTERDAY, 7200, 14400)
    deliver(ada, garmin, garmin.ping("sleeps"))
    deliver(ada, garmin, garmin.ping("dailies"))
    garmin.calls_left = 2
    assert sync(platform) == 1
    assert waiting(platform, ada) == 1
    garmin.calls_left = None
    cloud = platform.health_clouds["garmin"]
    cloud._http._closed_until = 0.0  # type: ignore[attr-defined]  # the quota is renewed
    due(platform, ada, "garmin")
    assert sync(platform) == 1
    assert waiting(platform, ada) == 0
    assert ("steps", 8000.0) in records(ada)


def test_an_address_that_never_answers_is_given_up(
    ada: Person, platform: Platform, garmin: GarminSimulator
) -> None:
    """R-HLT-08: after two days it has ended; what came after it is read."""
    garmin.walk(YESTERDAY, 8000)
    delivered = platform.health_deliveries
    lost = json.dumps({"sleeps": [garmin.address("sleeps")]}).encode()
    user = UserId(ada.id)
    delivered.put(DEFAULT_TENANT, user, "garmin", lost, NOW - GIVE_UP)
    deliver(ada, garmin, garmin.push("dailies"))
    garmin.calls_left = 1
    assert sync(platform) == 1
    assert ("steps", 8000.0) in records(ada)
    assert (waiting(platform, ada), integration(ada, "garmin")["refused"]) == (0, 1)


def test_many_deliveries_of_one_link_let_others_have_their_turn(
    ada: Person, platform: Platform, garmin: GarminSimulator
) -> None:
    """R-HLT-08: a sync reads some, and the link is due again behind the others."""
    for steps in range(1, DELIVERIES + 3):
        garmin.walk(YESTERDAY, steps)
        deliver(ada, garmin, garmin.push("dailies"))
    link = platform.health_links.claim_due(datetime.now(UTC), NOW + timedelta(hours=1))
    assert link is not None
    platform.health_sync.sync_health_data(link)
    assert waiting(platform, ada) == 2
    assert sync(platform) == 1
    assert waiting(platform, ada) == 0
    assert ("steps", float(DELIVERIES + 2)) in records(ada)


def test_only_so_many_deliveries_wait(
    ada: Person, platform: Platform, garmin: GarminSimulator
) -> None:
    """R-TEN-12: a link that cannot be synced does not fill the store, and old ones are deleted."""
    delivered, user = platform.health_deliveries, UserId(ada.id)
    for _ in range(MOST_WAITING):
        assert delivered.put(DEFAULT_TENANT, user, "garmin", b"{}", NOW)
    assert not delivered.put(DEFAULT_TENANT, user, "garmin", b"{}", NOW)
    garmin.walk(YESTERDAY, 8000)
    deliver(ada, garmin, garmin.push("dailies"))
    later = NOW + KEPT + timedelta(minutes=1)
    assert delivered.put(DEFAULT_TENANT, user, "garmin", b"{}", later)
    assert waiting(platform, ada) == 1


def test_nothing_is_kept_without_consent(
    ada: Person, platform: Platform, garmin: GarminSimulator
) -> None:
    """R-TEN-12: not of a person who withdrew it here, nor what waits when the cloud ends it."""
    garmin.walk(YESTERDAY, 8000)
    deliver(ada, garmin, garmin.push("dailies"))
    garmin.withdraw()
    assert sync(platform) == 1
    assert (integration(ada, "garmin")["state"], waiting(platform, ada)) == ("needs_consent", 0)
    assert link(ada, "garmin").headers["Location"].endswith("=linked")
    assert sync(platform) == 1
    change = {"purpose": "health_data", "given": False, "version": "1"}
    assert ada.ask("PUT", "/v1/me/consents", json=change).status_code == 200
    deliver(ada, garmin, garmin.push("dailies"))
    assert waiting(platform, ada) == 0
