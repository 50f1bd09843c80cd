"""Health clouds that give a part of their records, and accounts that take each other's place."""

import hashlib
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
import sqlalchemy as sa

from adapters.health.links import LINK, SqlHealthLinks
from application.health.links import HealthLink
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

__all__ = ["ada", "clouds", "settings"]


YESTERDAY = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
SOON = timedelta(seconds=1)


def stored(platform: Platform, person: Person) -> HealthLink | None:
    return platform.health_links.get(DEFAULT_TENANT, UserId(person.id), "google_health")


def test_a_type_of_data_that_a_cloud_refuses_ends_no_link(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-01: 403 is about the data type. The person sees it, and stored records stay."""
    google = clouds.google
    google.walk(YESTERDAY, YESTERDAY + timedelta(hours=1), 7)
    google.weigh(YESTERDAY, 61250, "scale-1")
    link(ada, "google_health")
    sync(platform)
    google.lifetime, google.forbidden = SOON, {"weight"}
    google.points["steps"].clear()
    due(platform, ada, "google_health")
    assert sync(platform) == 1
    assert records(ada) == [("weight", 61.25)], "only what the cloud lists can be missing"
    shown = integration(ada, "google_health")
    assert (shown["state"], shown["forbidden"]) == ("linked", ["weight"])
    google.forbidden = set()
    due(platform, ada, "google_health")
    assert sync(platform) == 1
    assert integration(ada, "google_health")["forbidden"] == []


def test_tokens_that_were_renewed_survive_a_failed_sync(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-01: a cloud that replaces refresh tokens takes a used one for stolen."""
    clouds.google.lifetime = SOON
    link(ada, "google_health")
    sync(platform)
    clouds.google.errors_inside = 1
    due(platform, ada, "google_health")
    sync(platform)
    due(platform, ada, "google_health")
    sync(platform)
    assert integration(ada, "google_health")["state"] == "linked"


def test_a_record_that_cannot_be_read_prevents_no_others(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-03: it is counted, and deletes nothing; so is an impossible one."""
    google = clouds.google
    google.weigh(YESTERDAY, 61250, "scale-1")
    google.weigh(YESTERDAY, 61500, "scale-2")
    link(ada, "google_health")
    sync(platform)
    google.points["weight"][0]["weight"]["weightGrams"] = "heavy"
    google.points["weight"][1]["weight"]["weightGrams"] = 62000
    google.weigh(YESTERDAY, 9e9, "scale-3")
    due(platform, ada, "google_health")
    assert sync(platform) == 1
    assert records(ada) == [("weight", 61.25), ("weight", 62.0)]
    shown = integration(ada, "google_health")
    assert (shown["state"], shown["refused"]) == ("linked", 2)


def test_another_account_leaves_the_records_of_the_former_one(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-01, R-HLT-03: and its tokens are revoked, also if the cloud is down at first."""
    google = clouds.google
    google.weigh(YESTERDAY, 61250, "scale-1")
    link(ada, "google_health")
    sync(platform)
    (former,) = google.consents
    google.account = "another"
    google.points.clear()
    google.weigh(YESTERDAY, 80000, "scale-1")
    assert link(ada, "google_health").headers["Location"].endswith("=linked")
    google.faults.append("down")
    sync(platform)
    assert former in google.consents
    due(platform, ada, "google_health")
    assert sync(platform) == 1
    assert former not in google.consents
    assert len(google.consents) == 1
    assert records(ada) == [("weight", 61.25), ("weight", 80.0)]
    google.points.clear()
    due(platform, ada, "google_health")
    assert sync(platform) == 1
    assert records(ada) == [("weight", 61.25)], "its own records are deleted with the cloud's"


def test_a_consent_to_no_useful_scope_leaves_no_tokens(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-01: nor does it end a link of the same account; tokens of another one are revoked."""
    google = clouds.google
    for is_down, left in ((False, 0), (True, 1)):
        callback = agree(begin(ada, "google_health"), scopes="other")
        if is_down:  # after two calls: for tokens, and for the account
            google.faults.extend(("none", "none", "down"))
        answer = come_back(ada, callback)
        assert answer.headers["Location"].endswith("=health.link_cancelled")
        assert len(google.consents) == left
        google.faults.clear()
        sync(platform)
        assert (google.consents, stored(platform, ada)) == ([], None)
    link(ada, "google_health")
    link(ada, "google_health", scopes="other")
    sync(platform)
    assert integration(ada, "google_health")["state"] == "linked"
    google.account, before = "another", len(google.consents)
    link(ada, "google_health", scopes="other")
    assert len(google.consents) == before
    sync(platform)
    assert integration(ada, "google_health")["state"] == "linked"


def test_a_repeated_disconnection_ends_no_newer_link(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """C-06: an `Idempotency-Key` stands for one disconnection."""
    path, key = "/v1/health/integrations/google_health", {"Idempotency-Key": uuid4().hex}
    link(ada, "google_health")
    assert ada.ask("DELETE", path, headers=key).status_code == 200
    link(ada, "google_health")
    assert ada.ask("DELETE", path, headers=key).status_code == 200
    assert len(clouds.google.consents) == 1
    assert integration(ada, "google_health")["state"] == "linked"
    assert stored(platform, ada) is not None


def test_accounts_are_found_by_a_keyed_digest(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-TEN-16: account ids are short enough to guess. Links of before still work."""
    google = clouds.google
    link(ada, "google_health")
    sync(platform)
    links = platform.health_links
    assert isinstance(links, SqlHealthLinks)
    unkeyed = hashlib.sha256(f"google_health\x1f{google.account}".encode()).hexdigest()
    engine, columns = links._engine, (LINK.c.account_digest, LINK.c.sealed_grant)
    with engine.begin() as connection:
        digest, _ = connection.execute(sa.select(*columns)).one()
    assert digest != unkeyed
    found = stored(platform, ada)
    assert found is not None
    assert found.grant is not None
    sealed = links._cipher.seal(
        msgspec.json.encode(asdict(found.grant)),
        tenant_id=DEFAULT_TENANT,
        subject=UserId(ada.id),
        place=f"health_link/google_health/{ada.id}".encode(),
    )
    with engine.begin() as connection:
        values = {"account_digest": unkeyed, "sealed_grant": sealed}
        connection.execute(sa.update(LINK).values(values))
    assert notify(ada, "google_health", google.webhook()).status_code == 200
    assert sync(platform) == 1
    with engine.begin() as connection:
        assert connection.execute(sa.select(*columns)).one()[0] == digest
