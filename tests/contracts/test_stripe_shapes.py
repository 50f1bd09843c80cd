"""Our simulator of Stripe beside another one: what both have is the same.

`localstripe` knows fewer parameters (no automatic methods, no idempotency keys), so both get only
what the two know, and objects are compared in the fields that the two have.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any, Final

import httpx2
import pytest

from tools.payments.stripe_simulator import StripeSimulator

SERVER: Final = """
import sys
from aiohttp import web
import localstripe.server
web.run_app(localstripe.server.app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""

CARDS: Final = {
    "pm_card_visa": "4242424242424242",
    "pm_card_visa_chargeDeclined": "4000000000000341",
}
"""Test cards. The second one is stored, and declined when it is charged."""

NOT_COMPARED: Final = {"latest_charge"}
"""localstripe answers with the charge itself, which Stripe does only on request."""


class Account:
    """Calls to one of the two simulators."""

    def __init__(self, url: str, key: str) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        self.client = httpx2.Client(base_url=url, headers=headers, timeout=60)

    def call(self, method: str, path: str, **params: Any) -> tuple[int, Any]:
        sent = {"data": params} if method == "POST" else {"params": params}
        answer = self.client.request(method, f"/v1/{path}", **sent)  # type: ignore[arg-type]
        return answer.status_code, answer.json()

    def post(self, path: str, **params: Any) -> Any:
        status, found = self.call("POST", path, **params)
        assert status == 200, found
        return found


@pytest.fixture
def ours() -> Iterator[tuple[Account, StripeSimulator]]:
    with StripeSimulator("sk_test_1") as simulator:
        account = Account(simulator.url, "sk_test_1")
        with closing(account.client):
            yield account, simulator


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("localstripe")
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(port)],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder)},  # it keeps what it knows in a file there
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    account = Account(f"http://127.0.0.1:{port}", "sk_test_1")
    try:
        until = time.monotonic() + 60
        while True:
            with suppress(httpx2.TransportError):
                account.client.get("/v1/customers", timeout=5)
                break
            assert process.poll() is None, "localstripe has ended"
            assert time.monotonic() < until, "localstripe does not answer"
            time.sleep(0.05)
        yield account
    finally:
        account.client.close()
        process.kill()
        process.wait()


def kind(value: Any) -> str:
    return (
        "number" if isinstance(value, int) and not isinstance(value, bool) else type(value).__name__
    )


def compare(ours: Any, other: Any, *, values: tuple[str, ...] = ("object", "status")) -> None:
    """Compare the types of the fields that two objects have, and the values of some."""
    shared = ({*ours} & {*other}) - NOT_COMPARED
    assert {*values} <= shared
    assert {field: kind(ours[field]) for field in shared} == {
        field: kind(other[field]) for field in shared
    }
    assert [ours[field] for field in values] == [other[field] for field in values]


def stored(account: Account, simulator: StripeSimulator | None, card: Any) -> tuple[str, str]:
    """Return a customer and a method that charges a test card."""
    customer = account.post("customers")["id"]
    if simulator is not None:
        return customer, simulator.new_method(card)
    number = CARDS[card]
    details = {"number": number, "exp_month": 12, "exp_year": 2040, "cvc": "123"}
    fields = {f"card[{name}]": value for name, value in details.items()}
    method = account.post("payment_methods", type="card", **fields)["id"]
    account.post(f"payment_methods/{method}/attach", customer=customer)
    return customer, method


def charge(account: Account, simulator: StripeSimulator | None, card: str) -> tuple[int, Any]:
    customer, method = stored(account, simulator, card)
    return account.call(
        "POST",
        "payment_intents",
        amount="1999",
        currency="eur",
        customer=customer,
        payment_method=method,
        confirm="true",
        off_session="true",
    )


def test_an_intent_is_created_found_and_cancelled(
    ours: tuple[Account, StripeSimulator], other: Account
) -> None:
    """R-PAY-03: a second cancellation is refused alike."""
    mine = ours[0]
    objects: list[Any] = []
    refusals: list[int] = []
    for account in (mine, other):
        created = account.post("payment_intents", amount="1999", currency="eur")
        found = account.call("GET", f"payment_intents/{created['id']}")[1]
        cancelled = account.post(f"payment_intents/{created['id']}/cancel")
        refusals.append(account.call("POST", f"payment_intents/{created['id']}/cancel")[0])
        objects.append((created, found, cancelled))
    for own, theirs in zip(*objects, strict=True):
        compare(own, theirs, values=("object", "status", "amount", "currency"))
    assert refusals == [400, 400]


def test_a_stored_card_is_charged_and_returned(
    ours: tuple[Account, StripeSimulator], other: Account
) -> None:
    """R-PAY-12, R-PAY-14: in part, then the rest. Only our simulator refuses to return more."""
    objects: list[Any] = []
    for account, simulator in (ours, (other, None)):
        status, intent = charge(account, simulator, "pm_card_visa")
        assert (status, intent["status"]) == (200, "succeeded")
        part = account.post("refunds", payment_intent=intent["id"], amount="500")
        rest = account.post("refunds", payment_intent=intent["id"], amount="1499")
        objects.append((intent, part, rest))
    for own, theirs in zip(*objects, strict=True):
        compare(own, theirs, values=("object", "status", "amount"))


def test_a_declined_card_has_the_same_error(
    ours: tuple[Account, StripeSimulator], other: Account
) -> None:
    """R-PAY-05"""
    errors: list[Any] = []
    for account, simulator in (ours, (other, None)):
        status, body = charge(account, simulator, "pm_card_visa_chargeDeclined")
        errors.append((status, body["error"]))
    assert [(status, error["code"]) for status, error in errors] == [(402, "card_declined")] * 2
    assert errors[0][1]["type"] == "card_error", "localstripe says otherwise"


@pytest.mark.parametrize("path", ["payment_intents/pi_none", "customers/cus_none"])
def test_what_does_not_exist_is_not_found(
    ours: tuple[Account, StripeSimulator], other: Account, path: str
) -> None:
    """R-PAY-15"""
    found = [account.call("GET", path) for account in (ours[0], other)]
    assert [(status, body["error"]["type"]) for status, body in found] == [
        (404, "invalid_request_error")
    ] * 2


def test_a_customer_is_created_and_deleted(
    ours: tuple[Account, StripeSimulator], other: Account
) -> None:
    """R-TEN-12"""
    objects = []
    for account in (ours[0], other):
        created = account.post("customers")
        deleted = account.call("DELETE", f"customers/{created['id']}")
        objects.append((created, deleted))
    (own, own_deleted), (theirs, their_deleted) = objects
    compare(own, theirs, values=("object",))
    assert own_deleted[0] == their_deleted[0] == 200
    assert own_deleted[1]["deleted"] is their_deleted[1]["deleted"] is True
