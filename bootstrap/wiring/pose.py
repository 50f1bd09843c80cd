"""Pictures of live sessions are looked at in the process that folds their landmarks."""

import time
from collections.abc import Generator
from contextlib import closing, contextmanager

from adapters.pose.mediapipe import MediaPipePoseEstimator
from adapters.pose.model_file import PoseModelSource
from adapters.video.lazy import LazyImages
from application.live.image_analysis import ImageAnalyzer
from bootstrap.settings import Settings


def build_pose_estimator(settings: Settings) -> MediaPipePoseEstimator:
    """Find poses with the model that is set, or the one that is built."""
    model = PoseModelSource(cache=settings.cache, given=settings.pose_model)
    return MediaPipePoseEstimator(model, settings.pose_delegate)


@contextmanager
def build_image_analyzer(settings: Settings) -> Generator[ImageAnalyzer]:
    """Look at pictures; the model is loaded when the first one comes."""
    with closing(
        ImageAnalyzer(build_pose_estimator(settings), LazyImages(), time.monotonic)
    ) as desk:
        yield desk
