"""The camera must see what an exercise needs; this says what to change before counting begins."""

from typing import Final

import numpy as np

from domain.kernel import value
from domain.motion.body import body_of, facing
from domain.motion.definition import ExerciseDefinition
from domain.motion.facts import View
from domain.motion.landmarks import Landmark, PoseChunk
from domain.motion.repetition import view_of_mean

SEEN_VISIBILITY: Final = 0.5
"""A landmark below this is a guess of the pose model (MediaPipe's own default threshold)."""

SEEN_SHARE: Final = 0.8
"""A joint must be seen in this share of the frames."""


@value
class Framing:
    """Whether the camera stands well: the view, the joints it misses, and what to change.

    `view` is None where nobody is seen; `missing` are names of landmarks; `advice` are sentences,
    none where all is well.
    """

    view: View | None
    missing: tuple[str, ...]
    advice: tuple[str, ...]


def framing(definition: ExerciseDefinition, chunk: PoseChunk) -> Framing:
    """Look at a second or so of frames before a set."""
    body = body_of(chunk)
    if not body.seen.any():
        return Framing(None, definition.joints, ("Step into the picture",))
    view = view_of_mean(float(np.nanmean(facing(body)[body.seen])))
    missing = tuple(name for name in definition.joints if not _is_seen(chunk, name))
    advice: list[str] = []
    if view == "side":
        missing = _without_far_side(missing)
    if missing:
        advice.append(f"Step back until the camera sees your {_spoken(missing[0])}")
    if view not in definition.views:
        advice.append(_turn(definition.views[0]))
    return Framing(view, missing, tuple(advice))


def _is_seen(chunk: PoseChunk, name: str) -> bool:
    point = chunk.image[:, Landmark[name.upper()], :]
    with np.errstate(invalid="ignore"):
        inside = (np.abs(point[:, :2] - 0.5) <= 0.5).all(axis=1)
        seen = inside & (point[:, 3] >= SEEN_VISIBILITY)
    return bool(seen.mean() >= SEEN_SHARE)


def _without_far_side(missing: tuple[str, ...]) -> tuple[str, ...]:
    """From the side one limb hides the other: a joint is missing only if both are."""
    other = {"left": "right", "right": "left"}
    return tuple(
        name
        for name in missing
        if f"{other[name.partition('_')[0]]}_{name.partition('_')[2]}" in missing
    )


def _spoken(name: str) -> str:
    return f"{name.partition('_')[2]}s"


def _turn(wanted: View) -> str:
    if wanted in {"front", "rear"}:
        return "Turn until you face the camera"
    return "Turn until the camera sees you from the side"
