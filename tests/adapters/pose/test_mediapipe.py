import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from platformdirs import user_cache_path

from adapters.pose import isolated
from adapters.pose.isolated import (
    IsolatedPoseEstimator,
    PoseChild,
)
from adapters.pose.mediapipe import Delegate, MediaPipePoseEstimator
from adapters.pose.model_file import MODEL_FILE, PoseModelSource, PoseModelUnavailable
from adapters.sample_athlete.performance import Performance
from adapters.video import child_process
from application.kernel.video import (
    Pose,
    PoseDetectionFailed,
    PoseDetectorUnavailable,
    VideoFrame,
)
from domain.motion.landmarks import Landmark
from tools.film_studio.video import render_frames


@cache
def frames(people: int) -> tuple[VideoFrame, ...]:
    """Return the first second and a half of a squat filmed from the front."""
    performance = Performance(exercise="squat", repetitions=1, people=people, azimuth_deg=0)
    images = zip(render_frames(performance), range(45), strict=False)
    return tuple(VideoFrame(n / 30, np.flip(image, axis=2)) for image, n in images)


def track(estimator: IsolatedPoseEstimator, shown: tuple[VideoFrame, ...]) -> list[Pose | None]:
    with estimator.tracker() as tracker:
        return [tracker.track(frame) for frame in shown]


def test_a_count_names_the_model_and_its_content(estimator: IsolatedPoseEstimator) -> None:
    """R-POS-01."""
    assert estimator.model == "mediapipe-pose-landmarker-full/8c531780889d"


def test_an_athlete_is_found_in_every_frame(estimator: IsolatedPoseEstimator) -> None:
    """R-POS-01, R-POS-12."""
    poses = track(estimator, frames(1))
    for pose in poses:
        assert pose is not None
        assert pose.world is not None
        assert (pose.image.shape, pose.world.shape) == ((33, 4), (33, 3))
        assert pose.image.dtype == pose.world.dtype == np.dtype(np.float32)


def test_an_athlete_stands_upright_and_faces_the_camera(
    estimator: IsolatedPoseEstimator,
) -> None:
    pose = track(estimator, frames(1)[:5])[-1]
    assert pose is not None
    x, y = pose.image[:, 0], pose.image[:, 1]
    assert y[Landmark.NOSE] < y[Landmark.LEFT_HIP] < y[Landmark.LEFT_KNEE]
    assert y[Landmark.LEFT_KNEE] < y[Landmark.LEFT_ANKLE]
    assert x[Landmark.RIGHT_SHOULDER] < x[Landmark.LEFT_SHOULDER]
    assert (pose.image[:, 3] > 0.5).mean() > 0.9


def test_world_landmarks_are_metres_from_between_the_hips(
    estimator: IsolatedPoseEstimator,
) -> None:
    pose = track(estimator, frames(1)[:5])[-1]
    assert pose is not None
    assert pose.world is not None
    hips = pose.world[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]]
    assert np.abs(hips.mean(axis=0)).max() < 0.05
    assert 1.0 < np.ptp(pose.world[:, 1]) < 2.0


def test_an_empty_room_has_no_pose(estimator: IsolatedPoseEstimator) -> None:
    assert track(estimator, frames(0)[:5]) == [None] * 5


def test_frames_within_one_millisecond_are_still_in_order(
    estimator: IsolatedPoseEstimator,
) -> None:
    times = (0.0, 0.0001, 0.0002, 0.0004, 0.033)
    hurried = (VideoFrame(t, frame.rgb) for t, frame in zip(times, frames(1), strict=False))
    assert all(track(estimator, tuple(hurried)))


def test_a_picture_is_read_as_it_is_whatever_its_memory_layout(
    estimator: IsolatedPoseEstimator,
) -> None:
    frame = frames(1)[0]
    apart = np.concatenate([frame.rgb, np.zeros_like(frame.rgb)], axis=1)[:, : frame.rgb.shape[1]]
    assert not apart.flags.c_contiguous
    strided, plain = (
        track(estimator, (VideoFrame(0, picture),))[0] for picture in (apart, frame.rgb)
    )
    assert strided is not None
    assert plain is not None
    assert (strided.image == plain.image).all()


