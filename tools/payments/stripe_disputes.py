"""Disputes of the simulator of Stripe."""

import time
from typing import Any, Final

from tools.payments.stripe_http import RefusedError
from tools.payments.stripe_objects import StripeObjects, new_object

EVIDENCE_S: Final = 7 * 24 * 3600
"""Time for evidence after a dispute was opened, in seconds."""

UNDECIDED: Final = frozenset({"needs_response", "under_review"})
"""States of disputes in which their charge cannot be refunded."""


class StripeDisputes(StripeObjects):
    """Disputes of charges: by the bank of the user, with the decision of the bank.

    With `refuses_after_loss`, a charge that was lost in part cannot be refunded any more.
    """

    refuses_after_loss = False

    def open_dispute(
        self,
        reference: str,
        *,
        reason: str = "fraudulent",
        is_inquiry: bool = False,
        amount: int | None = None,
    ) -> str:
        """Dispute the charge of an intent, as the bank of the user does. Returns the dispute.

        Raises RefusedError if the intent has no charge.
        """
        with self.lock:
            charge = self.charge_of(self.intents[reference])
            if charge is None:
                raise RefusedError(400, "payment_intent_unexpected_state")
            dispute_id = self.new_id("du", self.disputes)
            dispute = new_object(
                "dispute",
                dispute_id,
                amount=amount or charge["amount_captured"],
                balance_transactions=[],
                charge=charge["id"],
                currency=charge["currency"],
                enhanced_eligibility_types=[],
                evidence={"enhanced_evidence": {}},
                evidence_details={
                    "due_by": int(time.time()) + EVIDENCE_S,
                    "enhanced_eligibility": {},
                    "has_evidence": False,
                    "past_due": False,
                    "submission_count": 0,
                },
                is_charge_refundable=is_inquiry,
                metadata={},
                payment_intent=reference,
                reason=reason,
                status="warning_needs_response" if is_inquiry else "needs_response",
            )
            self.disputes.append(dispute)
            charge["disputed"] = True
            self.post("charge.dispute.created", dispute)
            if not is_inquiry:
                self._move_funds(dispute, "charge.dispute.funds_withdrawn", -dispute["amount"])
            return dispute_id

    def escalate(self, dispute_id: str) -> None:
        """Make a dispute of an inquiry, as the bank of the user does."""
        with self.lock:
            dispute = self._dispute(dispute_id)
            dispute.update(status="needs_response", is_charge_refundable=False)
            self.post("charge.dispute.updated", dispute)
            self._move_funds(dispute, "charge.dispute.funds_withdrawn", -dispute["amount"])

    def give_evidence(self, dispute_id: str) -> None:
        """Give evidence, as the seller does on the site of Stripe."""
        with self.lock:
            dispute = self._dispute(dispute_id)
            is_inquiry = dispute["status"].startswith("warning")
            dispute["status"] = "warning_under_review" if is_inquiry else "under_review"
            dispute["evidence_details"] |= {"has_evidence": True, "submission_count": 1}
            self.post("charge.dispute.updated", dispute)

    def close_dispute(self, dispute_id: str, *, won: bool) -> None:
        """Decide a dispute, as the bank does. An inquiry is dropped."""
        with self.lock:
            dispute = self._dispute(dispute_id)
            if dispute["status"].startswith("warning"):
                dispute["status"] = "warning_closed"
            else:
                dispute["status"] = "won" if won else "lost"
            self.post("charge.dispute.closed", dispute)
            if dispute["status"] == "won":
                self._move_funds(dispute, "charge.dispute.funds_reinstated", dispute["amount"])

    def refuse_if_disputed(self, charge: dict[str, Any]) -> None:
        """Raise RefusedError if a dispute of a charge is not decided, or was lost for good."""
        refused = UNDECIDED | ({"lost"} if self.refuses_after_loss else frozenset[str]())
        if any(
            each["charge"] == charge["id"] and each["status"] in refused for each in self.disputes
        ):
            raise RefusedError(400, "charge_disputed")

    def _dispute(self, dispute_id: str) -> dict[str, Any]:
        return next(each for each in self.disputes if each["id"] == dispute_id)

    def _move_funds(self, dispute: dict[str, Any], event: str, amount: int) -> None:
        moves = dispute["balance_transactions"]
        moved = new_object(
            "balance_transaction",
            f"txn_{dispute['id']}_{len(moves) + 1}",
            amount=amount,
            available_on=int(time.time()),
            balance_type="payments",
            currency=dispute["currency"],
            fee=0,
            fee_details=[],
            net=amount,
            reporting_category="dispute" if amount < 0 else "dispute_reversal",
            source=dispute["id"],
            status="available",
            type="adjustment",
        )
        moves.append(moved)
        self.post(event, dispute)
