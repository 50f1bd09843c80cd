"""Workout service: saves, lists and deletes the sessions of the pose coach.

A save is acknowledged when its event is durable. The stores follow the log.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import structlog

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import AppendResult, Clock
from application.kernel.read_models import PAGE_LIMIT, Between, Page, ReadModels, Where, Window
from domain.ids import PoseSessionId, TenantId, UserId
from domain.kernel import Origin, Rejected
from domain.pose_coach.commands import DeletePoseSession, PoseSummary, SavePoseSession
from domain.pose_coach.pose_session import POSE_SESSION as DECIDER
from projections.pose_session import POSE_SESSION, PoseSession
from projections.pose_totals import POSE_TOTALS, SCALE
from projections.user_profile import USER_PROFILE, zone_of

Span = Literal["all", "today", "week", "month"]

SESSIONS: Final = UUID("019f2c55-7d3e-7a4b-8c61-5e2b9d0f4a17")
"""Namespace of the ids of sessions."""

logger: Any = structlog.get_logger()


@dataclass(frozen=True)
class WorkoutStats:
    """Figures of all sessions of an athlete; `average_accuracy` is None without a session."""

    total_sessions: int
    total_reps: int
    average_accuracy: float | None
    total_duration: int


def session_id_of(tenant_id: TenantId, user_id: UserId, ended_at: datetime) -> PoseSessionId:
    """Return the id of the session of an athlete that ended at this millisecond.

    So that a save which is repeated without an idempotency key is the same session.
    """
    moment = ended_at.astimezone(UTC).isoformat(timespec="milliseconds")
    return PoseSessionId(str(uuid5(SESSIONS, f"{tenant_id}\x1f{user_id}\x1f{moment}")))


def span_bounds(span: Span, now: datetime, zone: ZoneInfo) -> Between | None:
    """Return the bounds of the present day, week from Monday, or month in a zone (C-52)."""
    today = now.astimezone(zone).date()
    match span:
        case "all":
            return None
        case "today":
            first, end = today, today + timedelta(days=1)
        case "week":
            first = today - timedelta(days=today.weekday())
            end = first + timedelta(days=7)
        case "month":
            first = today.replace(day=1)
            end = (first + timedelta(days=31)).replace(day=1)
    return Between(_midnight(first, zone), _midnight(end, zone))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


@contextmanager
def _logged(operation: str, user_id: UserId) -> Generator[None]:
    """Log the error of an operation, and raise it."""
    try:
        yield
    except Rejected as obstacle:
        logger.warning(
            "pose_coach.refused", operation=operation, user_id=user_id, code=obstacle.code
        )
        raise
    except Exception:
        logger.exception("pose_coach.failed", operation=operation, user_id=user_id)
        raise


@dataclass(frozen=True)
class WorkoutService:
    """The operations of the pose coach, for callers who are authorized.

    `read` shows the rows that the caller may see. Queries raise StorageUnavailable.
    """

    commands: CommandHandler
    read: ReadModels
    clock: Clock

    def save_workout_session(
        self, user_id: UserId, summary: PoseSummary, *, origin: Origin, command_id: UUID
    ) -> tuple[PoseSessionId, AppendResult]:
        """Save a session, once. Raises InvalidValue, PoseSessionDiffers, PoseSessionWasDeleted."""
        with _logged("saveWorkoutSession", user_id):
            session_id = session_id_of(origin.tenant_id, user_id, summary.ended_at)
            command = SavePoseSession(user_id=user_id, summary=summary, at=self.clock())
            request = Request(DECIDER, session_id, [command])
            return session_id, self.commands.execute(request, origin=origin, command_id=command_id)

    def get_user_workout_sessions(
        self, tenant_id: TenantId, user_id: UserId, wanted: Window, span: Span = "all"
    ) -> Page[PoseSession]:
        """Return a page of an athlete's sessions in a span of their calendar, newest first."""
        with _logged("getUserWorkoutSessions", user_id):
            where: dict[str, Any] = {"user_id": user_id}
            bounds = span_bounds(span, self.clock(), self._zone(tenant_id, user_id))
            if bounds is not None:
                where["ended_at"] = bounds
            return self._page(tenant_id, wanted, where)

    def get_today_workout_sessions(
        self, tenant_id: TenantId, user_id: UserId, wanted: Window
    ) -> Page[PoseSession]:
        """Return a page of today's sessions."""
        return self.get_user_workout_sessions(tenant_id, user_id, wanted, "today")

    def get_week_workout_sessions(
        self, tenant_id: TenantId, user_id: UserId, wanted: Window
    ) -> Page[PoseSession]:
        """Return a page of this week's sessions."""
        return self.get_user_workout_sessions(tenant_id, user_id, wanted, "week")

    def get_month_workout_sessions(
        self, tenant_id: TenantId, user_id: UserId, wanted: Window
    ) -> Page[PoseSession]:
        """Return a page of this month's sessions."""
        return self.get_user_workout_sessions(tenant_id, user_id, wanted, "month")

    def get_user_workout_stats(self, tenant_id: TenantId, user_id: UserId) -> WorkoutStats:
        """Return the figures of all sessions."""
        with _logged("getUserWorkoutStats", user_id):
            row = self.read.get(POSE_TOTALS, tenant_id, user_id)
            if row is None:
                return WorkoutStats(0, 0, None, 0)
            average = row.scaled_accuracy / SCALE / row.sessions
            return WorkoutStats(row.sessions, row.reps, average, row.duration_s)

    def get_stats_between(
        self, tenant_id: TenantId, user_id: UserId, bounds: Between
    ) -> WorkoutStats:
        """Return the figures of sessions that ended in a period."""
        with _logged("getStatsBetween", user_id):
            where: dict[str, Any] = {"user_id": user_id, "ended_at": bounds}
            rows: list[PoseSession] = []
            page = self._page(tenant_id, Window(PAGE_LIMIT), where)
            rows += [edge.row for edge in page.edges]
            while page.has_next:
                after = page.edges[-1].cursor
                page = self._page(tenant_id, Window(PAGE_LIMIT, after), where)
                rows += [edge.row for edge in page.edges]
            average = sum(each.accuracy for each in rows) / len(rows) if rows else None
            return WorkoutStats(
                len(rows),
                sum(each.reps for each in rows),
                average,
                sum(each.duration_s for each in rows),
            )

    def delete_workout_session(
        self, user_id: UserId, session_id: PoseSessionId, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Delete a session. Raises PoseSessionNotFound."""
        with _logged("deleteWorkoutSession", user_id):
            request = Request(DECIDER, session_id, [DeletePoseSession(at=self.clock())])
            return self.commands.execute(request, origin=origin, command_id=command_id)

    def _page(self, tenant_id: TenantId, wanted: Window, where: Where) -> Page[PoseSession]:
        return self.read.page(
            POSE_SESSION,
            tenant_id,
            window=wanted,
            where=where,
            order_by="ended_at",
            descending=True,
        )

    def _zone(self, tenant_id: TenantId, user_id: UserId) -> ZoneInfo:
        profile = self.read.get(USER_PROFILE, tenant_id, user_id)
        return zone_of(profile)
