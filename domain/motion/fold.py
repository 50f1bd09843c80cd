"""Motion fold: turn landmarks into repetitions, holds and faults.

One fold serves live cameras, files and replays. It is pure and causal, and its result does not
depend on how the frames are cut into chunks.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from domain.motion.counting.holds import HoldTimer
from domain.motion.counting.pose_buffer import append_poses
from domain.motion.counting.repetitions import RepetitionCounter
from domain.motion.counting.trained_model import find_trained_model
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.facts import MotionFact, PoseFound, PoseLost, TraceSample
from domain.motion.landmarks import PoseChunk
from domain.motion.signals.body import Array
from domain.motion.signals.columns import (
    EFFORT,
    ColumnLayout,
    MeasuredChunk,
    layout_of,
    measure_for,
)
from domain.motion.signals.resampling import Resampler
from domain.motion.state import MotionState, Row

LOST_AFTER_S = 0.5
"""Half a second without a pose means a lost athlete; shorter gaps are dropouts of the model."""


class FoldResult(NamedTuple):
    """The state after some frames, the new facts, and the curve to draw."""

    state: MotionState
    facts: tuple[MotionFact, ...]
    trace: tuple[TraceSample, ...]


class WrongDefinitionError(ValueError):
    """The state belongs to another exercise or definition version."""


def begin(definition: ExerciseDefinition) -> MotionState:
    """Return the initial state of a set."""
    return MotionState(exercise=definition.id, version=definition.version)


def advance(definition: ExerciseDefinition, state: MotionState, chunk: PoseChunk) -> FoldResult:
    """Fold the next frames of the set; frames that are not later than earlier ones are ignored.

    Raises WrongDefinitionError, a programming error, if the state belongs to another definition.
    """
    return advance_measured(state, measure_for(definition, chunk))


def advance_measured(state: MotionState, measured: MeasuredChunk) -> FoldResult:
    """Fold the next frames of the set, as `advance` does, after they were measured."""
    definition, chunk, rows = measured.definition, measured.chunk, measured.rows
    workspace = _Workspace(definition, layout_of(definition), state)
    if state.finished:
        return FoldResult(state, (), ())
    workspace.remember(chunk, rows)
    times: list[float] = chunk.times_s.tolist()
    for time_s, columns in zip(times, rows.tolist(), strict=True):
        workspace.step(time_s, columns)
    return workspace.advance(finished=False)


def finish(definition: ExerciseDefinition, state: MotionState) -> FoldResult:
    """End the set: complete or reject the open movement. Finishing twice changes nothing."""
    workspace = _Workspace(definition, layout_of(definition), state)
    if state.finished:
        return FoldResult(state, (), ())
    workspace.finish()
    return workspace.advance(finished=True)


def fold(definition: ExerciseDefinition, chunks: Iterable[PoseChunk]) -> FoldResult:
    """Fold a whole set at once."""
    state = begin(definition)
    facts: list[MotionFact] = []
    trace: list[TraceSample] = []
    for chunk in chunks:
        state, seen, drawn = advance(definition, state, chunk)
        facts += seen
        trace += drawn
    state, seen, drawn = finish(definition, state)
    return FoldResult(state, (*facts, *seen), (*trace, *drawn))


class _Workspace:
    """Mutable form of a state while frames are folded."""

    def __init__(
        self, definition: ExerciseDefinition, plan: ColumnLayout, state: MotionState
    ) -> None:
        if (state.exercise, state.version) != (definition.id, definition.version):
            raise WrongDefinitionError(
                f"the state is of {state.exercise} {state.version}, "
                f"the definition of {definition.id} {definition.version}"
            )
        self._state = state
        self._sampler = Resampler(state.gathering, state.window, first_signal=plan.first_signal)
        self._reader: RepetitionCounter | HoldTimer = (
            HoldTimer(definition, definition.hold, plan, state.progress)
            if definition.hold is not None
            else RepetitionCounter(definition, plan, state.progress)
        )
        self._pose_seen = state.pose_seen
        self._last_pose_s = state.last_pose_s
        self._last_frame_s = state.last_frame_s
        self._learned = find_trained_model(definition.id)
        self._memory = state.memory
        self._facts: list[MotionFact] = []
        self._trace: list[TraceSample] = []

    def remember(self, chunk: PoseChunk, rows: Array) -> None:
        """Buffer poses for the review at the end of the set: 3-D poses that are not in meters."""
        if self._learned is None or chunk.world is not None:
            return
        deep = (np.abs(chunk.image[:, :, 2]) > 0.0).any(axis=1)
        seen = ~np.isnan(rows[:, EFFORT]) & deep
        if self._last_frame_s is not None:
            seen &= chunk.times_s > self._last_frame_s
        self._memory = append_poses(self._memory, chunk, seen)

    def step(self, time_s: float, columns: list[float]) -> None:
        if self._last_frame_s is not None and time_s <= self._last_frame_s:
            return
        self._last_frame_s = time_s
        effort = columns[EFFORT]
        if effort != effort:  # noqa: PLR0124  NaN, the row of a frame without a pose
            self._read(self._sampler.close())
            self._report_loss(time_s)
            return
        self._report_loss(time_s)
        if not self._pose_seen:
            self._pose_seen = True
            self._facts.append(PoseFound(at_s=time_s))
        self._last_pose_s = time_s
        self._read(self._sampler.push(time_s, columns))

    def _report_loss(self, time_s: float) -> None:
        last = self._last_pose_s
        if self._pose_seen and last is not None and time_s - last > LOST_AFTER_S:
            self._pose_seen = False
            self._read(self._sampler.flush())
            self._facts.append(PoseLost(at_s=last))

    def _read(self, rows: list[Row]) -> None:
        for row in rows:
            self._trace.append(self._reader.step(row, self._facts))

    def finish(self) -> None:
        self._read(self._sampler.flush())
        match self._reader:
            case HoldTimer():
                self._reader.finish(self._facts)
            case RepetitionCounter():
                self._reader.finish(self._facts, self._memory, self._learned)

    def advance(self, *, finished: bool) -> FoldResult:
        gathering, window = self._sampler.state()
        state = MotionState(
            exercise=self._state.exercise,
            version=self._state.version,
            progress=self._reader.progress(),
            gathering=gathering,
            window=window,
            pose_seen=self._pose_seen,
            last_pose_s=self._last_pose_s,
            last_frame_s=self._last_frame_s,
            finished=finished,
            memory=self._memory,
        )
        return FoldResult(state, tuple(self._facts), tuple(self._trace))
