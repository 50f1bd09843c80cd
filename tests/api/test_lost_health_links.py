"""Health clouds in bad moments: nothing is lost, nothing is fetched without consent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.encryption.envelope import EnvelopeCipher
from adapters.health.google import GoogleHealth
from application.health.links import HealthLink
from application.health.providers import CloudConsentLost, CloudForbidden, Grant
from application.kernel.encryption import KeyDisabled
from application.platform import Platform
from bootstrap.settings import Settings
from domain.health.integration import HEALTH_INTEGRATION
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin, Rejected
from tests.api.clouds import ada, clouds, due, integration, link, notify, records, settings, sync
from tests.api.people import Person, Town
from tools.health.clouds import Clouds

__all__ = ["ada", "clouds", "settings"]


YESTERDAY = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)


def stored(platform: Platform, person: Person) -> HealthLink | None:
    return platform.health_links.get(DEFAULT_TENANT, UserId(person.id), "google_health")


def test_a_record_that_a_cloud_lists_again_comes_back(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-03: but one that the person deleted does not."""
    weights = clouds.google.points.setdefault("weight", [])
    clouds.google.weigh(YESTERDAY, 61250, "scale-1")
    link(ada, "google_health")
    sync(platform)
    (point,) = weights
    for listed, expected in (([], []), ([point], [("weight", 61.25)])):
        weights[:] = listed
        due(platform, ada, "google_health")
        assert sync(platform) == 1
        assert records(ada) == expected
    assert ada.post("/v1/me/health/record-deletions", json={}).status_code == 200
    due(platform, ada, "google_health")
    assert sync(platform) == 1
    assert records(ada) == []


def test_a_sync_between_the_steps_of_linking_ends_no_link(
    ada: Person, platform: Platform, clouds: Clouds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-21, R-HLT-01: another process looks for due links before the consent is noted."""
    commands = platform.health_linking.commands
    execute = type(commands).execute
    synced: list[int] = []

    def execute_after_a_sync(self: Any, *requests: Any, **named: Any) -> Any:
        if requests[0].decider is HEALTH_INTEGRATION and not synced:
            synced.append(-1)
            synced.append(sync(platform))
        return execute(self, *requests, **named)

    monkeypatch.setattr(type(commands), "execute", execute_after_a_sync)
    clouds.google.weigh(YESTERDAY, 61250, "scale-1")
    assert link(ada, "google_health").headers["Location"].endswith("=linked")
    assert synced
    assert sync(platform) == 1
    assert records(ada) == [("weight", 61.25)]


def test_nothing_is_fetched_after_an_interrupted_disconnection(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-TEN-12: the consent is withdrawn by the event, before the link has ended."""
    link(ada, "google_health")
    sync(platform)
    user, new_id = UserId(ada.id), platform.new_id
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=user, correlation_id=new_id())
    platform.health.disconnect(user, "google_health", origin=origin, command_id=new_id())
    clouds.google.calls.clear()
    due(platform, ada, "google_health")
    assert sync(platform) == 1
    assert clouds.google.calls == ["/revoke"]
    assert stored(platform, ada) is None


