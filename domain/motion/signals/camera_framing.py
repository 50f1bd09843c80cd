"""Camera framing advice before counting begins."""

from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from domain.kernel import value
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.form.repetition_metrics import view_of_mean
from domain.motion.landmarks import Landmark, PoseChunk
from domain.motion.signals.body import (
    SHOULDER,
    SIZE_IN_STATURES,
    Array,
    Body,
    body_of,
    facing,
    image_scale,
    middle,
    trunk_lean,
)
from domain.values import View

SEEN_VISIBILITY: Final = 0.5
"""A landmark below this is a guess of the pose model (MediaPipe's own default threshold)."""

SEEN_SHARE: Final = 0.8
"""A joint must be seen in this share of the frames."""

FITS: Final = 0.85
"""The joints an exercise needs fit if they span no more of the picture; head and feet do too."""

SMALLEST: Final = 0.25
"""A body whose stature is less of the picture's longer side is too far: one of its joints is then a
few pixels of the 256 that BlazePose looks at (Bazarevsky et al., "BlazePose", 2020)."""

FIELD_OF_VIEW_DEG: Final = 60.0
"""Across the picture's longer side; telephones and web cameras have 50 to 70 degrees."""

LYING_DEG: Final = 60.0
"""A trunk that leans more than this is lying: then the camera is moved, not the athlete."""

STEP_DEG: Final = 10
"""Directions are given in steps of ten degrees; nobody turns more exactly."""

IDEAL_DEG: Final[dict[View, tuple[int, ...]]] = {
    "front": (0,),
    "oblique": (50, -50, 130, -130),
    "side": (90, -90),
    "rear": (180,),
}
"""Camera positions for each view, in degrees from straight in front towards the left side."""

Direction = Literal["left", "right"]

Change = Literal[
    "step_in", "step_back", "come_closer", "centre", "tilt_up", "tilt_down", "turn", "go_round",
    "show",
]  # fmt: skip
"""The requested change.

`turn`: the athlete turns, `go_round`: the camera is moved around a lying athlete, both by `degrees`
to the athlete's own `side`. `step_back` and `show` name the `part` that is cut off or hidden, a
joint without its side. `come_closer` gives the distance in meters if known."""


@value
class Advice:
    """One thing to change, with direction and amount; the phrasebook has the words."""

    change: Change
    degrees: int | None = None
    side: Direction | None = None
    metres: float | None = None
    part: str | None = None


@value
class Framing:
    """Camera framing of an exercise, and what to change, most urgent first.

    `view` and the rest are None if no person is seen. `azimuth_deg`, -180..180: position of the
    camera, 0 in front of the athlete, 90 at the left side, 180 behind. `distance_m`: approximate
    distance, None without metric landmarks. `fills`: the athlete's stature as a share of the
    picture's longer side, however much of the body points at the camera or is not needed; None if
    every frame lacks one of its landmarks.
    `visibility`: that of the needed joints, 0..1. `missing`: names of joints that were not seen.
    """

    view: View | None
    azimuth_deg: float | None
    distance_m: float | None
    fills: float | None
    visibility: float
    missing: tuple[str, ...]
    advice: tuple[Advice, ...]


def check_framing(
    definition: ExerciseDefinition, chunk: PoseChunk, body: Body | None = None
) -> Framing:
    """Check about a second of frames before a set. `body` is that of the chunk, if known."""
    body = body_of(chunk) if body is None else body
    turned = facing(body)
    seen = _frames_with_person(body, turned)
    if not seen.any():
        nobody = Advice("step_in")
        return Framing(None, None, None, None, 0.0, definition.joints, (nobody,))
    if not seen.all():
        chunk = _only(chunk, seen)
        body = body_of(chunk)
    view = view_of_mean(float(turned[seen].mean()))
    azimuth = azimuth_deg(body)
    joints = [Landmark[name.upper()] for name in definition.joints]
    fills = _stature(chunk, body)
    outside = _joints(definition, view, ~_inside(chunk))
    unsure = _joints(definition, view, body.visibility < SEEN_VISIBILITY)
    distance = _distance_m(chunk, body)
    return Framing(
        view=view,
        azimuth_deg=azimuth,
        distance_m=distance,
        fills=fills,
        visibility=float(body.visibility[:, joints].mean()),
        missing=tuple(name for name in definition.joints if name in {*outside, *unsure}),
        advice=(
            *(_fit(_picture(chunk, joints), outside) if outside else ()),
            *_turn(definition, view, azimuth, lying=_is_lying(body)),
            *_nearer(fills, distance),
            *(Advice("show", part=_part(name)) for name in unsure[:1] if not outside),
        ),
    )


def is_person_seen(body: Body) -> bool:
    """Return whether a frame shows a person; then `check_framing` does not advise to step in."""
    return bool(_frames_with_person(body, facing(body)).any())


