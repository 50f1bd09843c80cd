"""Training history of athletes, read from the read models of sessions."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from application.achievements.service import Due, DueSession
from application.kernel.read_models import ReadModels, Row, Where, Window
from domain.achievements.training_stats import Performed, Training
from domain.ids import ExerciseId, SessionId, TenantId, UserId
from domain.kernel import Projection
from projections.achievement_check import ACHIEVEMENT_CHECK
from projections.exercise_performance import EXERCISE_PERFORMANCE, ExercisePerformance
from projections.session_summary import SESSION_SUMMARY

PAGE: Final = 500

Bests = Mapping[tuple[SessionId, ExerciseId], Performed]


class ReadTrainings:
    """Satisfies `application.achievements.service.TrainingHistory`."""

    def __init__(self, read: ReadModels) -> None:
        self._read = read

    def due(self, tenant_id: TenantId) -> Mapping[UserId, Due]:
        where: Where = {"checked_at": None, "shown": True}
        due: dict[UserId, list[DueSession]] = defaultdict(list)
        for row in self._all(ACHIEVEMENT_CHECK, tenant_id, where, "completed_at"):
            due[row.athlete_id].append(DueSession(row.id, row.restored_at))
        return {athlete: tuple(sessions) for athlete, sessions in due.items()}

    def trainings(self, tenant_id: TenantId, athlete: UserId) -> Sequence[Training]:
        bests = self._bests(tenant_id, athlete)
        completed: Where = {"athlete_id": athlete, "status": "completed"}
        return [
            Training(
                session_id=row.id,
                at=row.completed_at or row.started_at,
                day=row.day,
                repetitions=row.verified_repetitions or 0,
                form=row.accuracy,
                performed=tuple(_performed(bests, row.id, row.exercises)),
            )
            for row in self._all(SESSION_SUMMARY, tenant_id, completed, "completed_at")
        ]

    def _bests(self, tenant_id: TenantId, athlete: UserId) -> Bests:
        where: Where = {"athlete_id": athlete, "shown": True}
        return {
            (row.session_id, row.exercise_id): _best(row)
            for row in self._all(EXERCISE_PERFORMANCE, tenant_id, where, "at")
        }

    def _all(
        self, projection: Projection[Row], tenant_id: TenantId, where: Where, order_by: str
    ) -> Iterator[Row]:
        """Read all pages of a list."""
        after: str | None = None
        while True:
            page = self._read.page(
                projection,
                tenant_id,
                window=Window(first=PAGE, after=after),
                where=where,
                order_by=order_by,
            )
            yield from (edge.row for edge in page.edges)
            if not page.has_next:
                return
            after = page.edges[-1].cursor


def _best(row: ExercisePerformance) -> Performed:
    """Return the best verified results of an exercise."""
    return Performed(
        row.exercise_id,
        most_repetitions=row.most_verified_repetitions,
        heaviest_kg=row.heaviest_verified_kg,
        longest_hold_ms=row.longest_verified_hold_ms,
    )


def _performed(
    bests: Bests, session: SessionId, exercises: Sequence[ExerciseId]
) -> Iterator[Performed]:
    """Return the exercises of a session, without those that were started but not performed.

    An exercise without this information, as in old sessions, counts as performed.
    """
    for exercise in exercises:
        best = bests.get((session, exercise))
        if best is None:
            yield Performed(exercise)
        elif any(best.bests):
            yield best
