"""Accuracy, performance and energy of a session, by formulas an athlete can check (C-16).

`accuracy` 0..1 is the mean form of verified repetitions and holds, `performance` 0..100 a weighted
score that keeps its inputs, and energy follows from the MET value of each exercise.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from domain.ids import ExerciseId
from domain.kernel import value
from domain.sessions.events import BodyMass, Performance
from domain.sessions.prescription_events import PrescribedLine
from domain.sessions.set_state import SetState
from domain.values import Tempo, controlled_share, within

COMPLETION_SHARE: Final = 40.0
FORM_SHARE: Final = 30.0
TEMPO_SHARE: Final = 10.0
RANGE_SHARE: Final = 20.0
"""Points of the performance score; they add up to 100."""

REFERENCE_BODY_MASS_KG: Final = 70.0
"""Body mass assumed where the athlete gives none: that of the Compendium's reference person."""

MILLISECONDS: Final = 1000.0
"""Milliseconds per second."""


@value
class ExerciseSpec:
    """An exercise as the rules of a session need it.

    `version` is that of its definition, `trained_model` names what a counter has learned of it,
    None for nothing. `met` is its energy cost. The targets: `range_of_motion_deg`, 0 for none,
    and the seconds below which a phase is hurried. No repetition takes longer than
    `max_repetition_s`.
    """

    kind: Literal["repetitions", "hold"]
    version: int
    trained_model: str | None
    met: float
    max_repetition_s: float
    range_of_motion_deg: float
    min_eccentric_s: float
    min_concentric_s: float


ExerciseSpecs = Mapping[ExerciseId, ExerciseSpec]
"""Every exercise of the library, by its id."""


@value
class AthleteMass:
    """The body mass that energy is estimated with, and its source; None for videos."""

    kg: float = REFERENCE_BODY_MASS_KG
    source: BodyMass | None = "default"

    def __post_init__(self) -> None:
        within("body_mass_kg", self.kg, 20.0, 400.0)


@value
class PerformanceInputs:
    """Inputs of the performance score, each 0..1; the score leaves None out.

    `completion`: share of the prescription that was done. `form`: the session's accuracy. `tempo`:
    mean tempo control. `range_of_motion`: mean share of the target.
    """

    completion: float | None
    form: float | None
    tempo: float | None
    range_of_motion: float | None


@value
class SessionScores:
    """Figures of a completed session; `accuracy` and `performance` are None if not measured."""

    accuracy: float | None
    performance: Performance | None
    calories_kcal: float


def summarize(
    sets: Sequence[SetState],
    lines: Sequence[PrescribedLine],
    specs: ExerciseSpecs,
    body_mass_kg: float,
) -> SessionScores:
    """Compute the figures of a session from its sets and its prescription."""
    inputs = _inputs(sets, lines, specs)
    kcal = sum(_energy_kcal(each, specs.get(each.exercise_id), body_mass_kg) for each in sets)
    return SessionScores(inputs.form, performance_score(inputs), kcal)


def performance_score(inputs: PerformanceInputs) -> Performance | None:
    """40 completion + 30 form + 10 tempo + 20 range of motion, over the measured ones.

    None where nothing was measured; without a range of motion the score is over the other 80.
    """
    parts = (
        (COMPLETION_SHARE, inputs.completion),
        (FORM_SHARE, inputs.form),
        (TEMPO_SHARE, inputs.tempo),
        (RANGE_SHARE, inputs.range_of_motion),
    )
    measured = [(points, share) for points, share in parts if share is not None]
    if not measured:
        return None
    reached = sum(points * min(max(share, 0.0), 1.0) for points, share in measured)
    return Performance(
        score=100.0 * reached / sum(points for points, _ in measured),
        completion=inputs.completion,
        form=inputs.form,
        tempo=inputs.tempo,
        range_of_motion=inputs.range_of_motion,
    )


def calories_kcal(met: float, body_mass_kg: float, seconds: float) -> float:
    """Energy of an activity: MET x 3.5 x kilograms / 200 kilocalories a minute.

    One MET is 3.5 ml of oxygen a kilogram a minute, and a liter of oxygen yields 5 kcal (ACSM's
    Guidelines for Exercise Testing and Prescription; MET values of the Compendium of Physical
    Activities). An estimate for the mean adult: age, sex and load have no influence.
    """
    return met * 3.5 * body_mass_kg / 200.0 * seconds / 60.0


