"""Progression: rules as data, applied to what an athlete really performed.

The load rises only if every set reached its target, with form that is good enough. A rule never
leaves the limits of a program.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal

from domain.ids import ExerciseId
from domain.kernel import value
from domain.programs.changes import Change, Fact, ReasonCode, Target
from domain.programs.content import MAX_HOLD_S, MAX_LOAD_KG, MAX_REPETITIONS, PlannedExercise
from domain.programs.equal_loads import TOLERANCE_KG
from domain.values import InvalidValue, within

RuleKind = Literal["none", "linear", "double_progression", "percentage", "effort"]

LOAD_STEP_KG: Final = 0.5
"""The smallest step of loads."""

HOLD_STEP_S: Final = 5
MAX_STEP_KG: Final = 20.0
MAX_RESERVE: Final = 10
"""Repetitions in reserve; on the scale of perceived exertion (RPE) they are 10 - RPE: Zourdos et
al., Journal of Strength and Conditioning Research 30(1), 2016."""
EPLEY_DIVISOR: Final = 30.0
"""One-repetition maximum = load x (1 + repetitions / 30): Epley, Poundage Chart, 1985. A single
repetition is its own maximum."""

FORM_DIGITS: Final = 6
"""Of a mean form score: binary fractions add up to slightly less or more than decimals."""

MAX_ESTIMATED: Final = 12
"""Repetitions up to which the maximum is estimated: with more, estimates are far too high."""


@value
class Rule:
    """A progression rule.

    `linear`: `step_kg` more, or one repetition more without a load. `double_progression`: one
    repetition more up to `max_repetitions`, then `step_kg` more from `min_repetitions` on.
    `effort`: the athlete says how many repetitions they had in reserve; with more than `reserve`,
    `step_kg` more, and with at least two fewer, `step_kg` less; a repetition or 5 s without a load.
    `percentage`: this share of the estimated one-repetition maximum, if it is more than the load.
    `load_step_kg`: what can be loaded; a share of a load is rounded down to its multiples.
    `sessions`: how often in a row the target must be reached. `min_form`: mean form score, 0..1,
    below which nothing rises.
    `deload_after`: misses in a row after which the load falls to `deload_share`; 0: never.
    """

    kind: RuleKind = "none"
    step_kg: float = 2.5
    min_repetitions: int = 8
    max_repetitions: int = 12
    percentage: float = 0.75
    sessions: int = 1
    min_form: float | None = None
    deload_after: int = 3
    deload_share: float = 0.9
    load_step_kg: float = LOAD_STEP_KG
    reserve: int = 2

    def __post_init__(self) -> None:
        within("step_kg", self.step_kg, LOAD_STEP_KG, MAX_STEP_KG)
        within("min_repetitions", self.min_repetitions, 1, MAX_REPETITIONS)
        within("max_repetitions", self.max_repetitions, 1, MAX_REPETITIONS)
        if self.min_repetitions > self.max_repetitions:
            raise InvalidValue("The range of repetitions ends before it begins.")
        within("percentage", self.percentage, 0.3, 1.0)
        within("reserve", self.reserve, 0, MAX_RESERVE)
        within("load_step_kg", self.load_step_kg, 0.1, MAX_STEP_KG)
        within("sessions", self.sessions, 1, 10)
        within("deload_after", self.deload_after, 0, 10)
        within("deload_share", self.deload_share, 0.5, 1.0)
        if self.min_form is not None:
            within("min_form", self.min_form, 0.0, 1.0)


NO_RULE: Final = Rule()

FEWER: Final = 2
"""Repetitions in reserve below the target from which the load falls."""

_MORE: Final[ReasonCode] = "more_in_reserve"
_LESS: Final[ReasonCode] = "less_in_reserve"


@value
class PerformedSet:
    """A set that was performed; `form` is its mean score, 0..1, None if it was not measured.

    `line` is the line of the day that the session performed by it, from 1; None if unknown.
    """

    repetitions: int
    hold_s: float = 0.0
    load_kg: float | None = None
    form: float | None = None
    line: int | None = None


@value
class Streak:
    """How often in a row the target of an exercise was reached, or missed."""

    exercise_id: ExerciseId
    reached: int = 0
    missed: int = 0


@value
class Result:
    """An exercise as it was performed on a day; `load_kg` is the least load lifted.

    `may_rise`: all sets reached their target with good form, as often as the rule asks.
    """

    exercise_id: ExerciseId
    load_kg: float | None
    may_rise: bool


@value
class Outcome:
    """Result of a rule: the changes, the streak after them, and whether the target may rise."""

    changes: tuple[Change, ...]
    streak: Streak
    may_rise: bool = False


def one_repetition_max(sets: Sequence[PerformedSet]) -> float | None:
    """Estimate the largest load for one repetition, in kg; None without loads.

    Sets of more than `MAX_ESTIMATED` repetitions count as that many.
    """
    return max(
        (
            each.load_kg * _epley(min(each.repetitions, MAX_ESTIMATED))
            for each in sets
            if each.load_kg and each.repetitions > 0
        ),
        default=None,
    )


def _epley(repetitions: int) -> float:
    return 1.0 if repetitions == 1 else 1 + repetitions / EPLEY_DIVISOR


def mean_form(sets: Sequence[PerformedSet]) -> float | None:
    """Return the mean form score of the sets that have one, or None."""
    scores = [each.form for each in sets if each.form is not None]
    return round(sum(scores) / len(scores), FORM_DIGITS) if scores else None


def least_load(sets: Sequence[PerformedSet]) -> float | None:
    """Return the least load lifted, or None without loads."""
    return min((each.load_kg for each in sets if each.load_kg), default=None)


def with_chosen_load(planned: PlannedExercise, load_kg: float | None) -> PlannedExercise:
    """Return an exercise with the load that was lifted, if the athlete chooses its load."""
    return replace(planned, load_kg=load_kg) if planned.load_kg is None else planned


def progress(
    rule: Rule,
    planned: PlannedExercise,
    sets: Sequence[PerformedSet],
    streak: Streak,
    from_day: int,
) -> Outcome:
    """Apply a rule to one performed exercise. Without a performed set nothing changes."""
    if rule.kind == "none" or not sets:
        return Outcome((), streak)
    if not _is_reached(planned, sets):
        return _miss(rule, planned, streak, from_day)
    if not _is_well_formed(rule, sets):
        return Outcome((), Streak(streak.exercise_id))
    reached = streak.reached + 1
    if reached < rule.sessions:
        return Outcome((), Streak(streak.exercise_id, reached=reached))
    changes = tuple(_rise(rule, planned, sets, reached, from_day))
    return Outcome(changes, Streak(streak.exercise_id), may_rise=True)


def adjust_to_effort(
    rule: Rule, planned: PlannedExercise, reserve: int, from_day: int, *, may_rise: bool
) -> tuple[Change, ...]:
    """Apply a rule by effort to the repetitions in reserve after the hardest set.

    Nothing rises unless the result of the day says that it may.
    """
    if rule.kind != "effort":
        return ()
    if reserve > rule.reserve and may_rise:
        sign, code = 1, _MORE
    elif reserve <= rule.reserve - FEWER:
        sign, code = -1, _LESS
    else:
        return ()
    facts = (Fact("reserve", reserve), Fact("target_reserve", rule.reserve))
    if planned.load_kg:
        after = max(min(planned.load_kg, rule.load_step_kg), planned.load_kg + sign * rule.step_kg)
        return tuple(_load(planned, round(after, 8), from_day, code, facts))
    target: Target = "repetitions" if planned.hold_s is None else "hold_s"
    before = planned.repetitions or planned.hold_s or 1
    step, most = (1, MAX_REPETITIONS) if target == "repetitions" else (HOLD_STEP_S, MAX_HOLD_S)
    after = min(most, max(1, before + sign * step))
    return tuple(_change(planned, target, before, after, from_day, code=code, facts=facts))


def _is_reached(planned: PlannedExercise, sets: Sequence[PerformedSet]) -> bool:
    """Return whether all planned sets reached the target, with at least the planned load."""
    return sum(1 for each in sets if _reaches(planned, each)) >= planned.sets


def _reaches(planned: PlannedExercise, performed: PerformedSet) -> bool:
    least_kg = (planned.load_kg or 0.0) - TOLERANCE_KG
    result = performed.repetitions if planned.hold_s is None else performed.hold_s
    is_loaded = (performed.load_kg or 0.0) > least_kg
    return is_loaded and result >= (planned.repetitions or planned.hold_s or 0)


def _is_well_formed(rule: Rule, sets: Sequence[PerformedSet]) -> bool:
    """Return whether the form is good enough. A score that is required must be measured."""
    form = mean_form(sets)
    if rule.min_form is None:
        return True
    return form is not None and form >= round(rule.min_form, FORM_DIGITS)


def _miss(rule: Rule, planned: PlannedExercise, streak: Streak, from_day: int) -> Outcome:
    missed = streak.missed + 1
    if not rule.deload_after or missed < rule.deload_after:
        return Outcome((), Streak(streak.exercise_id, missed=missed))
    cleared = Streak(streak.exercise_id)
    if not planned.load_kg:
        return Outcome((), cleared)
    after = _rounded(planned.load_kg * rule.deload_share, rule.load_step_kg)
    if after > planned.load_kg - TOLERANCE_KG:  # nothing lighter can be loaded
        return Outcome((), cleared)
    percentage = round(after / planned.load_kg * 100)
    facts = (Fact("misses", missed), Fact("percentage", percentage))
    return Outcome(tuple(_load(planned, after, from_day, "deload_after_misses", facts)), cleared)


def _rise(
    rule: Rule, planned: PlannedExercise, sets: Sequence[PerformedSet], reached: int, from_day: int
) -> Iterator[Change]:
    if rule.kind == "effort":  # it is known once the athlete has said it
        return
    facts = tuple(_facts(rule, planned, sets, reached))
    if planned.hold_s is not None:
        after = min(MAX_HOLD_S, planned.hold_s + HOLD_STEP_S)
        yield from _change(planned, "hold_s", planned.hold_s, after, from_day, facts=facts)
        return
    repetitions = planned.repetitions or 1
    match rule.kind:
        case "linear":
            yield from _step(rule, planned, repetitions, from_day, facts)
        case "double_progression":
            yield from _double(rule, planned, repetitions, from_day, facts)
        case "percentage":
            yield from _to_share(rule, planned, sets, from_day)
        case "none":
            return


def _step(
    rule: Rule, planned: PlannedExercise, repetitions: int, from_day: int, facts: tuple[Fact, ...]
) -> Iterator[Change]:
    if planned.load_kg is not None:
        after = planned.load_kg + rule.step_kg
        yield from _load(planned, after, from_day, "all_sets_reached", facts)
        return
    more = min(MAX_REPETITIONS, repetitions + 1)
    yield from _change(planned, "repetitions", repetitions, more, from_day, facts=facts)


def _double(
    rule: Rule, planned: PlannedExercise, repetitions: int, from_day: int, facts: tuple[Fact, ...]
) -> Iterator[Change]:
    if repetitions < rule.max_repetitions:
        code: ReasonCode = "repetition_added"
        yield from _change(
            planned, "repetitions", repetitions, repetitions + 1, from_day, code=code, facts=facts
        )
    elif planned.load_kg is not None and planned.load_kg < MAX_LOAD_KG:
        complete = (*facts, Fact("max_repetitions", rule.max_repetitions))
        after = planned.load_kg + rule.step_kg
        code = "range_completed"
        yield from _load(planned, after, from_day, code, complete)
        least = rule.min_repetitions
        yield from _change(
            planned, "repetitions", repetitions, least, from_day, code=code, facts=complete
        )


def _to_share(
    rule: Rule, planned: PlannedExercise, sets: Sequence[PerformedSet], from_day: int
) -> Iterator[Change]:
    highest = one_repetition_max(sets)
    if highest is None:
        return
    after = _rounded(highest * rule.percentage, rule.load_step_kg)
    if after > (planned.load_kg or 0.0):  # a target that was reached lowers nothing
        facts = (
            Fact("one_repetition_max_kg", round(highest, 1)),
            Fact("percentage", round(rule.percentage * 100)),
        )
        yield from _load(planned, after, from_day, "percentage_of_max", facts)


def _facts(
    rule: Rule, planned: PlannedExercise, sets: Sequence[PerformedSet], reached: int
) -> Iterator[Fact]:
    yield Fact("sets", planned.sets)
    yield Fact("target", planned.repetitions or planned.hold_s or 0)
    yield Fact("sessions", reached)
    form = mean_form(sets)
    if rule.min_form is not None and form is not None:
        yield Fact("form", round(form * 100))
        yield Fact("min_form", round(rule.min_form * 100))


def _rounded(load_kg: float, step_kg: float) -> float:
    """Return the largest multiple of the step that is not heavier, at least one step."""
    steps = max(1, int((load_kg + TOLERANCE_KG) / step_kg))
    return min(MAX_LOAD_KG, round(steps * step_kg, 8))


def _load(
    planned: PlannedExercise,
    after: float,
    from_day: int,
    code: ReasonCode,
    facts: tuple[Fact, ...],
) -> Iterator[Change]:
    limited = min(MAX_LOAD_KG, after)
    yield from _change(
        planned, "load_kg", planned.load_kg, limited, from_day, code=code, facts=facts
    )


def _change(
    planned: PlannedExercise,
    target: Target,
    before: float | None,
    after: float,
    from_day: int,
    *,
    code: ReasonCode = "all_sets_reached",
    facts: tuple[Fact, ...],
) -> Iterator[Change]:
    if after != before:
        yield Change(planned.exercise_id, target, before, after, from_day, code, facts)
