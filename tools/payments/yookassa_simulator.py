"""Simulator of YooKassa: its REST protocol over HTTP, with state, a confirmation page and faults.

On the page, or by `act`, a person pays, is declined, or answers 3-D Secure. Payments, refunds and
idempotency keys are in memory. `expire` is what the clock does to an unpaid payment.
"""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal
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

SMALLEST: Final = 100
"""Smallest payment, in kopecks."""

REASONS: Final[dict[Choice, str]] = {
    "decline": "general_decline",
    "insufficient_funds": "insufficient_funds",
    "fail": "3d_secure_failed",
}


@dataclass
class YooKassaSimulator(Simulator):
    """One shop. `refund_refusal` is how refunds are refused, as without enough money."""

    shop_id: str = "54401"
    key: str = "test_key"
    page_size: int = 100
    refund_refusal: Literal["error", "canceled"] | None = None
    payments: dict[str, Found] = field(default_factory=dict[str, Found])
    refunds: dict[str, Found] = field(default_factory=dict[str, Found])
    methods: dict[str, Found] = field(default_factory=dict[str, Found])
    refused_methods: dict[str, Choice] = field(default_factory=dict[str, Choice])
    authenticating: set[str] = field(default_factory=set[str])
    _answers: dict[str, tuple[bytes, Reply]] = field(default_factory=dict[str, tuple[bytes, Reply]])

    def act(self, reference: str, choice: Choice) -> None:
        """Do what a person does on the confirmation page. Raises KeyError and ValueError."""
        with self.lock:
            payment = self.payments[reference]
            if payment["status"] != "pending":
                raise ValueError(payment["status"])
            if choice == "authenticate":
                self.authenticating.add(reference)
                return
            self.authenticating.discard(reference)
            if choice in {"succeed", "pass"}:
                self._pay(payment)
            else:
                self._cancel(payment, "payment_network", REASONS[choice])

    def forget_keys(self) -> None:
        """Forget all idempotency keys, as YooKassa does after a day."""
        with self.lock:
            self._answers.clear()

    def set_up(self, reference: str) -> None:
        """Confirm a payment method without a payment, as a person does. Raises KeyError."""
        with self.lock:
            self.methods[reference].update(status="active", saved=True)
            self._notify("payment_method.active", self.methods[reference])

    def abort_setup(self, reference: str) -> None:
        """Leave a payment method unconfirmed, such as when a person goes back. Raises KeyError."""
        with self.lock:
            self.methods[reference]["status"] = "inactive"

    def expire(self, reference: str) -> None:
        """Cancel a payment that nobody has confirmed in time."""
        with self.lock:
            self._cancel(self.payments[reference], "yoo_money", "expired_on_confirmation")

    def hold(self, reference: str) -> None:
        """Hold the money of a payment until it is captured, as a shop in two stages does."""
        with self.lock:
            self._hold(self.payments[reference])

    def refund(self, reference: str, value: str | None = None) -> None:
        """Return a charge or a part of it, as the seller does by hand at YooKassa."""
        with self.lock:
            whole = self.payments[reference]["amount"]
            amount = whole if value is None else whole | {"value": value}
            self._refund({"payment_id": reference, "amount": amount})

    def fail_refund(self, reference: str) -> None:
        """Let the latest refund of a payment fail at the bank."""
        with self.lock:
            of = [each for each in self.refunds.values() if each["payment_id"] == reference]
            of[-1]["status"] = "canceled"
            self.payments[reference]["refunded_amount"] = _none(self.payments[reference])

    def show(self, call: Call) -> Reply | None:
        """Return the confirmation page, or act and send the browser back."""
        prefix, _, reference = call.path.rpartition("/")
        if prefix != "/confirm":
            return None
        payment = self.payments.get(reference)
        if payment is None:
            return Reply(404, b"", "text/plain")
        back = payment["return_url"]
        if payment["status"] != "pending":
            return Reply.redirect(back)
        if call.method == "POST":
            choice: Any = call.form()["choice"]
            self.act(reference, choice)
            return Reply.redirect(call.path if choice == "authenticate" else back)
        choices = SECOND if reference in self.authenticating else FIRST
        value = payment["amount"]["value"]
        return choices_page(f"Simulated YooKassa: {value} RUB", choices, {})

    def answer(self, call: Call) -> Reply:
        """Carry out a call; under a key that was used before, only repeat its answer."""
        expected = b64encode(f"{self.shop_id}:{self.key}".encode()).decode()
        if call.headers.get("authorization") != f"Basic {expected}":
            return _error(401, "invalid_credentials")
        if call.method == "GET":
            return self._get(call.path.strip("/").split("/"), call.query)
        key = call.headers.get("idempotence-key", "")
        if not 0 < len(key) <= 64:
            return _error(400, "invalid_request", "Idempotence-Key")
        request = call.path.encode() + call.body
        if key in self._answers:
            before, repeated = self._answers[key]
            return repeated if before == request else _error(400, "invalid_request")
        reply = self._carry_out(call.path.strip("/").split("/"), json.loads(call.body or b"{}"))
        if reply.status == 200:
            self._answers[key] = (request, reply)
        return reply

    def _get(self, path: list[str], query: dict[str, str]) -> Reply:
        match path:
            case ["v3", "payments"]:
                since = query.get("created_at.gte", "")
                until = query.get("created_at.lt", "9999")
                listed = {
                    key: each
                    for key, each in self.payments.items()
                    if since <= each["created_at"] < until
                }
                return self._page(listed, query)
            case ["v3", "refunds"]:
                about = query.get("payment_id")
                of = {
                    key: each
                    for key, each in self.refunds.items()
                    if about in {None, each["payment_id"]}
                }
                return self._page(of, query)
            case ["v3", "refunds", reference] if reference in self.refunds:
                return Reply.of(200, self.refunds[reference])
            case ["v3", "payment_methods", reference] if reference in self.methods:
                return Reply.of(200, _public(self.methods[reference]))
            case ["v3", "payments", reference] if reference in self.payments:
                return Reply.of(200, _public(self.payments[reference]))
            case _:
                return _error(404, "not_found")

    def _carry_out(self, path: list[str], body: Found) -> Reply:
        match path:
            case ["v3", "payments"]:
                return self._create(body)
            case ["v3", "payments", reference, "capture"] if reference in self.payments:
                return self._capture(self.payments[reference], body)
            case ["v3", "payments", reference, "cancel"] if reference in self.payments:
                payment = self.payments[reference]
                if payment["status"] != "waiting_for_capture":
                    return _error(400, "invalid_request")
                self._cancel(payment, "merchant", "canceled_by_merchant")
                return Reply.of(200, _public(payment))
            case ["v3", "payment_methods"]:
                return self._set_up(body)
            case ["v3", "refunds"] if body["payment_id"] in self.payments:
                return self._refund(body)
            case _:
                return _error(404, "not_found")

    def _page(self, objects: dict[str, Found], query: dict[str, str]) -> Reply:
        newest = list(reversed(objects.values()))
        limit = min(int(query.get("limit", "10")), self.page_size)
        start = int(query.get("cursor", "0"))
        page: Found = {"type": "list", "items": [_public(each) for each in newest][start:][:limit]}
        if start + limit < len(newest):
            page["next_cursor"] = str(start + limit)
        return Reply.of(200, page)

    def _set_up(self, body: Found) -> Reply:
        reference = str(uuid4())
        self.methods[reference] = {
            "id": reference,
            "type": body["type"],
            "saved": False,
            "status": "pending",
            "confirmation": {
                "type": "redirect",
                "confirmation_url": f"{self.url}/confirm/{reference}",
            },
            "return_url": body["confirmation"]["return_url"],
        }
        return Reply.of(200, _public(self.methods[reference]))

    def _create(self, body: Found) -> Reply:
        if body["amount"]["currency"] != "RUB":
            return _error(400, "invalid_request", "amount.currency")
        if _kopecks(body["amount"]) < SMALLEST:
            return _error(400, "invalid_request", "amount.value")
        if len(body.get("metadata", {})) > 16:
            return _error(400, "invalid_request", "metadata")
        reference = str(uuid4())
        payment: Found = {
            "id": reference,
            "status": "pending",
            "paid": False,
            "refundable": False,
            "test": True,
            "amount": body["amount"],
            "created_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.000Z}",
            "metadata": body.get("metadata", {}),
            "save": body.get("save_payment_method", False),
            "capture": body.get("capture", False),
        }
        self.payments[reference] = payment
        if "payment_method_id" in body:
            self._charge(payment, body["payment_method_id"])
        else:
            payment["confirmation"] = {
                "type": "redirect",
                "confirmation_url": f"{self.url}/confirm/{reference}",
            }
            payment["return_url"] = body["confirmation"]["return_url"]
        return Reply.of(200, _public(payment))

    def _charge(self, payment: Found, method: str) -> None:
        """Charge a stored method at once."""
        if method not in self.methods:
            self._cancel(payment, "merchant", "permission_revoked")
        elif method in self.refused_methods:
            self._cancel(payment, "payment_network", REASONS[self.refused_methods[method]])
        else:
            payment["payment_method"] = self.methods[method]
            self._pay(payment)

    def _pay(self, payment: Found) -> None:
        if payment["capture"]:
            self._succeed(payment)
        else:
            self._hold(payment)

    def _hold(self, payment: Found) -> None:
        payment.update(status="waiting_for_capture", paid=True)
        self._notify("payment.waiting_for_capture", payment)

    def _capture(self, payment: Found, body: Found) -> Reply:
        """Take the whole amount that is held. Parts are not simulated."""
        if payment["status"] != "waiting_for_capture":
            return _error(400, "invalid_request")
        if body.get("amount", payment["amount"]) != payment["amount"]:
            return _error(400, "invalid_request", "amount")
        self._succeed(payment)
        return Reply.of(200, _public(payment))

    def _succeed(self, payment: Found) -> None:
        if payment["save"]:
            method = {"id": payment["id"], "type": "bank_card", "saved": True, "status": "active"}
            self.methods[payment["id"]] = payment["payment_method"] = method
        payment.update(
            status="succeeded", paid=True, refundable=True, refunded_amount=_none(payment)
        )
        self._notify("payment.succeeded", payment)

    def _refund(self, body: Found) -> Reply:
        payment = self.payments[body["payment_id"]]
        if payment["status"] != "succeeded":
            return _error(400, "invalid_request", "payment_id")
        left = _kopecks(payment["amount"]) - _kopecks(payment["refunded_amount"])
        returned = _kopecks(body["amount"])
        if not 0 < returned <= left or self.refund_refusal == "error":
            return _error(400, "invalid_request", "amount.value")
        refund: Found = {
            "id": str(uuid4()),
            "payment_id": payment["id"],
            "status": "succeeded",
            "amount": body["amount"],
            "description": body.get("description", ""),
            "created_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.000Z}",
        }
        self.refunds[refund["id"]] = refund
        if self.refund_refusal == "canceled":
            details = {"party": "yoo_money", "reason": "insufficient_funds"}
            refund.update(status="canceled", cancellation_details=details)
            return Reply.of(200, refund)
        total = _kopecks(payment["refunded_amount"]) + returned
        payment["refunded_amount"] = {
            "value": f"{total // 100}.{total % 100:02}",
            "currency": "RUB",
        }
        self._notify("refund.succeeded", refund)
        return Reply.of(200, refund)

    def _cancel(self, payment: Found, party: str, reason: str) -> None:
        payment.update(
            status="canceled", paid=False, cancellation_details={"party": party, "reason": reason}
        )
        self._notify("payment.canceled", payment)

    def _notify(self, event: str, about: Found) -> None:
        body = {"type": "notification", "event": event, "object": _public(about)}
        self.send(Sent(json.dumps(body).encode()))


def _none(payment: Found) -> Found:
    return {"value": "0.00", "currency": payment["amount"]["currency"]}


def _kopecks(amount: Found) -> int:
    return int(amount["value"].replace(".", ""))


def _public(payment: Found) -> Found:
    """Return what the gateway shows: its confirmation only while that is possible."""
    hidden = {"return_url", "save", "capture"}
    if payment["status"] != "pending":
        hidden.add("confirmation")
    return {name: value for name, value in payment.items() if name not in hidden}


def _error(status: int, code: str, parameter: str | None = None) -> Reply:
    error = {"type": "error", "id": str(uuid4()), "code": code, "description": "A description."}
    return Reply.of(status, error | ({} if parameter is None else {"parameter": parameter}))
