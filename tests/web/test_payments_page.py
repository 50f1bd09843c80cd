"""Payments of all users and webhooks, on the page of administrators."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx2
import pytest
from playwright.sync_api import Route, expect

from application.payments.gateways import IntentOf, Notice
from application.payments.reconciliation import Difference
from application.payments.reconciliation_runs import ReconciliationRun
from domain.ids import DEFAULT_TENANT, PaymentId, UserId
from domain.kernel import Origin
from domain.payments.commands import Paying
from domain.tenants.join_policy import OPEN
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.paid_subscription import ACTIVE, paid
from tests.web.people import sign_up
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

__all__ = ["paid"]

REFUNDED = """async () => (await (await fetch("/v1/payments?everyone=true")).json())
  .items.some(({ status }) => status === "refunded")"""

CREDITED = """async () => (await (await fetch("/v1/invoices")).json()).items.length === 3"""


def with_failed_webhook(server: PlatformServer) -> None:
    """Add a webhook that failed to the one that was processed."""
    deliveries = server.platform.deliveries
    (item,) = httpx2.get(f"{server.url}/v1/webhook-deliveries", timeout=60).json()["items"]
    payment = PaymentId(item["about"])
    key = uuid4()
    notice = Notice(f"evt_{key}", IntentOf(DEFAULT_TENANT, payment, 1), "pi_1", Paying())
    now = server.platform.clock()
    processed = deliveries.get(DEFAULT_TENANT, type(key)(item["deliveryId"]))
    assert processed is not None
    failed = replace(
        processed,
        id=key,
        event_id=notice.event_id,
        notice=notice,
        received_at=now,
        changed_at=now,
        state="failed",
        reason="KeyError",
    )
    assert deliveries.add(failed)


def with_differences(server: PlatformServer) -> None:
    """Add a comparison that found differences."""
    now, payment = server.platform.clock(), PaymentId("p1")
    run = ReconciliationRun(uuid4(), DEFAULT_TENANT, now, now, now, now)
    sides = (("open", "charged, 19.99 EUR, returned 5.00"), ("voided", "404 resource_missing"))
    differences = tuple(
        Difference("other_state", "stripe", f"pi_{here}", payment, here, there)
        for here, there in sides
    )
    assert server.platform.reconciliations.add(run)
    assert server.platform.reconciliations.save(
        replace(
            run,
            state="succeeded",
            finished_at=now,
            differences=differences,
            differences_found=len(differences),
        )
    )


def as_of_webmoney(route: Route) -> None:
    """Change payments to those of a gateway that makes no refunds by itself."""
    answer = route.fetch()
    found = answer.json()
    for item in found["items"]:
        item |= {"gateway": "webmoney", "refundableMinor": 0, "isRefundableInPart": False}
    route.fulfill(response=answer, json=found)


PAYMENT: Final = {
    "userId": "u1", "status": "succeeded", "currency": "EUR", "gateway": "webmoney",
    "renewal": 0, "refundableMinor": 1999, "amountMinor": 1999, "returnedMinor": 0,
    "isRefundableInPart": True, "attention": None,
}  # fmt: skip
DELIVERY: Final = {
    "gateway": "stripe", "eventType": "", "about": "p1", "state": "failed", "reason": None,
    "attempts": 1, "receivedAt": "2030-05-01T08:00:00Z",
}  # fmt: skip


def listed(*items: dict[str, Any]) -> Callable[[Route], None]:
    """Answer with a list of these items."""
    page_info = {"hasNextPage": False, "endCursor": None}
    return lambda route: route.fulfill(json={"items": list(items), "pageInfo": page_info})


def test_controls_of_payments_and_webhooks_name_their_row(
    bare_server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07: their visible texts are the same in each row."""
    page = new_page(bare_server.url)
    first = {**PAYMENT, "paymentId": "p1", "amount": "19.99", "createdAt": "2030-05-01T08:00:00Z"}
    second = {**PAYMENT, "paymentId": "p2", "amount": "5.00", "createdAt": "2030-05-02T08:00:00Z"}
    page.route("**/v1/payments?*", listed(first, second))
    deliveries = [{**DELIVERY, "deliveryId": each, "eventId": each} for each in ("evt_1", "evt_2")]
    page.route("**/v1/webhook-deliveries*", listed(*deliveries))
    page.route("**/v1/reconciliations*", listed())
    page.goto("/payments.html")
    rows = page.locator("#payments > li")
    expect(rows).to_have_count(2)
    for row, subject in ((rows.first, "€19.99, 1 May 2030"), (rows.last, "€5.00, 2 May 2030")):
        for words in ("Refund", "Record a refund made at the provider"):
            button = row.get_by_role("button", name=words, exact=False).first
            expect(button).to_have_accessible_name(re.compile(f"{words} {subject}"))
        expect(row.locator("summary")).to_contain_text(f"What has happened {subject}")
        row.get_by_role("button", name="Refund €").click()
        expect(row.locator("form [type=submit]")).to_have_accessible_name(
            re.compile(f"Refund {subject}")
        )
    for event in ("evt_1", "evt_2"):
        expect(page.get_by_role("link", name=f"Open the payment {event}")).to_be_visible()
        expect(page.get_by_role("button", name=f"Handle again {event}")).to_be_visible()
    assert problems(page) == {}


