"""Port to gateways of payments, such as Stripe.

Every call is safe to repeat: a gateway does nothing twice for one attempt of a payment.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, Protocol

from domain.ids import PaymentId, SubscriptionId, TenantId
from domain.kernel import Rejected, value
from domain.money import Currency, Money, Region
from domain.payment_methods import StoredMethod
from domain.payments.commands import Dispute, FailedRefund, Obstacle, Outcome
from domain.payments.events import DeclineReason, Gateway

GATEWAYS: Final[Mapping[Region, tuple[Gateway, ...]]] = {
    "US": ("stripe",),
    "EU": ("stripe",),
    "Russia": ("yookassa", "sberbank", "webmoney"),
    "other": ("stripe",),
}
"""Gateways by region, in the order in which they are tried (R-PAY-02), if no other is set."""


class GatewayUnavailableError(Exception):
    """The gateway did not answer, or cannot serve this payment.

    After a timeout it is unknown whether the gateway did what was asked.
    """

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.obstacle: Obstacle = obstacle


class GatewayAnswerError(Exception):
    """The gateway refused a call, or gave an answer that we cannot read: a mistake of ours."""


class GatewayRefusedError(GatewayAnswerError):
    """The gateway refused a call and did nothing, such as for a wrong key."""


class RefundRefusedError(GatewayRefusedError):
    """The gateway refused to return money. `intent` is the present state, if the gateway has it."""

    def __init__(self, answer: str, intent: "Intent | None" = None) -> None:
        super().__init__(answer)
        self.intent = intent


class GatewayCannotError(Exception):
    """The protocol of the gateway has no such call: a person must do it at the gateway by hand."""


class MethodRefusedError(Exception):
    """The gateway refused to charge a stored method, and has no intent: no money has moved."""

    def __init__(self, reason: DeclineReason) -> None:
        super().__init__(reason)
        self.reason: DeclineReason = reason


class WebhookForged(Rejected):
    """The proof of the webhook, such as its signature, is missing, wrong, or too old."""

    code = "webhook.forged"
    kind = "invalid"


@value
class IntentOf:
    """The attempt of a payment that an intent belongs to.

    `submitted_at` is when the charge of a stored method was submitted first, if it was.
    """

    tenant_id: TenantId
    payment_id: PaymentId
    attempt: int
    submitted_at: datetime | None = None

    @property
    def key(self) -> str:
        """Idempotency key of the attempt at its gateway."""
        return f"{self.tenant_id}:{self.payment_id}:{self.attempt}"


@value
class ClientSecret:
    """The page pays with the gateway's script, by a secret of the intent and our public key."""

    secret: str
    publishable_key: str


@value
class Redirect:
    """The browser goes to a page of the gateway, which sends it back."""

    url: str


@value
class Form:
    """The browser posts a form to the gateway."""

    url: str
    fields: tuple[tuple[str, str], ...]


PayBy = ClientSecret | Redirect | Form
"""How the browser of the user pays an intent. It is for that user alone: never logged or stored."""


@value
class Intent:
    """An intent as its gateway reports it.

    `pay_by` is None if it cannot be paid any more. `method` is what the gateway keeps for renewals.
    `disputes` are those of its charge, the oldest first. While `is_processing`, the bank carries
    out a debit, which can take days: the user has paid, and cannot pay again.
    """

    reference: str
    outcome: Outcome
    pay_by: PayBy | None = None
    method: StoredMethod | None = None
    disputes: tuple[Dispute, ...] = ()
    is_processing: bool = False

    def __repr__(self) -> str:
        return f"Intent(reference={self.reference!r}, outcome={self.outcome!r})"


@value
class Webhook:
    """A webhook as it was received.

    `body`: the raw body, or the raw query of a GET. `headers` have names in lower case. `address`
    is the client's, behind trusted proxies only.
    """

    body: bytes
    headers: Mapping[str, str]
    address: str = ""


@value
class Capabilities:
    """What the protocol of a gateway supports.

    - `refunds`, `partial_refunds`: a call returns the money. Without it, `refund` raises
      GatewayCannotError, and a person returns the money by hand.
    - `voids_at_once`: a call makes an unpaid intent unpayable. Without it, the intent stays payable
      until it expires.
    - `declines`: the gateway reports that a method was declined.
    - `authentication`: the gateway reports that the bank asks the user to authenticate.
    - `stores_methods`: the gateway stores the method of a payment, and charges it without the user.
    - `disputes`: the gateway reports disputes of charges, and their decisions.
    """

    currencies: frozenset[Currency]
    refunds: bool = True
    partial_refunds: bool = True
    voids_at_once: bool = True
    declines: bool = True
    authentication: bool = True
    stores_methods: bool = False
    disputes: bool = False


