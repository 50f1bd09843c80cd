"""The rule by effort: later days follow what was performed, and how hard it was."""

from dataclasses import replace

import pytest

from domain.ids import SessionId, UserId
from domain.programs import commands
from domain.programs.content import Day, PlannedExercise, Week
from domain.programs.events import About, ProgramDayPerformed
from domain.programs.programs import PROGRAMS
from domain.programs.progression import PerformedSet, Rule
from domain.programs.states import Programs
from tests.domain.programs.performances import KEY, NOW, PLANK, SQUAT, after, performed, reported

PLANNED = PlannedExercise(SQUAT, sets=3, repetitions=5, load_kg=60.0)
RULE = Rule("effort")
DONE = PerformedSet(5, load_kg=60.0)
MISSED = PerformedSet(4, load_kg=60.0)


def created(rule: Rule, *exercises: PlannedExercise, days: int = 5) -> Programs:
    weeks = (Week((Day(exercises),) * days),)
    command = commands.CreateProgram(
        program_id=KEY,
        athlete_id=UserId("ada"),
        about=About("Hard", "strength"),
        weeks=weeks,
        rule=rule,
        at=NOW,
    )
    return after(Programs(), command)


def loads(programs: Programs) -> list[float | None]:
    return [day.exercises[0].load_kg for day in programs.current[0].weeks[0].days]


@pytest.mark.parametrize("deload_after", [0, 1, 3])
def test_nothing_rises_after_a_miss_however_often_it_was_missed(deload_after: int) -> None:
    """R-PRG-01: the smallest load stays, as nothing lighter can be loaded."""
    rule = replace(RULE, deload_after=deload_after, load_step_kg=20.0)
    light = replace(PLANNED, load_kg=20.0)
    programs = created(rule, light)
    for day in (1, 2, 3):
        programs = performed(programs, day, *[replace(MISSED, load_kg=20.0)] * 3)
        programs = reported(programs, day, 5)
        assert loads(programs) == [20.0] * 5


@pytest.mark.parametrize(("form", "next_kg"), [(None, 60.0), (0.69, 60.0), (0.75, 62.5)])
def test_nothing_rises_unless_the_form_was_good(form: float | None, next_kg: float) -> None:
    """R-PRG-01"""
    programs = created(replace(RULE, min_form=0.7), PLANNED)
    programs = performed(programs, 1, *[replace(DONE, form=form)] * 3)
    assert loads(reported(programs, 1, 5))[1:] == [next_kg] * 4


def test_a_load_rises_as_often_as_the_rule_asks() -> None:
    """R-PRG-01: with two sessions, after the second in a row."""
    programs = created(replace(RULE, sessions=2), PLANNED)
    programs = reported(performed(programs, 1, *[DONE] * 3), 1, 5)
    assert loads(programs) == [60.0] * 5
    programs = reported(performed(programs, 2, *[DONE] * 3), 2, 5)
    assert loads(programs) == [60.0, 60.0, 62.5, 62.5, 62.5]


def test_an_exercise_without_a_performed_set_has_no_effort() -> None:
    """R-PRG-01: neither is it asked for."""
    plank = PlannedExercise(PLANK, 1, None, hold_s=30)
    programs = performed(created(RULE, PLANNED, plank), 1, *[DONE] * 3)
    with pytest.raises(commands.DayNotPerformed):
        reported(programs, 1, 5, PLANK)
    assert programs.current[0].open_efforts == (SQUAT,)
    assert reported(programs, 1, 5).current[0].open_efforts == ()


@pytest.mark.parametrize(("reserve", "next_kg"), [(5, 62.5), (2, None), (0, 57.5)])
def test_a_load_that_the_athlete_chose_follows_the_effort(
    reserve: int, next_kg: float | None
) -> None:
    """R-PRG-01: templates have no loads; the repetitions stay."""
    programs = performed(created(RULE, replace(PLANNED, load_kg=None)), 1, *[DONE] * 3)
    programs = reported(programs, 1, reserve)
    assert loads(programs) == [None, *[next_kg] * 4]
    assert {day.exercises[0].repetitions for day in programs.current[0].weeks[0].days} == {5}


def test_a_hold_rises_only_by_its_effort() -> None:
    """R-PRG-01: 5 seconds more, once the athlete has said how hard it was."""
    programs = created(RULE, PlannedExercise(PLANK, 1, None, hold_s=30))
    programs = performed(programs, 1, PerformedSet(0, 30.0), exercise=PLANK)
    assert programs.current[0].changes == ()
    (dated,) = reported(programs, 1, 5, PLANK).current[0].changes
    assert (dated.change.target, dated.change.after) == ("hold_s", 35)


def test_a_day_recorded_without_results_can_be_reported_but_nothing_rises() -> None:
    """R-EVT-14: days of version 1 have no results."""
    old = ProgramDayPerformed(
        program_id=KEY,
        day=1,
        session_id=SessionId("s1"),
        changes=(),
        streaks=(),
        at=NOW,
        results=None,
    )
    programs = PROGRAMS.evolve(created(RULE, PLANNED), old)
    assert programs.current[0].open_efforts == (SQUAT,)
    assert loads(reported(programs, 1, 5)) == [60.0] * 5
    assert loads(reported(programs, 1, 0))[1:] == [57.5] * 4
