from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from adapters.video.decoder import PyAvDecoder
from adapters.video.isolated import IsolatedDecoder
from application.kernel.video import (
    VideoDecoder,
    VideoEmpty,
    VideoFrame,
    VideoMissing,
    VideoShape,
    VideoTruncated,
    VideoUnreadable,
)
from tests.adapters.video.encoding import (
    CLOCKWISE_QUARTER,
    MIRROR,
    UPRIGHT_MIRROR,
    cut,
    gradient,
    record_sound,
    write_video,
)

DECODERS: dict[str, VideoDecoder] = {"in process": PyAvDecoder(), "isolated": IsolatedDecoder()}


@pytest.fixture(params=DECODERS)
def decoder(request: pytest.FixtureRequest) -> VideoDecoder:
    return DECODERS[request.param]


def watch(decoder: VideoDecoder, path: Path) -> tuple[VideoShape, list[VideoFrame]]:
    with decoder.open(path) as video:
        return video.shape, list(video.frames())


def test_every_frame_comes_in_order_with_its_time(decoder: VideoDecoder, tmp_path: Path) -> None:
    _, frames = watch(decoder, write_video(tmp_path / "a.mp4", frames=30))
    assert [frame.time_s for frame in frames] == pytest.approx([n / 25 for n in range(30)])


def test_a_frame_shows_what_was_filmed(decoder: VideoDecoder, tmp_path: Path) -> None:
    _, frames = watch(decoder, write_video(tmp_path / "a.mp4"))
    filmed = gradient(7, 160, 120)
    assert frames[7].rgb.shape == (120, 160, 3)
    assert frames[7].rgb.dtype == np.uint8
    assert frames[7].rgb.flags.c_contiguous
    assert np.abs(frames[7].rgb.astype(int) - filmed.astype(int)).mean() < 8


def test_the_shape_says_size_rate_and_length(decoder: VideoDecoder, tmp_path: Path) -> None:
    shape, _ = watch(decoder, write_video(tmp_path / "a.mp4", frames=50))
    assert shape == VideoShape(160, 120, 25.0, 50, 2.0, "video/mp4")


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_sound_may_be_longer_than_the_pictures(
    decoder: VideoDecoder, tmp_path: Path, name: str
) -> None:
    shape, frames = watch(decoder, write_video(tmp_path / name, frames=50, sound_s=10))
    assert (shape.duration_s, len(frames)) == (2.0, 50)


def test_a_video_is_read_once(decoder: VideoDecoder, tmp_path: Path) -> None:
    with decoder.open(write_video(tmp_path / "a.mp4", frames=10)) as video:
        assert len(list(video.frames())) == 10
        assert not list(video.frames())


def test_a_video_filmed_with_an_upright_phone_stands_upright(
    decoder: VideoDecoder, tmp_path: Path
) -> None:
    shape, frames = watch(
        decoder, write_video(tmp_path / "a.mp4", display_matrix=CLOCKWISE_QUARTER)
    )
    red, green = frames[0].rgb[:, 90, 0].mean(), frames[0].rgb[:, 90, 1].mean()
    assert (shape.width, shape.height) == (120, 160)
    assert frames[0].rgb.shape == (160, 120, 3)
    assert red > 180  # the upper half as stored is the right half as shown
    assert green < 60


def test_a_mirrored_video_stands_upright(decoder: VideoDecoder, tmp_path: Path) -> None:
    """R-POS-01: front cameras film like a mirror."""
    _, (frame,) = watch(decoder, write_video(tmp_path / "a.mp4", frames=1, display_matrix=MIRROR))
    shown = gradient(0, 160, 120)[:, ::-1]
    assert np.abs(frame.rgb.astype(int) - shown.astype(int)).mean() < 8


def test_a_mirrored_video_of_an_upright_phone_stands_upright(
    decoder: VideoDecoder, tmp_path: Path
) -> None:
    """R-POS-01"""
    path = write_video(tmp_path / "a.mp4", frames=1, display_matrix=UPRIGHT_MIRROR)
    shape, (frame,) = watch(decoder, path)
    shown = gradient(0, 160, 120).transpose(1, 0, 2)
    assert (shape.width, shape.height) == (120, 160)
    assert np.abs(frame.rgb.astype(int) - shown.astype(int)).mean() < 8


def test_frames_keep_the_uneven_times_of_a_phone(decoder: VideoDecoder, tmp_path: Path) -> None:
    stamps = [0, 33, 70, 71, 150, 900, 933]
    _, frames = watch(decoder, write_video(tmp_path / "a.mp4", frames=7, stamps_ms=stamps))
    assert [frame.time_s for frame in frames] == pytest.approx([stamp / 1000 for stamp in stamps])


