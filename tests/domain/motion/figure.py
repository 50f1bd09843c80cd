"""A stick figure with exactly known movement: the athlete of the motion tests."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians, sin

import numpy as np

from domain.motion.landmarks import LANDMARK_COUNT, Landmark, PoseChunk

SHANK, THIGH, TRUNK, UPPER_ARM, FOREARM, NECK = 0.42, 0.42, 0.52, 0.28, 0.26, 0.22
HALF_HIPS, HALF_SHOULDERS, STANCE = 0.15, 0.19, 0.15

Point = tuple[float, float]
"""Forward and up in the athlete's plane of movement, in meters."""

Joints = dict[str, tuple[float, float, float]]
"""Joint of one side → forward, up, and to the athlete's left."""


def from_(point: Point, length: float, degrees: float) -> Point:
    """Return the end of a segment from a point; 0 degrees is up, positive leans forward."""
    return (point[0] + length * sin(radians(degrees)), point[1] + length * cos(radians(degrees)))


@dataclass(frozen=True)
class Posture:
    """Angles of the figure's posture, in degrees; `elbow` is flexion, 0 for a straight arm."""

    knee_flexion: float = 5.0
    trunk_lean: float = 3.0
    left_elbow: float = 10.0
    right_elbow: float = 10.0
    upper_arm: float = 178.0
    knee_share: float = 1.0


def squatting(effort: float, depth_deg: float = 100.0) -> Posture:
    return Posture(knee_flexion=5 + effort * (depth_deg - 5), trunk_lean=3 + 35 * effort)


def curling(left: float, right: float) -> Posture:
    return Posture(left_elbow=10 + 125 * left, right_elbow=10 + 125 * right)


def landmarks(posture: Posture, yaw_deg: float = 90.0) -> np.ndarray:
    """Return the figure, (33, 3) meters: x right, y down, z away; yaw 0 faces the camera."""
    points = np.zeros((LANDMARK_COUNT, 3))
    for side, sign, elbow in (("LEFT", 1, posture.left_elbow), ("RIGHT", -1, posture.right_elbow)):
        ankle = (0.0, 0.08)
        shank_lean = posture.knee_flexion * 0.4
        knee = from_(ankle, SHANK, shank_lean)
        hip = from_(knee, THIGH, shank_lean - posture.knee_flexion)
        shoulder = from_(hip, TRUNK, posture.trunk_lean)
        elbow_at = from_(shoulder, UPPER_ARM, posture.upper_arm)
        wrist = from_(elbow_at, FOREARM, posture.upper_arm - elbow)
        placed = {
            "ANKLE": (*ankle, sign * STANCE),
            "HEEL": (ankle[0] - 0.05, 0.0, sign * STANCE),
            "FOOT_INDEX": (ankle[0] + 0.2, 0.0, sign * STANCE),
            "KNEE": (*knee, sign * STANCE * posture.knee_share),
            "HIP": (*hip, sign * HALF_HIPS),
            "SHOULDER": (*shoulder, sign * HALF_SHOULDERS),
            "ELBOW": (*elbow_at, sign * HALF_SHOULDERS),
            "WRIST": (*wrist, sign * HALF_SHOULDERS),
        }
        for name in ("PINKY", "INDEX", "THUMB"):
            placed[name] = placed["WRIST"]
        for name, point in placed.items():
            points[Landmark[f"{side}_{name}"]] = point
    neck = (points[Landmark.LEFT_SHOULDER] + points[Landmark.RIGHT_SHOULDER]) / 2
    points[: Landmark.LEFT_SHOULDER] = neck + np.array([0.05, NECK, 0.0])
    return seen_from(points, yaw_deg)


def seen_from(points: np.ndarray, yaw_deg: float) -> np.ndarray:
    forward, up, left = points.T
    turn = radians(yaw_deg)
    return np.stack(
        [left * cos(turn) + forward * sin(turn), -up, left * sin(turn) - forward * cos(turn)], 1
    )


