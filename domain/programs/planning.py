"""Planning: weeks for a goal, from days a week, equipment, level and body parts to spare.

Each day trains several movement patterns in turn. An exercise that needs missing equipment, or
strains a body part that hurts, is replaced by one of the same pattern, then of a near pattern.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from domain.catalog.events import Level
from domain.guidance.features import LEVELS, body_parts, equipment
from domain.ids import ExerciseId
from domain.intents.vocabulary import VocabularyEntry, exercise_names
from domain.kernel import Rejected, value
from domain.motion.exercises.library import get_exercise
from domain.programs.changes import Change, after_changes
from domain.programs.content import (
    MAX_DAYS_A_WEEK,
    MAX_WEEKS,
    Day,
    PlannedExercise,
    Week,
    days_of,
)
from domain.programs.goals import DOSES, Goal
from domain.values import InvalidValue, within

PATTERNS: Final = ("squat", "push", "pull", "hinge", "press", "core", "curl", "support")
"""Movement patterns, in the order in which days train them."""

EXERCISES_A_DAY: Final[dict[Level, int]] = {"beginner": 4, "intermediate": 5, "advanced": 6}
DELOAD_EVERY: Final = 4
"""Each fourth week has fewer sets."""


class NoExerciseFits(Rejected):
    """No exercise fits this equipment and these body parts. Name more equipment, or spare less."""

    code = "program.no_exercise_fits"
    kind = "invalid"


@value
class PlanRequest:
    """Inputs of planning. `spared`: body parts that hurt. `equipment`: what the athlete has."""

    goal: Goal
    weeks: int
    days_a_week: int
    level: Level = "beginner"
    equipment: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        within("weeks", self.weeks, 1, MAX_WEEKS)
        within("days_a_week", self.days_a_week, 1, MAX_DAYS_A_WEEK)
        _check_names("equipment", self.equipment, equipment())
        _check_names("body parts", self.spared, body_parts())


def plan_weeks(request: PlanRequest) -> tuple[Week, ...]:
    """Plan the weeks of a program. Loads are left to the athlete. Raises NoExerciseFits."""
    options = [each for pattern in PATTERNS if (each := _choose(pattern, request)) is not None]
    chosen = tuple(dict.fromkeys(options))
    if not chosen:
        raise NoExerciseFits
    return tuple(_week(request, chosen, number) for number in range(1, request.weeks + 1))


def plan_next_weeks(
    weeks: tuple[Week, ...], count: int, changes: Sequence[Sequence[Change]] = ()
) -> tuple[Week, ...]:
    """Plan weeks that follow others: their latest full week again, with the targets reached by now.

    `changes`: those of each performed day, in order. Each fourth week of the program is a deload
    week. Raises InvalidValue for too many weeks.
    """
    within("weeks of a program", len(weeks) + count, len(weeks) + 1, MAX_WEEKS)
    full = [place for place, week in enumerate(weeks) if not week.is_deload]
    usual = full[-1] if full else len(weeks) - 1
    first = 1 + sum(len(week.days) for week in weeks[:usual])
    lines = [each for day in days_of(weeks) for each in day.exercises]
    reached = tuple(
        Day(tuple(_reached(each, number, changes, lines) for each in day.exercises))
        for number, day in enumerate(weeks[usual].days, first)
    )
    return tuple(
        _repeated_week(reached, is_deload=number % DELOAD_EVERY == 0)
        for number in range(len(weeks) + 1, len(weeks) + count + 1)
    )


def substitutes(
    exercise_id: str, available: frozenset[str], spared: frozenset[str]
) -> Iterator[str]:
    """Yield exercises that can replace one: the same pattern first, then near patterns."""
    table = exercise_names()
    replaced = table.entries[exercise_id]
    for pattern in (replaced.pattern, *table.near.get(replaced.pattern, ())):
        for entry in _of_pattern(pattern):
            if entry != replaced and fits(entry, available, spared):
                yield entry.id


def _check_names(name: str, given: tuple[str, ...], allowed: frozenset[str]) -> None:
    unknown = sorted(set(given) - allowed)
    if unknown:
        raise InvalidValue(
            f"{unknown[0]!r} is not one of the {name}: {', '.join(sorted(allowed))}."
        )


def _of_pattern(pattern: str) -> list[VocabularyEntry]:
    """Return the exercises of a pattern, those with the most equipment first."""
    entries = [each for each in exercise_names().entries.values() if each.pattern == pattern]
    return sorted(entries, key=lambda each: -len(each.needs))


def fits(entry: VocabularyEntry, available: frozenset[str], spared: frozenset[str]) -> bool:
    """Return whether there is equipment for an exercise, and nothing that it strains hurts."""
    return entry.needs <= available and not entry.strains & spared


def _choose(pattern: str, request: PlanRequest) -> str | None:
    """Return the first exercise that fits a pattern, or a near one."""
    available, spared = frozenset(request.equipment), frozenset(request.spared)
    first, *_ = entries = _of_pattern(pattern)
    fitting = (each.id for each in entries if fits(each, available, spared))
    return next(fitting, None) or next(substitutes(first.id, available, spared), None)


def _week(request: PlanRequest, chosen: tuple[str, ...], number: int) -> Week:
    is_deload = number % DELOAD_EVERY == 0
    size = min(EXERCISES_A_DAY[request.level], len(chosen))
    days = tuple(
        Day(
            tuple(
                _exercise(request, chosen[(day * size + place) % len(chosen)], is_deload=is_deload)
                for place in range(size)
            )
        )
        for day in range(request.days_a_week)
    )
    return Week(days, is_deload)


def _reached(
    usual: PlannedExercise,
    number: int,
    changes: Sequence[Sequence[Change]],
    lines: Sequence[PlannedExercise],
) -> PlannedExercise:
    """Return an exercise of a day, by its number, with the targets that were reached since."""
    target = usual
    for of_day in changes:
        target = after_changes(target, [each for each in of_day if each.from_day > number])
    latest = next((each for each in reversed(lines) if _has_same_target(target, each)), target)
    return replace(latest, sets=usual.sets, rest_s=usual.rest_s)


def _has_same_target(target: PlannedExercise, latest: PlannedExercise) -> bool:
    """Return whether a line of the program has this target; a chosen load may be set there."""
    is_same = (target.exercise_id, target.repetitions, target.hold_s) == (
        latest.exercise_id,
        latest.repetitions,
        latest.hold_s,
    )
    return is_same and target.load_kg in (None, latest.load_kg)


def _repeated_week(days: tuple[Day, ...], *, is_deload: bool) -> Week:
    if not is_deload:
        return Week(days)
    return Week(tuple(Day(tuple(map(_deloaded, day.exercises))) for day in days), is_deload=True)


def _deloaded(exercise: PlannedExercise) -> PlannedExercise:
    return replace(exercise, sets=deload_sets(exercise.sets))


def deload_sets(sets: int) -> int:
    """Return the sets of a deload week."""
    return max(1, sets // 2)


def _exercise(request: PlanRequest, exercise_id: str, *, is_deload: bool) -> PlannedExercise:
    dose = DOSES[request.goal]
    sets = dose.sets + LEVELS.index(request.level) - (1 if request.level != "beginner" else 0)
    is_hold = get_exercise(exercise_id).kind == "hold"
    return PlannedExercise(
        ExerciseId(exercise_id),
        deload_sets(sets) if is_deload else sets,
        None if is_hold else dose.repetitions,
        dose.hold_s if is_hold else None,
        rest_s=dose.rest_s,
    )
