"""A stick figure that does more than its exercise, with camera moves and cuts."""

from collections.abc import Callable, Sequence
from functools import cache
from math import cos, pi, radians, sin

import numpy as np

from domain.motion.landmarks import LANDMARK_COUNT, Landmark, PoseChunk
from tests.domain.motion.figure import (
    ABSENT,
    FOREARM,
    SHANK,
    THIGH,
    UPPER_ARM,
    Pace,
    Posture,
    chunk_of,
    efforts,
    from_,
    landmarks,
    minimum_jerk,
    part,
    seen_from,
    squatting,
)

FRAMES_A_SECOND = 15
FAR_M = 4.0
"""Distance of the athlete from the camera."""

Placed = Callable[[float], np.ndarray]
"""Returns the figure at a time in seconds: (33, 3) meters from the camera; x right, y down."""


def record(placed: Placed, seconds: float, *, fps: float = FRAMES_A_SECOND) -> PoseChunk:
    """Film a scene at 16:9 with a level pinhole camera one meter above the floor."""
    times = np.arange(0.0, seconds, 1 / fps)
    room = np.stack([placed(float(time_s)) for time_s in times])
    depth = np.maximum(room[:, :, 2] + FAR_M, 0.3)
    image = np.ones((len(times), LANDMARK_COUNT, 4), np.float32)
    image[:, :, 0] = 0.5 + room[:, :, 0] / depth * 9 / 16
    image[:, :, 1] = 0.5 + (room[:, :, 1] + 1.0) / depth
    hips = room[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=1, keepdims=True)
    world = room - hips
    image[:, :, 2] = world[:, :, 2] / depth * 9 / 16
    outside = (np.abs(image[:, :, :2] - 0.5) > 0.5).any(axis=2)
    image[:, :, 3] = np.where(outside, 0.1, 0.99)
    return PoseChunk(times, image, world.astype(np.float32), 16 / 9)


