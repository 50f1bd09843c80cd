"""Coupons, and prices of plans with them, over REST."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.caller import CurrentCaller, Id
from api.http.pages import page_info
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import coupons as views
from api.views.base import Body, PageInfo
from api.views.coupons import Coupon, PlanQuote
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from domain.coupons.commands import CouponNotFound
from domain.money import Region

router = APIRouter(
    prefix="/v1/coupons", tags=["payments"], responses=problem_responses(403, 422, 503)
)
prices = APIRouter(
    prefix="/v1/plans", tags=["plans"], responses=problem_responses(403, 404, 409, 422, 503)
)

Code = Annotated[str, Path(max_length=64, description="The code, in any case.")]


class CouponPage(Body):
    """A page of coupons."""

    items: list[Coupon]
    page_info: PageInfo


class CouponWritten(Body):
    """Result of a command: the log has it up to `position`."""

    coupon_id: str
    position: int
    repeated: bool


@router.get("", operation_id="listCoupons", summary="List your coupons, newest first")
def list_coupons(
    caller: ReadingCaller,
    response: Response,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> CouponPage:
    """Return a page of coupons that you offer; administrators see all."""
    page = views.coupon_page(caller, window(first, after))
    info = page_info(response, page, "/v1/coupons", first=first)
    return CouponPage(items=[Coupon.of(edge.row) for edge in page.edges], page_info=info)


@router.get(
    "/{coupon_id}",
    operation_id="getCoupon",
    summary="Get a coupon",
    responses=problem_responses(404),
)
def get_coupon(coupon_id: Code, caller: ReadingCaller) -> Coupon:
    """Return a coupon that you offer, with the number of its uses."""
    found = views.find_coupons(caller, [coupon_id]).get(coupon_id)
    if found is None:
        raise CouponNotFound
    return found


@router.post(
    "",
    operation_id="createCoupon",
    summary="Create a coupon",
    status_code=201,
    responses=problem_responses(404, 409),
)
def create(
    caller: CurrentCaller, command_id: CommandId, body: views.CreateCoupon, response: Response
) -> CouponWritten:
    """Create a coupon for plans of yours. One for all plans is up to administrators."""
    written = views.create_coupon(caller, body, command_id)
    response.headers["Location"] = f"/v1/coupons/{written.coupon_id}"
    return CouponWritten.model_validate(written)


@router.post(
    "/{coupon_id}/end",
    operation_id="endCoupon",
    summary="End a coupon",
    responses=problem_responses(404),
)
def end(coupon_id: Code, caller: CurrentCaller, command_id: CommandId) -> CouponWritten:
    """End a coupon. Payments that have used it keep their price."""
    return CouponWritten.model_validate(views.end_coupon(caller, coupon_id, command_id))


@prices.get(
    "/{plan_id}/price",
    operation_id="getPlanPrice",
    summary="Get the price of a plan",
    responses=problem_responses(429),
)
def get_plan_price(
    plan_id: Id,
    caller: CurrentCaller,
    region: Region,
    coupon: Annotated[str | None, Query(description="The code of a coupon.")] = None,
) -> PlanQuote:
    """Return what you would pay in a region, with a coupon if you have one."""
    return views.plan_quote(caller, plan_id, region, coupon)
