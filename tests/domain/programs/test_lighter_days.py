"""Programs that have an exercise with different targets: on a lighter day, or twice on one day."""

from dataclasses import replace

from domain.ids import ExerciseId, SessionId, UserId
from domain.programs import commands
from domain.programs.content import Day, PlannedExercise, Week, days_of
from domain.programs.events import About, ProgramDayPerformed
from domain.programs.programs import PROGRAMS
from domain.programs.progression import PerformedSet, Rule, Streak
from domain.programs.states import Programs
from tests.domain.programs.performances import KEY, NOW, SQUAT, after, performed, reported

HEAVY = PlannedExercise(SQUAT, sets=3, repetitions=5, load_kg=100.0)
LIGHT = replace(HEAVY, repetitions=10, load_kg=60.0)
TOP = replace(HEAVY, sets=1)
BACK_OFF = replace(HEAVY, sets=2, repetitions=10, load_kg=70.0)


def created(rule: Rule, *days: tuple[PlannedExercise, ...]) -> Programs:
    command = commands.CreateProgram(
        program_id=KEY,
        athlete_id=UserId("ada"),
        about=About("Waves", "strength"),
        weeks=(Week(tuple(Day(exercises) for exercises in days)),),
        rule=rule,
        at=NOW,
    )
    return after(Programs(), command)


def targets(programs: Programs) -> list[list[tuple[int | None, float | None]]]:
    return [
        [(each.repetitions, each.load_kg) for each in day.exercises]
        for day in days_of(programs.current[0].weeks)
    ]


def test_a_rule_leaves_a_lighter_day_alone() -> None:
    """R-PRG-01: heavier days rise together, also if a lighter one is next."""
    programs = created(Rule("linear"), (HEAVY,), (LIGHT,), (HEAVY,), (LIGHT,))
    programs = performed(programs, 1, *[PerformedSet(5, load_kg=100.0)] * 3)
    assert targets(programs) == [[(5, 100.0)], [(10, 60.0)], [(5, 102.5)], [(10, 60.0)]]
    programs = performed(programs, 2, *[PerformedSet(10, load_kg=60.0)] * 3)
    assert targets(programs)[2:] == [[(5, 102.5)], [(10, 62.5)]]


def test_load_and_repetitions_change_together_or_not_at_all() -> None:
    """R-PRG-01: a completed range leads to fewer repetitions only with the greater load."""
    rule = Rule("double_progression", min_repetitions=8, max_repetitions=12)
    full, light = (replace(HEAVY, repetitions=12, load_kg=kg) for kg in (100.0, 60.0))
    programs = created(rule, (full,), (light,), (full,))
    programs = performed(programs, 1, *[PerformedSet(12, load_kg=100.0)] * 3)
    assert targets(programs) == [[(12, 100.0)], [(12, 60.0)], [(8, 102.5)]]


def test_sets_count_for_the_exercise_of_the_day_that_they_belong_to() -> None:
    """R-PRG-01: lighter sets after the heaviest one are no miss, and keep their load."""
    rule = Rule("linear", deload_after=1)
    programs = created(rule, *[(TOP, BACK_OFF)] * 2)
    heaviest, lighter = PerformedSet(5, load_kg=100.0), PerformedSet(10, load_kg=70.0)
    missed = performed(programs, 1, replace(heaviest, repetitions=4), lighter, lighter)
    assert targets(missed)[1] == [(5, 90.0), (10, 70.0)]
    reached = performed(programs, 1, heaviest, lighter, lighter)
    assert targets(reached)[1] == [(5, 102.5), (10, 70.0)]


def extended(programs: Programs) -> list[list[tuple[int | None, float | None]]]:
    """Return the targets of a week that is added to a program of one week."""
    days = len(programs.current[0].weeks[0].days)
    extend = commands.ExtendProgram(program_id=KEY, weeks=1, at=NOW)
    return targets(after(programs, extend))[days:]


def test_an_added_week_has_the_targets_of_each_day() -> None:
    """R-PRG-01, R-PRG-02: as the rule has changed them, on all days that it concerns."""
    programs = created(Rule("linear"), (HEAVY,), (LIGHT,), (HEAVY,))
    assert extended(programs) == [[(5, 100.0)], [(10, 60.0)], [(5, 100.0)]]
    programs = performed(programs, 1, *[PerformedSet(5, load_kg=100.0)] * 3)
    assert extended(programs) == [[(5, 102.5)], [(10, 60.0)], [(5, 102.5)]]


def test_an_added_week_begins_with_a_completed_range() -> None:
    """R-PRG-01: also on the day that was performed before it was completed."""
    rule = Rule("double_progression", min_repetitions=8, max_repetitions=12)
    full = replace(HEAVY, repetitions=12)
    programs = created(rule, (full,), (full,))
    programs = performed(programs, 1, *[PerformedSet(12, load_kg=100.0)] * 3)
    assert extended(programs) == [[(8, 102.5)]] * 2


def test_an_added_week_has_the_load_that_was_chosen() -> None:
    """R-PRG-02: on the other days, too, but not for other repetitions."""
    chosen = replace(HEAVY, load_kg=None)
    programs = created(Rule(), (chosen,), (replace(chosen, repetitions=10),), (HEAVY,))
    assert extended(programs) == [[(5, 100.0)], [(10, None)], [(5, 100.0)]]


