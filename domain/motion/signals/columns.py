"""Signal columns of an exercise."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from domain.motion.exercises.definition import ExerciseDefinition, Side
from domain.motion.landmarks import Landmark, PoseChunk, joined
from domain.motion.signals.body import Array, Body, accumulated, body_of, facing, has_depth
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


Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class ColumnLayout:
    """The columns of a definition: fixed ones, `measures` without repeats, then its signals.

    Each signal has a row (signals, 1) in `rests`, its usual value at rest; in `spans`, the distance
    from there to its usual extreme; and in `weights`. `joints` are the landmarks that the exercise
    needs. `parts` (2, parts) groups them: a column has the left and the right landmark of a part,
    or one landmark twice if the part has one side.
    """

    measures: tuple[tuple[str, Side], ...]
    rests: Array
    spans: Array
    weights: Array
    joints: Indices
    parts: Indices

    @property
    def signals(self) -> int:
        """Number of signal columns."""
        return len(self.weights)

    @property
    def first_signal(self) -> int:
        """Index of the first signal column; signals are the last columns."""
        return FIRST_MEASURE + len(self.measures)

    def column(self, name: str, sides: Side) -> int:
        """Index of a measure's column; ValueError if the layout does not have it."""
        return FIRST_MEASURE + self.measures.index((name, sides))


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredChunk:
    """A chunk, its body, and the columns of an exercise in every frame, (n, columns)."""

    definition: ExerciseDefinition
    chunk: PoseChunk
    body: Body
    rows: Array


@lru_cache(maxsize=256)
def layout_of(definition: ExerciseDefinition) -> ColumnLayout:
    """Collect the measures, signals and landmarks that a definition needs."""
    wanted: list[tuple[str, Side]] = [(fault.measure, fault.sides) for fault in definition.faults]
    if definition.hold is not None:
        wanted.append((definition.hold.measure, definition.hold.sides))
    return ColumnLayout(
        measures=tuple(dict.fromkeys(wanted)),
        rests=np.array([[signal.rest] for signal in definition.signals]),
        spans=np.array([[signal.effort - signal.rest] for signal in definition.signals]),
        weights=np.array([[signal.weight] for signal in definition.signals]),
        joints=np.array([Landmark[name.upper()] for name in definition.joints], np.intp),
        parts=_parts(definition),
    )


def _parts(definition: ExerciseDefinition) -> Indices:
    """Group the needed joints by part of the body: an ankle may be left or right."""
    parts: dict[str, list[int]] = {}
    for name in definition.joints:
        part = name.removeprefix("left_").removeprefix("right_")
        parts.setdefault(part, []).append(int(Landmark[name.upper()]))
    return np.array([(sides[0], sides[-1]) for sides in parts.values()], np.intp).T


def measure_for(definition: ExerciseDefinition, chunk: PoseChunk) -> MeasuredChunk:
    """Measure a chunk for an exercise."""
    body = body_of(chunk)
    return MeasuredChunk(definition, chunk, body, observe(definition, layout_of(definition), body))


def measure_all(
    wanted: Iterable[tuple[ExerciseDefinition, PoseChunk]],
) -> list[MeasuredChunk]:
    """Measure chunks, also of several athletes, each for its exercise.

    Chunks that are alike are measured together, which takes a third of the time with four of them,
    and the values are the same.
    """
    wanted = list(wanted)
    alike: dict[tuple[int, float, bool, bool], list[int]] = {}
    for number, (definition, chunk) in enumerate(wanted):
        has_z = chunk.world is None and has_depth(chunk)
        kind = (id(definition), chunk.aspect_ratio, chunk.world is None, has_z)
        alike.setdefault(kind, []).append(number)
    measured: dict[int, MeasuredChunk] = {}
    for numbers in alike.values():
        definition = wanted[numbers[0]][0]
        chunks = [wanted[number][1] for number in numbers]
        measured |= zip(numbers, _measure_alike(definition, chunks), strict=True)
    return [measured[number] for number in range(len(wanted))]


def _measure_alike(
    definition: ExerciseDefinition, chunks: Sequence[PoseChunk]
) -> Iterator[MeasuredChunk]:
    """Measure chunks of one exercise with the same axes and shape of the picture."""
    if len(chunks) == 1:
        yield measure_for(definition, chunks[0])
        return
    whole = measure_for(definition, joined(chunks))
    start = 0
    for chunk in chunks:
        frames = slice(start, start + len(chunk))
        yield MeasuredChunk(definition, chunk, whole.body.part(frames), whole.rows[frames])
        start = frames.stop


def observe(definition: ExerciseDefinition, plan: ColumnLayout, body: Body) -> Array:
    """Measure every frame, (n, columns); a row of NaN if the exercise cannot be seen."""
    columns = np.empty((plan.first_signal + plan.signals, len(body)))
    shares = columns[plan.first_signal :]
    for share, signal in zip(shares, definition.signals, strict=True):
        share[:] = measure(body, signal.measure, signal.sides)
    # Position of each signal between its usual rest (0) and its usual extreme (1).
    shares -= plan.rests
    shares /= plan.spans
    columns[EFFORT] = effort(plan, shares)
    _measure_joint(definition, body, columns[ANGLE : ANGLE_RIGHT + 1])
    columns[VISIBILITY] = _visibility(plan, body)
    columns[FACING] = facing(body)
    # A hold is timed by a measure of its faults, so hidden joints count.
    judged = measure if definition.hold else seen_measure
    for column, (name, sides) in enumerate(plan.measures, start=FIRST_MEASURE):
        columns[column] = judged(body, name, sides)
    columns[:, ~body.seen | _is_guessed(plan, body) | np.isnan(columns[EFFORT])] = np.nan
    return columns.T


def effort(plan: ColumnLayout, shares: Array) -> Array:
    """Position of the movement between rest (0) and extreme (1): the signals' weighted mean, (n,).

    Signals, (signals, n), whose joints the pose source does not provide are left out.
    """
    present = ~np.isnan(shares)
    # Python's sum adds row by row, in the order of the signals; numpy's reduction might not.
    total: Array = sum(np.where(present, shares * plan.weights, 0.0), np.zeros(()))
    weights: Array = sum(np.where(present, plan.weights, 0.0), np.zeros(()))
    mean: Array = np.full(len(total), np.nan)
    np.divide(total, weights, out=mean, where=weights > 0.0)
    return mean


def _measure_joint(definition: ExerciseDefinition, body: Body, angles: Array) -> None:
    """Measure the driving joint's angle: as a whole, of the left, of the right; degrees, (3, n)."""
    name = definition.range_of_motion.measure
    angles[:] = np.nan
    if not body.metric:
        return
    angles[0] = measure(body, name, "mean")
    if name not in CENTRAL:
        angles[1] = measure(body, name, "left")
        angles[2] = measure(body, name, "right")


def _is_guessed(plan: ColumnLayout, body: Body) -> npt.NDArray[np.bool_]:
    """Frames in which a needed part of the body is out of sight on both sides, (n,)."""
    sides: Array = body.visibility.take(plan.parts, axis=1)  # (n, 2, parts)
    guessed: npt.NDArray[np.bool_] = (
        np.minimum.reduce(np.maximum.reduce(sides, axis=1), axis=1) < GUESSED
    )
    return guessed


def _visibility(plan: ColumnLayout, body: Body) -> Array:
    """Mean visibility of the joints the exercise needs, (n,)."""
    mean: Array = accumulated(body.visibility.take(plan.joints, axis=1)) / len(plan.joints)
    return mean
