"""Fault detection for the views that show a fault."""

from collections.abc import Sequence

from domain.kernel import value
from domain.motion.exercises.definition import ExerciseDefinition, Fault, Part
from domain.motion.facts import View
from domain.motion.form.form_score import FormInputs
from domain.motion.form.repetition_metrics import Span, values
from domain.motion.signals.columns import layout_of
from domain.motion.state import Row
from domain.values import Tempo


@value
class FormAssessment:
    """Faults of one repetition, and faults that could not be judged; in the definition's order."""

    faults: tuple[Fault, ...]
    unjudged: tuple[Fault, ...]


def find_faults(
    definition: ExerciseDefinition, track: Sequence[Row], span: Span, view: View | None
) -> FormAssessment:
    """Find the faults of one repetition that this view can show.

    View None, a camera that sees no shoulders, shows none of them.
    """
    seen: list[Fault] = []
    unjudged: list[Fault] = []
    for fault in definition.faults:
        measured = _measured(definition, fault, track, span) if view in fault.views else []
        if not measured:
            unjudged.append(fault)
        elif is_beyond(fault, _is_present(fault, measured)):
            seen.append(fault)
    return FormAssessment(tuple(seen), tuple(unjudged))


def _measured(
    definition: ExerciseDefinition, fault: Fault, track: Sequence[Row], span: Span
) -> list[float]:
    column = layout_of(definition).column(fault.measure, fault.sides)
    return values(_part(track, span, fault.part), column)


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


def _is_present(fault: Fault, measured: list[float]) -> float:
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
    too_much = fault.above is not None and found > fault.above
    too_little = fault.below is not None and found < fault.below
    return too_much or too_little


def form_inputs(
    definition: ExerciseDefinition,
    faults: Sequence[Fault],
    range_of_motion_deg: float | None,
    tempo: Tempo,
    symmetry: float | None,
) -> FormInputs:
    """Collect the inputs of the form score."""
    share = None
    if range_of_motion_deg is not None:
        share = min(range_of_motion_deg / definition.range_of_motion.target_deg, 1.0)
    return FormInputs(
        penalties=tuple(fault.penalty for fault in faults),
        range_share=share,
        tempo_control=tempo_control(definition, tempo),
        symmetry=symmetry,
    )


def tempo_control(definition: ExerciseDefinition, tempo: Tempo) -> float:
    """Share of the two moving phases that was controlled, 0..1."""
    target = definition.tempo
    eccentric = min(tempo.eccentric_s / target.eccentric_least_s, 1.0)
    concentric = min(tempo.concentric_s / target.concentric_least_s, 1.0)
    return (eccentric + concentric) / 2.0
