"""Exercise segmentation: which exercises a video shows, when, and how they are performed.

A video may show several exercises with rests and talk between them. The exercise is recognized in
overlapping windows; neighboring windows with the same exercise form a stretch, which the motion
fold divides into sets. The tempo and range of a segment are medians of its repetitions.
"""

from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Final

from domain.kernel import value
from domain.motion.exercises.library import all_exercises
from domain.motion.exercises.recognition import LEAST_SCORE, Recognition, recognize
from domain.motion.facts import HoldMeasured, RepetitionCounted
from domain.motion.landmarks import PoseChunk
from domain.motion.set_segmentation import (
    MARGIN_S,
    MIN_REPETITIONS,
    REST_S,
    SegmentedSet,
    chunks_between,
    confirmed_repetitions,
    fold_sets,
)
from domain.values import Tempo

WINDOW_S: Final = 10.0
"""Length of a window: three repetitions of an ordinary tempo."""

STEP_S: Final = 2.5
"""Seconds from one window to the next."""

ABSENT_S: Final = 5.0
"""After this many seconds without a visible person, another exercise may begin."""

LEAST_HOLD_S: Final = 3.0
"""A shorter hold is a pause on the way into or out of a position."""


@value
class ExerciseTargets:
    """How the repetitions of a segment are performed; None where it was not measured.

    `tempo` and `range_of_motion_deg` are medians, `range_spread_deg` is the median distance from
    the median range.
    """

    tempo: Tempo | None = None
    range_of_motion_deg: float | None = None
    range_spread_deg: float | None = None


@value
class ExerciseSegment:
    """One set of an exercise, from its first repetition to its last, in seconds of the video.

    A hold has no repetitions, and `held_s` instead.
    """

    exercise: str
    started_s: float
    ended_s: float
    repetitions: int
    held_s: float | None = None
    targets: ExerciseTargets = ExerciseTargets()


@value
class _Window:
    """Exercises of a window: the recognized one, and the one that fits best, each or None."""

    started_s: float
    ended_s: float
    recognized: str | None
    likely: str | None


@value
class _Stretch:
    started_s: float
    ended_s: float
    exercise: str


def segment_exercises(
    chunks: Sequence[PoseChunk],
    duration_s: float,
    proceed: Callable[[], None] = lambda: None,
) -> tuple[ExerciseSegment, ...]:
    """Return the segments of a video by time; they do not overlap.

    `duration_s` is the length of the video; `proceed` is called between parts of the work, and
    ends it by raising.
    """
    segments: list[ExerciseSegment] = []
    stretches = [
        stretch
        for scene in _scenes(chunks, duration_s)
        for stretch in _stretches(chunks, scene, proceed)
    ]
    for stretch in stretches:
        proceed()
        definition = all_exercises()[stretch.exercise]
        part = chunks_between(chunks, stretch.started_s, stretch.ended_s)
        for each in fold_sets(definition, part, stretch.ended_s):
            segments += _segments(stretch.exercise, each)
    if any(each.repetitions >= MIN_REPETITIONS or each.held_s for each in segments):
        segments = [each for each in segments if each.held_s or each.repetitions >= MIN_REPETITIONS]
    return tuple(sorted(segments, key=lambda each: each.started_s))


def _segments(exercise: str, part: SegmentedSet) -> Iterable[ExerciseSegment]:
    repetitions = confirmed_repetitions(part.facts)
    if repetitions:
        yield ExerciseSegment(
            exercise=exercise,
            started_s=repetitions[0].started_s,
            ended_s=repetitions[-1].ended_s,
            repetitions=len(repetitions),
            targets=measure_targets(repetitions),
        )
    for fact in part.facts:
        if isinstance(fact, HoldMeasured) and fact.held_s >= LEAST_HOLD_S:
            yield ExerciseSegment(exercise, fact.started_s, fact.ended_s, 0, fact.held_s)


