from collections.abc import Iterator

import pytest
from platformdirs import user_cache_path

from adapters.pose.isolated import IsolatedPoseEstimator
from adapters.pose.model_file import PoseModelSource


@pytest.fixture(scope="session")
def estimator() -> Iterator[IsolatedPoseEstimator]:
    """The real model, built once per machine and kept in the user's cache."""
    estimator = IsolatedPoseEstimator(PoseModelSource(user_cache_path("kinelog")))
    assert estimator.model
    yield estimator
    estimator.close()