def test_days_with_other_targets_have_streaks_of_their_own() -> None:
    """R-PRG-01: what is reached or missed on lighter days says nothing of heavier ones."""
    days = [(HEAVY,), (LIGHT,)] * 3
    reached_light = [PerformedSet(10, load_kg=60.0)] * 3
    missed = created(Rule("linear", step_kg=2.5, deload_after=2), *days)
    missed = performed(missed, 1, *[PerformedSet(3, load_kg=100.0)] * 3)
    missed = performed(missed, 2, *reached_light)
    missed = performed(missed, 3, *[PerformedSet(3, load_kg=100.0)] * 3)
    assert targets(missed)[4] == [(5, 90.0)]

    twice = created(Rule("linear", sessions=2), *days)
    twice = performed(twice, 1, *[PerformedSet(5, load_kg=100.0)] * 3)
    twice = performed(twice, 2, *reached_light)
    assert targets(twice)[2:4] == [[(5, 100.0)], [(10, 60.0)]]
    twice = performed(twice, 3, *[PerformedSet(5, load_kg=100.0)] * 3)
    twice = performed(twice, 4, *reached_light)
    assert targets(twice)[4:6] == [[(5, 102.5)], [(10, 62.5)]]


def test_a_streak_of_days_that_were_performed_before_goes_on() -> None:
    """R-PRG-01: in events of older versions, each day has the streaks of all exercises."""
    programs = created(Rule("linear", deload_after=2), *[(HEAVY,), (LIGHT,)] * 3)
    older = ProgramDayPerformed(
        program_id=KEY,
        day=1,
        session_id=SessionId("s"),
        changes=(),
        streaks=(Streak(SQUAT, missed=1), Streak(ExerciseId("lunge"), missed=1)),
        at=NOW,
        results=None,
    )
    programs = PROGRAMS.fold([older], programs)
    programs = performed(programs, 2, *[PerformedSet(3, load_kg=60.0)] * 3)
    assert targets(programs)[4:] == [[(5, 100.0)], [(10, 60.0)]]
    programs = performed(programs, 3, *[PerformedSet(3, load_kg=100.0)] * 3)
    assert targets(programs)[4:] == [[(5, 90.0)], [(10, 60.0)]]


def pounds(load: float) -> float:
    """Convert a load to kilograms as the pages do."""
    return round(load * 0.45359237, 8)


def test_loads_in_pounds_that_were_raised_and_typed_are_equal() -> None:
    """R-PRG-01: in kilograms, 55 lb and a step of 5 lb differ from 60 lb in the last digit."""
    rule = Rule("linear", step_kg=pounds(5), load_step_kg=pounds(5))
    line = replace(HEAVY, sets=1, load_kg=pounds(55))
    assert pounds(55) + pounds(5) != pounds(60)
    programs = created(rule, *[(line,)] * 4)
    programs = performed(programs, 1, PerformedSet(5, load_kg=pounds(55)))
    raised = programs.current[0]
    (week,) = raised.weeks
    typed = Day((replace(line, load_kg=pounds(60)),))
    revise = commands.ReviseProgram(
        program_id=KEY,
        revision=raised.revision,
        name="Waves",
        weeks=(Week((*week.days[:2], typed, week.days[3])),),
        at=NOW,
    )
    programs = after(programs, revise)
    assert programs.current[0].weeks == raised.weeks
    programs = performed(programs, 2, PerformedSet(5, load_kg=pounds(60)))
    assert len({load for ((_, load),) in targets(programs)[2:]}) == 1


def test_a_raised_load_equals_that_of_a_later_day() -> None:
    """R-PRG-01: the rule then changes both together."""
    rule = Rule("linear", step_kg=pounds(5), load_step_kg=pounds(5))
    low, high = (replace(HEAVY, sets=1, load_kg=pounds(each)) for each in (55, 60))
    programs = created(rule, (low,), (low,), (high,))
    programs = performed(programs, 1, PerformedSet(5, load_kg=pounds(55)))
    assert targets(programs)[1:] == [[(5, pounds(60))]] * 2
    programs = performed(programs, 2, PerformedSet(5, load_kg=pounds(60)))
    assert targets(programs)[2] == [(5, pounds(60) + pounds(5))]


def test_a_load_that_only_rounding_changes_stays() -> None:
    """R-PRG-01: a share of the estimated maximum that equals the load is no change."""
    rule = Rule("percentage", percentage=1.0, load_step_kg=0.1)
    line = replace(HEAVY, sets=1, repetitions=1, load_kg=24.896)
    programs = created(rule, (line,), (line,))
    programs = performed(programs, 1, PerformedSet(1, load_kg=24.896))
    assert targets(programs)[1] == [(1, 24.896)]
    assert programs.current[0].changes == ()


def test_a_target_that_comes_back_has_no_streak_of_before() -> None:
    """R-PRG-01: a miss before the load fell and rose again is not in a row with the next one."""
    programs = created(Rule("effort", deload_after=2), *[(HEAVY,)] * 7)
    missed = [PerformedSet(4, load_kg=100.0)] * 3
    programs = reported(performed(programs, 1, *missed), 1, 0)
    assert targets(programs)[1] == [(5, 97.5)]
    programs = performed(programs, 2, *[PerformedSet(5, load_kg=97.5)] * 3)
    programs = reported(programs, 2, 4)
    assert targets(programs)[2] == [(5, 100.0)]
    programs = performed(programs, 3, *missed)
    assert targets(programs)[3] == [(5, 100.0)]


def test_a_streak_goes_on_in_an_added_week() -> None:
    """R-PRG-02: also if it ended with the last day before."""
    programs = created(Rule("linear", deload_after=2), *[(HEAVY,)] * 2)
    missed = [PerformedSet(4, load_kg=100.0)] * 3
    programs = performed(performed(programs, 1, *missed), 2, *[PerformedSet(0)])
    extend = commands.ExtendProgram(program_id=KEY, weeks=1, at=NOW)
    programs = performed(after(programs, extend), 3, *missed)
    assert targets(programs)[3] == [(5, 90.0)]
