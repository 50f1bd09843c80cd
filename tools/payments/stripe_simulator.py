"""Simulator of Stripe: its REST protocol over HTTP, with state, test cards, and faults on request.

It keeps PaymentIntents, SetupIntents, customers with their methods, charges, refunds, disputes
and idempotency keys in memory, and makes signed webhooks. The caller decides when, how often and
whether a webhook is delivered. It is for tests and trials: `pay`, `authenticate` and `set_up` do
what the user does in the browser.
"""

import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any, Final, Self

from tools.payments.stripe_disputes import StripeDisputes
from tools.payments.stripe_http import RefusedError, handler
from tools.payments.stripe_objects import DECLINES, Card, listed, metadata, new_object
from tools.payments.stripe_setups import StripeSetups

MINIMA: Final = {"chf": 50, "eur": 50, "gbp": 30, "jpy": 50, "usd": 50}
"""Smallest amounts that can be charged, in minor units, by currency."""


NOT_AUTHENTICATED: Final = {
    "type": "invalid_request_error",
    "code": "payment_intent_authentication_failure",
}


NO_FUNDS: Final = {"type": "invalid_request_error", "code": "insufficient_funds"}
"""The error of a debit from an account without enough money."""


def declined(reason: str) -> dict[str, str]:
    """Return the error of a card that a bank declined."""
    return {"type": "card_error", "code": "card_declined", "decline_code": reason}


class CardRefusedError(RefusedError):
    """A charge without the user was declined. The answer has the intent."""

    def __init__(self, intent: dict[str, Any]) -> None:
        error: dict[str, Any] = intent["last_payment_error"]
        super().__init__(402, error["code"])
        self.error |= {"payment_intent": intent, **error}


