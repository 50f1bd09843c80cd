from collections.abc import Iterator

import pytest
from platformdirs import user_cache_path

from adapters.pose.isolated import IsolatedPoseEstimator, SinglePoseEstimator
from adapters.pose.model_file import PoseModelSource
from adapters.pose.movenet_model import MOVENET


@pytest.fixture(scope="session")
def estimator() -> Iterator[IsolatedPoseEstimator]:
    """The real model, built once per machine and kept in the user's cache."""
    estimator = IsolatedPoseEstimator(PoseModelSource(user_cache_path("kinelog")))
    assert estimator.model
    yield estimator
    estimator.close()


@pytest.fixture(scope="session")
def movenet(estimator: IsolatedPoseEstimator) -> Iterator[SinglePoseEstimator]:
    """The same of MoveNet."""
    source = PoseModelSource(user_cache_path("kinelog"), recipe=MOVENET)
    movenet = SinglePoseEstimator(source, estimator)
    assert movenet.model
    yield movenet
    movenet.close()
