"""Fault detection for the views that show a fault."""

import math
from collections.abc import Sequence
from typing import Final

from domain.kernel import value
from domain.motion.exercises.definition import ExerciseDefinition, Fault, Part
from domain.motion.form.form_score import FormInputs, Penalty
from domain.motion.form.repetition_metrics import Span, values
from domain.motion.signals.columns import ColumnLayout, layout_of
from domain.motion.state import Row
from domain.values import Degree, FaultJudgement, Tempo, View, controlled_share

LEAST_JUDGED: Final = 0.2
"""Share of the penalties of all faults that must be judged for a form score: with less, a camera
sees too little of what can go wrong."""

SLIGHT_MARGIN: Final = 0.5
"""Spreads beyond the limit of correct repetitions from which a fault is slight: the athletes who
showed the limit are few."""

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
    plan = layout_of(definition)
    for fault in definition.faults:
        measured: list[float] = []
        is_cut = span.began_unseen and fault.part in {"effort", "movement"}
        if view is not None and is_shown(fault, view) and not is_cut:
            measured = _measured(plan, fault, track, span)
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
    tells nothing. Neither does one that is often beyond the bound when nothing is wrong.
    """
    if view not in fault.views:
        return False
    precision = fault.precision(view)
    if fault.severe is not None and precision.spread > fault.excess(fault.severe, fault.bound):
        return False
    return precision.limit is None or fault.excess(precision.limit, fault.bound) <= 0.0


def slight_bound(fault: Fault, view: View) -> float | None:
    """Return the value from which a fault is slight from a view; None if that is not told.

    Without one in the definition, it is halfway from a correct repetition to the bound, or surely
    beyond the limit of what is correct if that is further. It is never beyond the bound.
    """
    if not fault.slight_judged:
        return None
    precision = fault.precision(view)
    if fault.slight is not None or precision.correct is None or precision.limit is None:
        return fault.slight
    half = (precision.correct + fault.bound) / 2.0
    margin = SLIGHT_MARGIN * precision.spread
    sure = precision.limit + (margin if fault.below is None else -margin)
    further = sure if fault.excess(sure, half) > 0.0 else half
    return min(further, fault.bound, key=lambda bound: fault.excess(bound, fault.bound))


def judge(fault: Fault, found: float, view: View) -> FaultJudgement:
    """Judge one fault by the value that was found from one of its views."""
    return FaultJudgement(
        fault=fault.id,
        degree=degree_of(fault, found, view),
        probability=chance_beyond(fault.excess(found, fault.bound), fault.spread(view)),
        measured=found,
        bound=fault.bound,
    )


def degree_of(fault: Fault, found: float, view: View) -> Degree:
    """Return how far a value from a view is beyond the fault's bounds."""
    if fault.severe is not None and fault.excess(found, fault.severe) > 0.0:
        return "severe"
    if is_beyond(fault, found):
        return "clear"
    slight = slight_bound(fault, view)
    if slight is not None and fault.excess(found, slight) > 0.0:
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


def _measured(plan: ColumnLayout, fault: Fault, track: Sequence[Row], span: Span) -> list[float]:
    """Return the values of a fault's part; none if most of the part was not measured."""
    column = plan.column(fault.measure, fault.sides)
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
        case "movement":
            return track[span.before :]


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
    return FormInputs(
        penalties=tuple(
            _penalty(fault, each)
            for each in judgements
            if (fault := definition.fault(each.fault)).slight_judged or is_reported(each.degree)
        ),
        range_share=range_share(definition, range_of_motion_deg),
        tempo_control=tempo_control(definition, tempo),
        symmetry=symmetry,
    )


def range_share(definition: ExerciseDefinition, range_of_motion_deg: float | None) -> float | None:
    """Share of the target range, at most 1; None if it was not measured or is no part of form."""
    target = definition.range_of_motion
    if range_of_motion_deg is None or not target.in_form:
        return None
    return min(range_of_motion_deg / target.target_deg, 1.0)


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
    return controlled_share(
        (tempo.eccentric_s, target.eccentric_least_s),
        (tempo.concentric_s, target.concentric_least_s),
    )
