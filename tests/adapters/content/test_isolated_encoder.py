"""Encoding of untrusted videos in child processes (R-CON-04, R-CON-05)."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import av
import msgspec
import numpy as np
import pytest
from PIL import Image

from adapters.content.isolated import LIMITS, IsolatedContentEncoder
from adapters.content.isolated_sound import IsolatedSoundExtractor
from adapters.content.messages import ReportedPictures
from application.content.encoding import (
    EncodingFailed,
    EncodingUnit,
    HdrNotSupported,
    SourceVideo,
    Track,
    VideoTooLong,
    VideoTooShort,
    plan_units,
)
from application.kernel.ports import StorageUnavailable
from application.kernel.video import VideoEmpty, VideoTooLarge, VideoTruncated, VideoUnreadable
from tests.adapters.content.videos import lesson
from tests.adapters.video.encoding import CLOCKWISE_QUARTER, MIRROR, cut, record_sound, write_video

ENCODER = IsolatedContentEncoder()

Encoded = dict[str, tuple[bytes, Track]]


def ignore(_share: float) -> None:
    """Take no notice of progress."""


def encode(path: Path, unit: EncodingUnit) -> tuple[bytes, Track]:
    with ENCODER.encode_track(path, unit, ignore) as (file, track):
        file.seek(0)
        return file.read(), track


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A video of five seconds, under a name that a shell would run."""
    return lesson(tmp_path_factory.mktemp("videos") / "$(touch pwned); lesson '.mp4")


@pytest.fixture(scope="module")
def source(path: Path) -> SourceVideo:
    return ENCODER.inspect(path)


@pytest.fixture(scope="module")
def encoded(path: Path, source: SourceVideo) -> Encoded:
    units = [unit for unit in plan_units(source) if unit.kind != "pictures"]
    return {unit.name: encode(path, unit) for unit in units}


def test_a_video_is_described_as_it_is_shown(source: SourceVideo) -> None:
    assert (source.width, source.height, source.rate) == (320, 240, Fraction(10))
    assert source.duration_s == pytest.approx(5.0, abs=0.11)
    assert source.has_audio


def test_the_ladder_has_two_codecs_and_the_sound(encoded: Encoded) -> None:
    assert list(encoded) == ["audio", "h264-240", "av1-240"]
    assert encoded["audio"][1].codecs == "mp4a.40.2"
    assert encoded["h264-240"][1].codecs.startswith("avc1.64")
    assert encoded["av1-240"][1].codecs.startswith("av01.0.")


@pytest.mark.parametrize("seconds", [3.9, 4.0])
def test_sound_that_ends_near_the_end_of_a_segment_is_encoded(
    tmp_path: Path, seconds: float
) -> None:
    """R-CON-04: the delay of the encoder may put the last of it into a segment of its own."""
    path = lesson(tmp_path / "lesson.mp4", size=(64, 48), seconds=seconds)
    _, track = encode(path, EncodingUnit(name="audio", kind="audio", seconds=seconds))
    assert track.duration_s == pytest.approx(seconds, abs=0.1)


def test_encoding_again_gives_the_same_bytes(path: Path, encoded: Encoded) -> None:
    units = {unit.name: unit for unit in plan_units(ENCODER.inspect(path))}
    again = {name: encode(path, units[name]) for name in encoded}
    assert {name: sha256(content).hexdigest() for name, (content, _) in again.items()} == {
        name: sha256(content).hexdigest() for name, (content, _) in encoded.items()
    }
    assert [track for _, track in again.values()] == [track for _, track in encoded.values()]


def test_segments_are_adjoining_parts_of_the_file(encoded: Encoded) -> None:
    for content, track in encoded.values():
        ends = [each.offset + each.size for each in track.segments]
        assert [each.offset for each in track.segments] == [track.init_size, *ends[:-1]]
        assert ends[-1] == len(content)
        assert track.duration_s == pytest.approx(5.0, abs=0.11)


def test_renditions_switch_at_the_same_times(encoded: Encoded) -> None:
    videos = [track for name, (_, track) in encoded.items() if name != "audio"]
    times = [[each.duration_s for each in track.segments] for track in videos]
    assert times == [[4.0, 1.0], [4.0, 1.0]]


def test_each_segment_plays_by_itself(encoded: Encoded) -> None:
    content, track = encoded["h264-240"]
    counts = []
    for each in track.segments:
        alone = content[: track.init_size] + content[each.offset : each.offset + each.size]
        with av.open(io.BytesIO(alone), "r") as container:
            frames = list(container.decode(video=0))
        assert frames[0].key_frame
        counts.append(len(frames))
    assert counts == [40, 10]


def test_quiet_sound_gets_the_loudness_of_streaming(path: Path, encoded: Encoded) -> None:
    def level(file: io.BytesIO | str) -> float:
        with av.open(file, "r") as container:
            parts = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
        return float(10 * np.log10(np.mean(np.square(np.concatenate(parts)[48_000:]))))

    before, after = level(str(path)), level(io.BytesIO(encoded["audio"][0]))
    assert before < -40
    assert -23 < after < -13