def test_every_tracker_starts_from_nothing(estimator: IsolatedPoseEstimator) -> None:
    first, again = (track(estimator, frames(1)[:3]) for _ in range(2))
    for one, other in zip(first, again, strict=True):
        assert one is not None
        assert other is not None
        assert (one.image == other.image).all()


@pytest.mark.parametrize("people", [0, 1, 2])
def test_people_are_counted(estimator: IsolatedPoseEstimator, people: int) -> None:
    assert list(estimator.people(frames(people)[::15])) == [people] * 3


def test_two_athletes_in_a_wide_picture_are_two(estimator: IsolatedPoseEstimator) -> None:
    wide = (VideoFrame(0, np.hstack([frame.rgb, frame.rgb])) for frame in frames(1)[::15])
    assert list(estimator.people(wide)) == [2, 2, 2]


def test_counting_people_can_stop_early(estimator: IsolatedPoseEstimator) -> None:
    request = 0

    def shown() -> Iterator[VideoFrame]:
        nonlocal request
        for frame in frames(1):
            request += 1
            yield frame

    assert next(iter(estimator.people(shown()))) == 1
    assert request == 1


def test_a_file_that_is_not_a_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.task").write_bytes(b"no model")
    broken = IsolatedPoseEstimator(PoseModelSource(tmp_path, tmp_path / "a.task"))
    with (
        pytest.raises(PoseModelUnavailable, match="is not a pose landmarker model"),
        broken.tracker(),
    ):
        pass


PROGRAM = """
import sys
from contextlib import closing
from pathlib import Path

import numpy as np

from adapters.pose.isolated import IsolatedPoseEstimator
from adapters.pose.model_file import PoseModelSource
from application.kernel.video import VideoFrame

with (
    closing(IsolatedPoseEstimator(PoseModelSource(Path(sys.argv[1])))) as estimator,
    estimator.tracker() as tracker,
):
    for number in range(3):
        tracker.track(VideoFrame(number / 30, np.load(sys.argv[2])))
assert "mediapipe" not in sys.modules
"""


def test_mediapipe_runs_in_a_child_only_and_prints_nothing(
    estimator: IsolatedPoseEstimator, tmp_path: Path
) -> None:
    np.save(tmp_path / "picture.npy", frames(1)[0].rgb)
    arguments = [str(user_cache_path("kinelog")), str(tmp_path / "picture.npy")]
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


WITH_GPU = """
import sys
import numpy as np
from pathlib import Path
from adapters.pose.isolated import IsolatedPoseEstimator
from adapters.pose.model_file import PoseModelSource
from application.kernel.video import VideoFrame

source = PoseModelSource(cache=Path(sys.argv[1]))
shown = [VideoFrame(n / 30, image) for n, image in enumerate(np.load(sys.argv[2]))]
with IsolatedPoseEstimator(source, "gpu").tracker() as tracker:
    print(sum(tracker.track(frame) is not None for frame in shown))
"""


def test_a_gpu_is_used_if_available(estimator: IsolatedPoseEstimator, tmp_path: Path) -> None:
    """R-POS-10: in its own process, because a GPU driver may change its process."""
    assert estimator.model
    pictures = tmp_path / "pictures.npy"
    np.save(pictures, np.stack([frame.rgb for frame in frames(1)[:5]]))
    arguments = [sys.executable, "-c", WITH_GPU, str(user_cache_path("kinelog")), str(pictures)]
    ran = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert ran.stdout.splitlines()[-1:] == ["5"], ran.stderr


@pytest.mark.parametrize(("delegate", "used"), [("gpu", ["gpu", "cpu"]), ("cpu", ["cpu"])])
def test_the_cpu_replaces_a_gpu_that_does_not_work(
    monkeypatch: pytest.MonkeyPatch, delegate: Delegate, used: list[str]
) -> None:
    """R-POS-10: and an operator may choose the CPU."""
    loaded: list[str] = []
    network = nullcontext()

    def load(_: object, _mode: str, _people: int, where: str) -> AbstractContextManager[None]:
        loaded.append(where)
        if where == "gpu":
            raise PoseModelUnavailable
        return network

    monkeypatch.setattr(MediaPipePoseEstimator, "_made", load)
    estimator = MediaPipePoseEstimator(PoseModelSource(Path(user_cache_path("kinelog"))), delegate)
    with estimator.tracker() as tracker:
        assert tracker._landmarker is network
    assert loaded == used


