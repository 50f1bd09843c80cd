"""Training programs: their views and reads."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.views.base import Body, KeptIfOmitted, StrictBody, documented
from api.views.supervision import own_id
from api.views.workouts import RPE_TARGET, TargetRpe
from application.caller import Caller, checked_id
from application.programs.texts import Reader, change_reason
from domain.catalog.events import Level
from domain.ids import ExerciseId, ProgramId
from domain.programs.back_test import BackTestStep
from domain.programs.changes import Change, FactName, ReasonCode, Target
from domain.programs.commands import ProgramNotFound
from domain.programs.content import (
    MAX_DAYS_A_WEEK,
    MAX_EXERCISES_A_DAY,
    MAX_HOLD_S,
    MAX_LOAD_KG,
    MAX_REPETITIONS,
    MAX_REST_S,
    MAX_SETS,
)
from domain.programs.events import About, ExerciseNote
from domain.programs.goals import Goal
from domain.programs.progression import Rule, RuleKind
from domain.programs.states import Program as State
from domain.programs.templates import Template, templates
from domain.workouts.notes import MAX_NOTE_LENGTH
from projections.user_profile import USER_PROFILE


class ProgramExercise(StrictBody):
    """An exercise of a day, with a target either of repetitions or of seconds to hold."""

    exercise_id: str
    sets: int = Field(ge=1, le=MAX_SETS)
    repetitions: int | None = Field(default=None, ge=1, le=MAX_REPETITIONS)
    hold_s: int | None = Field(default=None, ge=1, le=MAX_HOLD_S)
    load_kg: float | None = Field(
        default=None, ge=0, le=MAX_LOAD_KG, description="Null: the athlete chooses it."
    )
    rest_s: int = Field(default=90, ge=0, le=MAX_REST_S)
    target_rpe: Annotated[TargetRpe | None, KeptIfOmitted()] = Field(
        default=None, description=RPE_TARGET
    )


class ProgramNote(StrictBody):
    """Your note to an exercise. The player shows it on each day that has the exercise."""

    exercise_id: str
    text: Annotated[str, documented(minLength=1, maxLength=MAX_NOTE_LENGTH)]

    def to_note(self) -> ExerciseNote:
        """Return the note."""
        return ExerciseNote(ExerciseId(self.exercise_id), self.text)


class ProgramDay(StrictBody):
    """A training day."""

    exercises: tuple[ProgramExercise, ...] = Field(max_length=MAX_EXERCISES_A_DAY)


class ProgramWeek(StrictBody):
    """A week; no rule changes loads by the results of a deload week."""

    days: tuple[ProgramDay, ...] = Field(max_length=MAX_DAYS_A_WEEK)
    is_deload: bool = False


class ProgramRule(StrictBody):
    """A progression rule."""

    kind: RuleKind = "none"
    step_kg: float = Field(default=2.5, description="What a load rises by.")
    min_repetitions: int = Field(default=8, description="Of `double_progression`.")
    max_repetitions: int = Field(default=12, description="Of `double_progression`.")
    percentage: float = Field(
        default=0.75,
        description="Share of the estimated maximum, 0.3 to 1. It raises a load, and never lowers"
        " one.",
    )
    sessions: int = Field(default=1, description="How often in a row the target is reached first.")
    min_form: float | None = Field(default=None, description="Least mean form score, 0 to 1.")
    deload_after: int = Field(default=3, description="Misses in a row; 0: never.")
    deload_share: float = Field(default=0.9, description="Share of the load that is left.")

    reserve: int = Field(
        default=2, description="Of `effort`: repetitions in reserve, which are 10 - RPE."
    )
    load_step_kg: float = Field(
        default=0.5,
        description="What can be loaded: shares of a load are rounded down to its multiples. A step"
        " of 5 lb is 2.26796185.",
    )

    def to_rule(self) -> Rule:
        """Return the rule. Raises InvalidValue."""
        return Rule(**self.model_dump())


class ProgramFact(Body):
    """A fact of a reason."""

    name: FactName
    number: float


class ProgramChange(Body):
    """A change by the rule, and why. Days from `fromDay` on have the new target."""

    exercise_id: str
    target: Target
    before: float | None
    after: float
    from_day: int
    code: ReasonCode
    facts: tuple[ProgramFact, ...]
    reason: str = Field(description="In the language of your profile.")

    @classmethod
    def of(cls, change: Change, reader: Reader) -> "ProgramChange":
        """Convert a change."""
        same = {name: getattr(change, name) for name in cls.model_fields if name != "reason"}
        return cls.model_validate({**same, "reason": change_reason(change, reader)})


class ProgramEffort(Body):
    """Repetitions in reserve after the hardest set of an exercise, as you said."""

    day: int
    exercise_id: str
    reserve: int


class DatedProgramChange(Body):
    """A change after a day was performed."""

    day: int
    at: datetime
    change: ProgramChange


class Program(Body):
    """A training program of an athlete."""

    program_id: str
    athlete_id: str
    name: str
    goal: Goal
    level: Level
    equipment: tuple[str, ...]
    spared: tuple[str, ...] = Field(description="Body parts that hurt.")
    weeks: tuple[ProgramWeek, ...]
    notes: tuple[ProgramNote, ...] = Field(description="To exercises of any day.")
    rule: ProgramRule
    revision: int
    performed: tuple[int, ...] = Field(description="Days that were performed, from 1.")
    next_day: int | None
    changes: tuple[DatedProgramChange, ...] = Field(description="By the rule, the latest last.")
    efforts: tuple[ProgramEffort, ...] = Field(description="How hard exercises were, as you said.")
    open_efforts: tuple[str, ...] = Field(
        description="Exercises performed on the latest day whose effort you have not said yet."
    )
    created_at: datetime
    changed_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, program: State, about: About, reader: Reader) -> "Program":
        """Convert a program."""
        same = {
            name: getattr(program, name)
            for name in (
                "athlete_id", "revision", "performed", "next_day", "created_at", "changed_at",
                "ended_at", "weeks", "rule", "efforts", "open_efforts",
            )
        }  # fmt: skip
        purpose = {
            name: getattr(about, name)
            for name in ("name", "goal", "level", "equipment", "spared", "notes")
        }
        changes = tuple(
            DatedProgramChange(
                day=each.day, at=each.at, change=ProgramChange.of(each.change, reader)
            )
            for each in program.changes
        )
        return cls.model_validate({**same, **purpose, "program_id": program.id, "changes": changes})


class Programs(Body):
    """Your programs: current ones, then the latest that have ended."""

    items: tuple[Program, ...]


class ProgramTemplate(Body):
    """A named start of a program: weeks for a goal, and a rule."""

    id: str
    goal: Goal
    level: Level
    equipment: tuple[str, ...] = Field(description="What its exercises need.")
    week_count: int
    week: ProgramWeek = Field(description="The week that repeats; each fourth one is lighter.")
    rule: ProgramRule

    @classmethod
    def of(cls, template: Template) -> "ProgramTemplate":
        """Convert a template."""
        names = ("id", "goal", "level", "equipment", "week", "rule")
        same = {name: getattr(template, name) for name in names}
        return cls.model_validate({**same, "week_count": template.weeks})


class ProgramTemplates(Body):
    """All templates of programs."""

    items: tuple[ProgramTemplate, ...]


def program_templates() -> ProgramTemplates:
    """Return all templates of programs."""
    return ProgramTemplates(items=tuple(map(ProgramTemplate.of, templates().values())))


class BackTestSet(Body):
    """A set that was performed."""

    repetitions: int
    hold_s: float
    load_kg: float | None
    form: float | None


class ProgramBackTestStep(Body):
    """A session of the past: what the rule would have planned for it, and changed after it."""

    session_id: str
    at: datetime
    planned: ProgramExercise
    performed: tuple[BackTestSet, ...]
    changes: tuple[ProgramChange, ...]
    one_repetition_max_kg: float | None


class ProgramBackTest(Body):
    """What a rule would have done in your latest 50 sessions with an exercise, the oldest first."""

    steps: tuple[ProgramBackTestStep, ...]


def own_programs(caller: Caller) -> Programs:
    """Return the programs of the caller."""
    athlete = own_id(caller)
    caller.require("read", "program", athlete)
    state = caller.platform.programs.state(caller.tenant_id, athlete)
    reader = _reader(caller)
    views = (_view(each, reader) for each in (*state.current, *reversed(state.ended)))
    return Programs(items=tuple(each for each in views if each is not None))


def find_program(caller: Caller, program_id: str) -> Program | None:
    """Return a program of the caller, or None."""
    key = checked_id(program_id)
    return next((each for each in own_programs(caller).items if each.program_id == key), None)


def get_program(caller: Caller, program_id: str) -> Program:
    """Return a program of the caller. Raises ProgramNotFound."""
    program = find_program(caller, program_id)
    if program is None:
        raise ProgramNotFound
    return program


def back_test_rule(
    caller: Caller, program_id: str, exercise_id: str, rule: ProgramRule
) -> ProgramBackTest:
    """Run a rule over the caller's history. Raises ProgramNotFound, InvalidValue."""
    athlete = own_id(caller)
    caller.require("read", "program", athlete)
    programs, key = caller.platform.programs, ProgramId(checked_id(program_id))
    program = programs.get(caller.tenant_id, athlete, key)
    exercise = ExerciseId(checked_id(exercise_id))
    steps = programs.back_test(caller.tenant_id, program, exercise, rule.to_rule())
    reader = _reader(caller)
    return ProgramBackTest(steps=tuple(_step(each, reader) for each in steps))


def _step(step: BackTestStep, reader: Reader) -> ProgramBackTestStep:
    changes = tuple(ProgramChange.of(each, reader) for each in step.changes)
    return ProgramBackTestStep(
        session_id=step.session_id,
        at=step.at,
        planned=ProgramExercise.model_validate(step.planned),
        performed=tuple(BackTestSet.model_validate(each) for each in step.performed),
        changes=changes,
        one_repetition_max_kg=step.one_repetition_max_kg,
    )


def _view(program: State, reader: Reader) -> Program | None:
    """Return a program, or None if its texts were erased."""
    about = program.about.value
    return Program.of(program, about, reader) if isinstance(about, About) else None


def _reader(caller: Caller) -> Reader:
    read = caller.platform.read
    profile = read.get(USER_PROFILE, caller.tenant_id, own_id(caller))
    return Reader() if profile is None else Reader(profile.locale, profile.units)
