"""Leaderboards and membership, over REST."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.caller import CurrentCaller, CurrentClaims, Id
from api.http.conditional_requests import WITH_ETAG, IfMatch, etag_of
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views.base import Body, IsoDate, PageInfo
from api.views.leaderboard_members import (
    JoinLeaderboards,
    Membership,
    get_membership,
    join_leaderboards,
    leave_leaderboards,
)
from api.views.leaderboards import LeaderboardRow, MonthComparison
from application.caller import Caller
from application.kernel.pagination import LARGEST_PAGE, PAGE
from application.leaderboards.rankings import Measure, Stretch
from application.leaderboards.service import LeaderboardQuery, leaderboard_for, month_comparison_for
from domain.users.commands import MembershipMoved

router = APIRouter(
    prefix="/v1/leaderboards", tags=["leaderboards"], responses=problem_responses(401, 422, 503)
)
membership = APIRouter(
    prefix="/v1/me/leaderboards", tags=["leaderboards"], responses=problem_responses(401, 422, 503)
)


class Leaderboard(Body):
    """A page of a leaderboard; `start` and `end` are the first and last day of its period."""

    measure: Measure
    period: Stretch
    exercise: str | None
    start: date
    end: date
    entries: int = Field(description="Number of rows on all pages.")
    me: LeaderboardRow | None = Field(description="Your row, whether or not it is on this page.")
    items: list[LeaderboardRow]
    page_info: PageInfo


@router.get(
    "",
    operation_id="getLeaderboard",
    summary="Get a leaderboard",
    responses={200: {"headers": {"Link": {"schema": {"type": "string"}}}}},
)
def leaderboard(
    *,
    caller: ReadingCaller,
    response: Response,
    measure: Annotated[Measure, Query(description="Measure to rank by.")] = "repetitions",
    period: Annotated[Stretch, Query(description="In each athlete's own calendar.")] = "week",
    exercise: Annotated[Id | None, Query(description="Default: all exercises.")] = None,
    day: Annotated[
        IsoDate | None, Query(alias="date", description="A day of the period. Default: today.")
    ] = None,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this leaderboard.")] = None,
    around_me: Annotated[
        bool, Query(alias="aroundMe", description="Only the rows around yours; without `after`.")
    ] = False,
) -> Leaderboard:
    """Return a page; `Link` (RFC 8288) leads to the next one."""
    page = leaderboard_for(
        caller, LeaderboardQuery(measure, period, exercise, day, first, after, around_me)
    )
    rows = page.board.rows
    info = PageInfo(
        has_next_page=page.board.has_next,
        has_previous_page=page.board.has_previous,
        start_cursor=rows[0].cursor if rows else None,
        end_cursor=rows[-1].cursor if rows else None,
    )
    if info.has_next_page:
        body: dict[str, Any] = {
            "measure": measure, "period": period, "exercise": exercise,
            "date": page.start, "first": first, "after": info.end_cursor,
        }  # fmt: skip
        query = urlencode({name: each for name, each in body.items() if each is not None})
        response.headers["Link"] = f'</v1/leaderboards?{query}>; rel="next"'
    response.headers["Cache-Control"] = "private, no-cache"
    mine = page.board.me
    return Leaderboard(
        measure=measure,
        period=period,
        exercise=exercise,
        start=page.start,
        end=page.end,
        entries=page.board.entries,
        me=None if mine is None else LeaderboardRow.model_validate(mine),
        items=[LeaderboardRow.model_validate(row) for row in rows],
        page_info=info,
    )


@router.get("/comparison", operation_id="getMonthComparison", summary="Compare your month")
def comparison(
    caller: ReadingCaller,
    month: Annotated[
        IsoDate | None,
        Query(description="A day of a complete month. Default: the last one."),
    ] = None,
) -> MonthComparison:
    """Compare a month of the caller with those of the tenant's athletes."""
    return MonthComparison.model_validate(month_comparison_for(caller, month))


@membership.get(
    "",
    operation_id="getLeaderboardMembership",
    summary="Get your leaderboard membership",
    responses=WITH_ETAG,
)
def own(caller: CurrentCaller, _: CurrentClaims, response: Response) -> Membership:
    """Return the caller's membership."""
    return _with_etag(get_membership(caller), response)


@membership.put(
    "",
    operation_id="joinLeaderboards",
    summary="Join leaderboards or change your pseudonym",
    responses=WITH_ETAG | problem_responses(409, 412),
)
def join(
    *,
    response: Response,
    caller: CurrentCaller,
    _: CurrentClaims,
    command_id: CommandId,
    body: JoinLeaderboards,
    if_match: IfMatch,
) -> Membership:
    """Record the consent and the pseudonym together."""
    expected = _expected_pseudonym(caller, command_id, if_match)
    written = join_leaderboards(caller, body, command_id, "rest", expected)
    return _with_etag(written.membership, response)


@membership.delete(
    "",
    operation_id="leaveLeaderboards",
    summary="Leave leaderboards",
    status_code=204,
    responses=problem_responses(409, 412),
)
def leave(
    caller: CurrentCaller, _: CurrentClaims, command_id: CommandId, if_match: IfMatch
) -> None:
    """Withdraw the consent and drop the pseudonym."""
    expected = _expected_pseudonym(caller, command_id, if_match)
    leave_leaderboards(caller, command_id, "rest", expected)


def _expected_pseudonym(caller: Caller, command_id: UUID, if_match: IfMatch) -> str | None:
    def current() -> str:
        return get_membership(caller).pseudonym or ""

    return if_match.expected(caller, command_id, current, etag_of, MembershipMoved)


def _with_etag(membership: Membership, response: Response) -> Membership:
    response.headers["ETag"] = _etag(membership)
    response.headers["Cache-Control"] = "private, no-cache"
    return membership


def _etag(membership: Membership) -> str:
    return etag_of(membership.pseudonym or "")
