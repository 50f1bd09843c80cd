"""Coupon decider: uses are taken with the payment that they make cheaper, up to the limits."""

from dataclasses import replace
from itertools import chain

from domain.coupons import commands, events
from domain.coupons.events import CouponTerms
from domain.ids import PaymentId, UserId
from domain.kernel import Decider, value
from domain.money import Money


@value
class NotCreated:
    """No coupon exists with this code."""


Change = tuple[PaymentId, UserId | None]
"""A payment, and the user who uses the coupon for it; None: the use was given back."""


@value
class Uses:
    """Uses of a coupon, as a log of changes in chunks, so that states share most of their memory.

    Each chunk is longer than the next one. A change is copied only when chunks of its length are
    joined: it is appended in O(log n), amortized.
    """

    chunks: tuple[tuple[Change, ...], ...] = ()

    def changed(self, payment_id: PaymentId, user_id: UserId | None) -> "Uses":
        """Return the uses after a change."""
        chunks = self.chunks
        last: tuple[Change, ...] = ((payment_id, user_id),)
        while chunks and len(chunks[-1]) <= len(last):
            chunks, last = chunks[:-1], chunks[-1] + last
        return Uses((*chunks, last))

    def by_payment(self) -> dict[PaymentId, UserId]:
        """Return the users who use the coupon, by payment."""
        latest = dict(chain.from_iterable(self.chunks))
        return {payment: user for payment, user in latest.items() if user is not None}


@value
class Offered:
    """A coupon, and who uses it for which payment."""

    user_id: UserId
    terms: CouponTerms
    uses: Uses = Uses()
    ended: bool = False


Coupon = NotCreated | Offered


def reduced(price: Money, terms: CouponTerms) -> Money:
    """Return the price with the coupon.

    Raises CouponNotValid if nothing would be left to pay, or the currency is another one.
    """
    left = terms.reduction.reduced(price)
    if left is None:
        raise commands.CouponNotValid
    return left


def check(command: commands.RedeemCoupon, coupon: Offered) -> None:
    """Raise the refusal of a use, if there is one."""
    terms = coupon.terms
    if coupon.ended or (terms.expires_at is not None and command.at >= terms.expires_at):
        raise commands.CouponOver
    if terms.plans and command.plan_id not in terms.plans:
        raise commands.CouponNotValid
    reduced(command.price, terms)
    uses = coupon.uses.by_payment()
    if terms.max_uses is not None and len(uses) >= terms.max_uses:
        raise commands.CouponUsedUp
    own = sum(user == command.user_id for user in uses.values())
    if own >= terms.max_uses_per_user:
        raise commands.CouponUsedByYou


def decide(command: commands.CouponCommand, coupon: Coupon) -> tuple[events.CouponEvent, ...]:
    """Return the events of a command. Raises a refusal of `commands`."""
    if isinstance(command, commands.CreateCoupon):
        if isinstance(coupon, Offered):
            raise commands.CouponExists
        return (events.CouponCreated(user_id=command.user_id, terms=command.terms, at=command.at),)
    if isinstance(coupon, NotCreated):
        raise commands.CouponNotFound
    match command:
        case commands.RedeemCoupon():
            check(command, coupon)
            return (
                events.CouponRedeemed(
                    user_id=command.user_id,
                    payment_id=command.payment_id,
                    plan_id=command.plan_id,
                    at=command.at,
                ),
            )
        case commands.ReleaseCoupon(payment_id=failed, at=at):
            is_used = failed in coupon.uses.by_payment()
            return (events.CouponReleased(payment_id=failed, at=at),) if is_used else ()
        case commands.EndCoupon(at=at):
            return () if coupon.ended else (events.CouponEnded(at=at),)


def evolve(coupon: Coupon, event: events.CouponEvent) -> Coupon:
    """Apply one event. History is never refused."""
    match event, coupon:
        case events.CouponCreated(), _:
            return Offered(event.user_id, event.terms)
        case _, NotCreated():
            return coupon
        case events.CouponRedeemed(), Offered(uses=uses):
            return replace(coupon, uses=uses.changed(event.payment_id, event.user_id))
        case events.CouponReleased(payment_id=failed), Offered(uses=uses):
            return replace(coupon, uses=uses.changed(failed, None))
        case events.CouponEnded(), Offered():
            return replace(coupon, ended=True)


COUPON = Decider[commands.CouponCommand, events.CouponEvent, Coupon](
    "coupon", initial=NotCreated(), decide=decide, evolve=evolve
)
