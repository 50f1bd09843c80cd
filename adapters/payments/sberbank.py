"""Payment gateway of Sberbank: orders in roubles that are paid on its page, and refunds.

Its callbacks are signed by a checksum. They lack the amount, so the order is fetched.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlsplit

import httpx2
from pydantic import SecretStr

from adapters.payments.http import TIMEOUT_S, ask, checked_reference, json_object, safe_code
from adapters.payments.metadata import ATTEMPT, PAYMENT, TENANT
from adapters.payments.no_stored_methods import NoStoredMethods
from application.payments.gateways import (
    Capabilities,
    GatewayAnswerError,
    GatewayCannotError,
    GatewayRefusedError,
    GatewayUnavailableError,
    Intent,
    IntentOf,
    Notice,
    Redirect,
    RefundRefusedError,
    Webhook,
    WebhookForged,
)
from domain.ids import PaymentId, TenantId
from domain.money import Money
from domain.payments import commands
from domain.payments.events import DeclineReason

API_URL: Final = "https://ecommerce.sberbank.ru/ecomm/gw/partner/api/v1"

PAGE: Final = "/pp/pay_ru"
"""Path of the page on which an order is paid, at the host of the API."""

ROUBLE: Final = "643"

LIFETIME_S: Final = 3600
"""Seconds after which an unpaid order expires."""

NUMBER_EXISTS: Final = "1"
UNKNOWN_ORDER: Final = "6"
SYSTEM_ERROR: Final = "7"
"""Error codes of answers."""

INSUFFICIENT: Final = frozenset({-2003, 116, 902, 2003})
UNAUTHENTICATED: Final = frozenset({-2011, -2006, -2002, -2016, 151018, 151019})
TIMED_OUT: Final = frozenset({-2007, -2005, -100, 0})
"""Action codes of orders that were not paid: too little money, 3-D Secure, or nobody paid."""


class SberbankGateway(NoStoredMethods):
    """Gateway of one account.

    `callback_secret` is the symmetric key of its callbacks. `verify` are the certificates to trust:
    Sberbank's can be signed by the Russian national authority.
    """

    capabilities = Capabilities(currencies=frozenset({"RUB"}), partial_refunds=False)

    def __init__(
        self,
        user: str,
        password: SecretStr,
        callback_secret: SecretStr,
        *,
        return_url: str,
        url: str = API_URL,
        verify: Any = True,
    ) -> None:
        self._credentials = {"userName": user, "password": password.get_secret_value()}
        self._secret = callback_secret.get_secret_value().encode()
        self._return_url = return_url
        parts = urlsplit(url)
        self._page = f"{parts.scheme}://{parts.netloc}{PAGE}?orderId="
        self._client = httpx2.Client(base_url=url, verify=verify, timeout=TIMEOUT_S)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def create_intent(self, intent_of: IntentOf, amount: Money) -> Intent:
        """Return the order of an attempt. Sberbank refuses a second one under the same number."""
        if amount.currency not in self.capabilities.currencies:
            raise GatewayUnavailableError("unsupported")
        number = _number(intent_of)
        registered = self._call(
            "register.do",
            orderNumber=number,
            amount=amount.minor,
            currency=ROUBLE,
            returnUrl=f"{self._return_url}?payment={quote(intent_of.payment_id, safe='')}",
            sessionTimeoutSecs=LIFETIME_S,
            jsonParams={
                TENANT: intent_of.tenant_id,
                PAYMENT: intent_of.payment_id,
                ATTEMPT: str(intent_of.attempt),
            },
        )
        if _error(registered) == NUMBER_EXISTS:
            return self._read(_checked(self._call("getOrderStatusExtended.do", orderNumber=number)))
        reference = checked_reference(_checked(registered).get("orderId"))
        return Intent(reference, commands.Paying(), self._pay_by(reference))

    def look_up(self, reference: str) -> Intent:
        """Return the present state of an order."""
        return self._read(self._order(reference))

    def list_intents(self, begin: datetime, end: datetime) -> Iterable[tuple[IntentOf, str]]:
        """Return nothing: the protocol has no list that names our payments."""
        del begin, end
        return ()

    def void(self, reference: str) -> Intent:
        """Decline an order that nobody pays yet, or reverse money that is only held.

        An order that Sberbank does not know is of another account: nobody can pay it here.
        """
        try:
            order = self._order(reference)
        except _UnknownOrderError:
            return Intent(reference, commands.Voided())
        if order.get("orderStatus") == 0:
            self._call("decline.do", orderId=reference)
        elif order.get("orderStatus") == 1:
            self._call("reverse.do", orderId=reference)
        else:
            return self._read(order)
        return self.look_up(reference)

    def refund(self, intent_of: IntentOf, reference: str, amount: Money, number: int) -> Intent:
        """Return the charge of an order in full. Sberbank refuses to return more than that.

        It has no idempotency keys, so a part could be returned twice: that is refused.
        """
        del intent_of, number
        intent = self.look_up(reference)
        if intent.outcome != commands.Charged(amount):
            if isinstance(intent.outcome, commands.Charged):
                raise GatewayCannotError
            return intent
        code = _error(self._call("refund.do", orderId=reference, amount=amount.minor))
        refunded = self.look_up(reference)  # tells the result, whatever the answer is
        if not isinstance(refunded.outcome, commands.Charged):
            return refunded
        if code == "0":
            raise GatewayAnswerError("refund not seen yet")
        if code == SYSTEM_ERROR:
            raise GatewayUnavailableError("timeout")
        raise RefundRefusedError(f"error {safe_code(code)}", refunded)

    def read_question(self, webhook: Webhook) -> None:
        """Return None: the gateway asks nothing before a charge."""
        del webhook

    def read_webhook(self, webhook: Webhook) -> Notice | None:
        """Return the present state of the order that a callback is about."""
        fields = dict(parse_qsl(webhook.body.decode("utf-8", "replace"), keep_blank_values=True))
        expected = checksum(fields, self._secret).encode()
        if not hmac.compare_digest(expected, fields.get("checksum", "").encode()):
            raise WebhookForged
        order = self._order(fields.get("mdOrder"))
        parameters = _parameters(order)
        if not {TENANT, PAYMENT, ATTEMPT} <= set(parameters):
            return None
        intent = self._read(order)
        return Notice(
            event_id=f"{intent.reference}:{order['orderStatus']}:{_returned(order)}",
            intent_of=IntentOf(
                TenantId(parameters[TENANT]),
                PaymentId(parameters[PAYMENT]),
                int(parameters[ATTEMPT]),
            ),
            reference=intent.reference,
            outcome=intent.outcome,
            event_type=safe_code(fields.get("operation")),
        )

    def _order(self, reference: object) -> dict[str, Any]:
        order_id = checked_reference(reference)
        found = _checked(self._call("getOrderStatusExtended.do", orderId=order_id))
        return {"orderId": order_id, **found}

    def _call(self, name: str, **body: Any) -> dict[str, Any]:
        response = ask(lambda: self._client.post(f"/{name}", json=self._credentials | body))
        if response.status_code != HTTPStatus.OK:
            raise GatewayRefusedError(f"{response.status_code}")
        return json_object(response)

    def _pay_by(self, reference: str) -> Redirect:
        return Redirect(f"{self._page}{reference}")

    def _read(self, order: Mapping[str, Any]) -> Intent:
        try:
            reference = checked_reference(order.get("orderId") or _order_id(order))
            pay_by = self._pay_by(reference) if order["orderStatus"] in {0, 5} else None
            return Intent(reference, _outcome(order), pay_by)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise GatewayAnswerError(f"unreadable order: {type(error).__name__}") from None


class _UnknownOrderError(GatewayRefusedError):
    """Sberbank does not know an order."""


def checksum(fields: Mapping[str, str], secret: bytes) -> str:
    """Return the checksum of a callback: HMAC-SHA256 of its fields, sorted by name."""
    signed = "".join(
        f"{name};{fields[name]};"
        for name in sorted(fields)
        if name not in {"checksum", "sign_alias"}
    )
    return hmac.new(secret, signed.encode(), hashlib.sha256).hexdigest().upper()


def _number(intent_of: IntentOf) -> str:
    """Return the number of an order: at most 32 characters, the same for each attempt."""
    return hashlib.sha256(intent_of.key.encode()).hexdigest()[:32]


def _error(found: Mapping[str, Any]) -> str:
    return str(found.get("errorCode", "0"))


def _checked(found: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without an error. The texts of errors are not passed on."""
    code = _error(found)
    if code == "0":
        return found
    if code == SYSTEM_ERROR:
        raise GatewayUnavailableError("timeout")
    if code == UNKNOWN_ORDER:
        raise _UnknownOrderError(f"error {safe_code(code)}")
    raise GatewayRefusedError(f"error {safe_code(code)}")


