import pytest
from platformdirs import user_cache_path

from adapters.mediapipe.estimator import MediaPipePoseEstimator
from adapters.mediapipe.model import PoseModelSource


@pytest.fixture(scope="session")
def estimator() -> MediaPipePoseEstimator:
    """The real model, built once on this machine and kept in the user's cache."""
    estimator = MediaPipePoseEstimator(PoseModelSource(user_cache_path("kinelog")))
    assert estimator.model
    return estimator
