"""The motion fold beside the shortest counter there is: one joint angle and two thresholds.

Both count the same landmarks in chunks of half a second, as a live camera sends them. The naive
counter measures nothing else, so the ratio is what tempo, range of motion, form, faults and the
athlete's own range cost. Budget: 50 microseconds a frame, which lets one core follow 400 athletes
at 30 frames a second half idle.

Run `python -m benchmarks.motion [--json]`.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from adapters.mannequin.athlete import landmarks
from adapters.mannequin.performance import Performance
from domain.motion.catalogue import exercise
from domain.motion.definition import ExerciseDefinition
from domain.motion.facts import RepetitionCounted
from domain.motion.fold import fold
from domain.motion.landmarks import Landmark, PoseChunk

CHUNK = 15
ROUNDS = 9
EXERCISES = ("squat", "push_up", "biceps_curl", "jumping_jack")
DOWN_DEG, UP_DEG = 110.0, 150.0


def chunks(name: str) -> list[PoseChunk]:
    """A set of twenty repetitions in half-second chunks."""
    whole = landmarks(Performance(exercise=name, repetitions=20, landmark_noise_px=1.0))
    assert whole.world is not None
    return [
        PoseChunk(
            whole.times_s[at : at + CHUNK],
            whole.image[at : at + CHUNK],
            whole.world[at : at + CHUNK],
            whole.aspect_ratio,
        )
        for at in range(0, len(whole), CHUNK)
    ]


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
    """CPU time of one call: the machine's other work does not count."""
    began = time.process_time()
    work()
    return time.process_time() - began


def run() -> list[dict[str, Any]]:
    """Alternate both counters; medians per frame."""
    rows: list[dict[str, Any]] = []
    for name in EXERCISES:
        watched, definition = chunks(name), exercise(name)
        frames = sum(len(chunk) for chunk in watched)
        pairs = [
            (seconds(lambda: whole(definition, watched)), seconds(lambda: naive(watched)))
            for _ in range(ROUNDS)
        ]
        folded, counted = (
            statistics.median(side) / frames * 1e6 for side in zip(*pairs, strict=True)
        )
        rows.append(
            {
                "exercise": name,
                "frames": frames,
                "repetitions": whole(definition, watched),
                "fold_us_per_frame": round(folded, 1),
                "naive_us_per_frame": round(counted, 1),
                "ratio": round(folded / counted, 2),
            }
        )
    return rows


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Microseconds a frame of the motion fold.")
    parser.add_argument("--json", action="store_true")
    rows = run()
    if parser.parse_args().json:
        print(json.dumps(rows))
        return
    print(f"{'exercise':14} {'frames':>6} {'reps':>4} {'fold us':>8} {'naive us':>8} {'ratio':>6}")
    for row in rows:
        print(
            f"{row['exercise']:14} {row['frames']:6} {row['repetitions']:4} "
            f"{row['fold_us_per_frame']:8} {row['naive_us_per_frame']:8} {row['ratio']:6}"
        )


if __name__ == "__main__":
    main()
