"""States of an athlete's programs."""

from datetime import datetime

from domain.ids import ExerciseId, ProgramId, UserId
from domain.kernel import value
from domain.personal import Personal
from domain.programs.changes import Change
from domain.programs.content import PlannedExercise, Targets, Week, days_of
from domain.programs.events import About
from domain.programs.progression import Result, Rule, Streak


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
    reports of how hard their exercises were. Heavier and lighter days of an exercise have
    `streaks` of their own.
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
    streaks: tuple[tuple[Targets, Streak], ...] = ()
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
        planned = dict.fromkeys(each.exercise_id for each in self.exercises(day))
        return tuple(each for each in planned if each not in said and self.result(day, each))

    def exercises(self, day: int) -> tuple[PlannedExercise, ...]:
        """Return the exercises of a day, from 1."""
        return tuple(days_of(self.weeks))[day - 1].exercises

    def result(self, day: int, exercise_id: ExerciseId) -> Result | None:
        """Return how an exercise was performed on a performed day; None if it was not.

        On a day whose results were not recorded, it counts as performed, and no target may rise.
        """
        results = dict(zip(self.performed, self.results, strict=True))[day]
        if results is None:
            return Result(exercise_id, None, may_rise=False)
        return next((each for each in results if each.exercise_id == exercise_id), None)


@value
class Programs:
    """Current programs, and the latest that have ended."""

    current: tuple[Program, ...] = ()
    ended: tuple[Program, ...] = ()

    def find(self, program_id: ProgramId) -> Program | None:
        """Return a program, or None."""
        every = (*self.current, *self.ended)
        return next((each for each in every if each.id == program_id), None)
