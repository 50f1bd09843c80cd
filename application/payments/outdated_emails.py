"""Outdated e-mails: those that ask for, or announce, what will not happen any more.

An e-mail may be sent hours after its event, as mail servers are not available or defer it.
"""

from typing import Any

from domain.payments.events import ActionRequired
from domain.payments.states import Started
from domain.subscriptions import events
from domain.subscriptions.states import Active, Subscription


def is_confirmation_outdated(action: ActionRequired, payment: Started) -> bool:
    """Return whether the user need not confirm the payment any more."""
    if payment.status != "pending" or action.attempt != payment.current:
        return True
    return payment.attempt(action.attempt).state != "action"


def is_outdated(event: Any, then: Subscription, now: Subscription) -> bool:
    """Return whether the present state of the subscription contradicts the e-mail of an event.

    `then` is the state after the event.
    """
    match event:
        case events.RenewalAnnounced():
            if not isinstance(now, Active) or now.ends_at is not None:
                return True
            is_paused_before = now.pause is not None and not now.pause.begun
            is_other = isinstance(then, Active) and then.next_plan != now.next_plan
            return is_paused_before or is_other or not now.announced
        case events.RenewalStarted(payment_id=payment_id):
            return not isinstance(now, Active) or now.renewing != payment_id
        case events.SubscriptionPastDue(payment_id=payment_id):
            if not isinstance(now, Active) or now.ends_at is not None:
                return True
            return now.unpaid[-1:] != (payment_id,)  # a later failure has its own e-mail
        case _:
            return False
