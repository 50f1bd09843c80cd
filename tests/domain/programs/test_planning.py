"""Planning of programs: every plan keeps to its constraints, whatever is asked."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.guidance.features import LEVELS, body_parts, equipment
from domain.intents.vocabulary import exercise_names
from domain.programs.content import MAX_WEEKS, Day, check_weeks, days_of
from domain.programs.goals import DOSES
from domain.programs.planning import (
    NoExerciseFits,
    PlanRequest,
    plan_next_weeks,
    plan_weeks,
    substitutes,
)
from domain.values import InvalidValue

REQUESTS = st.builds(
    PlanRequest,
    goal=st.sampled_from(sorted(DOSES)),
    weeks=st.integers(1, 16),
    days_a_week=st.integers(1, 7),
    level=st.sampled_from(LEVELS),
    equipment=st.lists(st.sampled_from(sorted(equipment())), unique=True).map(tuple),
    spared=st.lists(st.sampled_from(sorted(body_parts())), unique=True, max_size=3).map(tuple),
)


@given(REQUESTS)
def test_a_plan_keeps_to_equipment_and_spared_body_parts(request: PlanRequest) -> None:
    """No exercise needs missing equipment or strains what hurts (R-PRG-01)."""
    try:
        weeks = plan_weeks(request)
    except NoExerciseFits:
        assert request.spared  # some exercises need no equipment
        return
    check_weeks(weeks)
    assert len(weeks) == request.weeks
    assert all(len(week.days) == request.days_a_week for week in weeks)
    for day in days_of(weeks):
        ids = [each.exercise_id for each in day.exercises]
        assert len(set(ids)) == len(ids)
        for each in ids:
            entry = exercise_names().entries[each]
            assert entry.needs <= set(request.equipment)
            assert not entry.strains & set(request.spared)


@given(REQUESTS)
def test_planning_is_deterministic_and_deload_weeks_are_lighter(request: PlanRequest) -> None:
    """The same request gives the same weeks; each fourth one has fewer sets (R-PRG-01)."""
    try:
        weeks = plan_weeks(request)
    except NoExerciseFits:
        return
    assert weeks == plan_weeks(request)
    for number, week in enumerate(weeks, 1):
        assert week.is_deload == (number % 4 == 0)
        if week.is_deload:
            usual, light = (
                sum(each.sets for day in one.days for each in day.exercises)
                for one in (weeks[0], week)
            )
            assert light < usual


def test_a_substitute_has_the_same_pattern_first() -> None:
    """Without a barbell, a bench press becomes a push-up (R-PRG-01)."""
    assert next(substitutes("bench_press", frozenset(), frozenset())) == "push_up"
    assert list(substitutes("deadlift", frozenset(), frozenset({"knee"}))) == []


def test_unknown_equipment_is_refused() -> None:
    """The refusal names what is allowed (R-PRG-01)."""
    with pytest.raises(InvalidValue, match="barbell"):
        PlanRequest("strength", 4, 3, equipment=("rocket",))


def test_too_many_weeks_are_refused() -> None:
    """A program has at most 16 weeks (R-PRG-01)."""
    with pytest.raises(InvalidValue):
        PlanRequest("strength", 17, 3)


@given(REQUESTS, st.integers(1, 8))
def test_next_weeks_repeat_the_latest_full_week_with_its_latest_targets(
    request: PlanRequest, count: int
) -> None:
    """Each fourth week stays a deload week; no program has more than 16 weeks (R-PRG-01)."""
    try:
        weeks = plan_weeks(request)
    except NoExerciseFits:
        return
    if len(weeks) + count > MAX_WEEKS:
        with pytest.raises(InvalidValue, match="weeks of a program"):
            plan_next_weeks(weeks, count)
        return
    last = list(days_of(weeks))[-1].exercises[-1]
    risen = replace(last, load_kg=42.5)
    *others, final = weeks
    *days, day = final.days
    weeks = (*others, replace(final, days=(*days, Day((*day.exercises[:-1], risen)))))
    added = plan_next_weeks(weeks, count)
    check_weeks((*weeks, *added))
    assert len(added) == count
    usual = [each for each in weeks if not each.is_deload][-1]
    for number, week in enumerate(added, len(weeks) + 1):
        assert week.is_deload == (number % 4 == 0)
        assert [ids(each) for each in week.days] == [ids(each) for each in usual.days]
        for before, after in zip(days_of((usual,)), days_of((week,)), strict=True):
            for one, other in zip(before.exercises, after.exercises, strict=True):
                assert other.sets == (max(1, one.sets // 2) if week.is_deload else one.sets)
                if other.exercise_id == risen.exercise_id:
                    assert other.load_kg == 42.5


def ids(day: Day) -> list[str]:
    return [each.exercise_id for each in day.exercises]
