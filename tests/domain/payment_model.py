"""Model of a payment with its gateways, user and faults, to explore every interleaving.

A node holds the payment, its subscription, the true state of the intent of each attempt at its
gateway, the attempts whose reference the user was shown, and the webhooks that are under way.
Webhooks may arrive at any time, in any order, several times or never; each carries the state at the
time when it was sent.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from application.payments.policy import when_payment_changes_then_subscription
from domain.entitlements.access import Access, PlanHistory, access_to_plan
from domain.ids import DEFAULT_TENANT, PaymentId, PlanId, SubscriptionId, UserId
from domain.kernel import Decider, Origin, Recorded
from domain.money import Money, Price
from domain.payment_methods import StoredMethod
from domain.payments import commands
from domain.payments.events import DeclineReason
from domain.payments.payment import PAYMENT
from domain.payments.states import (
    IN_FLIGHT,
    ChargeStoredMethod,
    CreateIntent,
    FindCharge,
    Payment,
    RefundCharge,
    Started,
    Step,
    VoidIntent,
    next_steps,
    payable_intent,
)
from domain.subscriptions import commands as subscriptions
from domain.subscriptions.states import Subscription, grants_access
from domain.subscriptions.subscription import SUBSCRIPTION

AT: Final = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
LATER: Final = AT + IN_FLIGHT
PRICE: Final = Money(1999, "EUR")
ADA: Final = UserId("ada")
PAID_FOR: Final = SubscriptionId("subscription")
PAYMENT_ID: Final = PaymentId("payment")

METHOD: Final = StoredMethod("stripe", "customer", "method")

ATTEMPTS: Final = 3
"""Attempts that are explored: at two gateways, and one more after an intent has expired."""

NO_INTENT: Final = None
UNPAID: Final = commands.Paying()
ACTION: Final = commands.NeedsAction()
DECLINED: Final = commands.Declined("insufficient_funds")
CHARGED: Final = commands.Charged(PRICE)
WRONG: Final = commands.Charged(Money(1, "EUR"))
VOIDED: Final = commands.Voided()
ENDED: Final = commands.Voided("declined")
REFUNDED: Final = commands.Refunded()
PAYABLE: Final = (UNPAID, ACTION, DECLINED)

Intent = commands.Outcome | None

Decide = Callable[[Any, Any], tuple[Any, ...]]


@dataclass(frozen=True)
class Node:
    payment: Payment
    subscription: Subscription
    intents: tuple[Intent, ...] = (NO_INTENT,) * ATTEMPTS
    webhooks: frozenset[tuple[int, commands.Outcome]] = frozenset()
    shown: frozenset[int] = frozenset()
    charging: bool = False
    """Whether a process has searched for the charge in vain, and is about to make it."""
    history: tuple[tuple[str, Any], ...] = field(default=(), compare=False)
    """Streams and events on one way to this node."""

    @property
    def charges(self) -> int:
        return sum(isinstance(intent, commands.Charged) for intent in self.intents)

    @property
    def started(self) -> Started:
        assert isinstance(self.payment, Started)
        return self.payment


class ViolationError(AssertionError):
    """A property of the process does not hold."""


@dataclass(frozen=True)
class Model:
    """The process under test: `decide` may be a defective one."""

    decide: Decide = PAYMENT.decide
    off_session: bool = False

    def initial(self) -> Node:
        subscribe = subscriptions.CreateSubscription(
            user_id=ADA, plan_id=PlanId("plan"), plan_number=1, price=Price("EU", PRICE),
            billing_months=1, at=AT,
        )  # fmt: skip
        create = commands.CreatePayment(
            user_id=ADA, subscription_id=PAID_FOR, amount=PRICE, region="EU",
            gateways=("stripe",) if self.off_session else ("stripe", "yookassa"),
            method=METHOD if self.off_session else None, at=AT,
        )  # fmt: skip
        pending = _after(SUBSCRIPTION, subscribe, SUBSCRIPTION.initial)
        bought = SUBSCRIPTION.decide(subscribe, SUBSCRIPTION.initial)
        history = tuple(("subscription", event) for event in bought)
        return self.record(Node(PAYMENT.initial, pending, history=history), create)

    def record(self, node: Node, command: commands.PaymentCommand) -> Node:
        """Decide a command, and apply its events to the subscription as well."""
        happened = self.decide(command, node.payment)
        payment = PAYMENT.fold(happened, node.payment)
        assert isinstance(payment, Started)
        subscription, history = node.subscription, [*node.history]
        for event in happened:
            history.append(("payment", event))
            update = when_payment_changes_then_subscription(PAYMENT_ID, payment, event)
            if update is not None:
                following = SUBSCRIPTION.decide(update, subscription)
                subscription = SUBSCRIPTION.fold(following, subscription)
                history += [("subscription", each) for each in following]
        shown = node.shown
        if payable_intent(payment):
            shown |= {payment.current}
        return replace(
            node,
            payment=payment,
            subscription=subscription,
            shown=shown,
            history=tuple(history),
        )

    def successors(self, node: Node) -> Iterator[Node]:
        for step in next_steps(node.payment):
            yield from self._steps(node, step)
        for number, attempt in enumerate(node.started.attempts, start=1):
            intent = node.intents[number - 1]
            if attempt.reference is None or intent is None:
                continue
            yield self.note(node, number, intent)
            if intent in PAYABLE and number in node.shown:  # the user may do any of these
                outcomes: tuple[commands.Outcome, ...] = (
                    CHARGED, WRONG, ACTION, DECLINED, ENDED,
                )  # fmt: skip
                for outcome in outcomes:
                    yield changed(node, number, outcome)
            if intent in PAYABLE:
                yield changed(node, number, VOIDED)  # it expires at the gateway
        if node.started.current < ATTEMPTS:
            yield self.come_back(node)
        for number, sent in node.webhooks:
            yield self.note(node, number, sent)
        if node.charging:
            yield from self._charges(node)
        yield self.record(node, commands.CancelPayment(at=AT))
        yield self.record(node, commands.ExpirePayment(at=AT))

    def _steps(self, node: Node, step: Step) -> Iterator[Node]:
        """Carry out a step: with success, or with a crash or timeout at any point."""
        if isinstance(step, CreateIntent | ChargeStoredMethod):
            yield self._obstacle(node, step)
            if isinstance(step, ChargeStoredMethod) and step.submitted_at is None:
                yield self.submit(node, step)
                return
        intent = node.intents[step.attempt - 1]
        if intent is None and isinstance(step, ChargeStoredMethod):
            yield replace(node, charging=True)
            return
        if intent is None and isinstance(step, FindCharge):
            yield self.no_charge(node, step.attempt, None)
            if not node.charging:
                yield self.no_charge(node, step.attempt, None, LATER)
            return
        for after in self.effects(node, step):
            intent = after.intents[step.attempt - 1]
            assert intent is not None
            yield after  # a crash, or a timeout that nothing was recorded of
            yield self.note(after, step.attempt, intent)
            if isinstance(step, CreateIntent | ChargeStoredMethod):
                yield self._obstacle(after, step)

    def _charges(self, node: Node) -> Iterator[Node]:
        """Return what becomes of a charge that a process is about to make."""
        over, number = replace(node, charging=False), node.started.current
        yield over  # the process has crashed
        if node.intents[number - 1] is None:
            yield self.no_charge(over, number, "declined")
        for outcome in (CHARGED, DECLINED, ACTION):
            before = over.intents[number - 1]
            after = changed(over, number, outcome) if before is None else over
            yield after  # a crash, or a timeout
            yield self.note(after, number, before or outcome)

    def come_back(self, node: Node) -> Node:
        """Let the user open the payment again."""
        return self.record(node, commands.ReplaceIntent(attempt=node.started.current, at=AT))

    def no_charge(
        self, node: Node, number: int, reason: DeclineReason | None, at: datetime = AT
    ) -> Node:
        return self.record(node, commands.NoteNoCharge(attempt=number, reason=reason, at=at))

    def submit(self, node: Node, step: ChargeStoredMethod) -> Node:
        return self.record(node, commands.SubmitCharge(attempt=step.attempt, at=AT))

    def effects(self, node: Node, step: Step) -> Iterator[Node]:
        """Return what a gateway may do for a step; repeated steps do nothing more."""
        number = step.attempt
        intent = node.intents[number - 1]
        match step:
            case CreateIntent():
                yield changed(node, number, UNPAID) if intent is None else node
            case ChargeStoredMethod():
                yield changed(node, number, CHARGED) if intent is None else node
            case FindCharge():
                yield node
            case VoidIntent():
                yield changed(node, number, VOIDED) if intent in PAYABLE else node
            case RefundCharge():
                charged = isinstance(intent, commands.Charged)
                yield changed(node, number, REFUNDED) if charged else node

    def note(self, node: Node, number: int, outcome: commands.Outcome) -> Node:
        note = commands.NoteOutcome(
            attempt=number, reference=f"intent-{number}", outcome=outcome, source="poll", at=AT
        )
        return self.record(node, note)

    def _obstacle(self, node: Node, step: Step) -> Node:
        note = commands.NoteObstacle(attempt=step.attempt, obstacle="timeout", at=AT)
        return self.record(node, note)

    def toward_rest(self, node: Node) -> Node:
        """Return the node after one thing that happens when all faults have ended.

        Steps succeed, then polls are answered, and then the payment expires. The same node is
        returned at rest.
        """
        if node.charging:
            number = node.started.current
            over = replace(node, charging=False)
            is_new = node.intents[number - 1] is None
            return changed(over, number, CHARGED) if is_new else over
        for step in next_steps(node.payment):
            if isinstance(step, ChargeStoredMethod) and step.submitted_at is None:
                return self.submit(node, step)
            if isinstance(step, FindCharge) and node.intents[step.attempt - 1] is None:
                return self.no_charge(node, step.attempt, None, LATER)
            after = next(self.effects(node, step))
            intent = after.intents[step.attempt - 1]
            assert intent is not None
            return self.note(after, step.attempt, intent)
        for number, attempt in enumerate(node.started.attempts, start=1):
            intent = node.intents[number - 1]
            if attempt.reference is not None and intent is not None:
                polled = self.note(node, number, intent)
                if polled != node:
                    return polled
        return self.record(node, commands.ExpirePayment(at=AT))

    def explore(self, depth: int) -> int:
        """Visit every node up to a depth, and return their number. Raises ViolationError."""
        visited = {self.initial()}
        frontier, settled = visited, dict[Node, Node]()
        for node in visited:
            self._check(node, settled)
        for _ in range(depth):
            frontier = {after for node in frontier for after in self.successors(node)} - visited
            visited |= frontier
            for node in frontier:
                self._check(node, settled)
        return len(visited)

    def _check(self, node: Node, settled: dict[Node, Node]) -> None:
        if node.charges > 1:
            raise ViolationError(f"charged twice: {node}")
        rest = self._settle(node, settled)
        status = rest.started.status
        if rest.charges != (status == "completed") or status == "pending":
            raise ViolationError(f"{rest.charges} charges of a payment that is {status}: {rest}")
        if next_steps(rest.payment):
            raise ViolationError(f"a step never succeeds: {rest}")
        if grants_access(rest.subscription) != (rest.charges == 1):
            raise ViolationError(f"access differs from money: {rest}")
        if access(rest).granted != (rest.charges == 1):
            raise ViolationError(f"the answer to users differs from money: {rest}")
        for attempt, intent in zip(rest.started.attempts, rest.intents, strict=False):
            if attempt.reference is not None and intent in PAYABLE:
                raise ViolationError(f"an intent can still be paid: {rest}")

    def _settle(self, node: Node, settled: dict[Node, Node]) -> Node:
        path: list[Node] = []
        while node not in settled:
            after = self.toward_rest(node)
            if after in path:
                raise ViolationError(f"it never comes to rest: {node}")
            path.append(node)
            if after == node:
                settled[node] = node
            node = after
        rest = settled[node]
        settled.update(dict.fromkeys(path, rest))
        return rest


def access(node: Node) -> Access:
    """Return what the user is told about their access, by what is recorded."""
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=ADA, correlation_id=UUID(int=0))
    recorded = [
        Recorded(UUID(int=position), origin, f"{stream}-1", position, position, AT, event)
        for position, (stream, event) in enumerate(node.history, start=1)
    ]

    def log(category: str) -> list[Recorded[Any]]:
        return [each for each in recorded if each.stream.startswith(category)]

    subscriptions_of = {PAID_FOR: log("subscription")}
    return access_to_plan(ADA, PlanHistory((), (), subscriptions_of, {PAYMENT_ID: log("payment")}))


def changed(node: Node, number: int, outcome: commands.Outcome) -> Node:
    """Return the node with another true state of an intent, whose webhook is under way."""
    intents = (*node.intents[: number - 1], outcome, *node.intents[number:])
    return replace(node, intents=intents, webhooks=node.webhooks | {(number, outcome)})


def _after(decider: Decider[Any, Any, Any], command: Any, state: Any) -> Any:
    return decider.fold(decider.decide(command, state), state)
