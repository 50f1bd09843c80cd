"""Hold timer: how long and how well a position is held."""

from dataclasses import replace

from domain.motion.exercises.definition import ExerciseDefinition, Fault, Hold
from domain.motion.facts import (
    FaultSeen,
    HoldMeasured,
    HoldStarted,
    MotionFact,
    TraceSample,
    View,
)
from domain.motion.form.faults import is_beyond
from domain.motion.form.repetition_metrics import view_of_mean
from domain.motion.signals.columns import ANGLE, FACING, VISIBILITY, ColumnLayout
from domain.motion.signals.resampling import COLUMNS, RATE_HZ, SMOOTH, TIME, to_number
from domain.motion.state import HoldState, Progress, Row

LEFT_AFTER_S = 0.7
"""The hold ends after this time out of the position; a shorter wobble does not end it."""

FAULT_SAMPLES = RATE_HZ
"""A fault of a hold is reported after one second."""


class HoldTimer:
    """Times a hold sample by sample."""

    def __init__(
        self, definition: ExerciseDefinition, hold: Hold, plan: ColumnLayout, progress: Progress
    ) -> None:
        self._definition = definition
        self._hold = hold
        self._plan = plan
        self._column = COLUMNS + self._plan.column(hold.measure, hold.sides)
        self._holding = progress.holding

    def progress(self) -> Progress:
        return Progress(holding=self._holding)

    def moment(self, row: Row, facts: list[MotionFact]) -> TraceSample:
        """Process the next sample: append new facts to `facts`, return its point of the curve."""
        time_s = to_number(row[TIME])
        measured = row[self._column]
        held = measured is not None and self._hold.above <= measured <= self._hold.below
        if self._holding.started_s is not None and time_s - self._holding.last_s > LEFT_AFTER_S:
            self._end(facts)
        if held:
            self._continue(time_s, row, facts)
        return TraceSample(
            time_s, to_number(row[SMOOTH]), row[COLUMNS + ANGLE], "hold" if held else "rest"
        )

    def finish(self, facts: list[MotionFact]) -> None:
        """End the hold with the set."""
        self._end(facts)

    def _continue(self, time_s: float, row: Row, facts: list[MotionFact]) -> None:
        before = self._holding
        started_s = time_s if before.started_s is None else before.started_s
        faults = self._definition.faults
        beyond = before.beyond or (0,) * len(faults)
        judged = before.judged or (0,) * len(faults)
        facing = before.facing + to_number(row[COLUMNS + FACING])
        view = view_of_mean(facing / (before.samples + 1))
        found = [self._found(fault, row, view) for fault in faults]
        seen = tuple(
            count + (value is not None and is_beyond(fault, value))
            for fault, count, value in zip(faults, beyond, found, strict=True)
        )
        announced = before.announced or time_s - started_s >= self._hold.least_s
        if announced and not before.announced:
            facts.append(HoldStarted(started_s))
        for fault, was, now in zip(faults, beyond, seen, strict=True):
            if was < FAULT_SAMPLES == now:
                facts.append(FaultSeen(fault.id, fault.cue, time_s, 0))
        self._holding = replace(
            before,
            started_s=started_s,
            last_s=time_s,
            announced=announced,
            samples=before.samples + 1,
            visibility=before.visibility + to_number(row[COLUMNS + VISIBILITY]),
            facing=facing,
            beyond=seen,
            judged=tuple(
                count + (value is not None) for count, value in zip(judged, found, strict=True)
            ),
        )

    def _found(self, fault: Fault, row: Row, view: View) -> float | None:
        """Measure a fault; None where it cannot be seen."""
        if view not in fault.views:
            return None
        return row[COLUMNS + self._plan.column(fault.measure, fault.sides)]

    def _end(self, facts: list[MotionFact]) -> None:
        held = self._holding
        self._holding = HoldState()
        if held.started_s is None or not held.announced:
            return
        faults = self._definition.faults
        penalty = sum(
            fault.penalty * count / held.samples
            for fault, count in zip(faults, held.beyond, strict=True)
        )
        facts.append(
            HoldMeasured(
                started_s=held.started_s,
                ended_s=held.last_s,
                held_s=held.last_s - held.started_s,
                form=max(1.0 - penalty, 0.0),
                confidence=min(max(held.visibility / held.samples, 0.0), 1.0),
                faults=tuple(
                    fault.id
                    for fault, count in zip(faults, held.beyond, strict=True)
                    if count >= FAULT_SAMPLES
                ),
                unjudged=tuple(
                    fault.id
                    for fault, count in zip(faults, held.judged or (0,) * len(faults), strict=True)
                    if count < FAULT_SAMPLES
                ),
            )
        )
