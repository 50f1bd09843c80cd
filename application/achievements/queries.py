"""Queries of earned achievements and of the next ones, shared by REST and GraphQL."""

from collections.abc import Sequence
from datetime import date

from application.caller import Caller
from application.kernel.read_models import Page, Window
from application.users.resource_access import authorize_session
from domain.achievements.training_stats import NextTier, next_tiers
from domain.ids import UserId
from domain.values import within_calendar
from projections.achievement import ACHIEVEMENT, Achievement
from projections.achievement_check import ACHIEVEMENT_CHECK, AchievementCheck


def achievements_of(caller: Caller, athlete: UserId, window: Window) -> Page[Achievement]:
    """Return a page of an athlete's achievements, newest first; empty if not visible."""
    visible = caller.sees("session", athlete)
    return caller.platform.read.page(
        ACHIEVEMENT,
        caller.tenant_id,
        window=window,
        where={"athlete_id": athlete if visible else ()},
        order_by="earned_at",
        descending=True,
    )


def next_achievements_of(
    caller: Caller, athlete: UserId, today: date | None = None
) -> tuple[NextTier, ...]:
    """Return the next badges and the lowest missing tier of each trophy; empty if not visible.

    Streaks are as of `today`, by default the day in the athlete's time zone. Raises InvalidValue.
    """
    if not caller.sees("session", athlete):
        return ()
    platform, tenant_id = caller.platform, caller.tenant_id
    rows = platform.read.by(ACHIEVEMENT, tenant_id, "athlete_id", [athlete])[athlete]
    if today is None:
        today = platform.health_dashboard.today(tenant_id, athlete, platform.clock())
    figures = platform.achievements.stats(tenant_id, athlete, within_calendar(today))
    return tuple(next_tiers(figures, {(row.name, row.tier) for row in rows}))


def session_achievements_of(caller: Caller, session_id: str) -> tuple[bool, Sequence[Achievement]]:
    """Return whether a session was evaluated, and its achievements. Raises SessionNotFound."""
    authorize_session(caller, "read", session_id)
    read, tenant_id = caller.platform.read, caller.tenant_id
    check = read.get(ACHIEVEMENT_CHECK, tenant_id, session_id)
    rows = read.by(ACHIEVEMENT, tenant_id, "session_id", [session_id])[session_id]
    return is_checked([] if check is None else [check]), rows


def is_checked(checks: Sequence[AchievementCheck]) -> bool:
    """Return whether a session was evaluated. `checks` holds one row or none."""
    return any(each.checked_at is not None for each in checks)
