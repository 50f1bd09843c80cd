"""Fault detection for the views that show a fault."""

import math
from collections.abc import Sequence
from typing import Final

from domain.kernel import value
from domain.motion.exercises.definition import ExerciseDefinition, Fault, Part
from domain.motion.form.form_score import FormInputs, Penalty
from domain.motion.form.repetition_metrics import Span, values
from domain.motion.signals.columns import layout_of
from domain.motion.state import Row
from domain.values import Degree, FaultJudgement, Tempo, View

LEAST_JUDGED: Final = 0.2
"""Share of the penalties of all faults that must be judged for a form score: with less, a camera
sees too little of what can go wrong."""

LOGISTIC: Final = 1.702
"""The logistic curve of this times z is within 0.01 of the normal distribution's (Camilli, "Origin
of the scaling constant d = 1.7 in item response theory", J Educ Behav Stat 19(3), 1994)."""


@value
class FormAssessment:
    """Faults of one repetition, and faults that could not be judged; in the definition's order.

    `judgements`: of each fault that could be judged.
    """

    faults: tuple[Fault, ...]
    unjudged: tuple[Fault, ...]
    judgements: tuple[FaultJudgement, ...]


def find_faults(
    definition: ExerciseDefinition, track: Sequence[Row], span: Span, view: View | None
) -> FormAssessment:
    """Find the faults of one repetition that this view can show.

    View None, a camera that sees no shoulders, shows none of them.
    """
    seen: list[Fault] = []
    unjudged: list[Fault] = []
    judgements: list[FaultJudgement] = []
    for fault in definition.faults:
        measured: list[float] = []
        if view is not None and is_shown(fault, view):
            measured = _measured(definition, fault, track, span)
        if view is None or not measured:
            unjudged.append(fault)
            continue
        judgement = judge(fault, _statistic(fault, measured), view)
        judgements.append(judgement)
        if is_reported(judgement.degree):
            seen.append(fault)
    return FormAssessment(tuple(seen), tuple(unjudged), tuple(judgements))


def is_shown(fault: Fault, view: View) -> bool:
    """Return whether a view shows a fault, and precisely enough to tell it.

    A measurement that varies by more than the fault itself, from its bound until it is severe,
    tells nothing.
    """
    if view not in fault.views:
        return False
    if fault.severe is None:
        return True
    return fault.spread(view) <= fault.excess(fault.severe, fault.bound)


def judge(fault: Fault, found: float, view: View) -> FaultJudgement:
    """Judge one fault by the value that was found from one of its views."""
    return FaultJudgement(
        fault=fault.id,
        degree=degree_of(fault, found),
        probability=chance_beyond(fault.excess(found, fault.bound), fault.spread(view)),
        measured=found,
        bound=fault.bound,
    )


def degree_of(fault: Fault, found: float) -> Degree:
    """Return how far a value is beyond the fault's bounds."""
    if fault.severe is not None and fault.excess(found, fault.severe) > 0.0:
        return "severe"
    if is_beyond(fault, found):
        return "clear"
    if fault.slight is not None and fault.excess(found, fault.slight) > 0.0:
        return "slight"
    return "none"


def is_reported(degree: Degree) -> bool:
    """Return whether a fault of this degree is reported and coached."""
    return degree in {"clear", "severe"}


def chance_beyond(excess: float, spread: float) -> float:
    """Probability that the true value is beyond a bound that the measured one exceeds by this.

    The error is normal with the standard deviation `spread` > 0; both have the same unit.
    """
    exponent = min(max(-LOGISTIC * excess / spread, -50.0), 50.0)
    return 1.0 / (1.0 + math.exp(exponent))


def _measured(
    definition: ExerciseDefinition, fault: Fault, track: Sequence[Row], span: Span
) -> list[float]:
    """Return the values of a fault's part; none if most of the part was not measured."""
    column = layout_of(definition).column(fault.measure, fault.sides)
    rows = _part(track, span, fault.part)
    measured = values(rows, column)
    return measured if 2 * len(measured) >= len(rows) else []


def _part(track: Sequence[Row], span: Span, part: Part) -> Sequence[Row]:
    match part:
        case "repetition":
            return track[span.first : span.last + 1]
        case "effort":
            return track[max(span.turn - 1, 0) : span.turn + 2]
        case "out":
            return track[span.first : span.turn + 1]
        case "back":
            return track[span.turn : span.last + 1]
        case "rest":
            return track[max(span.last - 1, 0) : span.last + 2]


def _statistic(fault: Fault, measured: list[float]) -> float:
    match fault.statistic:
        case "least":
            return min(measured)
        case "most":
            return max(measured)
        case "mean":
            return sum(measured) / len(measured)
        case "range":
            return max(measured) - min(measured)


def is_beyond(fault: Fault, found: float) -> bool:
    """Return True if a value is beyond the fault's bound."""
    return fault.excess(found, fault.bound) > 0.0


def form_inputs(
    definition: ExerciseDefinition,
    judgements: Sequence[FaultJudgement],
    range_of_motion_deg: float | None,
    tempo: Tempo,
    symmetry: float | None,
) -> FormInputs | None:
    """Collect the inputs of the form score; None if too few faults were judged."""
    judged = sum(definition.fault(each.fault).penalty for each in judgements)
    if judged < LEAST_JUDGED * sum(fault.penalty for fault in definition.faults):
        return None
    share = None
    if range_of_motion_deg is not None:
        share = min(range_of_motion_deg / definition.range_of_motion.target_deg, 1.0)
    return FormInputs(
        penalties=tuple(_penalty(definition.fault(each.fault), each) for each in judgements),
        range_share=share,
        tempo_control=tempo_control(definition, tempo),
        symmetry=symmetry,
    )


def _penalty(fault: Fault, judgement: FaultJudgement) -> Penalty:
    """A fault costs its penalty at its bound, and twice as much when it is severe."""
    beyond = 0.0
    if fault.severe is not None:
        beyond = fault.excess(judgement.measured, fault.bound) / fault.excess(
            fault.severe, fault.bound
        )
    return Penalty(fault.penalty * (1.0 + min(max(beyond, 0.0), 1.0)), judgement.probability)


def tempo_control(definition: ExerciseDefinition, tempo: Tempo) -> float:
    """Share of the two moving phases that was controlled, 0..1."""
    target = definition.tempo
    eccentric = min(tempo.eccentric_s / target.eccentric_least_s, 1.0)
    concentric = min(tempo.concentric_s / target.concentric_least_s, 1.0)
    return (eccentric + concentric) / 2.0
