"""Leaderboards as both doors ask for them: whose, when, and how long a page is."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from api.callers import Caller
from api.paging import LARGEST_PAGE, PAGE, PageTooLarge
from application.identity.refusals import SignInRequired
from application.leaderboards import (
    Asked,
    Board,
    Comparison,
    Measure,
    Stretch,
    first_day,
    last_day,
    last_month,
)
from domain.ids import ExerciseId, UserId
from projections.user_profile import USER_PROFILE


@dataclass(frozen=True, slots=True)
class Wished:
    """A leaderboard as somebody asks for it; without a day, that of today by their clock."""

    measure: Measure
    stretch: Stretch
    exercise: str | None = None
    on: date | None = None
    first: int = PAGE
    after: str | None = None
    around: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A page of a leaderboard, and the first and last day that it is about."""

    start: date
    end: date
    board: Board


def board_for(caller: Caller, wished: Wished) -> Told:
    """Tell a page of the tenant's leaderboard to one of its members.

    Raises SignInRequired, PageTooLarge, and what `Leaderboards.board` raises.
    """
    viewer = _viewer(caller)
    if not 0 <= wished.first <= LARGEST_PAGE:
        raise PageTooLarge
    day = wished.on or _today(caller, viewer)
    asked = Asked(
        measure=wished.measure,
        stretch=wished.stretch,
        start=first_day(wished.stretch, day),
        exercise=None if wished.exercise is None else ExerciseId(wished.exercise),
        viewer=viewer,
        first=wished.first,
        after=wished.after,
        around=wished.around,
    )
    board = caller.platform.leaderboards.board(caller.tenant_id, asked)
    return Told(asked.start, last_day(wished.stretch, day), board)


def compared_for(caller: Caller, month: date | None) -> Comparison:
    """Compare a month of one's own, the latest that is over where none is named, with the tenant's.

    Raises SignInRequired and MonthNotOver.
    """
    viewer, now = _viewer(caller), caller.platform.clock()
    return caller.platform.leaderboards.compared(
        caller.tenant_id, month or last_month(now), viewer, now
    )


def _viewer(caller: Caller) -> UserId:
    if caller.claims is None:
        raise SignInRequired
    return caller.claims.user_id


def _today(caller: Caller, viewer: UserId) -> date:
    profile = caller.platform.read.get(USER_PROFILE, caller.tenant_id, viewer)
    zone = ZoneInfo("UTC" if profile is None else profile.time_zone)
    return caller.platform.clock().astimezone(zone).date()
