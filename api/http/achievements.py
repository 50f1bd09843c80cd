"""What whoever has signed in has earned by training, and what comes next, over REST (R-WKT-08)."""

from datetime import datetime
from typing import Annotated, Final, Literal, Self, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api import workouts
from api.achievements import ahead_of, earned_by, earned_in
from api.caller import Caller, Id
from api.http.conditional_requests import WITH_ETAG, etag_of
from api.pagination import LARGEST_PAGE, PAGE, window
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views.base import Body, PageInfo
from domain.achievements.definitions import Tier
from domain.achievements.training_stats import NextTier
from domain.ids import UserId

router = APIRouter(prefix="/v1", tags=["achievements"], responses=problem_responses(404, 422, 503))

Told = TypeVar("Told", bound=Body)

LINKED: Final = {"Link": {"schema": {"type": "string"}}}


class Achievement(Body):
    """A badge, or a tier of a trophy, and the session in which it was earned. It stays."""

    kind: Literal["badge", "trophy"]
    name: str = Field(description="Of the badge, or of the trophy's family.")
    tier: Tier | None = Field(description="Of a trophy.")
    measure: str
    least: float = Field(description="What was asked for.")
    figure: float = Field(description="What `measure` came to.")
    session_id: str
    earned_at: datetime


class AchievementPage(Body):
    """Part of the list."""

    items: list[Achievement]
    page_info: PageInfo


class NextAchievement(Body):
    """A badge that is not earned yet, or the next tier of a trophy; `figure` of `least`."""

    kind: Literal["badge", "trophy"]
    name: str
    tier: Tier | None
    measure: str
    least: float
    figure: float

    @classmethod
    def of(cls, each: NextTier) -> Self:
        """Tell what comes next."""
        rule = each.rule
        return cls(
            kind="badge" if rule.tier is None else "trophy",
            name=rule.name,
            tier=rule.tier,
            measure=rule.measure,
            least=rule.least,
            figure=each.figure,
        )


class NextAchievements(Body):
    """All that can be earned next; a trophy appears with one tier."""

    items: list[NextAchievement]


class SessionAchievements(Body):
    """What a session earned; nothing before it is `checked`, soon after it is completed."""

    checked: bool
    items: list[Achievement]


@router.get(
    "/me/achievements",
    operation_id="achievements",
    summary="What you have earned, the newest first",
    responses={200: {"headers": {**WITH_ETAG[200]["headers"], **LINKED}}},
)
def achievements(
    caller: ReadingCaller,
    response: Response,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="A cursor of this list.")] = None,
) -> AchievementPage:
    """List a page; `Link` (RFC 8288) leads to the next one."""
    page = earned_by(caller, _own(caller), window(first, after))
    edges = page.edges
    info = PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    if page.has_next:
        query = urlencode({"first": first, "after": info.end_cursor})
        response.headers["Link"] = f'</v1/me/achievements?{query}>; rel="next"'
    items = [Achievement.model_validate(edge.row) for edge in edges]
    return _answered(AchievementPage(items=items, page_info=info), response)


@router.get(
    "/me/achievements/next",
    operation_id="nextAchievements",
    summary="What you may earn next, and how far you are",
    responses=WITH_ETAG,
)
def next_achievements(caller: ReadingCaller, response: Response) -> NextAchievements:
    """Tell what comes next."""
    items = [NextAchievement.of(each) for each in ahead_of(caller, _own(caller))]
    return _answered(NextAchievements(items=items), response)


@router.get(
    "/sessions/{session_id}/achievements",
    operation_id="sessionAchievements",
    summary="What a session earned",
    responses=WITH_ETAG,
)
def session_achievements(
    caller: ReadingCaller, session_id: Id, response: Response
) -> SessionAchievements:
    """Tell what a session earned, once it is completed and checked."""
    checked, rows = earned_in(caller, session_id)
    items = [Achievement.model_validate(row) for row in rows]
    return _answered(SessionAchievements(checked=checked, items=items), response)


def _own(caller: Caller) -> UserId:
    return UserId(workouts.ATHLETE) if caller.claims is None else caller.claims.user_id


def _answered(told: Told, response: Response) -> Told:
    response.headers["ETag"] = etag_of(told.model_dump_json())
    response.headers["Cache-Control"] = "private, no-cache"
    return told
