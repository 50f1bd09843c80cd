"""Programs decider: an athlete's programs, which change by edits and by what was performed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from domain.ids import ProgramId, UserId
from domain.kernel import Decider, value
from domain.personal import Personal
from domain.programs import commands, events
from domain.programs.changes import Change, apply_change
from domain.programs.content import PlannedExercise, Week, days_of
from domain.programs.events import About
from domain.programs.planning import plan_next_weeks
from domain.programs.progression import PerformedSet, Rule, Streak, progress, with_chosen_load

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
class Program:
    """A program. `performed` are the days that were performed, from 1, in their order."""

    id: ProgramId
    athlete_id: UserId
    about: Personal[About]
    weeks: tuple[Week, ...]
    rule: Rule
    created_at: datetime
    changed_at: datetime
    revision: int = 1
    performed: tuple[int, ...] = ()
    streaks: tuple[Streak, ...] = ()
    changes: tuple[DatedChange, ...] = ()
    ended_at: datetime | None = None

    @property
    def next_day(self) -> int | None:
        """The first day after all that were performed; None at the end."""
        number = max(self.performed, default=0) + 1
        return number if number <= sum(len(week.days) for week in self.weeks) else None


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
    event: events.ProgramRevised | events.ProgramRuleChanged | events.ProgramDayPerformed,
) -> Program:
    later = replace(program, changed_at=event.at, revision=program.revision + 1)
    match event:
        case events.ProgramRevised(about=about, weeks=weeks):
            return replace(later, about=about, weeks=weeks)
        case events.ProgramRuleChanged(rule=rule):
            return replace(later, rule=rule, streaks=())
        case events.ProgramDayPerformed(day=day, changes=changes, streaks=streaks, at=at):
            weeks = program.weeks
            for change in changes:
                weeks = apply_change(weeks, change)
            dated = (*program.changes, *(DatedChange(day, at, each) for each in changes))
            return replace(
                later,
                weeks=weeks,
                performed=(*program.performed, day),
                streaks=streaks,
                changes=dated[-MAX_CHANGES:],
            )


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
    before, after = tuple(days_of(program.weeks)), tuple(days_of(command.weeks))
    for number in program.performed:
        if number > len(after) or after[number - 1] != before[number - 1]:
            raise commands.PerformedDayChanged
    about = Personal(program.athlete_id, replace(_about(program), name=command.name))
    if about != program.about or command.weeks != program.weeks:
        yield events.ProgramRevised(
            program_id=program.id, about=about, weeks=command.weeks, at=command.at
        )


def _extend(program: Program, count: int, at: datetime) -> events.ProgramRevised:
    about = Personal(program.athlete_id, _about(program))
    weeks = (*program.weeks, *plan_next_weeks(program.weeks, count))
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
    changes, streaks = _progressed(command, program)
    yield events.ProgramDayPerformed(
        program_id=program.id,
        day=command.day,
        session_id=command.session_id,
        changes=changes,
        streaks=streaks,
        at=command.at,
    )


def _progressed(
    command: commands.NotePerformed, program: Program
) -> tuple[tuple[Change, ...], tuple[Streak, ...]]:
    streaks = {each.exercise_id: each for each in program.streaks}
    if _is_deload(program.weeks, command.day):
        return (), program.streaks
    performed = {each.exercise_id: each.sets for each in command.exercises}
    from_day = max((command.day, *program.performed)) + 1
    changes: list[Change] = []
    seen = set[str]()
    for planned in tuple(days_of(program.weeks))[command.day - 1].exercises:
        key, sets = planned.exercise_id, performed.get(planned.exercise_id, ())
        if key in seen or not _is_upcoming(program.weeks, from_day, planned):
            continue
        seen.add(key)
        changed, streak = _outcome(program, planned, sets, streaks.get(key), from_day)
        changes += changed
        streaks[key] = streak
    return tuple(changes), tuple(streaks.values())


def _outcome(
    program: Program,
    planned: PlannedExercise,
    sets: tuple[PerformedSet, ...],
    streak: Streak | None,
    from_day: int,
) -> tuple[tuple[Change, ...], Streak]:
    before = streak or Streak(planned.exercise_id)
    outcome = progress(program.rule, with_chosen_load(planned, sets), sets, before, from_day)
    return outcome.changes, outcome.streak


def _is_upcoming(weeks: tuple[Week, ...], from_day: int, planned: PlannedExercise) -> bool:
    """Return whether a later day has the exercise, and the next one with the same targets.

    A rule leaves exercises alone to which the athlete, or an earlier result, gave other targets.
    """
    later = tuple(days_of(weeks))[from_day - 1 :]
    same = (each for day in later for each in day.exercises)
    found = next((each for each in same if each.exercise_id == planned.exercise_id), None)
    return found is not None and (found.repetitions, found.hold_s, found.load_kg) == (
        planned.repetitions,
        planned.hold_s,
        planned.load_kg,
    )


def _is_deload(weeks: tuple[Week, ...], number: int) -> bool:
    of_days = (week.is_deload for week in weeks for _ in week.days)
    return next(each for day, each in enumerate(of_days, 1) if day == number)


PROGRAMS = Decider[commands.ProgramCommand, events.ProgramEvent, Programs](
    "programs", initial=Programs(), decide=decide, evolve=evolve
)
