"""The caller's tenant over REST."""

from fastapi import APIRouter

from api.caller import CurrentCaller
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views.tenants import JoinPolicyInput, TenantBody, change_join_policy, get_tenant

router = APIRouter(
    prefix="/v1/tenant", tags=["administration"], responses=problem_responses(404, 422, 503)
)


@router.get("", operation_id="getTenant", summary="Get your tenant")
def tenant(caller: CurrentCaller) -> TenantBody:
    """Return the tenant and its join policy, to administrators."""
    return get_tenant(caller)


@router.put(
    "/join-policy", operation_id="changeJoinPolicy", summary="Change who may join the tenant"
)
def put_join_policy(
    caller: CurrentCaller, command_id: CommandId, body: JoinPolicyInput
) -> TenantBody:
    """Change who may open an account. Existing members stay."""
    return change_join_policy(caller, body, command_id).tenant
