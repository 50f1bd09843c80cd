"""Leaderboards: queries and membership, shared by REST and GraphQL."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from application.caller import Caller
from application.kernel.pagination import LARGEST_PAGE, PAGE, PageTooLarge
from application.kernel.ports import AppendResult
from application.leaderboards.membership import JoinRequest, LeaderboardMembers
from application.leaderboards.rankings import (
    Board,
    Comparison,
    Measure,
    RankingQuery,
    Stretch,
    first_day,
    last_day,
    last_month,
)
from application.privacy.consents import TEXTS
from application.users.accounts import reveal
from application.users.errors import SignInEnded, SignInRequired
from domain.ids import ExerciseId, UserId
from domain.users.identities import ConsentSource
from domain.users.user import Registered
from domain.values import within_calendar
from projections.user_profile import USER_PROFILE, zone_of


@dataclass(frozen=True, slots=True)
class LeaderboardQuery:
    """Query of a leaderboard. Without a date: today, in the caller's time zone."""

    measure: Measure
    stretch: Stretch
    exercise: str | None = None
    on: date | None = None
    first: int = PAGE
    after: str | None = None
    around: bool = False


@dataclass(frozen=True, slots=True)
class LeaderboardPage:
    """A page of a leaderboard, with the first and last day of its period."""

    start: date
    end: date
    board: Board


def leaderboard_for(caller: Caller, query: LeaderboardQuery) -> LeaderboardPage:
    """Return a page of the tenant's leaderboard.

    Raises SignInRequired, PageTooLarge, InvalidValue for a date out of range, and what
    `Leaderboards.board` raises.
    """
    viewer = _viewer(caller)
    if not 0 <= query.first <= LARGEST_PAGE:
        raise PageTooLarge
    day = _today(caller, viewer) if query.on is None else within_calendar(query.on)
    request = RankingQuery(
        measure=query.measure,
        stretch=query.stretch,
        start=first_day(query.stretch, day),
        exercise=None if query.exercise is None else ExerciseId(query.exercise),
        viewer=viewer,
        first=query.first,
        after=query.after,
        around=query.around,
    )
    board = caller.platform.leaderboards.board(caller.tenant_id, request)
    return LeaderboardPage(request.start, last_day(query.stretch, day), board)


def month_comparison_for(caller: Caller, month: date | None) -> Comparison:
    """Compare a month of the caller with those of the tenant. Default: the last complete month.

    Raises SignInRequired and MonthNotOver.
    """
    viewer, now = _viewer(caller), caller.platform.clock()
    return caller.platform.leaderboards.compared(
        caller.tenant_id, month or last_month(now), viewer, now
    )


@dataclass(frozen=True, slots=True)
class Membership:
    """Leaderboard profile of a user. `pseudonym` is None for users who did not join."""

    pseudonym: str | None
    consent_version: str
    consent_text: str

    @classmethod
    def of(cls, user: Registered) -> "Membership":
        """Return the membership of an account."""
        text = TEXTS["leaderboards"]
        return cls(reveal(user.agreements.pseudonym), text.version, text.words)


def membership_of(caller: Caller) -> Membership:
    """Return the caller's membership. Raises SignInRequired and SignInEnded."""
    accounts = caller.platform.accounts().accounts
    user = accounts.user(caller.tenant_id, _viewer(caller))
    if not isinstance(user, Registered):
        raise SignInEnded
    return Membership.of(user)


def join(
    caller: Caller,
    command_id: UUID,
    request: JoinRequest,
    source: ConsentSource,
    expected_pseudonym: str | None = None,
) -> AppendResult:
    """Show the caller on leaderboards. Raises SignInRequired and what `LeaderboardMembers` does."""
    return _members(caller).join(
        _viewer(caller),
        request,
        source=source,
        origin=caller.origin(),
        command_id=command_id,
        expected_pseudonym=expected_pseudonym,
    )


def leave(
    caller: Caller, command_id: UUID, source: ConsentSource, expected_pseudonym: str | None = None
) -> AppendResult:
    """Remove the caller from leaderboards. Raises the same as `join`."""
    return _members(caller).leave(
        _viewer(caller),
        source=source,
        origin=caller.origin(),
        command_id=command_id,
        expected_pseudonym=expected_pseudonym,
    )


def _members(caller: Caller) -> LeaderboardMembers:
    platform, services = caller.platform, caller.platform.accounts()
    return LeaderboardMembers(
        services.accounts, services.identities, platform.leaderboards, platform.clock
    )


def _viewer(caller: Caller) -> UserId:
    if caller.claims is None:
        raise SignInRequired
    return caller.claims.user_id


def _today(caller: Caller, viewer: UserId) -> date:
    profile = caller.platform.read.get(USER_PROFILE, caller.tenant_id, viewer)
    zone = zone_of(profile)
    return caller.platform.clock().astimezone(zone).date()
