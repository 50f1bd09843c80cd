"""Progression rules and their back-test."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import ExerciseId, SessionId
from domain.programs.back_test import PastExercise, back_test
from domain.programs.changes import Fact, apply_change
from domain.programs.content import Day, PlannedExercise, Week, check_weeks
from domain.programs.progression import PerformedSet, Rule, Streak, one_repetition_max, progress
from domain.values import InvalidValue

BENCH = ExerciseId("bench_press")
PLANNED = PlannedExercise(BENCH, sets=3, repetitions=8, load_kg=40.0)
NEW = Streak(BENCH)

SETS = st.lists(
    st.builds(
        PerformedSet,
        repetitions=st.integers(0, 100),
        load_kg=st.none() | st.floats(0, 1000),
        form=st.none() | st.floats(0, 1),
    ),
    max_size=5,
)
RULES = st.builds(
    Rule,
    kind=st.sampled_from(["none", "linear", "double_progression", "percentage"]),
    step_kg=st.floats(0.5, 20),
    min_repetitions=st.integers(1, 8),
    max_repetitions=st.integers(8, 100),
    percentage=st.floats(0.3, 1),
    min_form=st.none() | st.floats(0, 1),
    deload_after=st.integers(0, 3),
    deload_share=st.floats(0.5, 1),
)
PLANS = st.builds(
    PlannedExercise,
    exercise_id=st.just(BENCH),
    sets=st.integers(1, 5),
    repetitions=st.integers(1, 100),
    load_kg=st.none() | st.floats(0, 1000),
)


def performed(repetitions: int, *, form: float | None = None, sets: int = 3) -> list[PerformedSet]:
    """Return sets of the planned load."""
    return [PerformedSet(repetitions, load_kg=40.0, form=form)] * sets


@given(RULES, PLANS, st.lists(SETS, max_size=6))
def test_a_rule_never_leaves_the_limits(
    rule: Rule, planned: PlannedExercise, sessions: list[list[PerformedSet]]
) -> None:
    """Whatever is performed, the program stays valid, and each change has facts (R-PRG-01)."""
    weeks: tuple[Week, ...] = (Week((Day((planned,)),)),)
    streak = NEW
    for sets in sessions:
        outcome = progress(rule, weeks[0].days[0].exercises[0], sets, streak, from_day=1)
        for change in outcome.changes:
            assert change.facts
            assert change.after != change.before
            weeks = apply_change(weeks, change)
        streak = outcome.streak
        check_weeks(weeks)


@given(PLANS, SETS, st.floats(0.01, 1))
def test_nothing_rises_while_the_form_is_below_the_condition(
    planned: PlannedExercise, sets: list[PerformedSet], min_form: float
) -> None:
    """Poor repetitions do not count as progress (R-PRG-01)."""
    poor = [PerformedSet(each.repetitions, 0.0, each.load_kg, 0.0) for each in sets]
    rule = Rule("linear", min_form=min_form, deload_after=0)
    assert progress(rule, planned, poor, NEW, from_day=1).changes == ()


def test_linear_progression_adds_the_step_with_its_reason() -> None:
    """All sets reached: 2.5 kg more, and the facts say so (R-PRG-01)."""
    (change,) = progress(Rule("linear"), PLANNED, performed(8), NEW, from_day=2).changes
    assert (change.target, change.before, change.after) == ("load_kg", 40.0, 42.5)
    assert change.facts == (Fact("sets", 3), Fact("target", 8), Fact("sessions", 1))


def test_a_missing_set_is_a_miss() -> None:
    """Two of three sets are not enough (R-PRG-01)."""
    outcome = progress(Rule("linear"), PLANNED, performed(8, sets=2), NEW, from_day=2)
    assert (outcome.changes, outcome.streak.missed) == ((), 1)


def test_double_progression_fills_the_range_first() -> None:
    """Repetitions rise to the end of the range, then the load with the first of it (R-PRG-01)."""
    rule = Rule("double_progression", max_repetitions=9)
    (more,) = progress(rule, PLANNED, performed(8), NEW, from_day=2).changes
    assert (more.target, more.after) == ("repetitions", 9)
    full = PlannedExercise(BENCH, 3, 9, load_kg=40.0)
    load, first = progress(rule, full, performed(9), NEW, from_day=2).changes
    assert (load.after, first.after) == (42.5, 8)


def test_percentage_follows_the_estimated_maximum() -> None:
    """75 % of 40 kg x (1 + 8/30), in steps of half a kilogram (R-PRG-01)."""
    sets = performed(8)
    assert one_repetition_max(sets) == pytest.approx(50.67, abs=0.01)
    (change,) = progress(Rule("percentage"), PLANNED, sets, NEW, from_day=2).changes
    assert change.after == 38.0


def test_three_misses_in_a_row_lower_the_load() -> None:
    """The third miss is followed by 90 % of the load (R-PRG-01)."""
    streak = NEW
    for _ in range(2):
        outcome = progress(Rule("linear"), PLANNED, performed(5), streak, from_day=2)
        assert outcome.changes == ()
        streak = outcome.streak
    (change,) = progress(Rule("linear"), PLANNED, performed(5), streak, from_day=2).changes
    assert (change.code, change.after) == ("deload_after_misses", 36.0)


def test_the_smallest_load_does_not_fall_to_nothing() -> None:
    """A load of half a kilogram stays: a load of zero would be the body's own weight (R-PRG-01)."""
    light = PlannedExercise(BENCH, 3, 8, load_kg=0.5)
    rule = Rule("linear", deload_after=1)
    assert progress(rule, light, performed(5), NEW, from_day=2).changes == ()


def test_a_change_leaves_earlier_days_as_they_were() -> None:
    """Only days from the next one on change (R-PRG-01)."""
    week = Week((Day((PLANNED,)), Day((PLANNED,))))
    (change,) = progress(Rule("linear"), PLANNED, performed(8), NEW, from_day=2).changes
    first, second = apply_change((week,), change)[0].days
    assert (first.exercises[0].load_kg, second.exercises[0].load_kg) == (40.0, 42.5)


def test_back_test_shows_each_session_with_what_the_rule_would_have_planned() -> None:
    """The rule starts with the first load lifted, and rises after each success (R-PRG-01)."""
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    history = [
        PastExercise(
            SessionId(f"s{number}"),
            begin + timedelta(days=number),
            (PerformedSet(8, load_kg=load),) * 3,
        )
        for number, load in enumerate((40.0, 42.5, 42.5))
    ]
    steps = back_test(Rule("linear"), PlannedExercise(BENCH, 3, 8), history)
    assert [step.planned.load_kg for step in steps] == [40.0, 42.5, 45.0]
    assert [len(step.changes) for step in steps] == [1, 1, 0]


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    """The numbers of a rule have limits (R-PRG-01)."""
    with pytest.raises(InvalidValue):
        Rule("double_progression", min_repetitions=10, max_repetitions=8)
