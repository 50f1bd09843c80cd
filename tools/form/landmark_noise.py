"""Noise of landmarks on videos of people, by view and joint, and sample athletes with that noise.

    python -m tools.form.landmark_noise FOLDER --labels FILE.csv --cache LANDMARKS [...] --write

Videos are measured at 15 frames per second, within their repetitions, in two steps:

- Each joint's residual: its landmark minus a cubic fitted to 0.6 s around each frame (Savitzky &
  Golay, Anal Chem 36, 1964), in the picture (x, y, in body sizes) and in the room (x, y, z, in
  metres). Slower errors cannot be distinguished from movement there.
- Wrists and ankles of push-ups stand still, so their whole deviation in the picture is error. It
  says how much larger errors are than such residuals, and how one frame's error continues in the
  next: the coefficient of a first-order autoregression. Both are taken for all joints of the view.

Errors of neighboring joints are alike, so an angle has a smaller error than if each joint had its
own: residuals have a correlation from joint to joint, the mean of all directions.

Deviations are robust, and the median over videos. Errors that stay the same for a repetition are
not included: `spread` of the measurement model has them. The file contains no one's landmarks.
"""

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bootstrap.cli.form_videos import VideoFolder
from domain.motion.exercises.library import get_exercise
from domain.motion.facts import RepetitionCounted
from domain.motion.landmarks import LANDMARK_COUNT, PoseChunk
from domain.motion.set_segmentation import confirmed_repetitions, fold_sets
from domain.motion.signals.body import ANKLE, WRIST, body_of

SHIPPED: Final = Path(__file__).with_name("landmark_noise.json")

FPS: Final = 15.0
WINDOW: Final = 9
ORDER: Final = 3

STILL: Final = [*WRIST, *ANKLE]
"""Joints that stand still in a push-up."""

MOST_CONTINUED: Final = 0.95

LEAST_VIDEOS: Final = 5
"""Fewer videos of a view say nothing of others."""

ROBUST: Final = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Residuals:
    """Residuals of a video: deviations (33, 5) of x, y in body sizes and x, y, z in metres.

    `growth`: deviation of joints that stand still over that of their residuals, and `continuation`
    of their errors; NaN where none does. `correlation`: of joints, (33, 33). `lost`: share of
    frames without a pose.
    """

    view: str
    deviation: Array
    correlation: Array
    growth: float
    continuation: float
    lost: float


@dataclass(frozen=True)
class ViewNoise:
    """Errors of a view: deviations (33, 5) as above, their continuation, and lost frames.

    `mixing` (33, 33) makes errors with the correlation of joints from independent ones.
    """

    videos: int
    deviation: Array
    mixing: Array
    continuation: float
    lost: float


def main() -> int:
    """Measure the noise; print it, or write the shipped file."""
    parser = argparse.ArgumentParser(description="Measure the noise of landmarks.")
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--labels", type=Path, nargs="+", required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--exercise", default="")
    parser.add_argument("--write", action="store_true", help=f"write {SHIPPED.name}")
    options = parser.parse_args()
    measured: list[Residuals] = []
    for folder, labels in zip(options.folders, options.labels, strict=True):
        videos = VideoFolder.open(folder, labels, options.exercise, options.cache)
        for video, chunk in videos.landmarks():
            found = residuals_of(video.label.exercise, chunk)
            measured += [] if found is None else [found]
    text = json.dumps(plain(measured), indent=1) + "\n"
    if options.write:
        SHIPPED.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


def residuals_of(exercise: str, chunk: PoseChunk) -> Residuals | None:
    """Measure the residuals of a video; None without a repetition from a clear view."""
    sets = fold_sets(get_exercise(exercise), [chunk], float(chunk.times_s[-1]))
    repetitions = [each for one in sets for each in confirmed_repetitions(one.facts)]
    views = Counter(each.view for each in repetitions if each.view is not None)
    if not views or chunk.world is None:
        return None
    within = _within(chunk, repetitions)
    values = np.where(within[:, np.newaxis, np.newaxis], _values(chunk), np.nan)
    lost = float(np.isnan(values[within, 0, 0]).mean()) if within.any() else 1.0
    step = max(1, round(1.0 / (FPS * float(np.median(np.diff(chunk.times_s))))))
    found = residuals(values[::step])
    if np.isfinite(found).all(axis=(1, 2)).sum() < WINDOW:
        return None
    deviation = _deviation(found)
    growth, continuation = np.nan, np.nan
    if exercise == "push_up":
        errors = _standing(values[::step], chunk.times_s[::step], repetitions)
        growth = float(np.median(_deviation(errors) / deviation[STILL, :2]))
        continuation = float(np.median(_continuation(errors)))
    view = views.most_common(1)[0][0]
    return Residuals(view, deviation, _correlation(found), growth, continuation, lost)


def _standing(values: Array, times_s: Array, repetitions: Sequence[RepetitionCounted]) -> Array:
    """Return the errors of joints that stand still: their distance from their usual place."""
    errors = np.full((len(values), len(STILL), 2), np.nan)
    for each in repetitions:
        inside = (times_s >= each.started_s) & (times_s <= each.ended_s)
        places = values[inside][:, STILL, :2]
        if len(places) >= WINDOW:
            errors[inside] = places - np.nanmedian(places, axis=0)
    return errors


def _values(chunk: PoseChunk) -> Array:
    """Return x, y in body sizes and x, y, z in metres, (frames, 33, 5)."""
    body = body_of(chunk)
    size = float(np.nanmedian(np.where(body.seen, body.size, np.nan)))
    picture = np.stack([body.x, body.y], axis=-1) / size
    return np.concatenate([picture, np.asarray(chunk.world, np.float64)], axis=-1)


