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


@pytest.mark.parametrize("rule", ["shift", "skip", "repeat"])
def test_a_workout_that_was_performed_on_its_day_is_not_missed(rule: events.MissedDay) -> None:
    """R-CAT-05: its session arrives later; a workout that was performed late stays missed."""
    in_time = row(rule, missed(1, rule, day(0)), missed(1, rule, day(1)), performed(1, day(0)))
    assert (in_time.performed, in_time.missed) == (1, 0)
    on_a_later_day = row(rule, missed(1, rule, day(0)), performed(1, day(1)))
    assert (on_a_later_day.performed, on_a_later_day.missed) == (1, 1)
