"""The webhook inbox: stored, then processed once, listed, and redelivered by administrators."""

import time
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from application.payments.gateways import IntentOf, Webhook, WebhookForged
from application.payments.inbox import LEASE, MAX_ATTEMPTS, WebhookInbox
from application.payments.process import PaymentProcess
from application.platform import Platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, PaymentId
from tests.api.conftest import WEB
from tests.api.driver import ApiDriver
from tests.api.paying import PAID, PENDING, SECRET, deliver, enroll, state
from tests.api.people import Town
from tools.payments.stripe_simulator import StripeSimulator

pytestmark = pytest.mark.both_compositions

LIST = "/v1/webhook-deliveries"


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


def signed(stripe: StripeSimulator, number: int = -1) -> Webhook:
    webhook = stripe.webhooks[number]
    headers = webhook.headers(SECRET.get_secret_value(), at=int(time.time()))
    return Webhook(webhook.body, headers)


def listed(driver: ApiDriver, query: str = "") -> list[Any]:
    answer = driver.client.get(f"{LIST}{query}")
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


def redeliver(driver: ApiDriver, delivery_id: str) -> Any:
    answer = driver.client.post(f"{LIST}/{delivery_id}/redeliver")
    assert answer.status_code == 200, answer.text
    return answer.json()


def later(driver: ApiDriver, process: Any = None) -> WebhookInbox:
    """Return the inbox as if it were later than the lease of a delivery."""
    now = driver.platform.clock() + LEASE * 2
    used = process or driver.platform.payments
    return WebhookInbox(used, driver.platform.deliveries, lambda: now)