def measure_targets(repetitions: Sequence[RepetitionCounted]) -> ExerciseTargets:
    """Return the medians of the repetitions that were measured."""
    tempos = [each.tempo for each in repetitions if each.tempo is not None]
    ranges = [
        each.range_of_motion_deg for each in repetitions if each.range_of_motion_deg is not None
    ]
    middle = median(ranges) if ranges else None
    return ExerciseTargets(
        tempo=_median_tempo(tempos) if tempos else None,
        range_of_motion_deg=middle,
        range_spread_deg=(
            None if middle is None else median(abs(each - middle) for each in ranges)
        ),
    )


def _median_tempo(tempos: Sequence[Tempo]) -> Tempo:
    return Tempo(
        eccentric_s=median(each.eccentric_s for each in tempos),
        bottom_pause_s=median(each.bottom_pause_s for each in tempos),
        concentric_s=median(each.concentric_s for each in tempos),
        top_pause_s=median(each.top_pause_s for each in tempos),
    )


Scene = tuple[float, float]
"""Start and end of a part of the video in which somebody is seen, in seconds."""


def _scenes(chunks: Sequence[PoseChunk], duration_s: float) -> list[Scene]:
    """Return the parts between which nobody is seen for a while."""
    scenes: list[Scene] = []
    for time_s in (each for chunk in chunks for each in chunk.times_s[chunk.has_pose].tolist()):
        if scenes and time_s - scenes[-1][1] <= ABSENT_S:
            scenes[-1] = (scenes[-1][0], time_s)
        else:
            scenes.append((time_s, time_s))
    return [(started_s, min(ended_s, duration_s)) for started_s, ended_s in scenes]


def _stretches(
    chunks: Sequence[PoseChunk], scene: Scene, proceed: Callable[[], None]
) -> list[_Stretch]:
    windows = _windows(chunks, scene, proceed)
    labels = _labels(windows)
    stretches: list[_Stretch] = []
    for window, exercise in zip(windows, labels, strict=True):
        if exercise is None:
            continue
        last = stretches[-1] if stretches else None
        if last and last.exercise == exercise and window.started_s - last.ended_s <= REST_S:
            stretches[-1] = _Stretch(last.started_s, window.ended_s, exercise)
        else:
            stretches.append(_Stretch(window.started_s, window.ended_s, exercise))
    return _apart(stretches, scene)


def _windows(
    chunks: Sequence[PoseChunk], scene: Scene, proceed: Callable[[], None]
) -> list[_Window]:
    """Return the windows; a scene that is shorter than one is a window."""
    windows: list[_Window] = []
    started_s, last_s = scene
    while not windows or started_s + WINDOW_S <= last_s + STEP_S:
        proceed()
        ended_s = min(started_s + WINDOW_S, last_s)
        seen = recognize(chunks_between(chunks, started_s, ended_s))
        windows.append(_Window(started_s, ended_s, seen.exercise, _likely(seen)))
        started_s += STEP_S
    return windows


def _likely(seen: Recognition) -> str | None:
    """Return the exercise that fits best, if it fits."""
    return (
        seen.candidates[0][0] if seen.candidates and seen.candidates[0][1] >= LEAST_SCORE else None
    )


def _labels(windows: Sequence[_Window]) -> list[str | None]:
    """Return the exercise of each window.

    From a window with a recognized exercise, the exercise extends to the windows on both sides in
    which it is the most likely one.
    """
    labels = [each.recognized for each in windows]
    for order in (range(1, len(windows)), range(len(windows) - 2, -1, -1)):
        for index in order:
            before = labels[index - order.step]
            if labels[index] is None and before is not None and windows[index].likely == before:
                labels[index] = before
    return labels


def _apart(stretches: Sequence[_Stretch], scene: Scene) -> list[_Stretch]:
    """Extend stretches by a margin, and divide where they overlap in the middle."""
    bounds: list[_Stretch] = []
    for each in stretches:
        started_s = max(each.started_s - MARGIN_S, scene[0])
        ended_s = min(each.ended_s + MARGIN_S, scene[1])
        if bounds and bounds[-1].ended_s > started_s:
            last = bounds[-1]
            started_s = min(max((started_s + last.ended_s) / 2, last.started_s), ended_s)
            bounds[-1] = _Stretch(last.started_s, started_s, last.exercise)
        bounds.append(_Stretch(started_s, ended_s, each.exercise))
    return bounds
