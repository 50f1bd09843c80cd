"""Disputes of a charge, as its gateway reports them.

Reports can come twice, late and in any order. A dispute only goes on: from an inquiry to a dispute,
from the evidence to the decision, and its funds from ours to the gateway and back. A decision is
final. A dispute that is lost returns its amount, like a refund; while one is open, nothing of the
charge is returned by us, so that no money is returned twice.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from domain.money import Money
from domain.payments import commands, events
from domain.payments.failed_refunds import repaid_by_dispute, taken_beyond_rest
from domain.payments.states import Attempt, Started

DisputeEvent = (
    events.DisputeOpened
    | events.DisputeChanged
    | events.DisputeFundsWithdrawn
    | events.DisputeFundsReinstated
    | events.DisputeWon
    | events.DisputeLost
)

STAGES: Final[tuple[commands.DisputeStage, ...]] = (
    "inquiry",
    "inquiry_review",
    "needs_response",
    "under_review",
    "won",
    "lost",
)
"""Stages in the order in which a dispute reaches them. The last two are decisions."""

FUNDS: Final[tuple[commands.Funds, ...]] = ("kept", "withdrawn", "reinstated")


def note_disputes(command: commands.NoteOutcome, payment: Started) -> Iterator[events.PaymentEvent]:
    """Return the events of the first reported dispute that says something new.

    A charge that is not recorded yet has no disputes: it is recorded first.
    """
    attempt = payment.attempt(command.attempt)
    if attempt.charged is None:
        return
    for reported in command.disputes:
        new = tuple(_noted(command.attempt, attempt, payment, reported, command.at))
        if new:
            yield from new
            return


def _noted(
    number: int, attempt: Attempt, payment: Started, reported: commands.Dispute, at: datetime
) -> Iterator[events.PaymentEvent]:
    reference, stage = reported.reference, _open_stage(reported.stage)
    recorded = next((each for each in attempt.disputes if each.reference == reference), None)
    if recorded is None:
        yield events.DisputeOpened(
            attempt=number,
            dispute=reference,
            stage=stage or "under_review",
            reason=reported.reason,
            amount=reported.amount,
            evidence_due_at=reported.evidence_due_at,
            at=at,
        )
    elif recorded.stage in {"won", "lost"}:
        yield from _funds_moved(number, recorded, reported, at)
        return
    elif stage is not None and _is_later(recorded, reported):
        yield events.DisputeChanged(
            attempt=number,
            dispute=reference,
            stage=stage,
            evidence_due_at=reported.evidence_due_at,
            at=at,
        )
    yield from _funds_moved(number, recorded, reported, at)
    if reported.stage == "won":
        yield events.DisputeWon(attempt=number, dispute=reference, at=at)
    elif reported.stage == "lost":
        lost = _lost(number, attempt, payment, reported, at)
        yield lost
        yield from repaid_by_dispute(number, attempt, reported.amount, lost)


def _open_stage(stage: commands.DisputeStage) -> events.OpenStage | None:
    """Return the stage of a dispute that is open, or None after its decision."""
    match stage:
        case "won" | "lost":
            return None
        case _:
            return stage


def _is_later(recorded: commands.Dispute, reported: commands.Dispute) -> bool:
    before, now = STAGES.index(recorded.stage), STAGES.index(reported.stage)
    return now > before or (now == before and reported.evidence_due_at != recorded.evidence_due_at)


def _funds_moved(
    number: int, recorded: commands.Dispute | None, reported: commands.Dispute, at: datetime
) -> Iterator[events.PaymentEvent]:
    before = 0 if recorded is None else FUNDS.index(recorded.funds)
    now = FUNDS.index(reported.funds)
    if before < 1 <= now:
        yield events.DisputeFundsWithdrawn(attempt=number, dispute=reported.reference, at=at)
    if before < now == len(FUNDS) - 1:
        yield events.DisputeFundsReinstated(attempt=number, dispute=reported.reference, at=at)


def _lost(
    number: int, attempt: Attempt, payment: Started, reported: commands.Dispute, at: datetime
) -> events.DisputeLost:
    """Return the loss of what is left of the charge, at most. Of another currency, of all of it."""
    charged = attempt.charged or payment.amount
    nothing = Money(0, charged.currency)
    left = attempt.left or nothing
    if attempt.state == "refunded":
        left = nothing
    amount = reported.amount
    if amount.currency != left.currency or left.less_than(amount):
        amount = left
    return events.DisputeLost(
        attempt=number,
        dispute=reported.reference,
        amount=amount,
        returned=charged.minus(left).plus(amount),
        settled=amount == left,
        completed=number == payment.completed_by and amount == left and amount != nothing,
        at=at,
    )


def evolve_dispute(attempt: Attempt, event: DisputeEvent) -> Attempt:
    """Apply an event of a dispute to the attempt that was charged.

    A refund that the gateway has refused is tried again at each stage, so the refusal is forgotten.
    """
    if attempt.attention == "refused":
        attempt = replace(attempt, attention=None)
    match event:
        case events.DisputeOpened():
            opened = commands.Dispute(
                reference=event.dispute,
                stage=event.stage,
                reason=event.reason,
                amount=event.amount,
                evidence_due_at=event.evidence_due_at,
            )
            return replace(attempt, disputes=(*attempt.disputes, opened))
        case events.DisputeChanged(stage=stage, evidence_due_at=due_at):
            return _changed(attempt, event.dispute, stage=stage, evidence_due_at=due_at)
        case events.DisputeFundsWithdrawn():
            return _changed(attempt, event.dispute, funds="withdrawn")
        case events.DisputeFundsReinstated():
            return _changed(attempt, event.dispute, funds="reinstated")
        case events.DisputeWon():
            return _changed(attempt, event.dispute, stage="won")
        case events.DisputeLost():
            return _returned(_changed(attempt, event.dispute, stage="lost"), event)


def _changed(attempt: Attempt, dispute: str, **changes: object) -> Attempt:
    disputes = tuple(
        replace(each, **changes) if each.reference == dispute else each  # type: ignore[arg-type]  # fields by name
        for each in attempt.disputes
    )
    return replace(attempt, disputes=disputes)


def _returned(attempt: Attempt, event: events.DisputeLost) -> Attempt:
    """Return the attempt after a loss. A refund that waited returns what is left, if anything."""
    nothing = Money(0, event.amount.currency)
    opened = (each.amount for each in attempt.disputes if each.reference == event.dispute)
    taken = taken_beyond_rest(attempt, next(opened, event.amount), event)
    attempt = replace(attempt, taken_beyond=(attempt.taken_beyond or nothing).plus(taken))
    if event.amount.minor == 0:
        return attempt
    lost = (attempt.lost or nothing).plus(event.amount)
    changed = replace(attempt, lost=lost, returned=event.returned)
    left = changed.left
    if left is None or left.minor == 0:
        return replace(changed, state="refunded", refund=None, attention=None)
    if changed.refund is None:
        return changed
    if changed.state == "refunding" or left.less_than(changed.refund):
        return replace(changed, state="refunding", refund=left, refunds=changed.refunds + 1)
    return changed
