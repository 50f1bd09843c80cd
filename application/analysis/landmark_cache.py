"""Landmarks of videos on disk, so that a video is analyzed by the pose model only once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt

from application.analysis.landmark_arrays import DAMAGED_ARRAY, LandmarksInvalid
from application.analysis.video_digest import digest_video
from application.analysis.video_poses import extract_poses
from application.kernel.video import PoseEstimator, VideoDecoder
from domain.motion.landmarks import PoseChunk


@dataclass(frozen=True)
class LandmarkCache:
    """Finds the landmarks of videos, and keeps them in a folder by content and pose model."""

    folder: Path
    decoder: VideoDecoder
    estimator: PoseEstimator

    def landmarks(self, video: Path) -> PoseChunk:
        """Return the landmarks of a video, from the folder if they are there.

        Raises VideoMissing, what `extract_poses` raises, or LandmarksInvalid for a damaged file of
        the folder.
        """
        digest = digest_video(video)
        model = hashlib.sha256(self.estimator.model.encode()).hexdigest()
        path = self.folder / f"{digest[:32]}-{model[:8]}.npz"
        if not path.exists():
            poses = extract_poses(video, self.decoder, self.estimator, _no_progress)
            self.folder.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=self.folder) as unfinished:
                part = Path(unfinished, path.name)
                write_landmarks(part, poses.chunks)
                part.replace(path)
        return read_landmarks(path)


def _no_progress(_: float) -> None:
    """Ignore the progress within one video, which is short."""


def write_landmarks(path: Path, chunks: Sequence[PoseChunk]) -> None:
    """Write the landmarks of a video to a new file; all chunks have world landmarks, or none."""
    worlds = [chunk.world for chunk in chunks if chunk.world is not None]
    arrays: dict[str, npt.NDArray[Any]] = {
        "times_s": np.concatenate([chunk.times_s for chunk in chunks]),
        "image": np.concatenate([chunk.image for chunk in chunks]),
        "aspect_ratio": np.array(chunks[0].aspect_ratio),
    }
    if worlds:
        arrays["world"] = np.concatenate(worlds)
    np.savez_compressed(path, allow_pickle=False, **arrays)


def read_landmarks(path: Path) -> PoseChunk:
    """Read a file with the arrays times_s, image, aspect_ratio and optionally world (`PoseChunk`).

    Raises LandmarksInvalid.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            world = arrays.get("world")
            chunk = PoseChunk(
                np.asarray(arrays["times_s"], np.float64),
                np.asarray(arrays["image"], np.float32),
                None if world is None else np.asarray(world, np.float32),
                float(arrays["aspect_ratio"]),
            )
    except (KeyError, TypeError, *DAMAGED_ARRAY) as unreadable:
        raise LandmarksInvalid(f"{path} is not a file of landmarks.") from unreadable
    if not len(chunk):
        raise LandmarksInvalid(f"{path} has no frame.")
    if not np.isfinite(chunk.times_s).all() or not (np.diff(chunk.times_s) > 0).all():
        raise LandmarksInvalid(f"{path} has times that are not in order.")
    if not 0 < chunk.aspect_ratio < np.inf:
        raise LandmarksInvalid(f"{path} has an impossible aspect ratio.")
    return chunk