@dataclass
class StripeSimulator(StripeSetups, StripeDisputes):
    """Runs on a free port of this machine while it is a context.

    With `refuses_refunds`, each refund has failed as soon as it is created.
    """

    refuses_refunds = False

    _answers: dict[str, tuple[object, dict[str, Any] | RefusedError]] = field(
        default_factory=dict[str, tuple[object, dict[str, Any] | RefusedError]]
    )

    @classmethod
    def with_unique_ids(cls) -> Self:
        """Return a simulator with a key and ids that no other one has."""
        return cls(f"sk_test_{secrets.token_urlsafe(24)}", run_id=f"{secrets.token_hex(8)}x")

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", 0), handler(self.key, self.faults, self.answer)
        )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Address for `base_addresses`."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def pay(self, reference: str, card: Card) -> None:
        """Confirm an intent with a card, as the browser does. Raises RefusedError."""
        with self.lock:
            intent = self._payable(reference)
            intent["payment_method"] = self.new_method(card)
            if card == "pm_card_threeDSecureRequired":
                self._change(intent, "requires_action", last_payment_error=None)
            elif card in DECLINES:
                self._fail(intent, declined(DECLINES[card]))
            else:
                self._succeed(intent)

    def pay_by_ideal(self, reference: str) -> str:
        """Pay with iDEAL, as the browser does. Returns the SEPA debit that Stripe makes of it."""
        with self.lock:
            intent = self._payable(reference)
            intent["payment_method"], debit = self.new_ideal()
            self._succeed(intent)
            return debit

    def pay_by_debit(self, reference: str) -> None:
        """Pay with a SEPA debit, as the browser does. Its bank processes it until `settle`."""
        with self.lock:
            intent = self._payable(reference)
            intent["payment_method"] = self.new_method("pm_card_visa")
            self.debits.add(intent["payment_method"])
            self._process(intent)

    def settle(self, reference: str, *, paid: bool) -> None:
        """Let the bank carry out a debit, or refuse it, days after it was submitted."""
        with self.lock:
            intent = self.intents[reference]
            if paid:
                self._succeed(intent)
            else:
                self._fail(intent, NO_FUNDS)

    def authenticate(self, reference: str, *, passed: bool) -> None:
        """Answer 3-D Secure, as the user does on the page of their bank. Raises RefusedError."""
        with self.lock:
            intent = self.intents[reference]
            if intent["status"] != "requires_action":
                raise RefusedError(400, "payment_intent_unexpected_state")
            if passed:
                self._succeed(intent)
            else:
                self._fail(intent, NOT_AUTHENTICATED)

    def refund(self, reference: str, amount: int | None = None) -> None:
        """Return a charge or a part of it, as the seller does by hand. Raises RefusedError."""
        with self.lock:
            self._refund({"payment_intent": reference} | ({"amount": amount} if amount else {}))

    def fail_refund(self, reference: str) -> None:
        """Let the latest refund of an intent fail at the bank, days after it was made."""
        with self.lock:
            of = [each for each in self.refunds if each["payment_intent"] == reference]
            charge = self.charge_of(self.intents[reference])
            if charge is not None:
                charge["amount_refunded"] -= of[-1]["amount"]
                charge["refunded"] = False
            of[-1].update(
                status="failed",
                failure_balance_transaction=f"txn_{of[-1]['id']}",
                failure_reason="expired_or_canceled_card",
            )
            for event in ("charge.refund.updated", "refund.failed"):
                self.post(event, of[-1])

    def forget_keys(self) -> None:
        """Forget all idempotency keys, as Stripe does after a day."""
        with self.lock:
            self._answers.clear()

    def answer(
        self, method: str, path: str, params: dict[str, str], idempotency_key: str | None
    ) -> dict[str, Any]:
        """Carry out a request; under a key that was used before, only repeat its answer."""
        with self.lock:
            request = (method, path, tuple(sorted(params.items())))
            if idempotency_key in self._answers:
                before, repeated = self._answers[idempotency_key]
                if before != request:
                    raise RefusedError(400, "idempotency_error")
                if isinstance(repeated, RefusedError):
                    raise repeated
                return repeated
            # copied by way of JSON: a repeated answer shows the state of that time
            try:
                found = self._carry_out(method, path, params)
            except CardRefusedError as refused:
                refused.error = json.loads(json.dumps(refused.error))
                if idempotency_key is not None:
                    self._answers[idempotency_key] = (request, refused)
                raise
            answered: dict[str, Any] = json.loads(json.dumps(found))
            if idempotency_key is not None and method == "POST":
                self._answers[idempotency_key] = (request, answered)
            return answered

    def _carry_out(self, method: str, path: str, params: dict[str, str]) -> dict[str, Any]:
        match [method, *path.strip("/").split("/")]:
            case ["POST", "v1", "payment_intents"]:
                return self._create(params)
            case ["GET", "v1", "payment_intents", reference] if reference in self.intents:
                intent = self.intents[reference]
                expanded = "latest_charge" in params.values()
                return intent | ({"latest_charge": self.charge_of(intent)} if expanded else {})
            case ["POST", "v1", "payment_intents", reference, "cancel"] if (
                reference in self.intents
            ):
                intent = self._payable(reference)
                self._change(intent, "canceled", event="payment_intent.canceled")
                return intent
            case ["GET", "v1", "payment_intents"]:
                customer = params.get("customer")
                if customer is not None:
                    self.check_customer(params)
                newest = reversed(self.intents.values())
                return listed(
                    path,
                    (
                        each
                        for each in newest
                        if customer in {None, each["customer"]} and _is_in_period(each, params)
                    ),
                )
            case ["POST", "v1", "refunds"]:
                return self._refund(params)
            case ["GET", "v1", "refunds"]:
                reference = params["payment_intent"]
                of_intent = (each for each in self.refunds if each["payment_intent"] == reference)
                return listed(path, of_intent)
            case ["GET", "v1", "disputes"]:
                reference = params["payment_intent"]
                newest = reversed(self.disputes)
                of_intent = (each for each in newest if each["payment_intent"] == reference)
                return listed(path, of_intent)
            case [_, "v1", "customers" | "setup_intents", *_]:
                return self.answer_about_setups(method, path, params)
            case _:
                raise RefusedError(404, "resource_missing", param="id")

    def _create(self, params: dict[str, str]) -> dict[str, Any]:
        if params["currency"] not in MINIMA:
            raise RefusedError(400, "invalid_currency", param="currency")
        if int(params["amount"]) < MINIMA[params["currency"]]:
            raise RefusedError(400, "amount_too_small", param="amount")
        if "customer" in params:
            self.check_customer(params)
        method = params.get("payment_method")
        if method is not None and method not in self.cards:
            raise RefusedError(400, "resource_missing", param="payment_method")
        reference = self.new_id("pi", self.intents)
        intent = new_object(
            "payment_intent",
            reference,
            amount=int(params["amount"]),
            amount_received=0,
            currency=params["currency"],
            client_secret=f"{reference}_secret_{len(self.intents) + 1}",
            last_payment_error=None,
            latest_charge=None,
            customer=params.get("customer"),
            setup_future_usage=params.get("setup_future_usage"),
            payment_method=method,
            metadata=metadata(params),
            status="requires_payment_method",
        )
        self.intents[reference] = intent
        if params.get("off_session") == "true" and method is not None:
            if method in self.debits:
                self._process(intent)
            else:
                self._charge_without_user(intent, self.cards[method])
        return intent

    def _charge_without_user(self, intent: dict[str, Any], card: Card) -> None:
        """Charge a stored method. Raises CardRefusedError."""
        if card == "pm_card_visa":
            self._succeed(intent)
            return
        if card in DECLINES:
            error = declined(DECLINES[card])
        else:
            error = declined("authentication_required") | {"code": "authentication_required"}
        self._fail(intent, error)
        raise CardRefusedError(intent)

    def _refund(self, params: dict[str, Any]) -> dict[str, Any]:
        intent = self.intents[params["payment_intent"]]
        charge = self.charge_of(intent)
        if charge is None:
            raise RefusedError(400, "payment_intent_unexpected_state")
        self.refuse_if_disputed(charge)
        if charge["refunded"]:
            raise RefusedError(400, "charge_already_refunded")
        left = charge["amount_captured"] - charge["amount_refunded"]
        amount = int(params.get("amount", left))
        if amount > left:
            raise RefusedError(400, "amount_too_large", param="amount")
        refund = new_object(
            "refund",
            self.new_id("re", self.refunds),
            amount=amount,
            charge=charge["id"],
            currency=intent["currency"],
            payment_intent=intent["id"],
            metadata=metadata(params),
            status="succeeded",
        )
        self.refunds.append(refund)
        if self.refuses_refunds:
            refund.update(status="failed", failure_reason="declined")
            self.post("refund.failed", refund)
            return refund
        charge["amount_refunded"] += amount
        charge["refunded"] = amount == left
        self.post("charge.refunded", charge)
        return refund

    def _process(self, intent: dict[str, Any]) -> None:
        event = "payment_intent.processing"
        self._change(intent, "processing", event=event, last_payment_error=None)

    def _payable(self, reference: str) -> dict[str, Any]:
        intent = self.intents[reference]
        if intent["status"] in {"succeeded", "canceled", "processing"}:
            raise RefusedError(400, "payment_intent_unexpected_state")
        return intent

    def _succeed(self, intent: dict[str, Any]) -> None:
        charge = new_object(
            "charge",
            self.new_id("ch", self.charges),
            payment_method_details=self.details_of(intent["payment_method"]),
            billing_details={},
            payment_intent=intent["id"],
            metadata=intent["metadata"],
            amount=intent["amount"],
            amount_captured=intent["amount"],
            amount_refunded=0,
            captured=True,
            currency=intent["currency"],
            disputed=False,
            paid=True,
            refunded=False,
            status="succeeded",
        )
        self.charges.append(charge)
        self._change(
            intent,
            "succeeded",
            event="payment_intent.succeeded",
            latest_charge=charge["id"],
            amount_received=intent["amount"],
            last_payment_error=None,
        )

    def _fail(self, intent: dict[str, Any], error: dict[str, str]) -> None:
        event = "payment_intent.payment_failed"
        self._change(intent, "requires_payment_method", event=event, last_payment_error=error)

    def _change(
        self,
        intent: dict[str, Any],
        status: str,
        *,
        event: str = "payment_intent.requires_action",
        **changes: Any,
    ) -> None:
        intent.update(status=status, **changes)
        self.post(event, intent)


def _is_in_period(intent: Mapping[str, Any], params: Mapping[str, str]) -> bool:
    since, until = params.get("created[gte]"), params.get("created[lt]")
    return (since is None or intent["created"] >= int(since)) and (
        until is None or intent["created"] < int(until)
    )
