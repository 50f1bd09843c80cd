"""The published client of YooKassa at our simulator: both speak the same protocol."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import yookassa  # type: ignore[import-untyped]
import yookassa.domain.exceptions  # type: ignore[import-untyped]
import yookassa.domain.notification  # type: ignore[import-untyped]

from tools.payments.yookassa_simulator import YooKassaSimulator

SDK: Any = yookassa
Configuration, Payment, Refund = SDK.Configuration, SDK.Payment, SDK.Refund
BadRequestError, NotFoundError, UnauthorizedError = (
    SDK.domain.exceptions.BadRequestError,
    SDK.domain.exceptions.NotFoundError,
    SDK.domain.exceptions.UnauthorizedError,
)
WebhookNotificationFactory = SDK.domain.notification.WebhookNotificationFactory

ORDER: Any = {
    "amount": {"value": "1999.00", "currency": "RUB"},
    "capture": True,
    "confirmation": {"type": "redirect", "return_url": "https://example.org/checkout.html"},
    "description": "A month of squats",
    "metadata": {"payment": "1"},
}


@pytest.fixture
def simulator() -> Iterator[YooKassaSimulator]:
    with YooKassaSimulator() as running:
        url = f"{running.url}/v3"
        Configuration.configure(running.shop_id, running.key, api_url=url, max_attempts=1)
        yield running
        Configuration.configure("", "")


def test_a_payment_is_created_once_for_each_key(simulator: YooKassaSimulator) -> None:
    """R-PAY-04"""
    first, again = Payment.create(ORDER, "key-1"), Payment.create(ORDER, "key-1")
    assert first.id == again.id
    assert (first.status, first.paid, first.test) == ("pending", False, True)
    assert (first.amount.value, first.amount.currency) == (1999, "RUB")
    assert first.metadata["payment"] == "1"
    assert first.confirmation.type == "redirect"
    with pytest.raises(BadRequestError):
        Payment.create({**ORDER, "amount": {"value": "1.00", "currency": "RUB"}}, "key-1")
    other = Payment.create({name: ORDER[name] for name in ("amount", "confirmation")}, "key-2")
    assert Payment.find_one(other.id).id == other.id != first.id
    assert len(simulator.payments) == 2


def test_a_person_pays_on_the_page(simulator: YooKassaSimulator) -> None:
    """R-PAY-04, R-PAY-06: the notification names what the client then finds."""
    payment = Payment.create({**ORDER, "save_payment_method": True}, "key-1")
    page = payment.confirmation.confirmation_url
    assert "1999.00 RUB" in httpx2.get(page, timeout=60).text
    sent = httpx2.post(page, data={"choice": "succeed"}, timeout=60)
    assert sent.headers["location"] == "https://example.org/checkout.html"
    notification = WebhookNotificationFactory().create(json.loads(simulator.webhooks[-1].body))
    assert (notification.event, notification.object.id) == ("payment.succeeded", payment.id)
    found = Payment.find_one(payment.id)
    assert (found.status, found.paid, found.refundable) == ("succeeded", True, True)
    assert found.payment_method.saved
    charged = {
        "amount": ORDER["amount"],
        "capture": True,
        "payment_method_id": found.payment_method.id,
    }
    assert Payment.create(charged, "key-2").status == "succeeded"


@pytest.mark.parametrize(
    ("choice", "reason"),
    [("decline", "general_decline"), ("insufficient_funds", "insufficient_funds")],
)
def test_a_card_is_declined(simulator: YooKassaSimulator, choice: Any, reason: str) -> None:
    """R-PAY-05"""
    payment = Payment.create(ORDER, "key-1")
    simulator.act(payment.id, choice)
    found = Payment.find_one(payment.id)
    assert (found.status, found.cancellation_details.reason) == ("canceled", reason)
    notification = WebhookNotificationFactory().create(json.loads(simulator.webhooks[-1].body))
    assert notification.event == "payment.canceled"


def test_a_payment_in_two_stages_is_captured_or_cancelled(simulator: YooKassaSimulator) -> None:
    """R-PAY-12"""
    kept, voided = (Payment.create({**ORDER, "capture": False}, key) for key in ("1", "2"))
    for payment in (kept, voided):
        simulator.act(payment.id, "succeed")
        assert Payment.find_one(payment.id).status == "waiting_for_capture"
    notification = WebhookNotificationFactory().create(json.loads(simulator.webhooks[-1].body))
    assert notification.event == "payment.waiting_for_capture"
    assert Payment.capture(kept.id, {"amount": ORDER["amount"]}, "key-3").status == "succeeded"
    assert Payment.cancel(voided.id, "key-4").status == "canceled"
    with pytest.raises(BadRequestError):
        Payment.capture(voided.id, {"amount": ORDER["amount"]}, "key-5")
    with pytest.raises(BadRequestError):
        Payment.cancel(kept.id, "key-6")


def test_money_is_returned_in_part_and_in_full(simulator: YooKassaSimulator) -> None:
    """R-PAY-12: never more than was charged."""
    payment = Payment.create(ORDER, "key-1")
    simulator.act(payment.id, "succeed")
    part: Any = {"payment_id": payment.id, "amount": {"value": "500.00", "currency": "RUB"}}
    first = Refund.create(part, "key-2")
    assert Refund.create(part, "key-2").id == first.id
    assert (first.status, first.amount.value) == ("succeeded", 500)
    assert Payment.find_one(payment.id).refunded_amount.value == 500
    notification = WebhookNotificationFactory().create(json.loads(simulator.webhooks[-1].body))
    assert (notification.event, notification.object.id) == ("refund.succeeded", first.id)
    with pytest.raises(BadRequestError):
        Refund.create({**part, "amount": ORDER["amount"]}, "key-3")
    rest = Refund.create({**part, "amount": {"value": "1499.00", "currency": "RUB"}}, "key-4")
    assert Payment.find_one(payment.id).refunded_amount.value == 1999
    assert Refund.find_one(first.id).payment_id == payment.id
    assert [each.id for each in Refund.list({"payment_id": payment.id}).items] == [
        rest.id,
        first.id,
    ]


def test_payments_are_listed_in_pages(simulator: YooKassaSimulator) -> None:
    """R-PAY-14: the newest first."""
    created = [Payment.create(ORDER, f"key-{number}").id for number in range(3)]
    first = Payment.list({"limit": 2})
    assert [each.id for each in first.items] == [created[2], created[1]]
    rest = Payment.list({"limit": 2, "cursor": first.next_cursor})
    assert [each.id for each in rest.items] == [created[0]]
    assert len(Payment.list().items) == 3
    del simulator


def test_errors_are_those_that_the_client_knows(simulator: YooKassaSimulator) -> None:
    """R-PAY-04"""
    with pytest.raises(NotFoundError):
        Payment.find_one("2d000000-0000-5000-9000-145f6df21d6f")
    with pytest.raises(NotFoundError):
        Refund.find_one("2d000000-0000-5000-9000-145f6df21d6f")
    with pytest.raises(BadRequestError):
        Payment.create({**ORDER, "amount": {"value": "20.00", "currency": "EUR"}}, "key-1")
    Configuration.configure(simulator.shop_id, "wrong", api_url=f"{simulator.url}/v3")
    with pytest.raises(UnauthorizedError):
        Payment.find_one("any")
