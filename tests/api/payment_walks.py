"""Random walks of subscriptions: steps of users, banks, networks and time, in any order."""

import json
import random
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any, Final

from application.payments.follow_up import PaymentFollowUp
from application.payments.inbox import WebhookInbox
from application.payments.reconciliation import Difference, Reconciliation
from domain.ids import DEFAULT_TENANT
from tests.api.driver import ApiDriver
from tests.api.paying import SECRET
from tools.payments.simulator import Fault
from tools.payments.stripe_http import RefusedError
from tools.payments.stripe_objects import Card
from tools.payments.stripe_simulator import StripeSimulator

BEGIN: Final = datetime(2030, 1, 5, 9, tzinfo=UTC)
NO_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)
ALL_TIME: Final = datetime(2100, 1, 1, tzinfo=UTC)
DAY: Final = timedelta(days=1)

USERS: Final = ("ada", "bo")
CARDS: Final[tuple[Card, ...]] = (
    *("pm_card_visa",) * 5,
    "pm_card_visa_chargeDeclined",
    "pm_card_visa_chargeDeclinedInsufficientFunds",
    "pm_card_threeDSecureRequired",
)
FAULTS: Final[tuple[Fault, ...]] = ("lost_request", "lost_answer", "down", "page")
PAUSES: Final = (timedelta(minutes=2), timedelta(hours=7), DAY, 3 * DAY, 9 * DAY)

WEIGHTS: Final = {
    "wait": 8,
    "wait_for_renewal": 5,
    "follow": 14,
    "deliver_next": 12,
    "deliver_again": 2,
    "lose_webhook": 2,
    "enroll": 4,
    "pay": 8,
    "pay_in_old_page": 1,
    "authenticate": 3,
    "settle_debit": 3,
    "change_cards": 2,
    "cancel": 2,
    "resume": 3,
    "pause": 1,
    "change_plan": 3,
    "withdraw_change": 1,
    "store_method": 2,
    "refund": 1,
    "refund_at_gateway": 1,
    "break_connection": 3,
}
"""How often each step is taken."""


