"""Hold timer: how long and how well a position is held."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from domain.motion.exercises.definition import ExerciseDefinition, Fault, Hold
from domain.motion.facts import (
    FaultSeen,
    HoldMeasured,
    HoldStarted,
    MotionFact,
    TraceSample,
)
from domain.motion.form.faults import is_beyond, is_shown, judge
from domain.motion.form.repetition_metrics import view_of_mean
from domain.motion.signals.columns import ANGLE, FACING, VISIBILITY, ColumnLayout
from domain.motion.signals.resampling import COLUMNS, RATE_HZ, SMOOTH, TIME, to_number
from domain.motion.state import HoldState, Progress, Row
from domain.values import FaultJudgement, View

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

    def step(self, row: Row, facts: list[MotionFact]) -> TraceSample:
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
        beyond_sums = before.beyond_sums or (0.0,) * len(faults)
        judged_sums = before.judged_sums or (0.0,) * len(faults)
        facing = before.facing + to_number(row[COLUMNS + FACING])
        view = view_of_mean(facing / (before.samples + 1))
        found = [self._found(fault, row, view) for fault in faults]
        excessive = [
            value if value is not None and is_beyond(fault, value) else None
            for fault, value in zip(faults, found, strict=True)
        ]
        seen = _counts(beyond, excessive)
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
            judged=_counts(judged, found),
            beyond_sums=_sums(beyond_sums, excessive),
            judged_sums=_sums(judged_sums, found),
        )

    def _found(self, fault: Fault, row: Row, view: View) -> float | None:
        """Measure a fault; None where it cannot be seen."""
        if not is_shown(fault, view):
            return None
        return row[COLUMNS + self._plan.column(fault.measure, fault.sides)]

    def _end(self, facts: list[MotionFact]) -> None:
        held = self._holding
        self._holding = HoldState()
        if held.started_s is None or not held.announced:
            return
        faults = self._definition.faults
        judgements = tuple(self._judgements(held))
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
                judgements=judgements,
            )
        )

    def _judgements(self, held: HoldState) -> Iterator[FaultJudgement]:
        """Judge each fault: a reported one by the samples with it, another by all samples."""
        view = view_of_mean(held.facing / held.samples)
        sums = held.judged, held.judged_sums, held.beyond, held.beyond_sums
        for fault, seen, total, beyond, excessive in zip(
            self._definition.faults, *sums, strict=True
        ):
            if beyond >= FAULT_SAMPLES:
                yield judge(fault, excessive / beyond, view)
            elif seen >= FAULT_SAMPLES:
                usual = judge(fault, total / seen, view)
                yield replace(usual, degree="none" if usual.degree == "none" else "slight")


def _counts(before: tuple[int, ...], found: Sequence[float | None]) -> tuple[int, ...]:
    return tuple(count + (value is not None) for count, value in zip(before, found, strict=True))


def _sums(before: tuple[float, ...], found: Sequence[float | None]) -> tuple[float, ...]:
    return tuple(total + (value or 0.0) for total, value in zip(before, found, strict=True))
