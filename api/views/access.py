"""Access to plans: whether a user has it, and why."""

from datetime import datetime

from pydantic import Field

from api.views.base import Body
from api.views.session_commands import ATHLETE
from application.caller import Caller, checked_id
from domain.entitlements.access import AccessReason
from domain.ids import PlanId, UserId


class AccessFact(Body):
    """An event on which access depends."""

    event: str = Field(description="Name of the event, such as `payment.completed`.")
    id: str = Field(description="Id of its plan, enrollment, subscription or payment.")
    at: datetime
    until: datetime | None = Field(description="Date to which it grants or limits access.")
    reason: str | None


class PlanAccess(Body):
    """Whether a user has, or had, access to a plan, and the facts behind the answer."""

    plan_id: str
    user_id: str
    as_of: datetime
    granted: bool
    reason: AccessReason
    until: datetime | None = Field(description="End of the paid period.")
    facts: tuple[AccessFact, ...] = Field(description="In the order in which they happened.")


def plan_access(
    caller: Caller, plan_id: str, user_id: str | None = None, as_of: datetime | None = None
) -> PlanAccess:
    """Return the access of a user, by default the caller, at a time, by default now.

    Raises PlanNotFound, InvalidValue, and Forbidden for another user.
    """
    own = ATHLETE if caller.claims is None else caller.claims.user_id
    user = UserId(own if user_id is None else checked_id(user_id))
    caller.require("read", "enrollment", user)
    platform = caller.platform
    now = platform.clock()
    access = platform.entitlements.access_to_plan(
        caller.tenant_id, user, PlanId(checked_id(plan_id)), as_of
    )
    return PlanAccess(
        plan_id=plan_id,
        user_id=user,
        as_of=as_of or now,
        granted=access.granted,
        reason=access.reason,
        until=access.until,
        facts=tuple(AccessFact.model_validate(fact) for fact in access.facts),
    )
