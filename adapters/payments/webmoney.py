"""Payment gateway WebMoney Merchant: a form that the browser posts, in dollars or euros.

Rouble purses were stopped in 2022. An intent exists only as a signed form, made without a call.
Before it takes money, WebMoney asks whether the payment may go on; a voided one is refused then.
Its protocol has no refunds: a person returns money by hand.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, NoReturn
from urllib.parse import parse_qsl, quote
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import httpx2
from pydantic import SecretStr

from adapters.payments.http import TIMEOUT_S, ask, decimal_money, safe_code
from adapters.payments.metadata import ATTEMPT, PAYMENT, TENANT
from adapters.payments.no_stored_methods import NoStoredMethods
from application.payments.gateways import (
    Capabilities,
    ChargeQuestion,
    Form,
    GatewayAnswerError,
    GatewayCannotError,
    GatewayUnavailableError,
    Intent,
    IntentOf,
    Notice,
    Webhook,
    WebhookForged,
)
from domain.ids import PaymentId, TenantId
from domain.money import Currency, Money
from domain.payments import commands

URL: Final = "https://merchant.webmoney.ru"

FORM: Final = "/lmi/payment_utf.asp"
STATUS: Final = "/conf/xml/XMLTransGet.asp"

PAID: Final = "0"
UNDERWAY: Final = frozenset({"8", "9"})
UNPAID: Final = frozenset({"7", "13"}) | UNDERWAY
"""Results of a question about a payment: nobody has begun it (7), it is under way (8, 9), or it was
refused (13)."""

BY_NUMBER: Final = "1"
"""The payment is named by our number."""

MAX_NUMBER: Final = 2**31 - 1

SIGNATURE: Final = "kinelog_signature"
"""Our fields of the form. WebMoney returns them, but its hash leaves them out: we sign them."""

HASHED: Final[tuple[tuple[str, ...], tuple[str, ...]]] = (
    (
        "LMI_PAYEE_PURSE",
        "LMI_PAYMENT_AMOUNT",
        "LMI_PAYMENT_NO",
        "LMI_MODE",
        "LMI_SYS_INVS_NO",
        "LMI_SYS_TRANS_NO",
        "LMI_SYS_TRANS_DATE",
    ),
    ("LMI_PAYER_PURSE", "LMI_PAYER_WM"),
)
"""Fields of a notification before and after the secret in its hash."""


class WebMoneyGateway(NoStoredMethods):
    """Gateway of the purses of one WM identifier.

    `purses` are numbers such as Z123456789012. `is_test` sends payments in test mode.
    """

    def __init__(
        self,
        wmid: str,
        purses: Mapping[Currency, str],
        secret: SecretStr,
        *,
        return_url: str,
        url: str = URL,
        is_test: bool = False,
    ) -> None:
        self.capabilities = Capabilities(
            currencies=frozenset(purses),
            refunds=False,
            partial_refunds=False,
            declines=False,
            authentication=False,
        )
        self._wmid = wmid
        self._purses = dict(purses)
        self._secret = secret.get_secret_value()
        self._return_url = return_url
        self._url = url
        self._is_test = is_test
        self._client = httpx2.Client(base_url=url, timeout=TIMEOUT_S)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def create_intent(self, intent_of: IntentOf, amount: Money) -> Intent:
        """Return the form of an attempt."""
        purse = self._purses.get(amount.currency)
        if purse is None:
            raise GatewayUnavailableError("unsupported")
        reference = _reference(intent_of, purse)
        return Intent(reference, commands.Paying(), self._form(intent_of, reference, amount))

    def look_up(self, reference: str) -> Intent:
        """Return whether a payment was made. `create_intent` has the form again."""
        _, outcome = self._ask(reference)
        return Intent(reference, outcome)

    def _ask(self, reference: str) -> tuple[str, commands.Outcome]:
        """Return the result of a question about a payment, and its outcome."""
        number, purse = _parts(reference)
        signed = f"{self._wmid}{purse}{number}{self._secret}"
        request = (
            f"<merchant.request><wmid>{escape(self._wmid)}</wmid>"
            f"<lmi_payee_purse>{escape(purse)}</lmi_payee_purse>"
            f"<lmi_payment_no>{number}</lmi_payment_no>"
            f"<lmi_payment_no_type>{BY_NUMBER}</lmi_payment_no_type>"
            f"<sha256>{hashlib.sha256(signed.encode()).hexdigest()}</sha256></merchant.request>"
        )
        headers = {"Content-Type": "application/xml"}
        response = ask(lambda: self._client.post(STATUS, content=request, headers=headers))
        return self._outcome(reference, purse, response.text)

    def list_intents(self, begin: datetime, end: datetime) -> Iterable[tuple[IntentOf, str]]:
        """Return nothing: the protocol has no list that names our payments."""
        del begin, end
        return ()

    def void(self, reference: str) -> Intent:
        """Return Voided for an unpaid form: from now on, our answer to WebMoney's question is no.

        A payment that is under way stays so until WebMoney has taken the money, or has not.
        """
        result, outcome = self._ask(reference)
        unpaid = isinstance(outcome, commands.Paying) and result not in UNDERWAY
        return Intent(reference, commands.Voided() if unpaid else outcome)

    def refund(self, intent_of: IntentOf, reference: str, amount: Money, number: int) -> NoReturn:
        """Raise GatewayCannotError."""
        del intent_of, reference, amount, number
        raise GatewayCannotError

    def read_question(self, webhook: Webhook) -> ChargeQuestion | None:
        """Return the payment that WebMoney is about to take, or None if it asks nothing."""
        fields = _fields(webhook)
        if fields.get("LMI_PREREQUEST") != "1":
            return None
        intent_of, reference = self._signed_intent(fields)
        return ChargeQuestion(intent_of, reference, self._amount(fields))

    def read_webhook(self, webhook: Webhook) -> Notice | None:
        """Return the present state of the payment that a notification reports.

        The hash has no separators between its fields: it does not prove the amount, which is
        fetched from WebMoney.
        """
        fields = _fields(webhook)
        before, after = ("".join(fields.get(name, "") for name in names) for names in HASHED)
        expected = hashlib.sha256(f"{before}{self._secret}{after}".encode()).hexdigest().upper()
        if not hmac.compare_digest(expected.encode(), fields.get("LMI_HASH", "").encode()):
            raise WebhookForged
        if SIGNATURE not in fields:
            return None  # of another program
        if (fields.get("LMI_MODE") == "1") != self._is_test:
            raise WebhookForged("The payment is a test and the account is not, or the reverse.")
        intent_of, reference = self._signed_intent(fields)
        outcome = self.look_up(reference).outcome
        if outcome == commands.Voided():
            raise GatewayAnswerError("another payment has this number")
        return Notice(
            event_id=f"{reference}:{safe_code(fields.get('LMI_SYS_TRANS_NO'))}",
            intent_of=intent_of,
            reference=reference,
            outcome=outcome,
            event_type="payment_notification",
        )

    def _outcome(self, reference: str, purse: str, answer: str) -> tuple[str, commands.Outcome]:
        """Read an answer. Numbers have 31 bits, so another payment can have the same number.

        If that one is paid, this one cannot be: our answer to WebMoney's question is no.
        """
        if "<!DOCTYPE" in answer or "<!ENTITY" in answer:  # no entity bombs; a page of a proxy
            raise GatewayUnavailableError("timeout")
        try:
            found = ET.fromstring(answer)  # noqa: S314  without a document type
        except ET.ParseError:  # such as a page of a proxy
            raise GatewayUnavailableError("timeout") from None
        result = found.findtext("retval", "")
        if result in UNPAID:
            return result, commands.Paying()
        if result != PAID:
            raise GatewayAnswerError(f"result {safe_code(result.lstrip('-'))}")
        operation = found.find("operation")
        if operation is None:
            raise GatewayAnswerError("unreadable answer")
        if reference not in operation.findtext("purpose", ""):
            return result, commands.Voided()
        amount = decimal_money(operation.findtext("amount"), self._currency(purse))
        return result, commands.Charged(amount)

    def _form(self, intent_of: IntentOf, reference: str, amount: Money) -> Form:
        number, purse = _parts(reference)
        back = f"{self._return_url}?payment={quote(intent_of.payment_id, safe='')}"
        fields = {
            "LMI_PAYEE_PURSE": purse,
            "LMI_PAYMENT_AMOUNT": amount.decimal(),
            "LMI_PAYMENT_NO": number,
            "LMI_PAYMENT_DESC": f"Kinelog {reference}",
            "LMI_SUCCESS_URL": back,
            "LMI_SUCCESS_METHOD": "0",
            "LMI_FAIL_URL": back,
            "LMI_FAIL_METHOD": "0",
            TENANT: intent_of.tenant_id,
            PAYMENT: intent_of.payment_id,
            ATTEMPT: str(intent_of.attempt),
            SIGNATURE: self._signature(intent_of, reference, amount),
        }
        if self._is_test:
            fields["LMI_SIM_MODE"] = "0"
        return Form(f"{self._url}{FORM}", tuple(fields.items()))

    def _signed_intent(self, fields: Mapping[str, str]) -> tuple[IntentOf, str]:
        """Return the intent whose fields we have signed. Raises WebhookForged."""
        try:
            intent_of = IntentOf(
                TenantId(fields[TENANT]), PaymentId(fields[PAYMENT]), int(fields[ATTEMPT])
            )
            amount = self._amount(fields)
        except (KeyError, ValueError):
            raise WebhookForged from None
        reference = _reference(intent_of, fields["LMI_PAYEE_PURSE"])
        expected = self._signature(intent_of, reference, amount).encode()
        is_ours = hmac.compare_digest(expected, fields.get(SIGNATURE, "").encode())
        if not is_ours or fields.get("LMI_PAYMENT_NO") != _parts(reference)[0]:
            raise WebhookForged
        return intent_of, reference

    def _signature(self, intent_of: IntentOf, reference: str, amount: Money) -> str:
        text = f"{intent_of.key}\n{reference}\n{amount.minor}\n{amount.currency}"
        return hmac.new(self._secret.encode(), text.encode(), hashlib.sha256).hexdigest()

    def _amount(self, fields: Mapping[str, str]) -> Money:
        """Return the amount if it is written as in our form. Raises WebhookForged."""
        written = fields.get("LMI_PAYMENT_AMOUNT")
        try:
            amount = decimal_money(written, self._currency(fields.get("LMI_PAYEE_PURSE", "")))
        except GatewayAnswerError:
            raise WebhookForged from None
        if written != amount.decimal():
            raise WebhookForged
        return amount

    def _currency(self, purse: str) -> Currency:
        for currency, own in self._purses.items():
            if own == purse:
                return currency
        raise GatewayAnswerError("a purse that is not set up")


def _fields(webhook: Webhook) -> dict[str, str]:
    body = webhook.body.decode("utf-8", "replace")
    return dict(parse_qsl(body, keep_blank_values=True))


def _reference(intent_of: IntentOf, purse: str) -> str:
    """Return the reference of an attempt: its number, its purse, and a digest against mix-ups."""
    digest = hashlib.sha256(intent_of.key.encode()).hexdigest()
    number = int(digest[:12], 16) % MAX_NUMBER + 1
    return f"{number}-{purse}-{digest[-16:]}"


def _parts(reference: str) -> tuple[str, str]:
    number, _, rest = reference.partition("-")
    purse, _, digest = rest.partition("-")
    if not (number.isdigit() and purse and digest):
        raise GatewayAnswerError("a reference of an unknown form")
    return number, purse
