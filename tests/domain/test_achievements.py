"""Badges and trophies are earned once, in the session that first meets their rule."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given as trying
from hypothesis import strategies as st

from domain.achievements import events
from domain.achievements.achievements import ACHIEVEMENTS
from domain.achievements.commands import CheckSessions
from domain.achievements.definitions import BADGES, FAMILIES, RULES, Tier, TrophyFamily
from domain.achievements.training_stats import (
    Performed,
    Training,
    TrainingStats,
    current_stats,
    earned,
    next_tiers,
    progress_stats,
)
from domain.ids import ExerciseId, SessionId
from tests.specification import specification

given = specification(ACHIEVEMENTS)

FIRST = datetime(2030, 1, 7, 7, 30, tzinfo=UTC)
"""A Monday."""
LATER = FIRST + timedelta(days=900)


def performed(
    exercise: str = "squat", repetitions: int = 8, kg: float = 0.0, held_s: float = 0.0
) -> Performed:
    return Performed(ExerciseId(exercise), repetitions, kg, round(held_s * 1000))


def training(
    number: int, *done: Performed, day: int | None = None, form: float | None = None
) -> Training:
    """Return the session of a number, by default on the day of that number."""
    since = timedelta(days=number if day is None else day, minutes=number)
    return Training(
        session_id=SessionId(f"s{number:04}"),
        at=FIRST + since,
        day=(FIRST + since).date(),
        repetitions=sum(each.most_repetitions for each in done),
        form=form,
        performed=done,
    )


def check(trainings: Sequence[Training], *sessions: SessionId) -> CheckSessions:
    named = sessions or tuple(each.session_id for each in trainings)
    return CheckSessions(sessions=named, trainings=tuple(trainings), at=LATER)


def won(trainings: Sequence[Training]) -> dict[tuple[str, Tier | None], str]:
    """Return the achievements and the sessions that earned them."""
    return {each.rule.key: each.training.session_id for each in earned(trainings)}


def test_the_first_workout_earns_its_badge_and_a_second_one_does_not() -> None:
    """R-WKT-08, C-50"""
    one, two = training(1, performed()), training(2, performed())
    badge = events.BadgeEarned(
        badge="first_workout", measure="workouts", least=1, figure=1,
        session_id=one.session_id, at=one.at,
    )  # fmt: skip
    first = events.SessionChecked(session_id=one.session_id, at=LATER)
    given().when(check([one])).then(badge, first)
    second = events.SessionChecked(session_id=two.session_id, at=LATER)
    given(badge, first).when(check([one, two], two.session_id)).then(second)
    given(badge, first, second).when(check([one, two])).then_nothing()


def test_a_session_without_repetitions_earns_nothing() -> None:
    empty = training(1, performed(repetitions=0))
    checked = events.SessionChecked(session_id=empty.session_id, at=LATER)
    given().when(check([empty])).then(checked)


def test_achievements_survive_the_deletion_of_their_session() -> None:
    """C-50"""
    one = training(1, performed(repetitions=600))
    log = given().log_after([check([one])])
    other = training(2, performed())
    after = given(*log).log_after([check([other])])
    assert [type(each) for each in after[len(log) :]] == [events.SessionChecked]


def test_several_tiers_can_be_unlocked_at_once() -> None:
    """R-WKT-08, C-50"""
    heights: tuple[Tier, ...] = ("bronze", "silver", "gold")
    tiers: list[tuple[str, Tier | None]] = [("repetitions", tier) for tier in heights]
    slowly = won([training(number, performed(repetitions=500)) for number in range(100)])
    assert [slowly[tier] for tier in tiers] == ["s0000", "s0009", "s0099"]
    at_once = won([training(0, performed(repetitions=50_000))])
    assert [at_once[tier] for tier in tiers] == ["s0000"] * 3


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_each_tier_asks_for_more_than_the_one_below(family: TrophyFamily) -> None:
    assert all(below < above for (_, below), (_, above) in pairwise(family.tiers))


def test_achievement_names_are_unique() -> None:
    names = [each.name for each in (*BADGES, *FAMILIES)]
    assert len(names) == len(set(names))


def test_day_streaks_follow_the_athletes_calendar_and_end_at_a_gap() -> None:
    days = [1, 2, 2, 3, 5, 6]
    trainings = [training(number, performed(), day=day) for number, day in enumerate(days)]
    assert current_stats(trainings).days_in_a_row == 3
    assert current_stats([*trainings, training(9, performed(), day=4)]).days_in_a_row == 6


def test_weeks_in_a_row_begin_on_mondays() -> None:
    """C-52"""
    sunday_monday = [training(1, performed(), day=6), training(2, performed(), day=7)]
    assert current_stats(sunday_monday).weeks_in_a_row == 2
    assert current_stats([training(1, performed(), day=0), *sunday_monday]).weeks_in_a_row == 2
    assert current_stats([training(1, performed(), day=0), training(2, performed(), day=14)]) == (
        TrainingStats(workouts=2, repetitions=16, days_in_a_row=1, weeks_in_a_row=1, exercises=1,
                exercises_in_a_workout=1)
    )  # fmt: skip


def test_a_record_beats_an_earlier_result_and_the_first_sets_it() -> None:
    mark = training(1, performed(repetitions=8, kg=40))
    assert current_stats([mark]).records == 0
    assert current_stats([mark, training(2, performed(repetitions=8, kg=40))]).records == 0
    assert current_stats([mark, training(2, performed(repetitions=9, kg=40))]).records == 1
    assert current_stats([mark, training(2, performed(repetitions=9, kg=42.5))]).records == 2
    assert current_stats([mark, training(2, performed("lunge", repetitions=99))]).records == 0


def test_form_counts_in_a_workout_of_ten_repetitions() -> None:
    few, many = training(1, performed(repetitions=9), form=0.99), training(2, performed("a", 10))
    assert ("clean_form", None) not in won([few, many])
    clean = training(3, performed(repetitions=10), form=0.9)
    assert won([few, many, clean])["clean_form", None] == clean.session_id


def test_a_hold_of_a_minute_unlocks_the_first_tier_of_holds() -> None:
    short, long = (training(n, performed("plank", 0, held_s=59.999 + n)) for n in (0, 1))
    assert ("hold", "bronze") not in won([short])
    assert won([short, long])["hold", "bronze"] == long.session_id


def test_different_exercises_count_once_each() -> None:
    four = training(2, *(performed(name) for name in ("squat", "lunge", "plank", "sit_up")))
    earliest = won([training(1, performed()), four])
    assert earliest["all_round", None] == earliest["variety", "bronze"] == four.session_id
    assert current_stats([training(1, performed()), four]).exercises == 4


@pytest.mark.parametrize(
    ("ago", "days", "weeks"), [(0, 6, 1), (1, 6, 1), (2, 0, 1), (8, 0, 1), (9, 0, 0), (30, 0, 0)]
)
def test_progress_towards_a_longer_streak_is_the_current_one(
    ago: int, days: int, weeks: int
) -> None:
    """R-WKT-08: one that has ended does not go on; today and this week are not over yet."""
    trainings = [training(number, performed()) for number in range(6)]
    stats = progress_stats(trainings, trainings[-1].day + timedelta(days=ago))
    assert (stats.days_in_a_row, stats.weeks_in_a_row) == (days, weeks)


def test_the_next_tier_is_the_lowest_missing_one_with_its_progress() -> None:
    trainings = [training(number, performed()) for number in range(12)]
    has = set(won(trainings))
    following = {each.rule.name: each for each in next_tiers(current_stats(trainings), has)}
    assert "first_workout" not in following
    workouts = following["workouts"]
    assert (workouts.rule.tier, workouts.rule.least, workouts.figure) == ("silver", 50, 12)
    assert list(next_tiers(TrainingStats(), {rule.key for rule in RULES})) == []


done = st.builds(
    performed,
    st.sampled_from(["squat", "lunge", "plank", "sit_up", "push_up"]),
    st.integers(0, 400),
    st.sampled_from([0.0, 20.0, 42.5]),
    st.sampled_from([0.0, 30.0, 61.0, 400.0]),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Training]:
    return [
        training(
            number,
            *draw(st.lists(done, max_size=4, unique_by=lambda each: each.exercise_id)),
            day=draw(st.integers(0, 60)),
            form=draw(st.none() | st.floats(0, 1)),
        )
        for number in range(draw(st.integers(0, 12)))
    ]


@trying(histories(), st.randoms(use_true_random=False))
def test_achievements_do_not_depend_on_the_order_of_sessions(
    trainings: list[Training], chance: Random
) -> None:
    shuffled = sorted(trainings, key=lambda _: chance.random())
    assert list(earned(shuffled)) == list(earned(trainings))
    assert current_stats(shuffled) == current_stats(trainings)


@trying(histories(), st.data())
def test_each_achievement_is_earned_once_in_any_sequence_of_checks(
    trainings: list[Training], data: st.DataObject
) -> None:
    """R-WKT-08"""
    parts = data.draw(st.lists(st.integers(0, len(trainings)), max_size=6))
    log = given().log_after(
        [*(check(trainings[:part]) for part in parts), check(trainings), check(trainings)]
    )
    keys = [
        each.badge if isinstance(each, events.BadgeEarned) else (each.family, each.tier)
        for each in log
        if not isinstance(each, events.SessionChecked)
    ]
    checked = [each.session_id for each in log if isinstance(each, events.SessionChecked)]
    assert len(keys) == len(set(keys)) >= len(won(trainings))
    assert sorted(checked) == sorted(each.session_id for each in trainings)


@trying(histories())
def test_statistics_never_fall_with_more_training(trainings: list[Training]) -> None:
    in_order = sorted(trainings, key=lambda each: each.at)
    along = [current_stats(in_order[:length]) for length in range(len(trainings) + 1)]
    measures = {rule.measure for rule in RULES}
    for before, after in pairwise(along):
        assert all(before.of(measure) <= after.of(measure) for measure in measures)
