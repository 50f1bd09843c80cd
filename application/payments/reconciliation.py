"""Reconciliation: compares the payments of a period with what their gateways say.

It reads only. Open payments are corrected by the follow-up, others by an administrator.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, Literal

import structlog

from application.kernel.pagination import window
from application.kernel.read_models import Between, ReadModels
from application.payments.gateways import (
    GatewayAnswerError,
    GatewayUnavailableError,
    IntentOf,
)
from application.payments.process import PaymentProcess
from domain.ids import PaymentId, TenantId
from domain.money import Money
from domain.payments import commands, states
from domain.payments.events import Gateway
from projections.payment import PAYMENT

DifferenceKind = Literal[
    "missing_here", "missing_there", "other_amount", "other_state", "other_dispute"
]
"""`missing_here`: only the gateway has it, and it was charged or can be paid. `missing_there`: the
gateway does not find it."""

UnansweredReason = Literal["not_set_up", "no_answer"]

PAGE: Final = 100

UNPAID: Final = (commands.Paying, commands.NeedsAction, commands.Declined)

log: Any = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Difference:
    """An intent about which the events and its gateway disagree."""

    kind: DifferenceKind
    gateway: Gateway
    reference: str
    payment_id: PaymentId
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An intent, or the list of a gateway, that could not be compared."""

    gateway: Gateway
    reference: str | None
    reason: UnansweredReason


@dataclass(frozen=True, slots=True)
class Report:
    """Result of a reconciliation. `payments` and `intents` are how many were compared."""

    payments: int
    intents: int
    differences: tuple[Difference, ...]
    unanswered: tuple[Unanswered, ...]

    @property
    def is_clean(self) -> bool:
        """Whether all was compared, and nothing differs."""
        return not self.differences and not self.unanswered


def _no_progress(payments: int, intents: int) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class Reconciliation:
    """Compares payments with their gateways. It asks each gateway about each intent."""

    read: ReadModels
    process: PaymentProcess

    def compare(
        self,
        tenant_id: TenantId,
        begin: datetime,
        end: datetime,
        *,
        progress: Callable[[int, int], None] = _no_progress,
    ) -> Report:
        """Compare the payments that were created in a period. Raises StorageUnavailable.

        `progress` is called after each payment, each of its intents, each list of a gateway, and
        each intent in it, with the payments and intents so far. It may raise an error to stop.
        """
        differences: list[Difference] = []
        unanswered: list[Unanswered] = []
        payments = intents = 0
        for payment_id in self._payments(tenant_id, begin, end):
            payments += 1
            payment = self.process.state(tenant_id, payment_id)
            attempts = payment.attempts if isinstance(payment, states.Started) else ()
            for attempt in attempts:
                if attempt.reference is None:
                    continue
                intents += 1
                result = self._compared(tenant_id, payment_id, attempt, attempt.reference)
                if isinstance(result, Difference):
                    differences.append(result)
                elif result is not None:
                    unanswered.append(result)
                progress(payments, intents)
            progress(payments, intents)
        for name, gateway in self.process.accounts(tenant_id).gateways.items():
            try:
                listed = gateway.list_intents(begin, end)
                differences += self._unknown(
                    tenant_id, name, listed, partial(progress, payments, intents)
                )
            except (GatewayUnavailableError, GatewayAnswerError) as error:
                log.warning("reconciliation.no_list", gateway=name, answer=str(error))
                unanswered.append(Unanswered(name, None, "no_answer"))
            progress(payments, intents)
        return Report(payments, intents, tuple(differences), tuple(unanswered))

    def _payments(self, tenant_id: TenantId, begin: datetime, end: datetime) -> Iterator[PaymentId]:
        cursor: str | None = None
        while True:
            page = self.read.page(
                PAYMENT,
                tenant_id,
                window=window(PAGE, cursor),
                where={"created_at": Between(begin, end)},
                order_by="created_at",
            )
            yield from [edge.row.id for edge in page.edges]
            if not page.has_next:
                return
            cursor = page.edges[-1].cursor

    def _compared(
        self,
        tenant_id: TenantId,
        payment_id: PaymentId,
        attempt: states.Attempt,
        reference: str,
    ) -> Difference | Unanswered | None:
        gateway = self.process.find_gateway(tenant_id, attempt.gateway)
        if gateway is None:
            return Unanswered(attempt.gateway, reference, "not_set_up")
        here = _here(attempt)
        try:
            intent = gateway.look_up(reference)
        except GatewayUnavailableError:
            return Unanswered(attempt.gateway, reference, "no_answer")
        except GatewayAnswerError as error:
            answer = str(error)
            return Difference("missing_there", attempt.gateway, reference, payment_id, here, answer)
        outcome = intent.outcome
        kind = _difference(attempt, outcome, reports_refunds=gateway.capabilities.refunds)
        if kind is None and gateway.capabilities.disputes:
            kind = _other_dispute(attempt, intent.disputes)
        if kind is None:
            return None
        here += _disputes(attempt.disputes)
        there = _there(outcome) + _disputes(intent.disputes)
        return Difference(kind, attempt.gateway, reference, payment_id, here, there)

    def _unknown(
        self,
        tenant_id: TenantId,
        name: Gateway,
        listed: Iterable[tuple[IntentOf, str]],
        progress: Callable[[], None],
    ) -> Iterator[Difference]:
        """Return the intents in the gateway's own list that no payment has."""
        recorded: dict[PaymentId, Mapping[int, str | None]] = {}
        for intent_of, reference in listed:
            progress()
            if intent_of.tenant_id != tenant_id:
                continue
            if intent_of.payment_id not in recorded:
                recorded[intent_of.payment_id] = self._references(intent_of)
            references = recorded[intent_of.payment_id]
            if references.get(intent_of.attempt) == reference:
                continue
            if not self._is_settled(tenant_id, name, reference, has_payment=bool(references)):
                yield Difference(
                    "missing_here", name, reference, intent_of.payment_id, "unknown", "listed"
                )

    def _is_settled(
        self, tenant_id: TenantId, name: Gateway, reference: str, *, has_payment: bool
    ) -> bool:
        """Return whether an intent that is not recorded has no money, and will get none.

        An unpaid intent of a payment cannot be paid, as the user gets its recorded intents only.
        One that cannot be read may have money. Raises GatewayUnavailableError.
        """
        gateway = self.process.find_gateway(tenant_id, name)
        if gateway is None:  # its account was removed meanwhile
            return False
        try:
            outcome = gateway.look_up(reference).outcome
        except GatewayAnswerError:
            return False
        is_over = isinstance(outcome, commands.Voided | commands.Refunded)
        return is_over or (has_payment and isinstance(outcome, UNPAID))

    def _references(self, intent_of: IntentOf) -> Mapping[int, str | None]:
        payment = self.process.state(intent_of.tenant_id, intent_of.payment_id)
        attempts: Iterable[states.Attempt] = (
            payment.attempts if isinstance(payment, states.Started) else ()
        )
        return {number: each.reference for number, each in enumerate(attempts, start=1)}


