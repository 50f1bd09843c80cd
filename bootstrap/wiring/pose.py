"""Build pose estimation, for videos and for images of live sessions."""

import time
from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager

from adapters.pose.isolated import IsolatedPoseEstimator
from adapters.pose.model_file import PoseModelSource
from adapters.video.isolated import IsolatedImages
from application.live.image_analysis import ImageAnalyzer
from bootstrap.settings import Settings
from bootstrap.wiring.video import build_images


@contextmanager
def build_pose_estimator(settings: Settings) -> Generator[IsolatedPoseEstimator]:
    """Build the pose estimator with the configured model, or the built one.

    Its processes end with the block.
    """
    model = PoseModelSource(cache=settings.cache, given=settings.pose_model)
    with closing(IsolatedPoseEstimator(model, settings.pose_delegate)) as estimator:
        yield estimator


@contextmanager
def build_image_analyzer(
    settings: Settings, images: IsolatedImages | None = None
) -> Generator[ImageAnalyzer]:
    """Build the analyzer of live images. The model is loaded with the first image.

    `images` is shared with others that open images; by default it is the analyzer's own.
    """
    with ExitStack() as opened:
        estimator = opened.enter_context(build_pose_estimator(settings))
        reader = images or opened.enter_context(build_images())
        analyzer = ImageAnalyzer(estimator, reader, time.monotonic)
        yield opened.enter_context(closing(analyzer))