class Clock:
    """A clock that steps move."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        return self.now


class PaymentWalk:
    """Takes random steps. `steps` lists those so far, with the responses of the API."""

    def __init__(self, driver: ApiDriver, stripe: StripeSimulator, clock: Clock, seed: int) -> None:
        self.steps: list[str] = []
        self._driver = driver
        self._platform = driver.platform
        self._stripe = stripe
        self._clock = clock
        self._random = random.Random(seed)  # noqa: S311  not a secret
        self._delivered = 0
        self._unanswered: list[int] = []
        self._request_count = 0
        process = self._platform.payments
        self._inbox = WebhookInbox(process, self._platform.deliveries, clock)
        self._follow_up = PaymentFollowUp(
            self._platform.read, lambda: [DEFAULT_TENANT], process, clock, self._inbox
        )

    def run(self, steps: int) -> None:
        self.enroll()
        for _ in range(steps):
            (name,) = self._random.choices(list(WEIGHTS), list(WEIGHTS.values()))
            self.steps.append(name)
            getattr(self, name)()

    def finish(self) -> None:
        """Let the gateway and banks answer, deliver all webhooks, and follow up all payments."""
        self._stripe.faults.clear()
        unanswered, self._unanswered = self._unanswered, []
        for number in unanswered:
            self._deliver(number)
        for _ in range(4):
            self._clock.now += timedelta(hours=2)
            for reference in self._in_state("processing"):
                self._stripe.settle(reference, paid=True)
            while self._delivered < len(self._stripe.webhooks):
                self.deliver_next()
            self.follow()
            self.follow()

    def differences(self) -> tuple[Difference, ...]:
        """Return what a reconciliation finds."""
        reconciliation = Reconciliation(self._platform.read, self._platform.payments)
        report = reconciliation.compare(DEFAULT_TENANT, NO_TIME, ALL_TIME)
        assert not report.unanswered
        return report.differences

    def net_charges(self) -> dict[str, int]:
        """Return what was charged and not returned, in cents, by the intent at the gateway.

        Intents whose whole amount was returned are left out.
        """
        charges = {
            reference: self._stripe.charge_of(self._stripe.intents[reference])
            for reference in self._in_state("succeeded")
        }
        amounts = {
            reference: charge["amount_captured"] - charge["amount_refunded"]
            for reference, charge in charges.items()
            if charge is not None
        }
        return {reference: amount for reference, amount in amounts.items() if amount}

    def payable(self) -> list[str]:
        """Return the ids of payments with an intent that a browser could still pay."""
        intents = self._in_state("requires_payment_method", "requires_action")
        return [self.payment_of(reference) for reference in intents]

    def payment_of(self, reference: str) -> str:
        """Return the id of the payment of an intent."""
        return str(self._stripe.intents[reference]["metadata"]["kinelog_payment"])

    def list_all(self, kind: str, key: str) -> dict[str, Any]:
        """Return all payments or invoices by their ids."""
        items: dict[str, Any] = {}
        for user in USERS:
            path = f"/v1/{kind}?user={user}&first=50"
            page = self._get(path)
            items |= {each[key]: each for each in page["items"]}
            while page["pageInfo"]["hasNextPage"]:
                page = self._get(f"{path}&after={page['pageInfo']['endCursor']}")
                items |= {each[key]: each for each in page["items"]}
        return items

    def wait(self) -> None:
        self._clock.now += self._random.choice(PAUSES)

    def wait_for_renewal(self) -> None:
        subscription = self._subscription()
        if subscription is not None and subscription["renewsAt"] is not None:
            at = datetime.fromisoformat(subscription["renewsAt"])
            at += self._random.choice((-DAY, timedelta(seconds=1), DAY))
            self._clock.now = max(at, self._clock.now)

    def follow(self) -> None:
        platform = self._platform
        platform.fresh(platform.log.head(), 30)
        self._inbox.handle_due(Event())
        self._follow_up.follow(DEFAULT_TENANT, Event())
        platform.fresh(platform.log.head(), 30)

    def deliver_next(self) -> None:
        if self._delivered < len(self._stripe.webhooks):
            self._delivered += 1
            self._deliver(self._delivered - 1)

    def deliver_again(self) -> None:
        if self._stripe.webhooks:
            self._deliver(self._random.randrange(len(self._stripe.webhooks)))

    def lose_webhook(self) -> None:
        """Lose a webhook, but none of a refund at the gateway, which nothing else reports."""
        waiting = self._stripe.webhooks[self._delivered :]
        if waiting and b"refund" not in waiting[0].body:
            self._delivered += 1

    def enroll(self) -> None:
        choice: dict[str, Any] = {
            "userId": self._random.choice(USERS),
            "planId": self._random.choice(("squats", "squats", "more", "year")),
            "startOn": f"{self._clock.now:%F}",
            "region": "EU",
        }
        if self._random.random() < 0.3:
            choice["trial"] = True
        if self._random.random() < 0.4:
            choice["couponCode"] = "SUMMER-25"
        self._call("POST", "/v1/enrollments", **choice)

    def pay(self) -> None:
        payments = list(self.list_all("payments", "paymentId").values())
        unpaid = [each for each in payments if each["status"] in {"pending", "requires_action"}]
        if not payments:
            return
        payment = self._random.choice(unpaid or payments)
        intent = self._call("GET", f"/v1/payments/{payment['paymentId']}/intent")
        if intent is None:
            return
        methods = (self._stripe.pay_by_debit, self._stripe.pay_by_ideal, self._pay_by_card)
        (pay_by_method,) = self._random.choices(methods, (15, 10, 75))
        with suppress(RefusedError):
            pay_by_method(intent["reference"])

    def pay_in_old_page(self) -> None:
        """Try to pay any intent, as a page that was left open may."""
        if self._stripe.intents:
            with suppress(RefusedError):
                self._pay_by_card(self._random.choice(list(self._stripe.intents)))

    def authenticate(self) -> None:
        for reference in self._in_state("requires_action")[:1]:
            self._stripe.authenticate(reference, passed=self._random.random() < 0.7)

    def settle_debit(self) -> None:
        for reference in self._in_state("processing")[:1]:
            self._stripe.settle(reference, paid=self._random.random() < 0.6)

    def change_cards(self) -> None:
        """Let banks accept or decline the stored cards differently from now on."""
        for method in self._stripe.cards:
            self._stripe.cards[method] = self._random.choice(CARDS)

    def cancel(self) -> None:
        self._change("cancel", atOnce=self._random.random() < 0.2)

    def resume(self) -> None:
        self._change("resume")

    def pause(self) -> None:
        self._change("pause", days=self._random.choice((7, 30)))

    def withdraw_change(self) -> None:
        self._change("withdraw-plan-change")

    def change_plan(self) -> None:
        subscription = self._subscription()
        if subscription is None:
            return
        plan = self._random.choice(("more", "less", "squats", "year"))
        path = f"/v1/subscriptions/{subscription['subscriptionId']}"
        shown = self._call("GET", f"{path}/change-preview?planId={plan}")
        if shown is not None:
            self._call("POST", f"{path}/change-plan", planId=plan, token=shown["token"])

    def store_method(self) -> None:
        """Store another card or account; the page may be closed before it reports it."""
        subscription = self._subscription()
        if subscription is None:
            return
        path = f"/v1/subscriptions/{subscription['subscriptionId']}"
        setup = self._call("GET", f"{path}/method-setup")
        if setup is None:
            return
        with suppress(RefusedError):
            if self._random.random() < 0.2:
                self._stripe.set_up_by_ideal(setup["reference"])
            else:
                self._stripe.set_up(setup["reference"], self._random.choice(CARDS))
        if self._random.random() < 0.7:
            self._call("POST", f"{path}/method", reference=setup["reference"])

    def refund(self) -> None:
        payments = self.list_all("payments", "paymentId")
        paid = [each for each, payment in payments.items() if payment["status"] == "succeeded"]
        if paid:
            part = self._random.choice(({}, {"amountMinor": 100}, {"amountMinor": 500}))
            self._call("POST", f"/v1/payments/{self._random.choice(paid)}/refund", **part)

    def refund_at_gateway(self) -> None:
        """Return money by hand, at the gateway."""
        charged = self._in_state("succeeded")
        if charged:
            with suppress(RefusedError):
                self._stripe.refund(self._random.choice(charged), self._random.choice((None, 100)))

    def break_connection(self) -> None:
        """Let the next request to the gateway fail."""
        self._stripe.faults.append(self._random.choice(FAULTS))

    def _change(self, change: str, **body: Any) -> None:
        subscription = self._subscription()
        if subscription is not None:
            path = f"/v1/subscriptions/{subscription['subscriptionId']}/{change}"
            self._call("POST", path, **body)

    def _subscription(self) -> Any | None:
        """Return a subscription that has not ended."""
        subscriptions = [
            each
            for user in USERS
            for each in self._get(f"/v1/subscriptions?user={user}&first=50")["items"]
            if each["status"] not in {"canceled", "expired"}
        ]
        return self._random.choice(subscriptions) if subscriptions else None

    def _pay_by_card(self, reference: str) -> None:
        self._stripe.pay(reference, self._random.choice(CARDS))

    def _in_state(self, *states: str) -> list[str]:
        intents = self._stripe.intents.items()
        return [reference for reference, intent in intents if intent["status"] in states]

    def _deliver(self, number: int) -> None:
        webhook = self._stripe.webhooks[number]
        headers = webhook.headers(SECRET.get_secret_value(), at=int(time.time()))
        answer = self._driver.client.post(
            "/v1/webhooks/stripe", content=webhook.body, headers=headers
        )
        self.steps.append(f"  {json.loads(webhook.body)['type']} -> {answer.status_code}")
        assert answer.status_code in {204, 503}, answer.text
        if answer.status_code == 503:
            self._unanswered.append(number)

    def _get(self, path: str) -> Any:
        """Send a GET request that must succeed, and return its content."""
        content = self._call("GET", path)
        assert content is not None, self.steps[-1]
        return content

    def _call(self, method: str, path: str, **body: Any) -> Any | None:
        """Send a request; return None if it is refused. Fails on an internal error."""
        self._request_count += 1
        headers = {
            "Idempotency-Key": f"{self._request_count}",
            "After-Position": str(self._platform.log.head()),
        }
        answer = self._driver.client.request(method, path, json=body or None, headers=headers)
        content = answer.json()
        code = content.get("code", "")
        self.steps.append(f"  {method} {path} {body} -> {answer.status_code} {code}")
        assert answer.status_code < 500 or code == "payment.gateway_silent", answer.text
        return content if answer.status_code < 400 else None