def _difference(
    attempt: states.Attempt, outcome: commands.Outcome, *, reports_refunds: bool
) -> DifferenceKind | None:
    """Return how an attempt differs from its intent.

    A gateway without refunds knows only what was paid: its intents are voided here, and an
    administrator records what was returned. An intent that was refunded before we heard of its
    charge is voided here. Amounts returned by disputes do not count as refunds of the gateway.
    """
    match attempt.state:
        case "charged" | "refunding":
            if isinstance(outcome, commands.Refunded):
                return None if attempt.state == "refunding" else "other_state"
            if not isinstance(outcome, commands.Charged):
                return "other_state"
            same = outcome.amount == attempt.charged and (
                not reports_refunds or _same_refunds(attempt, outcome)
            )
            return None if same or attempt.state == "refunding" else "other_amount"
        case "refunded" if attempt.lost is not None:
            fits = isinstance(outcome, commands.Refunded | commands.Charged)
            return None if fits else "other_state"
        case "refunded" if attempt.failed is not None and isinstance(outcome, commands.Charged):
            return None if _same_refunds(attempt, outcome) else "other_amount"
        case "refunded":
            fits = isinstance(outcome, commands.Refunded if reports_refunds else commands.Charged)
            return None if fits else "other_state"
        case "voided":
            over = (commands.Voided, commands.Refunded)
            fits = isinstance(outcome, over if reports_refunds else (*over, *UNPAID))
            return None if fits else "other_state"
        case "voiding":
            fits = isinstance(outcome, (*UNPAID, commands.Voided))
            return None if fits else "other_state"
        case "requested" | "submitted" | "open" | "action":
            return None if isinstance(outcome, UNPAID) else "other_state"


def _other_dispute(
    attempt: states.Attempt, reported: tuple[commands.Dispute, ...]
) -> DifferenceKind | None:
    """Return whether the disputes of a charge, or their decisions, are others at the gateway."""
    here = {each.reference: each.stage for each in attempt.disputes}
    there = {each.reference: each.stage for each in reported}
    return None if here == there else "other_dispute"


def _disputes(disputes: tuple[commands.Dispute, ...]) -> str:
    return "".join(f", dispute {each.stage}" for each in disputes)


def _same_refunds(attempt: states.Attempt, outcome: commands.Charged) -> bool:
    """Return whether a charge has the refunds that are recorded.

    Those that have failed may be missing at the gateway, or a person may have made them again.
    """
    nothing = Money(0, outcome.amount.currency)
    here, there = attempt.all_refunded or nothing, outcome.returned or nothing
    missing = nothing if here.less_than(there) else here.minus(there)
    return not here.less_than(there) and not (attempt.failed or nothing).less_than(missing)


def _here(attempt: states.Attempt) -> str:
    return _text(attempt.state, attempt.charged, attempt.returned)


def _there(outcome: commands.Outcome) -> str:
    name = type(outcome).__name__.lower()
    if isinstance(outcome, commands.Charged):
        return _text(name, outcome.amount, outcome.returned)
    return name


def _text(state: str, amount: Money | None, returned: Money | None) -> str:
    parts = [state]
    if amount is not None:
        parts.append(f"{amount.decimal()} {amount.currency}")
    if returned is not None:
        parts.append(f"returned {returned.decimal()}")
    return ", ".join(parts)
