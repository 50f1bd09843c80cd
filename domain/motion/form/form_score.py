"""Form score of a repetition, 0..1, by a formula an athlete can check (C-16)."""

from typing import Final

from domain.kernel import value

FAULTS_WEIGHT: Final = 0.5
RANGE_WEIGHT: Final = 0.25
TEMPO_WEIGHT: Final = 0.15
SYMMETRY_WEIGHT: Final = 0.1
"""Weights of the form score. Faults weigh most, because they can injure; the range of motion comes
next (Schoenfeld & Grgic, "Effects of range of motion on muscle development", 2020), then
control."""


@value
class FormInputs:
    """Inputs of a repetition's form; None could not be seen and is left out.

    `penalties`: of the faults seen, 0..1 each. `range_share`: range of motion over its target,
    0..1. `tempo_control`: 1 if no phase was hurried. `symmetry` 0..1.
    """

    penalties: tuple[float, ...]
    range_share: float | None
    tempo_control: float
    symmetry: float | None


def form_score(inputs: FormInputs) -> float:
    """Weighted mean of the available inputs, 0..1; faults count as 1 minus their penalties."""
    parts = (
        (FAULTS_WEIGHT, max(1.0 - sum(inputs.penalties), 0.0)),
        (RANGE_WEIGHT, inputs.range_share),
        (TEMPO_WEIGHT, inputs.tempo_control),
        (SYMMETRY_WEIGHT, inputs.symmetry),
    )
    available = [(weight, share) for weight, share in parts if share is not None]
    return sum(weight * share for weight, share in available) / sum(
        weight for weight, _ in available
    )
