"""Gateways of payments with their simulators, and what a person or a forger does at each."""

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Final
from urllib.parse import parse_qsl, urlencode

from pydantic import SecretStr

from adapters.payments.sberbank import SberbankGateway
from adapters.payments.stripe import StripeGateway
from adapters.payments.stripe_signature import TOLERANCE_S
from adapters.payments.webmoney import WebMoneyGateway
from adapters.payments.yookassa import YooKassaGateway
from application.payments.gateways import Form, IntentOf, PaymentGateway, Webhook
from domain.ids import DEFAULT_TENANT, PaymentId, SubscriptionId
from domain.money import Currency, Money
from domain.payments.events import Gateway
from tests.contracts.described_stripe import DescribedStripe
from tools.payments.sberbank_simulator import API, SberbankSimulator
from tools.payments.simulator import Choice, Fault
from tools.payments.stripe_objects import Card
from tools.payments.stripe_simulator import StripeSimulator
from tools.payments.webmoney_simulator import WebMoneySimulator
from tools.payments.yookassa_simulator import YooKassaSimulator

PAYMENT_ID: Final = PaymentId("payment")
FIRST: Final = IntentOf(DEFAULT_TENANT, PAYMENT_ID, 1)
SECOND: Final = IntentOf(DEFAULT_TENANT, PAYMENT_ID, 2)
KEY, WRONG_KEY = SecretStr("key-of-the-gateway"), SecretStr("wrong-key-of-the-gateway")
SECRET, OLD_SECRET = SecretStr("whsec_1"), SecretStr("whsec_0")
PRICE: Final = Money(1999, "EUR")
SUBSCRIPTION_ID: Final = SubscriptionId("subscription")
RETURN_URL: Final = "https://kinelog.example/checkout"


class Rig(ABC):
    """A gateway, and its simulator as seen by the contract."""

    name: Gateway
    price: Money
    foreign_price: Money
    gateway: PaymentGateway

    @abstractmethod
    def break_next(self, fault: Fault) -> None:
        """Let the next call of the gateway fail."""

    @abstractmethod
    def intents(self) -> int:
        """Return how many intents exist at the gateway."""

    @abstractmethod
    def act(self, reference: str, choice: Choice) -> None:
        """Do what a person does in the browser."""

    @abstractmethod
    def expire(self, reference: str) -> None:
        """Let an unpaid intent expire."""

    @abstractmethod
    def refund_by_hand(self, reference: str, part: Money | None = None) -> None:
        """Return a charge or a part of it at the gateway itself."""

    @abstractmethod
    def webhooks(self) -> int:
        """Return how many webhooks the gateway has sent."""

    @abstractmethod
    def webhook(self, number: int = -1) -> Webhook:
        """Return a webhook as it arrives now."""

    @abstractmethod
    def forgeries(self) -> Iterator[Webhook]:
        """Return changed copies of the latest webhook."""

    @abstractmethod
    def foreign_webhook(self) -> Webhook:
        """Return a genuine webhook about a charge of another program in the same account."""

    @abstractmethod
    def with_wrong_key(self) -> AbstractContextManager[PaymentGateway]:
        """Return a gateway with a key that is refused."""


def delivered(
    simulator: StripeSimulator, number: int = -1, *, secret: SecretStr = SECRET, later_s: int = 0
) -> Webhook:
    """Return a webhook of Stripe: the latest one, signed now."""
    webhook = simulator.webhooks[number]
    at = int(time.time()) + later_s
    return Webhook(webhook.body, webhook.headers(secret.get_secret_value(), at=at))


CARDS: Final[dict[Choice, Card]] = {
    "succeed": "pm_card_visa",
    "decline": "pm_card_visa_chargeDeclined",
    "insufficient_funds": "pm_card_visa_chargeDeclinedInsufficientFunds",
    "authenticate": "pm_card_threeDSecureRequired",
}


