"""Events and commands of a dispute."""

from dataclasses import replace
from datetime import timedelta

from domain.payments import commands, events
from tests.domain.payments import AT, PRICE, note

DUE = AT + timedelta(days=7)
DISPUTE = commands.Dispute(
    reference="du_1", stage="needs_response", reason="fraudulent", amount=PRICE, evidence_due_at=DUE
)
OPENED = events.DisputeOpened(
    attempt=1, dispute="du_1", stage="needs_response", reason="fraudulent", amount=PRICE,
    evidence_due_at=DUE, at=AT,
)  # fmt: skip


def reported(
    dispute: commands.Dispute = DISPUTE, outcome: commands.Outcome | None = None
) -> commands.NoteOutcome:
    return replace(note(outcome or commands.Charged(PRICE)), disputes=(dispute,))
