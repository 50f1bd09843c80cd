"""The pose in an image does not depend on earlier images."""

import numpy as np
from PIL import Image

from adapters.pose.isolated import IsolatedPoseEstimator
from adapters.video.images import JpegPictures
from application.kernel.video import Pose
from tests.live.pictures import jpegs


def looked(estimator: IsolatedPoseEstimator, *numbers: int) -> list[Pose | None]:
    pictures, opener = jpegs(), JpegPictures()
    with estimator.image_detector() as detector:
        return [detector.detect(opener.open(pictures[number])) for number in numbers]


def test_the_poses_of_a_picture_do_not_depend_on_other_pictures(
    estimator: IsolatedPoseEstimator,
) -> None:
    """C-02: a worker that takes over finds the same poses as the one before."""
    before = looked(estimator, 3, 20, 40)
    after = looked(estimator, 40, 20)
    for one, other in zip(before[:0:-1], after, strict=True):
        assert one is not None
        assert other is not None
        assert one.image.tobytes() == other.image.tobytes()
        assert one.world is not None
        assert other.world is not None
        assert one.world.tobytes() == other.world.tobytes()


def test_no_pose_is_found_in_an_empty_room(estimator: IsolatedPoseEstimator) -> None:
    grey = np.asarray(Image.new("RGB", (320, 240), (120, 120, 120)))
    with estimator.image_detector() as detector:
        assert detector.detect(grey) is None
