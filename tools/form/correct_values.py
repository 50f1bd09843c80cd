"""Measure what correct repetitions look like through the noise of landmarks.

    python -m tools.form.correct_values           # print it
    python -m tools.form.correct_values --write   # write the shipped file

Sample athletes perform each exercise without a fault, before cameras at several angles, with the
noise of videos of people (`tools/form/landmark_noise.py`) and without it. For each fault and view:
`exact` is the mean value without noise, `measured` that with it (their difference is the bias),
`spread` the standard deviation of the difference, and 1 of 100 values is below `least` and one
above `most`. Noise bends straight arms and makes still trunks sway, so a bias is common. Athletes,
cameras and seeds differ from those of `tools/form/form_accuracy.py`. The rear has the noise of the
front.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean, pstdev
from typing import Final

import numpy as np

from adapters.sample_athlete.athlete import landmarks, truth
from adapters.sample_athlete.movements import MOVEMENTS
from adapters.sample_athlete.performance import Performance
from domain.motion.exercises import correct_values
from domain.motion.exercises.definition import ExerciseDefinition, ViewSpread
from domain.motion.exercises.library import get_exercise
from domain.motion.facts import HoldMeasured, RepetitionCounted
from domain.motion.fold import fold
from domain.motion.landmarks import PoseChunk
from domain.values import View
from tools.form.landmark_noise import disturbed, landmark_noise

SHIPPED: Final = Path(correct_values.__file__).with_suffix(".json")

CAMERAS: Final[dict[View, tuple[float, ...]]] = {
    "front": (0.0, 15.0, -25.0),
    "oblique": (45.0, -52.0, 58.0),
    "side": (75.0, -90.0, 105.0),
    "rear": (180.0, 165.0, -155.0),
}
"""Azimuths in degrees."""

ATHLETES: Final = ((1.67, 1.02, 0.98), (1.84, 0.98, 1.02))
"""Statures in meters, and factors of the legs and the arms."""

DRAWS: Final = 12
"""Times that noise is drawn for each set."""

RARE: Final = 0.01

FIRST_SEED: Final = 10_000

Measured = RepetitionCounted | HoldMeasured


def main() -> int:
    """Measure; print the values, or write the shipped file."""
    parser = argparse.ArgumentParser(description="Measure what correct repetitions look like.")
    parser.add_argument("--write", action="store_true", help=f"write {SHIPPED.name}")
    options = parser.parse_args()
    text = json.dumps(plain(sorted(MOVEMENTS)), indent=1) + "\n"
    if options.write:
        SHIPPED.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


def plain(exercises: Sequence[str]) -> dict[str, dict[str, float | int]]:
    """Return the plain data, by "exercise fault view"."""
    pairs: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for exercise in exercises:
        for view in CAMERAS:
            for exact, noisy in _pairs(exercise, view):
                with_noise = {each.fault: each.measured for each in noisy.judgements}
                for each in exact.judgements:
                    if each.fault in with_noise:
                        pair = each.measured, with_noise[each.fault]
                        pairs[f"{exercise} {each.fault} {view}"].append(pair)
    return {name: _entry(found) for name, found in sorted(pairs.items())}


def _entry(pairs: Sequence[tuple[float, float]]) -> dict[str, float | int]:
    return {
        "exact": round(fmean(exact for exact, _ in pairs), 4),
        "measured": round(fmean(noisy for _, noisy in pairs), 4),
        "spread": round(pstdev(noisy - exact for exact, noisy in pairs), 4),
        "least": round(float(np.quantile([noisy for _, noisy in pairs], RARE)), 4),
        "most": round(float(np.quantile([noisy for _, noisy in pairs], 1.0 - RARE)), 4),
        "repetitions": len(pairs),
    }


def _pairs(exercise: str, view: View) -> Iterator[tuple[Measured, Measured]]:
    """Yield each correct repetition or hold without noise, and the same with noise."""
    definition = _unrestricted(get_exercise(exercise))
    noise = landmark_noise()["front" if view == "rear" else view]
    seed = FIRST_SEED
    for azimuth_deg in CAMERAS[view]:
        for stature_m, legs, arms in ATHLETES:
            set_ = Performance(
                exercise=exercise,
                repetitions=2 if MOVEMENTS[exercise].held else 4,
                azimuth_deg=azimuth_deg,
                fps=15,
                stature_m=stature_m,
                legs=legs,
                arms=arms,
            )
            chunk = landmarks(set_)
            exact = _parts(definition, chunk, view)
            for _ in range(DRAWS):
                seed += 1
                noisy = _parts(definition, disturbed(chunk, noise, seed), view)
                for made in truth(set_).repetitions:
                    middle_s = (made.start_s + made.end_s) / 2.0
                    one, other = (_at(middle_s, parts) for parts in (exact, noisy))
                    if one is not None and other is not None:
                        yield one, other


def _unrestricted(definition: ExerciseDefinition) -> ExerciseDefinition:
    """Return the definition with every fault judged from each of its views."""
    faults = tuple(
        replace(
            fault,
            slight=None,
            severe=None,
            spreads=tuple(ViewSpread(each.view, each.spread) for each in fault.spreads),
        )
        for fault in definition.faults
    )
    return replace(definition, faults=faults)


def _parts(definition: ExerciseDefinition, chunk: PoseChunk, view: View) -> list[Measured]:
    """Return the repetitions that were seen from the view, and the holds."""
    facts = fold(definition, [chunk]).facts
    return [
        fact
        for fact in facts
        if isinstance(fact, HoldMeasured)
        or (isinstance(fact, RepetitionCounted) and fact.view == view)
    ]


def _at(time_s: float, parts: Sequence[Measured]) -> Measured | None:
    return next((each for each in parts if each.started_s <= time_s <= each.ended_s), None)


if __name__ == "__main__":
    raise SystemExit(main())
