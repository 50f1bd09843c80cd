"""Worker state and messages survive encoding and decoding."""

import json

import msgspec
import pytest

from application.live import worker_contract
from application.live.chunk import SessionKey
from application.live.tracker import Detection, TrackedSet, TrackerState, track
from domain.ids import SessionId, TenantId
from streams.codecs import (
    decode_detection,
    decode_state,
    encode_cue,
    encode_detection,
    encode_state,
    stored_position,
)
from tests.streams.videos import chunk_message
from tests.streams.worker_facts import FACTS

KEY = SessionKey(TenantId("gym"), SessionId("s-1"))


def detection(number: int) -> Detection:
    return Detection(TrackedSet(2, "squat", 1, "mannequin"), 0, number, FACTS[number - 1])


def test_every_kind_of_fact_has_a_name() -> None:
    assert {type(fact) for fact in FACTS} == set(worker_contract.FACTS.values())


@pytest.mark.parametrize("number", range(1, len(FACTS) + 1))
def test_a_fact_is_read_as_it_was_written(number: int) -> None:
    one = detection(number)
    assert decode_detection(encode_detection(KEY, one)) == (KEY, one.id(KEY), one)


def test_anybody_can_read_a_fact() -> None:
    message = json.loads(encode_detection(KEY, detection(4)))
    assert message["kind"] == "fault.seen"
    assert message["fact"] == {
        "fault": "knees_in", "cue": "Knees out.", "at_s": 1.25, "repetition": 1,
    }  # fmt: skip


@pytest.mark.parametrize("broken", [b"", b"{}", b"no", encode_detection(KEY, detection(1))[:-9]])
def test_invalid_bytes_are_not_a_detection(broken: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        decode_detection(broken)


def test_an_unknown_detection_kind_is_refused() -> None:
    unknown = encode_detection(KEY, detection(5)).replace(b"praise.earned", b"blame.earned1")
    with pytest.raises(msgspec.MsgspecError):
        decode_detection(unknown)


def test_cues_are_encoded_with_their_speech() -> None:
    """R-POS-03: the cue and its speech script."""
    cues = [encode_cue(KEY, detection(number)) for number in range(1, len(FACTS) + 1)]
    said = [json.loads(cue) for cue in cues if cue is not None]
    assert [(cue["cue"], cue["say"], cue["fault"], cue["at_ms"]) for cue in said] == [
        ("Knees out.", "Push your knees out.", "knees_in", 1250),
        ("Good.", "", None, 2000),
    ]
    assert said[0]["id"] == str(detection(12).id(KEY))
    assert (said[0]["category"], said[0]["language"]) == ("form", "en")


def test_a_state_is_read_as_it_was_written_at_every_chunk() -> None:
    session: TrackerState | None = None
    for sequence in range(1, 30):
        message = chunk_message(sequence, last=sequence == 29)
        session, _ = track(session, sequence, message)
        written = encode_state(session)
        assert decode_state(written) == session
        assert encode_state(decode_state(written)) == written
        assert stored_position(written) == session.position == sequence
        session = decode_state(written)


@pytest.mark.parametrize("content", [b"", b"{}", b"\x05", b"\x91\x05\x00", b"\x91" * 100_000])
def test_other_bytes_than_a_state_have_no_position(content: bytes) -> None:
    """R-EVT-16: nothing, text, a number, more than a list, and deeply nested lists."""
    assert stored_position(content) is None
