"""Refunds that Stripe makes, and that fail at the bank days later: over REST."""

from datetime import timedelta
from typing import Any

from tests.api.disputes import deliver_all, differences, driver, payment, written
from tests.api.driver import ApiDriver
from tests.api.offers import get, refused, send
from tests.api.paying import PAID, deliver, follow, state
from tools.payments.stripe_simulator import StripeSimulator

__all__ = ["driver", "written"]


def path_of(written: Any) -> str:
    return f"/v1/payments/{written['paymentId']}"


def refund(driver: ApiDriver, written: Any, **amount: int) -> None:
    send(driver, "POST", f"{path_of(written)}/refund", reason="requested", **amount)


def record(driver: ApiDriver, written: Any, key: str, **amount: int) -> tuple[int, Any]:
    """Record that a person has returned the money, and return the answer."""
    path, headers = f"{path_of(written)}/manual-refund", {"Idempotency-Key": key}
    answer = driver.client.post(path, json=amount, headers=headers)
    return answer.status_code, answer.json()


def owed(driver: ApiDriver, written: Any) -> tuple[str | None, int]:
    """Return why a person must act, and how much the user has not got."""
    found = payment(driver, written)
    return found["attention"], found["owedMinor"]


def events(driver: ApiDriver, written: Any) -> list[tuple[str, int]]:
    """Return what has happened since the payment was completed, with its amounts."""
    facts = get(driver, f"{path_of(written)}/facts", written)["items"]
    names = [fact["event"].removeprefix("payment.") for fact in facts]
    later = facts[names.index("method_stored") + 1 :]
    return [(fact["event"].removeprefix("payment."), fact["amountMinor"]) for fact in later]


def invoices(driver: ApiDriver) -> list[str]:
    position = {"position": driver.platform.log.head()}
    return [each["kind"] for each in get(driver, "/v1/invoices", position)["items"]]


def test_a_failed_refund_is_owed_until_a_person_has_returned_the_money(
    driver: ApiDriver, stripe: StripeSimulator, written: Any
) -> None:
    """R-PAY-12, R-PAY-07: the webhooks come twice and in the wrong order."""
    refund(driver, written)
    assert owed(driver, written) == (None, 0)
    stripe.fail_refund("pi_1")
    assert differences(driver) == ["other_state"], "its webhooks were lost so far"
    deliver_all(driver, stripe)
    amount = payment(driver, written)["amountMinor"]
    assert owed(driver, written) == ("refund_failed", amount)
    assert state(driver, written) == ("refunded", "canceled", "cancelled")
    listed = get(driver, "/v1/payments?everyone=true&attention=true", written)["items"]
    assert [each["paymentId"] for each in listed] == [written["paymentId"]]
    assert differences(driver) == []
    too_much = {"amountMinor": amount + 1}
    path = f"{path_of(written)}/manual-refund"
    assert refused(driver, "POST", path, **too_much) == (422, "payment.refund_too_large")
    for _ in range(2):
        assert record(driver, written, "part", amountMinor=500)[0] == 200
        assert owed(driver, written) == ("refund_failed", amount - 500)
    for _ in range(2):
        assert record(driver, written, "rest")[0] == 200
        assert owed(driver, written) == (None, 0)
    assert record(driver, written, "more")[1]["code"] == "payment.refund_too_large"
    deliver_all(driver, stripe)
    assert events(driver, written) == [
        ("refund_requested", amount),
        ("refunded", amount),
        ("refund_failed", amount),
        ("failed_refund_repaid", 500),
        ("failed_refund_repaid", amount - 500),
    ]
    assert invoices(driver) == ["credit_note", "invoice"]
    assert payment(driver, written)["returnedMinor"] == amount
    assert differences(driver) == []


def test_other_parts_are_refunded_after_a_part_has_failed(
    driver: ApiDriver, stripe: StripeSimulator, written: Any
) -> None:
    """R-PAY-12: Stripe reports less than was returned here."""
    refund(driver, written, amountMinor=700)
    stripe.fail_refund("pi_1")
    deliver_all(driver, stripe)
    assert owed(driver, written) == ("refund_failed", 700)
    assert state(driver, written) == PAID
    assert differences(driver) == []
    refund(driver, written, amountMinor=300)
    assert payment(driver, written)["returnedMinor"] == 1000
    assert differences(driver) == []
    assert record(driver, written, "by hand")[0] == 200
    refund(driver, written)
    assert state(driver, written)[0] == "refunded"
    assert owed(driver, written) == (None, 0)
    assert invoices(driver) == ["credit_note"] * 3 + ["invoice"]
    deliver_all(driver, stripe)
    assert owed(driver, written) == (None, 0)
    assert differences(driver) == []


def test_a_refused_refund_is_not_mistaken_for_a_failed_one_that_was_made_again(
    driver: ApiDriver, stripe: StripeSimulator, written: Any
) -> None:
    """R-PAY-12: a person has returned the failed part at Stripe, and recorded it."""
    refund(driver, written, amountMinor=700)
    stripe.fail_refund("pi_1")
    deliver(driver, stripe)
    stripe.refund("pi_1", 700)
    deliver(driver, stripe)
    assert owed(driver, written) == ("refund_failed", 700)
    assert record(driver, written, "at Stripe")[0] == 200
    assert differences(driver) == []
    stripe.open_dispute("pi_1")
    refund(driver, written, amountMinor=300)
    assert payment(driver, written)["returnedMinor"] == 700
    assert payment(driver, written)["attention"] == "refused"


def test_a_refund_that_is_made_again_is_not_owed(
    driver: ApiDriver, stripe: StripeSimulator, written: Any
) -> None:
    """R-PAY-12: it failed before its reply was recorded."""
    stripe.faults.extend(["none", "lost_answer"])
    refund(driver, written)
    stripe.fail_refund("pi_1")
    deliver(driver, stripe)
    assert owed(driver, written) == (None, 0)
    follow(driver, timedelta(hours=2))
    assert state(driver, written)[0] == "refunded"
    deliver_all(driver, stripe)
    assert owed(driver, written) == (None, 0)
    assert differences(driver) == []


def test_a_failed_refund_by_hand_is_followed_in_any_order_of_its_webhooks(
    driver: ApiDriver, stripe: StripeSimulator, written: Any
) -> None:
    """R-PAY-07: of one that failed before we heard of it, nothing was returned."""
    stripe.refund("pi_1")
    stripe.fail_refund("pi_1")
    deliver_all(driver, stripe)
    assert state(driver, written) == PAID
    assert owed(driver, written) == (None, 0)
    stripe.refund("pi_1")
    deliver(driver, stripe)
    stripe.fail_refund("pi_1")
    deliver_all(driver, stripe)
    assert state(driver, written)[0] == "refunded"
    assert owed(driver, written) == ("refund_failed", payment(driver, written)["amountMinor"])


def test_a_failed_refund_of_another_system_is_ignored(
    driver: ApiDriver, stripe: StripeSimulator, written: Any
) -> None:
    refund(driver, written)
    stripe.intents["pi_1"]["metadata"] = {}
    stripe.fail_refund("pi_1")
    assert deliver(driver, stripe) == 204
    assert owed(driver, written) == (None, 0)
