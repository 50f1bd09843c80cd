"""Health clouds over REST: link, list and unlink them; the way back from them; their webhooks."""

from dataclasses import replace
from typing import Annotated, Any, Final
from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from api.caller import CurrentCaller, Id
from api.client_address import address_of
from api.http.cookies import HEALTH_COOKIE, delete_cookie, read_cookie, set_cookie
from api.http.health import HealthWritten
from api.http.oauth import query_parameters
from api.http.rate_limits import NO_STORE, consume_from, rate_limited
from api.idempotency import CommandId
from api.problem_details import problem_responses, to_response
from api.read_your_writes import ReadingCaller
from api.views import health_integrations as views
from api.views.base import Body
from api.views.supervision import own_id
from application.caller import ANONYMOUS
from application.health.linking import PAGE
from application.health.providers import CloudChallenge, CloudWebhook
from application.users.oauth_redirect import FLOW_LIFETIME
from application.users.ports import CallbackParameters
from domain.health.choices import find_cloud
from domain.ids import UserId
from domain.kernel import Rejected

router = APIRouter(
    prefix="/v1/health/integrations",
    tags=["health data"],
    responses=problem_responses(403, 404, 422, 503),
)
callbacks = APIRouter(
    prefix="/v1/auth/health",
    tags=["health data"],
    dependencies=[Depends(rate_limited)],
    responses=problem_responses(404, 422, 429, 503),
)
webhooks = APIRouter(
    prefix="/v1/webhooks/health",
    tags=["health data"],
    responses=problem_responses(401, 404, 422, 429, 503),
)

RESULT: Final = "healthLink"
"""Query parameter of the page that receives the result: `linked`, or the code of an error."""

BACK_TO_PAGE: Final[dict[int | str, dict[str, Any]]] = {
    303: {"description": "Redirect to the page, with the result in its query."},
}


class HealthIntegrations(Body):
    """All health clouds that are set up."""

    items: list[views.HealthIntegration]


class HealthLinkPage(Body):
    """The page of a cloud on which you agree; the browser goes there."""

    location: str


@router.get("", operation_id="listHealthIntegrations", summary="List health clouds")
def list_health_integrations(caller: ReadingCaller) -> HealthIntegrations:
    """Return the clouds that can be linked, the permissions that each asks for, and your links."""
    return HealthIntegrations(items=views.health_integrations(caller))


@router.post(
    "/{source}/link", operation_id="beginHealthLink", summary="Begin to link a health cloud"
)
def begin_health_link(
    request: Request, response: Response, source: Id, caller: CurrentCaller
) -> HealthLinkPage:
    """Return the page of the cloud. A signed cookie keeps the state of the flow for ten minutes."""
    begun = views.begin_health_link(caller, source)
    seconds = int(FLOW_LIFETIME.total_seconds())
    set_cookie(request, response, HEALTH_COOKIE, begun.signed, same_site="lax", seconds=seconds)
    response.headers["Cache-Control"] = NO_STORE
    return HealthLinkPage(location=begun.location)


@router.delete("/{source}", operation_id="unlinkHealthCloud", summary="Unlink a health cloud")
def unlink_health_cloud(source: Id, caller: CurrentCaller, command_id: CommandId) -> HealthWritten:
    """Withdraw your consent, and revoke our access at the cloud. Stored records stay."""
    return HealthWritten.model_validate(views.unlink_health_cloud(caller, source, command_id))


@callbacks.get(
    "/{source}/callback",
    operation_id="healthLinkCallback",
    summary="Return from a health cloud",
    status_code=303,
    response_class=RedirectResponse,
    responses={**BACK_TO_PAGE, **problem_responses(401, 403, 409)},
)
def health_link_callback(
    request: Request,
    source: Id,
    caller: CurrentCaller,
    returned: Annotated[CallbackParameters, Depends(query_parameters)],
    scope: Annotated[str | None, Query(max_length=4096)] = None,
) -> Response:
    """Link the cloud for the person who began in this browser; the first sync begins at once."""
    linking = caller.platform.health_linking
    try:
        cloud = find_cloud(source)
        flow = linking.read_flow(cloud, read_cookie(request, HEALTH_COOKIE))
        returning = replace(caller, tenant_id=flow.tenant_id, claims=None)
        user = own_id(returning) if flow.links is None else UserId(flow.links.user_id)
        actor = ANONYMOUS if flow.links is None else user
        linking.complete(
            cloud,
            flow,
            user,
            returned,
            scope,
            origin=returning.origin(actor),
        )
    except Rejected as refusal:
        answer = _refusal(request, refusal)
    else:
        answer = _back("linked")
    delete_cookie(request, answer, HEALTH_COOKIE)
    return answer


def _refusal(request: Request, refusal: Rejected) -> Response:
    """Send browsers back to the page with the code of the error, others a problem."""
    if "text/html" not in request.headers.get("accept", ""):
        return to_response(request, refusal)
    return _back(refusal.code)


def _back(result: str) -> Response:
    return RedirectResponse(f"{PAGE}?{RESULT}={quote(result)}", 303, {"Cache-Control": NO_STORE})


def _limited(request: Request, response: Response) -> None:
    """Count a webhook of this address. Raises a 429 beyond the limit."""
    response.headers.update(consume_from(request, "webhooks", address_of(request)))


@webhooks.get(
    "/{source}",
    operation_id="answerHealthChallenge",
    summary="Answer the address check of a cloud",
    dependencies=[Depends(_limited)],
)
async def answer_health_challenge(request: Request, source: Id, caller: CurrentCaller) -> Response:
    """Answer a cloud that checks whether its webhooks arrive at this address."""
    return await _receive(request, source, caller)


@webhooks.post(
    "/{source}",
    operation_id="receiveHealthWebhook",
    summary="Receive a webhook of a health cloud",
    dependencies=[Depends(_limited)],
)
async def receive_health_webhook(request: Request, source: Id, caller: CurrentCaller) -> Response:
    """Note that a person has new records; they are fetched after the answer."""
    return await _receive(request, source, caller)


async def _receive(request: Request, source: str, caller: CurrentCaller) -> Response:
    sync = caller.platform.health_sync
    webhook = CloudWebhook(await request.body(), dict(request.headers), dict(request.query_params))
    found = await run_sync(sync.receive, find_cloud(source), webhook)
    if isinstance(found, CloudChallenge):
        return JSONResponse(found.body, found.status)
    return JSONResponse({})
