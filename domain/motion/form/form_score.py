"""How good a repetition, a set and a session were, by formulas an athlete can check.

Three scores (C-16): `form` 0..1 of a repetition, `accuracy` 0..1 of a session (the mean of form
over its repetitions), and `performance_score` 0..100 of a session. Each keeps its inputs.
"""

from collections.abc import Sequence
from typing import Final

from domain.kernel import value

FAULTS_WEIGHT: Final = 0.5
RANGE_WEIGHT: Final = 0.25
TEMPO_WEIGHT: Final = 0.15
SYMMETRY_WEIGHT: Final = 0.1
"""Shares of form. Faults weigh most, for they are what may hurt; the range of motion comes next
(Schoenfeld & Grgic, "Effects of range of motion on muscle development", 2020), then control."""

COMPLETION_SHARE: Final = 40.0
FORM_SHARE: Final = 30.0
TEMPO_SHARE: Final = 10.0
RANGE_SHARE: Final = 20.0
"""Points of the performance score; they add up to 100."""


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
    known = [(weight, share) for weight, share in parts if share is not None]
    return sum(weight * share for weight, share in known) / sum(weight for weight, _ in known)


def session_accuracy(forms: Sequence[float], repetitions: Sequence[int]) -> float | None:
    """Mean of form over sets, weighted by their repetitions, 0..1; None before the first one."""
    total = sum(repetitions)
    if total == 0:
        return None
    return sum(f * n for f, n in zip(forms, repetitions, strict=True)) / total


@value
class PerformanceInputs:
    """What a session's performance is made of, each 0..1; None is left out of the score.

    `completion`: repetitions done over those prescribed, None without a prescription. `form`: the
    session's accuracy. `tempo`: mean tempo control. `range_of_motion`: mean share of the target.
    """

    completion: float | None
    form: float | None
    tempo: float | None
    range_of_motion: float | None


@value
class PerformanceScore:
    """The score 0..100 and what it was made of."""

    inputs: PerformanceInputs
    score: float


def performance_score(inputs: PerformanceInputs) -> PerformanceScore:
    """40 completion + 30 form + 10 tempo + 20 range of motion; without range, over the other 80."""
    parts = (
        (COMPLETION_SHARE, inputs.completion),
        (FORM_SHARE, inputs.form),
        (TEMPO_SHARE, inputs.tempo),
        (RANGE_SHARE, inputs.range_of_motion),
    )
    known = [(points, share) for points, share in parts if share is not None]
    reached = sum(points * min(max(share, 0.0), 1.0) for points, share in known)
    return PerformanceScore(inputs, 100.0 * reached / sum(points for points, _ in known))


def calories_kcal(met: float, body_mass_kg: float, seconds: float) -> float:
    """Energy of an activity: MET x 3.5 x kilograms / 200 kilocalories a minute.

    One MET is 3.5 ml of oxygen a kilogram a minute, and a litre of oxygen yields 5 kcal (ACSM's
    Guidelines for Exercise Testing and Prescription; MET values of the Compendium of Physical
    Activities). An estimate of the mean adult: it knows no age, sex or load.
    """
    return met * 3.5 * body_mass_kg / 200.0 * seconds / 60.0
