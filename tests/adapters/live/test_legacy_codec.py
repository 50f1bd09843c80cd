"""A chunk is decoded as it was encoded, or rejected."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.live.legacy_codec import HEADER, LENGTH, InvalidPoseMessage, decode, without_pictures
from domain.coaching.preferences import CuePreferences
from domain.kernel import Rejected
from domain.motion.landmarks import PoseChunk
from tests.adapters.live.chunks import PICTURES, same
from tests.live.kpm1 import encode
from tests.streams.videos import chunk_message


@given(st.integers(1, 1000), st.integers(1, 2**32 - 1), st.booleans(), st.text(max_size=30))
def test_a_message_arrives_as_it_was_sent(
    number: int,
    sequence: int,
    last: bool,  # noqa: FBT001  drawn
    model: str,
) -> None:
    sent = replace(chunk_message(1), set=number, sequence=sequence, last=last, model=model)
    assert same(decode(encode(sent)), sent)


def test_how_the_athlete_wants_to_be_coached_travels_with_the_frames() -> None:
    """R-POS-03"""
    wanted = CuePreferences("seldom", praise=False, verbosity="short", muted=("hurried",))
    sent = replace(chunk_message(1), last=True, preferences=wanted)
    assert same(decode(encode(sent)), sent)
    usual = replace(sent, preferences=CuePreferences())
    assert len(encode(usual)) < len(encode(sent))


def test_pictures_travel_with_the_frames_and_can_be_taken_out() -> None:
    """C-02: dead letters, kept for thirty days, contain no pictures."""
    sent = replace(chunk_message(1), preferences=CuePreferences(muted=("hurried",)))
    content = encode(replace(sent, pictures=PICTURES))
    arrived = decode(content)
    assert same(arrived, sent)
    assert arrived.pictures == PICTURES
    assert without_pictures(content) == encode(sent) == without_pictures(encode(sent))


@pytest.mark.parametrize("end", [-1, 40, 6000])
def test_a_broken_message_with_pictures_keeps_none_of_them(end: int) -> None:
    content = encode(replace(chunk_message(1), pictures=PICTURES))[:end]
    assert b"one" not in without_pictures(content)


@given(st.binary(max_size=200))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(Rejected):
        decode(noise)


@given(st.data())
def test_a_damaged_message_is_refused_or_well_formed(data: st.DataObject) -> None:
    wanted = CuePreferences(muted=("hurried",))
    whole = bytearray(encode(replace(chunk_message(1), preferences=wanted)))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        arrived = decode(bytes(whole))
    except Rejected:
        return
    assert arrived.set >= 1
    assert arrived.sequence >= 1


def test_deeply_nested_preferences_are_refused_and_end_a_message_without_pictures() -> None:
    """R-EVT-16: the message becomes a dead letter, and the next one is processed."""
    wanted = CuePreferences(muted=("hurried",))
    content = encode(replace(chunk_message(1), preferences=wanted, pictures=PICTURES))
    *_, exercise_length, model_length = HEADER.unpack_from(content)
    at = HEADER.size + exercise_length + model_length
    (length,) = LENGTH.unpack_from(content, at)
    nested = b'{"x":' + b"[" * 10_000
    rest = content[at + LENGTH.size + length :]
    broken = content[:at] + LENGTH.pack(len(nested)) + nested + rest
    with pytest.raises(InvalidPoseMessage):
        decode(broken)
    assert without_pictures(broken) == broken[: HEADER.size]


@pytest.mark.parametrize("wrong", [{"set": 70_000}, {"sequence": -1}, {"model": "m" * 300}])
def test_what_does_not_fit_is_not_sent(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidPoseMessage):
        encode(replace(chunk_message(1), **wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize("time_s", [float("nan"), float("inf"), -1.0, 90_000.0])
def test_times_lie_within_a_day_of_the_session(time_s: float) -> None:
    times = np.array([0.0, time_s])
    chunk = PoseChunk(times, np.zeros((2, 33, 4), np.float32))
    with pytest.raises(InvalidPoseMessage):
        decode(encode(replace(chunk_message(1), chunk=chunk)))


def test_sending_a_message_times_out_after_ten_seconds() -> None:
    chunk = PoseChunk(np.arange(601) / 60, np.zeros((601, 33, 4), np.float32))
    with pytest.raises(InvalidPoseMessage):
        decode(encode(replace(chunk_message(1), chunk=chunk)))
