"""Derivation of an exercise definition from an example: some repetitions before a camera.

The measures that follow the movement most clearly become its signals. A definition is accepted
only if it counts the example as the athlete did.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median
from typing import Final

import numpy as np

from domain.kernel import Rejected
from domain.motion.exercises.definition import (
    Counting,
    Energy,
    ExerciseDefinition,
    RangeOfMotion,
    Signal,
    TempoTarget,
)
from domain.motion.exercises.example_measures import (
    DEGREES,
    SIGNALS,
    Candidate,
    ExampleVideo,
)
from domain.motion.facts import MotionFact, RepetitionsReconciled
from domain.motion.fold import fold
from domain.motion.form.repetition_metrics import view_of_mean
from domain.motion.landmarks import Landmark, PoseChunk
from domain.motion.set_segmentation import confirmed_repetitions
from domain.motion.signals.body import HIP, SHOULDER
from domain.values import View

LEAST_REPETITIONS: Final = 2
MOST_REPETITIONS: Final = 20
SHORTEST_S: Final = 2.0
LONGEST_S: Final = 120.0

LEAST_SEEN: Final = 0.7
"""Share of the frames in which a person must be seen."""

LEAST_RATE_HZ: Final = 8.0
"""Fewer frames a second do not show fast movements."""

MOST_FIRST: Final = 6
"""First signals that are tried, the clearest first."""

MOST_SIGNALS: Final = 3

LEAST_LIKENESS: Final = 0.85
"""Correlation of two signals from which they follow the same movement."""

COUNTING: Final = Counting(least_swing=0.4, adaptive_share=0.4, least_s=0.3, most_s=15.0)
"""Limits of most exercises of the library."""

FASTER: Final = 0.4
"""A repetition that takes less than this share of the fastest one of the example is a jerk."""

MOST_LEAST_S: Final = 0.5

CONTROLLED_S: Final = (0.8, 0.4)
"""Seconds of a controlled eccentric and concentric phase in most exercises of the library."""

HURRIED: Final = 0.5
"""A phase that takes less than this share of its time in the example is hurried."""

LEAST_CONTROLLED_S: Final = 0.1
"""A phase that took no time in the example, because it was quicker than the frames."""

POSSIBLE_DEG: Final = (-5.0, 200.0)
"""Anatomical limits of every joint, with the error of the pose model."""

OWN_EXAMPLE: Final = "as in the athlete's own example"

ENERGY: Final = Energy(
    3.5,
    "02054",
    "resistance training, several exercises: Ainsworth et al., 2011 Compendium of Physical "
    "Activities, Med Sci Sports Exerc 43(8)",
)

PRAISE: Final = ("Nice and controlled", "Strong and steady", "Great control")
"""Praise of the library that suits every movement."""


class InvalidExample(Rejected):
    """An example cannot become an exercise."""

    code = "motion.invalid_example"
    kind = "invalid"


class ExampleMiscounted(Rejected):
    """The camera counts the example differently. Record it again, with your whole body in view."""

    code = "motion.example_miscounted"
    kind = "invalid"

    def __init__(self, counted: int, repetitions: int) -> None:
        super().__init__(
            f"We counted {counted} of {repetitions}. Record it again, with your whole body in view."
        )


def derive_definition(
    exercise_id: str, name: str, chunks: Sequence[PoseChunk], repetitions: int
) -> ExerciseDefinition:
    """Return the definition of an exercise of which an example shows some repetitions.

    The example begins and ends at rest. Raises InvalidExample, ExampleMiscounted.
    """
    frames = [chunk for chunk in chunks if len(chunk)]
    _check(frames, repetitions)
    video = ExampleVideo(frames)
    _check_seen(video)
    candidates = video.candidates()
    if not candidates:
        raise InvalidExample(
            "No movement that repeats was seen. Record it again, with your whole body in view."
        )
    corrected: ExerciseDefinition | None = None
    for signals in _options(candidates, repetitions):
        definition = _definition(exercise_id, name, video, signals)
        facts = fold(definition, frames).facts
        if len(confirmed_repetitions(facts)) != repetitions:
            continue
        if not any(isinstance(fact, RepetitionsReconciled) for fact in facts):
            return _with_limits(definition, facts)
        corrected = corrected or _with_limits(definition, facts)
    if corrected is not None:
        return corrected
    clearest = _definition(exercise_id, name, video, candidates[:1])
    counted = len(confirmed_repetitions(fold(clearest, frames).facts))
    raise ExampleMiscounted(counted, repetitions)


def _check(chunks: Sequence[PoseChunk], repetitions: int) -> None:
    if not LEAST_REPETITIONS <= repetitions <= MOST_REPETITIONS:
        raise InvalidExample(
            f"An example has {LEAST_REPETITIONS} to {MOST_REPETITIONS} repetitions."
        )
    times_s = np.concatenate([chunk.times_s for chunk in chunks]) if chunks else np.zeros(0)
    if len(times_s) and (np.diff(times_s) <= 0).any():
        raise InvalidExample("The frames of an example are in the order of their times.")
    seconds = float(times_s[-1] - times_s[0]) if len(times_s) else 0.0
    if not SHORTEST_S <= seconds <= LONGEST_S:
        raise InvalidExample(f"An example takes {SHORTEST_S:.0f} to {LONGEST_S:.0f} seconds.")
    if len(times_s) < LEAST_RATE_HZ * seconds:
        raise InvalidExample("The camera showed too few images a second. Try again in more light.")


def _check_seen(video: ExampleVideo) -> None:
    if video.seen.mean() < LEAST_SEEN or np.isnan(video.facing()):
        raise InvalidExample(
            "You were not in view for a part of the time. Record it again, with your whole body "
            "in view."
        )


def _options(candidates: Sequence[Candidate], repetitions: int) -> Iterator[list[Candidate]]:
    """Yield signals that count the example right, each with others that follow it."""
    right = [each for each in candidates if len(each.returns) == repetitions]
    for first in right[:MOST_FIRST]:
        others = [
            each
            for each in right
            if each.name != first.name
            and np.corrcoef(first.shares, each.shares)[0, 1] >= LEAST_LIKENESS
        ]
        together = [first, *others[: MOST_SIGNALS - 1]]
        for number in range(len(together), 0, -1):
            yield together[:number]


def _definition(
    exercise_id: str, name: str, video: ExampleVideo, signals: Sequence[Candidate]
) -> ExerciseDefinition:
    angle = video.widest_angle()
    return ExerciseDefinition(
        id=exercise_id,
        name=name,
        version=1,
        kind="repetitions",
        outward="concentric" if video.lifts(signals[0].shares) else "eccentric",
        views=_views(video),
        joints=_joints(signals),
        signals=tuple(
            Signal(each.name, "mean", round(each.rest, 4), round(each.effort, 4), 1.0)
            for each in signals
        ),
        counting=COUNTING,
        range_of_motion=_range_of_motion(angle, video.travel(angle)),
        tempo=TempoTarget(*CONTROLLED_S, OWN_EXAMPLE),
        energy=ENERGY,
        faults=(),
        praise=PRAISE,
        marks=(),
    )


def _range_of_motion(angle: str, travel_deg: float) -> RangeOfMotion:
    """Return the range of a joint; one that may be noise alone is no target."""
    turns = travel_deg >= DEGREES
    target_deg = travel_deg if turns else 0.0
    return RangeOfMotion(angle, target_deg, POSSIBLE_DEG, OWN_EXAMPLE, in_form=turns)


def _views(video: ExampleVideo) -> tuple[View, ...]:
    """Return the view of the example, and the oblique one between it and the next."""
    views: tuple[View, ...] = (view_of_mean(video.facing()), "oblique")
    return tuple(dict.fromkeys(views))


def _joints(signals: Sequence[Candidate]) -> tuple[str, ...]:
    """Return the landmarks that the signals need; the trunk's show how the athlete is turned."""
    needed = {*SHOULDER, *HIP}
    for each in signals:
        needed.update(joint for pair in SIGNALS[each.name].pairs for joint in pair)
    return tuple(landmark.name.lower() for landmark in Landmark if landmark in needed)