def test_time_begins_with_the_first_frame(decoder: VideoDecoder, tmp_path: Path) -> None:
    stamps = [5000 + 40 * number for number in range(10)]
    _, frames = watch(decoder, write_video(tmp_path / "a.mp4", frames=10, stamps_ms=stamps))
    assert [frames[0].time_s, frames[9].time_s] == pytest.approx([0, 0.36])


def test_large_pictures_are_made_smaller_and_the_shape_stays(
    decoder: VideoDecoder, tmp_path: Path
) -> None:
    path = write_video(tmp_path / "a.mp4", frames=3, size=(1920, 1080))
    shape, frames = watch(decoder, path)
    assert (shape.width, shape.height) == (1920, 1080)
    assert frames[0].rgb.shape == (720, 1280, 3)


def test_pixels_that_are_not_square_are_stretched(decoder: VideoDecoder, tmp_path: Path) -> None:
    shape, frames = watch(
        decoder, write_video(tmp_path / "a.mp4", frames=3, pixel_shape=Fraction(3, 2))
    )
    assert (shape.width, shape.height) == (240, 120)
    assert frames[0].rgb.shape == (120, 240, 3)


@pytest.mark.parametrize("path", ["nowhere.mp4", "."], ids=["no file", "a folder"])
def test_a_missing_video_is_reported_as_missing(
    decoder: VideoDecoder, tmp_path: Path, path: str
) -> None:
    with pytest.raises(VideoMissing), decoder.open(tmp_path / path):
        pass


def test_a_file_without_bytes_is_empty(decoder: VideoDecoder, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    with pytest.raises(VideoEmpty), decoder.open(tmp_path / "a.mp4"):
        pass


def test_a_text_is_not_a_video(decoder: VideoDecoder, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("ten squats, I promise\n" * 100)
    with pytest.raises(VideoUnreadable), decoder.open(tmp_path / "a.mp4"):
        pass


def test_a_photograph_is_not_a_video(decoder: VideoDecoder, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    av.VideoFrame.from_ndarray(gradient(0, 64, 64), format="rgb24").save(path)
    with pytest.raises(VideoUnreadable), decoder.open(path):
        pass


def test_a_playlist_cannot_open_other_files(decoder: VideoDecoder, tmp_path: Path) -> None:
    write_video(tmp_path / "secret.mp4")
    path = tmp_path / "a.m3u8"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\nsecret.mp4\n#EXT-X-ENDLIST\n")
    with pytest.raises(VideoUnreadable), decoder.open(path):
        pass


def test_an_audio_file_is_not_a_video(decoder: VideoDecoder, tmp_path: Path) -> None:
    with pytest.raises(VideoUnreadable, match="only sound"):  # noqa: SIM117  opening refuses
        with decoder.open(record_sound(tmp_path / "a.mp4")):
            pass


def test_an_upload_cut_before_its_index_is_truncated(decoder: VideoDecoder, tmp_path: Path) -> None:
    path = cut(write_video(tmp_path / "a.mp4", frames=100), 0.5)
    with pytest.raises(VideoTruncated), decoder.open(path):
        pass


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_an_upload_cut_in_its_pictures_gives_the_good_ones_first(
    decoder: VideoDecoder, tmp_path: Path, share: float
) -> None:
    path = cut(write_video(tmp_path / "a.mp4", frames=100, index_first=True, grain=True), share)
    seen: list[float] = []
    with decoder.open(path) as video, pytest.raises(VideoTruncated):
        seen.extend(frame.time_s for frame in video.frames())
    assert len(seen) == pytest.approx(100 * share, abs=6)


def test_a_cut_matroska_file_with_long_sound_is_truncated(
    decoder: VideoDecoder, tmp_path: Path
) -> None:
    path = cut(write_video(tmp_path / "a.mkv", frames=100, grain=True, sound_s=10), 0.5)
    with decoder.open(path) as video, pytest.raises(VideoTruncated):
        list(video.frames())


def test_an_upload_cut_before_its_first_picture_is_truncated(
    decoder: VideoDecoder, tmp_path: Path
) -> None:
    path = write_video(tmp_path / "a.mp4", frames=100, index_first=True, grain=True)
    path.write_bytes(path.read_bytes()[: path.read_bytes().index(b"mdat") + 40])
    with pytest.raises(VideoTruncated), decoder.open(path):
        pass


def test_damage_within_a_file_is_found(decoder: VideoDecoder, tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", frames=100, grain=True)
    content = bytearray(path.read_bytes())
    content[len(content) // 3 : len(content) // 2] = bytes(len(content) // 2 - len(content) // 3)
    path.write_bytes(content)
    with decoder.open(path) as video, pytest.raises(VideoTruncated):
        list(video.frames())


def test_a_name_is_never_an_address(
    decoder: VideoDecoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_video(tmp_path / "concat:a.mp4", frames=4)
    _, frames = watch(decoder, Path("concat:a.mp4"))
    assert len(frames) == 4