class StripeRig(Rig):
    """Stripe."""

    name = "stripe"
    price = PRICE
    foreign_price = Money(1, "RUB")

    def __init__(self, simulator: StripeSimulator, gateway: PaymentGateway) -> None:
        self.simulator = simulator
        self.gateway = gateway

    def break_next(self, fault: Fault) -> None:
        self.simulator.faults.append(fault)

    def intents(self) -> int:
        return len(self.simulator.intents)

    def act(self, reference: str, choice: Choice) -> None:
        if choice in CARDS:
            self.simulator.pay(reference, CARDS[choice])
        else:
            self.simulator.authenticate(reference, passed=choice == "pass")

    def expire(self, reference: str) -> None:
        self.simulator.answer("POST", f"/v1/payment_intents/{reference}/cancel", {}, None)

    def refund_by_hand(self, reference: str, part: Money | None = None) -> None:
        self.simulator.refund(reference, None if part is None else part.minor)

    def webhooks(self) -> int:
        return len(self.simulator.webhooks)

    def webhook(self, number: int = -1, *, secret: SecretStr = SECRET, later_s: int = 0) -> Webhook:
        return delivered(self.simulator, number, secret=secret, later_s=later_s)

    def forgeries(self) -> Iterator[Webhook]:
        body, headers = self.webhook().body, self.webhook().headers
        yield Webhook(body, {})
        yield Webhook(body, {"stripe-signature": "t=now,v1=none"})
        yield Webhook(body.replace(b"1999", b"1998"), headers)
        yield Webhook(b"\xff" + body, headers)
        yield self.webhook(secret=SecretStr("whsec_wrong"))
        yield self.webhook(later_s=-TOLERANCE_S - 60)
        yield self.webhook(later_s=TOLERANCE_S + 60)

    def foreign_webhook(self) -> Webhook:
        made = {"amount": "100", "currency": "eur"}
        other = self.simulator.answer("POST", "/v1/payment_intents", made, None)
        self.simulator.pay(other["id"], "pm_card_visa")
        return self.webhook()

    def with_wrong_key(self) -> AbstractContextManager[PaymentGateway]:
        return closing(
            StripeGateway(WRONG_KEY, [SECRET], publishable_key="pk_test_1", url=self.simulator.url)
        )


@contextmanager
def stripe_rig() -> Generator[Rig]:
    with (
        DescribedStripe(KEY.get_secret_value()) as simulator,
        closing(
            StripeGateway(KEY, [SECRET, OLD_SECRET], publishable_key="pk_test_1", url=simulator.url)
        ) as gateway,
    ):
        yield StripeRig(simulator, gateway)


class YooKassaRig(Rig):
    """YooKassa."""

    name = "yookassa"
    price = Money(199900, "RUB")
    foreign_price = Money(1999, "EUR")
    address = "185.71.76.7"

    def __init__(self, simulator: YooKassaSimulator, gateway: PaymentGateway) -> None:
        self.simulator = simulator
        self.gateway = gateway

    def break_next(self, fault: Fault) -> None:
        self.simulator.faults.append(fault)

    def intents(self) -> int:
        return len(self.simulator.payments)

    def act(self, reference: str, choice: Choice) -> None:
        self.simulator.act(reference, choice)

    def expire(self, reference: str) -> None:
        self.simulator.expire(reference)

    def refund_by_hand(self, reference: str, part: Money | None = None) -> None:
        self.simulator.refund(reference, None if part is None else part.decimal())

    def webhooks(self) -> int:
        return len(self.simulator.webhooks)

    def webhook(self, number: int = -1) -> Webhook:
        return Webhook(self.simulator.webhooks[number].body, {}, self.address)

    def forgeries(self) -> Iterator[Webhook]:
        body = self.webhook().body
        for address in ("", "testclient", "127.0.0.1", "185.71.76.32", "2a02:5181::1"):
            yield Webhook(body, {"x-forwarded-for": self.address}, address)
        unknown = {"event": "payment.succeeded", "object": {"id": "00000000-unknown"}}
        yield Webhook(json.dumps(unknown).encode(), {}, self.address)

    def foreign_webhook(self) -> Webhook:
        reference = self.gateway.create_intent(FIRST, self.price).reference
        self.simulator.payments[reference]["metadata"] = {"order": "1"}
        self.simulator.act(reference, "succeed")
        return self.webhook()

    def with_wrong_key(self) -> AbstractContextManager[PaymentGateway]:
        return closing(_yookassa(self.simulator, WRONG_KEY))


def _yookassa(simulator: YooKassaSimulator, key: SecretStr) -> YooKassaGateway:
    url = f"{simulator.url}/v3"
    return YooKassaGateway(simulator.shop_id, key, return_url=RETURN_URL, url=url)


@contextmanager
def yookassa_rig() -> Generator[Rig]:
    with (
        YooKassaSimulator(key=KEY.get_secret_value()) as simulator,
        closing(_yookassa(simulator, KEY)) as gateway,
    ):
        yield YooKassaRig(simulator, gateway)


class SberbankRig(Rig):
    """Sberbank."""

    name = "sberbank"
    price = Money(199900, "RUB")
    foreign_price = Money(1999, "USD")

    def __init__(self, simulator: SberbankSimulator, gateway: PaymentGateway) -> None:
        self.simulator = simulator
        self.gateway = gateway

    def break_next(self, fault: Fault) -> None:
        self.simulator.faults.append(fault)

    def intents(self) -> int:
        return len(self.simulator.orders)

    def act(self, reference: str, choice: Choice) -> None:
        self.simulator.act(reference, choice)

    def expire(self, reference: str) -> None:
        self.simulator.expire(reference)

    def refund_by_hand(self, reference: str, part: Money | None = None) -> None:
        if part is not None:
            raise NotImplementedError
        self.simulator.refund(reference)

    def webhooks(self) -> int:
        return len(self.simulator.webhooks)

    def webhook(self, number: int = -1) -> Webhook:
        return Webhook(self.simulator.webhooks[number].body, {})

    def forgeries(self) -> Iterator[Webhook]:
        body = self.webhook().body
        yield Webhook(b"", {})
        yield Webhook(body.replace(b"status=1", b"status=0"), {})
        yield Webhook(body.replace(b"checksum=", b"checksum=0"), {})
        yield Webhook(body + b"&operation=refunded", {})
        yield Webhook(body + b"&\xff=\xff", {})
        yield Webhook(body.partition(b"&checksum")[0], {})

    def foreign_webhook(self) -> Webhook:
        reference = self.gateway.create_intent(FIRST, self.price).reference
        self.simulator.orders[reference]["jsonParams"] = {}
        self.simulator.act(reference, "succeed")
        return self.webhook()

    def with_wrong_key(self) -> AbstractContextManager[PaymentGateway]:
        return closing(_sberbank(self.simulator, WRONG_KEY))


