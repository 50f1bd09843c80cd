"""Back-test: what a rule would have done with an exercise that the athlete performed."""

from collections.abc import Iterable
from datetime import datetime

from domain.ids import SessionId
from domain.kernel import value
from domain.programs.changes import Change, apply_changes
from domain.programs.content import Day, PlannedExercise, Week
from domain.programs.progression import (
    PerformedSet,
    Rule,
    Streak,
    least_load,
    one_repetition_max,
    progress,
    with_chosen_load,
)


@value
class PastExercise:
    """An exercise as it was performed in one session of the past."""

    session_id: SessionId
    at: datetime
    sets: tuple[PerformedSet, ...]


@value
class BackTestStep:
    """A session of the past: what the rule would have planned for it, and changed after it.

    `one_repetition_max_kg` is the estimate from what was performed.
    """

    session_id: SessionId
    at: datetime
    planned: PlannedExercise
    performed: tuple[PerformedSet, ...]
    changes: tuple[Change, ...]
    one_repetition_max_kg: float | None


def back_test(
    rule: Rule, first: PlannedExercise, history: Iterable[PastExercise]
) -> tuple[BackTestStep, ...]:
    """Run a rule over a history, the oldest session first, from the load first lifted there.

    It shows what the rule would have planned; what was performed stays what it was.
    """
    steps = list[BackTestStep]()
    planned, streak = first, Streak(first.exercise_id)
    for past in history:
        planned = with_chosen_load(planned, least_load(past.sets))
        outcome = progress(rule, planned, past.sets, streak, from_day=1)
        steps.append(
            BackTestStep(
                past.session_id,
                past.at,
                planned,
                past.sets,
                outcome.changes,
                one_repetition_max(past.sets),
            )
        )
        streak, planned = outcome.streak, _after(planned, outcome.changes)
    return tuple(steps)


def _after(planned: PlannedExercise, changes: tuple[Change, ...]) -> PlannedExercise:
    weeks = apply_changes((Week((Day((planned,)),)),), changes)
    return weeks[0].days[0].exercises[0]
