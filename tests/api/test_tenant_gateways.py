"""Payments of a tenant with an account of its own at Stripe, beside that of the installation."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from application.kernel.command_handler import Request
from application.payments.accounts import AccountsInUse, StoredAccounts
from application.platform import Platform
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.tenants.commands import CreateTenant, TenantUnknown
from domain.tenants.events import GatewayAccountsChanged
from domain.tenants.tenant import TENANT, TENANT_STREAM_ID
from tests.api.driver import ApiDriver
from tests.api.offers import EU, offer, send
from tests.api.paying import PAID, PENDING, SECRET, deliver, enroll, state
from tests.api.workouts import prescribe
from tools.payments.stripe_simulator import StripeSimulator

STUDIO = TenantId("studio")
OWN_SECRET = SecretStr("whsec_of_studio")
INSTALLATION = "/v1/webhooks/stripe"
OWN_WEBHOOKS = "/v1/webhooks/stripe/studio"


class StudioDriver(ApiDriver):
    """A driver of the same API in the tenant `studio`."""

    def __init__(self, other: ApiDriver) -> None:
        app = other.client.app
        client = TestClient(app, headers={"X-Tenant-ID": STUDIO}, raise_server_exceptions=False)
        super().__init__(client, other.platform)

    def answer(self, query: str, tenant: str = STUDIO, **variables: Any) -> Any:
        return super().answer(query, STUDIO, **variables)


@pytest.fixture
def own_stripe() -> Iterator[StripeSimulator]:
    with StripeSimulator.with_unique_ids() as simulator:
        yield simulator


@pytest.fixture
def studio(selling: ApiDriver, own_stripe: StripeSimulator) -> ApiDriver:
    """A tenant with a paid plan and an account of its own."""
    platform = selling.platform
    create = CreateTenant(name="Studio", administrator=UserId("mara"), at=platform.clock())
    execute(platform, create)
    connect(platform, own_stripe)
    driver = StudioDriver(selling)
    prescribe(driver)
    offer(driver, prices=[EU])
    return driver


def origin() -> Origin:
    return Origin(tenant_id=STUDIO, actor="operator", correlation_id=uuid4())


def execute(platform: Platform, command: Any) -> None:
    request = Request(TENANT, TENANT_STREAM_ID, [command])
    platform.commands.execute(request, origin=origin(), command_id=uuid4())


def connect(platform: Platform, stripe: StripeSimulator, **more: str) -> StoredAccounts:
    settings = {
        "KINELOG_STRIPE_KEY": stripe.key,
        "KINELOG_STRIPE_PUBLISHABLE_KEY": "pk_test_of_studio",
        "KINELOG_STRIPE_WEBHOOK_SECRETS": OWN_SECRET.get_secret_value(),
        "KINELOG_STRIPE_URL": stripe.url,
        **more,
    }
    platform.fresh(platform.log.head(), 30)
    service = platform.tenant_account_service
    return service.set(settings, origin=origin(), command_id=uuid4())


@pytest.mark.both_compositions
def test_a_tenant_is_paid_at_its_own_account(
    studio: ApiDriver, stripe: StripeSimulator, own_stripe: StripeSimulator
) -> None:
    """R-PAY-15, R-TEN-03: its webhooks have an address and a secret of their own."""
    written = enroll(studio)
    assert stripe.intents == {}
    (reference,) = own_stripe.intents
    intent = send(studio, "GET", f"/v1/payments/{written['paymentId']}/intent")
    assert (intent["reference"], intent["publishableKey"]) == (reference, "pk_test_of_studio")
    assert state(studio, written) == PENDING
    own_stripe.pay(reference, "pm_card_visa")
    assert deliver(studio, own_stripe, secret=OWN_SECRET, path=OWN_WEBHOOKS) == 204
    assert state(studio, written) == PAID


def test_a_payment_whose_webhook_is_lost_is_polled_at_the_own_account(
    studio: ApiDriver, own_stripe: StripeSimulator
) -> None:
    """R-PAY-07"""
    written = enroll(studio)
    own_stripe.pay(next(iter(own_stripe.intents)), "pm_card_visa")
    studio.platform.payments.poll(STUDIO, written["paymentId"])
    assert state(studio, written) == PAID


def test_an_account_cannot_report_payments_of_others(
    studio: ApiDriver, selling: ApiDriver, stripe: StripeSimulator, own_stripe: StripeSimulator
) -> None:
    """R-PAY-07, R-TEN-01: a tenant knows its own secret, with which it could sign anything."""
    of_others, of_studio = enroll(selling), enroll(studio)
    (own,) = own_stripe.intents
    stripe.pay("pi_1", "pm_card_visa")
    own_stripe.pay(own, "pm_card_visa")
    own_stripe.intents["pi_1"] = stripe.intents["pi_1"]  # both could also lie when they are asked
    stripe.intents[own] = own_stripe.intents[own]
    head = studio.platform.log.head()
    for sender, secret, path in (
        (stripe, OWN_SECRET, OWN_WEBHOOKS),
        (own_stripe, SECRET, INSTALLATION),
        (own_stripe, SECRET, OWN_WEBHOOKS),
        (own_stripe, OWN_SECRET, INSTALLATION),
        (own_stripe, OWN_SECRET, f"{INSTALLATION}/gym"),
    ):
        assert deliver(studio, sender, secret=secret, path=path) == 422, path
    assert studio.platform.log.head() == head
    assert (state(selling, of_others), state(studio, of_studio)) == (PENDING, PENDING)
    assert deliver(studio, own_stripe, secret=OWN_SECRET, path=OWN_WEBHOOKS) == 204
    assert state(studio, of_studio) == PAID


def test_keys_and_secrets_rotate_while_payments_are_open(
    studio: ApiDriver, own_stripe: StripeSimulator
) -> None:
    """R-PAY-15: the mode stays, and two secrets of webhooks are valid."""
    written = enroll(studio)
    own_stripe.pay(next(iter(own_stripe.intents)), "pm_card_visa")
    both = f"whsec_newer,{OWN_SECRET.get_secret_value()}"
    stored = connect(studio.platform, own_stripe, KINELOG_STRIPE_WEBHOOK_SECRETS=both)
    assert (stored.mode, stored.gateways) == ("test", ("stripe",))
    newer = SecretStr("whsec_newer")
    assert deliver(studio, own_stripe, secret=newer, path=OWN_WEBHOOKS) == 204
    assert deliver(studio, own_stripe, secret=OWN_SECRET, path=OWN_WEBHOOKS) == 204
    assert state(studio, written) == PAID


def test_another_shop_is_used_only_while_nothing_needs_the_present_one(
    studio: ApiDriver, own_stripe: StripeSimulator
) -> None:
    """R-PAY-15: stored methods and open payments exist at one shop only; its keys rotate."""
    platform = studio.platform
    shop = {"KINELOG_YOOKASSA_SHOP_ID": "11111", "KINELOG_YOOKASSA_KEY": "test_first"}
    other = {**shop, "KINELOG_YOOKASSA_SHOP_ID": "99999"}
    connect(platform, own_stripe, **shop)
    written = enroll(studio)
    platform.fresh(platform.log.head(), 30)
    with pytest.raises(AccountsInUse):
        connect(platform, own_stripe, **other)
    connect(platform, own_stripe, **shop | {"KINELOG_YOOKASSA_KEY": "test_second"})
    cancel = f"/v1/subscriptions/{written['subscriptionId']}/cancel"
    send(studio, "POST", cancel, atOnce=True)
    platform.fresh(platform.log.head(), 30)
    connect(platform, own_stripe, **other)


def test_the_mode_changes_only_while_nothing_needs_the_account(
    studio: ApiDriver, own_stripe: StripeSimulator
) -> None:
    """R-PAY-15: neither an open payment nor a current subscription."""
    platform = studio.platform
    live = {
        "KINELOG_STRIPE_KEY": "sk_live_of_studio",
        "KINELOG_STRIPE_PUBLISHABLE_KEY": "pk_live_of_studio",
    }
    written = enroll(studio)
    with pytest.raises(AccountsInUse):
        connect(platform, own_stripe, **live)
    own_stripe.pay(next(iter(own_stripe.intents)), "pm_card_visa")
    deliver(studio, own_stripe, secret=OWN_SECRET, path=OWN_WEBHOOKS)
    platform.fresh(platform.log.head(), 30)
    for change in (
        lambda: connect(platform, own_stripe, **live),
        lambda: platform.tenant_account_service.remove(origin=origin(), command_id=uuid4()),
    ):
        with pytest.raises(AccountsInUse):
            change()
    cancel = f"/v1/subscriptions/{written['subscriptionId']}/cancel"
    send(studio, "POST", cancel, atOnce=True)
    assert connect(platform, own_stripe, **live).mode == "live"
    platform.tenant_account_service.remove(origin=origin(), command_id=uuid4())
    assert platform.tenant_accounts.find(STUDIO) is None


def test_changes_are_facts_without_keys(studio: ApiDriver, own_stripe: StripeSimulator) -> None:
    """R-PAY-15: an auditor sees when accounts changed, and no key is in the log."""
    platform = studio.platform
    platform.tenant_account_service.remove(origin=origin(), command_id=uuid4())
    events = platform.log.scan(after=0, limit=1000)
    changes = [each.event for each in events if isinstance(each.event, GatewayAccountsChanged)]
    assert [(each.mode, each.gateways) for each in changes] == [("test", ("stripe",)), (None, ())]
    assert own_stripe.key not in repr(events)


def test_a_tenant_that_does_not_exist_gets_no_account(
    selling: ApiDriver, own_stripe: StripeSimulator
) -> None:
    with pytest.raises(TenantUnknown):
        connect(selling.platform, own_stripe)
    assert selling.platform.tenant_accounts.store.get(STUDIO) is None


def test_other_tenants_are_followed_at_the_account_of_the_installation(
    studio: ApiDriver, selling: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-07, R-TEN-03"""
    del studio
    written = enroll(selling)
    stripe.pay("pi_1", "pm_card_visa")
    selling.platform.payments.poll(TenantId("default"), written["paymentId"])
    assert state(selling, written) == PAID
