"""One tenant's key is disabled in AWS KMS; other tenants are not affected."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from adapters.encryption import envelope
from adapters.mail.folder import stored_mails
from api.app import build_app
from api.config import ApiConfig
from application.kernel.command_handler import Request
from application.kernel.encryption import KeyDisabled
from application.kernel.projection_fold import list_quarantined, retry
from application.kernel.projection_runner import rebuild
from application.platform import Platform
from application.privacy.erasure import NotCertified
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import build_encryption
from bootstrap.wiring.platform import build_projection_log
from domain.catalog.commands import ChangeTrainerProfile
from domain.catalog.trainer import TRAINER
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from projections.health_goal import HEALTH_GOAL
from projections.registry import ALL
from tests.adapters.users.kms_peer import KmsPeer, kms_of
from tests.api.conftest import WEB
from tests.api.people import Town
from tests.privacy.person import NAME
from tests.privacy.person import settle as settle_person

NORTH = TenantId("gym-north")
NORTH_KEY = f"alias/kinelog-{NORTH}"
ADA, NORA = "ada@example.org", "nora@example.org"
ZOE = UserId("zoe")


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[KmsPeer]:
    monkeypatch.setattr(envelope, "DISABLED_TTL_S", 0.0)
    with kms_of(monkeypatch, DEFAULT_TENANT, NORTH) as serving:
        monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", serving.url)
        yield serving


@pytest.fixture
def settings(settings: Settings, kms: KmsPeer) -> Settings:
    return settings.model_copy(update={"kms_key": "alias/kinelog-{tenant}"})


@contextmanager
def opened(settings: Settings) -> Iterator[Town]:
    """Open the platform again, without any key in memory."""
    with (
        open_platform(settings) as platform,
        TestClient(build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))) as client,
    ):
        yield Town(client, platform, settings.home / "mail")


def settle(town: Town) -> None:
    """Let a user of each tenant set a goal, which is encrypted in the log."""
    for person in (town.citizen(ADA), town.citizen(NORA, NORTH)):
        person.agrees("health_data")
        goal = {"target": 8000}
        assert person.ask("PUT", "/v1/me/health/goals/steps", json=goal).status_code == 200


def goals(platform: Platform) -> list[TenantId]:
    """Return the tenants that have a goal in their read models."""
    return [each for each in (DEFAULT_TENANT, NORTH) if platform.read.count(HEALTH_GOAL, each)]


def emails(town: Town) -> int:
    """Return how many e-mails were sent; they are encrypted with the keys of their tenants."""
    town.settled()
    return len(list(stored_mails(town.mail)))


def test_read_models_are_built_again_without_what_needs_the_disabled_key(
    settings: Settings, kms: KmsPeer
) -> None:
    """C-24, R-TEN-03: its streams are quarantined where a read model needs encrypted values."""
    with opened(settings) as town:
        settle(town)
        assert goals(town.platform) == [DEFAULT_TENANT, NORTH]
    kms.disabled.add(NORTH_KEY)
    with opened(settings) as town, build_encryption(settings) as encryption:
        platform = town.platform
        log = build_projection_log(platform.log, encryption.database)
        rebuild(log, platform.tables, *ALL)
        assert goals(platform) == [DEFAULT_TENANT]
        skipped = list_quarantined(platform.log, platform.tables, ALL)
        assert {each.quarantined.tenant_id for each in skipped} == {NORTH}
        kms.disabled.clear()
        for each in skipped:
            retried = retry(
                platform.log,
                platform.tables,
                next(one for one in ALL if one.name == each.projection),
                NORTH,
                each.quarantined.stream,
            )
            assert retried.quarantined is None
        assert goals(platform) == [DEFAULT_TENANT, NORTH]


def test_emails_to_other_tenants_are_sent_while_a_key_is_disabled(
    settings: Settings, kms: KmsPeer
) -> None:
    """C-24, R-TEN-03: those of the tenant are tried again later, and sent with the enabled key."""
    with opened(settings) as town:
        settle(town)
        before = emails(town)
        town.post("/v1/auth/forgot-password", {"email": NORA}, NORTH)
        town.finish_postponed_work()
    kms.disabled.add(NORTH_KEY)
    with opened(settings) as town:
        town.post("/v1/auth/forgot-password", {"email": ADA})
        assert emails(town) == before + 1
        kms.disabled.clear()
        delivery = town.platform.accounts().email_delivery
        later = replace(delivery, clock=lambda: delivery.clock() + timedelta(hours=1))
        later.send_deferred()
        assert emails(town) == before + 2


def write_profile(town: Town, origin: Origin) -> None:
    """Publish the profile of a namesake of the erased person: its name is in tables, too."""
    profile = ChangeTrainerProfile(
        trainer_id=ZOE,
        name=NAME,
        description="",
        languages=("en",),
        specialities=(),
        at=town.platform.clock(),
    )
    request = Request(TRAINER, ZOE, [profile])
    town.platform.commands.execute(request, origin=origin, command_id=uuid4())
    assert town.platform.fresh(town.platform.log.head(), 60)


@pytest.mark.parametrize("tenant", [DEFAULT_TENANT, NORTH])
def test_people_of_other_tenants_are_erased_while_a_key_is_disabled(
    settings: Settings, kms: KmsPeer, origin: Origin, tenant: TenantId
) -> None:
    """C-24, R-TEN-03, R-TEN-12: later, if only an event of that tenant explains what is found."""
    with opened(settings) as town:
        settle(town)
        person = settle_person(town.platform)
        write_profile(town, replace(origin, tenant_id=tenant))
    kms.disabled.add(NORTH_KEY)
    with opened(settings) as town:
        erasure = town.platform.privacy().erasure
        erasure.request(person.id, origin=origin, at_once=True)
        if tenant == NORTH:
            with pytest.raises(KeyDisabled):
                erasure.run(person.id, origin=origin)
            kms.disabled.clear()
        outcome = erasure.run(person.id, origin=origin)
        assert not isinstance(outcome, NotCertified), outcome
        listed = [each["positions"] for each in outcome["certificate"]["foundInEventsOfOthers"]]
        own = town.platform.log.load(DEFAULT_TENANT, f"trainer-{ZOE}")
        assert listed == [[each.position] for each in own]