def lying(hip_offset: float) -> np.ndarray:
    """Return a plank from the side, with the hips `hip_offset` meters above the straight line."""
    points = np.zeros((LANDMARK_COUNT, 3))
    along = {
        "ANKLE": (0.0, 0.1),
        "HEEL": (-0.05, 0.12),
        "FOOT_INDEX": (0.0, 0.0),
        "KNEE": (0.42, 0.17 + hip_offset / 2),
        "HIP": (0.84, 0.24 + hip_offset),
        "SHOULDER": (1.36, 0.33),
        "ELBOW": (1.36, 0.05),
        "WRIST": (1.6, 0.05),
        "PINKY": (1.6, 0.05),
        "INDEX": (1.6, 0.05),
        "THUMB": (1.6, 0.05),
    }
    for sign, side in ((1, "LEFT"), (-1, "RIGHT")):
        for name, (forward, up) in along.items():
            points[Landmark[f"{side}_{name}"]] = (forward, up, sign * 0.15)
    points[: Landmark.LEFT_SHOULDER] = (1.55, 0.38, 0.0)
    return seen_from(points, 90.0)


def chunk_of(times_s: Sequence[float], poses: Sequence[np.ndarray]) -> PoseChunk:
    """Return poses as seen by a level camera at 16:9; a pose of NaN is a frame without a person."""
    world = np.asarray(poses, np.float32).reshape(-1, LANDMARK_COUNT, 3)
    image = np.ones((len(world), LANDMARK_COUNT, 4), np.float32)
    image[:, :, 0] = 0.5 + world[:, :, 0] * 0.4 * 9 / 16
    image[:, :, 1] = 0.9 + world[:, :, 1] * 0.4
    image[:, :, 2] = world[:, :, 2] * 0.4 * 9 / 16
    image[np.isnan(world[:, :, 0])] = np.nan
    return PoseChunk(np.asarray(times_s, np.float64), image, world, 16 / 9)


ABSENT = np.full((LANDMARK_COUNT, 3), np.nan)


def minimum_jerk(share: float) -> float:
    """Return the share of a movement from rest to rest (Flash & Hogan, 1985)."""
    return share**3 * (10 - 15 * share + 6 * share**2)


@dataclass(frozen=True)
class Pace:
    """Seconds of each phase of a repetition: out, stay, back and rest."""

    out: float = 1.0
    stay: float = 0.3
    back: float = 1.0
    rest: float = 0.5

    @property
    def seconds(self) -> float:
        return self.out + self.stay + self.back + self.rest

    def effort(self, time_s: float) -> float:
        """Return the effort 0..1 at a time after the repetition began."""
        if time_s < self.out:
            return minimum_jerk(time_s / self.out)
        if time_s < self.out + self.stay:
            return 1.0
        if time_s < self.out + self.stay + self.back:
            return 1 - minimum_jerk((time_s - self.out - self.stay) / self.back)
        return 0.0


def efforts(repetitions: int, pace: Pace, *, before_s: float = 1.0) -> Callable[[float], float]:
    """Return the effort over time of a set that begins after `before_s` of standing still."""

    def effort(time_s: float) -> float:
        number, within = divmod(time_s - before_s, pace.seconds)
        return pace.effort(within) if 0 <= number < repetitions else 0.0

    return effort


def squats(
    repetitions: int = 3,
    pace: Pace | None = None,
    *,
    fps: float = 30.0,
    depth_deg: float = 100.0,
    yaw_deg: float = 90.0,
    knee_share: float = 1.0,
) -> PoseChunk:
    """Film a set of squats, with a second of standing still before and after it."""
    pace = pace or Pace()
    effort = efforts(repetitions, pace)
    times = np.arange(0.0, 2.0 + repetitions * pace.seconds, 1 / fps)
    poses = []
    for time_s in times:
        now = effort(time_s)
        share = 1.0 + (knee_share - 1.0) * now
        posture = squatting(now, depth_deg)
        posture = Posture(posture.knee_flexion, posture.trunk_lean, knee_share=share)
        poses.append(landmarks(posture, yaw_deg))
    return chunk_of([float(t) for t in times], poses)


def cut(chunk: PoseChunk, lengths: Sequence[int]) -> Iterator[PoseChunk]:
    """Split a chunk into pieces of these lengths, and the rest."""
    start = 0
    for length in [*lengths, len(chunk)]:
        end = min(start + length, len(chunk))
        if start < end:
            yield part(chunk, start, end)
        start = end


def part(chunk: PoseChunk, start: int, end: int) -> PoseChunk:
    world = None if chunk.world is None else chunk.world[start:end]
    return PoseChunk(chunk.times_s[start:end], chunk.image[start:end], world, chunk.aspect_ratio)
