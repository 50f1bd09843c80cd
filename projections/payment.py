"""Payment read model: one row per payment, with its route and outcome."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from domain.ids import PaymentId, SubscriptionId, UserId
from domain.kernel import Projection, Recorded, value
from domain.money import Currency, Region
from domain.payments import events
from domain.payments.commands import DisputeStage
from domain.payments.disputes import DisputeEvent
from projections.kernel import fast_replace, stream_id

PaymentStatus = Literal["pending", "requires_action", "succeeded", "failed", "refunded", "canceled"]
"""`requires_action`: the user must authenticate with their bank. `canceled`: they gave it up."""

UNPAID: Final[tuple[PaymentStatus, ...]] = ("pending", "requires_action")
"""Statuses of a payment that can still succeed."""

Attention = Literal["not_set_up", "no_such_call", "refused", "dispute", "refund_failed"]
"""Reason why a person must act at the gateway. `refused`: it refuses to return the money.
`dispute`: evidence is due. `refund_failed`: the user has not got what was returned."""


LATEST: Final = datetime.max.replace(tzinfo=UTC)
"""Sorts disputes without a date for their evidence behind all others."""


@value
class Undecided:
    """A dispute that is not decided: its reference at the gateway, and when evidence is due."""

    dispute: str
    stage: DisputeStage
    reason: events.DisputeReason | None
    evidence_due_at: datetime | None

    @property
    def needs_evidence(self) -> bool:
        """Whether a person must give evidence."""
        return self.stage in {"inquiry", "needs_response"}


@dataclass(frozen=True)
class Payment:
    """A payment. `gateway` and `route_reason` are those of the latest attempt.

    `unsettled` are the attempts whose intent is to be voided or refunded. While there are some, the
    payment is unpaid, or a dispute is `undecided`, `is_open` holds. `dispute` is the stage of the
    dispute that needs evidence first; without one, of another undecided dispute, or else of the one
    that was decided last. `completed_by` is the attempt whose charge completed the payment: what
    was returned of others is not in `returned_minor`. `owed_minor` is the sum of refunds of all
    attempts that have failed and were not repaid.
    """

    id: PaymentId
    user_id: UserId
    subscription_id: SubscriptionId
    status: PaymentStatus
    region: Region
    amount_minor: int
    currency: Currency
    created_at: datetime
    changed_at: datetime
    gateway: events.Gateway | None = None
    route_reason: events.RouteReason | None = None
    needs_action: bool = False
    decline_reason: events.DeclineReason | None = None
    fail_reason: events.FailReason | None = None
    attention: Attention | None = None
    returned_minor: int = 0
    completed_by: int | None = None
    unsettled: tuple[str, ...] = ()
    is_open: bool = True
    dispute: DisputeStage | None = None
    dispute_reason: events.DisputeReason | None = None
    dispute_due_at: datetime | None = None
    owed_minor: int = 0
    undecided: tuple[Undecided, ...] = ()


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by payment."""
    return (stream_id(recorded),) if isinstance(recorded.event, events.PaymentEvent) else ()


def evolve(row: Payment | None, recorded: Recorded[Any]) -> Payment | None:
    """Apply one event to the payment."""
    event = recorded.event
    if isinstance(event, events.PaymentCreated):
        return Payment(
            id=PaymentId(stream_id(recorded)),
            user_id=event.user_id,
            subscription_id=event.subscription_id,
            status="pending",
            region=event.region,
            amount_minor=event.amount.minor,
            currency=event.amount.currency,
            created_at=event.at,
            changed_at=event.at,
        )
    if row is None or not isinstance(event, events.PaymentEvent):
        return row
    changed = fast_replace(_with_attention(_evolve(row, event)), changed_at=event.at)
    is_open = changed.status in UNPAID or bool(changed.unsettled) or bool(changed.undecided)
    return fast_replace(changed, is_open=is_open)


def _with_attention(row: Payment) -> Payment:
    """Return the row with the attention to disputes, or else to failed refunds.

    Something else for which a person must act comes before.
    """
    if row.attention in {None, "refund_failed"} and any(
        each.needs_evidence for each in row.undecided
    ):
        return fast_replace(row, attention="dispute")
    if row.owed_minor > 0 and row.attention is None:
        return fast_replace(row, attention="refund_failed")
    if row.owed_minor == 0 and row.attention == "refund_failed":
        return fast_replace(row, attention=None)
    return row


def _evolve(row: Payment, event: events.PaymentEvent) -> Payment:
    match event:
        case events.PaymentRouted(gateway=gateway, reason=reason):
            return fast_replace(_waiting(row), gateway=gateway, route_reason=reason)
        case events.ActionRequired():
            return fast_replace(_waiting(row, "requires_action"), decline_reason=None)
        case events.PaymentDeclined(reason=reason):
            return fast_replace(_waiting(row), decline_reason=reason)
        case events.VoidRequested(attempt=attempt) | events.RefundRequested(attempt=attempt):
            return fast_replace(row, unsettled=(*_without(row, attempt), str(attempt)))
        case events.PartialRefundRequested(attempt=attempt):
            return fast_replace(row, unsettled=(*_without(row, attempt), _part_of(attempt)))
        case events.IntentVoided(attempt=attempt):
            return fast_replace(_waiting(row), unsettled=_without(row, attempt), attention=None)
        case events.PaymentCompleted(attempt=attempt):
            return fast_replace(
                row,
                status="succeeded",
                needs_action=False,
                completed_by=attempt,
                unsettled=_without(row, attempt),
            )
        case events.PaymentFailed(reason=reason):
            failed: PaymentStatus = "canceled" if reason == "cancelled" else "failed"
            return fast_replace(row, status=failed, needs_action=False, fail_reason=reason)
        case _:
            return _evolve_refund(row, event)