def _sberbank(simulator: SberbankSimulator, password: SecretStr) -> SberbankGateway:
    return SberbankGateway(
        simulator.user,
        password,
        SECRET,
        return_url=RETURN_URL,
        url=f"{simulator.url}{API}",
    )


@contextmanager
def sberbank_rig() -> Generator[Rig]:
    with (
        SberbankSimulator(
            password=KEY.get_secret_value(), secret=SECRET.get_secret_value()
        ) as simulator,
        closing(_sberbank(simulator, KEY)) as gateway,
    ):
        yield SberbankRig(simulator, gateway)


class WebMoneyRig(Rig):
    """WebMoney. The forms that the browser has are kept here."""

    name = "webmoney"
    price = Money(2100, "USD")
    foreign_price = Money(199900, "RUB")

    def __init__(self, simulator: WebMoneySimulator, gateway: WebMoneyGateway) -> None:
        self.simulator = simulator
        self.gateway = gateway

    def break_next(self, fault: Fault) -> None:
        self.simulator.faults.append(fault)

    def intents(self) -> int:
        return len(self.simulator.paid)

    def act(self, reference: str, choice: Choice) -> None:
        intent = self.gateway.create_intent(FIRST, self.price)
        assert intent.reference == reference
        assert isinstance(intent.pay_by, Form)
        self.simulator.act(dict(intent.pay_by.fields), choice)

    def expire(self, reference: str) -> None:
        """Do nothing: forms do not expire."""

    def refund_by_hand(self, reference: str, part: Money | None = None) -> None:
        del part
        raise NotImplementedError(reference)

    def webhooks(self) -> int:
        return len(self.simulator.webhooks)

    def webhook(self, number: int = -1) -> Webhook:
        return Webhook(self.simulator.webhooks[number].body, {})

    def forgeries(self) -> Iterator[Webhook]:
        fields = dict(parse_qsl(self.webhook().body.decode()))
        yield Webhook(b"", {})
        changes = {
            "LMI_HASH": "0" * 64,
            "LMI_PAYMENT_AMOUNT": "0.01",
            "LMI_MODE": "1",
            "kinelog_payment": "another",
            "kinelog_signature": "0" * 64,
        }
        for name, changed in changes.items():
            yield Webhook(urlencode(fields | {name: changed}).encode(), {})
        for change in ({"LMI_MODE": "1"}, {"LMI_PAYEE_PURSE": "Z999999999999"}):
            signed = fields | change
            signed["LMI_HASH"] = self.simulator.hash_of(signed)
            yield Webhook(urlencode(signed).encode(), {})

    def foreign_webhook(self) -> Webhook:
        intent = self.gateway.create_intent(FIRST, self.price)
        assert isinstance(intent.pay_by, Form)
        form = {name: text for name, text in intent.pay_by.fields if name.startswith("LMI_")}
        self.simulator.act(form, "succeed")
        return self.webhook()

    def with_wrong_key(self) -> AbstractContextManager[PaymentGateway]:
        return closing(_webmoney(self.simulator, WRONG_KEY))


PURSES: Final[dict[Currency, str]] = {"USD": "Z123456789012", "EUR": "E123456789012"}


def _webmoney(simulator: WebMoneySimulator, secret: SecretStr) -> WebMoneyGateway:
    return WebMoneyGateway(simulator.wmid, PURSES, secret, return_url=RETURN_URL, url=simulator.url)


@contextmanager
def webmoney_rig() -> Generator[Rig]:
    with (
        WebMoneySimulator(secret=KEY.get_secret_value()) as simulator,
        closing(_webmoney(simulator, KEY)) as gateway,
    ):
        yield WebMoneyRig(simulator, gateway)


RIGS: Final[dict[Gateway, Callable[[], AbstractContextManager[Rig]]]] = {
    "stripe": stripe_rig,
    "yookassa": yookassa_rig,
    "sberbank": sberbank_rig,
    "webmoney": webmoney_rig,
}

WITH_CALLS: Final = sorted(RIGS.keys() - {"webmoney"})
"""Gateways that make intents and refunds by calls; WebMoney's form is made here."""