def test_pictures_are_upright_jpegs(path: Path, source: SourceVideo) -> None:
    with ENCODER.make_pictures(path, source, ignore) as (file, pictures):
        images = {}
        for name, (start, size) in pictures.files.items():
            file.seek(start)
            images[name] = Image.open(io.BytesIO(file.read(size)))
    assert {name: image.size for name, image in images.items()} == {
        "poster.jpg": (320, 240),
        "thumbnail-1.jpg": (320, 240),
        "thumbnail-2.jpg": (320, 240),
        "thumbnail-3.jpg": (320, 240),
        "storyboard.jpg": (1600, 120),
    }
    assert {image.format for image in images.values()} == {"JPEG"}
    assert (pictures.storyboard.count, pictures.storyboard.every_s) == (5, 1.0)


def test_progress_rises_to_the_end(path: Path, source: SourceVideo) -> None:
    shares: list[float] = []
    with ENCODER.make_pictures(path, source, shares.append):
        pass
    assert shares == sorted(shares)
    assert len(shares) > 3
    assert shares[-1] > 0.8


class StopError(Exception):
    """The caller has no more time."""


def test_the_caller_can_stop_in_the_middle(path: Path, source: SourceVideo) -> None:
    def stop(_share: float) -> None:
        raise StopError

    with pytest.raises(StopError), ENCODER.make_pictures(path, source, stop):
        pass


def test_a_turned_video_is_upright(tmp_path: Path) -> None:
    turned = write_video(tmp_path / "turned.mp4", display_matrix=CLOCKWISE_QUARTER)
    source = ENCODER.inspect(turned)
    assert (source.width, source.height) == (120, 160)
    unit = next(unit for unit in plan_units(source) if unit.codec == "h264")
    content, track = encode(turned, unit)
    with av.open(io.BytesIO(content), "r") as container:
        frame = next(container.decode(video=0))
    assert (track.width, track.height) == (frame.width, frame.height) == (120, 160)
    right = frame.to_ndarray(format="rgb24")[40:120, 80:110]  # the upper half before turning
    assert right[..., 0].mean() > 150
    assert right[..., 1].mean() < 100


def test_a_mirrored_video_and_its_poster_are_upright(tmp_path: Path) -> None:
    """R-CON-04: as front cameras film, like a mirror."""
    path = write_video(tmp_path / "mirrored.mp4", display_matrix=MIRROR)
    source = ENCODER.inspect(path)
    content, _ = encode(path, next(unit for unit in plan_units(source) if unit.codec == "h264"))
    with av.open(io.BytesIO(content), "r") as container:
        shown = [next(container.decode(video=0)).to_ndarray(format="rgb24")]
    with ENCODER.make_pictures(path, source, ignore) as (file, pictures):
        start, size = pictures.files["poster.jpg"]
        file.seek(start)
        shown.append(np.asarray(Image.open(io.BytesIO(file.read(size)))))
    for each in shown:
        assert each[:50, :, 0].mean() > 150, "the upper half is red"
        assert each[:50, :, 1].mean() < 100


def test_a_video_without_sound_has_no_track_for_it(tmp_path: Path) -> None:
    source = ENCODER.inspect(lesson(tmp_path / "silent.mp4", seconds=1.5, volume=None))
    assert not source.has_audio
    assert "audio" not in {unit.name for unit in plan_units(source)}


def test_odd_sides_are_rounded_to_even_ones(tmp_path: Path) -> None:
    odd = lesson(tmp_path / "odd.mp4", size=(161, 121), seconds=1.2, volume=None, pixels="yuv444p")
    unit = plan_units(ENCODER.inspect(odd))[1]
    _, track = encode(odd, unit)
    assert (track.width, track.height) == (160, 120)


@pytest.mark.parametrize("size", [(1024, 16), (16, 320), (320, 64)])
def test_all_that_is_planned_for_a_narrow_video_ends(tmp_path: Path, size: tuple[int, int]) -> None:
    """R-CON-04: the encoder of AV1 waits for ever with a side of 16 pixels."""
    narrow = lesson(tmp_path / "narrow.mp4", size=size, seconds=1.2, volume=None)
    encoder = IsolatedContentEncoder(replace(LIMITS, patience_s=30.0))
    for unit in plan_units(encoder.inspect(narrow))[1:]:
        with encoder.encode_track(narrow, unit, ignore) as (_, track):
            assert (track.width, track.height) == size


def test_a_variable_frame_rate_becomes_constant(tmp_path: Path) -> None:
    stamps = [round(40 * number + (number % 3) * 15) for number in range(50)]
    varying = write_video(tmp_path / "varying.mp4", frames=50, stamps_ms=stamps)
    unit = plan_units(ENCODER.inspect(varying))[1]
    content, track = encode(varying, unit)
    with av.open(io.BytesIO(content), "r") as container:
        times = [frame.time for frame in container.decode(video=0)]
    assert np.ptp(np.diff(times)) < 0.001
    assert track.duration_s == pytest.approx(2.0, abs=0.1)


