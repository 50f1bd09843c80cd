"""Codecs of the worker's state and messages: states in msgpack, detections and cues in JSON."""

from typing import Any
from uuid import UUID

import msgspec

from application.live.chunk import SessionKey
from application.live.reconciliation import ServerTrack
from application.live.tracker import Detection, Feedback, LiveFact, TrackedSet, TrackerState
from application.live.worker_contract import FACT_NAMES, FACTS, CueMessage, DetectedFact
from application.sessions.fact_mapping import milliseconds
from domain.coaching.cue_memory import Cue, CueMemory
from domain.coaching.preferences import CuePreferences
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.state import MotionState
from streams.json_codec import read, write

_TailEntry = tuple[TrackedSet, int, int, str, msgspec.Raw]


class _Record(msgspec.Struct, array_like=True):
    """A TrackerState whose events carry their kind's name."""

    position: int
    watching: TrackedSet
    sequence: int
    numbered: int
    started_s: float | None
    seen_to_s: float | None
    motion: MotionState | None
    feedback: Feedback
    tail: tuple[Any, ...]
    coach: CueMemory = CueMemory()
    preferences: CuePreferences = CuePreferences()
    second: ServerTrack | None = None
    definition: ExerciseDefinition | None = None


class _Stored(_Record, array_like=True):
    """The same while decoding: facts stay bytes until their kind is read."""

    tail: tuple[_TailEntry, ...]


class _Beginning(msgspec.Struct, array_like=True):
    """The beginning of a record, the same in all versions."""

    position: int


_encoder = msgspec.msgpack.Encoder()
_records = msgspec.msgpack.Decoder(_Stored)
_beginnings = msgspec.msgpack.Decoder(_Beginning)


def encode_state(session: TrackerState) -> bytes:
    """Encode a state; the same state gives the same bytes."""
    record = _Record(
        position=session.position,
        watching=session.watching,
        sequence=session.sequence,
        numbered=session.numbered,
        started_s=session.started_s,
        seen_to_s=session.seen_to_s,
        motion=session.motion,
        feedback=session.feedback,
        tail=tuple(
            (
                detection.watching,
                detection.sequence,
                detection.number,
                FACT_NAMES[type(detection.fact)],
                detection.fact,
            )
            for detection in session.tail
        ),
        coach=session.coach,
        preferences=session.preferences,
        second=session.second,
        definition=session.definition,
    )
    return _encoder.encode(record)


def decode_state(content: bytes | memoryview) -> TrackerState:
    """Decode a state; encoding it again gives the same bytes."""
    record = _records.decode(content)
    return TrackerState(
        position=record.position,
        watching=record.watching,
        sequence=record.sequence,
        numbered=record.numbered,
        started_s=record.started_s,
        seen_to_s=record.seen_to_s,
        motion=record.motion,
        feedback=record.feedback,
        tail=tuple(
            Detection(watching, sequence, number, _fact(name, raw))
            for watching, sequence, number, name, raw in record.tail
        ),
        coach=record.coach,
        preferences=record.preferences,
        second=record.second,
        definition=record.definition,
    )


def stored_position(content: bytes) -> int | None:
    """Return the position of an encoded state, without decoding all of it; None for other bytes."""
    try:
        return _beginnings.decode(content).position
    except (msgspec.MsgspecError, RecursionError):
        return None


def _fact(name: str, raw: msgspec.Raw) -> LiveFact:
    fact: LiveFact = msgspec.msgpack.decode(raw, type=FACTS[name])
    return fact


def encode_detection(key: SessionKey, detection: Detection) -> bytes:
    """Encode a detection for `exercise.detect`."""
    return write(
        DetectedFact(
            id=detection.id(key),
            tenant_id=key.tenant_id,
            session_id=key.session_id,
            set=detection.watching.set,
            number=detection.number,
            exercise_id=detection.watching.exercise,
            definition_version=detection.watching.version,
            model=detection.watching.model,
            fact=detection.fact,
            learned=detection.watching.learned,
        )
    )


def decode_detection(content: bytes) -> tuple[SessionKey, UUID, Detection]:
    """Decode a detection with its session and id. Raises msgspec.MsgspecError."""
    message = read(DetectedFact, content)
    return message.session, message.id, message.detection


def encode_cue(key: SessionKey, detection: Detection) -> bytes | None:
    """Encode a cue for `cue.make`, None for another fact."""
    cue = detection.fact
    if not isinstance(cue, Cue):
        return None
    return write(
        CueMessage(
            id=detection.id(key),
            tenant_id=key.tenant_id,
            session_id=key.session_id,
            set=detection.watching.set,
            repetition=cue.repetition,
            category=cue.category,
            cue=cue.text,
            say=cue.say,
            language=cue.language,
            fault=cue.fault,
            at_ms=milliseconds(cue.at_s),
        )
    )