def test_a_child_serves_one_tracker_after_the_other(estimator: IsolatedPoseEstimator) -> None:
    """Loading the model takes a second; what a child has seen is forgotten in between."""
    estimator.close()
    first = track(estimator, frames(1)[:3])
    (child,) = estimator._idle
    assert [each is not None for each in first] == [True] * 3
    again = track(estimator, frames(1)[:3])
    assert estimator._idle == [child]
    for one, other in zip(first, again, strict=True):
        assert one is not None
        assert other is not None
        assert np.array_equal(one.image, other.image)


@pytest.mark.slow
def test_a_killed_child_fails_its_tracker_only(estimator: IsolatedPoseEstimator) -> None:
    """R-EVT-19"""
    estimator.close()
    (frame,) = frames(1)[:1]
    with pytest.raises(PoseDetectionFailed):
        list(poses_until_killed(estimator, frame))
    assert track(estimator, (frame,))[0] is not None
    kill(estimator._idle[0])
    assert track(estimator, (frame,))[0] is not None


def poses_until_killed(
    estimator: IsolatedPoseEstimator, frame: VideoFrame
) -> Iterator[Pose | None]:
    with estimator.tracker() as tracker:
        yield tracker.track(frame)
        kill(tracker._child)
        yield tracker.track(VideoFrame(1.0, frame.rgb))


def test_an_image_is_looked_at_again_if_its_child_was_killed(
    estimator: IsolatedPoseEstimator,
) -> None:
    """R-EVT-19: such as by the system, for memory."""
    frame = frames(1)[0]
    with estimator.image_detector() as detector:
        before = detector.detect(frame.rgb)
        kill(detector.child)
        after = detector.detect(frame.rgb)
    assert before is not None
    assert after is not None
    assert np.array_equal(before.image, after.image)


def test_a_child_that_refuses_to_open_is_ended(
    estimator: IsolatedPoseEstimator, monkeypatch: pytest.MonkeyPatch
) -> None:
    track(estimator, frames(1)[:1])
    child = estimator._idle[-1]

    def refuse(self: object, purpose: object) -> None:
        raise PoseModelUnavailable

    with monkeypatch.context() as patched:
        patched.setattr(isolated.PoseChild, "open", refuse)
        with pytest.raises(PoseModelUnavailable), estimator.tracker():
            pass
    assert child not in estimator._idle
    assert not child._process.is_running


@pytest.mark.slow
def test_a_stalled_child_fails_its_video_and_is_not_used_again(
    estimator: IsolatedPoseEstimator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-19"""
    estimator.close()
    frame = frames(1)[0]
    with estimator.tracker() as tracker:
        process: Any = tracker._child._process
        os.kill(process._process.pid, signal.SIGSTOP)
        with monkeypatch.context() as patched:
            patched.setattr(isolated, "PATIENCE_S", 0.1)
            with pytest.raises(PoseDetectionFailed):
                tracker.track(frame)
    assert estimator._idle == []
    assert track(estimator, (frame,))[0] is not None


def test_a_child_that_cannot_start_is_no_fault_of_the_image(
    estimator: IsolatedPoseEstimator, monkeypatch: pytest.MonkeyPatch
) -> None:
    estimator.close()
    monkeypatch.setattr(child_process, "_command", lambda _: ["/bin/true"])
    with pytest.raises(PoseDetectorUnavailable), estimator.image_detector():
        pass


def test_the_model_may_be_given_by_a_relative_path(
    estimator: IsolatedPoseEstimator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert estimator.model
    (tmp_path / "a.task").symlink_to(user_cache_path("kinelog") / MODEL_FILE)
    monkeypatch.chdir(tmp_path)
    with (
        closing(IsolatedPoseEstimator(PoseModelSource(tmp_path, Path("a.task")))) as given,
        given.image_detector() as detector,
    ):
        assert detector.detect(frames(1)[0].rgb) is not None


def kill(child: PoseChild) -> None:
    process: Any = child._process
    process._process.kill()
    process._process.wait()