def test_a_webhook_is_stored_once_and_processed_once(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-07: duplicates and redeliveries change nothing, and nothing private is kept."""
    written = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    assert deliver(driver, stripe) == 204
    assert state(driver, written) == PAID
    head = driver.platform.log.head()
    assert deliver(driver, stripe) == 204
    (delivery,) = listed(driver, "?state=processed")
    assert (delivery["about"], delivery["gateway"]) == (written["paymentId"], "stripe")
    assert delivery["eventType"] == "payment_intent.succeeded"
    assert (delivery["reason"], delivery["attempts"]) == (None, 1)
    again = redeliver(driver, delivery["deliveryId"])
    assert (again["delivery"], again["repeated"]) == (delivery, True)
    assert driver.platform.log.head() == head
    key = UUID(delivery["deliveryId"])
    stored = driver.platform.deliveries.get(DEFAULT_TENANT, key)
    assert stored is not None
    assert stored.notice is None


def test_a_crash_after_a_webhook_was_stored_loses_nothing(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-07: the next process handles it, once its lease is over."""
    written = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    assert driver.platform.inbox.receive("stripe", signed(stripe)) is not None
    assert driver.platform.inbox.receive("stripe", signed(stripe)) is None
    assert state(driver, written) == PENDING
    assert [each["state"] for each in listed(driver)] == ["pending"]
    assert driver.platform.inbox.handle_due(Event()) == 0
    assert later(driver).handle_due(Event()) == 1
    driver.platform.fresh(driver.platform.log.head(), 30)
    assert state(driver, written) == PAID
    assert later(driver).handle_due(Event()) == 0


class Broken:
    """A process that cannot record what webhooks report."""

    def __init__(self, process: PaymentProcess) -> None:
        self._process = process

    def __getattr__(self, name: str) -> object:
        return getattr(self._process, name)

    def record_notice(self, _notice: object, _command_id: UUID) -> IntentOf | None:
        raise KeyError("ada@example.org")


def test_a_webhook_that_fails_too_often_waits_for_an_administrator(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-07: the reason has no text of the error. Handling it is no repetition after a poll."""
    written = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    broken = WebhookInbox(
        Broken(driver.platform.payments),  # type: ignore[arg-type]
        driver.platform.deliveries,
        driver.platform.clock,
    )
    delivery = broken.receive("stripe", signed(stripe))
    assert delivery is not None
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert (delivery.state, delivery.attempts) == ("pending", attempt - 1)
        delivery = broken.handle(delivery)
    (failed,) = listed(driver, "?state=failed")
    assert (failed["reason"], failed["attempts"]) == ("KeyError", MAX_ATTEMPTS)
    assert later(driver).handle_due(Event()) == 0
    driver.platform.payments.poll(DEFAULT_TENANT, PaymentId(written["paymentId"]))
    done = redeliver(driver, failed["deliveryId"])
    assert (done["delivery"]["state"], done["repeated"]) == ("processed", False)
    assert state(driver, written) == PAID


def test_a_webhook_about_nothing_that_exists_is_ignored(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-07: so is one of another program, which is not stored at all."""
    enroll(driver)
    stripe.intents["pi_1"]["metadata"]["kinelog_payment"] = "unknown"
    stripe.pay("pi_1", "pm_card_visa")
    assert deliver(driver, stripe) == 204
    (ignored,) = listed(driver)
    assert (ignored["state"], ignored["reason"]) == ("ignored", "payment.unknown")
    with pytest.raises(WebhookForged):
        driver.platform.inbox.receive("stripe", replace(signed(stripe), headers={}))
    assert len(listed(driver)) == 1


def test_deliveries_are_listed_in_pages_over_both_transports(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    written = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa_chargeDeclined")
    deliver(driver, stripe)
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    newest, oldest = [each["deliveryId"] for each in listed(driver)]
    page = driver.client.get(f"{LIST}?first=1")
    assert [each["deliveryId"] for each in page.json()["items"]] == [newest]
    following = page.links["next"]["url"]
    assert [each["deliveryId"] for each in driver.client.get(following).json()["items"]] == [oldest]
    ask = """query($before: String) {
      webhookDeliveries(last: 1, before: $before, state: PROCESSED) {
        pageInfo { hasNextPage hasPreviousPage }
        edges { cursor node { deliveryId about state } } } }"""
    last = driver.ask(ask)["webhookDeliveries"]
    expected = {"deliveryId": oldest, "about": written["paymentId"], "state": "PROCESSED"}
    assert last["edges"][0]["node"] == expected
    assert last["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": True}
    first = driver.ask(ask, before=last["edges"][0]["cursor"])["webhookDeliveries"]
    assert first["edges"][0]["node"]["deliveryId"] == newest
    answer = driver.client.get(f"{LIST}?after=x")
    assert (answer.status_code, answer.json()["code"]) == (422, "page.cursor_invalid")
    unknown = driver.client.post(f"{LIST}/{UUID(int=1)}/redeliver")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "webhook.unknown")
    mutation = """mutation($id: ID!) { redeliverWebhook(input: {deliveryId: $id}) {
      ... on WebhookPayload { repeated delivery { state } } ... on Problem { code } } }"""
    again = driver.ask(mutation, id=newest)["redeliverWebhook"]
    assert again == {"repeated": True, "delivery": {"state": "PROCESSED"}}


def test_only_administrators_see_and_redeliver_webhooks(
    platform: Platform, settings: Settings
) -> None:
    """R-TEN-06"""
    app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
    with TestClient(app, raise_server_exceptions=False) as client:
        town = Town(client, platform, settings.home / "mail")
        ada, root = town.citizen(), town.staff("administrator", "root@example.org")
        assert root.get(LIST).json()["items"] == []
        path = f"{LIST}/{UUID(int=1)}/redeliver"
        for answer in (ada.get(LIST), ada.post(path)):
            assert (answer.status_code, answer.json()["code"]) == (403, "authorization.not_allowed")
        assert root.post(path).status_code == 404


def test_old_deliveries_are_deleted(driver: ApiDriver, stripe: StripeSimulator) -> None:
    """R-PAY-07: those that are pending stay."""
    enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    retention = driver.platform.privacy().retention
    rule = next(each for each in retention.rules if each.name == "webhooks")
    soon = driver.platform.clock() + timedelta(days=1)
    stripe.refund("pi_1", 700)
    driver.platform.inbox.receive("stripe", signed(stripe))
    assert rule.remove(DEFAULT_TENANT, soon, dry_run=True) == 1
    assert rule.remove(DEFAULT_TENANT, soon, dry_run=False) == 1
    assert [each["state"] for each in listed(driver)] == ["pending"]
