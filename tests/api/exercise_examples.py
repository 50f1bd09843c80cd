"""Recorded examples of custom exercises."""

from typing import Any

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance

PATH = "/v1/custom-exercises"
REPETITIONS = 5


def example(exercise: str = "front_raise", **other: Any) -> dict[str, Any]:
    """Return the body of a request that records some repetitions."""
    filmed = landmarks(
        Performance(exercise=exercise, repetitions=REPETITIONS, fps=15, landmark_noise_px=1.0)
    )
    assert filmed.world is not None
    frames = [
        {
            "timeMs": round(1000 * time),
            "landmarks": [[round(each, 4) for each in point] for point in image],
            "worldLandmarks": [[round(each, 4) for each in point] for point in world],
        }
        for time, image, world in zip(
            filmed.times_s.tolist(), filmed.image.tolist(), filmed.world.tolist(), strict=True
        )
    ]
    body = {"name": "Raise", "repetitions": REPETITIONS, "aspectRatio": filmed.aspect_ratio}
    return {**body, "frames": frames, **other}
