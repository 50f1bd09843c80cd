"""Access to plans over REST."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.caller import CurrentCaller, Id
from api.problem_details import problem_responses
from api.views import access as views
from api.views.access import PlanAccess
from api.views.base import IsoTime

router = APIRouter(
    prefix="/v1/plans", tags=["plans"], responses=problem_responses(403, 404, 422, 503)
)


@router.get(
    "/{plan_id}/access",
    operation_id="getPlanAccess",
    summary="Get whether you have access, and why",
)
def get_plan_access(
    plan_id: Id,
    caller: CurrentCaller,
    user: Annotated[Id | None, Query(description="Without it, the signed-in user.")] = None,
    as_of: Annotated[
        IsoTime | None,
        Query(alias="asOf", description="A time in the past; default: now."),
    ] = None,
) -> PlanAccess:
    """Return whether the plan is open to the user, why, and the events behind the answer."""
    return views.plan_access(caller, plan_id, user, as_of)
