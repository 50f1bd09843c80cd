"""Commands of an athlete's programs, and their refusals."""

from datetime import datetime
from typing import Final

from domain.ids import ExerciseId, ProgramId, SessionId, UserId
from domain.kernel import Rejected, command, value
from domain.motion.exercises.library import get_exercise
from domain.programs.content import MAX_WEEKS, PlannedExercise, Week, check_weeks
from domain.programs.events import About, ExerciseNote
from domain.programs.omitted import Line
from domain.programs.progression import MAX_RESERVE, PerformedSet, Rule
from domain.texts import is_blank, is_one_line
from domain.values import InvalidValue, within
from domain.workouts.notes import MAX_NOTE_LENGTH

MAX_PROGRAMS: Final = 10
"""Programs of one athlete that have not ended."""

MAX_NAME_LENGTH: Final = 100

MAX_NOTES: Final = 50
"""Exercises of a program that have a note."""


@command
class CreateProgram:
    program_id: ProgramId
    athlete_id: UserId
    about: About
    weeks: tuple[Week, ...]
    rule: Rule
    at: datetime

    def __post_init__(self) -> None:
        _check(self.about, self.weeks)


@command
class ReviseProgram:
    """Replace name and weeks. It is refused unless `revision` is the current one.

    `notes` None: they stay as they are. So do the targets of exertion of the `omitted` lines.
    """

    program_id: ProgramId
    revision: int
    name: str
    weeks: tuple[Week, ...]
    notes: tuple[ExerciseNote, ...] | None = None
    omitted: frozenset[Line] = frozenset()
    at: datetime

    def __post_init__(self) -> None:
        _check_name(self.name)
        check_weeks(self.weeks)
        _check_notes(self.notes or ())


@command
class ExtendProgram:
    """Plan `weeks` more weeks after those of the program."""

    program_id: ProgramId
    weeks: int
    at: datetime

    def __post_init__(self) -> None:
        within("weeks", self.weeks, 1, MAX_WEEKS)


@command
class ChangeRule:
    program_id: ProgramId
    rule: Rule
    at: datetime


@command
class EndProgram:
    program_id: ProgramId
    at: datetime


@value
class PerformedExercise:
    """The sets of an exercise in one session."""

    exercise_id: ExerciseId
    sets: tuple[PerformedSet, ...]


@command
class NotePerformed:
    """Record that a day was performed in a session. The first session of a day counts.

    `lines` are those of the day when the session began; empty for one without a prescription.
    """

    program_id: ProgramId
    day: int
    session_id: SessionId
    exercises: tuple[PerformedExercise, ...]
    lines: tuple[PlannedExercise, ...] = ()
    at: datetime


@command
class ReportEffort:
    """Say how many repetitions were left in reserve after the hardest set of an exercise."""

    program_id: ProgramId
    day: int
    exercise_id: ExerciseId
    reserve: int
    at: datetime

    def __post_init__(self) -> None:
        within("reserve", self.reserve, 0, MAX_RESERVE)


ProgramCommand = (
    CreateProgram
    | ReviseProgram
    | ExtendProgram
    | ChangeRule
    | EndProgram
    | NotePerformed
    | ReportEffort
)


class ProgramNotFound(Rejected):
    """There is no program with this id."""

    code = "program.unknown"
    kind = "not_found"


class ProgramOver(Rejected):
    """The program has ended. Create a new one."""

    code = "program.over"


class ProgramChangedMeanwhile(Rejected):
    """The program has changed since it was read. Read it again, then repeat the change."""

    code = "program.changed"


class PerformedDayChanged(Rejected):
    """Days that were performed stay as they were. Change only later days."""

    code = "program.performed_day"


class TooManyPrograms(Rejected):
    """You have 10 programs that have not ended. End one of them first."""

    code = "program.too_many"


class DayNotFound(Rejected):
    """The program has no day of this number."""

    code = "program.day_unknown"
    kind = "not_found"


class DayNotPerformed(Rejected):
    """This exercise was not performed on this day. Perform the day first."""

    code = "program.day_not_performed"


class EffortReported(Rejected):
    """You have already said how hard this exercise was on this day."""

    code = "program.effort_reported"


def _check(about: About, weeks: tuple[Week, ...]) -> None:
    _check_name(about.name)
    _check_notes(about.notes)
    check_weeks(weeks)


def _check_notes(notes: tuple[ExerciseNote, ...]) -> None:
    within("number of notes", len(notes), 0, MAX_NOTES)
    if len({each.exercise_id for each in notes}) < len(notes):
        raise InvalidValue("Give each exercise at most one note.")
    for each in notes:
        get_exercise(each.exercise_id)
        within("length of the note to an exercise", len(each.text), 1, MAX_NOTE_LENGTH)


def _check_name(name: str) -> None:
    if is_blank(name) or not is_one_line(name):
        raise InvalidValue("Name the program in one line of text.")
    within("length of the name", len(name), 1, MAX_NAME_LENGTH)