def _within(chunk: PoseChunk, repetitions: Sequence[RepetitionCounted]) -> npt.NDArray[np.bool_]:
    inside = np.zeros(len(chunk.times_s), np.bool_)
    for each in repetitions:
        inside |= (chunk.times_s >= each.started_s) & (chunk.times_s <= each.ended_s)
    return inside


def residuals(values: Array) -> Array:
    """Subtract a cubic fitted to the frames around each; NaN at ends and where frames are lost."""
    half = WINDOW // 2
    fit = np.linalg.pinv(np.vander(np.arange(-half, half + 1), ORDER + 1))[-1]
    taps = (np.arange(WINDOW) == half) - fit
    left = np.full(values.shape, np.nan)
    for middle in range(half, len(values) - half):
        around = values[middle - half : middle + half + 1]
        left[middle] = np.tensordot(taps, around, axes=1)
    return left


def _deviation(errors: Array) -> Array:
    deviation: Array = ROBUST * np.nanmedian(np.abs(errors), axis=0)
    return deviation


def _correlation(found: Array) -> Array:
    """Correlation of the residuals of joints, with wild values cut off; the mean of directions."""
    whole = found[np.isfinite(found).all(axis=(1, 2))]
    limit = 3.0 * np.maximum(_deviation(found), 1e-9)
    cut = np.clip(whole, -limit, limit)
    cut = cut - cut.mean(axis=0)
    scaled = cut / np.maximum(np.sqrt((cut * cut).mean(axis=0)), 1e-12)
    correlation: Array = np.einsum("fid,fjd->ij", scaled, scaled) / (len(cut) * cut.shape[-1])
    return correlation


def _continuation(errors: Array) -> Array:
    """Correlation of successive errors, with wild values cut off."""
    limit = 3.0 * np.maximum(_deviation(errors), 1e-9)
    cut = np.clip(errors, -limit, limit)
    before, after = cut[:-1], cut[1:]
    both = np.isfinite(before) & np.isfinite(after)
    product = np.where(both, before * after, 0.0).sum(axis=0)
    square = np.where(both, (before * before + after * after) / 2.0, 0.0).sum(axis=0)
    correlation: Array = np.clip(product / np.maximum(square, 1e-12), 0.0, MOST_CONTINUED)
    return correlation


def plain(measured: Sequence[Residuals]) -> dict[str, Any]:
    """Return the plain data of the noise."""
    views: dict[str, list[Residuals]] = {}
    for each in measured:
        views.setdefault(each.view, []).append(each)
    return {
        view: _plain(group) for view, group in sorted(views.items()) if len(group) >= LEAST_VIDEOS
    }


def _plain(group: Sequence[Residuals]) -> dict[str, Any]:
    growth = float(np.nanmedian([each.growth for each in group]))
    deviation = growth * np.median(np.stack([each.deviation for each in group]), axis=0)
    return {
        "videos": len(group),
        "lost": round(float(np.mean([each.lost for each in group])), 4),
        "continuation": round(float(np.nanmedian([each.continuation for each in group])), 4),
        "deviation": np.round(deviation, 4).tolist(),
        "correlation": np.round(np.mean([each.correlation for each in group], axis=0), 3).tolist(),
    }


@cache
def landmark_noise() -> Mapping[str, ViewNoise]:
    """Read the shipped noise, by view."""
    noise = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return {
        view: ViewNoise(
            videos=one["videos"],
            deviation=np.array(one["deviation"]),
            mixing=_mixing(np.array(one["correlation"])),
            continuation=one["continuation"],
            lost=one["lost"],
        )
        for view, one in noise.items()
    }


def _mixing(correlation: Array) -> Array:
    """Symmetric square root of a correlation, which rounding may have made slightly indefinite."""
    sizes, directions = np.linalg.eigh(correlation)
    root: Array = (directions * np.sqrt(np.maximum(sizes, 0.0))) @ directions.T
    lengths: Array = np.sqrt((root * root).sum(axis=1, keepdims=True))
    return root / lengths


def disturbed(chunk: PoseChunk, noise: ViewNoise, seed: int) -> PoseChunk:
    """Add the noise of a view to perfect landmarks at 15 frames per second, and lose frames.

    The errors of a point in the picture and in the room are the same to the right and downwards;
    its distance has an error of its own.
    """
    rng = np.random.default_rng(seed)
    frames = len(chunk.times_s)
    drawn = np.einsum("ij,fjd->fid", noise.mixing, rng.normal(size=(frames, LANDMARK_COUNT, 5)))
    drawn[..., 2:4] = drawn[..., :2]
    errors = np.zeros_like(drawn)
    fresh = sqrt(1.0 - noise.continuation**2)
    errors[0] = drawn[0]
    for frame in range(1, frames):
        errors[frame] = noise.continuation * errors[frame - 1] + fresh * drawn[frame]
    errors *= noise.deviation
    body = body_of(chunk)
    size = float(np.nanmedian(body.size))
    image = chunk.image.astype(np.float64)
    image[..., 0] += errors[..., 0] * size / chunk.aspect_ratio
    image[..., 1] += errors[..., 1] * size
    gone = rng.random(frames) < noise.lost
    image[gone] = np.nan
    world = None if chunk.world is None else chunk.world + errors[..., 2:].astype(np.float32)
    if world is not None:
        world[gone] = np.nan
    return PoseChunk(chunk.times_s, image.astype(np.float32), world, chunk.aspect_ratio)


if __name__ == "__main__":
    raise SystemExit(main())
