"""What athletes have earned and what comes next, the same through every door."""

from collections.abc import Sequence

from api.caller import Caller
from api.ownership import authorize_session
from application.kernel.read_models import Page, Window
from domain.achievements.training_stats import NextTier, next_tiers
from domain.ids import UserId
from projections.achievement import ACHIEVEMENT, Achievement
from projections.achievement_check import ACHIEVEMENT_CHECK, AchievementCheck


def earned_by(caller: Caller, athlete: UserId, window: Window) -> Page[Achievement]:
    """Give a page of what an athlete has earned, the newest first; nothing of others'."""
    seen = caller.sees("session", athlete)
    return caller.platform.read.page(
        ACHIEVEMENT,
        caller.tenant_id,
        window=window,
        where={"athlete_id": athlete if seen else ()},
        order_by="earned_at",
        descending=True,
    )


def ahead_of(caller: Caller, athlete: UserId) -> tuple[NextTier, ...]:
    """Tell what comes next: badges, and of each family its lowest tier; nothing of others'."""
    if not caller.sees("session", athlete):
        return ()
    platform, tenant_id = caller.platform, caller.tenant_id
    rows = platform.read.by(ACHIEVEMENT, tenant_id, "athlete_id", [athlete])[athlete]
    figures = platform.achieving.standing(tenant_id, athlete)
    return tuple(next_tiers(figures, {(row.name, row.tier) for row in rows}))


def earned_in(caller: Caller, session_id: str) -> tuple[bool, Sequence[Achievement]]:
    """Tell whether a session was checked, and what it earned. Raises SessionNotFound."""
    authorize_session(caller, "read", session_id)
    read, tenant_id = caller.platform.read, caller.tenant_id
    check = read.get(ACHIEVEMENT_CHECK, tenant_id, session_id)
    rows = read.by(ACHIEVEMENT, tenant_id, "session_id", [session_id])[session_id]
    return is_checked([] if check is None else [check]), rows


def is_checked(checks: Sequence[AchievementCheck]) -> bool:
    """Whether it was looked what a session earned, of which there is one row or none."""
    return any(each.checked_at is not None for each in checks)
