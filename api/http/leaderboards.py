"""Leaderboards over REST: who did how much, by pseudonym, and whether one is among them oneself."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, Field

from api import leaderboards as door
from api.caller import CurrentCaller, CurrentClaims, Id
from api.http.conditional_requests import WITH_ETAG, IfMatch, etag_of
from api.http.idempotency import CommandId
from api.leaderboards import Wished, board_for, compared_for
from api.pagination import LARGEST_PAGE, PAGE
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views.base import Body, PageInfo
from application.leaderboards import membership as members
from application.leaderboards.rankings import Measure, Stretch
from domain.users.commands import MembershipMoved
from domain.users.pseudonyms import LONGEST, SHORTEST
from domain.users.user import Registered

router = APIRouter(
    prefix="/v1/leaderboards", tags=["leaderboards"], responses=problem_responses(401, 422, 503)
)
membership = APIRouter(
    prefix="/v1/me/leaderboards", tags=["leaderboards"], responses=problem_responses(401, 422, 503)
)


class LeaderboardRow(Body):
    """A member, by pseudonym; of equals all have the same rank, and the next ones leave it out."""

    rank: int
    pseudonym: str
    figure: float = Field(description="Repetitions, sessions or days; of form a share, 0..1.")
    mine: bool = Field(description="Whether this is you.")


class Leaderboard(Body):
    """A page of a leaderboard; `start` and `end` are the first and the last day of its period."""

    measure: Measure
    period: Stretch
    exercise: str | None
    start: date
    end: date
    entries: int = Field(description="Rows on all pages.")
    me: LeaderboardRow | None = Field(description="Your row, on whichever page it is.")
    items: list[LeaderboardRow]
    page_info: PageInfo


@router.get(
    "",
    operation_id="leaderboard",
    summary="Who did most, of those who want to be seen",
    responses={200: {"headers": {"Link": {"schema": {"type": "string"}}}}},
)
def leaderboard(
    *,
    caller: ReadingCaller,
    response: Response,
    measure: Annotated[Measure, Query(description="What is compared.")] = "repetitions",
    period: Annotated[Stretch, Query(description="Of each athlete's own calendar.")] = "week",
    exercise: Annotated[Id | None, Query(description="Without one, all count.")] = None,
    on: Annotated[date | None, Query(description="A day of the period; else today.")] = None,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="A cursor of this leaderboard.")] = None,
    around_me: Annotated[
        bool, Query(alias="aroundMe", description="Only the rows around yours; without `after`.")
    ] = False,
) -> Leaderboard:
    """List a page; `Link` (RFC 8288) leads to the next one."""
    told = board_for(caller, Wished(measure, period, exercise, on, first, after, around_me))
    rows = told.board.rows
    info = PageInfo(
        has_next_page=told.board.has_next,
        has_previous_page=told.board.has_previous,
        start_cursor=rows[0].cursor if rows else None,
        end_cursor=rows[-1].cursor if rows else None,
    )
    if info.has_next_page:
        asked: dict[str, Any] = {
            "measure": measure, "period": period, "exercise": exercise,
            "on": told.start, "first": first, "after": info.end_cursor,
        }  # fmt: skip
        query = urlencode({name: each for name, each in asked.items() if each is not None})
        response.headers["Link"] = f'</v1/leaderboards?{query}>; rel="next"'
    response.headers["Cache-Control"] = "private, no-cache"
    mine = told.board.me
    return Leaderboard(
        measure=measure,
        period=period,
        exercise=exercise,
        start=told.start,
        end=told.end,
        entries=told.board.entries,
        me=None if mine is None else LeaderboardRow.model_validate(mine),
        items=[LeaderboardRow.model_validate(row) for row in rows],
        page_info=info,
    )


class QuartilesBody(Body):
    """A quarter of the athletes have at most `lower`, half `median`, three quarters `upper`."""

    lower: float
    median: float
    upper: float


class OwnMonthBody(Body):
    """What you did; `form` is a share, 0..1, null where none was measured."""

    repetitions: int
    form: float | None


class ComparisonBody(Body):
    """A month of yours beside that of all athletes of the tenant who agreed to be counted.

    `repetitions` and `form` are null where those who have any are fewer than twenty.
    """

    month: date
    mine: OwnMonthBody
    repetitions: QuartilesBody | None
    form: QuartilesBody | None


@router.get(
    "/comparison", operation_id="comparison", summary="How your month compares to the others'"
)
def comparison(
    caller: ReadingCaller,
    month: Annotated[
        date | None,
        Query(description="A day of a month that is over; without one, of the latest."),
    ] = None,
) -> ComparisonBody:
    """Compare a month."""
    return ComparisonBody.model_validate(compared_for(caller, month))


class Joining(Body):
    """How others are to see you, and the version of the consent's text that you read."""

    model_config = ConfigDict(extra="forbid")

    pseudonym: str = Field(
        max_length=100,
        description=f"{SHORTEST} to {LONGEST} characters, and nothing of your name.",
        examples=["Quiet Otter"],
    )
    consent_version: str = Field(max_length=40)


class Membership(Body):
    """How others see you; `pseudonym` is null where they do not. And what to agree to for that."""

    pseudonym: str | None
    consent_version: str
    consent_text: str


@membership.get(
    "",
    operation_id="leaderboardMembership",
    summary="How others see you on leaderboards",
    responses=WITH_ETAG,
)
def own(caller: CurrentCaller, _: CurrentClaims, response: Response) -> Membership:
    """Tell whoever asks."""
    return _answered(door.membership_of(caller), response)


@membership.put(
    "",
    operation_id="joinLeaderboards",
    summary="Agree to be seen by a pseudonym, or take another one",
    responses=WITH_ETAG | problem_responses(409, 412),
)
def join(
    *,
    response: Response,
    caller: CurrentCaller,
    _: CurrentClaims,
    command_id: CommandId,
    asked: Joining,
    believed: IfMatch,
) -> Membership:
    """Give the consent and the pseudonym together, or neither."""
    joining = members.JoinRequest(asked.pseudonym, asked.consent_version)
    door.join(caller, command_id, joining, "rest", _as_believed(believed))
    return _answered(door.membership_of(caller), response)


@membership.delete(
    "",
    operation_id="leaveLeaderboards",
    summary="Be seen by nobody any more",
    status_code=204,
    responses=problem_responses(409, 412),
)
def leave(
    caller: CurrentCaller, _: CurrentClaims, command_id: CommandId, believed: IfMatch
) -> None:
    """Take the consent back, and with it the pseudonym."""
    door.leave(caller, command_id, "rest", _as_believed(believed))


def _as_believed(believed: IfMatch) -> members.Allowed:
    def allowed(user: Registered) -> None:
        if not believed.holds(_etag(door.Membership.of(user))):
            raise MembershipMoved

    return allowed


def _answered(known: door.Membership, response: Response) -> Membership:
    response.headers["ETag"] = _etag(known)
    response.headers["Cache-Control"] = "private, no-cache"
    return Membership.model_validate(known)


def _etag(known: door.Membership) -> str:
    return etag_of(known.pseudonym or "")
