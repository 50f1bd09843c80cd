"""Plans of trainers who were erased, and subscriptions of suspended users: nobody pays for them."""

from collections.abc import Iterator
from datetime import datetime

from application.kernel.ports import EventLog
from domain.catalog.plan import PLAN, Drafted
from domain.ids import PlanId, TenantId, UserId
from domain.subscriptions.commands import (
    CancelSubscription,
    SubscriptionCommand,
    WithdrawPlanChange,
)
from domain.subscriptions.states import Active, ScheduledChange, Subscription
from domain.users.user import USER, Erased, Registered


def is_abandoned(log: EventLog, tenant_id: TenantId, plan_id: PlanId) -> bool:
    """Return whether the trainer of a plan was erased."""
    history = log.load(tenant_id, f"{PLAN.category}-{plan_id}")
    plan = PLAN.fold(recorded.event for recorded in history)
    if not isinstance(plan, Drafted):
        return False
    account = log.load(tenant_id, f"{USER.category}-{plan.trainer_id}")
    return isinstance(USER.fold(recorded.event for recorded in account), Erased)


def is_suspended(log: EventLog, tenant_id: TenantId, user_id: UserId) -> bool:
    """Return whether an administrator has suspended a user, who can then cancel nothing."""
    history = log.load(tenant_id, f"{USER.category}-{user_id}")
    user = USER.fold(recorded.event for recorded in history)
    return isinstance(user, Registered) and user.suspended


def leave_abandoned(
    log: EventLog, tenant_id: TenantId, subscription: Subscription, at: datetime
) -> Iterator[SubscriptionCommand]:
    """Yield what stops the next payment for a plan of an erased trainer, or of a suspended user.

    A change to such a plan is taken back, and a subscription to one is cancelled. The subscription
    of a suspended user, who could neither use nor cancel it, is cancelled as well.
    """
    if not isinstance(subscription, Active) or subscription.ends_at is not None:
        return
    if is_suspended(log, tenant_id, subscription.user_id):
        yield CancelSubscription(at_once=False, at=at)
        return
    change = subscription.change
    next_plan = subscription.plan_id if change is None else change.choice.plan_id
    if not is_abandoned(log, tenant_id, next_plan):
        return
    is_paid = isinstance(change, ScheduledChange) and change.paid_by is not None
    can_stay = change is not None and not is_paid
    if can_stay and not is_abandoned(log, tenant_id, subscription.plan_id):
        yield WithdrawPlanChange(at=at)
    else:
        yield CancelSubscription(at_once=False, at=at)
