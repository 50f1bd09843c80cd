"""Other payment methods for renewals: what the browser needs, and the command with its input."""

from typing import Annotated
from uuid import UUID

from api.views.base import StrictBody, documented, write
from api.views.payable_intents import PayableIntent
from api.views.payments import SubscriptionWritten, own_subscription
from application.caller import ANONYMOUS, Caller


def method_setup(caller: Caller, subscription_id: str) -> PayableIntent:
    """Return what the browser needs to store another method for renewals.

    Raises SubscriptionNotFound, SubscriptionNotActive, MethodsNotStored and GatewaySilent.
    """
    key = own_subscription(caller, subscription_id)
    return PayableIntent.of(caller.platform.billing.method_setup(caller.tenant_id, key))


class StoreMethod(StrictBody):
    """The setup in which you have given the method, as `method-setup` returned it."""

    reference: Annotated[str, documented(minLength=1, maxLength=100)]


@write
def store_method(
    caller: Caller, subscription_id: str, body: StoreMethod, command_id: UUID
) -> SubscriptionWritten:
    """Charge renewals to a method that you have given at the gateway, from now on.

    The webhook of the gateway does the same, if it sends one.
    """
    key = own_subscription(caller, subscription_id)
    appended = caller.platform.billing.store_method(
        key, body.reference, origin=caller.origin(ANONYMOUS), command_id=command_id
    )
    return SubscriptionWritten(key, appended.position, appended.repeated)