def test_a_sync_that_lost_its_lease_deletes_nothing(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-08: it knows less than the sync that took over."""
    link(ada, "google_health")
    sync(platform)
    found = stored(platform, ada)
    assert found is not None
    clouds.google.weigh(YESTERDAY, 61250, "scale-1")
    due(platform, ada, "google_health")
    sync(platform)
    clouds.google.points.clear()
    platform.health_sync.sync_health_data(replace(found, synced_until=YESTERDAY))
    assert records(ada) == [("weight", 61.25)]


def test_a_consent_that_is_withdrawn_here_revokes_the_tokens_there(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-TEN-12, R-HLT-01: also if the cloud is down at first."""
    link(ada, "google_health")
    state = ada.get("/v1/me/consents").json()["items"]
    version = next(each["version"] for each in state if each["purpose"] == "health_data")
    change = {"purpose": "health_data", "given": False, "version": version}
    assert ada.ask("PUT", "/v1/me/consents", json=change).status_code == 200
    clouds.google.faults.append("down")
    assert sync(platform) == 2, "the link ends, then its tokens"
    assert clouds.google.consents == []
    assert stored(platform, ada) is None
    assert integration(ada, "google_health")["state"] == "needs_consent"


@pytest.mark.parametrize("refusal", [CloudConsentLost, CloudForbidden])
def test_tokens_that_the_cloud_refuses_to_revoke_keep_no_link(
    ada: Person,
    platform: Platform,
    monkeypatch: pytest.MonkeyPatch,
    refusal: type[Rejected],
) -> None:
    """R-HLT-01, R-TEN-12: it has ended them; else no disconnection and no erasure would end."""

    def refuse(*_: object) -> None:
        raise refusal

    link(ada, "google_health")
    monkeypatch.setattr(GoogleHealth, "revoke", refuse)
    assert ada.ask("DELETE", "/v1/health/integrations/google_health").status_code == 200
    assert stored(platform, ada) is None


def test_an_account_that_is_linked_again_is_not_revoked(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-01: at some clouds, revoking old tokens of an account ends its new ones as well."""
    google = clouds.google
    own = google.account
    for account in (own, "another", own):
        google.account = account
        link(ada, "google_health")
    found = stored(platform, ada)
    assert found is not None
    assert found.account == own
    assert [each.account for each in found.former] == ["another"]


@pytest.fixture
def there(ada: Person, platform: Platform, settings: Settings) -> Person:
    """Return a user of another tenant, with the same account at each cloud."""
    person = Town(ada.client, platform, settings.home / "mail").citizen(tenant="gym-north")
    person.agrees("health_data")
    return person


def disable_key(tenant_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse to decrypt what belongs to a tenant, until the test ends or undoes it."""
    unseal = EnvelopeCipher.unseal

    def unseal_unless_disabled(self: Any, sealed: bytes, **named: Any) -> bytes | None:
        if named["tenant_id"] == tenant_id:
            raise KeyDisabled
        return unseal(self, sealed, **named)

    monkeypatch.setattr(EnvelopeCipher, "unseal", unseal_unless_disabled)


@pytest.mark.both_compositions
def test_unlinking_ends_no_link_of_the_same_account_in_another_tenant(
    ada: Person, there: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-01, R-TEN-03: at some clouds, a revocation ends all tokens of an account."""
    link(there, "polar")
    link(ada, "polar")
    sync(platform)
    assert ada.ask("DELETE", "/v1/health/integrations/polar").status_code == 200
    assert integration(ada, "polar")["state"] == "not_linked"
    assert len(clouds.polar.consents) == 2
    assert there.ask("DELETE", "/v1/health/integrations/polar").status_code == 200
    assert clouds.polar.consents == []


@pytest.mark.both_compositions
def test_unlinking_needs_no_key_of_another_tenant(
    ada: Person,
    there: Person,
    platform: Platform,
    clouds: Clouds,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R-HLT-01, R-TEN-03: a tenant can disable its key in AWS KMS, and others go on."""
    link(there, "polar")
    link(ada, "polar")
    disable_key("gym-north", monkeypatch)
    assert ada.ask("DELETE", "/v1/health/integrations/polar").status_code == 200
    assert integration(ada, "polar")["state"] == "not_linked"
    assert len(clouds.polar.consents) == 2


@pytest.mark.both_compositions
def test_syncs_go_on_while_another_tenant_has_disabled_its_key(
    ada: Person,
    there: Person,
    platform: Platform,
    clouds: Clouds,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R-HLT-08, R-TEN-03: links of that tenant, due before, are tried again after their lease."""
    link(there, "polar")
    link(there, "strava")
    link(ada, "strava")
    disable_key("gym-north", monkeypatch)
    clouds.strava.move(1, YESTERDAY, 1800, 5000)
    assert sync(platform) == 1
    assert ("distance", 5000) in records(ada)
    monkeypatch.undo()
    assert records(there) == []


@pytest.mark.both_compositions
def test_a_webhook_reaches_other_tenants_while_one_has_disabled_its_key(
    ada: Person,
    there: Person,
    platform: Platform,
    clouds: Clouds,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R-HLT-08, R-TEN-03: the webhook is refused, so that the cloud sends it again later."""
    link(there, "strava")
    link(ada, "strava")
    sync(platform)
    disable_key("gym-north", monkeypatch)
    withdrawal = clouds.strava.withdrawal()
    assert notify(ada, "strava", withdrawal).status_code == 503
    assert integration(ada, "strava")["state"] == "needs_consent"
    monkeypatch.undo()
    assert integration(there, "strava")["state"] == "linked"
    assert notify(ada, "strava", withdrawal).status_code == 200
    assert integration(there, "strava")["state"] == "needs_consent"


@pytest.mark.both_compositions
def test_a_delivery_reaches_other_tenants_while_one_has_disabled_its_key(
    ada: Person,
    there: Person,
    platform: Platform,
    clouds: Clouds,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R-HLT-08, R-TEN-03: a sync is due at once, although the webhook is refused."""
    link(there, "garmin")
    link(ada, "garmin")
    sync(platform)
    clouds.garmin.walk(YESTERDAY, 8000)
    disable_key("gym-north", monkeypatch)
    delivery, key = clouds.garmin.push("dailies"), clouds.garmin.webhook_secret
    assert notify(ada, "garmin", delivery, key=key).status_code == 503
    assert sync(platform) == 1
    assert ("steps", 8000) in records(ada)


@pytest.mark.both_compositions
def test_tokens_stored_while_others_are_revoked_stay(
    ada: Person, platform: Platform, clouds: Clouds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-HLT-01: the cloud takes its time, and a sync renews the tokens of the link meanwhile."""
    link(ada, "google_health")
    sync(platform)
    before = stored(platform, ada)
    assert before is not None
    assert before.grant is not None
    links, renewed = platform.health_links, replace(before.grant, scopes=("renewed",))
    former = replace(before.grant, account="another")
    links.put(replace(before, former=(former,)))

    def revoke(_: GoogleHealth, grant: Grant) -> None:
        assert grant == former
        present = stored(platform, ada)
        assert present is not None
        links.save_grant(replace(present, grant=renewed), present.changed_at)

    monkeypatch.setattr(GoogleHealth, "revoke", revoke)
    platform.health_linking.revoke_former(DEFAULT_TENANT, UserId(ada.id), "google_health")
    after = stored(platform, ada)
    assert after is not None
    assert (after.grant, after.former) == (renewed, ())


@pytest.mark.both_compositions
def test_tokens_to_revoke_that_come_during_a_sync_stay(
    ada: Person, platform: Platform, clouds: Clouds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-HLT-01, R-TEN-12: another flow rejects tokens, which the next sync revokes."""
    link(ada, "google_health")
    before = stored(platform, ada)
    assert before is not None
    assert before.grant is not None
    rejected, user = replace(before.grant, account="another"), UserId(ada.id)
    refresh = GoogleHealth.refresh

    def refresh_and_reject(self: GoogleHealth, grant: Grant) -> Grant:
        platform.health_links.change_former(
            DEFAULT_TENANT, user, "google_health", lambda former: (*former, rejected)
        )
        return refresh(self, grant)

    monkeypatch.setattr(GoogleHealth, "refresh", refresh_and_reject)
    clouds.google.consents[0].ends_at = YESTERDAY
    assert sync(platform) == 1
    after = stored(platform, ada)
    assert after is not None
    assert after.former == (rejected,)
    assert after.reason is None


def test_an_erasure_forgets_links_to_clouds_that_are_not_set_up_any_more(
    ada: Person, platform: Platform
) -> None:
    """R-TEN-12, C-24"""
    link(ada, "google_health")
    linking = replace(platform.health_linking, providers={})
    linking.end_all(DEFAULT_TENANT, UserId(ada.id))
    assert stored(platform, ada) is None
