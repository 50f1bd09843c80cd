"""Coupons, and prices of plans with them, in GraphQL."""

from collections.abc import Collection
from typing import Any

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.enums import Region
from api.graphql.fields import field
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import Connection, Node, connection, global_id, key_of
from api.views import coupons as views
from api.views.coupons import CouponWritten
from application.kernel.pagination import window


@derived(views.Coupon)
class Coupon(Node):
    """A coupon: a share or an amount off the first payments for a plan."""

    @classmethod
    def of(cls, view: views.Coupon) -> "Coupon":
        """Convert a coupon."""
        return convert(cls, view, id=global_id("Coupon", view.coupon_id))


@derived(views.PlanQuote)
class PlanQuote:
    """The price of a plan in a region, and what the payments cost that a coupon reduces."""


def find_coupons(context: Context, keys: Collection[str]) -> dict[str, Coupon]:
    """Return coupons by their codes within the tenant."""
    found = views.find_coupons(context.caller, keys)
    return {key: Coupon.of(view) for key, view in found.items()}


@strawberry.type
class CouponQueries:
    """Queries of coupons."""

    @reading("One coupon that you offer, by either id.")
    def coupon(self, info: Info, id: strawberry.ID) -> Coupon | None:  # noqa: A002  Relay's name
        """Return a coupon."""
        key = key_of("Coupon", id)
        return find_coupons(info.context, [key]).get(key)

    @reading("Coupons that you offer, the newest first; at most 100 a page.")
    def coupons(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Coupon]:
        """Return a page of coupons."""
        page = views.coupon_page(info.context.caller, window(first, after, last, before))
        return connection(page, lambda row: Coupon.of(views.Coupon.of(row)))

    @field("What you would pay for a plan in a region, with a coupon if you have one.")
    def plan_price(
        self, info: Info, plan_id: strawberry.ID, region: Region, coupon: str | None = None
    ) -> PlanQuote:
        """Return the price."""
        caller, plan = info.context.caller, key_of("Plan", plan_id)
        return convert(PlanQuote, views.plan_quote(caller, plan, region.value, coupon))


@strawberry.type
class CouponPayload(MutationPayload):
    """Coupon after the change."""

    coupon: Coupon | None

    @classmethod
    def of(cls, context: Context, written: CouponWritten, **common: Any) -> "CouponPayload":
        """Return the payload of a command."""
        key = written.coupon_id
        return cls(coupon=find_coupons(context, [key]).get(key), **common)
