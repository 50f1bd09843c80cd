"""Coupon read model: one row per coupon, with its terms and the number of its uses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.coupons import events
from domain.coupons.events import CouponTerms
from domain.ids import CouponId, UserId
from domain.kernel import Projection, Recorded
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class Coupon:
    """A coupon. `user_id` offers it; `uses` counts payments that are pending or completed."""

    id: CouponId
    user_id: UserId
    terms: CouponTerms
    created_at: datetime
    uses: int = 0
    ended: bool = False


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by code."""
    return (stream_id(recorded),) if isinstance(recorded.event, events.CouponEvent) else ()


def evolve(row: Coupon | None, recorded: Recorded[Any]) -> Coupon | None:
    """Apply one event to the coupon."""
    match recorded.event, row:
        case events.CouponCreated() as created, _:
            return Coupon(CouponId(stream_id(recorded)), created.user_id, created.terms, created.at)
        case events.CouponRedeemed(), Coupon():
            return fast_replace(row, uses=row.uses + 1)
        case events.CouponReleased(), Coupon():
            return fast_replace(row, uses=row.uses - 1)
        case events.CouponEnded(), Coupon():
            return fast_replace(row, ended=True)
        case _:
            return row


COUPON = Projection(
    name="coupon",
    version=1,
    row=Coupon,
    keys=keys,
    evolve=evolve,
    indexes=(("user_id",),),
    kind="coupon",
)
