"""Webhook deliveries over REST, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.caller import CurrentCaller, Id
from api.http.pages import page_info
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views import webhooks as views
from api.views.base import Body, PageInfo
from api.views.webhooks import WebhookDelivery
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from application.payments.inbox import DeliveryState

router = APIRouter(
    prefix="/v1/webhook-deliveries",
    tags=["payments"],
    responses=problem_responses(403, 422, 503),
)


class WebhookDeliveryPage(Body):
    """A page of webhook deliveries."""

    items: list[WebhookDelivery]
    page_info: PageInfo


class WebhookRedelivered(Body):
    """The delivery after it was handled again: the log has the result up to `position`."""

    delivery: WebhookDelivery
    position: int
    repeated: bool


@router.get(
    "",
    operation_id="listWebhookDeliveries",
    summary="List the webhooks of gateways, newest first",
)
def list_webhook_deliveries(
    caller: CurrentCaller,
    response: Response,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
    state: Annotated[DeliveryState | None, Query(description="Only in this state.")] = None,
) -> WebhookDeliveryPage:
    """Return a page for administrators; `Link` (RFC 8288) leads to the next one."""
    page = views.delivery_page(caller, window(first, after), state)
    info = page_info(response, page, "/v1/webhook-deliveries", first=first, state=state)
    return WebhookDeliveryPage(
        items=[WebhookDelivery.of(edge.row) for edge in page.edges], page_info=info
    )


@router.post(
    "/{delivery_id}/redeliver",
    operation_id="redeliverWebhook",
    summary="Handle a webhook again",
    responses=problem_responses(404),
)
def redeliver_webhook(
    delivery_id: Id, caller: CurrentCaller, command_id: CommandId
) -> WebhookRedelivered:
    """Handle a webhook again. One that was processed changes nothing."""
    done = views.redeliver_webhook(caller, delivery_id, command_id)
    return WebhookRedelivered(
        delivery=WebhookDelivery.of(done.delivery), position=done.position, repeated=done.repeated
    )