def _with_limits(definition: ExerciseDefinition, facts: Sequence[MotionFact]) -> ExerciseDefinition:
    """Set what is usual for the athlete: range, tempo and duration."""
    counted = confirmed_repetitions(facts)
    shortest_s = min(each.ended_s - each.started_s for each in counted)
    ranges = [each.range_of_motion_deg for each in counted if each.range_of_motion_deg is not None]
    tempos = [each.tempo for each in counted if each.tempo is not None]
    eccentric_s, concentric_s = CONTROLLED_S
    if tempos:
        usual_s = (
            median(each.eccentric_s for each in tempos),
            median(each.concentric_s for each in tempos),
        )
        eccentric_s = min(eccentric_s, max(HURRIED * usual_s[0], LEAST_CONTROLLED_S))
        concentric_s = min(concentric_s, max(HURRIED * usual_s[1], LEAST_CONTROLLED_S))
    least_s = min(max(FASTER * shortest_s, COUNTING.least_s), MOST_LEAST_S)
    target = definition.range_of_motion
    return replace(
        definition,
        counting=replace(COUNTING, least_s=round(least_s, 2)),
        range_of_motion=_range_of_motion(
            target.measure, round(median(ranges) if ranges else target.target_deg, 1)
        ),
        tempo=TempoTarget(round(eccentric_s, 2), round(concentric_s, 2), OWN_EXAMPLE),
    )
