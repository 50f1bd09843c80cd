"""Achievements of the signed-in user, over REST (R-WKT-08)."""

from typing import Annotated, Final, TypeVar

from fastapi import APIRouter, Query, Response

from api.caller import Id
from api.http.conditional_requests import WITH_ETAG, etag_of
from api.http.pages import page_info
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views.achievements import Achievement, NextAchievement
from api.views.base import Body, IsoDate, PageInfo
from api.views.session_commands import ATHLETE
from application.achievements.queries import (
    achievements_of,
    next_achievements_of,
    session_achievements_of,
)
from application.caller import Caller
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from domain.ids import UserId

router = APIRouter(prefix="/v1", tags=["achievements"], responses=problem_responses(404, 422, 503))

View = TypeVar("View", bound=Body)

LINKED: Final = {"Link": {"schema": {"type": "string"}}}


class AchievementPage(Body):
    """A page of achievements."""

    items: list[Achievement]
    page_info: PageInfo


class NextAchievements(Body):
    """All achievements that can be earned next; one tier per trophy."""

    items: list[NextAchievement]


class SessionAchievements(Body):
    """Achievements of a session; empty until `checked`, soon after its completion."""

    checked: bool
    items: list[Achievement]


@router.get(
    "/me/achievements",
    operation_id="listAchievements",
    summary="List your achievements",
    responses={200: {"headers": {**WITH_ETAG[200]["headers"], **LINKED}}},
)
def achievements(
    caller: ReadingCaller,
    response: Response,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> AchievementPage:
    """Return a page, newest first; `Link` (RFC 8288) leads to the next one."""
    page = achievements_of(caller, _own(caller), window(first, after))
    info = page_info(response, page, "/v1/me/achievements", first=first)
    items = [Achievement.model_validate(edge.row) for edge in page.edges]
    return _with_etag(AchievementPage(items=items, page_info=info), response)


@router.get(
    "/me/achievements/next",
    operation_id="listNextAchievements",
    summary="List the achievements you can earn next",
    responses=WITH_ETAG,
)
def next_achievements(
    caller: ReadingCaller,
    response: Response,
    today: Annotated[
        IsoDate | None,
        Query(description="Day of your calendar that streaks are as of. Default: today."),
    ] = None,
) -> NextAchievements:
    """Return the next badges and trophy tiers, with progress."""
    following = next_achievements_of(caller, _own(caller), today)
    items = [NextAchievement.of(each) for each in following]
    return _with_etag(NextAchievements(items=items), response)


@router.get(
    "/sessions/{session_id}/achievements",
    operation_id="listSessionAchievements",
    summary="List the achievements of a session",
    responses=WITH_ETAG,
)
def session_achievements(
    caller: ReadingCaller, session_id: Id, response: Response
) -> SessionAchievements:
    """Return what a completed session earned. Achievements ignore `asOf`."""
    checked, rows = session_achievements_of(caller, session_id)
    items = [Achievement.model_validate(row) for row in rows]
    return _with_etag(SessionAchievements(checked=checked, items=items), response)


def _own(caller: Caller) -> UserId:
    return UserId(ATHLETE) if caller.claims is None else caller.claims.user_id


def _with_etag(view: View, response: Response) -> View:
    response.headers["ETag"] = etag_of(view.model_dump_json())
    response.headers["Cache-Control"] = "private, no-cache"
    return view
