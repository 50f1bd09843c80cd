"""Cost of the motion fold compared with a minimal counter: one joint angle and two thresholds.

Both count the same landmarks in chunks of half a second, as a live camera sends them. The naive
counter measures nothing else, so the ratio is the cost of tempo, range of motion, form, faults and
the athlete's own range. Budget: 50 microseconds per frame, so that one core can follow 400 athletes
at 30 frames per second at half load.

A stream processor's table stores the state between two chunks: its largest size is shown, and the
time to encode it. Budget: 64 kB and 50 microseconds. `unscaled` is the same set as a source without
meters gives it, whose poses are stored for a second pass at the end.

Run `python -m benchmarks.motion [--json]`.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import get_exercise
from domain.motion.facts import RepetitionCounted
from domain.motion.fold import advance, begin, fold
from domain.motion.landmarks import Landmark, PoseChunk
from tools.counting.examples import Example, boxed, cut

ROUNDS = 9
EXERCISES = ("squat", "push_up", "biceps_curl", "jumping_jack")
DOWN_DEG, UP_DEG = 110.0, 150.0


def chunks(name: str, *, scaled: bool = True) -> list[PoseChunk]:
    """A set of twenty repetitions in half-second chunks."""
    whole = landmarks(Performance(exercise=name, repetitions=20, landmark_noise_px=1.0))
    clip = Example(name, name, 20, whole)
    return list(cut(clip.chunk if scaled else boxed(clip).chunk))


def carried(definition: ExerciseDefinition, watched: Sequence[PoseChunk]) -> tuple[int, float]:
    """Return the largest state between chunks (bytes) and its longest median encoding time (us)."""
    state, largest, slowest = begin(definition), 0, 0.0
    for chunk in watched:
        state = advance(definition, state, chunk).state
        times = [seconds(lambda: msgspec.msgpack.encode(state)) for _ in range(3)]
        slowest = max(slowest, statistics.median(times) * 1e6)
        largest = max(largest, len(msgspec.msgpack.encode(state)))
    return largest, slowest


def naive(watched: Sequence[PoseChunk]) -> int:
    """Count knee bends by two thresholds, frame by frame."""
    count, down = 0, False
    for chunk in watched:
        assert chunk.world is not None
        for frame in chunk.world:
            hip, knee, ankle = (
                frame[point]
                for point in (Landmark.LEFT_HIP, Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE)
            )
            one, other = hip - knee, ankle - knee
            cosine = np.dot(one, other) / (np.linalg.norm(one) * np.linalg.norm(other))
            angle = float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
            if angle < DOWN_DEG:
                down = True
            elif down and angle > UP_DEG:
                count, down = count + 1, False
    return count


def whole(definition: ExerciseDefinition, watched: Sequence[PoseChunk]) -> int:
    """Count with the motion fold."""
    facts = fold(definition, watched).facts
    return sum(isinstance(fact, RepetitionCounted) for fact in facts)


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of one call, which the machine's other work does not affect."""
    began = time.process_time()
    work()
    return time.process_time() - began


def run() -> list[dict[str, Any]]:
    """Measure every exercise, and one of them without meters."""
    return [*(measured(name) for name in EXERCISES), measured("squat", scaled=False)]


def measured(name: str, *, scaled: bool = True) -> dict[str, Any]:
    """Alternate both counters; return medians per frame."""
    definition, metric = get_exercise(name), chunks(name)
    watched = metric if scaled else chunks(name, scaled=False)
    frames = sum(len(chunk) for chunk in watched)
    pairs = [
        (seconds(lambda: whole(definition, watched)), seconds(lambda: naive(metric)))
        for _ in range(ROUNDS)
    ]
    folded, counted = (statistics.median(side) / frames * 1e6 for side in zip(*pairs, strict=True))
    largest, slowest = carried(definition, watched)
    return {
        "exercise": name if scaled else f"{name}, unscaled",
        "frames": frames,
        "repetitions": whole(definition, watched),
        "fold_us_per_frame": round(folded, 1),
        "naive_us_per_frame": round(counted, 1),
        "ratio": round(folded / counted, 2),
        "state_kb": round(largest / 1000, 1),
        "encode_us": round(slowest, 1),
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Microseconds a frame of the motion fold.")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = run()
    if options.json:
        print(json.dumps(rows))
        return
    head = (
        "exercise",
        "frames",
        "reps",
        "fold us",
        "naive us",
        "ratio",
        "kB",
        "encode us",
    )
    print(f"{head[0]:16}" + "".join(f"{word:>10}" for word in head[1:]))
    for row in rows:
        name, *numbers = row.values()
        print(f"{name:16}" + "".join(f"{number:10}" for number in numbers))


if __name__ == "__main__":
    main()
