"""An API that takes payments at the simulator of Stripe, and offers a paid plan."""

import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

from pydantic import SecretStr
from starlette.testclient import TestClient

from adapters.payments.stripe import StripeGateway
from api.app import build_app
from application.payments.follow_up import PaymentFollowUp
from application.payments.inbox import WebhookInbox
from application.platform import Platform
from bootstrap.pages import pages_folder
from domain.ids import DEFAULT_TENANT
from tests.api.driver import ApiDriver
from tests.api.offers import EU, get, offer, send
from tests.api.workouts import prescribe
from tools.payments.stripe_simulator import StripeSimulator

WEB = pages_folder("test")

KEY, SECRET = SecretStr("sk_test_1"), SecretStr("whsec_1")

CALLBACKS = ("receiveSberbankCallback", "receiveTenantSberbankCallback")
WEBHOOKS = tuple(
    f"receive{whose}{name}"
    for whose in ("", "Tenant")
    for name in ("StripeWebhook", "YooKassaWebhook", "WebMoneyNotification")
)
"""Operations that gateways call."""

PENDING = ("pending", "pending_payment", "pending_payment")
PAID = ("succeeded", "active", "active")
FAILED = ("failed", "expired", "cancelled")
CANCELED = ("canceled", "canceled", "cancelled")


@contextmanager
def paying(
    platform: Platform, stripe: StripeSimulator, key: SecretStr = KEY
) -> Generator[ApiDriver]:
    """Return a driver of an API that takes payments at Stripe, and offers a paid plan."""
    gateway = StripeGateway(key, [SECRET], publishable_key="pk_test_1", url=stripe.url)
    with closing(gateway):
        with_gateway = replace(platform, gateways={"stripe": gateway})
        app = build_app(with_gateway, web=WEB)
        with TestClient(app, raise_server_exceptions=False) as client:
            driver = ApiDriver(client, with_gateway)
            prescribe(driver)
            offer(driver, prices=[EU])
            yield driver


def enroll(driver: ApiDriver, **more: Any) -> Any:
    today = f"{driver.platform.clock():%F}"
    choice = {"userId": "ada", "planId": "squats", "startOn": today, "region": "EU", **more}
    return send(driver, "POST", "/v1/enrollments", 201, **choice)


def deliver(
    driver: ApiDriver,
    stripe: StripeSimulator,
    number: int = -1,
    secret: SecretStr = SECRET,
    path: str = "/v1/webhooks/stripe",
) -> int:
    """Send a webhook as Stripe does, and return the status."""
    webhook = stripe.webhooks[number]
    headers = webhook.headers(secret.get_secret_value(), at=int(time.time()))
    return driver.client.post(path, content=webhook.body, headers=headers).status_code


def state(driver: ApiDriver, written: Any) -> tuple[str, str, str]:
    """Return the status of the payment, the subscription and the enrollment."""
    position = {"position": driver.platform.log.head()}
    payment = get(driver, f"/v1/payments/{written['paymentId']}", position)
    subscription = get(driver, f"/v1/subscriptions/{written['subscriptionId']}", position)
    enrollment = get(driver, f"/v1/enrollments/{written['enrollmentId']}", position)
    return payment["status"], subscription["status"], enrollment["status"]


def follow(driver: ApiDriver, after: timedelta) -> int:
    """Follow payments as if it were later; returns how many there were."""
    platform = driver.platform
    platform.fresh(platform.log.head(), 30)
    now = platform.clock() + after
    process = replace(platform.payments, clock=lambda: now)
    inbox = WebhookInbox(process, platform.deliveries, lambda: now)
    follow_up = PaymentFollowUp(
        platform.read, lambda: [DEFAULT_TENANT], process, lambda: now, inbox
    )
    followed = follow_up.follow(DEFAULT_TENANT, Event())
    platform.fresh(platform.log.head(), 30)
    return followed
