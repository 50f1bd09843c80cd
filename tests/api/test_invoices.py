"""Invoices and credit notes over REST, GraphQL and as PDF."""

from typing import Any

import pytest

from domain.ids import DEFAULT_TENANT, UserId
from tests.api.driver import ApiDriver
from tests.api.offers import EU, TERMS, offer, refused, send
from tests.api.paying import deliver, enroll, state
from tools.payments.stripe_simulator import StripeSimulator

BILLING = {"name": 'Ada #strong[x] "Lovelace" \\ Ада', "country": "GB"}


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


def buy(driver: ApiDriver, stripe: StripeSimulator, intent: str = "pi_1", **more: Any) -> Any:
    written = enroll(driver, **more)
    stripe.pay(intent, "pm_card_visa")
    deliver(driver, stripe)
    return written


def listed(driver: ApiDriver) -> list[Any]:
    position = {"After-Position": str(driver.platform.log.head())}
    items: list[Any] = driver.client.get("/v1/invoices", headers=position).json()["items"]
    return items


def test_a_completed_payment_has_an_invoice_and_its_refund_a_credit_note(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-08, R-PAY-12: with the tax in the price, numbered in one series of the year."""
    year = driver.platform.clock().year
    written = buy(driver, stripe, billing=BILLING)
    (invoice,) = listed(driver)
    assert invoice["invoiceId"] == f"{year}-000001"
    same = {"kind": "invoice", "amount": "19.99", "tax": "3.19", "net": "16.80", "currency": "EUR"}
    assert {name: invoice[name] for name in same} == same
    assert invoice["paymentId"] == written["paymentId"]
    document = send(driver, "GET", f"/v1/invoices/{year}-000001")
    texts = {"buyerName": BILLING["name"], "buyerCountry": "GB", "planTitle": "First squats"}
    assert {name: document[name] for name in texts} == texts
    assert (document["seller"], document["corrects"]) == ("Kinelog", None)
    stripe.refund("pi_1")
    deliver(driver, stripe)
    assert state(driver, written)[0] == "refunded"
    deliver(driver, stripe)
    assert [(each["invoiceId"], each["kind"]) for each in listed(driver)] == [
        (f"{year}-000002", "credit_note"),
        (f"{year}-000001", "invoice"),
    ]
    credit = send(driver, "GET", f"/v1/invoices/{year}-000002")
    assert (credit["corrects"], credit["amount"]) == (f"{year}-000001", "19.99")
    assert refused(driver, "GET", "/v1/invoices/1999-000001") == (404, "invoice.unknown")
    assert refused(driver, "GET", "/v1/invoices/1999-000001.pdf") == (404, "invoice.unknown")


def test_rest_and_graphql_show_the_same_invoice(driver: ApiDriver, stripe: StripeSimulator) -> None:
    """C-53"""
    buy(driver, stripe)
    (item,) = listed(driver)
    document = send(driver, "GET", f"/v1/invoices/{item['invoiceId']}")
    names = "invoiceId userId paymentId subscriptionId planId amountMinor amount currency tax net"
    texts = "seller buyerName buyerCountry planTitle corrects"
    data = driver.ask(
        f"query($id: ID!) {{ invoice(id: $id) {{ {names} {texts} }}"
        f" invoices {{ edges {{ node {{ {names} }} }} }} }}",
        id=item["invoiceId"],
    )
    (edge,) = data["invoices"]["edges"]
    assert edge["node"] == {name: item[name] for name in names.split()}
    assert data["invoice"] == {name: document[name] for name in f"{names} {texts}".split()}
    assert document["buyerName"] is None, "none was given"


def test_a_printed_invoice_has_the_same_bytes_each_time(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """Texts of the buyer are never markup: whatever they contain, it is printed as it is."""
    buy(driver, stripe, billing=BILLING)
    (item,) = listed(driver)
    path = f"/v1/invoices/{item['invoiceId']}.pdf"
    first, again = driver.client.get(path), driver.client.get(path)
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.content.startswith(b"%PDF-")
    assert first.content == again.content


def test_names_on_invoices_are_encrypted(driver: ApiDriver, stripe: StripeSimulator) -> None:
    """C-23"""
    buy(driver, stripe, billing={"name": "Ada Lovelace", "country": "GB"})
    assert "Lovelace" not in repr(driver.platform.log.scan(after=0, limit=1000))
    wrong = {"name": "Ada", "country": "Germany"}
    body = {"userId": "bo", "planId": "squats", "startOn": f"{driver.platform.clock():%F}"}
    answer = refused(driver, "POST", "/v1/enrollments", **body, region="EU", billing=wrong)
    assert answer == (422, "value.invalid")
    assert not driver.platform.log.load(DEFAULT_TENANT, "billing-bo")


def test_a_credit_note_names_the_buyer_of_its_invoice(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-08: with its title, and not the billing details and the title of now."""
    buy(driver, stripe, billing={"name": "Ada Lovelace", "country": "DE"})
    offer(driver, "other", prices=[EU])
    enroll(driver, planId="other", billing={"name": "Lovelace Ltd", "country": "GB"})
    send(driver, "PUT", "/v1/plans/squats", **TERMS | {"title": "Renamed squats"})
    send(driver, "POST", "/v1/plans/squats/publish")
    stripe.refund("pi_1", 500)
    stripe.refund("pi_1")
    for number in range(len(stripe.webhooks)):
        deliver(driver, stripe, number)
    documents = [
        send(driver, "GET", f"/v1/invoices/{each['invoiceId']}") for each in listed(driver)
    ]
    assert [each["kind"] for each in documents] == ["credit_note", "credit_note", "invoice"]
    same = [
        (each["buyerName"], each["buyerCountry"], each["planTitle"], each["seller"])
        for each in documents
    ]
    assert same == [("Ada Lovelace", "DE", "First squats", "Kinelog")] * 3


@pytest.mark.parametrize("billing", [{}, {"billing": BILLING}])
def test_a_refund_after_the_account_is_erased_has_a_credit_note(
    driver: ApiDriver, stripe: StripeSimulator, billing: dict[str, Any]
) -> None:
    """C-24, R-PAY-12: nothing can be encrypted for a person whose key is destroyed."""
    written = buy(driver, stripe, **billing)
    cipher = driver.platform.accounts().account_erasure.cipher
    cipher.destroy(DEFAULT_TENANT, UserId("ada"), driver.platform.clock())
    stripe.refund("pi_1")
    assert deliver(driver, stripe) == 204
    assert state(driver, written)[0] == "refunded"
    credit, invoice = listed(driver)
    assert (credit["kind"], credit["amount"]) == ("credit_note", invoice["amount"])
    document = send(driver, "GET", f"/v1/invoices/{credit['invoiceId']}")
    assert (document["buyerName"], document["buyerCountry"]) == (None, None)


def test_credit_notes_for_parts_return_the_tax_of_the_invoice(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-12: of 3.19, not of 1.60 twice."""
    buy(driver, stripe)
    for amount in (1000, 999):
        stripe.refund("pi_1", amount)
        assert deliver(driver, stripe) == 204
    *notes, invoice = listed(driver)
    assert invoice["tax"] == "3.19"
    returned = [(note["amount"], note["tax"]) for note in notes]
    assert returned == [("9.99", "1.59"), ("10.00", "1.60")]


def test_documents_show_the_title_that_was_published_last(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-12: and no draft, also after the plan is withdrawn."""
    buy(driver, stripe)
    assert driver.client.post("/v1/plans/squats/withdraw").is_success
    terms = {**TERMS, "title": "Nobody knows of this yet", "prices": [EU]}
    assert driver.client.put("/v1/plans/squats", json=terms).is_success
    stripe.refund("pi_1")
    assert deliver(driver, stripe) == 204
    titles = [
        send(driver, "GET", f"/v1/invoices/{each['invoiceId']}")["planTitle"]
        for each in listed(driver)
    ]
    assert titles == ["First squats"] * 2