@cache
def squatting_set(
    repetitions: int,
    yaw_deg: float = 30.0,
    *,
    depths_deg: tuple[float, ...] = (100.0,),
    fps: float = FRAMES_A_SECOND,
) -> PoseChunk:
    """Return a set of squats with the given depths, which repeat; its arrays cannot be changed."""
    pace = Pace()
    effort = efforts(repetitions, pace)

    def placed(time_s: float) -> np.ndarray:
        number = min(max(int((time_s - 1.0) // pace.seconds), 0), repetitions - 1)
        return landmarks(squatting(effort(time_s), depths_deg[number % len(depths_deg)]), yaw_deg)

    chunk = record(placed, 2.0 + repetitions * pace.seconds, fps=fps)
    for array in (chunk.times_s, chunk.image, chunk.world):
        assert array is not None
        array.setflags(write=False)
    return chunk


def pulsing(repetitions: int, yaw_deg: float = 30.0) -> PoseChunk:
    """Return squats that bounce at the bottom by a fifth of their depth."""

    def placed(time_s: float) -> np.ndarray:
        bounce = 20 * (0.5 - 0.5 * cos(2 * pi * (time_s - 2)))
        if time_s < 2:
            knee = 5 + 95 * minimum_jerk(min(max(time_s - 1, 0), 1))
        elif time_s < 2 + repetitions:
            knee = 100 - bounce
        else:
            knee = 100 - 95 * minimum_jerk(min(time_s - 2 - repetitions, 1))
        return landmarks(Posture(knee_flexion=knee, trunk_lean=3 + 0.35 * knee), yaw_deg)

    return record(placed, 4.0 + repetitions)


def standing(yaw_deg: float = 30.0) -> Placed:
    """Return a figure that stands still."""
    return lambda _: landmarks(Posture(), yaw_deg)


def lifting_knees(yaw_deg: float, *, every_s: float = 1.6, height_deg: float = 85.0) -> Placed:
    """Return a figure that lifts its knees alternately, as in marching on the spot."""

    def placed(time_s: float) -> np.ndarray:
        number, within = divmod(time_s, every_s)
        share = within / every_s
        lifted = minimum_jerk(min(share, 1 - share) * 2)
        return _with_leg(Posture(), yaw_deg, "LEFT" if number % 2 else "RIGHT", height_deg * lifted)

    return placed


def walking(
    yaw_deg: float, speed_m_s: float, *, from_m: float = 0.0, after_s: float = 0.0
) -> Placed:
    """Return a figure that walks where it faces, at 1.1 strides a second; at speed 0, on the spot.

    Thighs swing by 25 degrees and the shank bends by 60 in the swing (Winter, Biomechanics and
    Motor Control of Human Movement, 2009, ch. 5).
    """

    def placed(time_s: float) -> np.ndarray:
        walked_s = max(time_s - after_s, 0.0)
        swing = sin(2 * pi * 1.1 * walked_s) if walked_s else 0.0
        points = landmarks(Posture(), 0.0)
        for side, share in (("LEFT", swing), ("RIGHT", -swing)):
            points = _leg(points, side, thigh_deg=25 * share, knee_deg=10 + 50 * max(share, 0.0))
            points = _arm(points, side, upper_deg=180 + 20 * share)
        way = from_m + speed_m_s * walked_s
        forward = np.array([sin(radians(yaw_deg)), 0.0, -cos(radians(yaw_deg))])
        walked: np.ndarray = _turned(points, yaw_deg) + forward * way
        return walked

    return placed


def waving(yaw_deg: float) -> Placed:
    """Return a figure that talks with both hands, shifting from foot to foot; knees hardly bend."""

    def placed(time_s: float) -> np.ndarray:
        points = landmarks(Posture(knee_flexion=8 + 6 * sin(2 * time_s)), yaw_deg)
        turned_back = _turned(points, -yaw_deg)
        for side, phase in (("LEFT", 0.0), ("RIGHT", 1.3)):
            raised = 180 - 60 * (0.5 + 0.5 * sin(3.1 * time_s + phase))
            turned_back = _arm(turned_back, side, upper_deg=raised, elbow_deg=70)
        sway = np.array([0.04 * sin(1.7 * time_s), 0.0, 0.0])
        swaying: np.ndarray = _turned(turned_back, yaw_deg) + sway
        return swaying

    return placed


def bending_down(yaw_deg: float, *, every_s: float = 3.0) -> Placed:
    """Return a figure that bends the trunk forward with straight legs, as to pick something up."""

    def placed(time_s: float) -> np.ndarray:
        share = (time_s % every_s) / every_s
        bent = minimum_jerk(min(share, 1 - share) * 2)
        return landmarks(Posture(knee_flexion=5, trunk_lean=3 + 85 * bent), yaw_deg)

    return placed


def then(*scenes: PoseChunk, pause_s: float = 1 / FRAMES_A_SECOND) -> PoseChunk:
    """Concatenate scenes."""
    start_s, times = 0.0, []
    for scene in scenes:
        times.append(scene.times_s - scene.times_s[0] + start_s)
        start_s = float(times[-1][-1]) + pause_s
    worlds = [scene.world for scene in scenes if scene.world is not None]
    return PoseChunk(
        np.concatenate(times),
        np.concatenate([scene.image for scene in scenes]),
        np.concatenate(worlds) if len(worlds) == len(scenes) else None,
        scenes[0].aspect_ratio,
    )


def zoomed(chunk: PoseChunk, share: Sequence[float] | np.ndarray) -> PoseChunk:
    """Zoom the picture around its middle, with a factor for each frame."""
    factor = np.asarray(share, np.float32)[:, np.newaxis, np.newaxis]
    image = chunk.image.copy()
    image[:, :, :2] = 0.5 + (image[:, :, :2] - 0.5) * factor
    image[:, :, 2:3] *= factor
    return PoseChunk(chunk.times_s, image, chunk.world, chunk.aspect_ratio)


def shifted(chunk: PoseChunk, right: float, down: float) -> PoseChunk:
    """Move the body in the picture."""
    image = chunk.image.copy()
    image[:, :, :2] += np.array([right, down], np.float32)
    return PoseChunk(chunk.times_s, image, chunk.world, chunk.aspect_ratio)


def mirrored(chunk: PoseChunk) -> PoseChunk:
    """Mirror the picture: left is right, and a left hand looks like a right one."""
    order = [_other_side(landmark) for landmark in Landmark]
    image = chunk.image[:, order].copy()
    image[:, :, 0] = 1.0 - image[:, :, 0]
    world = None
    if chunk.world is not None:
        world = chunk.world[:, order] * np.array([-1, 1, 1], np.float32)
    return PoseChunk(chunk.times_s, image, world, chunk.aspect_ratio)


def unseen(chunk: PoseChunk, from_s: float, to_s: float) -> PoseChunk:
    """Remove the pose for some time."""
    gone = (chunk.times_s >= from_s) & (chunk.times_s < to_s)
    image = chunk.image.copy()
    image[gone] = np.nan
    return PoseChunk(chunk.times_s, image, chunk.world, chunk.aspect_ratio)


def flat(chunk: PoseChunk) -> PoseChunk:
    """Remove depth and metric landmarks."""
    image = chunk.image.copy()
    image[:, :, 2] = 0.0
    return PoseChunk(chunk.times_s, image, None, chunk.aspect_ratio)


def at_times(chunk: PoseChunk, times_s: np.ndarray) -> PoseChunk:
    """Return the frames nearest to these times, with these times as timestamps."""
    index = np.searchsorted(chunk.times_s, times_s).clip(0, len(chunk) - 1)
    world = None if chunk.world is None else chunk.world[index]
    return PoseChunk(times_s, chunk.image[index], world, chunk.aspect_ratio)


def trembling(chunk: PoseChunk, metres: float, seed: int = 1) -> PoseChunk:
    """Add independent noise to every landmark, as an uncertain pose model does."""
    noise = np.random.default_rng(seed).normal(scale=metres, size=(*chunk.image.shape[:2], 3))
    image = chunk.image.copy()
    image[:, :, :3] += noise / FAR_M * np.array([9 / 16, 1.0, 9 / 16])
    world = None if chunk.world is None else (chunk.world + noise).astype(np.float32)
    return PoseChunk(chunk.times_s, image, world, chunk.aspect_ratio)


def absent(seconds: float) -> PoseChunk:
    """Return frames without a person."""
    times = [float(at) for at in np.arange(0.0, seconds, 1 / FRAMES_A_SECOND)]
    return chunk_of(times, [ABSENT] * len(times))


def upto(chunk: PoseChunk, seconds: float) -> PoseChunk:
    """Return the frames before this time."""
    return part(chunk, 0, int(np.searchsorted(chunk.times_s, seconds)))


def beyond(chunk: PoseChunk, seconds: float) -> PoseChunk:
    """Return the frames from this time on."""
    return part(chunk, int(np.searchsorted(chunk.times_s, seconds)), len(chunk))


def _with_leg(posture: Posture, yaw_deg: float, side: str, thigh_deg: float) -> np.ndarray:
    points = landmarks(posture, 0.0)
    return _turned(_leg(points, side, thigh_deg=thigh_deg, knee_deg=thigh_deg), yaw_deg)


def _leg(points: np.ndarray, side: str, *, thigh_deg: float, knee_deg: float) -> np.ndarray:
    """Return a figure that faces the camera (yaw 0) with one leg swung forward at the hip."""
    moved = points.copy()
    left, up, forward = _plane(points[Landmark[f"{side}_HIP"]])
    knee = from_((forward, up), THIGH, 180 - thigh_deg)
    ankle = from_(knee, SHANK, 180 - thigh_deg + knee_deg)
    for name, place in {
        "KNEE": knee,
        "ANKLE": ankle,
        "HEEL": (ankle[0] - 0.05, ankle[1] - 0.08),
        "FOOT_INDEX": (ankle[0] + 0.2, ankle[1] - 0.08),
    }.items():
        moved[Landmark[f"{side}_{name}"]] = (left, -place[1], -place[0])
    return moved


def _arm(points: np.ndarray, side: str, *, upper_deg: float, elbow_deg: float = 15.0) -> np.ndarray:
    moved = points.copy()
    left, up, forward = _plane(points[Landmark[f"{side}_SHOULDER"]])
    elbow = from_((forward, up), UPPER_ARM, upper_deg)
    wrist = from_(elbow, FOREARM, upper_deg - elbow_deg)
    moved[Landmark[f"{side}_ELBOW"]] = (left, -elbow[1], -elbow[0])
    for name in ("WRIST", "PINKY", "INDEX", "THUMB"):
        moved[Landmark[f"{side}_{name}"]] = (left, -wrist[1], -wrist[0])
    return moved


def _plane(point: np.ndarray) -> tuple[float, float, float]:
    """Return left, up and forward of a point of a figure that faces the camera."""
    return float(point[0]), float(-point[1]), float(-point[2])


def _turned(points: np.ndarray, yaw_deg: float) -> np.ndarray:
    return seen_from(np.stack([-points[:, 2], -points[:, 1], points[:, 0]], axis=1), yaw_deg)


def _other_side(landmark: Landmark) -> int:
    name = landmark.name
    for one, other in (("LEFT", "RIGHT"), ("RIGHT", "LEFT")):
        if one in name:
            return int(Landmark[name.replace(one, other)])
    return int(landmark)
