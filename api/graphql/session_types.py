"""GraphQL types of sessions."""

import strawberry

from api.graphql.achievement_types import SessionAchievements
from api.graphql.context import Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.graphql.pagination import Node, global_id
from api.graphql.recordings import Recording
from api.graphql.repetitions import Cue, FaultFeedback, RejectedRepetition, Repetition
from api.graphql.source_counts import SourceCounts
from api.views import session_rows
from api.views import sessions as views
from application.sessions.session_parts import SessionParts
from projections.session_summary import SessionSummary


@derived(views.Performance)
class Performance:
    """How well it went, 0..100, and the inputs that explain it, each 0..1."""


@derived(views.CountedBy)
class CountedBy:
    """The accepted source of the count, with its pose model and exercise definition."""


@derived(views.Set, name="Set")
class ExerciseSet(SourceCounts):
    """One exercise, performed without rest."""


@derived(views.Session, session_id="id")
class Session(Node):
    """One athlete performs one workout."""

    session_id: strawberry.ID
    exercises: list[strawberry.ID]
    parts: strawberry.Private[SessionParts]

    @field("Its sets, in order.")
    def sets(self) -> list[ExerciseSet]:
        """Return the sets."""
        return [convert(ExerciseSet, session_rows.set_of(row)) for row in self.parts.sets()]

    @field("The repetitions that stand, in order; of one set if it is named.")
    def repetitions(self, set: int | None = None) -> list[Repetition]:  # noqa: A002  the glossary's
        """Return the repetitions that count."""
        rows = self.parts.repetitions()
        return [
            convert(Repetition, session_rows.repetition_of(row))
            for row in rows
            if set is None or row.set == set
        ]

    @field("Movements that were not counted.")
    def rejected_repetitions(self) -> list[RejectedRepetition]:
        """Return the movements that were not counted."""
        return [convert(RejectedRepetition, row) for row in self.parts.rejected()]

    @field("Cues of the coach, in order.")
    def cues(self) -> list[Cue]:
        """Return the cues."""
        return [convert(Cue, row) for row in self.parts.cues()]

    @field("The athlete's feedback on faults.")
    def fault_feedback(self) -> list[FaultFeedback]:
        """Return the feedback on faults."""
        return [convert(FaultFeedback, row) for row in self.parts.fault_feedback()]

    @field("The recording; null if there is none, or if you may not see it.")
    def recording(self, info: Info) -> Recording | None:
        """Return the recording."""
        row = self.parts.recording()
        return None if row is None else Recording.seen(info.context.caller, row)

    @field("Achievements; ignores `asOf`.")
    def achievements(self, info: Info) -> SessionAchievements:
        """Return the achievements that the session earned."""
        loaders = info.context.loaders
        return SessionAchievements.of(
            loaders.checks.of(self.session_id), loaders.achievements.of(self.session_id)
        )

    @classmethod
    def of(cls, row: SessionSummary, parts: SessionParts) -> "Session":
        """Convert a row of the read model; its fields are loaded from `parts`."""
        view = session_rows.session_of(row)
        return convert(cls, view, id=global_id("Session", row.id), parts=parts)
