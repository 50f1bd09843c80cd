"""Simulator of Sberbank's payment gateway: its protocol over HTTP, a payment page, and faults.

On the page, or by `act`, a person pays, is declined, or answers 3-D Secure. Orders are in memory.
`expire` is what the clock does to an unpaid order. Callbacks are signed by a checksum.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode
from uuid import uuid4

from tools.payments.simulator import (
    FIRST,
    SECOND,
    Call,
    Choice,
    Reply,
    Sent,
    Simulator,
    choices_page,
)

Found = dict[str, Any]

API: Final = "/ecomm/gw/partner/api/v1/"

CODES: Final[dict[Choice, int]] = {"decline": -2020, "insufficient_funds": 116, "fail": -2006}


@dataclass
class SberbankSimulator(Simulator):
    """One account. With `refuses_refunds`, it has too little money to return any.

    With `fails`, it answers a request to refund with an error of its own.
    """

    user: str = "kinelog-api"
    password: str = "test_password"  # noqa: S105  of the simulator
    secret: str = "callback_key"  # noqa: S105  of the simulator
    orders: dict[str, Found] = field(default_factory=dict[str, Found])
    refuses_refunds: bool = False
    fails: bool = False

    def act(self, reference: str, choice: Choice) -> None:
        """Do what a person does on the page. Raises KeyError and ValueError."""
        with self.lock:
            order = self.orders[reference]
            if order["orderStatus"] not in {0, 5}:
                raise ValueError(order["orderStatus"])
            if choice == "authenticate":
                order["orderStatus"] = 5
            elif choice in {"succeed", "pass"}:
                order.update(orderStatus=2, actionCode=0)
                self._call_back(order, "deposited", succeeded=True)
            else:
                order.update(orderStatus=6, actionCode=CODES[choice])
                self._call_back(order, "deposited", succeeded=False)

    def expire(self, reference: str) -> None:
        """Decline an order that nobody has paid in time."""
        with self.lock:
            self.orders[reference].update(orderStatus=6, actionCode=-2007)
            self._call_back(self.orders[reference], "declinedByTimeout", succeeded=True)

    def hold(self, reference: str) -> None:
        """Hold the money of an order, as an account in two stages does."""
        with self.lock:
            self.orders[reference]["orderStatus"] = 1

    def refund(self, reference: str) -> None:
        """Return a charge, as the seller does by hand at Sberbank."""
        with self.lock:
            self._refund(self.orders[reference], self.orders[reference]["amount"])

    def show(self, call: Call) -> Reply | None:
        """Return the payment page, or act and send the browser back."""
        if call.path != "/pp/pay_ru":
            return None
        reference = call.query.get("orderId", "")
        order = self.orders.get(reference)
        if order is None:
            return Reply(404, b"", "text/plain")
        back = order["returnUrl"]
        if order["orderStatus"] not in {0, 5}:
            return Reply.redirect(back)
        if call.method == "POST":
            choice: Any = call.form()["choice"]
            self.act(reference, choice)
            page = f"{call.path}?orderId={reference}"
            return Reply.redirect(page if choice == "authenticate" else back)
        choices = SECOND if order["orderStatus"] == 5 else FIRST
        return choices_page(f"Simulated Sberbank: {order['amount']} kopecks", choices, {})

    def answer(self, call: Call) -> Reply:
        """Carry out a call."""
        body: Found = json.loads(call.body)
        if (body.get("userName"), body.get("password")) != (self.user, self.password):
            return _error("5", "Access denied")
        if call.path == f"{API}register.do":
            return self._register(body)
        order = self._find(body)
        if order is None:
            return _error("6", "Unknown order")
        match call.path.removeprefix(API):
            case "getOrderStatusExtended.do":
                return Reply.of(200, {"errorCode": "0", **_public(order)})
            case "decline.do" if order["orderStatus"] == 0:
                order.update(orderStatus=6, actionCode=-2005)
                return _done()
            case "reverse.do" if order["orderStatus"] in {1, 2}:
                order["orderStatus"] = 3
                self._call_back(order, "reversed", succeeded=True)
                return _done()
            case "refund.do":
                return self._refund(order, body["amount"])
            case _:
                return _error("7", "The order is in another state")

    def _find(self, body: Found) -> Found | None:
        if "orderId" in body:
            return self.orders.get(body["orderId"])
        number = body.get("orderNumber")
        return next((each for each in self.orders.values() if each["orderNumber"] == number), None)

    def _register(self, body: Found) -> Reply:
        if len(body["orderNumber"]) > 36 or self._find({"orderNumber": body["orderNumber"]}):
            return _error("1", "Order with this number is registered already")
        if body["currency"] != "643":
            return _error("3", "Unknown currency")
        reference = str(uuid4())
        self.orders[reference] = {
            "orderId": reference,
            "orderNumber": body["orderNumber"],
            "orderStatus": 0,
            "actionCode": -100,
            "amount": body["amount"],
            "currency": body["currency"],
            "returned": 0,
            "returnUrl": body["returnUrl"],
            "jsonParams": body.get("jsonParams", {}),
        }
        page = f"{self.url}/pp/pay_ru?orderId={reference}"
        return Reply.of(200, {"errorCode": "0", "orderId": reference, "formUrl": page})

    def _refund(self, order: Found, amount: int) -> Reply:
        if order["orderStatus"] not in {2, 4} or amount > order["amount"] - order["returned"]:
            return _error("5", "The refund is larger than what is left")
        if self.fails:
            return _error("7", "System error")
        if self.refuses_refunds:
            return _error("5", "Not enough money")
        order["returned"] += amount
        order["orderStatus"] = 4
        self._call_back(order, "refunded", succeeded=True)
        return _done()

    def _call_back(self, order: Found, operation: str, *, succeeded: bool) -> None:
        fields = {
            "mdOrder": order["orderId"],
            "orderNumber": order["orderNumber"],
            "operation": operation,
            "status": str(int(succeeded)),
        }
        self.send(Sent(urlencode(self.signed(fields)).encode(), "GET"))

    def signed(self, fields: dict[str, str]) -> dict[str, str]:
        """Return the fields of a callback with their checksum."""
        text = "".join(f"{name};{value};" for name, value in sorted(fields.items()))
        digest = hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        return fields | {"checksum": digest.upper(), "sign_alias": "kinelog"}


def _public(order: Found) -> Found:
    hidden = {"orderId", "returned", "returnUrl", "jsonParams"}
    shown = {name: value for name, value in order.items() if name not in hidden}
    return shown | {
        "merchantOrderParams": [
            {"name": name, "value": value} for name, value in order["jsonParams"].items()
        ],
        "attributes": [{"name": "mdOrder", "value": order["orderId"]}],
        "paymentAmountInfo": {"refundedAmount": order["returned"]},
    }


def _done() -> Reply:
    return Reply.of(200, {"errorCode": "0", "errorMessage": "Success"})


def _error(code: str, message: str) -> Reply:
    return Reply.of(200, {"errorCode": code, "errorMessage": message})