def test_ten_bits_of_standard_range_are_encoded_with_eight(tmp_path: Path) -> None:
    deep = lesson(tmp_path / "deep.mp4", seconds=1.2, volume=None, pixels="yuv420p10le")
    content, _ = encode(deep, plan_units(ENCODER.inspect(deep))[1])
    with av.open(io.BytesIO(content), "r") as container:
        assert next(container.decode(video=0)).format.name == "yuv420p"


def test_high_dynamic_range_is_refused(tmp_path: Path) -> None:
    hdr = lesson(tmp_path / "hdr.mp4", seconds=1.2, volume=None, pixels="yuv420p10le", hdr=True)
    with pytest.raises(HdrNotSupported):
        ENCODER.inspect(hdr)


def test_a_single_frame_is_too_short(tmp_path: Path) -> None:
    with pytest.raises(VideoTooShort):
        ENCODER.inspect(write_video(tmp_path / "frame.mp4", frames=1))


def test_a_video_beyond_the_limit_is_refused(path: Path) -> None:
    encoder = IsolatedContentEncoder(replace(LIMITS, max_length_s=2.0))
    with pytest.raises(VideoTooLong):
        encoder.inspect(path)


def test_six_hours_are_refused_at_once(tmp_path: Path) -> None:
    """R-CON-01: two pictures would be repeated half a million times."""
    six_hours_ms = 6 * 3600 * 1000
    declared = write_video(tmp_path / "long.mp4", frames=2, stamps_ms=[0, six_hours_ms])
    with pytest.raises(VideoTooLong):
        ENCODER.inspect(declared)


def test_pictures_of_too_many_pixels_are_refused(tmp_path: Path) -> None:
    """R-CON-01: a picture of few bytes may have gigabytes of pixels."""
    with pytest.raises(VideoTooLarge):
        ENCODER.inspect(write_video(tmp_path / "wide.mp4", frames=2, size=(4112, 16)))
    with pytest.raises(VideoUnreadable):
        ENCODER.inspect(write_video(tmp_path / "png.mov", frames=2, size=(4112, 16), codec="png"))


def test_a_damaged_video_is_refused(tmp_path: Path) -> None:
    damaged = cut(write_video(tmp_path / "cut.mp4", frames=50, index_first=True, grain=True), 0.5)
    with pytest.raises(VideoTruncated):
        ENCODER.inspect(damaged)


def other_files(folder: Path) -> Iterator[Path]:
    (folder / "text.mp4").write_text("This is not a video.")
    yield folder / "text.mp4"
    (folder / "list.mp4").write_text("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")
    yield folder / "list.mp4"


def test_files_that_are_no_videos_are_refused(tmp_path: Path) -> None:
    for each in other_files(tmp_path):
        with pytest.raises(VideoUnreadable):
            ENCODER.inspect(each)


def test_a_file_of_sound_alone_has_no_pictures(tmp_path: Path) -> None:
    with pytest.raises(VideoEmpty):
        ENCODER.inspect(record_sound(tmp_path / "sound.mp4"))


def test_a_video_without_enough_memory_is_not_reported_as_damaged(
    path: Path, source: SourceVideo
) -> None:
    """R-CON-05: in so little memory, threads or allocations fail in whole videos, too."""
    encoder = IsolatedContentEncoder(replace(LIMITS, memory_mb=64))
    with pytest.raises((VideoTooLarge, EncodingFailed)):
        encoder.inspect(path)
    unit = plan_units(source)[2]
    with (
        pytest.raises((VideoTooLarge, EncodingFailed)),
        encoder.encode_track(path, unit, ignore),
    ):
        pass


class OnFullDisk(IsolatedContentEncoder):
    """Encoder whose output has no room."""

    @contextmanager
    def output(self) -> Iterator[BinaryIO]:
        with open("/dev/full", "r+b", buffering=0) as full:  # noqa: PTH123  a device
            yield full


def test_a_full_disk_is_not_the_fault_of_the_video(path: Path, source: SourceVideo) -> None:
    """R-CON-05, R-EVT-18: the video is encoded later, and not rejected."""
    encoder = OnFullDisk()
    with pytest.raises(StorageUnavailable), encoder.make_pictures(path, source, ignore):
        pass
    for unit in plan_units(source)[1:3]:
        with pytest.raises(StorageUnavailable), encoder.encode_track(path, unit, ignore):
            pass
    sound = IsolatedSoundExtractor(encoder)
    with pytest.raises(StorageUnavailable), sound.extract(path, source.duration_s, ignore):
        pass


@pytest.mark.parametrize(
    "files", [{"../poster.jpg": (0, 4)}, {"master.m3u8": (0, 4)}, {"poster.jpg": (0, -1)}]
)
def test_pictures_that_the_child_cannot_have_made_are_refused(
    files: dict[str, tuple[int, int]],
) -> None:
    """ADR 26: the child worked on an untrusted video."""
    report = ReportedPictures(files, 160, 90, 10, 1, 1.0)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(report), type=ReportedPictures)
