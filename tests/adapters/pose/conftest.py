import pytest
from platformdirs import user_cache_path

from adapters.pose.mediapipe import MediaPipePoseEstimator
from adapters.pose.model_file import PoseModelSource


@pytest.fixture(scope="session")
def estimator() -> MediaPipePoseEstimator:
    """The real model, built once per machine and kept in the user's cache."""
    estimator = MediaPipePoseEstimator(PoseModelSource(user_cache_path("kinelog")))
    assert estimator.model
    return estimator