@pytest.mark.parametrize("in_part", [True, False])
def test_a_refund_says_whether_the_subscription_ends(
    bare_server: PlatformServer, new_page: NewPage, *, in_part: bool
) -> None:
    """R-PAY-12: only that of the payment for the latest period ends it."""
    page = new_page(bare_server.url, **PHONE)
    paid = PAYMENT | {
        "amount": "19.99", "createdAt": "2030-05-01T08:00:00Z", "isRefundableInPart": in_part,
    }  # fmt: skip
    latest = {**paid, "paymentId": "p2", "endsSubscription": True}
    earlier = {**paid, "paymentId": "p1", "endsSubscription": False}
    page.route("**/v1/payments?*", listed(latest, earlier))
    page.goto("/payments.html")
    rows = page.locator("#payments > li")
    expect(rows).to_have_count(2)
    for row in rows.all():
        row.get_by_role("button", name="Refund €").click()
    expect(rows.first.locator("form")).to_contain_text("That ends the subscription")
    expect(rows.last.locator("form")).to_contain_text("€19.99. Access does not change.")
    assert problems(page) == {}


def test_what_a_failed_refund_owes_is_recorded_as_repaid(
    bare_server: PlatformServer, new_page: NewPage
) -> None:
    """R-PAY-12: all of the payment is returned already, so the limit is what is owed."""
    page = new_page(bare_server.url, **PHONE)
    owing = PAYMENT | {
        "paymentId": "p1", "amount": "19.99", "createdAt": "2030-05-01T08:00:00Z",
        "status": "refunded", "gateway": "stripe", "attention": "refund_failed",
        "returnedMinor": 1999, "owedMinor": 500, "refundableMinor": 0,
    }  # fmt: skip
    page.route("**/v1/payments?*", listed(owing))
    page.route("**/v1/webhook-deliveries*", listed())
    page.route("**/v1/reconciliations*", listed())
    page.goto("/payments.html")
    row = page.locator("#payments > li")
    expect(row).to_contain_text("A refund failed at the bank of the user")
    expect(row).to_contain_text("€5.00 still owed to the user")
    expect(row.get_by_role("button", name="Refund €")).to_have_count(0)
    row.get_by_role("button", name="Record that you have returned it").click()
    row.get_by_label("Amount in EUR").fill("5.01")
    row.locator("form [type=submit]").click()
    expect(row.locator(".wrong")).to_contain_text("from 0.01 to 5")
    assert problems(page) == {}


