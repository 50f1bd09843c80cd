"""Report of the pose coach: one's own figures, and those of a month of everyone who consented.

Figures of several people are quartiles of at least `FEWEST` people in a past month, rounded to
steps. There are no sums, and suspended people count too, so that comparing two reports does not
reveal the figures of one person.

Nor does one report of one person among accounts that the reader made up: each quartile is the mean
of five people, rounded to at least a fifth of itself. If all others of the five are known, their
value still is uncertain by half of that mean, which is a tenth of it or more. A month is computed
once and then stored, so a sequence of reports, between which those accounts change their sessions
of that month, reveals no more than the first one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal, Protocol

from application.kernel.ports import StorageUnavailable
from application.kernel.published_figures import PublishedFigures
from application.leaderboards.rankings import FEWEST, MonthNotOver, Quartiles, last_month
from domain.ids import TenantId

Figure = Literal["sessions", "reps", "accuracy", "duration"]
"""Figure of a user's month: sums, and the average accuracy of their sessions."""

STEPS: Final[Mapping[Figure, float]] = {
    "sessions": 1.0,
    "reps": 10.0,
    "accuracy": 0.05,
    "duration": 300.0,
}
"""Figures of several people are rounded to these steps or larger ones; durations in seconds."""

COUNT_STEP: Final = 5
"""Numbers of people are rounded down to this step."""

MAX_EXERCISES: Final = 50

PUBLISHED: Final = "pose_coach_report"
"""Name of the report among the published figures."""


@dataclass(frozen=True)
class GroupFigures:
    """Figures of a month of several people. `exercise` is None for all exercises together."""

    exercise: str | None
    athletes: int
    sessions: Quartiles
    reps: Quartiles
    accuracy: Quartiles
    duration: Quartiles

    def coarse(self) -> "GroupFigures":
        """Round everything to its step."""
        return GroupFigures(
            exercise=self.exercise,
            athletes=self.athletes // COUNT_STEP * COUNT_STEP,
            sessions=self.sessions.coarse(STEPS["sessions"]),
            reps=self.reps.coarse(STEPS["reps"]),
            accuracy=self.accuracy.stepped(STEPS["accuracy"]),
            duration=self.duration.coarse(STEPS["duration"]),
        )


def month_bounds(first: date) -> tuple[datetime, datetime]:
    """Return the beginning and end, in UTC, of the month of its first day."""
    end = (first + timedelta(days=31)).replace(day=1)
    return datetime.combine(first, time(), UTC), datetime.combine(end, time(), UTC)


def complete_month(month: date | None, now: datetime) -> date:
    """Return the first day of the month that contains a day; by default of the last one.

    Raises MonthNotOver.
    """
    last = last_month(now)
    first = last if month is None else month.replace(day=1)
    if first > last:
        raise MonthNotOver
    return first


class GroupReader(Protocol):
    """Reads figures of several people of one tenant. Raises StorageUnavailable."""

    def groups(
        self, tenant_id: TenantId, begin: datetime, end: datetime, *, fewest: int, by_exercise: bool
    ) -> Sequence[GroupFigures]:
        """Return the groups with at least `fewest` people with sessions that ended in a period.

        Only people who consented count. At most MAX_EXERCISES groups, by the name of the exercise.
        """
        ...


@dataclass(frozen=True)
class PopulationMonth:
    """A month of everyone who consented; `overall` is None for fewer than FEWEST people."""

    month: date
    overall: GroupFigures | None
    exercises: tuple[GroupFigures, ...]


@dataclass(frozen=True)
class PopulationReport:
    """Reports on several people, for callers who are authorized.

    `is_current`: whether the reader has all sessions and consents of a tenant.
    """

    reader: GroupReader
    published: PublishedFigures
    is_current: Callable[[TenantId], bool]

    def of_month(self, tenant_id: TenantId, month: date | None, now: datetime) -> PopulationMonth:
        """Return the month that contains a day, in UTC; by default the last one.

        Once enough people have trained in a month, it is published with its next report, and later
        sessions do not change it. Raises MonthNotOver, and StorageUnavailable if the store with
        everyone's sessions is down or behind and the month is not published yet.
        """
        first = complete_month(month, now)
        published = self.published.get(tenant_id, first, PUBLISHED, PopulationMonth)
        if published is not None:
            return published
        computed = self._compute(tenant_id, first)
        if computed.overall is None:
            return computed
        return self.published.add(tenant_id, first, PUBLISHED, computed)

    def _compute(self, tenant_id: TenantId, first: date) -> PopulationMonth:
        begin, end = month_bounds(first)
        if not self.is_current(tenant_id):
            raise StorageUnavailable("The analytics store does not have all sessions yet.")
        overall, exercises = (
            [
                each.coarse()
                for each in self.reader.groups(
                    tenant_id, begin, end, fewest=FEWEST, by_exercise=by_exercise
                )
            ]
            for by_exercise in (False, True)
        )
        return PopulationMonth(first, overall[0] if overall else None, tuple(exercises))
