"""Creation of a subscription: with a coupon, a trial or no grace, as its checkout says."""

from collections.abc import Iterator
from datetime import timedelta

from domain.subscriptions import commands, events


def create(command: commands.CreateSubscription) -> Iterator[events.SubscriptionEvent]:
    """Return the events of a new subscription."""
    yield events.SubscriptionCreated(
        user_id=command.user_id,
        plan_id=command.plan_id,
        plan_number=command.plan_number,
        price=command.price,
        billing_months=command.billing_months,
        at=command.at,
    )
    if command.discount is not None:
        discount = command.discount
        yield events.SubscriptionDiscounted(
            coupon_id=discount.coupon_id,
            reduction=discount.reduction,
            plans=discount.plans,
            periods=discount.periods_left,
            at=command.at,
        )
    if not command.has_grace:
        yield events.GraceWithheld(at=command.at)
    if command.trial_days:
        ends_at = command.at + timedelta(days=command.trial_days)
        yield events.TrialStarted(ends_at=ends_at, at=command.at)