def _waiting(row: Payment, status: PaymentStatus = "pending") -> Payment:
    """Return the row with another status while it is unpaid."""
    if row.status not in UNPAID:
        return row
    return fast_replace(row, status=status, needs_action=status == "requires_action")


def _evolve_refund(row: Payment, event: events.PaymentEvent) -> Payment:
    match event:
        case events.PaymentRefunded(attempt=attempt, completed=completed):
            status: PaymentStatus = "refunded" if completed else row.status
            return fast_replace(
                row,
                status=status,
                unsettled=_without(row, attempt),
                attention=None,
                returned_minor=row.amount_minor if completed else row.returned_minor,
            )
        case events.AttentionNeeded(reason=reason):
            return fast_replace(row, attention=reason)
        case events.PartiallyRefunded(attempt=attempt, returned=returned):
            # a refund in full goes on with the rest
            unsettled = tuple(each for each in row.unsettled if each != _part_of(attempt))
            returned_minor = _returned(row, attempt, returned.minor)
            return fast_replace(
                row, unsettled=unsettled, attention=None, returned_minor=returned_minor
            )
        case events.RefundFailed(amount=amount):
            return fast_replace(row, owed_minor=row.owed_minor + amount.minor)
        case events.FailedRefundRepaid(amount=amount):
            return fast_replace(row, owed_minor=row.owed_minor - amount.minor)
        case _:
            return _evolve_dispute(row, event) if isinstance(event, DisputeEvent) else row


def _evolve_dispute(row: Payment, event: DisputeEvent) -> Payment:
    match event:
        case events.DisputeOpened(dispute=dispute, stage=stage, evidence_due_at=due_at):
            opened = Undecided(dispute, stage, event.reason, due_at)
            return _with_disputes(row, (*row.undecided, opened))
        case events.DisputeChanged(dispute=dispute, stage=stage, evidence_due_at=due_at):
            changed = (
                Undecided(dispute, stage, each.reason, due_at) if each.dispute == dispute else each
                for each in row.undecided
            )
            return _with_disputes(row, tuple(changed))
        case events.DisputeFundsWithdrawn() | events.DisputeFundsReinstated():
            return row
        case events.DisputeWon(dispute=dispute):
            return _decided(row, dispute, "won")
        case events.DisputeLost(dispute=dispute, attempt=attempt):
            lost = _decided(row, dispute, "lost")
            if event.settled:
                lost = fast_replace(lost, unsettled=_without(row, attempt))
            if event.completed:
                return fast_replace(lost, status="refunded", returned_minor=row.amount_minor)
            returned_minor = _returned(row, attempt, event.returned.minor)
            return fast_replace(lost, returned_minor=returned_minor)


def _returned(row: Payment, attempt: int, minor: int) -> int:
    """Return what was returned of the payment, after this sum of an attempt was."""
    return minor if row.completed_by in {None, attempt} else row.returned_minor


def _decided(row: Payment, dispute: str, stage: DisputeStage) -> Payment:
    """Return the row after the decision about a dispute."""
    decided = next((each for each in row.undecided if each.dispute == dispute), None)
    reason = row.dispute_reason if decided is None else decided.reason
    shown = fast_replace(row, dispute=stage, dispute_reason=reason)
    return _with_disputes(shown, _others(row, dispute))


def _others(row: Payment, dispute: str) -> tuple[Undecided, ...]:
    return tuple(each for each in row.undecided if each.dispute != dispute)


def _with_disputes(row: Payment, undecided: tuple[Undecided, ...]) -> Payment:
    """Return the row with these disputes.

    A refund that was refused is tried again at each stage.
    """
    waiting = [each for each in undecided if each.needs_evidence]
    first = min(waiting, key=lambda each: each.evidence_due_at or LATEST, default=None)
    shown = first or (undecided[-1] if undecided else None)
    attention = None if row.attention in {"dispute", "refused"} else row.attention
    return fast_replace(
        row,
        undecided=undecided,
        dispute=row.dispute if shown is None else shown.stage,
        dispute_reason=row.dispute_reason if shown is None else shown.reason,
        dispute_due_at=None if first is None else first.evidence_due_at,
        attention=attention,
    )


def _without(row: Payment, attempt: int) -> tuple[str, ...]:
    return tuple(each for each in row.unsettled if each not in {str(attempt), _part_of(attempt)})


def _part_of(attempt: int) -> str:
    """Return the mark of a refund in part, which the refund of the rest can follow."""
    return f"{attempt}/part"


PAYMENT = Projection(
    name="payment",
    version=10,
    row=Payment,
    keys=keys,
    evolve=evolve,
    indexes=(("user_id",), ("is_open",)),
    kind="payment",
)