def _frames_with_person(body: Body, turned: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    return np.asarray(body.seen & np.isfinite(turned), dtype=np.bool_)


def _only(chunk: PoseChunk, keep: npt.NDArray[np.bool_]) -> PoseChunk:
    world = None if chunk.world is None else chunk.world[keep]
    return PoseChunk(chunk.times_s[keep], chunk.image[keep], world, chunk.aspect_ratio)


@value
class _Picture:
    """Bounding box of the needed joints, in shares of the picture."""

    left: float
    top: float
    right: float
    bottom: float


def _picture(chunk: PoseChunk, joints: list[Landmark]) -> _Picture:
    points = chunk.image[:, joints, :2].astype(np.float64)
    left, top = (float(edge) for edge in np.nanmedian(np.nanmin(points, axis=1), axis=0))
    right, bottom = (float(edge) for edge in np.nanmedian(np.nanmax(points, axis=1), axis=0))
    return _Picture(left, top, right, bottom)


def _stature(chunk: PoseChunk, body: Body) -> float | None:
    """Stature as a share of the picture's longer side, by frames with all its landmarks."""
    sizes = body.size[body.seen]
    valid = sizes[np.isfinite(sizes)]
    if not len(valid):
        return None
    return float(np.median(valid)) / SIZE_IN_STATURES / max(chunk.aspect_ratio, 1.0)


def azimuth_deg(body: Body) -> float:
    """Azimuth of the camera around the athlete, degrees -180..180, from the shoulder line.

    0 is in front, 90 at the athlete's left. A flat pose shows how far the shoulders are rotated but
    not the direction; there the nose, which lies before the shoulders, decides.
    """
    left: Array = body.axes[:, :, SHOULDER[0]]
    right: Array = body.axes[:, :, SHOULDER[1]]
    across = float((left[0] - right[0]).mean())
    if len(body.axes) == 3:
        depth = float((right[2] - left[2]).mean())
        return float(np.degrees(np.arctan2(depth, across)))
    nose = float(np.median(body.x[:, Landmark.NOSE] - middle(body.x, SHOULDER)))
    turned = float(np.degrees(np.arccos(np.mean(facing(body)))))
    return -turned if nose > 0.0 else turned


def _inside(chunk: PoseChunk) -> npt.NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        inside = (np.abs(chunk.image[:, :, :2] - 0.5) <= 0.5).all(axis=2)
    return np.asarray(inside, dtype=np.bool_)


def _joints(
    definition: ExerciseDefinition, view: View, lacking: npt.NDArray[np.bool_]
) -> tuple[str, ...]:
    """Return needed joints that are `lacking` (n, 33) in too many frames."""
    names = tuple(
        name
        for name in definition.joints
        if lacking[:, Landmark[name.upper()]].mean() > 1.0 - SEEN_SHARE
    )
    return _without_far_side(names) if view in {"side", "oblique"} else names


def _without_far_side(missing: tuple[str, ...]) -> tuple[str, ...]:
    """From the side one limb hides the other: a joint is missing only if both sides are."""
    parts = [_part(name) for name in missing]
    return tuple(
        name
        for name, part in zip(missing, parts, strict=True)
        if part == name or parts.count(part) == 2
    )


def _part(name: str) -> str:
    """Return the name of a joint without its side."""
    return name.removeprefix("left_").removeprefix("right_")


def _fit(picture: _Picture, outside: tuple[str, ...]) -> list[Advice]:
    """Advise how to get the joints that are `outside` into the picture."""
    wide, high = picture.right - picture.left, picture.bottom - picture.top
    if wide > FITS or high > FITS:
        return [Advice("step_back", part=_part(outside[0]))]
    if picture.left < 0.0 or picture.right > 1.0:
        return [Advice("centre")]
    return [Advice("tilt_up" if picture.top < 0.0 else "tilt_down")]


def _nearer(fills: float | None, distance_m: float | None) -> list[Advice]:
    """Advise coming closer; asks for twice the minimum size to leave a margin."""
    if fills is None or fills >= SMALLEST:
        return []
    if distance_m is None:
        return [Advice("come_closer")]
    too_far_m = distance_m * (1.0 - fills / (2.0 * SMALLEST))
    return [Advice("come_closer", metres=max(round(2.0 * too_far_m) / 2.0, 0.5))]


def _turn(
    definition: ExerciseDefinition, view: View, azimuth: float, *, lying: bool
) -> list[Advice]:
    """Advise how far to turn into the nearest view that the exercise allows."""
    if view in definition.views:
        return []
    ways = [
        (azimuth - ideal + 180.0) % 360.0 - 180.0
        for allowed in definition.views
        for ideal in IDEAL_DEG[allowed]
    ]
    # Turning to the left brings the camera from the left side towards the front.
    to_the_left = min(ways, key=abs)
    degrees = max(round(abs(to_the_left) / STEP_DEG) * STEP_DEG, STEP_DEG)
    left: Direction = "left" if to_the_left > 0.0 else "right"
    if not lying:
        return [Advice("turn", degrees=degrees, side=left)]
    return [Advice("go_round", degrees=degrees, side="right" if left == "left" else "left")]


def _is_lying(body: Body) -> bool:
    return float(np.median(trunk_lean(body))) > LYING_DEG


def _distance_m(chunk: PoseChunk, body: Body) -> float | None:
    """Distance from the camera in meters, by the apparent size of a meter (pinhole camera)."""
    if not body.metric:
        return None
    focal = max(chunk.aspect_ratio, 1.0) / 2.0 / np.tan(np.radians(FIELD_OF_VIEW_DEG / 2.0))
    scales = image_scale(body.axes, body.plane)[body.seen]
    valid = scales[np.isfinite(scales) & (scales > 0.0)]
    return float(focal / np.median(valid)) if len(valid) else None
