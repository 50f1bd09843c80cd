"""Program templates: named weeks with a rule, from which a program starts.

They are data. The exercises that the athlete has no equipment for, or that strain a body part that
hurts, are replaced by near ones, or left out.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from domain.catalog.events import Level
from domain.ids import ExerciseId
from domain.intents.vocabulary import exercise_names
from domain.kernel import Rejected, value
from domain.motion.exercises.library import get_exercise
from domain.programs.content import MAX_WEEKS, Day, PlannedExercise, Week, check_weeks
from domain.programs.goals import DOSES, Goal
from domain.programs.planning import DELOAD_EVERY, NoExerciseFits, deload_sets, fits, substitutes
from domain.programs.progression import Rule
from domain.values import within


class TemplateNotFound(Rejected):
    """There is no program template with this id."""

    code = "program.template_unknown"
    kind = "not_found"


@value
class Template:
    """A named start of a program. `week` repeats `weeks` times."""

    id: str
    goal: Goal
    level: Level
    equipment: tuple[str, ...]
    weeks: int
    week: Week
    rule: Rule


@cache
def templates() -> Mapping[str, Template]:
    """Return all templates by id, in the order of their file."""
    source = files("domain.programs") / "templates.toml"
    content = tomllib.loads(source.read_text(encoding="utf-8"))
    return MappingProxyType({key: _template(key, each) for key, each in content.items()})


def find_template(template_id: str) -> Template:
    """Return a template. Raises TemplateNotFound."""
    found = templates().get(template_id)
    if found is None:
        raise TemplateNotFound
    return found


def weeks_of(
    template: Template,
    *,
    equipment: tuple[str, ...] | None = None,
    spared: tuple[str, ...] = (),
    weeks: int | None = None,
) -> tuple[Week, ...]:
    """Return the weeks of a template, with exercises that fit the athlete.

    `equipment`: None stands for all that the template needs. Each fourth week is a deload week.
    Raises NoExerciseFits if a day would be left without exercises, and InvalidValue.
    """
    count = template.weeks if weeks is None else int(within("weeks", weeks, 1, MAX_WEEKS))
    available = frozenset(template.equipment if equipment is None else equipment)
    days = tuple(
        _fitting(each, template.goal, available, frozenset(spared)) for each in template.week.days
    )
    return tuple(_week(days, number) for number in range(1, count + 1))


def _fitting(day: Day, goal: Goal, available: frozenset[str], spared: frozenset[str]) -> Day:
    chosen = dict[ExerciseId, PlannedExercise]()
    names = exercise_names().entries
    for each in day.exercises:
        if fits(names[each.exercise_id], available, spared):
            chosen.setdefault(each.exercise_id, each)
            continue
        options = (ExerciseId(name) for name in substitutes(each.exercise_id, available, spared))
        other = next((name for name in options if name not in chosen), None)
        if other is not None:
            chosen[other] = _in_place_of(each, other, goal)
    if not chosen:
        raise NoExerciseFits
    return Day(tuple(chosen.values()))


def _in_place_of(planned: PlannedExercise, other: ExerciseId, goal: Goal) -> PlannedExercise:
    """Return another exercise with the same sets; a target of another kind is that of the goal."""
    is_hold, dose = get_exercise(other).kind == "hold", DOSES[goal]
    return replace(
        planned,
        exercise_id=other,
        repetitions=None if is_hold else planned.repetitions or dose.repetitions,
        hold_s=planned.hold_s or dose.hold_s if is_hold else None,
    )


def _week(days: tuple[Day, ...], number: int) -> Week:
    if number % DELOAD_EVERY:
        return Week(days)
    lighter = tuple(
        Day(tuple(replace(each, sets=deload_sets(each.sets)) for each in day.exercises))
        for day in days
    )
    return Week(lighter, is_deload=True)


def _template(key: str, content: Mapping[str, Any]) -> Template:
    week = Week(
        tuple(
            Day(
                tuple(
                    PlannedExercise(
                        ExerciseId(each["exercise"]),
                        each["sets"],
                        each.get("repetitions"),
                        each.get("hold_s"),
                        rest_s=each["rest_s"],
                    )
                    for each in day
                )
            )
            for day in content["days"]
        )
    )
    check_weeks((week,))
    return Template(
        id=key,
        goal=content["goal"],
        level=content["level"],
        equipment=tuple(content["equipment"]),
        weeks=content["weeks"],
        week=week,
        rule=Rule(**content["rule"]),
    )
