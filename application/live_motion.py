"""Landmarks of a session that is under way become facts: none is lost, none is told as another.

Pure: where a session stands and the next chunk give where it stands then, and what became known.
Whoever drives this keeps the two together and may do so as often as it likes: the same chunk after
the same state tells the same facts under the same ids, so that a crash costs time and nothing else.
"""

from dataclasses import dataclass, replace
from typing import Final, NamedTuple, Self
from uuid import UUID, uuid5

from domain.ids import SessionId, TenantId
from domain.kernel import Rejected, value
from domain.motion import facts as motion
from domain.motion.catalogue import catalogue, exercise
from domain.motion.definition import ExerciseDefinition
from domain.motion.fold import advance, begin, finish
from domain.motion.landmarks import PoseChunk
from domain.motion.state import MotionState

NAMESPACE: Final = UUID("0192f0c4-5d1e-7c3a-9a44-6b1f3e2d8c02")
"""Ids of what is told about live sessions live here."""

TAIL: Final = 20
"""Chunks whose facts are kept to be told again when a client sends them again: ten seconds."""


class LiveKeyInvalid(Rejected):
    """A live session is named by its tenant, a slash, and its id."""

    code = "live.key_invalid"
    kind = "invalid"


class ExerciseChanged(Rejected):
    """A set has one exercise from its first chunk to its last."""

    code = "live.exercise_changed"
    kind = "invalid"


class DefinitionReplaced(Rejected):
    """The exercise's definition was replaced by another version while the set was under way."""

    code = "live.definition_replaced"


@value
class LiveKey:
    """A session and its tenant: the unit within which chunks keep their order."""

    tenant_id: TenantId
    session_id: SessionId

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `tenant/session`. Raises LiveKeyInvalid."""
        tenant_id, _, session_id = text.partition("/")
        if not tenant_id or not session_id:
            raise LiveKeyInvalid
        return cls(TenantId(tenant_id), SessionId(session_id))

    def __str__(self) -> str:
        return f"{self.tenant_id}/{self.session_id}"


@value
class Watching:
    """Which set is watched, for which exercise, with which pose model and definition."""

    set: int
    exercise: str
    version: int
    model: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PoseMessage:
    """A chunk of landmarks on its way: about half a second of one set.

    `sequence` counts the set's chunks from 1. `model` names what made the landmarks. `last` ends
    the set; that chunk may be without frames.
    """

    set: int
    sequence: int
    exercise: str
    model: str
    last: bool
    chunk: PoseChunk


@value
class SetWatched:
    """A set is over, and everything seen of it has been told. Times in seconds of the session."""

    started_s: float
    ended_s: float
    repetitions: int


LiveFact = motion.MotionFact | SetWatched


@value
class Told:
    """A fact with its place: the `number`-th of its set, known by the chunk `sequence`."""

    watching: Watching
    sequence: int
    number: int
    fact: LiveFact

    def id(self, key: LiveKey) -> UUID:
        """Name the fact; by what it is about, so that telling it twice says the same."""
        place = (key.tenant_id, key.session_id, str(self.watching.set), str(self.number))
        return uuid5(NAMESPACE, "\x1f".join(place))


@value
class LiveSession:
    """Where a session stands after the messages up to `position` of its partition.

    `sequence` is the highest seen of the current set, `numbered` how many facts were told of it,
    `started_s` the time of its first frame. `motion` is None when the set is over. `tail` are the
    facts of the last chunks.
    """

    position: int
    watching: Watching
    sequence: int
    numbered: int
    started_s: float | None
    motion: MotionState | None
    tail: tuple[Told, ...]


class Applied(NamedTuple):
    """Where the session stands now, and what is to be told."""

    session: LiveSession
    told: tuple[Told, ...]


def apply(session: LiveSession | None, position: int, message: PoseMessage) -> Applied:
    """Take in the message at this position of the session's partition.

    A message seen before, known by set and sequence number, tells what it told then, as far as the
    tail reaches, and changes no count; the highest position stays. One that comes after its
    successor is too late: its frames are older than those already judged, so it is treated as
    seen. A gap is a time in which nothing was seen. A set that begins ends the one before it.
    Raises UnknownExercise, ExerciseChanged, DefinitionReplaced.
    """
    definition = exercise(message.exercise)
    if session is None:
        return _take(_begun(position, message, definition), message, definition)
    session = replace(session, position=max(position, session.position))
    place, seen = (message.set, message.sequence), (session.watching.set, session.sequence)
    if place <= seen:
        return Applied(session, _again(session, message))
    if message.set == session.watching.set:
        return _take(session, message, definition)
    ended = _end(session, message.sequence)
    begun = _begun(session.position, message, definition)
    session, told = _take(begun, message, definition)
    return Applied(replace(session, tail=ended + told), ended + told)


def _begun(position: int, message: PoseMessage, definition: ExerciseDefinition) -> LiveSession:
    watching = Watching(message.set, definition.id, definition.version, message.model)
    return LiveSession(position, watching, 0, 0, None, begin(definition), ())


def _again(session: LiveSession, message: PoseMessage) -> tuple[Told, ...]:
    """Give what a chunk of the current set told when it was new."""
    if message.set != session.watching.set:
        return ()
    return tuple(told for told in session.tail if told.sequence == message.sequence)


def _take(session: LiveSession, message: PoseMessage, definition: ExerciseDefinition) -> Applied:
    """Take in a chunk of the current set, the newest so far."""
    watching, state = session.watching, session.motion
    if message.exercise != watching.exercise:
        raise ExerciseChanged(
            f"Set {message.set} is of {watching.exercise}, not of {message.exercise}."
        )
    if state is None:
        return Applied(replace(session, sequence=message.sequence), ())
    if definition.version != watching.version:
        raise DefinitionReplaced
    if session.started_s is None and len(message.chunk):
        session = replace(session, started_s=float(message.chunk.times_s[0]))
    moved = advance(definition, state, message.chunk)
    facts: tuple[LiveFact, ...] = moved.facts
    if message.last:
        moved = finish(definition, moved.state)
        facts = (*facts, *moved.facts, _watched(session, moved.state))
    told = _numbered(session, message.sequence, facts)
    kept = tuple(one for one in session.tail if one.sequence > message.sequence - TAIL)
    taken = replace(
        session,
        sequence=message.sequence,
        numbered=session.numbered + len(told),
        motion=None if message.last else moved.state,
        tail=kept + told,
    )
    return Applied(taken, told)


def _end(session: LiveSession, sequence: int) -> tuple[Told, ...]:
    """End a set that nobody ended, because chunk `sequence` of a later one has come.

    Where its definition was replaced meanwhile, nobody can judge it as a whole: its count stands.
    """
    state, watching = session.motion, session.watching
    if state is None:
        return ()
    definition = catalogue().get(watching.exercise)
    if definition is None or definition.version != watching.version:
        return _numbered(session, sequence, (_watched(session, state),))
    moved = finish(definition, state)
    return _numbered(session, sequence, (*moved.facts, _watched(session, moved.state)))


def _watched(session: LiveSession, state: MotionState) -> SetWatched:
    ended_s = state.last_frame_s or 0.0
    started_s = ended_s if session.started_s is None else session.started_s
    return SetWatched(started_s, ended_s, state.repetitions)


def _numbered(session: LiveSession, sequence: int, facts: tuple[LiveFact, ...]) -> tuple[Told, ...]:
    first = session.numbered + 1
    return tuple(
        Told(session.watching, sequence, number, fact)
        for number, fact in enumerate(facts, start=first)
    )
