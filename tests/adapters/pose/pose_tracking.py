"""Landmarks that the real pose model finds in drawn videos."""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from adapters.pose.isolated import IsolatedPoseEstimator
from adapters.sample_athlete.performance import Performance
from application.kernel.video import VideoFrame
from domain.motion.landmarks import LANDMARK_COUNT, PoseChunk
from tools.film_studio.video import render_frames

FPS = 10
Picture = npt.NDArray[np.uint8]


def shown(performance: Performance) -> list[Picture]:
    """Return the pictures of a video as RGB."""
    return [np.ascontiguousarray(picture[:, :, ::-1]) for picture in render_frames(performance)]


def landmarks(estimator: IsolatedPoseEstimator, video: Iterable[Picture]) -> PoseChunk:
    def followed() -> Iterator[tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]:
        nobody = np.full((LANDMARK_COUNT, 4), np.nan, np.float32)
        with estimator.tracker() as tracker:
            for number, picture in enumerate(video):
                pose = tracker.track(VideoFrame(number / FPS, picture))
                if pose is None:
                    yield nobody, nobody[:, :3]
                else:
                    assert pose.world is not None
                    yield pose.image, pose.world

    image, world = (np.array(points) for points in zip(*followed(), strict=True))
    return PoseChunk(np.arange(len(image)) / FPS, image, world, 4 / 3)
