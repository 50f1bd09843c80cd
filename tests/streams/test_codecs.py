"""Worker state and messages survive encoding and decoding."""

import json

import msgspec
import pytest

from application.live import worker_contract
from application.live.chunk import SessionKey
from application.live.reconciliation import SetReconciled
from application.live.tracker import Detection, SetTracked, TrackedSet, TrackerState, track
from domain.coaching.cue_memory import Cue
from domain.ids import SessionId, TenantId
from domain.motion import facts as motion
from domain.values import Look, Tempo
from streams.codecs import (
    decode_detection,
    decode_state,
    encode_cue,
    encode_detection,
    encode_state,
    stored_position,
)
from tests.streams.videos import chunk_message

KEY = SessionKey(TenantId("gym"), SessionId("s-1"))
FACTS = (
    motion.RepetitionCounted(
        number=1,
        started_s=0.1,
        ended_s=2.3,
        tempo=Tempo(1.0, 0.1, 0.9, 0.0),
        range_of_motion_deg=None,
        symmetry=0.9,
        form=1.0,
        confidence=0.8,
        faults=("knees_in",),
        view="front",
    ),
    motion.RepetitionRejected("too_fast", 0.1, 0.2),
    motion.RepetitionsReconciled(3, (2,), (4,)),
    motion.FaultSeen("knees_in", "Knees out.", 1.25, 1),
    motion.PraiseEarned("Good.", 2.0, 1),
    motion.HoldStarted(1.0),
    motion.HoldMeasured(1.0, 9.0, 8.0, 0.9, 0.8, ()),
    motion.PoseLost(3.0),
    motion.PoseFound(4.0),
    SetTracked(0.0, 12.0, 3),
    SetReconciled(
        Look("device", "blazepose-full", 360, 3, ("knees_in",)),
        Look("server", "m", 180, 4, ()),
        "server",
        (),
        (motion.RepetitionCounted(4, 9.0, 11.0, None, None, None, None, 0.5, ()),),
    ),
    Cue("knees_in", "form", "Knees out.", "Push your knees out.", "en", "knees_in", 1, 1.25),
    Cue("clean", "praise", "Good.", "", "en", None, 1, 2.0),
)


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
