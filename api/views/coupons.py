"""Coupons: their view, and commands with inputs and writes; and the price of a plan with one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from api.views.base import Body, StrictBody, documented, write
from api.views.owned_rows import find_visible, newest_page
from api.views.session_commands import ATHLETE
from application.caller import ANONYMOUS, Caller, checked_id
from application.kernel.command_handler import Request
from application.kernel.read_models import Page, Window
from application.payments.pricing import coupon_id_of, find_coupon_id
from application.users.resource_access import authorize_plan
from domain.coupons import commands
from domain.coupons.coupon import COUPON as DECIDER
from domain.coupons.events import CouponTerms
from domain.discounts import MAX_PERIODS, Duration
from domain.ids import CouponId, PlanId, UserId
from domain.money import FULL_SHARE, MAX_MINOR, Currency, Money, Region
from domain.values import InvalidValue
from projections.coupon import COUPON
from projections.coupon import Coupon as Row


class Coupon(Body):
    """A coupon: a share or an amount off the first payments for a plan."""

    coupon_id: str = Field(description="The code.")
    user_id: str = Field(description="Who offers it.")
    basis_points: int | None = Field(description="Share off the price: 2500 are 25 %.")
    amount_minor: int | None = Field(description="Amount off the price, in minor units.")
    currency: Currency | None
    plans: tuple[str, ...] = Field(description="Plans it is for; empty: all plans.")
    expires_at: datetime | None
    max_uses: int | None
    max_uses_per_user: int
    duration: Duration = Field(
        description="Payments that it reduces: the first one, the first ones, or all."
    )
    duration_in_periods: int | None = Field(
        description="How many payments it reduces, with the first one, if it is `repeating`."
    )
    uses: int
    ended: bool
    created_at: datetime

    @classmethod
    def of(cls, row: Row) -> "Coupon":
        """Convert a row of the read model."""
        terms = row.terms
        return cls(
            coupon_id=row.id,
            user_id=row.user_id,
            basis_points=terms.basis_points,
            amount_minor=None if terms.amount is None else terms.amount.minor,
            currency=None if terms.amount is None else terms.amount.currency,
            plans=terms.plans,
            expires_at=terms.expires_at,
            max_uses=terms.max_uses,
            max_uses_per_user=terms.max_uses_per_user,
            duration=terms.duration,
            duration_in_periods=terms.duration_in_periods,
            uses=row.uses,
            ended=row.ended,
            created_at=row.created_at,
        )


def find_coupons(caller: Caller, keys: Collection[str]) -> dict[str, Coupon]:
    """Return coupons that the caller may see, by code as it was written: case does not matter."""
    ids = {key: found for key in keys if (found := find_coupon_id(key)) is not None}
    rows = find_visible(caller, COUPON, set(ids.values()))
    return {key: Coupon.of(rows[found]) for key, found in ids.items() if found in rows}


def coupon_page(caller: Caller, wanted: Window) -> Page[Row]:
    """Return a page of the caller's coupons, newest first."""
    return newest_page(caller, COUPON, wanted)


@dataclass(frozen=True, slots=True)
class CouponWritten:
    """Result of a command: the log has it up to `position`."""

    coupon_id: str
    position: int
    repeated: bool


class CreateCoupon(StrictBody):
    """New coupon: either a share or an amount off the first payment, or off more of them."""

    code: Annotated[str, documented(minLength=3, maxLength=40)] = Field(
        description="3 to 40 letters, digits and hyphens.", examples=["SUMMER-25"]
    )
    basis_points: Annotated[int | None, documented(minimum=1, maximum=FULL_SHARE - 1)] = None
    amount_minor: Annotated[int | None, documented(minimum=1, maximum=MAX_MINOR)] = None
    currency: Currency | None = None
    plans: tuple[str, ...] = ()
    expires_at: AwareDatetime | None = None
    max_uses: Annotated[int | None, documented(minimum=1, maximum=commands.MAX_USES)] = None
    max_uses_per_user: Annotated[int, documented(minimum=1, maximum=commands.MAX_USES)] = 1
    duration: Duration = Field(
        default="once",
        description="Payments that it reduces: the first one, the first ones, or all.",
    )
    duration_in_periods: Annotated[int | None, documented(minimum=1, maximum=MAX_PERIODS)] = None


