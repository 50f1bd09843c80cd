from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from adapters.video import overlay
from adapters.video.decoder import PyAvDecoder
from adapters.video.overlay import (
    LEFT_COLOUR,
    RIGHT_COLOUR,
    PyAvOverlaySink,
    draw_caption,
    draw_skeleton,
)
from application.kernel.video import (
    OverlayCaption,
    Pose,
    VideoEmpty,
    VideoFrame,
    VideoShape,
    VideoUnwritable,
)
from domain.motion.landmarks import LANDMARK_COUNT, Floats, Landmark

SHAPE = VideoShape(width=200, height=160, fps=25.0, frame_count=None, duration_s=None)
CAPTION = OverlayCaption(count=3, phase="lowering", cue="Keep knees aligned", form=0.9)
LEFT_ARM = (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW)
RIGHT_ARM = (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW)


def frame(number: int = 0, width: int = 200, height: int = 160) -> VideoFrame:
    return VideoFrame(number / 25, np.full((height, width, 3), 128, np.uint8))


def pose_of_arms(visibility: float = 1.0) -> Pose:
    """Return a pose with the left arm at a quarter of the width, the right at three quarters."""
    image: Floats = np.zeros((LANDMARK_COUNT, 4), np.float32)
    for arm, x in ((LEFT_ARM, 0.25), (RIGHT_ARM, 0.75)):
        image[arm[0]] = (x, 0.2, 0, visibility)
        image[arm[1]] = (x, 0.8, 0, visibility)
    return Pose(image, np.zeros((LANDMARK_COUNT, 3), np.float32))


def write(path: Path, frames: Iterable[VideoFrame]) -> None:
    with PyAvOverlaySink().open(path, SHAPE) as written:
        for shown in frames:
            written.write(shown, pose_of_arms(), CAPTION)


def times(path: Path) -> list[float]:
    with PyAvDecoder().open(path) as video:
        return [shown.time_s for shown in video.frames()]


def test_every_frame_is_written_at_its_time(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4", [frame(number) for number in range(20)])
    assert times(tmp_path / "a.mp4") == pytest.approx([number / 25 for number in range(20)])


def test_uneven_times_are_kept(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4", [frame(number) for number in (0, 1, 5, 6, 30)])
    assert times(tmp_path / "a.mp4") == pytest.approx([0, 0.04, 0.2, 0.24, 1.2])


def test_a_picture_of_odd_size_loses_a_row_and_a_column(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4", [frame(number, 201, 161) for number in range(5)])
    with PyAvDecoder().open(tmp_path / "a.mp4") as video:
        assert (video.shape.width, video.shape.height) == (200, 160)


def test_drawing_does_not_change_the_frame(tmp_path: Path) -> None:
    shown = frame()
    write(tmp_path / "a.mp4", [shown])
    assert (shown.rgb == 128).all()


def test_a_finished_video_is_the_only_file(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4", [frame(number) for number in range(5)])
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def test_an_error_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken() -> Iterator[VideoFrame]:
        yield frame()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write(tmp_path / "a.mp4", broken())
    assert not list(tmp_path.iterdir())


def test_an_error_keeps_the_previous_video(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"last time")
    with pytest.raises(VideoEmpty):
        write(tmp_path / "a.mp4", [])
    assert (tmp_path / "a.mp4").read_bytes() == b"last time"


def test_a_video_without_frames_is_empty(tmp_path: Path) -> None:
    with pytest.raises(VideoEmpty):
        write(tmp_path / "a.mp4", [])
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_cannot_be_written_to(tmp_path: Path) -> None:
    with pytest.raises(VideoUnwritable):
        write(tmp_path / "nowhere" / "a.mp4", [frame()])


def test_a_folder_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").mkdir()
    with pytest.raises(VideoUnwritable):
        write(tmp_path / "a.mp4", [frame()])
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def test_a_full_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlay, "_beside", lambda _: _full_disk(tmp_path))
    with pytest.raises(VideoUnwritable):
        write(tmp_path / "a.mp4", [frame(number) for number in range(5)])
    assert not list(tmp_path.iterdir())


def _full_disk(folder: Path) -> Path:
    path = folder / "temporary.mp4"
    path.symlink_to("/dev/full")
    return path


def test_left_limbs_and_right_limbs_have_their_colours() -> None:
    picture = frame().rgb
    draw_skeleton(picture, pose_of_arms())
    assert tuple(picture[80, 50]) == LEFT_COLOUR
    assert tuple(picture[80, 150]) == RIGHT_COLOUR


@pytest.mark.parametrize("visibility", [0.2, np.nan])
def test_unseen_landmarks_are_not_drawn(visibility: float) -> None:
    picture = frame().rgb
    draw_skeleton(picture, pose_of_arms(visibility))
    assert (picture == 128).all()


def test_limbs_outside_the_picture_are_cut_at_its_border() -> None:
    picture = frame().rgb
    pose = pose_of_arms()
    pose.image[LEFT_ARM[0], :2] = (-3, -2)
    pose.image[list(RIGHT_ARM), :2] += 5
    draw_skeleton(picture, pose)
    assert (picture[80:, :55] != 128).any()
    assert (picture[:, 160:] == 128).all()


def test_the_counter_stands_at_the_top_and_the_cue_at_the_bottom() -> None:
    picture = frame().rgb
    draw_caption(picture, CAPTION)
    assert (picture[:70, :60] != 128).any()
    assert (picture[140:, 60:140] != 128).any()
    assert (picture[:100, 120:] == 128).all()


def test_without_a_cue_the_bottom_is_free() -> None:
    picture = frame().rgb
    draw_caption(picture, OverlayCaption(count=0, phase="rest"))
    assert (picture[100:] == 128).all()


def test_a_long_cue_stays_within_the_picture() -> None:
    picture = frame().rgb
    draw_caption(picture, OverlayCaption(count=0, phase="", cue="Push the floor away evenly " * 4))
    assert (picture[:, :5] == 128).all()
    assert (picture[:, -5:] == 128).all()
