"""Rules of what was performed: a day of a program, and how hard it was."""

from collections.abc import Iterator, Sequence

from domain.ids import ExerciseId
from domain.programs import commands, events
from domain.programs.changes import Change
from domain.programs.content import PlannedExercise, Targets, Week, days_of
from domain.programs.equal_loads import to_equal_loads
from domain.programs.progression import (
    Outcome,
    PerformedSet,
    Result,
    Streak,
    adjust_to_effort,
    least_load,
    progress,
    with_chosen_load,
)
from domain.programs.states import Program

PerformedLine = tuple[PlannedExercise, tuple[PerformedSet, ...]]
"""A line of a day with the sets that perform it."""


def note_performed(
    command: commands.NotePerformed, program: Program | None
) -> Iterator[events.ProgramDayPerformed]:
    """Record a day once, with what the rule makes of it. Unknown programs and days are ignored."""
    if program is None or program.ended_at is not None or command.day in program.performed:
        return
    if not 1 <= command.day <= sum(len(week.days) for week in program.weeks):
        return
    lines = command.lines or program.exercises(command.day)
    performed = tuple(_with_sets(lines, command.exercises))
    changes, streaks, rising = _progressed(command.day, performed, program)
    yield events.ProgramDayPerformed(
        program_id=program.id,
        day=command.day,
        session_id=command.session_id,
        changes=changes,
        streaks=streaks,
        at=command.at,
        results=tuple(
            Result(each, least_load(sets), each in rising)
            for each, sets in _by_exercise(performed).items()
        ),
    )


def _by_exercise(performed: Sequence[PerformedLine]) -> dict[ExerciseId, list[PerformedSet]]:
    """Return the sets of each exercise that was performed."""
    sets_of = dict[ExerciseId, list[PerformedSet]]()
    for planned, sets in performed:
        if sets:
            sets_of.setdefault(planned.exercise_id, []).extend(sets)
    return sets_of


def _progressed(
    day: int, performed: Sequence[PerformedLine], program: Program
) -> tuple[tuple[Change, ...], tuple[Streak, ...], frozenset[ExerciseId]]:
    """Return the changes, the streaks after them, and the exercises whose target may rise.

    The rule leaves lines alone that were revised after the session began.
    """
    if _is_deload(program.weeks, day):
        return (), (), frozenset()
    from_day = _first_day_after(program, day)
    streaks = dict(program.streaks)
    changes, ended = list[Change](), list[Streak]()
    rising = set[ExerciseId]()
    followed = _followed(program, day)
    for planned, sets in performed:
        key = planned.exercise_id
        if key not in followed or followed[key].targets != planned.targets:
            continue
        del followed[key]
        outcome = _outcome(program, planned, sets, streaks.get(planned.targets), from_day)
        changes += to_equal_loads(outcome.changes, program.weeks)
        ended.append(outcome.streak)
        if outcome.may_rise:
            rising.add(key)
    return tuple(changes), tuple(ended), frozenset(rising)


def streaks_after(
    program: Program, event: events.ProgramDayPerformed
) -> tuple[tuple[Targets, Streak], ...]:
    """Return the streaks of a program, before the day is noted, with those of the day."""
    followed = _followed(program, event.day)
    of_day = {
        followed[each.exercise_id].targets: each
        for each in event.streaks
        if each.exercise_id in followed
    }
    return tuple({**dict(program.streaks), **of_day}.items())


def upcoming_streaks(program: Program) -> tuple[tuple[Targets, Streak], ...]:
    """Return the streaks of targets that a later day still has, or all at the end of the program.

    Those of others end: a target that comes back later begins anew.
    """
    later = tuple(days_of(program.weeks))[max(program.performed, default=0) :]
    if not later:
        return program.streaks
    upcoming = {each.targets for day in later for each in day.exercises}
    return tuple((targets, streak) for targets, streak in program.streaks if targets in upcoming)


def _followed(program: Program, day: int) -> dict[ExerciseId, PlannedExercise]:
    """Return what the rule follows on a day: the first line of each exercise with later ones.

    It leaves lines alone whose targets no later day has.
    """
    from_day = _first_day_after(program, day)
    return {
        each.exercise_id: each
        for each in reversed(program.exercises(day))
        if _is_upcoming(program.weeks, from_day, each)
    }


def _first_day_after(program: Program, day: int) -> int:
    """Return the first day that a change after this day can concern."""
    return max((day, *program.performed)) + 1


def _with_sets(
    exercises: tuple[PlannedExercise, ...], performed: tuple[commands.PerformedExercise, ...]
) -> Iterator[PerformedLine]:
    """Yield each line of a day with its sets, at most as many as are planned.

    If a line lacks sets, those of its exercise whose line is unknown follow, in the order in which
    they were performed. Sets beyond the plan belong to no line.
    """
    sets_of = {each.exercise_id: each.sets for each in performed}
    unknown = {key: [each for each in sets if each.line is None] for key, sets in sets_of.items()}
    for line, planned in enumerate(exercises, start=1):
        key = planned.exercise_id
        own = [each for each in sets_of.get(key, ()) if each.line == line]
        lacking = max(planned.sets - len(own), 0)
        others = unknown.get(key, [])
        own += others[:lacking]
        del others[:lacking]
        yield planned, tuple(own)


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


def report_effort(
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
    exercises = program.exercises(command.day)
    planned = next((each for each in exercises if each.exercise_id == command.exercise_id), None)
    result = program.result(command.day, command.exercise_id)
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
    changes = adjust_to_effort(
        program.rule, chosen, command.reserve, from_day, may_rise=result.may_rise
    )
    return to_equal_loads(changes, program.weeks)


def _is_upcoming(weeks: tuple[Week, ...], from_day: int, planned: PlannedExercise) -> bool:
    """Return whether a later day has the exercise with the same targets.

    A rule leaves exercises alone to which the athlete, or an earlier result, gave other targets.
    """
    later = tuple(days_of(weeks))[from_day - 1 :]
    return any(each.targets == planned.targets for day in later for each in day.exercises)


def _is_deload(weeks: tuple[Week, ...], number: int) -> bool:
    of_days = (week.is_deload for week in weeks for _ in week.days)
    return next(each for day, each in enumerate(of_days, 1) if day == number)
