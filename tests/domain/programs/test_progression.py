"""Progression rules and their back-test."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import ExerciseId, SessionId
from domain.programs.back_test import PastExercise, back_test
from domain.programs.changes import Fact, apply_changes
from domain.programs.content import Day, PlannedExercise, Week, check_weeks, days_of
from domain.programs.progression import (
    PerformedSet,
    Rule,
    Streak,
    adjust_to_effort,
    one_repetition_max,
    progress,
)
from domain.values import InvalidRpe, InvalidValue

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
    kind=st.sampled_from(["none", "linear", "double_progression", "percentage", "effort"]),
    step_kg=st.floats(0.5, 20),
    min_repetitions=st.integers(1, 8),
    max_repetitions=st.integers(8, 100),
    percentage=st.floats(0.3, 1),
    min_form=st.none() | st.floats(0, 1),
    deload_after=st.integers(0, 3),
    deload_share=st.floats(0.5, 1),
    load_step_kg=st.floats(0.1, 20),
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
            if change.code == "deload_after_misses":
                assert change.after < (change.before or 0)
        weeks = apply_changes(weeks, outcome.changes)
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


def test_form_that_equals_the_condition_is_good_enough() -> None:
    """Binary fractions add up to slightly less than these decimals (R-PRG-01)."""
    sets = [PerformedSet(8, load_kg=40.0, form=form) for form in (0.7, 0.8, 0.9)]
    outcome = progress(Rule("linear", min_form=0.8), PLANNED, sets, NEW, from_day=2)
    assert outcome.may_rise
    poor = [*sets[:2], replace(sets[2], form=0.899)]
    assert not progress(Rule("linear", min_form=0.8), PLANNED, poor, NEW, from_day=2).may_rise
    thirds = [PerformedSet(8, load_kg=40.0, form=form) for form in (0.7, 0.9, 0.9)]
    assert progress(Rule("linear", min_form=5 / 6), PLANNED, thirds, NEW, from_day=2).may_rise


def test_linear_progression_adds_the_step_with_its_reason() -> None:
    """All sets reached: 2.5 kg more, and the facts say so (R-PRG-01)."""
    (change,) = progress(Rule("linear"), PLANNED, performed(8), NEW, from_day=2).changes
    assert (change.target, change.before, change.after) == ("load_kg", 40.0, 42.5)
    assert change.facts == (Fact("sets", 3), Fact("target", 8), Fact("sessions", 1))


def test_a_missing_set_is_a_miss() -> None:
    """Two of three sets are not enough (R-PRG-01)."""
    outcome = progress(Rule("linear"), PLANNED, performed(8, sets=2), NEW, from_day=2)
    assert (outcome.changes, outcome.streak.missed) == ((), 1)


def test_a_lighter_set_after_those_that_reached_the_target_is_no_miss() -> None:
    """R-PRG-01: as many sets as planned had the load and the repetitions."""
    sets = [*performed(8), PerformedSet(10, load_kg=20.0)]
    (change,) = progress(Rule("linear"), PLANNED, sets, NEW, from_day=2).changes
    assert change.after == 42.5
    lighter = [*performed(8, sets=2), PerformedSet(8, load_kg=20.0)]
    assert progress(Rule("linear"), PLANNED, lighter, NEW, from_day=2).streak.missed == 1


def test_double_progression_fills_the_range_first() -> None:
    """Repetitions rise to the end of the range, then the load with the first of it (R-PRG-01)."""
    rule = Rule("double_progression", max_repetitions=9)
    (more,) = progress(rule, PLANNED, performed(8), NEW, from_day=2).changes
    assert (more.target, more.after) == ("repetitions", 9)
    full = PlannedExercise(BENCH, 3, 9, load_kg=40.0)
    load, first = progress(rule, full, performed(9), NEW, from_day=2).changes
    assert (load.after, first.after) == (42.5, 8)


def test_percentage_follows_the_estimated_maximum() -> None:
    """75 % of 40 kg x (1 + 12/30), in steps of half a kilogram (R-PRG-01)."""
    sets = performed(12)
    assert one_repetition_max(sets) == pytest.approx(56.0)
    (change,) = progress(Rule("percentage"), PLANNED, sets, NEW, from_day=2).changes
    assert change.after == 42.0


def test_a_share_of_the_maximum_lowers_no_load_after_a_reached_target() -> None:
    """R-PRG-01: five repetitions of 100 kg estimate 116.7 kg; 75 % of it are less than 100 kg."""
    line = PlannedExercise(BENCH, 3, 5, load_kg=100.0)
    sets = [PerformedSet(5, load_kg=100.0)] * 3
    outcome = progress(Rule("percentage"), line, sets, NEW, from_day=2)
    assert (outcome.changes, outcome.may_rise) == ((), True)


@pytest.mark.parametrize(
    ("load_kg", "repetitions", "maximum", "percentage", "step_kg", "next_kg"),
    [
        (100.0, 5, 116.667, 0.8, 2.5, 92.5),  # 93.33, down to the plates
        (60.0, 10, 80.0, 0.75, 2.5, 60.0),
        (80.0, 3, 88.0, 0.85, 0.5, 74.5),  # 74.8
        (120.0, 1, 120.0, 0.9, 2.5, 107.5),  # one repetition is its own maximum; 108
        (20.0, 30, 28.0, 0.5, 0.5, 14.0),  # as of 12 repetitions
        (61.235, 5, 71.441, 0.8, 2.26796185, 56.69904625),  # 135 lb: 126 lb, down to 125 lb
        (1.0, 5, 1.1667, 0.3, 0.5, 0.5),  # at least one step
    ],
)
def test_shares_of_the_maximum_are_as_computed_by_hand(
    load_kg: float,
    repetitions: int,
    maximum: float,
    percentage: float,
    step_kg: float,
    next_kg: float,
) -> None:
    """R-PRG-01: load x (1 + repetitions / 30), of which a share that can be loaded."""
    sets = [PerformedSet(repetitions, load_kg=load_kg)] * 3
    assert one_repetition_max(sets) == pytest.approx(maximum, abs=0.001)
    rule = Rule("percentage", percentage=percentage, load_step_kg=step_kg)
    planned = PlannedExercise(BENCH, 3, repetitions, load_kg=load_kg / 4)  # less than lifted
    changes = progress(rule, planned, sets, NEW, from_day=2).changes
    assert [each.after for each in changes] == [next_kg]


def test_a_load_in_pounds_that_was_recorded_to_the_gram_is_the_planned_one() -> None:
    """R-PRG-01: 100 lb are 45.359237 kg; five more are 105 lb."""
    planned = PlannedExercise(BENCH, 3, 8, load_kg=45.359237)
    rule = Rule("linear", step_kg=2.26796185, load_step_kg=2.26796185)
    sets = [PerformedSet(8, load_kg=45.359)] * 3
    (change,) = progress(rule, planned, sets, NEW, from_day=2).changes
    assert change.after == pytest.approx(105 * 0.45359237)


@pytest.mark.parametrize(
    ("reserve", "may_rise", "after"),
    [(5, True, 42.5), (3, True, 42.5), (2, True, None), (1, True, None), (0, True, 37.5),
     (5, False, None), (0, False, 37.5)],
)  # fmt: skip
def test_the_load_follows_the_repetitions_in_reserve(
    reserve: int,
    may_rise: bool,  # noqa: FBT001  a column of the table
    after: float | None,
) -> None:
    """R-PRG-01: more than two, a step more; none, a step less; and nothing rises after a miss."""
    rule = Rule("effort", reserve=2)
    changes = adjust_to_effort(rule, PLANNED, reserve, 2, may_rise=may_rise)
    assert [each.after for each in changes] == ([] if after is None else [after])
    for each in changes:
        assert each.facts == (Fact("reserve", reserve), Fact("target_reserve", 2))


@given(RULES, PLANS, st.integers(0, 10), st.booleans())
def test_an_effort_never_leaves_the_limits(
    rule: Rule,
    planned: PlannedExercise,
    reserve: int,
    may_rise: bool,  # noqa: FBT001  any of both
) -> None:
    """R-PRG-01"""
    weeks: tuple[Week, ...] = (Week((Day((planned,)),)),)
    changes = adjust_to_effort(rule, planned, reserve, 1, may_rise=may_rise)
    assert all(each.after != each.before for each in changes)
    check_weeks(apply_changes(weeks, changes))


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


@pytest.mark.parametrize(
    ("load_kg", "after", "percentage"),
    [(2.0, None, None), (2.5, None, None), (6.0, 5.0, 83), (10.0, 7.5, 75)],
)
def test_a_deload_is_lighter_and_its_reason_true(
    load_kg: float, after: float | None, percentage: int | None
) -> None:
    """R-PRG-01: with steps of 2.5 kg, 2 kg stay, and 10 kg fall to 75 %, not to 90 %."""
    raise_ = PlannedExercise(ExerciseId("front_raise"), 3, 8, load_kg=load_kg)
    rule = Rule("linear", deload_after=1, load_step_kg=2.5)
    sets = [PerformedSet(5, load_kg=load_kg)] * 3
    outcome = progress(rule, raise_, sets, Streak(raise_.exercise_id), from_day=2)
    assert [each.after for each in outcome.changes] == ([] if after is None else [after])
    for each in outcome.changes:
        assert each.facts == (Fact("misses", 1), Fact("percentage", percentage or 0))


def test_a_change_leaves_earlier_days_as_they_were() -> None:
    """Only days from the next one on change (R-PRG-01)."""
    week = Week((Day((PLANNED,)), Day((PLANNED,))))
    (change,) = progress(Rule("linear"), PLANNED, performed(8), NEW, from_day=2).changes
    first, second = apply_changes((week,), [change])[0].days
    assert (first.exercises[0].load_kg, second.exercises[0].load_kg) == (40.0, 42.5)


@pytest.mark.parametrize("rpe", [0.5, 8.25, 11.0])
def test_a_target_of_exertion_is_on_the_scale(rpe: float) -> None:
    """R-WKT-02: a rule that changes the load keeps the target."""
    week = Week((Day((replace(PLANNED, target_rpe=8.5),)),))
    check_weeks((week,))
    (change,) = progress(Rule("linear"), PLANNED, performed(8), NEW, from_day=1).changes
    (raised,) = days_of(apply_changes((week,), [change]))
    assert raised.exercises == (replace(PLANNED, load_kg=42.5, target_rpe=8.5),)
    with pytest.raises(InvalidRpe):
        check_weeks((Week((Day((replace(PLANNED, target_rpe=rpe),)),)),))


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
