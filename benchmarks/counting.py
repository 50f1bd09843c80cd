"""Counting accuracy compared with published results, and the delay of live detection.

The protocol: the exercise is given, each clip is counted once without access to the truth, in half-
second chunks as a live camera sends them. OBO is the share of clips counted within one, MAE the
mean of |count - truth| / truth.

Without a manifest the sample athlete performs, whose truth is known exactly; that shows that the
counter works, not how accurate it is on people. `docs/accuracy.md` has the figures on people.

Run `python -m benchmarks.counting [--landmarks FILE --manifest FILE] [--json]`, or `make bench-
counting LANDMARKS=... MANIFEST=...`. The shipped counters were trained on clips: for those clips,
`python -m tools.counting.cross_validate` gives figures without the training data.
"""

import argparse
import json
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.movements import MOVEMENTS
from adapters.sample_athlete.performance import Performance
from domain.motion.exercises.library import get_exercise
from domain.motion.facts import RepetitionCounted
from domain.motion.fold import advance, begin
from domain.motion.landmarks import PoseChunk
from domain.values import Tempo
from tools.counting.count_accuracy import count, summary, table
from tools.counting.examples import Example, examples

PUBLISHED: Final = (
    ("RepNet, any movement", 0.995, 0.013),
    ("TransRAC, any movement", 0.443, 0.291),
    ("ESCounts, any movement", 0.21, 0.56),
    ("PoseRAC, told the best channel", 0.236, 0.560),
    ("Joint-PoseRAC, told the best channel", 0.211, 0.599),
    ("a MediaPipe state machine", 0.445, 0.493),
    ("a training-free counter of 60 lines", 0.468, 0.586),
)
"""Method, MAE and OBO on RepCount-A. The clips differ from ours: an order of magnitude, no
ranking."""

TEMPOS: Final = (Tempo(0.6, 0.1, 0.6, 0.1), Tempo(1.4, 0.2, 1.2, 0.3), Tempo(2.5, 0.8, 2.0, 0.8))
DEPTHS: Final = (1.0, 0.75)
REPETITIONS: Final = (4, 9)
STEP_FRAMES: Final = 1
"""Frames per chunk when delays are measured, so that they exclude the wait for the chunk's end."""


def performed() -> Iterator[Example]:
    """Return performances of the sample athlete in several styles, with landmark noise."""
    for name in MOVEMENTS:
        if get_exercise(name).kind == "hold":
            continue
        for number, (tempo, depth) in enumerate((t, d) for t in TEMPOS for d in DEPTHS):
            times = REPETITIONS[number % len(REPETITIONS)]
            performance = Performance(
                exercise=name,
                repetitions=times,
                tempo=tempo,
                depth=depth,
                landmark_noise_px=1.5,
                seed=number,
            )
            yield Example(f"{name}-{number}", name, times, landmarks(performance))


def delays(clips: Sequence[Example]) -> list[float]:
    """Return the seconds from each repetition's end to its live detection.

    Repetitions that are found only at the end of the set are left out.
    """
    delays_s: list[float] = []
    for clip in clips:
        definition = get_exercise(clip.exercise)
        state = begin(definition)
        for piece in _pieces(clip.chunk):
            state, facts, _ = advance(definition, state, piece)
            delays_s += [
                float(piece.times_s[-1]) - fact.ended_s
                for fact in facts
                if isinstance(fact, RepetitionCounted)
            ]
    return delays_s


def _pieces(chunk: PoseChunk) -> Iterator[PoseChunk]:
    for start in range(0, len(chunk), STEP_FRAMES):
        part = slice(start, start + STEP_FRAMES)
        world = None if chunk.world is None else chunk.world[part]
        yield PoseChunk(chunk.times_s[part], chunk.image[part], world, chunk.aspect_ratio)


def delay_summary(delays_s: Sequence[float]) -> dict[str, float]:
    """Return median, 95th percentile and maximum of delays, in seconds."""
    if len(delays_s) < 2:
        return {}
    return {
        "median_s": round(statistics.median(delays_s), 2),
        "p95_s": round(statistics.quantiles(delays_s, n=20)[-1], 2),
        "worst_s": round(max(delays_s), 2),
    }


def main() -> None:
    """Print the accuracy table, the published results, and the delays."""
    parser = argparse.ArgumentParser(description="How right the count of repetitions is.")
    parser.add_argument("--landmarks", type=Path, help=".npz file, or folder of them")
    parser.add_argument("--manifest", type=Path, help=".csv file; without it a sample performs")
    parser.add_argument("--fps", type=float, default=30.0, help="where the manifest gives none")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if (options.landmarks is None) != (options.manifest is None):
        parser.error("--landmarks and --manifest go together.")
    if options.manifest is None:
        clips = list(performed())
    else:
        clips = list(examples(options.landmarks, options.manifest, options.fps))
    if not clips:
        parser.error("no clip of the manifest is an exercise that is counted.")
    counted = [count(clip) for clip in clips]
    delay = delay_summary(delays(clips))
    if options.json:
        published = [{"method": name, "mae": mae, "obo": obo} for name, mae, obo in PUBLISHED]
        results: dict[str, Any] = {**summary(counted), "delay_s": delay, "published": published}
        print(json.dumps(results))
        return
    print(table(counted))
    print(
        f"\ndelay after the end of a repetition: {delay}" if delay else "\nno live delay measured"
    )
    print(f"\n{'published on RepCount-A':<48}{'OBO':>8}{'MAE':>8}")
    for name, mae, obo in PUBLISHED:
        print(f"{name:<48}{obo:>8.3f}{mae:>8.3f}")


if __name__ == "__main__":
    main()
