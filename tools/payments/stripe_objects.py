"""Objects of the simulator of Stripe, and the webhooks about them."""

import json
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import stripe

from tools.payments.simulator import Fault

Card = Literal[
    "pm_card_visa",
    "pm_card_visa_chargeDeclined",
    "pm_card_visa_chargeDeclinedInsufficientFunds",
    "pm_card_threeDSecureRequired",
]
"""Test cards of https://docs.stripe.com/testing."""

DECLINES: Final[dict[Card, str]] = {
    "pm_card_visa_chargeDeclined": "generic_decline",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "insufficient_funds",
}


@dataclass(frozen=True)
class Webhook:
    """A webhook as Stripe would post it."""

    body: bytes

    def headers(self, secret: str, *, at: int) -> dict[str, str]:
        """Return the headers, signed at a time (seconds since 1970)."""
        signature = stripe.WebhookSignature.generate_signature_header(  # pyright: ignore[reportUnknownMemberType]
            self.body.decode(), secret, timestamp=at
        )
        return {"stripe-signature": signature}


@dataclass
class StripeObjects:
    """What one account at Stripe has.

    `cards` are the cards behind stored methods; a test may change one, such as when it expires.
    `debits` are methods whose charges a bank processes for days. `deleted` are customers.
    `generated` are the SEPA debits made of methods that pay once.
    `run_id` is in all ids: objects of another run are unknown, and not mistaken for new ones.
    """

    key: str
    run_id: str = ""
    faults: deque[Fault] = field(default_factory=deque[Fault])
    webhooks: list[Webhook] = field(default_factory=list[Webhook])
    intents: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    charges: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    refunds: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    setups: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    customers: list[str] = field(default_factory=list[str])
    deleted: set[str] = field(default_factory=set[str])
    generated: dict[str, str] = field(default_factory=dict[str, str])
    cards: dict[str, Card] = field(default_factory=dict[str, Card])
    debits: set[str] = field(default_factory=set[str])
    disputes: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    lock: threading.RLock = field(default_factory=threading.RLock)

    def new_id(self, kind: str, objects: Sized) -> str:
        """Return the id of another object, numbered after those that exist."""
        return f"{kind}_{self.run_id}{len(objects) + 1}"

    def new_method(self, card: Card) -> str:
        """Return another method, which charges a card."""
        method = self.new_id("pm", self.cards)
        self.cards[method] = card
        return method

    def new_ideal(self) -> tuple[str, str]:
        """Return an iDEAL method, and the SEPA debit made of it."""
        method, debit = self.new_method("pm_card_visa"), self.new_method("pm_card_visa")
        self.generated[method] = debit
        return method, debit

    def details_of(self, method: str) -> dict[str, Any]:
        """Return the details of a method that was used."""
        if method not in self.generated:
            return {"type": "card", "card": {"exp_month": 12, "exp_year": 2040}}
        ideal = {"generated_sepa_debit": self.generated[method]}
        return {"type": "ideal", "ideal": ideal}

    def charge_of(self, intent: dict[str, Any]) -> dict[str, Any] | None:
        """Return the charge of an intent, if it was paid."""
        return next((each for each in self.charges if each["id"] == intent["latest_charge"]), None)

    def post(self, event: str, about: dict[str, Any]) -> None:
        """Make a webhook with the present state of an object."""
        event_id = self.new_id("evt", self.webhooks)
        posted = new_object("event", event_id, type=event, pending_webhooks=1)
        body = json.dumps(posted | {"data": {"object": about}}).encode()
        self.webhooks.append(Webhook(body))


def metadata(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the metadata among the parameters of a request."""
    prefix = "metadata["
    return {
        name.removeprefix(prefix).removesuffix("]"): text
        for name, text in params.items()
        if name.startswith(prefix)
    }


def new_object(kind: str, object_id: str, **fields: Any) -> dict[str, Any]:
    """Return an object in test mode, created now, with the fields that all kinds have."""
    made = {"id": object_id, "object": kind, "created": int(time.time()), "livemode": False}
    return made | fields


def listed(path: str, found: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return objects as one page of the list at a path."""
    return {"object": "list", "url": path, "data": list(found), "has_more": False}
