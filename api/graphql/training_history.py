"""GraphQL queries of training history: streaks, sums by exercise, progress and trend of form."""

from datetime import date
from typing import Annotated

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.graphql.pagination import Connection, connection, key_of
from api.views import training_history as views
from application.analytics import training_queries as history
from application.analytics.training_history import Streak as StreakView
from application.kernel.pagination import window
from application.kernel.read_models import Page
from domain.ids import UserId
from projections.exercise_performance import ExercisePerformance as Row
from projections.health_activity import HealthActivity


@strawberry.type(description="Days in a row, each with a completed session; both ends included.")
class Streak:
    """Days in a row with training."""

    start: date
    end: date
    days: int

    @classmethod
    def of(cls, view: StreakView | None) -> "Streak | None":
        """Convert a streak, or return None if there is none."""
        return None if view is None else convert(cls, view)


@strawberry.type(description="The streak that goes on, and the longest; null where there is none.")
class Streaks:
    """Current and longest streak."""

    current: Streak | None
    longest: Streak | None


@strawberry.type(
    description="Results of an exercise. `volumeKg` is load times repetitions; `verified…` is what "
    "Kinelog counted itself."
)
class ExerciseSum:
    """Sums over the sets of an exercise."""

    exercise_id: strawberry.ID
    sessions: int
    sets: int
    repetitions: int
    held_ms: int
    volume_kg: float
    verified_repetitions: int
    verified_held_ms: int


@strawberry.type
class SessionSample:
    """The number of sessions that a figure is computed from, of all sessions."""

    sessions_used: int
    sessions_total: int

    @field("Number of sessions.", instead="sessionsUsed")
    def used(self) -> int:
        """Return it under its old name."""
        return self.sessions_used

    @field("Number of sessions in all.", instead="sessionsTotal")
    def known(self) -> int:
        """Return it under its old name."""
        return self.sessions_total


@strawberry.type(
    description="Sums by exercise, most sessions first, over the `sessionsUsed` newest of "
    "`sessionsTotal` sessions."
)
class ExerciseSums(SessionSample):
    """Sums by exercise."""

    items: list[ExerciseSum]


@strawberry.type(
    description="Change of the form of an exercise, 0..1, in four weeks, by the best set of each "
    "of the `sessionsUsed` newest of `sessionsTotal` sessions; null for fewer than three sessions, "
    "and if they span less than two weeks."
)
class FormTrend(SessionSample):
    """Trend of form."""

    change: float | None


@derived(
    views.ExercisePerformance,
    description="The best set of an exercise in one completed session, of each kind; null where "
    "there was none.",
)
class ExercisePerformance:
    """Best results of a session: repetitions, kilograms, milliseconds held, and form 0..1."""

    @classmethod
    def of(cls, row: Row) -> "ExercisePerformance":
        """Convert a row of the read model."""
        return convert(cls, views.ExercisePerformance.of(row))


@derived(
    views.Activity,
    description="A completed session as health services describe it; `activityType` is a name of "
    "HealthKit's `HKWorkoutActivityType`.",
)
class Activity:
    """Activity with its kind, times and estimated energy."""

    activity_type: str

    @classmethod
    def of(cls, row: HealthActivity) -> "Activity":
        """Convert a row of the read model."""
        return convert(cls, views.Activity.of(row))


@strawberry.type
class TrainingHistoryQueries:
    """Queries of training history."""

    @reading("An athlete's streaks, as of a day of their own calendar.")
    def streaks(self, info: Info, athlete_id: strawberry.ID, today: date) -> Streaks:
        """Return the streaks of an athlete; none if the caller may not see the athlete."""
        caller, athlete = info.context.caller, UserId(key_of("User", athlete_id))
        if not caller.sees("session", athlete):
            return Streaks(current=None, longest=None)
        view = history.streaks_of(caller, athlete, today)
        return Streaks(current=Streak.of(view.current), longest=Streak.of(view.longest))

    @reading("Sums by exercise of an athlete's completed sessions.")
    def exercise_sums(
        self,
        info: Info,
        athlete_id: strawberry.ID,
        start: Annotated[
            date | None, strawberry.argument(name="from", description="First day.")
        ] = None,
        end: Annotated[
            date | None, strawberry.argument(name="to", description="Day after the last one.")
        ] = None,
    ) -> ExerciseSums:
        """Return sums by exercise."""
        caller, athlete = info.context.caller, UserId(key_of("User", athlete_id))
        if not caller.sees("session", athlete):
            return ExerciseSums(items=[], sessions_used=0, sessions_total=0)
        view = history.exercise_sums(caller, athlete, start, end)
        items: list[ExerciseSum] = [convert(ExerciseSum, each) for each in view.items]
        return ExerciseSums(items=items, sessions_used=view.used, sessions_total=view.total)

    @reading("List an athlete's results in an exercise by session, newest first.")
    def exercise_history(
        self,
        info: Info,
        *,
        athlete_id: strawberry.ID,
        exercise_id: strawberry.ID,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[ExercisePerformance]:
        """Return a page; an empty one if the caller may not see the athlete."""
        caller, athlete = info.context.caller, UserId(key_of("User", athlete_id))
        part = window(first, after, last, before)
        if not caller.sees("session", athlete):
            nothing: Page[Row] = Page((), has_next=False, has_previous=False)
            return connection(nothing, ExercisePerformance.of)
        page = history.performances(caller, athlete, exercise_id, part)
        return connection(page, ExercisePerformance.of)

    @reading("List an athlete's activities, newest first.")
    def activities(
        self,
        info: Info,
        *,
        athlete_id: strawberry.ID,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Activity]:
        """Return a page; an empty one if the caller may not see the athlete."""
        caller, athlete = info.context.caller, UserId(key_of("User", athlete_id))
        page = history.activities(caller, athlete, window(first, after, last, before))
        return connection(page, Activity.of)

    @reading("Get the trend of the form of an exercise.")
    def form_trend(
        self, info: Info, athlete_id: strawberry.ID, exercise_id: strawberry.ID
    ) -> FormTrend:
        """Return the trend of form in an exercise."""
        caller, athlete = info.context.caller, UserId(key_of("User", athlete_id))
        if not caller.sees("session", athlete):
            return FormTrend(change=None, sessions_used=0, sessions_total=0)
        trend = history.form_trend(caller, athlete, exercise_id)
        return FormTrend(change=trend.change, sessions_used=trend.used, sessions_total=trend.total)
