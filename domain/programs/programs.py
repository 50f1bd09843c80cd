"""Programs decider: an athlete's programs, which change by edits and by what was performed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Final

from domain.ids import ExerciseId, ProgramId, UserId
from domain.kernel import Decider, value
from domain.personal import Personal
from domain.programs import commands, events
from domain.programs.changes import Change, apply_changes
from domain.programs.content import PlannedExercise, Week, days_of
from domain.programs.events import About
from domain.programs.omitted import keep_targets
from domain.programs.planning import plan_next_weeks
from domain.programs.progression import (
    Outcome,
    PerformedSet,
    Result,
    Rule,
    Streak,
    adjust_to_effort,
    least_load,
    progress,
    with_chosen_load,
)

MAX_ENDED: Final = 20
"""Ended programs that are kept."""

MAX_CHANGES: Final = 100
"""Changes by a rule that are kept of a program."""


@value
class DatedChange:
    """A change by the rule, after a day was performed."""

    day: int
    at: datetime
    change: Change


@value
class Effort:
    """Repetitions in reserve after the hardest set of an exercise, as the athlete said."""

    day: int
    exercise_id: ExerciseId
    reserve: int


@value
class Program:
    """A program. `performed` are the days that were performed, from 1, in their order.

    `results` are those of each of these days, None if they were not recorded. `efforts` are
    reports of how hard their exercises were.
    """

    id: ProgramId
    athlete_id: UserId
    about: Personal[About]
    weeks: tuple[Week, ...]
    rule: Rule
    created_at: datetime
    changed_at: datetime
    revision: int = 1
    performed: tuple[int, ...] = ()
    results: tuple[tuple[Result, ...] | None, ...] = ()
    streaks: tuple[Streak, ...] = ()
    changes: tuple[DatedChange, ...] = ()
    efforts: tuple[Effort, ...] = ()
    ended_at: datetime | None = None

    @property
    def next_day(self) -> int | None:
        """The first day after all that were performed; None at the end."""
        number = max(self.performed, default=0) + 1
        return number if number <= sum(len(week.days) for week in self.weeks) else None

    @property
    def open_efforts(self) -> tuple[ExerciseId, ...]:
        """Exercises that were performed on the latest day, without a report of their effort."""
        if not self.performed:
            return ()
        day = max(self.performed)
        said = {each.exercise_id for each in self.efforts if each.day == day}
        planned = dict.fromkeys(each.exercise_id for each in _exercises(self, day))
        return tuple(each for each in planned if each not in said and _result(self, day, each))


@value
class Programs:
    """Current programs, and the latest that have ended."""

    current: tuple[Program, ...] = ()
    ended: tuple[Program, ...] = ()

    def find(self, program_id: ProgramId) -> Program | None:
        """Return a program, or None."""
        every = (*self.current, *self.ended)
        return next((each for each in every if each.id == program_id), None)


def decide(command: commands.ProgramCommand, programs: Programs) -> tuple[events.ProgramEvent, ...]:
    """Return the events of a command. Raises a refusal of `commands`."""
    program = programs.find(command.program_id)
    if isinstance(command, commands.CreateProgram):
        return () if program is not None else (_create(command, programs),)
    if isinstance(command, commands.NotePerformed):
        return tuple(_note(command, program))
    if program is None:
        raise commands.ProgramNotFound
    match command:
        case commands.EndProgram(at=at):
            ended = events.ProgramEnded(program_id=program.id, at=at)
            return () if program.ended_at is not None else (ended,)
        case commands.ReviseProgram():
            return tuple(_revise(command, _running(program)))
        case commands.ExtendProgram(weeks=count, at=at):
            return (_extend(_running(program), count, at),)
        case commands.ChangeRule(rule=rule, at=at):
            changed = events.ProgramRuleChanged(program_id=program.id, rule=rule, at=at)
            return () if _running(program).rule == rule else (changed,)
        case commands.ReportEffort():
            return tuple(_report(command, _running(program)))


def evolve(programs: Programs, event: events.ProgramEvent) -> Programs:
    """Apply one event. History is never refused."""
    if isinstance(event, events.ProgramCreated):
        created = Program(
            event.program_id,
            event.athlete_id,
            event.about,
            event.weeks,
            event.rule,
            event.at,
            event.at,
        )
        return replace(programs, current=(*programs.current, created))
    program = programs.find(event.program_id)
    if program is None:
        return programs
    others = tuple(each for each in programs.current if each.id != program.id)
    if isinstance(event, events.ProgramEnded):
        ended = replace(program, ended_at=event.at, changed_at=event.at)
        return Programs(others, (*programs.ended, ended)[-MAX_ENDED:])
    changed = _evolved(program, event)
    return replace(
        programs,
        current=tuple(changed if each.id == changed.id else each for each in programs.current),
    )


def _evolved(
    program: Program,
    event: events.ProgramRevised
    | events.ProgramRuleChanged
    | events.ProgramDayPerformed
    | events.ProgramEffortReported,
) -> Program:
    later = replace(program, changed_at=event.at, revision=program.revision + 1)
    match event:
        case events.ProgramRevised(about=about, weeks=weeks):
            return replace(later, about=about, weeks=weeks)
        case events.ProgramRuleChanged(rule=rule):
            return replace(later, rule=rule, streaks=())
        case events.ProgramDayPerformed(day=day, changes=changes, at=at):
            noted = replace(
                later,
                performed=(*program.performed, day),
                results=(*program.results, event.results),
                streaks=event.streaks,
            )
            return _changed(noted, day, changes, at)
        case events.ProgramEffortReported(day=day, changes=changes, at=at):
            effort = Effort(day, event.exercise_id, event.reserve)
            efforts = (*program.efforts, effort)
            return _changed(replace(later, efforts=efforts), day, changes, at)


def _changed(program: Program, day: int, changes: tuple[Change, ...], at: datetime) -> Program:
    weeks = apply_changes(program.weeks, changes)
    dated = (*program.changes, *(DatedChange(day, at, each) for each in changes))
    return replace(program, weeks=weeks, changes=dated[-MAX_CHANGES:])


def _create(command: commands.CreateProgram, programs: Programs) -> events.ProgramCreated:
    if len(programs.current) >= commands.MAX_PROGRAMS:
        raise commands.TooManyPrograms
    return events.ProgramCreated(
        program_id=command.program_id,
        athlete_id=command.athlete_id,
        about=Personal(command.athlete_id, command.about),
        weeks=command.weeks,
        rule=command.rule,
        at=command.at,
    )


def _running(program: Program) -> Program:
    if program.ended_at is not None:
        raise commands.ProgramOver
    return program


def _revise(command: commands.ReviseProgram, program: Program) -> Iterator[events.ProgramRevised]:
    if command.revision != program.revision:
        raise commands.ProgramChangedMeanwhile
    weeks = keep_targets(command.weeks, command.omitted, program.weeks)
    before, after = tuple(days_of(program.weeks)), tuple(days_of(weeks))
    for number in program.performed:
        if number > len(after) or after[number - 1] != before[number - 1]:
            raise commands.PerformedDayChanged
    current = _about(program)
    notes = current.notes if command.notes is None else command.notes
    about = Personal(program.athlete_id, replace(current, name=command.name, notes=notes))
    if about != program.about or weeks != program.weeks:
        yield events.ProgramRevised(program_id=program.id, about=about, weeks=weeks, at=command.at)


def _extend(program: Program, count: int, at: datetime) -> events.ProgramRevised:
    about = Personal(program.athlete_id, _about(program))
    by_day = groupby(program.changes, lambda each: (each.day, each.at))
    changes = [[each.change for each in of_day] for _, of_day in by_day]
    weeks = (*program.weeks, *plan_next_weeks(program.weeks, count, changes))
    return events.ProgramRevised(program_id=program.id, about=about, weeks=weeks, at=at)


def _about(program: Program) -> About:
    """Return name and purpose of a program. Raises ProgramNotFound if they were erased."""
    content = program.about.value
    if not isinstance(content, About):  # erased with the athlete's key
        raise commands.ProgramNotFound
    return content


def _note(
    command: commands.NotePerformed, program: Program | None
) -> Iterator[events.ProgramDayPerformed]:
    """Record a day once, with what the rule makes of it. Unknown programs and days are ignored."""
    if program is None or program.ended_at is not None or command.day in program.performed:
        return
    if not 1 <= command.day <= sum(len(week.days) for week in program.weeks):
        return
    changes, streaks, rising = _progressed(command, program)
    yield events.ProgramDayPerformed(
        program_id=program.id,
        day=command.day,
        session_id=command.session_id,
        changes=changes,
        streaks=streaks,
        at=command.at,
        results=tuple(
            Result(each.exercise_id, least_load(each.sets), each.exercise_id in rising)
            for each in command.exercises
            if each.sets
        ),
    )


def _progressed(
    command: commands.NotePerformed, program: Program
) -> tuple[tuple[Change, ...], tuple[Streak, ...], frozenset[ExerciseId]]:
    """Return the changes, the streaks after them, and the exercises whose target may rise."""
    streaks = {each.exercise_id: each for each in program.streaks}
    if _is_deload(program.weeks, command.day):
        return (), program.streaks, frozenset()
    performed = {each.exercise_id: each.sets for each in command.exercises}
    from_day = max((command.day, *program.performed)) + 1
    changes: list[Change] = []
    seen, rising = set[ExerciseId](), set[ExerciseId]()
    for planned, sets in _with_sets(_exercises(program, command.day), performed):
        key = planned.exercise_id
        if key in seen or not _is_upcoming(program.weeks, from_day, planned):
            continue
        seen.add(key)
        outcome = _outcome(program, planned, sets, streaks.get(key), from_day)
        changes += outcome.changes
        streaks[key] = outcome.streak
        if outcome.may_rise:
            rising.add(key)
    return tuple(changes), tuple(streaks.values()), frozenset(rising)


def _with_sets(
    exercises: tuple[PlannedExercise, ...],
    performed: Mapping[ExerciseId, tuple[PerformedSet, ...]],
) -> Iterator[tuple[PlannedExercise, tuple[PerformedSet, ...]]]:
    """Yield each exercise of a day with its sets.

    If a day has an exercise twice, the sets are those of the first one, up to its number, and then
    those of the second, in the order in which they were performed.
    """
    left = dict(performed)
    for place, planned in enumerate(exercises, start=1):
        key = planned.exercise_id
        sets = left.get(key, ())
        is_again = any(each.exercise_id == key for each in exercises[place:])
        own = sets[: planned.sets] if is_again else sets
        left[key] = sets[len(own) :]
        yield planned, own


def _outcome(
    program: Program,
    planned: PlannedExercise,
    sets: tuple[PerformedSet, ...],
    streak: Streak | None,
    from_day: int,
) -> Outcome:
    before = streak or Streak(planned.exercise_id)
    chosen = with_chosen_load(planned, least_load(sets))
    return progress(program.rule, chosen, sets, before, from_day)


def _report(
    command: commands.ReportEffort, program: Program
) -> Iterator[events.ProgramEffortReported]:
    """Record an effort once. Only that of the latest day changes later ones."""
    said = {(each.day, each.exercise_id): each.reserve for each in program.efforts}
    before = said.get((command.day, command.exercise_id))
    if before is not None and before != command.reserve:
        raise commands.EffortReported
    if before is not None:
        return
    if command.day not in program.performed:
        raise commands.DayNotPerformed
    exercises = _exercises(program, command.day)
    planned = next((each for each in exercises if each.exercise_id == command.exercise_id), None)
    result = _result(program, command.day, command.exercise_id)
    if planned is None or result is None:
        raise commands.DayNotPerformed
    yield events.ProgramEffortReported(
        program_id=program.id,
        day=command.day,
        exercise_id=command.exercise_id,
        reserve=command.reserve,
        changes=_by_effort(command, program, planned, result),
        at=command.at,
    )


def _by_effort(
    command: commands.ReportEffort, program: Program, planned: PlannedExercise, result: Result
) -> tuple[Change, ...]:
    from_day = command.day + 1
    is_latest = command.day == max(program.performed)
    if not is_latest or _is_deload(program.weeks, command.day):
        return ()
    if not _is_upcoming(program.weeks, from_day, planned):
        return ()
    chosen = with_chosen_load(planned, result.load_kg)
    return adjust_to_effort(
        program.rule, chosen, command.reserve, from_day, may_rise=result.may_rise
    )


def _exercises(program: Program, day: int) -> tuple[PlannedExercise, ...]:
    return tuple(days_of(program.weeks))[day - 1].exercises


def _result(program: Program, day: int, exercise_id: ExerciseId) -> Result | None:
    """Return how an exercise was performed on a performed day; None if it was not.

    On a day whose results were not recorded, it counts as performed, and no target may rise.
    """
    results = dict(zip(program.performed, program.results, strict=True))[day]
    if results is None:
        return Result(exercise_id, None, may_rise=False)
    return next((each for each in results if each.exercise_id == exercise_id), None)


def _is_upcoming(weeks: tuple[Week, ...], from_day: int, planned: PlannedExercise) -> bool:
    """Return whether a later day has the exercise with the same targets.

    A rule leaves exercises alone to which the athlete, or an earlier result, gave other targets.
    """
    later = tuple(days_of(weeks))[from_day - 1 :]
    return any(
        (each.exercise_id, each.repetitions, each.hold_s, each.load_kg)
        == (planned.exercise_id, planned.repetitions, planned.hold_s, planned.load_kg)
        for day in later
        for each in day.exercises
    )


def _is_deload(weeks: tuple[Week, ...], number: int) -> bool:
    of_days = (week.is_deload for week in weeks for _ in week.days)
    return next(each for day, each in enumerate(of_days, 1) if day == number)


PROGRAMS = Decider[commands.ProgramCommand, events.ProgramEvent, Programs](
    "programs", initial=Programs(), decide=decide, evolve=evolve
)
