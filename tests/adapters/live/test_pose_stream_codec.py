"""A chunk on `pose.stream` is decoded as it was encoded, or rejected."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.live.legacy_codec import InvalidPoseMessage
from adapters.live.pose_stream_codec import decode, encode, without_pictures
from application.kernel.video import FramePicture
from application.live.chunk import SessionKey
from domain.coaching.preferences import CuePreferences
from domain.ids import SessionId, TenantId
from domain.kernel import Rejected
from domain.motion.landmarks import PoseChunk
from tests.adapters.live.chunks import PICTURES, same
from tests.live import kpm1
from tests.streams.videos import chunk_message

KEY = SessionKey(TenantId("gym"), SessionId("s-1"))


@given(st.integers(1, 1000), st.integers(1, 2**31 - 1), st.booleans(), st.text(max_size=30))
def test_a_message_arrives_as_it_was_sent(
    number: int,
    sequence: int,
    last: bool,  # noqa: FBT001  drawn
    model: str,
) -> None:
    wanted = CuePreferences("seldom", praise=False, verbosity="short", muted=("hurried",))
    sent = replace(chunk_message(1), set=number, sequence=sequence, last=last, model=model)
    sent = replace(sent, preferences=wanted, pictures=PICTURES)
    arrived = decode(encode(KEY, sent))
    assert same(arrived, sent)
    assert arrived.pictures == PICTURES


def test_a_message_of_the_previous_version_is_read() -> None:
    """R-EVT-11: chunks on the bus during an upgrade are not lost."""
    sent = replace(chunk_message(1), pictures=PICTURES)
    arrived = decode(kpm1.encode(sent))
    assert same(arrived, sent)
    assert arrived.pictures == PICTURES
    assert without_pictures(kpm1.encode(sent)) == kpm1.encode(replace(sent, pictures=()))


def test_images_can_be_removed() -> None:
    """C-02: a dead letter, kept for thirty days, contains no pictures."""
    sent = chunk_message(1)
    content = encode(KEY, replace(sent, pictures=PICTURES))
    assert without_pictures(content) == encode(KEY, sent) == without_pictures(encode(KEY, sent))


@pytest.mark.parametrize("end", [-1, 40, 6000])
def test_a_broken_message_keeps_no_image(end: int) -> None:
    image = FramePicture(0, b"\xff\xd8" + b"one" * 1000)
    content = encode(KEY, replace(chunk_message(1), pictures=(image,)))[:end]
    assert b"oneone" not in without_pictures(content)


@given(st.binary(max_size=200))
def test_noise_is_rejected(noise: bytes) -> None:
    with pytest.raises(Rejected):
        decode(noise)


@pytest.mark.parametrize("time_s", [float("nan"), float("inf"), -1.0, 90_000.0])
def test_times_lie_within_a_day_of_the_session(time_s: float) -> None:
    chunk = PoseChunk(np.array([0.0, time_s]), np.zeros((2, 33, 4), np.float32))
    with pytest.raises(InvalidPoseMessage):
        decode(encode(KEY, replace(chunk_message(1), chunk=chunk)))


def test_sending_a_message_times_out_after_ten_seconds() -> None:
    chunk = PoseChunk(np.arange(601) / 60, np.zeros((601, 33, 4), np.float32))
    with pytest.raises(InvalidPoseMessage):
        decode(encode(KEY, replace(chunk_message(1), chunk=chunk)))


def test_the_longest_chunk_with_images_fits_into_a_message_of_the_bus() -> None:
    """C-02: a message on the bus has at most one megabyte."""
    longest = PoseChunk(
        np.arange(600) / 60, np.ones((600, 33, 4), np.float32), np.ones((600, 33, 3), np.float32)
    )
    images = tuple(FramePicture(frame, b"x" * (400 * 1024 // 20)) for frame in range(20))
    sent = replace(chunk_message(1), chunk=longest, pictures=images)
    assert len(encode(KEY, sent)) < 1_000_000
