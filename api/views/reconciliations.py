"""Reconciliations of payments with the gateways, for administrators: views, and starting one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import Field

from api.views.base import Body, write
from application.caller import Caller
from application.kernel.read_models import Page, Window
from application.payments.reconciliation import DifferenceKind, UnansweredReason
from application.payments.reconciliation_runs import (
    ReconciliationNotFound,
    ReconciliationRun,
    RunState,
)
from domain.payments.events import Gateway


class PaymentDifference(Body):
    """An intent about which the events and its gateway disagree."""

    kind: DifferenceKind = Field(
        description="`missing_here`: only the gateway has it. `missing_there`: it does not know it."
    )
    gateway: Gateway
    reference: str = Field(description="The gateway's id of the intent.")
    payment_id: str
    here: str = Field(
        description="State and amounts by the events, such as `charged, 19.99 EUR, returned 5.00`."
    )
    there: str = Field(description="State and amounts by the gateway, or its answer.")


class NotCompared(Body):
    """An intent, or without a reference the list of a gateway, that could not be compared."""

    gateway: Gateway
    reference: str | None
    reason: UnansweredReason


class ReconciliationReport(Body):
    """A comparison of the payments of a period with their gateways. It changes nothing."""

    reconciliation_id: str
    period_begin: datetime = Field(description="Payments created from then on are compared.")
    period_end: datetime
    state: RunState
    payments: int = Field(description="How many were compared so far.")
    intents: int = Field(description="How many of their intents were compared so far.")
    differences_found: int
    differences: list[PaymentDifference] = Field(description="The first 200.")
    not_compared_found: int
    not_compared: list[NotCompared] = Field(description="The first 200.")
    reason: str | None = Field(description="Type of the error that made it fail.")
    requested_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, run: ReconciliationRun) -> "ReconciliationReport":
        """Convert a run."""
        return cls(
            reconciliation_id=str(run.id),
            period_begin=run.begin,
            period_end=run.end,
            state=run.state,
            payments=run.payments,
            intents=run.intents,
            differences_found=run.differences_found,
            differences=[
                PaymentDifference(
                    kind=each.kind,
                    gateway=each.gateway,
                    reference=each.reference,
                    payment_id=each.payment_id,
                    here=each.here,
                    there=each.there,
                )
                for each in run.differences
            ],
            not_compared_found=run.unanswered_found,
            not_compared=[
                NotCompared(gateway=each.gateway, reference=each.reference, reason=each.reason)
                for each in run.unanswered
            ],
            reason=run.reason,
            requested_at=run.requested_at,
            finished_at=run.finished_at,
        )


def reconciliation_page(caller: Caller, wanted: Window) -> Page[ReconciliationRun]:
    """Return a page of the tenant's reconciliations, newest first. Raises Forbidden."""
    caller.require("read", "payment", None)
    return caller.platform.reconciliations.page(caller.tenant_id, wanted)


def get_reconciliation(caller: Caller, reconciliation_id: str) -> ReconciliationReport:
    """Return a reconciliation. Raises Forbidden and ReconciliationNotFound."""
    caller.require("read", "payment", None)
    try:
        key = UUID(reconciliation_id)
    except ValueError:
        raise ReconciliationNotFound from None
    return ReconciliationReport.of(caller.platform.reconciliation.get(caller.tenant_id, key))


@dataclass(frozen=True, slots=True)
class ReconciliationStarted:
    """The reconciliation that is under way.

    `repeated`: this request, or another one, had started it before.
    """

    run: ReconciliationRun
    position: int
    repeated: bool


@write
def start_reconciliation(caller: Caller, command_id: UUID) -> ReconciliationStarted:
    """Compare payments with their gateways now, as an administrator. One runs at a time."""
    caller.require("write", "payment", None)
    run, repeated = caller.platform.reconciliation.start(caller.tenant_id, command_id)
    return ReconciliationStarted(run, caller.platform.log.head(), repeated)
