import json

import numpy as np
import pytest

from domain.ids import RecordingId
from domain.motion.landmarks import LANDMARK_COUNT, PoseChunk
from projections.recording_chunk import RecordingChunk
from projections.session_frame import frames_of

ROW = RecordingChunk("r1/0000000030", RecordingId("r1"), 30, 3, 1000, 1100, "ab" * 32)


def chunk(frames: int = 3, *, world: bool = True) -> PoseChunk:
    image = np.full((frames, LANDMARK_COUNT, 4), 0.5, dtype=np.float32)
    image[1] = np.nan  # no person in the second frame
    image[2, 5, 0] = np.nan  # a point without x in the third
    metres = np.full((frames, LANDMARK_COUNT, 3), 0.25, dtype=np.float32)
    times = 1.0 + np.arange(frames) / 32
    return PoseChunk(times, image, metres if world else None)


def test_frames_have_the_named_fields() -> None:
    """R-RPL-08, R-DAT-04, C-47"""
    first, second, third = frames_of(ROW, chunk())
    assert [frame.id for frame in (first, second, third)] == [31, 32, 33]
    assert [frame.frame_number for frame in (first, second, third)] == [30, 31, 32]
    assert {frame.session_id for frame in (first, second, third)} == {"r1"}
    assert [frame.timestamp for frame in (first, second)] == [1.0, 1.03125]
    assert first.image_path is None


def test_a_pose_is_33_landmarks_in_the_frame_and_in_metres() -> None:
    pose = frames_of(ROW, chunk())[0].pose_data
    assert pose is not None
    assert pose["landmarks"] == [{"x": 0.5, "y": 0.5, "z": 0.5, "visibility": 0.5}] * 33
    assert pose["world_landmarks"] == [{"x": 0.25, "y": 0.25, "z": 0.25}] * 33


def test_unseen_values_are_null() -> None:
    """R-RPL-08: `pose_data` is JSON, which has no NaN."""
    _, nobody, partly = frames_of(ROW, chunk())
    assert nobody.pose_data is None
    assert partly.pose_data is not None
    landmarks = partly.pose_data["landmarks"]
    assert landmarks is not None
    assert landmarks[5] == {"x": None, "y": 0.5, "z": 0.5, "visibility": 0.5}
    json.dumps(partly.pose_data, allow_nan=False)


def test_a_frame_without_metric_landmarks_has_none() -> None:
    pose = frames_of(ROW, chunk(world=False))[0].pose_data
    assert pose is not None
    assert pose["world_landmarks"] is None


def test_a_chunk_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="4 frames"):
        frames_of(ROW, chunk(4))
