"""Webhooks that gateways have delivered, for administrators: their views, and redelivery."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import Field

from api.views.base import Body, write
from application.caller import Caller
from application.kernel.read_models import Page, Window
from application.payments.inbox import Delivery, DeliveryNotFound, DeliveryState
from domain.payments.events import Gateway


class WebhookDelivery(Body):
    """A genuine webhook of a gateway. Its raw text is not kept."""

    delivery_id: str
    gateway: Gateway
    event_id: str = Field(description="The gateway's id of the event.")
    event_type: str | None = Field(
        description="What the gateway calls the event, such as `payment_intent.succeeded`."
    )
    about: str = Field(description="Id of the payment, or of the subscription with a new method.")
    state: DeliveryState = Field(
        description="`ignored`: it is about nothing that exists here. `failed`: redeliver it."
    )
    reason: str | None = Field(
        description="Code of the refusal, or type of the error, of the last attempt."
    )
    attempts: int
    received_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, delivery: Delivery) -> "WebhookDelivery":
        """Convert a delivery."""
        return cls(
            delivery_id=str(delivery.id),
            gateway=delivery.gateway,
            event_id=delivery.event_id,
            event_type=delivery.event_type,
            about=delivery.about,
            state=delivery.state,
            reason=delivery.reason,
            attempts=delivery.attempts,
            received_at=delivery.received_at,
            changed_at=delivery.changed_at,
        )


def delivery_page(caller: Caller, wanted: Window, state: DeliveryState | None) -> Page[Delivery]:
    """Return a page of the tenant's deliveries, newest first. Raises Forbidden."""
    caller.require("read", "payment", None)
    return caller.platform.deliveries.page(caller.tenant_id, wanted, state)


@dataclass(frozen=True, slots=True)
class WebhookRedelivered:
    """The delivery after it was handled again: the log has the result up to `position`.

    `repeated`: it is in the same state as before.
    """

    delivery: Delivery
    position: int
    repeated: bool


@write
def redeliver_webhook(caller: Caller, delivery_id: str, command_id: UUID) -> WebhookRedelivered:
    """Handle a webhook again, as an administrator. One that was processed changes nothing."""
    del command_id  # what the webhook reports is recorded once
    caller.require("write", "payment", None)
    key = _id(delivery_id)
    before = caller.platform.deliveries.get(caller.tenant_id, key)
    delivery = caller.platform.inbox.redeliver(caller.tenant_id, key)
    repeated = before is not None and before.state == delivery.state
    return WebhookRedelivered(delivery, caller.platform.log.head(), repeated)


def _id(delivery_id: str) -> UUID:
    try:
        return UUID(delivery_id)
    except ValueError:
        raise DeliveryNotFound from None
