"""Sessions of the pose coach in GraphQL."""

import enum
from typing import Any

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.leaderboards import Month
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import Connection, connection
from api.views import pose_coach as views
from api.views import pose_copies as copies_views
from api.views import pose_feedback as feedback_views
from api.views import pose_report as report_views
from api.views.pose_coach import PoseSessionDeleted, PoseSessionWritten, WorkoutStopped
from application.kernel.pagination import window
from application.pose_coach.feedback_texts import language_of


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


@derived(views.LatestPoseSessions)
class LatestPoseSessions:
    """Your newest sessions with the pose coach, and the figures of all of them."""


@derived(feedback_views.PoseFact)
class PoseFact:
    """A fact that a sentence states: a number, or a text."""


@derived(feedback_views.PoseFeedbackSentence)
class PoseFeedbackSentence:
    """A sentence, and the facts that it states."""


@derived(feedback_views.PoseFeedback)
class PoseFeedback:
    """What the pose coach says about a session."""


@derived(copies_views.PoseCopyContent)
class PoseCopyContent:
    """A session as a store has it."""


@derived(copies_views.PoseCopy)
class PoseCopy:
    """The copy of a session in one store. `content` is null if the store does not have it."""


@derived(copies_views.PoseCopies)
class PoseCopies:
    """The copies of a session. Empty where no stores are configured."""


@derived(report_views.PoseGroupFigures)
class PoseGroupFigures:
    """Figures of a month of at least twenty people who consented to population insights.

    Each is the mean of five people, rounded to about a fifth: accuracies to 0.05.
    """


@derived(report_views.PoseCoachReport)
class PoseCoachReport:
    """Your own figures, and those of everyone who consented.

    `overall` is null for fewer than twenty people; exercises of fewer are missing.
    """


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
        info.context.may_keep = False  # their states in the stores change without a read model
        caller = info.context.caller
        wanted = window(first, after, last, before)
        page = views.session_page(caller, wanted, span.value)
        sessions = views.to_sessions(caller, [edge.row for edge in page.edges])
        return connection(page, lambda row: convert(PoseSession, sessions[row.id]))

    @reading("Figures of all your sessions with the pose coach.")
    def workout_stats(self, info: Info) -> WorkoutStats:
        """Return the figures."""
        return convert(WorkoutStats, views.get_stats(info.context.caller))

    @reading("Feedback on a session of yours, with the facts that each sentence states.")
    def workout_feedback(
        self, info: Info, session_id: strawberry.ID, language: str | None = None
    ) -> PoseFeedback:
        """Return the feedback. Without a language, it is the one of the account, or English."""
        info.context.may_keep = False  # during an outage it has a general sentence
        chosen = None if language is None else language_of(language)
        return convert(
            PoseFeedback, feedback_views.get_feedback(info.context.caller, session_id, chosen)
        )

    @reading("A session of yours as the document store and the analytics store have it.")
    def workout_session_copies(self, info: Info, session_id: strawberry.ID) -> PoseCopies:
        """Return the copies."""
        info.context.may_keep = False  # the stores change without a read model
        return convert(PoseCopies, copies_views.get_copies(info.context.caller, session_id))

    @reading("The report of the pose coach: your figures beside those of many people.")
    def pose_coach_report(
        self,
        info: Info,
        month: Month = None,
    ) -> PoseCoachReport:
        """Return the report."""
        info.context.may_keep = False  # it depends on today's date
        return convert(PoseCoachReport, report_views.get_report(info.context.caller, month))


@strawberry.type
class PoseSessionPayload(MutationPayload):
    """The id of the session."""

    session_id: strawberry.ID

    @classmethod
    def of(cls, _: Context, written: PoseSessionWritten, **common: Any) -> "PoseSessionPayload":
        """Return the payload of a command."""
        return cls(session_id=strawberry.ID(written.session_id), **common)


@strawberry.type
class PoseSessionDeletedPayload(MutationPayload):
    """The id of the session. `deleted` is false if the session had been deleted before."""

    session_id: strawberry.ID
    deleted: bool

    @classmethod
    def of(cls, _: Context, done: PoseSessionDeleted, **common: Any) -> "PoseSessionDeletedPayload":
        """Return the payload of a command."""
        return cls(session_id=strawberry.ID(done.session_id), deleted=done.deleted, **common)


@strawberry.type
class WorkoutStoppedPayload(MutationPayload):
    """The id of the session, and what the pose coach says about it."""

    session_id: strawberry.ID
    motivational_feedback: str
    feedback: PoseFeedback

    @classmethod
    def of(cls, _: Context, stopped: WorkoutStopped, **common: Any) -> "WorkoutStoppedPayload":
        """Return the payload of a command."""
        return cls(
            session_id=strawberry.ID(stopped.session_id),
            motivational_feedback=stopped.feedback.text,
            feedback=convert(PoseFeedback, stopped.feedback),
            **common,
        )
