"""The sample data of the simulated clouds, as `make run` offers them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from application.platform import Platform
from tests.api.clouds import ada, clouds, integration, link, notify, settings, sync
from tests.api.people import Person
from tools.health.__main__ import CLOUDS
from tools.health.clouds import SAMPLE_DAYS, Clouds

__all__ = ["ada", "clouds", "settings"]


def every_record(person: Person) -> Iterator[Any]:
    query: dict[str, Any] = {"first": 100}
    while True:
        page = person.get("/v1/me/health/records", params=query).json()
        yield from page["items"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        query["after"] = page["pageInfo"]["endCursor"]


def test_every_cloud_has_a_month_of_sample_data(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-01, R-HLT-03: it is fetched by the first sync, or sent by webhook."""
    clouds.add_samples(datetime.now(UTC))
    for source in CLOUDS:
        assert link(ada, source).headers["Location"].endswith("=linked")
    assert sync(platform) == len(CLOUDS)
    for sent in clouds.garmin.webhooks:
        assert notify(ada, "garmin", sent, key=clouds.garmin.webhook_secret).status_code == 200
    assert sync(platform) == 1
    days: dict[str, set[str]] = {source: set() for source in CLOUDS}
    for each in every_record(ada):
        days[each["source"]].add(each["start"][:10])
    for source in CLOUDS:
        assert integration(ada, source)["lastSyncAt"] is not None
        assert len(days[source]) >= SAMPLE_DAYS // 3 - 1, source
