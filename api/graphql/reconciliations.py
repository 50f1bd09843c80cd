"""Reconciliations of payments in GraphQL, for administrators."""

from typing import Any

import strawberry

from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import Connection, connection
from api.views import reconciliations as views
from api.views.reconciliations import ReconciliationStarted
from application.kernel.pagination import window
from application.payments.reconciliation_runs import ReconciliationRun


@derived(views.PaymentDifference)
class PaymentDifference:
    """An intent about which the events and its gateway disagree."""


@derived(views.NotCompared)
class NotCompared:
    """An intent, or without a reference the list of a gateway, that could not be compared."""


@derived(views.ReconciliationReport)
class ReconciliationReport:
    """A comparison of the payments of a period with their gateways. It changes nothing."""


def _converted(run: ReconciliationRun) -> ReconciliationReport:
    return convert(ReconciliationReport, views.ReconciliationReport.of(run))


@strawberry.type
class ReconciliationQueries:
    """Queries of reconciliations."""

    @field("Comparisons with the gateways, newest first; at most 100 a page. For administrators.")
    def reconciliations(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[ReconciliationReport]:
        """Return a page of reconciliations."""
        wanted = window(first, after, last, before)
        return connection(views.reconciliation_page(info.context.caller, wanted), _converted)

    @field("A comparison with the gateways: its progress or result. For administrators.")
    def reconciliation(
        self,
        info: Info,
        id: strawberry.ID,  # noqa: A002  Relay's name
    ) -> ReconciliationReport:
        """Return a reconciliation."""
        view = views.get_reconciliation(info.context.caller, str(id))
        return convert(ReconciliationReport, view)


@strawberry.type
class ReconciliationPayload(MutationPayload):
    """Reconciliation that is under way."""

    reconciliation: ReconciliationReport

    @classmethod
    def of(
        cls, context: Context, written: ReconciliationStarted, **common: Any
    ) -> "ReconciliationPayload":
        """Return the payload of a start."""
        del context
        return cls(reconciliation=_converted(written.run), **common)
