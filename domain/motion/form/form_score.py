"""Form score of a repetition, 0..1, by a formula an athlete can check (C-16)."""

import math
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
class Penalty:
    """What a fault takes from the form score if it was made, and the probability that it was."""

    size: float
    probability: float


@value
class FormInputs:
    """Inputs of a repetition's form; None could not be seen and is left out.

    `penalties`: of the faults that were judged. `range_share`: range of motion over its target,
    0..1. `tempo_control`: 1 if no phase was hurried. `symmetry` 0..1.
    """

    penalties: tuple[Penalty, ...]
    range_share: float | None
    tempo_control: float
    symmetry: float | None


def form_score(inputs: FormInputs) -> float:
    """Weighted mean of the available inputs, 0..1; faults count as 1 minus their penalties.

    A penalty counts by its probability.
    """
    expected = sum(each.size * each.probability for each in inputs.penalties)
    parts = (
        (FAULTS_WEIGHT, max(1.0 - expected, 0.0)),
        (RANGE_WEIGHT, inputs.range_share),
        (TEMPO_WEIGHT, inputs.tempo_control),
        (SYMMETRY_WEIGHT, inputs.symmetry),
    )
    available = [(weight, share) for weight, share in parts if share is not None]
    return sum(weight * share for weight, share in available) / _weight(inputs)


def form_error(inputs: FormInputs) -> float:
    """Standard deviation of the form score, 0..1, by the uncertainty of its faults."""
    variance = sum(
        each.size**2 * each.probability * (1.0 - each.probability) for each in inputs.penalties
    )
    return FAULTS_WEIGHT / _weight(inputs) * min(math.sqrt(variance), 0.5)


def _weight(inputs: FormInputs) -> float:
    """Sum of the weights of the available inputs."""
    optional = (RANGE_WEIGHT, inputs.range_share), (SYMMETRY_WEIGHT, inputs.symmetry)
    return (
        FAULTS_WEIGHT
        + TEMPO_WEIGHT
        + sum(weight for weight, share in optional if share is not None)
    )