def exercised_s(spec: ExerciseSpec, performed: SetState) -> float:
    """Return the seconds of a set that count as exercise; 0 while it is under way.

    A live set may be paused, or be left open for hours. So a hold counts as long as it was held,
    and no movement, accepted or not, counts longer than a repetition can take. The sets of a video
    are cut to the movement, and count from beginning to end.
    """
    if performed.span is None:
        return 0.0
    lasted_s = (performed.span.end_ms - performed.span.start_ms) / MILLISECONDS
    if performed.counted_by.source == "file":
        return lasted_s
    if spec.kind == "hold":
        return min(lasted_s, performed.held_ms / MILLISECONDS)
    never_counted = [each for each in performed.uncounted if each.number is None]
    movements = len(performed.movements) + len(never_counted)
    return min(lasted_s, movements * spec.max_repetition_s)


def tempo_control(spec: ExerciseSpec, tempo: Tempo) -> float:
    """Share of the two moving phases that was not hurried, 0..1."""
    return controlled_share(
        (tempo.eccentric_s, spec.min_eccentric_s), (tempo.concentric_s, spec.min_concentric_s)
    )


def _energy_kcal(performed: SetState, spec: ExerciseSpec | None, body_mass_kg: float) -> float:
    """Energy of a set without its rest; 0 for an exercise that has left the library."""
    if spec is None:
        return 0.0
    return calories_kcal(spec.met, body_mass_kg, exercised_s(spec, performed))


def _inputs(
    sets: Sequence[SetState], lines: Sequence[PrescribedLine], specs: ExerciseSpecs
) -> PerformanceInputs:
    """Take means over verified repetitions; a second of a hold weighs as much as one repetition."""
    verified = [(specs.get(each.exercise_id), rep) for each in sets for rep in each.verified]
    weighted = [(rep.form, 1.0) for _, rep in verified if rep.form is not None]
    weighted += [
        (hold.form, (hold.span.end_ms - hold.span.start_ms) / MILLISECONDS)
        for each in sets
        for hold in each.verified_holds
        if hold.form is not None
    ]
    return PerformanceInputs(
        completion=_completion(sets, lines),
        form=_mean(weighted),
        tempo=_mean(
            (tempo_control(spec, rep.tempo), 1.0)
            for spec, rep in verified
            if spec is not None and rep.tempo is not None
        ),
        range_of_motion=_mean(
            (min(rep.range_of_motion_deg / spec.range_of_motion_deg, 1.0), 1.0)
            for spec, rep in verified
            if spec and spec.range_of_motion_deg and rep.range_of_motion_deg is not None
        ),
    )


def _completion(sets: Sequence[SetState], lines: Sequence[PrescribedLine]) -> float | None:
    """Share of the targets that was reached, 0..1; None without a target.

    With a prescription it is the mean over all its sets, by repetitions or seconds, and a set that
    was not begun counts as 0. Otherwise it is the repetitions done of those that were announced.
    """
    prescribed = sum(line.sets for line in lines)
    if prescribed:
        return sum(_share(each) for each in sets if each.line is not None) / prescribed
    counted = [
        (each.repetitions, each.target_repetitions)
        for each in sets
        if each.target_repetitions is not None
    ]
    total = sum(target for _, target in counted)
    done = sum(min(count, target) for count, target in counted)
    if not done and all(each.counted_by.source == "file" for each in sets):
        return None  # a video has no hold target, and nothing was counted
    return done / total if total else None


def _share(performed: SetState) -> float:
    """Share of a set's target that was reached, 0..1; without a target 1 if anything was done."""
    if performed.target_repetitions is not None:
        return min(performed.repetitions / performed.target_repetitions, 1.0)
    held_s = performed.held_ms / MILLISECONDS
    if performed.target_hold_s is not None:
        return min(held_s / performed.target_hold_s, 1.0)
    return 1.0 if performed.repetitions or held_s else 0.0


def _mean(weighted: Iterable[tuple[float, float]]) -> float | None:
    pairs = list(weighted)
    total = sum(weight for _, weight in pairs)
    if total == 0.0:
        return None
    return sum(number * weight for number, weight in pairs) / total
