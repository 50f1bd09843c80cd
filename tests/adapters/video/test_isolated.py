"""Untrusted videos and images are decoded in child processes that cannot harm their parent."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.video.child_process import ChildProcess
from adapters.video.isolated import IsolatedDecoder, IsolatedImages
from adapters.video.limits import VideoLimits
from application.kernel.video import (
    PictureRefused,
    VideoDecodingFailed,
    VideoTooLarge,
    VideoUnreadable,
)
from tests.adapters.video.encoding import picture, write_huge_video, write_video

MEBIBYTE = 1024 * 1024
UNCAPPED = VideoLimits(max_pixels=2**31 - 1, max_side=65_535)

DECODE = """
import json, resource, sys
from pathlib import Path
from adapters.video.isolated import IsolatedDecoder
from adapters.video.limits import VideoLimits
from domain.kernel import Rejected

refusal = None
try:
    with IsolatedDecoder(VideoLimits(**json.loads(sys.argv[2]))).open(Path(sys.argv[1])) as video:
        frames = sum(1 for _ in video.frames())
except Rejected as refused:
    refusal = refused.code
child_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
status = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
parent_mb = int(status["VmHWM"].split()[0]) // 1024  # ru_maxrss would be that of pytest
print(json.dumps([refusal, child_mb, parent_mb]))
"""


def decode(path: Path, **limits: float) -> tuple[str | None, int, int]:
    """Decode a video in a fresh process: the refusal, and the peak MiB of child and parent."""
    arguments = [sys.executable, "-c", DECODE, str(path), json.dumps(limits)]
    done = subprocess.run(arguments, check=True, capture_output=True, text=True, timeout=120)
    refusal, child_mb, parent_mb = json.loads(done.stdout.splitlines()[-1])
    return refusal, child_mb, parent_mb


@pytest.mark.parametrize("declared", [None, 640], ids=["honest", "lying"])
def test_a_video_of_huge_frames_is_refused_before_it_is_decoded(
    tmp_path: Path, declared: int | None
) -> None:
    """R-POS-12: five grey frames of 16,000 x 16,000 pixels in 5 MB"""
    path = write_huge_video(tmp_path / "huge.mov", declared=declared)
    assert path.stat().st_size < 6 * MEBIBYTE
    refusal, child_mb, parent_mb = decode(path)
    assert refusal == "video.too_large"
    assert child_mb < 200
    assert parent_mb < 200


def test_decoding_never_takes_more_memory_than_allowed(tmp_path: Path) -> None:
    """The limit of the process holds where those of the video do not."""
    path = write_huge_video(tmp_path / "huge.mov", frames=2)
    limits = {"max_pixels": UNCAPPED.max_pixels, "max_side": UNCAPPED.max_side, "memory_mb": 512}
    refusal, child_mb, parent_mb = decode(path, **limits)
    assert refusal == "video.too_large"
    assert child_mb < 512
    assert parent_mb < 200


def test_a_video_without_enough_memory_is_not_reported_as_damaged(tmp_path: Path) -> None:
    """R-POS-12: in so little memory, a thread of the decoder does not start, or it crashes."""
    path = write_video(tmp_path / "whole.mp4")
    refusals = (VideoTooLarge, VideoDecodingFailed)
    with (
        pytest.raises(refusals, match="memory"),
        IsolatedDecoder(VideoLimits(memory_mb=64)).open(path),
    ):
        pass


@pytest.mark.parametrize(
    "limits",
    [
        VideoLimits(max_length_s=1.0),
        VideoLimits(max_side=100),
        VideoLimits(max_pixels=100 * 100),
        VideoLimits(max_length_s=2.0, max_frames_per_s=10),
    ],
    ids=["length", "side", "pixels", "frames"],
)
def test_a_video_beyond_a_limit_is_refused_with_the_limit(
    tmp_path: Path, limits: VideoLimits
) -> None:
    path = write_video(tmp_path / "a.mp4", frames=40)
    with pytest.raises(VideoTooLarge, match=r"\d"), IsolatedDecoder(limits).open(path):
        pass


def test_a_codec_that_no_camera_uses_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mov"
    write_video(path, codec="png")
    with pytest.raises(VideoUnreadable), IsolatedDecoder().open(path):
        pass


def test_a_child_has_limits_of_its_own(tmp_path: Path) -> None:
    with IsolatedDecoder().open(write_video(tmp_path / "a.mp4", size=(1280, 720))) as video:
        limits = Path(f"/proc/{pid_of(video._child)}/limits").read_text()
    assert "Max open files            3                    3" in limits
    assert f"Max address space         {1536 * MEBIBYTE}" in limits


def test_a_killed_child_fails_its_video_only(tmp_path: Path) -> None:
    """R-EVT-19"""
    path = write_video(tmp_path / "a.mp4", size=(1280, 720), frames=60)
    with capture_logs() as logs, IsolatedDecoder().open(path) as video:
        frames = video.frames()
        next(frames)
        os.kill(pid_of(video._child), signal.SIGKILL)
        with pytest.raises(VideoDecodingFailed):
            list(frames)
    assert [(each["event"], each["status"]) for each in logs] == [("video.child_failed", -9)]


def test_a_video_that_decodes_too_slowly_is_given_up(tmp_path: Path) -> None:
    decoder = IsolatedDecoder(replace(UNCAPPED, patience_s=0.01))
    with capture_logs() as logs, pytest.raises(VideoDecodingFailed):  # noqa: SIM117  opening fails
        with decoder.open(write_video(tmp_path / "a.mp4")):
            pass
    assert [each["reason"] for each in logs] == ["it takes too long"]


def test_closing_a_video_ends_its_child(tmp_path: Path) -> None:
    with IsolatedDecoder().open(write_video(tmp_path / "a.mp4")) as video:
        process = Path(f"/proc/{pid_of(video._child)}")
        assert process.exists()
    assert not process.exists()


def test_one_child_opens_many_images_and_is_replaced_when_it_dies() -> None:
    images = IsolatedImages(processes=1)
    try:
        assert images.open(picture((64, 48))).shape == (48, 64, 3)
        child = images._idle.get_nowait()
        images._idle.put(child)
        with pytest.raises(PictureRefused):
            images.open(b"no image")
        end(child, signal.SIGKILL)
        assert images.open(picture((32, 16))).shape == (16, 32, 3)
    finally:
        images.close()


def test_a_stalled_child_fails_its_image_only() -> None:
    """R-EVT-19"""
    images = IsolatedImages(processes=1, patience_s=60.0)
    try:
        images.open(picture())
        child = images._idle.get_nowait()
        images._idle.put(child)
        os.kill(pid_of(child), signal.SIGSTOP)
        images._patience_s = 0.1
        with capture_logs() as logs, pytest.raises(PictureRefused):
            images.open(picture())
        assert [each["reason"] for each in logs] == ["it takes too long"]
        images._patience_s = 60.0
        assert images.open(picture((32, 16))).shape == (16, 32, 3)
    finally:
        images.close()


def end(child: ChildProcess, signal_number: int) -> None:
    """End a child, and wait for its end."""
    process: Any = child._process
    process.send_signal(signal_number)
    process.wait()


def pid_of(child: ChildProcess) -> int:
    process: Any = child._process
    pid: int = process.pid
    return pid
