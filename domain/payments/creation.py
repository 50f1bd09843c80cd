"""Creation of a payment, and of its first attempt."""

from collections.abc import Iterator

from domain.payments import commands, events


def create(command: commands.CreatePayment) -> tuple[events.PaymentEvent, ...]:
    """Return the events of a new payment."""
    return (
        events.PaymentCreated(
            user_id=command.user_id,
            subscription_id=command.subscription_id,
            amount=command.amount,
            region=command.region,
            gateways=command.gateways,
            off_session=command.method is not None,
            at=command.at,
        ),
        *_reduced(command),
        *(
            ()
            if command.method is None
            else (events.MethodChosen(method=command.method, at=command.at),)
        ),
        events.PaymentRouted(
            attempt=1,
            gateway=command.gateways[0],
            reason="preference" if command.preferred else "region",
            at=command.at,
        ),
    )


def _reduced(
    command: commands.CreatePayment,
) -> Iterator[events.PaymentDiscounted | events.PaymentCredited]:
    if command.discount is not None:
        discount = command.discount
        yield events.PaymentDiscounted(
            coupon_id=discount.coupon_id, price=discount.price, at=command.at
        )
    if command.credit is not None:
        yield events.PaymentCredited(credit=command.credit, at=command.at)
