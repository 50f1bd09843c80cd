"""Events of an athlete's programs. The stream has the id of the athlete.

Name, goal, equipment, body parts that hurt, and notes are encrypted with the athlete's key.
"""

from datetime import datetime

from domain.catalog.events import Level
from domain.ids import ExerciseId, ProgramId, SessionId, UserId
from domain.kernel import event, value
from domain.personal import Personal
from domain.programs.changes import Change
from domain.programs.content import Week
from domain.programs.goals import Goal
from domain.programs.progression import Result, Rule, Streak


@value
class ExerciseNote:
    """The athlete's note to an exercise, on all days of a program."""

    exercise_id: ExerciseId
    text: str


@value
class About:
    """Name and purpose of a program. `spared`: body parts that hurt."""

    name: str
    goal: Goal
    level: Level = "beginner"
    equipment: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    notes: tuple[ExerciseNote, ...] = ()


@event("program.created", version=4)
class ProgramCreated:
    program_id: ProgramId
    athlete_id: UserId
    about: Personal[About]
    weeks: tuple[Week, ...]
    rule: Rule
    at: datetime


@event("program.revised", version=3)
class ProgramRevised:
    """The athlete changed the program. Days that were performed stay as they were."""

    program_id: ProgramId
    about: Personal[About]
    weeks: tuple[Week, ...]
    at: datetime


@event("program.rule_changed", version=2)
class ProgramRuleChanged:
    """Another progression rule applies from now on."""

    program_id: ProgramId
    rule: Rule
    at: datetime


@event("program.day_performed", version=2)
class ProgramDayPerformed:
    """A day was performed, counted from 1; `changes` are what the rule made of it.

    `streaks` are of its exercises, with the targets of the day; older events also have those of
    other exercises, which are ignored. `results` are of its exercises that were performed; None in
    events of version 1.
    """

    program_id: ProgramId
    day: int
    session_id: SessionId
    changes: tuple[Change, ...]
    streaks: tuple[Streak, ...]
    at: datetime
    results: tuple[Result, ...] | None


@event("program.effort_reported")
class ProgramEffortReported:
    """The athlete said how many repetitions they had in reserve; `changes` are by the rule."""

    program_id: ProgramId
    day: int
    exercise_id: ExerciseId
    reserve: int
    changes: tuple[Change, ...]
    at: datetime


@event("program.ended")
class ProgramEnded:
    program_id: ProgramId
    at: datetime


ProgramEvent = (
    ProgramCreated
    | ProgramRevised
    | ProgramRuleChanged
    | ProgramDayPerformed
    | ProgramEffortReported
    | ProgramEnded
)
