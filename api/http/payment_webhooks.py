"""Webhooks that gateways send about payments, to the account of the installation or of a tenant."""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, BackgroundTasks, Depends, Path, Request, Response
from fastapi.responses import PlainTextResponse

from api.caller import CurrentCaller
from api.client_address import address_of
from api.http.rate_limits import consume_from
from api.problem_details import problem_responses
from api.views.base import Body
from application.payments.gateways import Webhook
from application.payments.webhooks import allows_charge
from domain.ids import TenantId
from domain.payments.events import Gateway
from domain.tenants.tenant_id import TENANT_PATTERN

webhooks = APIRouter(
    prefix="/v1/webhooks", tags=["payments"], responses=problem_responses(422, 503)
)


def _account_of(
    tenant_id: Annotated[
        str, Path(pattern=TENANT_PATTERN, description="The tenant whose own account it is.")
    ],
) -> TenantId:
    return TenantId(tenant_id)


def _limited(request: Request, response: Response) -> None:
    """Count a webhook of this address. Raises a 429 beyond the limit."""
    response.headers.update(consume_from(request, "webhooks", address_of(request)))


class Received(Body):
    """The webhook has been stored."""

    received: bool = True


@webhooks.post(
    "/stripe",
    operation_id="receiveStripeWebhook",
    summary="Receive a webhook of Stripe",
    status_code=204,
    dependencies=[Depends(_limited)],
    responses=problem_responses(429),
)
@webhooks.post(
    "/stripe/{tenant_id}",
    operation_id="receiveTenantStripeWebhook",
    summary="Receive a webhook of Stripe for a tenant",
    status_code=204,
    dependencies=[Depends(_limited), Depends(_account_of)],
    responses=problem_responses(429),
)
async def receive_stripe_webhook(
    request: Request, caller: CurrentCaller, background: BackgroundTasks
) -> None:
    """Record what a signed webhook reports. Repeated, late and unknown ones change nothing."""
    await _receive("stripe", request, caller, background)


@webhooks.post(
    "/yookassa",
    operation_id="receiveYooKassaWebhook",
    summary="Receive a webhook of YooKassa",
    dependencies=[Depends(_limited)],
    responses=problem_responses(429),
)
@webhooks.post(
    "/yookassa/{tenant_id}",
    operation_id="receiveTenantYooKassaWebhook",
    summary="Receive a webhook of YooKassa for a tenant",
    dependencies=[Depends(_limited), Depends(_account_of)],
    responses=problem_responses(429),
)
async def receive_yookassa_webhook(
    request: Request, caller: CurrentCaller, background: BackgroundTasks
) -> Received:
    """Record the state of the payment that a webhook from YooKassa's networks names."""
    return await _receive("yookassa", request, caller, background)


@webhooks.get(
    "/sberbank",
    operation_id="receiveSberbankCallback",
    summary="Receive a callback of Sberbank",
    dependencies=[Depends(_limited)],
    responses=problem_responses(429),
)
@webhooks.get(
    "/sberbank/{tenant_id}",
    operation_id="receiveTenantSberbankCallback",
    summary="Receive a callback of Sberbank for a tenant",
    dependencies=[Depends(_limited), Depends(_account_of)],
    responses=problem_responses(429),
)
async def receive_sberbank_callback(
    request: Request, caller: CurrentCaller, background: BackgroundTasks
) -> Received:
    """Record the state of the order that a signed callback names."""
    return await _receive("sberbank", request, caller, background)


@webhooks.post(
    "/webmoney",
    operation_id="receiveWebMoneyNotification",
    summary="Receive a notification of WebMoney",
    response_class=PlainTextResponse,
    dependencies=[Depends(_limited)],
    responses=problem_responses(429),
)
@webhooks.post(
    "/webmoney/{tenant_id}",
    operation_id="receiveTenantWebMoneyNotification",
    summary="Receive a notification of WebMoney for a tenant",
    response_class=PlainTextResponse,
    dependencies=[Depends(_limited), Depends(_account_of)],
    responses=problem_responses(429),
)
async def receive_webmoney_notification(
    request: Request, caller: CurrentCaller, background: BackgroundTasks
) -> str:
    """Answer YES if WebMoney asks and the payment may go on, or record that it was made."""
    webhook = await _webhook(request)
    payments, account = caller.platform.payments, _account(request)
    allowed = await run_sync(allows_charge, payments, "webmoney", webhook, account)
    if allowed is not None:
        return "YES" if allowed else "This payment is over. Nothing was charged."
    await _receive("webmoney", request, caller, background)
    return "OK"


def _account(request: Request) -> TenantId | None:
    """Return the tenant whose own account sends this, or None for the installation's account."""
    tenant = request.path_params.get("tenant_id")
    return None if tenant is None else TenantId(tenant)


async def _webhook(request: Request) -> Webhook:
    """Return a webhook as it was received; the body of a GET is its query."""
    is_get = request.method == "GET"
    body = request.url.query.encode() if is_get else await request.body()
    address = request.client.host if request.client else ""
    return Webhook(body, dict(request.headers), address)


async def _receive(
    gateway: Gateway, request: Request, caller: CurrentCaller, background: BackgroundTasks
) -> Received:
    """Store a webhook, and handle it once it is answered."""
    inbox = caller.platform.inbox
    delivery = await run_sync(inbox.receive, gateway, await _webhook(request), _account(request))
    if delivery is not None:
        background.add_task(inbox.handle_soon, delivery)
    return Received()
