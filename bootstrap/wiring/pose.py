"""Build pose estimation, for videos and for images of live sessions."""

import time
from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager

from adapters.pose.isolated import IsolatedPoseEstimator, SinglePoseEstimator
from adapters.pose.model_choice import find_model, find_model_of_pages
from adapters.video.isolated import IsolatedImages
from application.live.image_analysis import ImageAnalyzer
from bootstrap.settings import Settings
from bootstrap.wiring.video import build_images


@contextmanager
def build_pose_estimator(settings: Settings) -> Generator[IsolatedPoseEstimator]:
    """Build the pose estimator with the configured model, or the built one.

    Its processes end with the block.
    """
    with closing(_estimator(settings)) as estimator:
        yield estimator


def _estimator(settings: Settings) -> IsolatedPoseEstimator:
    """Build the estimator; BlazePose counts the people for a model that finds only one."""
    model = find_model(settings.cache, settings.pose_model)
    of_pages = find_model_of_pages(settings.cache, settings.pose_model)
    blazepose = IsolatedPoseEstimator(of_pages, settings.pose_delegate)
    return blazepose if model == of_pages else SinglePoseEstimator(model, blazepose)


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
