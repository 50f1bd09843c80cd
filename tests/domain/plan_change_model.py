"""Model of a subscription whose plan changes, to explore every interleaving.

A node holds the subscription, its open payments, those that were withdrawn, the enrollments, and
the time. Payments succeed and fail at any time, also after the next date; failures of withdrawn
ones are reported late. The user changes the plan, takes it back, pauses, cancels and resumes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from application.enrollments.service import enrollment_id_of
from application.kernel.command_handler import Request
from application.payments.policy import (
    enrollment_requests,
    when_renewal_changes_then_payment,
)
from domain.enrollments.enrollment import ENROLLMENT, Enrolled, Enrollment
from domain.ids import PaymentId, PlanId, SubscriptionId, UserId, WorkoutId
from domain.kernel import Rejected
from domain.money import Money, Price
from domain.payments.commands import CreatePayment
from domain.subscriptions import commands, events
from domain.subscriptions.plan_changes import paid_periods, preview_change
from domain.subscriptions.states import (
    Active,
    Ended,
    NotCreated,
    ScheduledChange,
    StartedChange,
    Subscription,
    grants_access,
    plan_paid_by,
)
from domain.subscriptions.subscription import SUBSCRIPTION
from tests.domain.payment_model import AT, METHOD, ViolationError

DAY: Final = timedelta(days=1)
TIMES: Final = tuple(AT + days * DAY for days in (0, 10, 24, 30, 31, 33, 55, 62))
"""Begin, middle, announcement, charge and end of the first period, a retry, and the next ones."""

SETTLED: Final = AT + 400 * DAY

ADA: Final = UserId("ada")
OWN: Final = SubscriptionId("s")
FIRST: Final = PaymentId("s.1")


def choice(plan: str, minor: int) -> events.PlanChoice:
    return events.PlanChoice(
        plan_id=PlanId(plan), plan_number=1, trainer_id=UserId("coach"),
        price=Price("EU", Money(minor, "EUR")), billing_months=1, weeks=2, sessions_per_week=1,
        workouts=(WorkoutId("squat"),), missed_day="skip",
    )  # fmt: skip


PLANS: Final = {each.plan_id: each for each in (choice("a", 2000), choice("b", 5000))}
PRICES: Final = {plan: each.price.amount for plan, each in PLANS.items()}

Decide = Callable[[Any, Any], tuple[Any, ...]]
Open = tuple[PaymentId, Money, Money]
"""A payment with its amount and credit."""


@dataclass(frozen=True)
class Node:
    subscription: Subscription
    at: datetime = AT
    open: frozenset[Open] = frozenset()
    withdrawn: frozenset[PaymentId] = frozenset()
    paid: frozenset[Open] = frozenset()
    enrollments: tuple[tuple[PlanId, Enrollment], ...] = ()

    def paid_amounts(self) -> tuple[commands.PaidAmount, ...]:
        """Return what the payments whose periods are not over are worth."""
        worth = {key: amount.plus(credit) for key, amount, credit in self.paid}
        assert isinstance(self.subscription, Active)
        periods = paid_periods(self.subscription, self.at)
        return tuple(
            commands.PaidAmount(each.payment_id, worth[each.payment_id]) for each in periods
        )


@dataclass(frozen=True)
class Model:
    """The decider under test: `decide` may be a defective one."""

    decide: Decide = SUBSCRIPTION.decide
    trial: bool = False

    def initial(self) -> Node:
        create = commands.CreateSubscription(
            user_id=ADA, plan_id=PlanId("a"), plan_number=1, price=PLANS[PlanId("a")].price,
            billing_months=1, trial_days=31 if self.trial else 0, at=AT,
        )  # fmt: skip
        store = commands.StoreMethod(subscription_id=OWN, method=METHOD, at=AT)
        enroll = _enrolled(PLANS[PlanId("a")])
        node = self.record(Node(NotCreated(), enrollments=((PlanId("a"), enroll),)), create)
        if not self.trial:
            first = (FIRST, PRICES[PlanId("a")], Money(0, "EUR"))
            paid = commands.NotePaid(payment_id=FIRST, at=AT)
            node = self.record(replace(node, paid=frozenset({first})), paid)
        return self.record(node, store)

    def record(self, node: Node, *wanted: commands.SubscriptionCommand) -> Node:
        """Decide commands; open and withdraw payments, and change enrollments as they demand."""
        state, new = node.subscription, list[Any]()
        for command in wanted:
            happened = self.decide(command, state)
            state = SUBSCRIPTION.fold(happened, state)
            new += happened
        opened, withdrawn = set(node.open), set(node.withdrawn)
        for event in new:
            request = when_renewal_changes_then_payment(OWN, ADA, event)
            if request is None:
                continue
            key, (command,) = PaymentId(request.id), request.commands
            if isinstance(command, CreatePayment):
                if any(key == each for each, *_ in (*opened, *node.paid)) or key in withdrawn:
                    raise ViolationError(f"two payments have the id {key}: {node}")
                opened.add((key, command.amount, command.credit or Money(0, "EUR")))
            else:
                opened = {each for each in opened if each[0] != key}
                withdrawn.add(key)
        enrollments = dict(node.enrollments)
        if not isinstance(state, NotCreated):
            for plan in PLANS:
                for request in enrollment_requests(OWN, state, new):
                    if request.id == _enrollment_id(plan):
                        enrollments[plan] = _enrollment_after(request, enrollments.get(plan))
        return replace(
            node, subscription=state, open=frozenset(opened), withdrawn=frozenset(withdrawn),
            enrollments=tuple(sorted(enrollments.items())),
        )  # fmt: skip

    def successors(self, node: Node) -> Iterator[Node]:
        at = node.at
        yield from (replace(node, at=each) for each in TIMES if each > at)
        yield self.follow(node)
        for each in node.open:
            yield self.pay(node, each)
            over = replace(node, open=node.open - {each})
            yield self.record(over, commands.NoteUnpaid(payment_id=each[0], at=at))
        for key in node.withdrawn:
            yield self.record(node, commands.NoteUnpaid(payment_id=key, cancelled=True, at=at))
        wanted: tuple[commands.SubscriptionCommand, ...] = (
            *self.changes(node),
            commands.WithdrawPlanChange(at=at),
            commands.PauseSubscription(days=7, at=at),
            commands.ResumeSubscription(at=at),
            commands.CancelSubscription(at_once=False, at=at),
        )
        for command in wanted:
            try:
                yield self.record(node, command)
            except Rejected:
                continue

    def changes(self, node: Node) -> Iterator[commands.ChangePlan]:
        """Yield the changes that are possible now, as they are previewed."""
        for each in PLANS.values():
            try:
                paid = node.paid_amounts() if isinstance(node.subscription, Active) else ()
                terms = preview_change(node.subscription, each, paid, node.at)
            except Rejected:
                continue
            yield commands.ChangePlan(
                subscription_id=OWN, choice=each, paid=paid, token=terms.token,
                gateways=("stripe",), session_key="key", at=node.at,
            )  # fmt: skip

    def pay(self, node: Node, payment: Open) -> Node:
        done = replace(node, open=node.open - {payment}, paid=node.paid | {payment})
        return self.record(done, commands.NotePaid(payment_id=payment[0], at=node.at))

    def follow(self, node: Node) -> Node:
        renew = commands.Renew(subscription_id=OWN, gateways=("stripe",), at=node.at)
        return self.record(node, commands.EndPeriod(at=node.at), renew)

    def explore(self, depth: int) -> int:
        """Visit every node up to a depth, and return their number. Raises ViolationError."""
        visited = {self.initial()}
        frontier = visited
        for node in visited:
            self.check(node)
        for _ in range(depth):
            frontier = {after for node in frontier for after in self.successors(node)} - visited
            visited |= frontier
            for node in frontier:
                self.check(node)
        return len(visited)

    def check(self, node: Node) -> None:
        _check_payments(node)
        _check_access(node)
        rest = replace(node, at=SETTLED)
        for _ in range(6):  # all faults have ended: what is due is done, and every payment succeeds
            rest = self.follow(rest)
            for each in rest.open:
                rest = self.pay(rest, each)
        state = rest.subscription
        waits = isinstance(state, Active) and (
            state.renews_at <= rest.at or (state.change is not None) or state.is_paused
        )
        if rest.open or waits:
            raise ViolationError(f"it never comes to rest: {rest}")
        _check_payments(rest)
        _check_access(rest)


def _check_payments(node: Node) -> None:
    """One payment at a time; with its credit, each is worth the price of the plan it is for."""
    state = node.subscription
    wanted = set[PaymentId | None]()
    if isinstance(state, Active):
        change = state.change
        wanted = {state.renewing, change.payment_id if isinstance(change, StartedChange) else None}
    if {key for key, *_ in node.open} != wanted - {None} or len(node.open) > 1:
        raise ViolationError(f"open payments differ: {node}")
    assert isinstance(state, Active | Ended)
    for key, amount, credit in node.paid:
        plan, _ = plan_paid_by(state, key)
        if amount.plus(credit) != PRICES[plan]:
            raise ViolationError(f"{key} does not pay the price of {plan}: {node}")
    if isinstance(state, Active) and set(state.payments) != {key for key, *_ in node.paid}:
        raise ViolationError(f"a payment is lost: {node}")


def _check_access(node: Node) -> None:
    """The enrollment in the plan of the subscription is active, and no other one."""
    state = node.subscription
    active = {plan for plan, each in node.enrollments if isinstance(each, Enrolled) and each.active}
    expected = {state.plan_id} if isinstance(state, Active) and grants_access(state) else set()
    if active != expected:
        raise ViolationError(f"{active} is open instead of {expected}: {node}")
    change = state.change if isinstance(state, Active) else None
    if isinstance(change, ScheduledChange) and isinstance(state, Active) and state.pause:
        raise ViolationError(f"a change meets a pause: {node}")


def _enrollment_id(plan: PlanId) -> str:
    return enrollment_id_of(ADA, plan)


def _enrolled(plan: events.PlanChoice) -> Enrollment:
    """Return the enrollment that begins with the subscription."""
    changed = events.PlanChanged(
        choice=plan, left_plan_id=PlanId("none"), payment_id=None, session_key="key", renews_at=AT,
        at=AT,
    )  # fmt: skip
    pending = SUBSCRIPTION.fold([_created(plan)])
    assert not isinstance(pending, NotCreated)
    requests = enrollment_requests(OWN, pending, [changed])
    return next(
        _enrollment_after(each, None)
        for each in requests
        if each.id == _enrollment_id(plan.plan_id)
    )


def _created(plan: events.PlanChoice) -> events.SubscriptionCreated:
    return events.SubscriptionCreated(
        user_id=ADA, plan_id=plan.plan_id, plan_number=1, price=plan.price, billing_months=1, at=AT
    )


def _enrollment_after(request: Request, enrollment: Enrollment | None) -> Enrollment:
    state = enrollment or ENROLLMENT.initial
    for command in request.commands:
        state = ENROLLMENT.fold(ENROLLMENT.decide(command, state), state)
    return state
