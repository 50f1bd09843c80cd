"""Exercise recognition by a few features of the movement.

A feature is a bound on a measure's low, median, high or range over the whole clip. It is met,
nearly met (within its tolerance) or not. The exercise whose features are met best is returned if
its score is clearly above the next one, otherwise none, and the athlete has to choose.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from domain.kernel import value
from domain.motion.exercises.definition import ExerciseDefinition, Feature
from domain.motion.exercises.library import all_exercises
from domain.motion.landmarks import PoseChunk
from domain.motion.signals.body import Array, Body, body_of
from domain.motion.signals.measures import measure

LEAST_FRAMES: Final = 15
"""Half a second at 30 frames a second: less shows a posture, not a movement."""

LEAST_SCORE: Final = 0.6
"""Below this no exercise fits."""

LEAST_MARGIN: Final = 0.02
"""Minimum difference between the scores of two exercises to distinguish them."""

LEAST_CONFIDENCE: Final = 0.85
"""Below this the athlete has to choose. On 161 videos of people, all recognized at or above it were
named right, and 6 of 155 without it were not (`docs/accuracy.md`)."""

MOST_CONFIDENCE_FLAT: Final = 0.8
"""The most for poses in the image plane only, so the athlete has to choose: of 25 videos that would
be recognized by MoveNet's points, 20 were named right (`docs/accuracy.md`)."""

MOST_ALTERNATIVES: Final = 3
"""Number of exercises to choose from if none was recognized."""

LEAST_ALTERNATIVE: Final = 0.2
"""Score from which an exercise is offered as an alternative."""

LEAST_SCORE_UNSCALED: Final = 0.9
LEAST_MARGIN_UNSCALED: Final = 0.1
"""The same limits for poses of unknown scale: their proportions are estimated, so the limits are
stricter. `docs/accuracy.md` has the error rates of both cases."""


@value
class Recognition:
    """The recognized exercise or None, its confidence (0..1), and the score of every exercise.

    `candidates`: ids with scores 0..1, best first.
    """

    exercise: str | None
    confidence: float
    candidates: tuple[tuple[str, float], ...]

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The exercises that the movement may be, most likely first."""
        likely = [name for name, score in self.candidates if score >= LEAST_ALTERNATIVE]
        return tuple(likely[:MOST_ALTERNATIVES])


def recognize(
    chunks: Iterable[PoseChunk], candidates: Mapping[str, ExerciseDefinition] | None = None
) -> Recognition:
    """Recognize the exercise of a clip among `known` (default: the library)."""
    definitions = all_exercises() if candidates is None else candidates
    bodies = [body_of(chunk) for chunk in chunks]
    least_score, least_margin = LEAST_SCORE, LEAST_MARGIN
    if any(len(body.axes) == 3 and not body.metric for body in bodies):
        least_score, least_margin = LEAST_SCORE_UNSCALED, LEAST_MARGIN_UNSCALED
    if sum(int(body.seen.sum()) for body in bodies) < LEAST_FRAMES:
        return Recognition(None, 0.0, ())
    scores = {
        definition.id: _score(definition.marks, bodies) for definition in definitions.values()
    }
    ranked = tuple(sorted(scores.items(), key=lambda entry: (-entry[1], entry[0])))
    best, second = ranked[0], ranked[1] if len(ranked) > 1 else ("", 0.0)
    margin = best[1] - second[1]
    confidence = best[1] * min(0.5 + margin / 0.3, 1.0)
    if any(len(body.axes) == 2 for body in bodies):
        confidence = min(confidence, MOST_CONFIDENCE_FLAT)
    distinct = best[1] >= least_score and margin >= least_margin
    sure = distinct and confidence >= LEAST_CONFIDENCE
    return Recognition(best[0] if sure else None, confidence, ranked)


def _score(marks: Sequence[Feature], bodies: Sequence[Body]) -> float:
    """Geometric mean of the feature scores: one feature that is not met rules the exercise out."""
    total = 0.0
    for mark in marks:
        total += np.log(max(_met(mark, _over_clip(mark, bodies)), 1e-3)) / len(marks)
    return float(np.exp(total))


def _over_clip(mark: Feature, bodies: Sequence[Body]) -> float:
    seen: Array = np.concatenate(
        [measure(body, mark.measure, mark.sides)[body.seen] for body in bodies]
    )
    values = seen[~np.isnan(seen)]
    if not len(values):
        return float("nan")
    low, middle, high = np.percentile(values, (10, 50, 90))
    match mark.statistic:
        case "low":
            return float(low)
        case "middle":
            return float(middle)
        case "high":
            return float(high)
        case "range":
            return float(high - low)


def _met(mark: Feature, found: float) -> float:
    """1 beyond the bound, 0.5 one tolerance short of it, then falling towards 0."""
    if np.isnan(found):
        return 0.5
    short = 0.0
    if mark.above is not None:
        short = max(short, mark.above - found)
    if mark.below is not None:
        short = max(short, found - mark.below)
    return float(0.5 ** ((short / mark.tolerance) ** 2))
