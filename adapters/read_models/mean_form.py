"""Mean form of rows in SQL."""

from typing import Any

import sqlalchemy as sa


def mean_form(weight: Any, repetitions: Any, hold_ms: Any) -> sa.ColumnElement[Any]:
    """Select the mean form over rows, 0..1; null where no form was measured.

    `weight` is the column of form x weight. A second of a hold weighs as much as one repetition.
    """
    return sa.func.sum(weight) / sa.func.nullif(measured_form(repetitions, hold_ms), 0.0)


def measured_form(repetitions: Any, hold_ms: Any) -> sa.ColumnElement[Any]:
    """Select what had its form measured over rows: repetitions, and seconds of holds."""
    seconds = sa.cast(sa.func.sum(hold_ms), sa.Double) / 1000.0
    return sa.cast(sa.func.sum(repetitions), sa.Double) + seconds
