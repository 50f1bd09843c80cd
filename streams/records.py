"""What workers keep and tell, as bytes: states compact and exact, facts as JSON for everybody."""

from typing import Any, Final
from uuid import UUID

import msgspec

from application.live_motion import (
    Feedback,
    LiveFact,
    LiveKey,
    LiveSession,
    SetWatched,
    Told,
    Watching,
)
from domain.coaching.catalogue import Category
from domain.coaching.coach import Coaching, Cue
from domain.motion import facts as motion
from domain.motion.state import MotionState

KINDS: Final[dict[str, type[Any]]] = {
    "repetition.counted": motion.RepetitionCounted,
    "repetition.rejected": motion.RepetitionRejected,
    "repetitions.reconciled": motion.RepetitionsReconciled,
    "fault.seen": motion.FaultSeen,
    "praise.earned": motion.PraiseEarned,
    "hold.started": motion.HoldStarted,
    "hold.measured": motion.HoldMeasured,
    "pose.lost": motion.PoseLost,
    "pose.found": motion.PoseFound,
    "set.watched": SetWatched,
    "cue.given": Cue,
}
"""How each fact is called on the wire."""

NAMES: Final = {fact: name for name, fact in KINDS.items()}

_TailEntry = tuple[Watching, int, int, str, msgspec.Raw]


class _Record(msgspec.Struct, array_like=True):
    """A LiveSession with its facts under their names."""

    position: int
    watching: Watching
    sequence: int
    numbered: int
    started_s: float | None
    seen_to_s: float | None
    motion: MotionState | None
    feedback: Feedback
    tail: tuple[Any, ...]
    coach: Coaching = Coaching()


class _Stored(_Record, array_like=True):
    """The same as it is read: facts stay bytes until their names are known."""

    tail: tuple[_TailEntry, ...]


_encoder = msgspec.msgpack.Encoder()
_records = msgspec.msgpack.Decoder(_Stored)


def write_session(session: LiveSession) -> bytes:
    """Write a state as bytes; the same state gives the same bytes."""
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
            (told.watching, told.sequence, told.number, NAMES[type(told.fact)], told.fact)
            for told in session.tail
        ),
        coach=session.coach,
    )
    return _encoder.encode(record)


def read_session(content: bytes | memoryview) -> LiveSession:
    """Read a state; what is written again is the same bytes."""
    record = _records.decode(content)
    return LiveSession(
        position=record.position,
        watching=record.watching,
        sequence=record.sequence,
        numbered=record.numbered,
        started_s=record.started_s,
        seen_to_s=record.seen_to_s,
        motion=record.motion,
        feedback=record.feedback,
        tail=tuple(
            Told(watching, sequence, number, _fact(name, raw))
            for watching, sequence, number, name, raw in record.tail
        ),
        coach=record.coach,
    )


def _fact(name: str, raw: msgspec.Raw) -> LiveFact:
    fact: LiveFact = msgspec.msgpack.decode(raw, type=KINDS[name])
    return fact


class FactMessage(msgspec.Struct, kw_only=True):
    """A fact on `exercise.detect`, as JSON. `kind` is a key of KINDS and says what `fact` is."""

    id: UUID
    tenant_id: str
    session_id: str
    set: int
    number: int
    exercise_id: str
    definition_version: int
    model: str
    kind: str
    fact: msgspec.Raw


class CueMessage(msgspec.Struct, kw_only=True):
    """A sentence for the athlete on `cue.make`, as JSON.

    `cue` is shown, `say` spoken (empty for silence), both in `language`. `fault` is what it
    corrects, None for praise and for framing; `repetition` None where it is about none.
    """

    id: UUID
    tenant_id: str
    session_id: str
    set: int
    repetition: int | None
    category: Category
    cue: str
    say: str
    language: str
    fault: str | None
    at_ms: int


_json = msgspec.json.Encoder()
_facts = msgspec.json.Decoder(FactMessage)


def write_fact(key: LiveKey, told: Told) -> bytes:
    """Write a fact for `exercise.detect`."""
    message = FactMessage(
        id=told.id(key),
        tenant_id=key.tenant_id,
        session_id=key.session_id,
        set=told.watching.set,
        number=told.number,
        exercise_id=told.watching.exercise,
        definition_version=told.watching.version,
        model=told.watching.model,
        kind=NAMES[type(told.fact)],
        fact=msgspec.Raw(_json.encode(told.fact)),
    )
    return _json.encode(message)


def read_fact(content: bytes) -> tuple[LiveKey, UUID, Told]:
    """Read a fact of `exercise.detect` with its session and id. Raises msgspec.MsgspecError."""
    message = _facts.decode(content)
    if message.kind not in KINDS:
        raise msgspec.ValidationError(f"There is no kind of fact {message.kind!r}.")
    watching = Watching(message.set, message.exercise_id, message.definition_version, message.model)
    fact: LiveFact = msgspec.json.decode(message.fact, type=KINDS[message.kind])
    key = LiveKey.parse(f"{message.tenant_id}/{message.session_id}")
    return key, message.id, Told(watching, 0, message.number, fact)


def write_cue(key: LiveKey, told: Told) -> bytes | None:
    """Write a cue for `cue.make`; None for another fact."""
    cue = told.fact
    if not isinstance(cue, Cue):
        return None
    message = CueMessage(
        id=told.id(key),
        tenant_id=key.tenant_id,
        session_id=key.session_id,
        set=told.watching.set,
        repetition=cue.repetition,
        category=cue.category,
        cue=cue.text,
        say=cue.say,
        language=cue.language,
        fault=cue.fault,
        at_ms=round(cue.at_s * 1000),
    )
    return _json.encode(message)
