"""Sound for speech recognition: extracted in a child process, in parts that end in pauses."""

import io
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import av
import numpy as np
import pytest

from adapters.content.isolated import IsolatedContentEncoder
from adapters.content.isolated_sound import IsolatedSoundExtractor
from adapters.content.speech_parts import RATE, divide, encode_mp3, write_parts
from adapters.video.limits import VideoLimits
from application.content.encoding import VideoTooLong
from application.kernel.subscription import Stopped
from application.kernel.video import VideoEmpty, VideoUnreadable
from domain.kernel import Rejected
from tests.adapters.content.videos import lesson

EXTRACTOR = IsolatedSoundExtractor(IsolatedContentEncoder())


def seconds_of(mp3: bytes) -> float:
    opened: Any = av.open(io.BytesIO(mp3))
    with opened as file:
        (stream,) = file.streams.audio
        assert (stream.rate, stream.layout.nb_channels) == (RATE, 1)
        return float(sum(frame.samples for frame in file.decode(stream)) / RATE)


def sound_file(path: Path, samples: Any) -> Path:
    """Write an MP4 with sound only, as the encoder stores it."""
    with av.open(str(path), "w", format="mp4") as file:
        stream: Any = file.add_stream("aac", rate=RATE)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="s16p", layout="mono")
        frame.sample_rate, frame.pts = RATE, 0
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def tone(seconds: float) -> Any:
    return (8000 * np.sin(np.arange(round(seconds * RATE)) / 5)).astype(np.int16)


def test_the_sound_of_a_video_is_one_part_if_it_is_short(tmp_path: Path) -> None:
    """R-UIX-07"""
    video = lesson(tmp_path / "video.mp4", seconds=3.0)
    shares: list[float] = []
    with EXTRACTOR.extract(video, 3.0, shares.append) as parts:
        (part,) = parts
        assert len(parts) == 1
    assert part.start_s == 0
    assert part.end_s == pytest.approx(3.0, abs=0.1)
    assert seconds_of(part.content) == pytest.approx(3.0, abs=0.2)
    assert shares
    assert shares == sorted(shares)


def test_a_long_sound_is_divided_in_its_pauses(tmp_path: Path) -> None:
    pause = np.zeros(round(0.6 * RATE), np.int16)
    path = sound_file(tmp_path / "sound.mp4", np.concatenate([tone(7), pause, tone(7)]))
    with path.open("rb") as source, (tmp_path / "parts").open("w+b") as output:
        parts = write_parts(source, VideoLimits(), output.fileno(), lambda _: None, part_s=10)
        stored = (tmp_path / "parts").read_bytes()
    (offset, size, start_s, cut_s), (other, rest, again_s, end_s) = parts
    assert 7.0 < cut_s < 7.6
    assert (start_s, again_s) == (0, cut_s)
    assert end_s == pytest.approx(14.6, abs=0.2)
    assert (offset, other, len(stored)) == (0, size, size + rest)
    assert seconds_of(stored[:size]) == pytest.approx(cut_s, abs=0.2)
    assert seconds_of(stored[size:]) == pytest.approx(end_s - cut_s, abs=0.2)


def test_a_loud_sound_without_pauses_is_divided_all_the_same(tmp_path: Path) -> None:
    path = sound_file(tmp_path / "sound.mp4", tone(12))
    with path.open("rb") as source, (tmp_path / "parts").open("w+b") as output:
        parts = write_parts(source, VideoLimits(), output.fileno(), lambda _: None, part_s=5)
    assert len(parts) >= 3
    assert all(one[3] == other[2] for one, other in pairwise(parts))
    assert max(end_s - start_s for _, _, start_s, end_s in parts) <= 5


class Counted(np.ndarray[Any, np.dtype[np.int16]]):
    """Samples that count how often their number is read."""

    lengths_read: ClassVar[list[int]] = []

    def __len__(self) -> int:
        self.lengths_read.append(1)
        return super().__len__()


def test_the_time_to_divide_a_sound_grows_with_its_length() -> None:
    frames = [np.zeros(160, np.int16).view(Counted) for _ in range(1000)]
    parts = list(divide(frames, part_s=5))
    assert sum(part.size for part in parts) == 160_000
    assert all(0 < part.size <= 5 * RATE for part in parts)
    assert len(Counted.lengths_read) < 3 * len(frames)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [(b"no video at all", VideoUnreadable), (None, VideoEmpty)],
    ids=["no video", "no sound"],
)
def test_what_has_no_sound_is_refused(
    tmp_path: Path, content: bytes | None, refusal: type[Rejected]
) -> None:
    video = tmp_path / "video.mp4"
    if content is None:
        lesson(video, seconds=1.0, volume=None)
    else:
        video.write_bytes(content)
    with pytest.raises(refusal), EXTRACTOR.extract(video, 1.0, lambda _: None):
        pass


def test_a_sound_longer_than_the_limit_is_refused(tmp_path: Path) -> None:
    path = sound_file(tmp_path / "sound.mp4", tone(5))
    limits = VideoLimits(max_length_s=2)
    with path.open("rb") as source, pytest.raises(VideoTooLong):
        write_parts(source, limits, -1, lambda _: None)


def test_extraction_stops_when_progress_does(tmp_path: Path) -> None:
    video = lesson(tmp_path / "video.mp4", seconds=3.0)

    def stop(_share: float) -> None:
        raise Stopped

    with pytest.raises(Stopped), EXTRACTOR.extract(video, 3.0, stop):
        pass


def test_parts_are_mp3_that_others_decode() -> None:
    content = encode_mp3(tone(2))
    assert seconds_of(content) == pytest.approx(2.0, abs=0.2)
    assert len(content) < 2 * RATE
