"""Withings, Polar and Oura: each with its own protocol, in the life of one link."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.health.polar import Polar
from application.platform import Platform
from domain.ids import DEFAULT_TENANT, UserId
from tests.api.clouds import ada, clouds, due, integration, link, notify, records, settings, sync
from tests.api.people import Person
from tools.health.clouds import Clouds

__all__ = ["ada", "clouds", "settings"]


NOW = datetime.now(UTC).replace(microsecond=0)
YESTERDAY = NOW - timedelta(days=1)


def linked(person: Person, source: str) -> None:
    assert link(person, source).headers["Location"].endswith("=linked")


def test_withings_has_powers_of_ten_and_a_status_inside(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """C-21, R-HLT-01, R-HLT-03: pages, days of a zone, refreshed tokens, a signed revocation."""
    withings = clouds.withings
    for number in range(4):
        at = YESTERDAY - timedelta(hours=number)
        withings.weigh(number, at, 61250 + number, 203)
    day = f"{YESTERDAY - timedelta(days=1):%Y-%m-%d}"
    withings.walk(day, "Europe/Berlin", 8000, 6100.5)
    linked(ada, "withings")
    assert sync(platform) == 1
    found = records(ada)
    assert [value for metric, value in found if metric == "body_fat"] == [20.3] * 4
    assert {"weight", "body_fat", "steps", "distance"} == {metric for metric, _ in found}
    assert ("steps", 8000.0) in found
    withings.lifetime = timedelta(seconds=1)
    withings.consents[0].ends_at = NOW - timedelta(hours=1)  # 401 inside 200
    del withings.groups[3]
    withings.walk(day, "Europe/Berlin", 8100, 6100.5)
    due(platform, ada, "withings")
    assert sync(platform) == 1
    found = records(ada)
    assert len(found) == 8
    assert ("steps", 8100.0) in found
    withings.lifetime, withings.calls_left = timedelta(hours=1), 0
    due(platform, ada, "withings")
    assert sync(platform) == 1
    assert integration(ada, "withings")["state"] == "linked", "a quota is no loss of consent"
    assert ada.client.post("/v1/webhooks/health/withings", data={}).status_code == 401
    assert ada.ask("DELETE", "/v1/health/integrations/withings").status_code == 200
    assert withings.consents == []


def test_the_sums_of_a_day_keep_their_date_in_another_zone(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-03: the first day of a journey east is not added to the day before."""
    days = [f"{NOW - timedelta(days=ago):%Y-%m-%d}" for ago in (5, 4, 3)]
    zones = ("Europe/Berlin", "Asia/Tokyo", "Asia/Tokyo")
    for number, (day, zone) in enumerate(zip(days, zones, strict=True)):
        clouds.withings.walk(day, zone, 9000 + number, 6000.0)
    clouds.oura.walk(datetime.fromisoformat(f"{days[2]}T04:00:00+05:30"), 500)
    for source in ("withings", "oura"):
        linked(ada, source)
    assert sync(platform) == 2
    found = ada.get("/v1/me/health/records", params={"metric": "steps"}).json()["items"]
    assert sorted((each["day"], each["value"]) for each in found) == [
        (days[0], 9000), (days[1], 9001), (days[2], 500), (days[2], 9002)
    ]  # fmt: skip


def test_polar_registers_people_and_has_tokens_that_cannot_be_renewed(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """C-21, R-HLT-01, R-HLT-03: training in local time, nights, and webhooks."""
    polar = clouds.polar
    polar.train("aQlC83", YESTERDAY, 64, 12000.0)
    polar.sleep(YESTERDAY - timedelta(hours=12), 14400, 7200)
    linked(ada, "polar")
    assert len(polar.members) == 1
    assert ada.id not in polar.members, "Polar does not learn our id"
    assert sync(platform) == 1
    assert records(ada) == [
        ("distance", 12000.0),
        ("heart_rate", 129.0),
        ("sleep", 361.0),
        ("sleep_deep", 120.0),
        ("sleep_light", 240.0),
        ("workout_minutes", 64.0),
    ]
    polar.train("aQlC83", YESTERDAY, 65, 12000.0)
    sent = polar.webhook()
    path = "/v1/webhooks/health/polar"
    assert ada.client.post(path, content=b'{"event": "PING"}').status_code == 200
    assert ada.client.post(path, content=sent.body).status_code == 401
    assert sync(platform) == 0
    assert notify(ada, "polar", sent).status_code == 200
    assert sync(platform) == 1
    assert ("workout_minutes", 65.0) in records(ada)
    polar.withdraw()
    due(platform, ada, "polar")
    sync(platform)
    assert integration(ada, "polar")["state"] == "needs_consent"
    linked(ada, "polar")  # the person is registered already: 409
    assert ada.ask("DELETE", "/v1/health/integrations/polar").status_code == 200
    assert (polar.consents, polar.members) == ([], [])


def test_what_polar_no_longer_lists_stays(
    ada: Person, platform: Platform, clouds: Clouds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-HLT-03: it lists some weeks only, so records before them are not taken for deleted ones."""
    clouds.polar.train("old", NOW - timedelta(days=26), 30, 5000.0)
    linked(ada, "polar")
    sync(platform)
    assert len(records(ada)) == 3
    clouds.polar.exercises.clear()
    links = platform.health_links
    stored = links.get(DEFAULT_TENANT, UserId(ada.id), "polar")
    assert stored is not None
    months_ago = NOW - timedelta(days=60)
    for reach, left in ((20, 3), (27, 0)):
        monkeypatch.setattr(Polar, "reach", timedelta(days=reach))
        links.put(replace(stored, due_at=stored.changed_at, synced_until=months_ago))
        assert sync(platform) == 1
        assert len(records(ada)) == left, reach


def test_oura_has_days_of_unknown_zones_and_signs_with_capital_letters(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """C-21, R-HLT-01, R-HLT-03: nights, days that are not over, workouts, and webhooks."""
    oura = clouds.oura
    for number in range(4):
        oura.walk(NOW - timedelta(days=number, hours=1), 1000 + number)
    oura.sleep(YESTERDAY, 25200)
    oura.train(YESTERDAY, 1800)
    linked(ada, "oura")
    assert sync(platform) == 1
    nights = [("sleep", 420.0), ("sleep_awake", 10.0)]
    steps = [("steps", 1000.0 + number) for number in range(4)]
    assert records(ada) == [*nights, *steps, ("workout_minutes", 30.0)]
    oura.walk(NOW - timedelta(hours=1), 1500)
    sent = oura.webhook()
    forged = replace(sent, body=sent.body + b" ")
    assert notify(ada, "oura", forged).status_code == 401
    assert notify(ada, "oura", sent).status_code == 200
    assert sync(platform) == 1
    assert ("steps", 1500.0) in records(ada)
    query = {"verification_token": "simulated", "challenge": "abc"}
    path = "/v1/webhooks/health/oura"
    assert ada.client.get(path, params=query).json() == {"challenge": "abc"}
    assert ada.client.get(path, params={"challenge": "abc"}).status_code == 401
    assert ada.ask("DELETE", "/v1/health/integrations/oura").status_code == 200
    assert oura.consents == []
