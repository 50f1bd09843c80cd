"""Training programs in GraphQL."""

from typing import Any

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.enums import ProgramRuleKind
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import key_of
from api.views import programs as views
from api.views.program_changes import ProgramWritten


@derived(views.ProgramExercise)
class ProgramExercise:
    """An exercise of a day, with a target either of repetitions or of seconds to hold."""


@derived(views.ProgramNote)
class ProgramNote:
    """A note to an exercise."""


@derived(views.ProgramDay)
class ProgramDay:
    """A training day."""


@derived(views.ProgramWeek)
class ProgramWeek:
    """A week of a program."""


@derived(views.ProgramRule)
class ProgramRule:
    """A progression rule."""


@derived(views.ProgramFact)
class ProgramFact:
    """A fact of a reason."""


@derived(views.ProgramChange)
class ProgramChange:
    """A change by the rule, and why."""


@derived(views.ProgramEffort)
class ProgramEffort:
    """How hard an exercise was."""


@derived(views.DatedProgramChange)
class DatedProgramChange:
    """A change after a day was performed."""


@derived(views.Program)
class Program:
    """A training program of an athlete."""


@derived(views.ProgramTemplate)
class ProgramTemplate:
    """A named start of a program."""


@derived(views.BackTestSet)
class BackTestSet:
    """A set that was performed."""


@derived(views.ProgramBackTestStep)
class ProgramBackTestStep:
    """A session of the past, and what the rule would have made of it."""


@derived(views.ProgramBackTest)
class ProgramBackTest:
    """What a rule would have done in your own history."""


@strawberry.type
class ProgramQueries:
    """Queries of programs."""

    @reading("Your programs: current ones, then the latest that have ended.")
    def programs(self, info: Info) -> list[Program]:
        """Return programs."""
        return [convert(Program, each) for each in views.own_programs(info.context.caller).items]

    @reading("Templates, from which programs can start.")
    def program_templates(self, info: Info) -> list[ProgramTemplate]:
        """Return all templates."""
        del info
        return [convert(ProgramTemplate, each) for each in views.program_templates().items]

    @reading("One of your programs.")
    def program(
        self,
        info: Info,
        id: strawberry.ID,  # noqa: A002  as in the other queries
    ) -> Program | None:
        """Return a program."""
        view = views.find_program(info.context.caller, key_of("Program", id))
        return None if view is None else convert(Program, view)

    @reading("What a rule would have done in your latest sessions with an exercise.")
    def program_back_test(
        self,
        info: Info,
        *,
        program_id: strawberry.ID,
        exercise_id: strawberry.ID,
        kind: ProgramRuleKind = ProgramRuleKind.LINEAR,
        step_kg: float = 2.5,
        min_repetitions: int = 8,
        max_repetitions: int = 12,
        percentage: float = 0.75,
        sessions: int = 1,
        min_form: float | None = None,
        deload_after: int = 3,
        deload_share: float = 0.9,
        load_step_kg: float = 0.5,
        reserve: int = 2,
    ) -> ProgramBackTest:
        """Run a rule over the caller's history."""
        rule = views.ProgramRule(
            kind=kind.value,
            step_kg=step_kg,
            min_repetitions=min_repetitions,
            max_repetitions=max_repetitions,
            percentage=percentage,
            sessions=sessions,
            min_form=min_form,
            deload_after=deload_after,
            deload_share=deload_share,
            load_step_kg=load_step_kg,
            reserve=reserve,
        )
        found = views.back_test_rule(
            info.context.caller, key_of("Program", program_id), str(exercise_id), rule
        )
        return convert(ProgramBackTest, found)


@strawberry.type
class ProgramPayload(MutationPayload):
    """Program after the change."""

    program: Program | None

    @classmethod
    def of(cls, context: Context, written: ProgramWritten, **common: Any) -> "ProgramPayload":
        """Return the payload of a command."""
        view = views.find_program(context.caller, written.program_id)
        return cls(program=None if view is None else convert(Program, view), **common)
