"""Signal columns of an exercise."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from domain.kernel import value
from domain.motion.exercises.definition import ExerciseDefinition, Side, Signal
from domain.motion.landmarks import Landmark, PoseChunk
from domain.motion.signals.body import Array, Body, body_of, facing
from domain.motion.signals.measures import CENTRAL, measure, seen_measure

# Columns of every plan; the measures of faults and of a hold follow them.
EFFORT: Final = 0
ANGLE: Final = 1
ANGLE_LEFT: Final = 2
ANGLE_RIGHT: Final = 3
VISIBILITY: Final = 4
FACING: Final = 5
FIRST_MEASURE: Final = 6

GUESSED: Final = 0.2
"""Below this visibility a landmark's position is invented. In 29 videos of people exercising in
full view, the least visible joint has at least 0.54; where the feet are cut off, ankles have
0.04."""


@value
class ColumnLayout:
    """The columns of a definition: fixed ones, `measures` without repeats, then its signals.

    `joints` are the landmarks the exercise needs, `parts` the same with left and right together.
    """

    measures: tuple[tuple[str, Side], ...]
    signals: int
    joints: tuple[int, ...]
    parts: tuple[tuple[int, ...], ...]

    @property
    def first_signal(self) -> int:
        """Index of the first signal column; signals are the last columns."""
        return FIRST_MEASURE + len(self.measures)

    def column(self, name: str, sides: Side) -> int:
        """Index of a measure's column; ValueError if the layout does not have it."""
        return FIRST_MEASURE + self.measures.index((name, sides))


@lru_cache(maxsize=256)
def layout_of(definition: ExerciseDefinition) -> ColumnLayout:
    """Collect the measures that a definition's faults and hold need."""
    wanted: list[tuple[str, Side]] = [(fault.measure, fault.sides) for fault in definition.faults]
    if definition.hold is not None:
        wanted.append((definition.hold.measure, definition.hold.sides))
    return ColumnLayout(
        measures=tuple(dict.fromkeys(wanted)),
        signals=len(definition.signals),
        joints=tuple(int(Landmark[name.upper()]) for name in definition.joints),
        parts=_parts(definition),
    )


def _parts(definition: ExerciseDefinition) -> tuple[tuple[int, ...], ...]:
    """Group the needed joints by part of the body: an ankle may be left or right."""
    parts: dict[str, list[int]] = {}
    for name in definition.joints:
        part = name.removeprefix("left_").removeprefix("right_")
        parts.setdefault(part, []).append(int(Landmark[name.upper()]))
    return tuple(tuple(sides) for sides in parts.values())


def observe(definition: ExerciseDefinition, plan: ColumnLayout, chunk: PoseChunk) -> Array:
    """Measure every frame, (n, columns); a row of NaN if the exercise cannot be seen."""
    body = body_of(chunk)
    unknown = np.full(len(chunk), np.nan)
    angles = [unknown] * 3
    if body.metric:
        angles = _joint_angles(definition, body)
    shares = [_share(signal, body) for signal in definition.signals]
    columns = [
        effort(definition, shares),
        *angles,
        _visibility(plan, body),
        facing(body),
        *(_fault_measure(definition, body, name, sides) for name, sides in plan.measures),
        *shares,
    ]
    rows = np.stack(columns, axis=1)
    rows[~body.seen | _guessed_share(plan, body) | np.isnan(rows[:, EFFORT])] = np.nan
    return rows


def _fault_measure(definition: ExerciseDefinition, body: Body, name: str, sides: Side) -> Array:
    """Measure what faults are judged by; a hold is timed by it, too, so hidden joints count."""
    return (measure if definition.hold else seen_measure)(body, name, sides)


def _share(signal: Signal, body: Body) -> Array:
    """Position of one signal between its usual rest (0) and its usual extreme (1), (n,)."""
    raw = measure(body, signal.measure, signal.sides)
    share: Array = (raw - signal.rest) / (signal.effort - signal.rest)
    return share


def effort(definition: ExerciseDefinition, shares: Sequence[Array]) -> Array:
    """Position of the movement between rest (0) and extreme (1): the signals' weighted mean, (n,).

    Signals whose joints the pose source does not provide are left out.
    """
    total = np.zeros(len(shares[0]))
    weights = np.zeros(len(shares[0]))
    for signal, share in zip(definition.signals, shares, strict=True):
        present = ~np.isnan(share)
        total = total + np.where(present, share * signal.weight, 0.0)
        weights = weights + np.where(present, signal.weight, 0.0)
    mean: Array = np.full(len(total), np.nan)
    np.divide(total, weights, out=mean, where=weights > 0.0)
    return mean


def _joint_angles(definition: ExerciseDefinition, body: Body) -> list[Array]:
    """The driving joint's angle: as a whole, of the left, of the right; degrees, (n,) each."""
    name = definition.range_of_motion.measure
    if name in CENTRAL:
        return [measure(body, name, "mean"), *([np.full(len(body), np.nan)] * 2)]
    return [measure(body, name, sides) for sides in ("mean", "left", "right")]


def _guessed_share(plan: ColumnLayout, body: Body) -> npt.NDArray[np.bool_]:
    """Frames in which a needed part of the body is out of sight on both sides, (n,)."""
    guessed = np.zeros(len(body), np.bool_)
    for sides in plan.parts:
        guessed |= body.visibility[:, sides].max(axis=1) < GUESSED
    return guessed


def _visibility(plan: ColumnLayout, body: Body) -> Array:
    """Mean visibility of the joints the exercise needs, (n,)."""
    total = np.zeros(len(body))
    for joint in plan.joints:
        total = total + body.visibility[:, joint]
    mean: Array = total / len(plan.joints)
    return mean