@write
def create_coupon(caller: Caller, body: CreateCoupon, command_id: UUID) -> CouponWritten:
    """Create a coupon for plans of yours. One for all plans is up to administrators."""
    creator = UserId(ATHLETE if caller.claims is None else caller.claims.user_id)
    caller.require("write", "coupon", creator)
    for plan in body.plans or [None]:
        _authorize_plan(caller, plan)
    if (body.amount_minor is None) != (body.currency is None):
        raise InvalidValue("An amount has a currency.")
    amount = None
    if body.amount_minor is not None and body.currency is not None:
        amount = Money(body.amount_minor, body.currency)
    command = commands.CreateCoupon(
        user_id=creator,
        terms=CouponTerms(
            basis_points=body.basis_points,
            amount=amount,
            plans=tuple(map(PlanId, body.plans)),
            expires_at=body.expires_at,
            max_uses=body.max_uses,
            max_uses_per_user=body.max_uses_per_user,
            duration=body.duration,
            duration_in_periods=body.duration_in_periods,
        ),
        at=caller.platform.clock(),
    )
    return _execute(caller, coupon_id_of(body.code), command, command_id)


def _authorize_plan(caller: Caller, plan_id: str | None) -> None:
    """Raise PlanNotFound or Forbidden unless the caller offers the plan; None: all plans."""
    if plan_id is None:
        caller.require("write", "plan", None)
    else:
        authorize_plan(caller, plan_id)


@write
def end_coupon(caller: Caller, coupon_id: str, command_id: UUID) -> CouponWritten:
    """End a coupon. Payments that have used it keep their price."""
    key = coupon_id_of(coupon_id)
    owner = caller.platform.owners.of_coupon(caller.tenant_id, key)
    if owner is None or not caller.is_allowed("write", "coupon", owner):
        raise commands.CouponNotFound
    return _execute(caller, key, commands.EndCoupon(at=caller.platform.clock()), command_id)


def _execute(
    caller: Caller, coupon_id: CouponId, command: commands.CouponCommand, command_id: UUID
) -> CouponWritten:
    appended = caller.platform.commands.execute(
        Request(DECIDER, coupon_id, [command]),
        origin=caller.origin(ANONYMOUS),
        command_id=command_id,
    )
    return CouponWritten(coupon_id, appended.position, appended.repeated)


class PlanQuote(Body):
    """The price of a plan in a region, and what the payments cost that a coupon reduces."""

    plan_id: str
    number: int = Field(description="The version of the plan.")
    region: Region
    currency: Currency
    price_minor: int = Field(description="Price of a period with tax, in minor units.")
    price: str
    amount_minor: int = Field(description="The first payment, in minor units.")
    amount: str
    tax_minor: int = Field(description="The tax in the first payment, in minor units.")
    coupon_id: str | None
    duration: Duration | None = Field(description="Payments that the coupon reduces.")
    duration_in_periods: int | None


def plan_quote(caller: Caller, plan_id: str, region: Region, coupon: str | None) -> PlanQuote:
    """Return what the caller would pay. Raises PlanNotFound, and refusals of region and coupon."""
    user = UserId(ATHLETE if caller.claims is None else caller.claims.user_id)
    plan, quote = caller.platform.checkout.quote(
        caller.tenant_id, user, PlanId(checked_id(plan_id)), region, coupon
    )
    return PlanQuote(
        plan_id=plan_id,
        number=plan.number,
        region=region,
        currency=quote.amount.currency,
        price_minor=quote.price.amount.minor,
        price=quote.price.amount.decimal(),
        amount_minor=quote.amount.minor,
        amount=quote.amount.decimal(),
        tax_minor=quote.amount.included_tax(quote.price.tax_basis_points).minor,
        coupon_id=quote.coupon_id,
        duration=None if quote.coupon is None else quote.coupon.duration,
        duration_in_periods=None if quote.coupon is None else quote.coupon.duration_in_periods,
    )
