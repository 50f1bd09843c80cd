import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from adapters.sample_athlete.athlete import camera, companion_offset, landmarks, pose, truth
from adapters.sample_athlete.movements import MOVEMENTS
from adapters.sample_athlete.performance import Performance
from domain.motion.landmarks import Landmark
from domain.values import Tempo
from tools.film_studio.video import render_frames, render_video, truth_path

SHORT = Performance(
    repetitions=1,
    tempo=Tempo(0.3, 0.1, 0.3, 0.1),
    idle_before_s=0.1,
    idle_after_s=0.1,
    width=192,
    height=144,
    fps=20,
)


def short(**changes: object) -> Performance:
    """Return a video of one second, with some parameters changed."""
    terms = {name: getattr(SHORT, name) for name in SHORT.__dataclass_fields__}
    return Performance(**{**terms, **changes})


def test_a_video_has_the_declared_frames_rate_size_and_codec(tmp_path: Path) -> None:
    render_video(SHORT, tmp_path / "squat.mp4")
    with av.open(str(tmp_path / "squat.mp4")) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert stream.average_rate == 20
        frames = list(container.decode(stream))
    assert len(frames) == SHORT.frames == 20
    assert {(frame.width, frame.height) for frame in frames} == {(192, 144)}
    assert [frame.time for frame in frames] == pytest.approx(np.arange(20) / 20)
    assert frames[0].time_base is not None
    assert Fraction(1, 20) % frames[0].time_base == 0


def test_a_video_can_be_played_while_it_loads(tmp_path: Path) -> None:
    render_video(SHORT, tmp_path / "squat.mp4")
    content = (tmp_path / "squat.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_the_ground_truth_is_written_beside_the_video(tmp_path: Path) -> None:
    result = render_video(SHORT, tmp_path / "squat.mp4")
    assert result == truth(SHORT)
    written = json.loads(truth_path(tmp_path / "squat.mp4").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(result.as_json()))
    assert written["repetitions"][0]["range_of_motion_deg"] == 100.0


def test_progress_is_reported_for_each_frame(tmp_path: Path) -> None:
    result: list[tuple[int, int]] = []
    render_video(SHORT, tmp_path / "squat.mp4", lambda done, of: result.append((done, of)))
    assert result == [(done, 20) for done in range(1, 21)]


def test_an_unfinished_video_leaves_no_file(tmp_path: Path) -> None:
    def stop(done: int, of: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render_video(SHORT, tmp_path / "squat.mp4", stop)
    assert list(tmp_path.iterdir()) == []


def test_the_same_performance_gives_the_same_pictures() -> None:
    noisy = short(image_noise=8.0, seed=3)
    for one, other in zip(render_frames(noisy), render_frames(noisy), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("exercise", MOVEMENTS)
def test_the_athlete_is_painted_where_its_landmarks_are(exercise: str) -> None:
    performance = short(exercise=exercise)
    empty = next(render_frames(short(exercise=exercise, people=0)))
    chunk = landmarks(performance)
    for frame, image in enumerate(render_frames(performance)):
        for mark in (Landmark.NOSE, Landmark.LEFT_KNEE, Landmark.LEFT_WRIST):
            x, y = (chunk.image[frame, mark, :2] * [192, 144]).astype(int)
            difference = image[y, x].astype(int) - empty[y, x].astype(int)
            assert int(np.abs(difference).max()) > 15, (frame, mark.name)


def test_an_empty_room_is_still() -> None:
    first, *others = render_frames(short(people=0))
    assert all(np.array_equal(first, other) for other in others)


def test_a_second_person_stands_beside_the_athlete() -> None:
    two = short(people=2)
    image = next(render_frames(two))
    athlete = pose(two, np.zeros(1)).points[0, Landmark.LEFT_KNEE]
    for person in (athlete, athlete + companion_offset(two)):
        x, y, _ = camera(two).seen(person).astype(int)
        blue, _, red = image[y, x].tolist()
        assert red - blue > 65  # bare skin; wall, floor and clothes are less red


def test_image_noise_has_the_requested_strength() -> None:
    clean = next(render_frames(short(people=0))).astype(float)
    noisy = next(render_frames(short(people=0, image_noise=6.0))).astype(float)
    assert (noisy - clean).std() == pytest.approx(6.0, rel=0.05)


def test_a_long_video_rendered_in_batches_is_continuous() -> None:
    still = short(repetitions=0, idle_before_s=16.0, idle_after_s=0.0, width=64, height=64)
    images = list(render_frames(still))
    assert len(images) == 320
    assert np.array_equal(images[299], images[300])


def test_a_video_that_cannot_be_written_raises_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        render_video(SHORT, tmp_path / "nowhere" / "squat.mp4")
