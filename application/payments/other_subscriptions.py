"""Other subscriptions of a user: at most one of all is for a plan, or changes to it."""

from collections.abc import Sequence
from typing import Any

from application.invoices.issuing import after_states
from application.kernel.command_handler import Request
from application.kernel.read_models import ReadModels
from domain.ids import PlanId, SubscriptionId, TenantId, UserId
from domain.kernel import Rejected
from domain.subscriptions.states import Active, Subscription
from domain.subscriptions.subscription import SUBSCRIPTION
from projections.subscription import OVER
from projections.subscription import SUBSCRIPTION as ROWS


class ChangesToPlan(Rejected):
    """Another subscription of yours changes to this plan. Take that change back first."""

    code = "subscription.changes_to_plan"


def subscriptions_of(
    read: ReadModels, tenant_id: TenantId, user_id: UserId
) -> tuple[SubscriptionId, ...]:
    """Return the subscriptions of a user that have not ended, by the read model.

    A subscription can change its plan only when it is paid, so its row exists long before.
    """
    rows = read.by(ROWS, tenant_id, "user_id", [user_id])[user_id]
    return tuple(row.id for row in rows if row.status not in OVER)


def refuse_change_to(plan_id: PlanId, *others: Any) -> None:
    """Raise ChangesToPlan if one of these subscriptions has a pending change to the plan."""
    for each in others:
        change = each.change if isinstance(each, Active) else None
        if change is not None and change.choice.plan_id == plan_id:
            raise ChangesToPlan


def unless_changed_to(plan_id: PlanId, others: Sequence[SubscriptionId], begin: Request) -> Request:
    """Return the request, refused while one of the subscriptions changes to the plan."""

    def checked(*states: Subscription) -> Request:
        refuse_change_to(plan_id, *states)
        return begin

    return after_states([(SUBSCRIPTION, each) for each in others], checked)
