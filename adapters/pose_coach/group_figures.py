"""Figures of the pose coach of several people on SQL; results contain no ids."""

from typing import Any, Final, get_args

import sqlalchemy as sa

from application.leaderboards.rankings import BESIDE, Quartiles
from application.pose_coach.report import MAX_EXERCISES, Figure, GroupFigures

FIGURES: Final[tuple[Figure, ...]] = get_args(Figure)
QUARTERS: Final = (1, 2, 3)


def select_groups(
    found: sa.Subquery, *, fewest: int, by_exercise: bool
) -> sa.Select[*tuple[Any, ...]]:
    """Select the quartiles of each group that is large enough, of the sessions of people.

    A quartile is the mean of the people around its nearest rank, and so nobody's own value.
    """
    ranked = _ranked(_of_each(found, by_exercise=by_exercise))
    quartiles = [
        sa.func.avg(
            sa.case(
                (
                    ranked.c[f"{figure}_place"].between(place - BESIDE, place + BESIDE),
                    ranked.c[figure],
                )
            )
        ).label(f"{figure}_{quarter}")
        for figure in FIGURES
        for quarter in QUARTERS
        for place in ((ranked.c.athletes * quarter + 3) // 4,)
    ]
    return (
        sa.select(ranked.c.exercise, ranked.c.athletes, *quartiles)
        .where(ranked.c.athletes >= fewest)
        .group_by(ranked.c.exercise, ranked.c.athletes)
        .order_by(ranked.c.exercise)
        .limit(MAX_EXERCISES)
    )


def _of_each(found: sa.Subquery, *, by_exercise: bool) -> sa.Subquery:
    """Select each person's figures, by exercise or of all exercises."""
    exercise = found.c.exercise if by_exercise else sa.cast(sa.null(), sa.Text)
    figures: dict[Figure, sa.ColumnElement[Any]] = {
        "sessions": sa.func.count(),
        "reps": sa.func.sum(found.c.reps),
        "accuracy": sa.func.avg(found.c.accuracy),
        "duration": sa.func.sum(found.c.duration),
    }
    keys = (found.c.user_id, found.c.exercise) if by_exercise else (found.c.user_id,)
    return (
        sa.select(
            exercise.label("exercise"),
            *(sa.cast(value, sa.Double).label(name) for name, value in figures.items()),
        )
        .group_by(*keys)
        .subquery()
    )


def _ranked(each: sa.Subquery) -> sa.Subquery:
    """Add each person's place in their group by each figure, from 1."""
    places = [
        sa.func.row_number()
        .over(partition_by=each.c.exercise, order_by=each.c[figure])
        .label(f"{figure}_place")
        for figure in FIGURES
    ]
    size = sa.func.count().over(partition_by=each.c.exercise).label("athletes")
    return sa.select(each, *places, size).subquery()


def to_group(row: Any) -> GroupFigures:
    """Return the figures of a row."""

    def quartiles(figure: Figure) -> Quartiles:
        return Quartiles(*(float(getattr(row, f"{figure}_{quarter}")) for quarter in QUARTERS))

    return GroupFigures(
        exercise=row.exercise,
        athletes=row.athletes,
        sessions=quartiles("sessions"),
        reps=quartiles("reps"),
        accuracy=quartiles("accuracy"),
        duration=quartiles("duration"),
    )