@value
class Notice:
    """A genuine webhook about an intent. `event_id` is the same for each delivery of it.

    `event_type` is what the gateway calls such an event, or "" if it has no name for it. About a
    `failed_refund`, nothing else is reported.
    """

    event_id: str
    intent_of: IntentOf
    reference: str
    outcome: Outcome
    method: StoredMethod | None = None
    disputes: tuple[Dispute, ...] = ()
    event_type: str = ""
    failed_refund: FailedRefund | None = None


@value
class ChargeQuestion:
    """A gateway asks whether it may take the money for an intent now."""

    intent_of: IntentOf
    reference: str
    amount: Money


@value
class SetupOf:
    """The subscription whose method is to be replaced. `key` is the same for a repeated request."""

    tenant_id: TenantId
    subscription_id: SubscriptionId
    key: str


@value
class Setup:
    """A setup in which the user gives a method for later charges, without a payment.

    `method` is known once the user is done. With `pay_by`, their browser does it. With neither, the
    setup was aborted, or the gateway does not have the method yet.
    """

    reference: str
    pay_by: PayBy | None = None
    method: StoredMethod | None = None

    def __repr__(self) -> str:
        return f"Setup(reference={self.reference!r}, method={self.method!r})"


@value
class MethodNotice:
    """A genuine webhook about a setup that is done."""

    event_id: str
    tenant_id: TenantId
    subscription_id: SubscriptionId
    method: StoredMethod
    event_type: str = ""


class PaymentGateway(Protocol):
    """One gateway. Calls raise GatewayUnavailableError and GatewayAnswerError.

    One that stores no methods raises GatewayUnavailableError with "unsupported" when it is to
    charge or set up one; users then pay each renewal by hand.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What this gateway can do."""
        ...

    def create_intent(self, intent_of: IntentOf, amount: Money) -> Intent:
        """Return the intent of an attempt, created by the first call.

        If the gateway stores methods, it is to keep the one with which the user pays. Raises
        GatewayRefusedError as well.
        """
        ...

    def charge_stored(self, intent_of: IntentOf, amount: Money, method: StoredMethod) -> Intent:
        """Charge a stored method without the user, once per attempt, however late it is repeated.

        If the bank wants the user, the outcome is NeedsAction, and the user can pay the intent.
        Raises MethodRefusedError as well.
        """
        ...

    def find_charge(self, intent_of: IntentOf, method: StoredMethod) -> Intent | None:
        """Return the intent of an attempt whose charge was not answered, or None if none exists."""
        ...

    def begin_setup(self, setup_of: SetupOf, customer: str | None) -> Setup:
        """Return a setup of another method, created by the first call of a request."""
        ...

    def look_up_setup(self, reference: str) -> Setup:
        """Return the present state of a setup."""
        ...

    def forget(self, method: StoredMethod) -> None:
        """Delete a stored method at the gateway, if its protocol has such a call."""
        ...

    def look_up(self, reference: str) -> Intent:
        """Return the present state of an intent."""
        ...

    def list_intents(self, begin: datetime, end: datetime) -> Iterable[tuple[IntentOf, str]]:
        """Return our intents that were created in a period, with their references.

        Empty if the protocol of the gateway has no list.
        """
        ...

    def void(self, reference: str) -> Intent:
        """Make an intent unpayable. A charge that came before stays, and is reported.

        The outcome is Voided if the gateway does not know the intent: it is of another account.
        """
        ...

    def refund(self, intent_of: IntentOf, reference: str, amount: Money, number: int) -> Intent:
        """Return an amount of the charge of an intent, once per `number`, however late.

        The outcome is Refunded, or Charged with what is returned so far. Raises
        GatewayCannotError, and RefundRefusedError if a person must return the money.
        """
        ...

    def read_question(self, webhook: Webhook) -> ChargeQuestion | None:
        """Return what a webhook asks, or None if it asks nothing. Raises WebhookForged."""
        ...

    def read_webhook(self, webhook: Webhook) -> Notice | MethodNotice | None:
        """Return what a webhook reports, or None if it is about nothing of ours.

        Raises WebhookForged, GatewayAnswerError, and, if the gateway must be asked,
        GatewayUnavailableError without an answer, and GatewayRefusedError.
        """
        ...
