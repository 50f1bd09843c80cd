"""Synthetic landmarks of a performance, with the exact ground truth."""

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from adapters.sample_athlete.camera import Camera, framing
from adapters.sample_athlete.geometry import Array
from adapters.sample_athlete.movements import MOVEMENTS
from adapters.sample_athlete.performance import Performance
from adapters.sample_athlete.schedule import Phase, TimedRepetition, progress, timed_repetitions
from adapters.sample_athlete.skeleton import Body, Figure, figure, moved
from domain.motion.landmarks import LANDMARK_COUNT, Landmark, PoseChunk

WALKING_M_S: Final = 1.2
"""Walking speed of the passer-by."""

BEHIND_M: Final = 1.5
"""Distance of the passer-by behind the athlete."""


@dataclass(frozen=True, slots=True)
class RepetitionTruth:
    """Ground truth of one repetition: times in seconds of the video, angles in degrees.

    The four tempo values are seconds as in a `Tempo`; `range_of_motion_deg` is the excursion of the
    driving joint; `faults` are those made in this repetition.
    """

    number: int
    start_s: float
    end_s: float
    eccentric_s: float
    bottom_pause_s: float
    concentric_s: float
    top_pause_s: float
    rest_deg: float
    turn_deg: float
    range_of_motion_deg: float
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroundTruth:
    """Ground truth of a performance, to compare with an analysis."""

    exercise: str
    people: int
    driving_joint: str
    begins_with: str
    fps: int
    frames: int
    duration_s: float
    width: int
    height: int
    azimuth_deg: float
    faults: tuple[str, ...]
    repetitions: tuple[RepetitionTruth, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values under the same names."""
        return asdict(self)


def truth(performance: Performance) -> GroundTruth:
    """Return the ground truth of a performance; an empty room has no repetitions."""
    timed = timed_repetitions(performance) if performance.people else ()
    return GroundTruth(
        exercise=performance.exercise,
        people=performance.people,
        driving_joint=performance.movement.driving_joint,
        begins_with=performance.movement.begins_with,
        fps=performance.fps,
        frames=performance.frames,
        duration_s=performance.frames / performance.fps,
        width=performance.width,
        height=performance.height,
        azimuth_deg=performance.view_deg,
        faults=performance.faults,
        repetitions=tuple(_repetition_truth(performance, each) for each in timed),
    )


def _repetition_truth(performance: Performance, timed: TimedRepetition) -> RepetitionTruth:
    movement = performance.movement
    share = np.array([performance.share_of_range(timed.number)])
    turn = float(movement.driving_angle(share)[0])
    number = timed.number
    nearest = min(performance.share_at_rest(number - 1), performance.share_at_rest(number))
    rest = float(movement.driving_angle(nearest * share)[0])
    seconds = {phase.name: _length(phase) for phase in timed.phases}
    return RepetitionTruth(
        number=timed.number,
        start_s=round(timed.start_s, 6),
        end_s=round(timed.end_s, 6),
        eccentric_s=seconds["eccentric"],
        bottom_pause_s=seconds["bottom_pause"],
        concentric_s=seconds["concentric"],
        top_pause_s=seconds["top_pause"],
        rest_deg=round(rest, 6),
        turn_deg=round(turn, 6),
        range_of_motion_deg=round(abs(turn - rest), 6),
        faults=performance.faults if performance.is_faulty(timed.number) else (),
    )


def _length(phase: Phase) -> float:
    return round(phase.end_s - phase.start_s, 6)


def frame_times(performance: Performance) -> Array:
    """Return the times (n,) of the frames in seconds."""
    return np.arange(performance.frames, dtype=np.float64) / performance.fps


def pose(performance: Performance, times_s: Array) -> Figure:
    """Return the athlete's body at these times (n,)."""
    now = progress(performance, times_s)
    growing = now.faulty * (1.0 - (1.0 - now.strain) ** 5)  # a fault shows well before the turn
    made = [fault for fault in performance.faults if fault in performance.movement.faults]
    weights = dict.fromkeys(made, growing * performance.fault_degree)
    body = performance.body
    performed = figure(body, performance.movement.posture(body, now.fraction, weights))
    if not performance.leaves:
        return performed
    gone_s = np.maximum(times_s - (performance.duration_s - performance.idle_after_s), 0.0)
    return moved(performed, WALKING_M_S * gone_s[:, None] * aside(performance))


def passer_by(performance: Performance, times_s: Array) -> Figure:
    """A second person who walks upright through the picture behind the athlete, at these times.

    The path runs from the left edge to the right one as the camera sees it, over the whole video.
    """
    lens, body = camera(performance), performance.body
    still = np.zeros_like(times_s)
    upright = figure(body, MOVEMENTS["squat"].posture(body, still, {}))
    away = lens.axes[2] * np.array([1.0, 0.0, 1.0])
    behind = BEHIND_M * away / np.linalg.norm(away)
    far_m = float(lens.seen(behind[None])[0, 2])
    half_width = 0.6 * lens.width * far_m / lens.focal_px
    share = 2.0 * times_s / performance.duration_s - 1.0
    return moved(upright, behind + half_width * share[:, None] * aside(performance))


def camera(performance: Performance) -> Camera:
    """Return a camera that sees the whole movement of every person."""
    farthest = max(1.1, *performance.movement.short_ranges.values(), 0.0)
    turns = np.array([0.0, 0.25, 0.5, 0.75, 1.0, 1.1, farthest])
    body = performance.body
    points = figure(body, performance.movement.posture(body, turns, {})).points
    outline = np.concatenate([points.reshape(-1, 3), _crowns(points, body)])
    if performance.people == 2:
        outline = np.concatenate([outline, outline + companion_offset(performance)])
    return framing(
        outline,
        azimuth_deg=performance.view_deg,
        elevation_deg=performance.elevation_deg,
        width=performance.width,
        height=performance.height,
    )


def _crowns(points: Array, body: Body) -> Array:
    """The tops of the heads (n, 3), which no landmark marks: 0.09 of stature above the ears."""
    ears = points[:, [Landmark.LEFT_EAR, Landmark.RIGHT_EAR]].mean(axis=1)
    mouth = points[:, [Landmark.MOUTH_LEFT, Landmark.MOUTH_RIGHT]].mean(axis=1)
    eyes = points[:, [Landmark.LEFT_EYE, Landmark.RIGHT_EYE]].mean(axis=1)
    up = (eyes - mouth) / np.linalg.norm(eyes - mouth, axis=-1, keepdims=True)
    crowns: Array = ears + 0.09 * body.stature_m * up
    return crowns


def aside(performance: Performance) -> Array:
    """One metre to the right as the camera sees it (3,)."""
    azimuth = np.deg2rad(performance.view_deg)
    right: Array = np.array([np.cos(azimuth), 0.0, -np.sin(azimuth)])
    return right


def companion_offset(performance: Performance) -> Array:
    """Offset (3,) of a second person who trains beside the athlete in the picture, a step back."""
    azimuth = np.deg2rad(performance.view_deg)
    beside = 2.1 if performance.exercise == "push_up" else 1.3
    right = aside(performance)
    back = -np.array([np.sin(azimuth), 0.0, np.cos(azimuth)])
    offset: Array = beside * right + 0.3 * back
    return offset


def landmarks(performance: Performance) -> PoseChunk:
    """Return the landmarks of a perfect pose model (without people, no pose in any frame)."""
    times = frame_times(performance)
    if not performance.people:
        nobody = np.full((len(times), LANDMARK_COUNT, 4), np.nan, dtype=np.float32)
        return PoseChunk(times, nobody, nobody[..., :3], performance.width / performance.height)
    lens, points = camera(performance), pose(performance, times).points
    pixels, metres = _in_picture(lens, points), _in_room(lens, points)
    if performance.landmark_noise_px:
        _disturb(performance, lens, points, pixels, metres)
    pixels[..., :3] /= np.array([lens.width, lens.height, lens.width])
    return PoseChunk(
        times,
        pixels.astype(np.float32),
        metres.astype(np.float32),
        performance.width / performance.height,
    )


def _hip_middle(points: Array) -> Array:
    middle: Array = points[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=1)
    return middle


SIDE_OF_LIMB: Final = np.array(
    [
        0.0 if mark < Landmark.LEFT_ELBOW or mark in {Landmark.LEFT_HIP, Landmark.RIGHT_HIP}
        else 1.0 if mark.name.startswith("LEFT") else -1.0
        for mark in Landmark
    ]
)  # fmt: skip
"""For each landmark: 1 on the left arm or leg, -1 on the right one, 0 on head and trunk."""


def _in_picture(lens: Camera, points: Array) -> Array:
    """Pixels x, y, z (z: depth beyond the hips at the scale of the hips) and visibility."""
    pixels = lens.seen(points)
    hip_depth = lens.seen(_hip_middle(points))[:, None, 2]
    z = (pixels[..., 2] - hip_depth) * lens.focal_px / hip_depth
    return np.stack([pixels[..., 0], pixels[..., 1], z, _visibility(lens, points, pixels)], axis=-1)


def _in_room(lens: Camera, points: Array) -> Array:
    """Metres in the camera's axes, from the middle of the hips."""
    return lens.turned(points - _hip_middle(points)[:, None])


def _visibility(lens: Camera, points: Array, pixels: Array) -> Array:
    """Near 1, less for the limbs behind the trunk in a side view, little outside the picture.

    MediaPipe gives the far arm and leg of this figure 0.2 to 0.5 when it is seen from the side,
    and its far shoulder and hip 1.
    """
    across = lens.turned(points[:, Landmark.LEFT_HIP] - points[:, Landmark.RIGHT_HIP])
    hidden = across[:, 2] / np.linalg.norm(across, axis=-1)  # positive: the left side is farther
    behind = np.maximum(hidden[:, None] * SIDE_OF_LIMB, 0.0) ** 4  # only a near profile hides
    inside = (pixels[..., :2] >= 0).all(-1) & (pixels[..., :2] <= [lens.width, lens.height]).all(-1)
    visibility: Array = np.where(inside, 0.99 - 0.65 * behind, 0.1)
    return visibility


def _disturb(
    performance: Performance, lens: Camera, points: Array, pixels: Array, metres: Array
) -> None:
    """Add the noise of a pose model: the same pixels in the picture and, scaled, in the room."""
    noise = np.random.default_rng(performance.seed).normal(
        scale=performance.landmark_noise_px, size=metres.shape
    )
    pixels[..., :3] += noise
    metres_per_px = lens.seen(_hip_middle(points))[:, None, 2:] / lens.focal_px
    metres += noise * metres_per_px
