"""A chunk arrives as it was sent, or is refused."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.faust.pose_messages import PoseMessageBroken, decode, encode
from application.live_motion import PoseMessage
from domain.coaching.preferences import CuePreferences
from domain.kernel import Rejected
from domain.motion.landmarks import PoseChunk
from tests.streams.films import chunk_message


def same(one: PoseMessage, other: PoseMessage) -> bool:
    header = replace(one, chunk=other.chunk)
    return (
        all(
            getattr(header, name) == getattr(other, name)
            for name in ("set", "sequence", "exercise", "model", "last", "preferences")
        )
        and one.chunk.image.tobytes() == other.chunk.image.tobytes()
        and one.chunk.times_s.tobytes() == other.chunk.times_s.tobytes()
    )


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


@pytest.mark.parametrize("wrong", [{"set": 70_000}, {"sequence": -1}, {"model": "m" * 300}])
def test_what_does_not_fit_is_not_sent(wrong: dict[str, object]) -> None:
    with pytest.raises(PoseMessageBroken):
        encode(replace(chunk_message(1), **wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize("time_s", [float("nan"), float("inf"), -1.0, 90_000.0])
def test_times_lie_within_a_day_of_the_session(time_s: float) -> None:
    times = np.array([0.0, time_s])
    chunk = PoseChunk(times, np.zeros((2, 33, 4), np.float32))
    with pytest.raises(PoseMessageBroken):
        decode(encode(replace(chunk_message(1), chunk=chunk)))


def test_a_message_has_at_most_ten_seconds() -> None:
    chunk = PoseChunk(np.arange(601) / 60, np.zeros((601, 33, 4), np.float32))
    with pytest.raises(PoseMessageBroken):
        decode(encode(replace(chunk_message(1), chunk=chunk)))
