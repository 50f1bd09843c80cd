"""Rows of enrollments: workouts that were performed and missed."""

from dataclasses import replace
from typing import Any

import pytest

from domain.enrollments import events
from projections.enrollment import ENROLLMENT
from tests.domain.test_enrollment import ACTIVATED, CREATED, FIRST, day, missed, performed
from tests.projections.histories import row_after


def row(rule: events.MissedDay, *history: Any) -> Any:
    created = replace(CREATED, schedule=replace(CREATED.schedule, missed_day=rule))
    return row_after(ENROLLMENT, "enrollment-e", created, FIRST, ACTIVATED, *history)


@pytest.mark.parametrize("rule", ["shift", "repeat"])
def test_a_workout_that_is_missed_again_on_a_later_day_is_one_missed_workout(
    rule: events.MissedDay,
) -> None:
    """R-CAT-05: it moves to a later day, and is still to be done."""
    again = [missed(1, rule, day(offset)) for offset in range(5)]
    assert row(rule, *again).missed == 1
    next_one = [performed(1, day(5)), missed(2, rule, day(8))]
    shown = row(rule, *again, *next_one)
    assert (shown.performed, shown.missed) == (1, 2)
