"""Measurement model: how precisely the landmarks of real videos show what a fault is judged by.

`measurement_model.json` was measured on videos of people by `tools/form/measurement_model.py`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from math import copysign
from types import MappingProxyType
from typing import Final, Literal

from domain.kernel import value
from domain.motion.exercises.correct_values import correct_values
from domain.motion.exercises.definition import ExerciseDefinition, Fault, ViewSpread
from domain.values import View

Unit = Literal["degrees", "lengths"]

RARE: Final = 2.326
"""A normal value is more of its standard deviations than this above the mean once in 100 times."""

DEGREES: Final = ("_angle", "_tilt", "trunk_lean", "upper_arm_lean", "shank_lean")
"""Ends of the names of measures in degrees; the others are in lengths of the body."""


@value
class Spread:
    """Standard deviation of one value of a repetition, and how much it was measured on.

    `correct`: median of correct videos. `limit`: value that 1 of 20 of them exceeds. None: too few.
    """

    spread: float
    repetitions: int
    videos: int
    correct: float | None = None
    limit: float | None = None


@value
class MeasurementModel:
    """Spreads by exercise, fault and view; `pooled` by unit, where nothing else is known."""

    spreads: Mapping[tuple[str, str, View], Spread]
    pooled: Mapping[Unit, Spread]


def unit_of(measure: str) -> Unit:
    """Return the unit of a measure."""
    return "degrees" if measure.endswith(DEGREES) else "lengths"


def with_spreads(definition: ExerciseDefinition) -> ExerciseDefinition:
    """Give each fault the spreads of its views that it does not have itself."""
    model = measurement_model()
    faults = tuple(
        replace(fault, spreads=tuple(_spreads(model, definition.id, fault)))
        for fault in definition.faults
    )
    return replace(definition, faults=faults)


def _spreads(model: MeasurementModel, exercise: str, fault: Fault) -> Iterator[ViewSpread]:
    own = {each.view: each for each in fault.spreads}
    for view in fault.views:
        yield own.get(view) or _precision(model, exercise, fault, view)


def _precision(model: MeasurementModel, exercise: str, fault: Fault, view: View) -> ViewSpread:
    """Return what was measured on people or, where nothing was, on noise."""
    on_people = model.spreads.get((exercise, fault.id, view))
    correct = correct_values().get((exercise, fault.id, view))
    if on_people is not None and on_people.correct is not None:
        return ViewSpread(view, on_people.spread, on_people.correct, on_people.limit)
    if correct is None:
        return ViewSpread(view, (on_people or model.pooled[unit_of(fault.measure)]).spread)
    limit = correct.most if fault.below is None else correct.least
    if on_people is not None:
        limit = correct.measured + copysign(RARE * on_people.spread, limit - correct.measured)
    return ViewSpread(view, (on_people or correct).spread, correct.measured, limit)


@cache
def measurement_model() -> MeasurementModel:
    """Read the shipped model."""
    text = (files("domain.motion.exercises") / "measurement_model.json").read_text(encoding="utf-8")
    return from_plain(json.loads(text))


def from_plain(plain: Mapping[str, Mapping[str, dict[str, float]]]) -> MeasurementModel:
    """Read a model from plain data: `spreads` by "exercise fault view", and `pooled` by unit."""
    spreads = {tuple(name.split()): _spread(each) for name, each in plain["spreads"].items()}
    pooled = {unit: _spread(each) for unit, each in plain["pooled"].items()}
    return MeasurementModel(MappingProxyType(spreads), MappingProxyType(pooled))  # type: ignore[arg-type]


def _spread(plain: Mapping[str, float]) -> Spread:
    return Spread(
        plain["spread"],
        int(plain["repetitions"]),
        int(plain["videos"]),
        plain.get("correct"),
        plain.get("limit"),
    )
