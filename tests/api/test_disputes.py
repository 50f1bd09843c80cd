"""Disputes at Stripe: by webhook or poll, over REST, with credit notes and reconciliation."""

from datetime import timedelta
from typing import Any

from tests.api.disputes import deliver_all, differences, driver, payment, written
from tests.api.driver import ApiDriver
from tests.api.offers import get, refused, send
from tests.api.paying import PAID, deliver, follow, state
from tools.payments.stripe_simulator import StripeSimulator

__all__ = ["driver", "written"]


def events(driver: ApiDriver, written: Any) -> list[str]:
    facts = get(driver, f"/v1/payments/{written['paymentId']}/facts", written)["items"]
    return [fact["event"].removeprefix("payment.") for fact in facts if "dispute" in fact["event"]]


def refund(driver: ApiDriver, written: Any) -> tuple[int, str]:
    path = f"/v1/payments/{written['paymentId']}/refund"
    return refused(driver, "POST", path, reason="requested")


def test_a_lost_dispute_returns_the_payment_with_a_credit_note(
    driver: ApiDriver, stripe: StripeSimulator, written: Any
) -> None:
    """R-PAY-12, R-PAY-07: the webhooks come twice and in the wrong order."""
    dispute = stripe.open_dispute("pi_1", reason="product_not_received")
    deliver(driver, stripe, -2)
    found = payment(driver, written)
    assert (found["dispute"], found["disputeReason"]) == ("needs_response", "product_not_received")
    assert (found["attention"], found["status"]) == ("dispute", "succeeded")
    assert found["disputeDueAt"] is not None
    assert refund(driver, written) == (409, "payment.disputed")
    listed = get(driver, "/v1/payments?everyone=true&attention=true", written)["items"]
    assert [each["paymentId"] for each in listed] == [written["paymentId"]]
    stripe.give_evidence(dispute)
    stripe.close_dispute(dispute, won=False)
    deliver_all(driver, stripe)
    assert state(driver, written) == ("refunded", "canceled", "cancelled")
    found = payment(driver, written)
    assert (found["dispute"], found["attention"]) == ("lost", None)
    assert found["returnedMinor"] == found["amountMinor"]
    assert events(driver, written) == [
        "dispute_opened", "dispute_funds_withdrawn", "dispute_lost",
    ]  # fmt: skip
    kinds = [each["kind"] for each in get(driver, "/v1/invoices", written)["items"]]
    assert kinds == ["credit_note", "invoice"]
    assert differences(driver) == []
    assert not stripe.refunds


def test_access_stays_while_a_dispute_is_open_and_ends_when_it_is_lost(
    driver: ApiDriver, stripe: StripeSimulator, written: Any
) -> None:
    """R-PAY-12: nobody knows yet whose the money is."""

    def access() -> tuple[bool, str]:
        answer = driver.client.get("/v1/plans/squats/access", params={"user": "ada"}).json()
        return answer["granted"], answer["reason"]

    dispute = stripe.open_dispute("pi_1")
    deliver_all(driver, stripe)
    assert payment(driver, written)["dispute"] == "needs_response"
    assert access() == (True, "subscription")
    stripe.give_evidence(dispute)
    deliver_all(driver, stripe)
    assert access() == (True, "subscription")
    stripe.close_dispute(dispute, won=False)
    deliver_all(driver, stripe)
    assert access() == (False, "refunded")


def test_a_payment_is_as_before_after_a_dispute_that_was_won(
    driver: ApiDriver, stripe: StripeSimulator, written: Any
) -> None:
    """R-PAY-12"""
    dispute = stripe.open_dispute("pi_1")
    stripe.give_evidence(dispute)
    stripe.close_dispute(dispute, won=True)
    deliver_all(driver, stripe)
    assert state(driver, written) == PAID
    assert payment(driver, written)["dispute"] == "won"
    assert events(driver, written)[-2:] == ["dispute_funds_reinstated", "dispute_won"]
    assert differences(driver) == []
    send(driver, "POST", f"/v1/payments/{written['paymentId']}/refund", reason="requested")
    assert state(driver, written)[0] == "refunded"


def test_an_inquiry_can_be_refunded_and_become_a_dispute(
    driver: ApiDriver, stripe: StripeSimulator, written: Any
) -> None:
    """R-PAY-12: no money has moved in an inquiry."""
    dispute = stripe.open_dispute("pi_1", is_inquiry=True, reason="a_new_code")
    deliver(driver, stripe)
    found = payment(driver, written)
    assert (found["dispute"], found["disputeReason"]) == ("inquiry", "general")
    assert state(driver, written) == PAID
    stripe.escalate(dispute)
    deliver(driver, stripe)
    assert payment(driver, written)["dispute"] == "needs_response"
    assert refund(driver, written) == (409, "payment.disputed")


def test_a_refund_of_a_charge_that_was_disputed_before_it_waits(
    driver: ApiDriver, stripe: StripeSimulator, written: Any
) -> None:
    """R-PAY-12: Stripe refuses the refund before we hear of the dispute. It is made afterwards."""
    dispute = stripe.open_dispute("pi_1")
    send(driver, "POST", f"/v1/payments/{written['paymentId']}/refund", reason="requested")
    assert payment(driver, written)["dispute"] == "needs_response"
    assert not stripe.refunds
    stripe.close_dispute(dispute, won=True)
    follow(driver, timedelta(hours=2))
    assert state(driver, written)[0] == "refunded"
    assert len(stripe.refunds) == 1


def test_a_refund_that_stripe_refuses_after_a_loss_needs_a_person(
    driver: ApiDriver, stripe: StripeSimulator, written: Any
) -> None:
    """R-PAY-12: the administrator sees it, returns the rest by hand, and records it."""
    stripe.refuses_after_loss = True
    dispute = stripe.open_dispute("pi_1", amount=500)
    send(driver, "POST", f"/v1/payments/{written['paymentId']}/refund", reason="requested")
    stripe.close_dispute(dispute, won=False)
    follow(driver, timedelta(hours=2))
    found = payment(driver, written)
    assert (found["dispute"], found["attention"], found["status"]) == (
        "lost", "refused", "succeeded",
    )  # fmt: skip
    assert found["returnedMinor"] == 500
    listed = get(driver, "/v1/payments?everyone=true&attention=true", written)["items"]
    assert [each["paymentId"] for each in listed] == [written["paymentId"]]
    path = f"/v1/payments/{written['paymentId']}/manual-refund"
    send(driver, "POST", path, amountMinor=found["amountMinor"] - 500)
    found = payment(driver, written)
    assert (found["status"], found["attention"]) == ("refunded", None)
    assert found["returnedMinor"] == found["amountMinor"]
    assert state(driver, written)[1] == "canceled"


def test_disputes_without_webhooks_are_found(
    driver: ApiDriver, stripe: StripeSimulator, written: Any
) -> None:
    """R-PAY-07: the comparison reports one that is new, and polls find how one has ended."""
    dispute = stripe.open_dispute("pi_1")
    assert differences(driver) == ["other_dispute"]
    deliver(driver, stripe)
    assert differences(driver) == []
    stripe.close_dispute(dispute, won=False)
    assert differences(driver) == ["other_dispute"]
    follow(driver, timedelta(hours=2))
    assert state(driver, written)[0] == "refunded"
    assert differences(driver) == []


def test_a_dispute_of_another_system_is_ignored(
    driver: ApiDriver, stripe: StripeSimulator, written: Any
) -> None:
    stripe.intents["pi_1"]["metadata"] = {}
    stripe.open_dispute("pi_1")
    assert deliver(driver, stripe) == 204
    assert payment(driver, written)["dispute"] is None
