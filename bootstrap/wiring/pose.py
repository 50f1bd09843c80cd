"""Build pose estimation, for videos and for images of live sessions."""

import time
from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager

from adapters.pose.mediapipe import MediaPipePoseEstimator
from adapters.pose.model_file import PoseModelSource
from adapters.video.isolated import IsolatedImages
from application.live.image_analysis import ImageAnalyzer
from bootstrap.settings import Settings
from bootstrap.wiring.video import build_images


def build_pose_estimator(settings: Settings) -> MediaPipePoseEstimator:
    """Build the pose estimator with the configured model, or the built one."""
    model = PoseModelSource(cache=settings.cache, given=settings.pose_model)
    return MediaPipePoseEstimator(model, settings.pose_delegate)


@contextmanager
def build_image_analyzer(
    settings: Settings, images: IsolatedImages | None = None
) -> Generator[ImageAnalyzer]:
    """Build the analyzer of live images. The model is loaded with the first image.

    `images` is shared with others that open images; by default it is the analyzer's own.
    """
    estimator = build_pose_estimator(settings)
    with ExitStack() as opened:
        reader = images or opened.enter_context(build_images())
        analyzer = ImageAnalyzer(estimator, reader, time.monotonic)
        yield opened.enter_context(closing(analyzer))
