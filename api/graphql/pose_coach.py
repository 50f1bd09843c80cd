"""Sessions of the pose coach in GraphQL."""

import enum
from typing import Any

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import Connection, connection
from api.views import pose_coach as views
from api.views.pose_coach import PoseSessionWritten, WorkoutStopped
from application.kernel.pagination import window


@strawberry.enum
class PoseSessionSpan(enum.Enum):
    """A span of the athlete's calendar. WEEK: since Monday."""

    ALL = "all"
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"


@derived(views.PoseSinks)
class PoseSinks:
    """State of a session in the two stores."""


@derived(views.PoseSession)
class PoseSession:
    """A session of the pose coach."""


@derived(views.WorkoutStats)
class WorkoutStats:
    """Figures of all your sessions with the pose coach."""


@strawberry.type
class PoseCoachQueries:
    """Queries of the pose coach."""

    @reading("Your sessions with the pose coach, the newest first; at most 100 a page.")
    def workout_sessions(
        self,
        info: Info,
        *,
        span: PoseSessionSpan = PoseSessionSpan.ALL,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[PoseSession]:
        """Return a page of sessions."""
        caller = info.context.caller
        wanted = window(first, after, last, before)
        page = views.session_page(caller, wanted, span.value)
        sessions = views.to_sessions(caller, [edge.row for edge in page.edges])
        return connection(page, lambda row: convert(PoseSession, sessions[row.id]))

    @reading("Figures of all your sessions with the pose coach.")
    def workout_stats(self, info: Info) -> WorkoutStats:
        """Return the figures."""
        return convert(WorkoutStats, views.get_stats(info.context.caller))


@strawberry.type
class PoseSessionPayload(MutationPayload):
    """The id of the session."""

    session_id: strawberry.ID

    @classmethod
    def of(cls, _: Context, written: PoseSessionWritten, **common: Any) -> "PoseSessionPayload":
        """Return the payload of a command."""
        return cls(session_id=strawberry.ID(written.session_id), **common)


@strawberry.type
class WorkoutStoppedPayload(MutationPayload):
    """The id of the session, and what the pose coach says about it."""

    session_id: strawberry.ID
    motivational_feedback: str

    @classmethod
    def of(cls, _: Context, stopped: WorkoutStopped, **common: Any) -> "WorkoutStoppedPayload":
        """Return the payload of a command."""
        return cls(
            session_id=strawberry.ID(stopped.session_id),
            motivational_feedback=stopped.motivational_feedback,
            **common,
        )
