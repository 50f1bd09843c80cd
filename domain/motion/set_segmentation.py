"""Segmentation of a video into sets, separated by rests."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from domain.kernel import value
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.facts import HoldMeasured, MotionFact, RepetitionCounted, RepetitionsReconciled
from domain.motion.fold import fold
from domain.motion.landmarks import PoseChunk

REST_S: Final = 15.0
"""Longer than this without a repetition is a rest between sets.

Rests between sets take half a minute and more (Haff & Triplett, Essentials of Strength Training and
Conditioning, 4th ed., 2016, ch. 17); a pause within a set, to breathe, takes a few seconds."""

MARGIN_S: Final = 3.0
"""Seconds before the first and after the last repetition that belong to a set."""

MIN_REPETITIONS: Final = 2
"""A single movement between two rests, such as sitting down, is not a set if others have more."""


@value
class SegmentedSet:
    """One set of a video: start and end in seconds of the session, and its facts."""

    started_s: float
    ended_s: float
    facts: tuple[MotionFact, ...]


def fold_sets(
    definition: ExerciseDefinition, chunks: Sequence[PoseChunk], duration_s: float
) -> tuple[SegmentedSet, ...]:
    """Fold a whole video, each of its sets separately.

    A video without a rest or without repetitions is one set, as is a video of holds.
    """
    whole = fold(definition, chunks).facts
    stretches = _stretches(confirmed_repetitions(whole), duration_s)
    if len(stretches) > 1:
        seen = [
            SegmentedSet(*each, fold(definition, chunks_between(chunks, *each)).facts)
            for each in stretches
        ]
        performed = tuple(one for one in seen if confirmed_repetitions(one.facts))
        if performed:
            return performed
    return (SegmentedSet(0.0, duration_s, whole),)


def is_performed(facts: Iterable[MotionFact]) -> bool:
    """Return whether a set has a repetition or a hold."""
    all_facts = list(facts)
    held = any(isinstance(fact, HoldMeasured) for fact in all_facts)
    return held or bool(confirmed_repetitions(all_facts))


def confirmed_repetitions(facts: Iterable[MotionFact]) -> list[RepetitionCounted]:
    """Return the repetitions of a set that were not withdrawn, by time."""
    all_facts = list(facts)
    withdrawn = {
        number
        for fact in all_facts
        if isinstance(fact, RepetitionsReconciled)
        for number in fact.withdrawn
    }
    counted = [fact for fact in all_facts if isinstance(fact, RepetitionCounted)]
    return sorted(
        (each for each in counted if each.number not in withdrawn), key=lambda each: each.started_s
    )


def _stretches(
    repetitions: Sequence[RepetitionCounted], duration_s: float
) -> list[tuple[float, float]]:
    """Return start and end of each set."""
    groups: list[list[RepetitionCounted]] = []
    for each in repetitions:
        if groups and each.started_s - groups[-1][-1].ended_s <= REST_S:
            groups[-1].append(each)
        else:
            groups.append([each])
    if any(len(group) >= MIN_REPETITIONS for group in groups):
        groups = [group for group in groups if len(group) >= MIN_REPETITIONS]
    return [
        (max(group[0].started_s - MARGIN_S, 0.0), min(group[-1].ended_s + MARGIN_S, duration_s))
        for group in groups
    ]


def chunks_between(
    chunks: Sequence[PoseChunk], started_s: float, ended_s: float
) -> list[PoseChunk]:
    """Return the frames of a stretch, in seconds of the video."""
    parts: list[PoseChunk] = []
    for chunk in chunks:
        keep = np.flatnonzero((chunk.times_s >= started_s) & (chunk.times_s <= ended_s))
        if len(keep):
            world = None if chunk.world is None else chunk.world[keep]
            parts.append(
                PoseChunk(chunk.times_s[keep], chunk.image[keep], world, chunk.aspect_ratio)
            )
    return parts