def width_in_russian(server: PlatformServer, new_page: NewPage) -> Any:
    """Return the width of the page on a phone, with the longest button."""
    page = new_page(server.url, **PHONE, locale="ru-RU")
    page.route("**/v1/payments?*", as_of_webmoney)
    page.goto("/payments.html")
    expect(page.get_by_role("button", name="Записать возврат")).to_be_visible()
    expect(page.get_by_role("button", name="Вернуть деньги")).to_have_count(0)
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.slow
def test_an_administrator_refunds_a_payment_and_handles_a_webhook_again(
    paid: PlatformServer,
    new_page: NewPage,
) -> None:
    """R-PAY-07, R-PAY-12: with the facts of the payment, and the reason for its gateway."""
    page = new_page(paid.url, **PHONE)
    page.goto("/billing.html")
    until(page, ACTIVE)
    with_failed_webhook(paid)
    with_differences(paid)
    page.get_by_role("link", name="Payments of all users").click()
    reported = page.locator("#reconciliations")
    expect(reported).to_contain_text(
        "Here: not paid yet. At the provider: paid, €19.99, €5.00 returned."
    )
    expect(reported).to_contain_text("Here: voided. At the provider: 404 resource_missing.")
    row = page.locator("#payments > li")
    expect(row).to_contain_text("€19.99 · Paid")
    expect(row).to_contain_text("Stripe: first choice of the region")
    row.get_by_text("What has happened").click()
    expect(row.locator("ol")).to_contain_text("Paid Stripe · €19.99 · by webhook")

    assert width_in_russian(paid, new_page) == PHONE["width"]

    page.get_by_label("Show").nth(1).select_option("failed")
    delivery = page.locator("#deliveries > li")
    expect(delivery).to_have_count(1)
    expect(delivery).to_contain_text("Stripe · Failed")
    expect(delivery).to_contain_text("KeyError")
    expect(delivery).to_contain_text("payment_intent.succeeded")
    delivery.get_by_role("button").click()
    expect(page.locator("#status")).to_have_text("Handled again: Processed")
    expect(delivery.get_by_role("button")).to_have_count(0)

    row.get_by_role("button", name="Refund").click()
    expect(row).to_contain_text("all that is left: €19.99.")
    row.get_by_label("Amount in EUR").fill("25")
    row.get_by_role("button", name="Refund").click()
    expect(row.locator(".wrong")).to_have_text(
        "Enter a number from 0.01 to 19.99, with at most 2 decimals."
    )
    row.get_by_label("Amount in EUR").fill("5,01")
    assert problems(page) == {}
    row.get_by_role("button", name="Refund").click()
    expect(row).to_contain_text("€5.01 returned")
    row.get_by_role("button", name="Refund").click()
    row.get_by_role("button", name="Refund").click()
    until(page, REFUNDED)
    page.get_by_role("button", name="Compare now").click()
    expect(page.locator("#reconciliations")).to_contain_text("0 differences")
    assert problems(page) == {}
    page.get_by_label("Show").first.select_option("true")
    expect(page.locator("#payments")).to_contain_text("No payment needs attention.")

    until(page, CREDITED)
    page.goto("/billing.html")
    note = page.locator("#invoices tbody tr", has_text="Credit note")
    expect(note).to_have_count(2)
    expect(note.last).to_contain_text("-€5.01")
    assert problems(page) == {}


def test_only_administrators_see_payments_of_others(
    tmp_path: Path, video: Path, new_page: NewPage
) -> None:
    """R-TEN-06: others have no link to the page, which refuses them."""
    with opened(tmp_path, video, sign_in="required", second_factor="optional") as server:
        accounts = server.platform.accounts()
        origin = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())
        accounts.administration.create_tenant(
            "Club", UserId("owner"), join=OPEN, origin=origin, command_id=uuid4()
        )
        page = new_page(server.url)
        sign_up(page, tmp_path / "mail", "root@example.org")
        page.goto("/account.html")
        page.wait_for_selector("#account:not([aria-busy])")
        link = page.get_by_role("link", name="Payments of all users")
        expect(link).to_have_count(0)
        page.goto("/payments.html")
        expect(page.locator("#banner")).to_contain_text("This page is for administrators.")
        expect(page.locator("#content")).to_be_hidden()

        root = accounts.identities.find(DEFAULT_TENANT, "email", "root@example.org")
        assert root is not None
        accounts.administration.grant(
            UserId(root), "administrator", origin=origin, command_id=uuid4()
        )
        page.evaluate('fetch("/v1/auth/refresh", {method: "POST"})')
        page.goto("/account.html")
        link.click()
        expect(page.locator("#payments")).to_contain_text("No payments yet.")
        expect(page.locator("#deliveries")).to_contain_text("No webhooks.")
