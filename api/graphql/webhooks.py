"""Webhook deliveries in GraphQL, for administrators."""

from typing import Annotated, Any, Final

import strawberry

from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.enums import DeliveryState
from api.graphql.fields import field
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import Connection, connection
from api.views import webhooks as views
from api.views.webhooks import WebhookRedelivered
from application.kernel.pagination import window
from application.payments import inbox
from application.payments.inbox import Delivery

STATES: Final[dict[DeliveryState, inbox.DeliveryState]] = {
    DeliveryState.PENDING: "pending",
    DeliveryState.PROCESSED: "processed",
    DeliveryState.IGNORED: "ignored",
    DeliveryState.FAILED: "failed",
}

State = Annotated[DeliveryState | None, strawberry.argument(description="Only in this state.")]


@derived(views.WebhookDelivery)
class WebhookDelivery:
    """A genuine webhook of a gateway. Its raw text is not kept."""


def _converted(delivery: Delivery) -> WebhookDelivery:
    return convert(WebhookDelivery, views.WebhookDelivery.of(delivery))


@strawberry.type
class WebhookQueries:
    """Queries of webhook deliveries."""

    @field("Webhooks of gateways, the newest first; at most 100 a page. For administrators.")
    def webhook_deliveries(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        state: State = None,
    ) -> Connection[WebhookDelivery]:
        """Return a page of deliveries."""
        wanted = window(first, after, last, before)
        chosen = None if state is None else STATES[state]
        return connection(views.delivery_page(info.context.caller, wanted, chosen), _converted)


@strawberry.type
class WebhookPayload(MutationPayload):
    """Webhook after it was handled again."""

    delivery: WebhookDelivery

    @classmethod
    def of(cls, context: Context, written: WebhookRedelivered, **common: Any) -> "WebhookPayload":
        """Return the payload of a redelivery."""
        del context
        return cls(delivery=_converted(written.delivery), **common)
