"""Programs decider: an athlete's programs, which change by edits and by what was performed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Final

from domain.kernel import Decider
from domain.personal import Personal
from domain.programs import commands, events
from domain.programs.changes import Change, apply_changes
from domain.programs.content import days_of
from domain.programs.equal_loads import with_equal_loads
from domain.programs.events import About
from domain.programs.omitted import keep_targets
from domain.programs.performance import (
    note_performed,
    report_effort,
    streaks_after,
    upcoming_streaks,
)
from domain.programs.planning import plan_next_weeks
from domain.programs.states import DatedChange, Effort, Program, Programs

MAX_ENDED: Final = 20
"""Ended programs that are kept."""

MAX_CHANGES: Final = 100
"""Changes by a rule that are kept of a program."""


def decide(command: commands.ProgramCommand, programs: Programs) -> tuple[events.ProgramEvent, ...]:
    """Return the events of a command. Raises a refusal of `commands`."""
    program = programs.find(command.program_id)
    if isinstance(command, commands.CreateProgram):
        return () if program is not None else (_create(command, programs),)
    if isinstance(command, commands.NotePerformed):
        return tuple(note_performed(command, program))
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
            return tuple(report_effort(command, _running(program)))


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
    changed = replace(changed, streaks=upcoming_streaks(changed))
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
                streaks=streaks_after(program, event),
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
    kept = keep_targets(command.weeks, command.omitted, program.weeks)
    weeks = with_equal_loads(kept, program.weeks)
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


PROGRAMS = Decider[commands.ProgramCommand, events.ProgramEvent, Programs](
    "programs", initial=Programs(), decide=decide, evolve=evolve
)