def _parameters(order: Mapping[str, Any]) -> dict[str, str]:
    listed: list[Mapping[str, str]] = [
        *(order.get("merchantOrderParams") or ()),
        *(order.get("transactionAttributes") or ()),
    ]
    return {each["name"]: each["value"] for each in listed}


def _order_id(order: Mapping[str, Any]) -> str | None:
    """Return the id of an order that was looked up by its number."""
    attributes: list[Mapping[str, str]] = order.get("attributes") or []
    return next((each["value"] for each in attributes if each["name"] == "mdOrder"), None)


def _returned(order: Mapping[str, Any]) -> int:
    amounts: Mapping[str, Any] = order.get("paymentAmountInfo") or {}
    return int(amounts.get("refundedAmount") or 0)


def _charged(order: Mapping[str, Any]) -> Money:
    if str(order["currency"]) != ROUBLE:
        raise GatewayAnswerError("unknown currency")
    return Money(int(order["amount"]), "RUB")


def _outcome(order: Mapping[str, Any]) -> commands.Outcome:
    returned = _returned(order)
    match order["orderStatus"]:
        case 0 | 1:
            return commands.Paying()
        case 2:
            part = Money(returned, "RUB") if returned else None
            return commands.Charged(_charged(order), part)
        case 3:
            return commands.Voided()
        case 4:
            charged = _charged(order)
            if 0 < returned < charged.minor:
                return commands.Charged(charged, Money(returned, "RUB"))
            return commands.Refunded()
        case 5:
            return commands.NeedsAction()
        case 6:
            return commands.Voided(_reason(int(order.get("actionCode", 0))))
        case status:
            raise GatewayAnswerError(f"unknown status {safe_code(str(status))}")


def _reason(code: int) -> DeclineReason | None:
    """Return why the order was refused, or None if nobody paid it in time."""
    if code in TIMED_OUT:
        return None
    if code in INSUFFICIENT:
        return "insufficient_funds"
    return "authentication_failed" if code in UNAUTHENTICATED else "declined"
