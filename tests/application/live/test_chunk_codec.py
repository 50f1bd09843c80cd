"""The compact format preserves its content and rejects malformed bytes."""

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from application.kernel.video import FramePicture
from application.live.chunk import IngestChunk, SensorSample
from application.live.chunk_codec import InvalidChunkBody, decode, encode
from domain.ids import DEFAULT_TENANT
from domain.kernel import Rejected
from domain.motion.landmarks import PoseChunk
from tests.live.chunks import command, cut, video

EXACT = 1e-4
AXES = st.tuples(*[st.floats(-50.0, 50.0, width=32)] * 3)
SAMPLES = st.builds(
    SensorSample,
    time_s=st.floats(0.0, 86_400.0),
    accelerometer=AXES,
    gyroscope=st.none() | AXES,
    heart_rate_bpm=st.none() | st.floats(20.0, 300.0, width=32),
)


@st.composite
def chunks(draw: st.DrawFn) -> PoseChunk:
    frames = draw(st.integers(1, 4))
    reach = draw(st.sampled_from([1.0, 4.0]))
    numbers = st.floats(-reach, reach, width=32)
    image = draw(arrays.arrays(np.float32, (frames, 33, 4), elements=numbers, fill=st.just(0.25)))
    image[:, :, 3] = np.abs(image[:, :, 3]) / reach
    image[draw(arrays.arrays(np.bool_, (frames, 33)))] = np.nan
    world = None
    if draw(st.booleans()):
        world = draw(
            arrays.arrays(np.float32, (frames, 33, 3), elements=numbers, fill=st.just(0.5))
        )
    steps = draw(st.lists(st.floats(0.001, 1.0), min_size=frames, max_size=frames))
    return PoseChunk(np.cumsum(steps), image, world, draw(st.floats(0.1, 10.0)))


COMMANDS = st.builds(
    command,
    st.text("abc-123", min_size=1, max_size=40),
    st.integers(1, 2**31 - 1),
    chunks(),
    number=st.integers(1, 1000),
    last=st.booleans(),
    sensors=st.lists(SAMPLES, max_size=3).map(tuple),
)


@given(COMMANDS)
@settings(max_examples=60, deadline=None)
def test_landmarks_are_read_back_within_a_ten_thousandth(chunk: IngestChunk) -> None:
    """C-01."""
    read = decode(encode(chunk), DEFAULT_TENANT)
    assert read.session == chunk.session
    assert read.sensors == chunk.sensors
    was, now = chunk.message, read.message
    assert (now.set, now.sequence, now.exercise, now.model, now.last) == (
        was.set, was.sequence, was.exercise, was.model, was.last,
    )  # fmt: skip
    assert now.chunk.aspect_ratio == was.chunk.aspect_ratio
    np.testing.assert_array_equal(now.chunk.times_s, was.chunk.times_s)
    np.testing.assert_allclose(now.chunk.image, was.chunk.image, rtol=0.0, atol=EXACT)
    if was.chunk.world is None:
        assert now.chunk.world is None
    else:
        assert now.chunk.world is not None
        np.testing.assert_allclose(now.chunk.world, was.chunk.world, rtol=0.0, atol=EXACT)


def test_pictures_come_at_the_end_as_they_are() -> None:
    """C-02."""
    chunk = command("s", 1)
    pictures = (FramePicture(0, b"\xff\xd8\xff"), FramePicture(5, bytes(70_000)))
    with_pictures = replace(chunk, message=replace(chunk.message, pictures=pictures))
    content = encode(with_pictures)
    assert decode(content, DEFAULT_TENANT).message.pictures == pictures
    assert content[6:].startswith(encode(chunk)[6:])
    for cut_off in (1, 70_001, 70_010):
        with pytest.raises(InvalidChunkBody):
            decode(content[:-cut_off], DEFAULT_TENANT)


def test_a_distant_point_is_encoded_with_less_precision() -> None:
    chunk = next(cut(video()))
    image = chunk.image.copy()
    image[0, 0, 0] = -77.0
    read = decode(encode(command("s", 1, PoseChunk(chunk.times_s, image))), DEFAULT_TENANT)
    assert read.message.chunk.image[0, 0, 0] == pytest.approx(-77.0, abs=0.002)


def test_half_a_second_has_few_bytes() -> None:
    chunk = next(cut(video(), frames=15))
    assert len(encode(command("s", 1, chunk))) < 7200


BODY = encode(command("session", 1, sensors=(SensorSample(0.1, heart_rate_bpm=80.0),)))


@given(st.binary(max_size=200) | st.integers(0, len(BODY) - 1).map(lambda end: BODY[:end]))
@settings(max_examples=200, deadline=None)
def test_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(InvalidChunkBody):
        decode(content, DEFAULT_TENANT)


@given(st.lists(st.tuples(st.integers(0, len(BODY) - 1), st.integers(0, 255)), max_size=6))
@settings(max_examples=200, deadline=None)
def test_a_body_with_wrong_bytes_in_it_is_read_or_refused(wrong: list[tuple[int, int]]) -> None:
    """R-API-03."""
    content = bytearray(BODY)
    for place, byte in wrong:
        content[place] = byte
    with suppress(Rejected):
        decode(bytes(content), DEFAULT_TENANT)


def test_bytes_after_the_body_are_refused() -> None:
    with pytest.raises(InvalidChunkBody):
        decode(BODY + b"\0", DEFAULT_TENANT)


def test_the_example_in_the_manual_is_what_is_written() -> None:
    """The page is `docs/how-to/stream.md`."""
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "stream.md").read_text()
    block = next(part for part in page.split("```") if part.startswith("\n4b 4c 46 31"))
    rows = [re.split(r" {3,}", line)[0] for line in block.strip().splitlines()]
    repeated = {"00 80 …": "00 80" * 128, "00 00 c0 7f …": "00 00 c0 7f" * 6}
    content = bytes.fromhex("".join(repeated.get(row, row) for row in rows))
    chunk = decode(content, DEFAULT_TENANT)
    assert encode(chunk) == content
    assert chunk.message.chunk.image[0, 0] == pytest.approx([0.5, 0.25, -0.1, 1.0], abs=EXACT)
    assert np.isnan(chunk.message.chunk.image[0, 1:]).all()
    assert (chunk.sequence, chunk.message.set, chunk.message.exercise) == (7, 1, "squat")
    assert chunk.sensors == (SensorSample(3.4, heart_rate_bpm=92.0),)
