"""Evaluation of lesson analysis: segments of videos with several exercises beside the truth.

Without FOLDER, the sample athlete performs lessons: exercises with rests between them, whose
landmarks have noise. With FOLDER, which has `clips.csv` and `video/` as for `count_clips`, each
clip is a lesson, and all of them one after the other are another. Landmarks are kept in `--cache`.
Run `python -m tools.counting.lesson_segments [FOLDER] [--cache PATH]`.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.analysis.landmark_cache import LandmarkCache
from bootstrap.settings import Settings
from bootstrap.wiring.pose import build_pose_estimator
from bootstrap.wiring.video import build_decoder
from domain.kernel import Rejected
from domain.motion.exercise_segmentation import ExerciseSegment, segment_exercises
from domain.motion.landmarks import LANDMARK_COUNT, PoseChunk
from domain.values import Tempo
from tools.counting.count_clips import clips

REST_S: Final = 20.0
"""Rest between two exercises: the sample athlete stands still, and nobody is in joined clips."""

NOISE_PX: Final = 2.0

SAMPLES: Final[tuple[tuple[tuple[str, int], ...], ...]] = (
    (("squat", 8), ("push_up", 6), ("lunge", 8)),
    (("shoulder_press", 8), ("biceps_curl", 10), ("squat", 5)),
    (("jumping_jack", 12), ("sit_up", 8), ("deadlift", 6)),
    (("squat", 5), ("squat", 5), ("squat", 5)),
    (("pull_up", 5), ("bench_press", 8), ("front_raise", 8)),
)
"""Lessons of the sample athlete: exercises with their repetitions."""

TEMPO: Final = Tempo(eccentric_s=2.0, bottom_pause_s=0.5, concentric_s=1.0, top_pause_s=0.5)


@dataclass(frozen=True)
class TrueSegment:
    """What a lesson shows in a part, in seconds; a hold has 0 repetitions."""

    exercise: str
    repetitions: int
    started_s: float
    ended_s: float


@dataclass(frozen=True, eq=False)
class TrueLesson:
    """A lesson with its truth."""

    name: str
    chunks: tuple[PoseChunk, ...]
    duration_s: float
    truth: tuple[TrueSegment, ...]


def join(name: str, parts: Iterable[tuple[str, int, PoseChunk]]) -> TrueLesson:
    """Return clips one after the other, with rests in which nobody is seen."""
    chunks: list[PoseChunk] = []
    truth: list[TrueSegment] = []
    now_s = 0.0
    for exercise, repetitions, chunk in parts:
        times = chunk.times_s + now_s
        chunks.append(PoseChunk(times, chunk.image, chunk.world, chunk.aspect_ratio))
        ended_s = float(times[-1])
        truth.append(TrueSegment(exercise, repetitions, now_s, ended_s))
        rest = np.arange(ended_s + 0.1, ended_s + REST_S, 0.1)
        absent = np.full((len(rest), LANDMARK_COUNT, 7), np.nan, np.float32)
        chunks.append(PoseChunk(rest, absent[:, :, :4], absent[:, :, 4:], chunk.aspect_ratio))
        now_s = ended_s + REST_S
    return TrueLesson(name, tuple(chunks), now_s, tuple(truth))


def sample_lessons() -> Iterator[TrueLesson]:
    """Yield the lessons of the sample athlete."""
    for number, lesson in enumerate(SAMPLES, start=1):
        performed = (
            (
                exercise,
                repetitions,
                landmarks(
                    Performance(
                        exercise=exercise,
                        repetitions=repetitions,
                        tempo=TEMPO,
                        idle_before_s=REST_S / 2,
                        idle_after_s=REST_S / 2,
                        landmark_noise_px=NOISE_PX,
                        seed=number,
                    )
                ),
            )
            for exercise, repetitions in lesson
        )
        yield join(f"sample {number}", performed)


def clip_lessons(folder: Path, cache: Path | None) -> Iterator[TrueLesson]:
    """Yield each clip of a folder, and all of them as one lesson."""
    settings = Settings()
    every: list[tuple[str, int, PoseChunk]] = []
    with build_pose_estimator(settings) as estimator:
        store = LandmarkCache(
            cache or settings.cache / "landmarks", build_decoder(settings), estimator
        )
        for clip in clips(folder):
            try:
                chunk = store.landmarks(clip.path)
            except Rejected as refusal:
                print(f"{clip.name}: {refusal.detail}", file=sys.stderr)
                continue
            part = (clip.exercise, clip.repetitions, chunk)
            every.append(part)
            yield join(clip.name, [part])
    yield join("all clips", every)


@dataclass
class Figures:
    """Sums over lessons: segments of the truth, those that were found, and their counts."""

    segments: int = 0
    found: int = 0
    exact: int = 0
    within_one: int = 0
    counted: int = 0
    invented: int = 0

    def add(self, lesson: TrueLesson, segments: Sequence[ExerciseSegment]) -> Iterator[str]:
        """Compare a lesson with its truth; yield a line for each segment of either."""
        left = list(segments)
        for true in lesson.truth:
            middle = [each for each in left if is_within(each, true)]
            same = [each for each in middle if each.exercise == true.exercise]
            self.segments += 1
            self.found += bool(same)
            count = sum(each.repetitions for each in same)
            if same and true.repetitions:
                self.counted += 1
                self.exact += count == true.repetitions
                self.within_one += abs(count - true.repetitions) <= 1
            for each in same:
                left.remove(each)
            shown = count if same else "-"
            start = f"{lesson.name:12} {true.exercise:15} {true.repetitions:3} {shown:>4}"
            yield f"{start}  {describe(same)}"
        self.invented += len(left)
        for each in left:
            yield f"{lesson.name:12} {'-':15} {'-':>3} {each.repetitions:4}  {describe([each])}"

    def __str__(self) -> str:
        return (
            f"found {self.found} of {self.segments} segments, {self.invented} more; of the "
            f"{self.counted} found ones with repetitions {self.exact} were counted exactly, "
            f"{self.within_one} within one"
        )


def is_within(each: ExerciseSegment, true: TrueSegment) -> bool:
    """Return whether the middle of a segment is in a part of the truth."""
    return true.started_s <= (each.started_s + each.ended_s) / 2 <= true.ended_s


def describe(segments: Sequence[ExerciseSegment]) -> str:
    """Return exercise, times, tempo and range of segments."""
    return "; ".join(
        f"{each.exercise} {each.started_s:.1f}-{each.ended_s:.1f} s"
        + (f", held {each.held_s:.1f} s" if each.held_s else "")
        + (f", tempo {tempo_text(each.targets.tempo)}" if each.targets.tempo else "")
        + (
            f", {each.targets.range_of_motion_deg:.0f}° ± {each.targets.range_spread_deg or 0:.0f}°"
            if each.targets.range_of_motion_deg is not None
            else ""
        )
        for each in segments
    )


def tempo_text(tempo: Tempo) -> str:
    """Return a tempo as coaches write it."""
    phases = (tempo.eccentric_s, tempo.bottom_pause_s, tempo.concentric_s, tempo.top_pause_s)
    return "-".join(f"{each:.1f}" for each in phases)


def main() -> None:
    """Print the segments and the figures."""
    parser = argparse.ArgumentParser(description="Segments of lessons beside the truth.")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--cache", type=Path)
    arguments = parser.parse_args()
    lessons = (
        sample_lessons()
        if arguments.folder is None
        else clip_lessons(arguments.folder, arguments.cache)
    )
    print(f"{'lesson':12} {'exercise':15} {'true':>3} {'found':>4}")
    single, joined = Figures(), Figures()
    for lesson in lessons:
        figures = joined if len(lesson.truth) > 1 else single
        for line in figures.add(lesson, segment_exercises(lesson.chunks, lesson.duration_s)):
            print(line, flush=True)
    for name, figures in (("Lessons of one exercise", single), ("Lessons of several", joined)):
        if figures.segments:
            print(f"{name}: {figures}")


if __name__ == "__main__":
    main()
