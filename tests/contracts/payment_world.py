"""Payments on a real store, whose steps are interleaved with everything else that can happen.

A node is what the store and the gateway hold: it is written to a tenant of its own, then one thing
happens to it. A process can be killed before each call that changes the store or the gateway.
Other calls only read: a kill before one is a kill before the next change.

Run `python -m tests.contracts.test_payment_world 8` to explore on SQLite to a depth of 8.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, cast
from uuid import UUID, uuid4, uuid5

from application.kernel.command_handler import CommandHandler
from application.kernel.ports import Change, EventLog
from application.payments.gateways import (
    Capabilities,
    ClientSecret,
    GatewayUnavailableError,
    Intent,
    IntentOf,
    Notice,
)
from application.payments.policy import payment_request, subscription_request
from application.payments.process import GatewaySilent, NotPayable, PaymentProcess
from domain.ids import PaymentId, PlanId, SubscriptionId, TenantId, UserId
from domain.invoices.events import InvoiceIssued
from domain.kernel import Origin, Recorded
from domain.money import Money, Price
from domain.payment_methods import StoredMethod
from domain.payments import commands, events
from domain.payments.payment import PAYMENT
from domain.payments.states import IN_FLIGHT, Started, next_steps, payable_intent
from domain.subscriptions.commands import CreateSubscription
from domain.subscriptions.states import grants_access
from domain.subscriptions.subscription import SUBSCRIPTION

AT: Final = datetime(2030, 1, 31, 7, 30, tzinfo=UTC)
ADA: Final = UserId("ada")
PRICE: Final = Money(1999, "EUR")
PAYMENT_ID: Final = PaymentId("payment")
PAID_FOR: Final = SubscriptionId("subscription")
WEBHOOKS: Final = UUID("019f1a44-6c2e-7d1b-8f52-2b7a90c4e6d7")
METHOD: Final = StoredMethod("stripe", "customer", "method")
EFFECTS: Final = frozenset({"append", "create_intent", "charge_stored", "void", "refund"})
"""Calls that change the store or the gateway."""

UNPAID: Final = commands.Paying()
CHARGED: Final = commands.Charged(PRICE)
VOIDED: Final = commands.Voided()
BY_USER: Final[tuple[commands.Outcome, ...]] = (
    CHARGED, commands.Charged(Money(1, "EUR")), commands.NeedsAction(),
    commands.Declined("insufficient_funds"), commands.Voided("declined"),
)  # fmt: skip
PAYABLE: Final = (UNPAID, *BY_USER[2:4])

Streams = Mapping[str, tuple[Any, ...]]
Intents = tuple[tuple[int, commands.Outcome], ...]


class KilledError(BaseException):
    """The process has ended here."""


class ViolationError(AssertionError):
    """A property of the process does not hold on the store."""


@dataclass(frozen=True)
class Node:
    """What the store and the gateway hold; `streams` has the events on one way to it."""

    payment: Any
    subscription: Any
    intents: Intents
    webhooks: frozenset[tuple[int, commands.Outcome]]
    shown: frozenset[int]
    streams: Streams = field(compare=False)


class Killing:
    """A store or gateway in front of which a process can be killed."""

    def __init__(self, wrapped: Any, effects: list[str], stop: int) -> None:
        self._wrapped, self._effects, self._stop = wrapped, effects, stop

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._wrapped, name)
        if name not in EFFECTS:
            return found

        def call(*arguments: Any, **options: Any) -> Any:
            if len(self._effects) + 1 == self._stop:
                raise KilledError
            self._effects.append(name)
            return found(*arguments, **options)

        return call


class ScriptedGateway:
    """A gateway with one account for all names. `fault`: it does not answer, before or after."""

    capabilities = Capabilities(currencies=frozenset({"EUR"}), stores_methods=True)

    def __init__(self, intents: Intents, fault: str, stored: commands.Outcome) -> None:
        self.intents = dict(intents)
        self.webhooks: set[tuple[int, commands.Outcome]] = set()
        self.fault, self._stored = fault, stored

    def create_intent(self, intent_of: IntentOf, amount: Money) -> Intent:
        del amount
        return self._once(intent_of.attempt, UNPAID)

    def charge_stored(self, intent_of: IntentOf, amount: Money, method: StoredMethod) -> Intent:
        del amount, method
        return self._once(intent_of.attempt, self._stored)

    def find_charge(self, intent_of: IntentOf, method: StoredMethod) -> Intent | None:
        del method
        number = intent_of.attempt
        return self._intent(number) if number in self.intents else None

    def look_up(self, reference: str) -> Intent:
        return self._intent(int(reference))

    def void(self, reference: str) -> Intent:
        return self._change(int(reference), PAYABLE, VOIDED)

    def refund(self, intent_of: IntentOf, reference: str, amount: Money, number: int) -> Intent:
        del intent_of, amount, number
        number = int(reference)
        if isinstance(self.intents[number], commands.Charged):
            self.set(number, commands.Refunded())
        return self._intent(number)

    def set(self, number: int, outcome: commands.Outcome) -> None:
        self.intents[number] = outcome
        self.webhooks.add((number, outcome))

    def _once(self, number: int, outcome: commands.Outcome) -> Intent:
        self._fail("before")
        if number not in self.intents:
            self.set(number, outcome)
        self._fail("after")
        return self._intent(number)

    def _change(
        self, number: int, before: tuple[commands.Outcome, ...], after: commands.Outcome
    ) -> Intent:
        if self.intents[number] in before:
            self.set(number, after)
        return self._intent(number)

    def _fail(self, when: str) -> None:
        if self.fault == when:
            raise GatewayUnavailableError("timeout")

    def _intent(self, number: int) -> Intent:
        return Intent(str(number), self.intents[number], pay_by=ClientSecret("secret", "pk"))


class World:
    """Explores what can happen to a payment in a store."""

    def __init__(
        self,
        log: EventLog,
        handler: Callable[[EventLog], CommandHandler] | None = None,
        *,
        off_session: bool = False,
    ) -> None:
        self.off_session = off_session
        self.runs = self.kills = 0
        self._log = log
        self._handler = handler or (lambda log: CommandHandler(log, settled=lambda _: None))

    def initial(self) -> Node:
        """Return a pending payment of a pending subscription."""
        subscribe = CreateSubscription(
            user_id=ADA, plan_id=PlanId("plan"), plan_number=1, price=Price("EU", PRICE),
            billing_months=1, at=AT,
        )  # fmt: skip
        pay = commands.CreatePayment(
            user_id=ADA, subscription_id=PAID_FOR, amount=PRICE, region="EU",
            gateways=("stripe",) if self.off_session else ("stripe", "yookassa"),
            method=METHOD if self.off_session else None, at=AT,
        )  # fmt: skip
        tenant = self._tenant()
        self._handler(self._log).execute(
            subscription_request(PAID_FOR, [subscribe]),
            payment_request(PAYMENT_ID, pay, lambda _: None),
            origin=_origin(tenant),
            command_id=uuid4(),
        )
        return self._node(tenant, ScriptedGateway((), "", CHARGED), frozenset(), frozenset())

    def explore(self, depth: int) -> int:
        """Visit every node up to a depth, and return their number. Raises ViolationError."""
        visited = {self.initial()}
        frontier = set(visited)
        for _ in range(depth):
            found = {after for node in frontier for after in self._successors(node)}
            frontier = found - visited
            visited |= frontier
            for node in frontier:
                self._check(node)
        return len(visited)

    def _successors(self, node: Node) -> Iterator[Node]:
        for number, outcome in node.intents:
            if outcome in PAYABLE and number in node.shown:
                yield from (_changed(node, number, each) for each in BY_USER)
            if outcome in PAYABLE:
                yield _changed(node, number, VOIDED)
        for act in self._acts(node):
            effects = 0
            for fault in ("", "before", "after") if act is _advance else ("",):
                after, effects = self._run(node, act, fault=fault)
                yield after
                for stop in range(1, effects + 1):
                    yield self._run(node, act, fault=fault, stop=stop)[0]
            if act is _advance and self.off_session:
                yield from (self._run(node, act, stored=each)[0] for each in BY_USER[2:4])

    def _acts(self, node: Node) -> "Iterator[Act]":
        if next_steps(node.payment):
            yield _advance
        yield _poll
        if not self.off_session:
            yield _come_back
        for number, outcome in node.webhooks:
            yield _deliver(number, outcome)
        for command in (commands.CancelPayment(at=AT), commands.ExpirePayment(at=AT)):
            if PAYMENT.decide(command, node.payment):
                yield _command(command)

    def _run(
        self,
        node: Node,
        act: "Act",
        *,
        fault: str = "",
        stop: int = 0,
        stored: commands.Outcome = CHARGED,
        at: datetime = AT,
    ) -> tuple[Node, int]:
        """Return the node after something has happened, and the number of its effects."""
        tenant = self._restored(node)
        gateway = ScriptedGateway(node.intents, fault, stored)
        effects: list[str] = []
        self.runs += 1
        self.kills += stop > 0
        try:
            act(self._process(tenant, gateway, effects, stop, at))
        except KilledError:
            pass
        except (NotPayable, GatewaySilent):
            pass
        return self._node(tenant, gateway, node.webhooks, node.shown), len(effects)

    def _process(
        self, tenant: TenantId, gateway: ScriptedGateway, effects: list[str], stop: int,
        at: datetime,
    ) -> "tuple[PaymentProcess, TenantId]":  # fmt: skip
        log = cast("Any", Killing(self._log, effects, stop))
        account: Any = Killing(gateway, effects, stop)
        process = PaymentProcess(
            log=log,
            handler=self._handler(log),
            clock=lambda: at,
            new_id=uuid4,
            origin_of=_origin,
            gateways={"stripe": account, "yookassa": account},
        )
        return process, tenant

    def _tenant(self) -> TenantId:
        return TenantId(f"t{uuid4().hex}")

    def _restored(self, node: Node) -> TenantId:
        tenant = self._tenant()
        changes = [Change(stream, 0, list(happened)) for stream, happened in node.streams.items()]
        self._log.append(changes, origin=_origin(tenant), command_id=uuid4())
        return tenant

    def _node(
        self,
        tenant: TenantId,
        gateway: ScriptedGateway,
        webhooks: frozenset[tuple[int, commands.Outcome]],
        shown: frozenset[int],
    ) -> Node:
        streams: dict[str, tuple[Any, ...]] = {}
        for recorded in self._stored(tenant):
            streams[recorded.stream] = (*streams.get(recorded.stream, ()), recorded.event)
        payment = PAYMENT.fold(streams[f"payment-{PAYMENT_ID}"])
        if isinstance(payment, Started) and payable_intent(payment):
            shown |= {payment.current}
        return Node(
            payment,
            SUBSCRIPTION.fold(streams[f"subscription-{PAID_FOR}"]),
            tuple(sorted(gateway.intents.items(), key=lambda each: each[0])),
            webhooks | gateway.webhooks,
            shown,
            streams,
        )

    def _stored(self, tenant: TenantId) -> Iterator[Recorded[Any]]:
        return (
            each
            for each in self._log.scan(after=self._log.head() - 40, limit=40)
            if each.origin.tenant_id == tenant
        )

    def _check(self, node: Node) -> None:
        """Let all faults end; then access equals money, and nothing is left to do."""
        charged = sum(isinstance(each, commands.Charged) for _, each in node.intents)
        if charged > 1:
            raise ViolationError(f"charged twice: {node}")
        rest, last = node, None
        while rest != last:
            last = rest
            for act in (_advance, _poll, _command(commands.ExpirePayment(at=AT)), _poll):
                rest = self._run(rest, act, at=AT + IN_FLIGHT)[0]
        kept = sum(isinstance(each, commands.Charged) for _, each in rest.intents)
        invoices = sum(
            isinstance(each, InvoiceIssued) for each in sum(rest.streams.values(), start=())
        )
        completed = sum(
            isinstance(each, events.PaymentCompleted)
            for each in rest.streams[f"payment-{PAYMENT_ID}"]
        )
        if rest.payment.status == "pending" or next_steps(rest.payment):
            raise ViolationError(f"it never comes to rest: {rest}")
        if not kept == completed == invoices == grants_access(rest.subscription):
            raise ViolationError(f"access, invoice or facts differ from money: {rest}")


Act = Callable[[tuple[PaymentProcess, TenantId]], object]


def _advance(of: tuple[PaymentProcess, TenantId]) -> object:
    process, tenant = of
    return process.advance(tenant, PAYMENT_ID)


def _poll(of: tuple[PaymentProcess, TenantId]) -> object:
    process, tenant = of
    return process.poll(tenant, PAYMENT_ID)


def _come_back(of: tuple[PaymentProcess, TenantId]) -> object:
    process, tenant = of
    return process.payable(tenant, PAYMENT_ID)


def _deliver(number: int, outcome: commands.Outcome) -> Act:
    def deliver(of: tuple[PaymentProcess, TenantId]) -> object:
        process, tenant = of
        notice = Notice("event", IntentOf(tenant, PAYMENT_ID, number), str(number), outcome)
        return process.record_notice(notice, uuid5(WEBHOOKS, f"{number}/{outcome}"))

    return deliver


def _command(command: commands.PaymentCommand) -> Act:
    def execute(of: tuple[PaymentProcess, TenantId]) -> object:
        process, tenant = of
        return process.record(tenant, PAYMENT_ID, command, uuid4())

    return execute


def _changed(node: Node, number: int, outcome: commands.Outcome) -> Node:
    intents = tuple((key, outcome if key == number else each) for key, each in node.intents)
    return replace(node, intents=intents, webhooks=node.webhooks | {(number, outcome)})


def _origin(tenant: TenantId) -> Origin:
    return Origin(tenant_id=tenant, actor="payments", correlation_id=UUID(int=0))
