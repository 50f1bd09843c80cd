"""Build pose estimation, for videos and for images of live sessions."""

import time
from collections.abc import Generator
from contextlib import closing, contextmanager

from adapters.pose.mediapipe import MediaPipePoseEstimator
from adapters.pose.model_file import PoseModelSource
from adapters.video.lazy import LazyImages
from application.live.image_analysis import ImageAnalyzer
from bootstrap.settings import Settings


def build_pose_estimator(settings: Settings) -> MediaPipePoseEstimator:
    """Build the pose estimator with the configured model, or the built one."""
    model = PoseModelSource(cache=settings.cache, given=settings.pose_model)
    return MediaPipePoseEstimator(model, settings.pose_delegate)


@contextmanager
def build_image_analyzer(settings: Settings) -> Generator[ImageAnalyzer]:
    """Build the analyzer of live images. The model is loaded with the first image."""
    with closing(
        ImageAnalyzer(build_pose_estimator(settings), LazyImages(), time.monotonic)
    ) as analyzer:
        yield analyzer
