"""Leaderboards as both doors ask for them: whose, when, and how long a page is; and who joins."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from api.caller import Caller
from api.pagination import LARGEST_PAGE, PAGE, PageTooLarge
from application.kernel.ports import AppendResult
from application.leaderboards.membership import Allowed, JoinRequest, LeaderboardMembers, anyhow
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
from domain.values import day_known
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

    Raises SignInRequired, PageTooLarge, InvalidValue for a day that no calendar here has, and what
    `Leaderboards.board` raises.
    """
    viewer = _viewer(caller)
    if not 0 <= wished.first <= LARGEST_PAGE:
        raise PageTooLarge
    day = _today(caller, viewer) if wished.on is None else day_known(wished.on)
    asked = RankingQuery(
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


@dataclass(frozen=True, slots=True)
class Membership:
    """How others see somebody, by what they are to agree to for that; None where they do not."""

    pseudonym: str | None
    consent_version: str
    consent_text: str

    @classmethod
    def of(cls, user: Registered) -> "Membership":
        """Tell it of an account."""
        text = TEXTS["leaderboards"]
        return cls(reveal(user.agreements.pseudonym), text.version, text.words)


def membership_of(caller: Caller) -> Membership:
    """Tell how others see whoever asks. Raises SignInRequired, and SignInEnded."""
    accounts = caller.platform.accounts().accounts
    user = accounts.user(caller.tenant_id, _viewer(caller))
    if not isinstance(user, Registered):
        raise SignInEnded
    return Membership.of(user)


def join(
    caller: Caller,
    command_id: UUID,
    asked: JoinRequest,
    source: ConsentSource,
    allowed: Allowed = anyhow,
) -> AppendResult:
    """Let others see whoever asks. Raises SignInRequired, and what `LeaderboardMembers` does."""
    return _members(caller).join(
        _viewer(caller),
        asked,
        source=source,
        origin=caller.origin(),
        command_id=command_id,
        allowed=allowed,
    )


def leave(
    caller: Caller, command_id: UUID, source: ConsentSource, allowed: Allowed = anyhow
) -> AppendResult:
    """Let nobody see whoever asks any more. Raises what `join` does of that."""
    return _members(caller).leave(
        _viewer(caller),
        source=source,
        origin=caller.origin(),
        command_id=command_id,
        allowed=allowed,
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
    zone = ZoneInfo("UTC" if profile is None else profile.time_zone)
    return caller.platform.clock().astimezone(zone).date()
