"""Plans of trainers who were erased: nobody pays for them any more (C-24)."""

from application.kernel.ports import EventLog
from domain.catalog.plan import PLAN, Drafted
from domain.ids import PlanId, TenantId
from domain.users.user import USER, Erased


def is_abandoned(log: EventLog, tenant_id: TenantId, plan_id: PlanId) -> bool:
    """Return whether the trainer of a plan was erased."""
    history = log.load(tenant_id, f"{PLAN.category}-{plan_id}")
    plan = PLAN.fold(recorded.event for recorded in history)
    if not isinstance(plan, Drafted):
        return False
    account = log.load(tenant_id, f"{USER.category}-{plan.trainer_id}")
    return isinstance(USER.fold(recorded.event for recorded in account), Erased)
