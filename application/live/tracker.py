"""Tracker: fold chunks into detections. Pure.

The same chunk after the same state gives the same detections under the same ids, so a caller may
repeat a chunk after a crash without losing or doubling one.
"""

from dataclasses import replace
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from application.live.chunk import FrameChunk, SessionKey
from application.live.measuring import measured_for
from application.live.reconciliation import (
    ServerTrack,
    SetReconciled,
    begin_server_track,
    review,
    update_tracks,
)
from domain.coaching.cue_memory import CueMemory
from domain.coaching.cues import CoachedFact, add_cues, add_final_cues, add_framing_cues
from domain.coaching.preferences import DEFAULT_PREFERENCES, CuePreferences
from domain.kernel import Rejected, unfrozen_value, value
from domain.motion import facts as motion
from domain.motion.counting.trained_model import trained_model_name
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import all_exercises, get_exercise
from domain.motion.fold import FoldResult, advance_measured, begin, finish
from domain.motion.landmarks import PoseChunk
from domain.motion.state import MotionState

NAMESPACE: Final = UUID("0192f0c4-5d1e-7c3a-9a44-6b1f3e2d8c02")
"""Namespace of the ids of detections."""

RESENT_CHUNKS: Final = 20
"""Chunks whose detections are kept for a client that sends them again: ten seconds."""


class ExerciseChanged(Rejected):
    """A set has one exercise. Start a new set for another exercise."""

    code = "live.exercise_changed"
    kind = "invalid"


class DefinitionReplaced(Rejected):
    """A new version replaced the exercise's definition during the set. End the set."""

    code = "live.definition_replaced"


@value
class TrackedSet:
    """A set under way: its number, exercise, definition version and pose model.

    `learned` names the trained counting model of the exercise, None where there is none.
    """

    set: int
    exercise: str
    version: int
    model: str
    learned: str | None = None


@value
class SetTracked:
    """The set is over and all its detections are made. Times in seconds of the session."""

    started_s: float
    ended_s: float
    repetitions: int


LiveFact = CoachedFact | SetReconciled | SetTracked


@value
class Detection:
    """A motion fact in its place: the `number`-th of its set, detected in chunk `sequence`."""

    watching: TrackedSet
    sequence: int
    number: int
    fact: LiveFact

    def id(self, key: SessionKey) -> UUID:
        """Return the id of the detection, derived from its place: a repetition has the same id.

        The end of a set has no number in it. A last chunk that is processed again after a crash may
        lack the reconciliation before the end, because its images could not be analyzed this time.
        """
        number = "end" if isinstance(self.fact, SetTracked) else str(self.number)
        place = (key.tenant_id, key.session_id, str(self.watching.set), number)
        return uuid5(NAMESPACE, "\x1f".join(place))


@unfrozen_value
class Feedback:
    """Live feedback on a set under way.

    `held_s` are the seconds of finished holds, `holding_s` those of the current one. `form` 0..1 is
    that of the latest repetition or hold. `pose_seen`: the camera sees the athlete.
    """

    repetitions: int = 0
    held_s: float = 0.0
    holding_s: float = 0.0
    form: float | None = None
    phase: motion.Phase = "rest"
    pose_seen: bool = False


@unfrozen_value
class TrackerState:
    """Tracker state of a session after the messages up to `position` of its partition.

    `sequence` is the highest of the current set, `numbered` the number of its detections,
    `started_s` the time of its first frame, `seen_to_s` that of the session's latest. `motion` is
    None when the set is over. `tail` are the detections of the last chunks. `coach` is the cue
    memory of the set, whose `preferences` are those it began with. `second` is the server's own
    track of a set that comes with images. `definition` is that of a custom exercise, None for the
    library.
    """

    position: int
    watching: TrackedSet
    sequence: int
    numbered: int
    started_s: float | None
    seen_to_s: float | None
    motion: MotionState | None
    feedback: Feedback
    tail: tuple[Detection, ...]
    coach: CueMemory = CueMemory()
    preferences: CuePreferences = DEFAULT_PREFERENCES
    second: ServerTrack | None = None
    definition: ExerciseDefinition | None = None


class TrackResult(NamedTuple):
    """The state after a chunk, and the detections in it."""

    session: TrackerState
    detections: tuple[Detection, ...]


def track(session: TrackerState | None, position: int, message: FrameChunk) -> TrackResult:
    """Track the chunk at this position of the session's partition.

    A duplicate, known by its set and sequence, gives the detections that it gave before, as far as
    the tail reaches, and changes no count; the highest position stays. A chunk that comes after its
    successor counts as a duplicate, because its frames are older than those already judged. A gap
    is a time without a pose. A new set ends the one before it. Raises UnknownExercise,
    ExerciseChanged, DefinitionReplaced.
    """
    definition = _definition(session, message)
    if session is None:
        return _track_new(_begin_set(position, message, definition), message, definition)
    session = replace(session, position=max(position, session.position))
    if is_duplicate(session, message):
        return TrackResult(session, _repeated_detections(session, message))
    if message.set == session.watching.set:
        return _track_new(session, message, definition)
    before = _end(session, message.sequence)
    begun = _begin_set(session.position, message, definition, session.seen_to_s)
    session, detections = _track_new(begun, message, definition)
    return TrackResult(replace(session, tail=before + detections), before + detections)


def _definition(session: TrackerState | None, message: FrameChunk) -> ExerciseDefinition:
    """Return the definition of a chunk's exercise. Raises UnknownExercise."""
    if message.definition is not None:
        return message.definition
    is_tracked = session is not None and session.watching.exercise == message.exercise
    if session is not None and session.definition is not None and is_tracked:
        return session.definition  # of a duplicate, which comes without one
    return get_exercise(message.exercise)


def is_duplicate(session: TrackerState | None, message: FrameChunk) -> bool:
    """Whether the chunk was tracked before, so that nothing in it counts again."""
    if session is None:
        return False
    return (message.set, message.sequence) <= (session.watching.set, session.sequence)


def _begin_set(
    position: int,
    message: FrameChunk,
    definition: ExerciseDefinition,
    seen_to_s: float | None = None,
) -> TrackerState:
    return TrackerState(
        position=position,
        watching=TrackedSet(message.set, definition.id, definition.version, message.model),
        sequence=0,
        numbered=0,
        started_s=None,
        seen_to_s=seen_to_s,
        motion=begin(definition),
        feedback=Feedback(),
        tail=(),
        preferences=message.preferences,
        definition=message.definition,
    )


def _repeated_detections(session: TrackerState, message: FrameChunk) -> tuple[Detection, ...]:
    """Return the detections of a duplicate of the current set."""
    if message.set != session.watching.set:
        return ()
    return tuple(each for each in session.tail if each.sequence == message.sequence)


def _track_new(
    session: TrackerState, message: FrameChunk, definition: ExerciseDefinition
) -> TrackResult:
    """Track a new chunk of the current set."""
    watching, state = session.watching, session.motion
    preferences = session.preferences
    if message.exercise != watching.exercise:
        raise ExerciseChanged(
            f"Set {message.set} is of {watching.exercise}, not of {message.exercise}."
        )
    if state is None:
        return TrackResult(replace(session, sequence=message.sequence), ())
    if definition.version != watching.version:
        return _end_with_count_so_far(session, message)
    session = _with_times(session, message.chunk)
    measured = measured_for(definition, message)
    moved = advance_measured(state, measured)
    facts: tuple[LiveFact, ...]
    coach = replace(session.coach, seen_from_s=session.started_s)
    coach, facts = add_cues(definition, coach, moved.facts, preferences)
    trace = moved.trace
    second = _update_server_track(session, message, definition, moved.facts)
    if message.last:
        moved = finish(definition, moved.state)
        last = _final_facts(replace(session, coach=coach, second=second), definition, moved)
        facts = (*facts, *last)
        trace = (*trace, *moved.trace)
    else:
        phase = trace[-1].phase if trace else session.feedback.phase
        coach, advised = add_framing_cues(coach, measured, phase, preferences)
        facts = (*facts, *advised)
    if not session.numbered and not facts:  # nobody is in view yet, and a detection starts the set
        facts = (motion.PoseLost(session.seen_to_s or 0.0),)
    detections = _to_detections(session, message.sequence, facts)
    kept = tuple(one for one in session.tail if one.sequence > message.sequence - RESENT_CHUNKS)
    after = replace(
        session,
        sequence=message.sequence,
        numbered=session.numbered + len(detections),
        motion=None if message.last else moved.state,
        coach=coach,
        feedback=_feedback(session.feedback, moved.state, facts, trace),
        tail=kept + detections,
        second=None if message.last else second,
    )
    return TrackResult(after, detections)


def _update_server_track(
    session: TrackerState,
    message: FrameChunk,
    definition: ExerciseDefinition,
    facts: tuple[motion.MotionFact, ...],
) -> ServerTrack | None:
    """Update the server's track of the current set, None while there is none.

    It cannot begin after the device has counted, because the two counts could not be compared.
    """
    second, opinion, state = session.second, message.opinion, session.motion
    if second is None:
        has_begun = state is None or state.repetitions > 0
        if opinion is None or not opinion.beside or has_begun or session.started_s is None:
            return None
        second = begin_server_track(definition, opinion.model, session.started_s)
    return update_tracks(definition, second, message.chunk, facts, opinion)


def _final_facts(
    session: TrackerState, definition: ExerciseDefinition, moved: FoldResult
) -> tuple[LiveFact, ...]:
    """Return the last facts of a set, the reconciliation of two tracks, and the end."""
    ended = _set_end(session, moved.state)
    facts = add_final_cues(
        definition, session.coach, moved.facts, ended.ended_s, session.preferences
    )
    if session.second is None:
        return (*facts, ended)
    model = session.watching.model
    reviewed = review(definition, session.second, moved.facts, ended.ended_s, model)
    return (*facts, reviewed, replace(ended, repetitions=reviewed.repetitions))


def _with_times(session: TrackerState, chunk: PoseChunk) -> TrackerState:
    if not len(chunk):
        return session
    started_s = float(chunk.times_s[0]) if session.started_s is None else session.started_s
    return replace(session, started_s=started_s, seen_to_s=float(chunk.times_s[-1]))


def _feedback(
    before: Feedback,
    state: MotionState,
    facts: tuple[LiveFact, ...],
    trace: tuple[motion.TraceSample, ...],
) -> Feedback:
    """Return the feedback after a chunk with these facts and this part of the curve."""
    held_s, form, repetitions = before.held_s, before.form, state.repetitions
    for fact in facts:
        match fact:
            case SetReconciled():
                repetitions = fact.repetitions
            case motion.HoldMeasured():
                held_s, form = held_s + fact.held_s, fact.form
            case motion.RepetitionCounted(form=float() as measured):
                form = measured
            case _:  # the others change neither
                pass
    holding = state.progress.holding
    holding_s = 0.0
    if holding.announced and holding.started_s is not None:
        holding_s = holding.last_s - holding.started_s
    phase = trace[-1].phase if trace else before.phase
    return Feedback(
        repetitions=repetitions,
        held_s=held_s,
        holding_s=holding_s,
        form=form,
        phase="rest" if state.finished else phase,
        pose_seen=state.pose_seen,
    )


def _end(session: TrackerState, sequence: int) -> tuple[Detection, ...]:
    """End an open set because chunk `sequence` of a later set arrived.

    If its definition was replaced, the set cannot be judged: its count stays.
    """
    state, watching = session.motion, session.watching
    if state is None:
        return ()
    definition = session.definition or all_exercises().get(watching.exercise)
    if definition is None or definition.version != watching.version:
        return _to_detections(session, sequence, (_set_end(session, state),))
    return _to_detections(
        session, sequence, _final_facts(session, definition, finish(definition, state))
    )


def _end_with_count_so_far(session: TrackerState, message: FrameChunk) -> TrackResult:
    """End a set whose definition was replaced, at its last chunk: the count so far stays.

    Frames of that chunk are not counted. They are not refused, because a client to which the chunk
    was acknowledged cannot send the end of the set again. Raises DefinitionReplaced for any other
    chunk.
    """
    if not message.last:
        raise DefinitionReplaced
    detections = _end(session, message.sequence)
    feedback = replace(session.feedback, phase="rest")
    times = message.chunk.times_s
    finished = replace(
        session,
        sequence=message.sequence,
        seen_to_s=float(times[-1]) if len(times) else session.seen_to_s,
        motion=None,
        feedback=feedback,
        second=None,
    )
    numbered = session.numbered + len(detections)
    return TrackResult(
        replace(finished, numbered=numbered, tail=session.tail + detections), detections
    )


def _set_end(session: TrackerState, state: MotionState) -> SetTracked:
    latest_s = session.seen_to_s if state.last_frame_s is None else state.last_frame_s
    ended_s = latest_s or 0.0
    started_s = ended_s if session.started_s is None else session.started_s
    return SetTracked(started_s, ended_s, state.repetitions)


def _to_detections(
    session: TrackerState, sequence: int, facts: tuple[LiveFact, ...]
) -> tuple[Detection, ...]:
    first, watching = session.numbered + 1, session.watching
    watching = replace(watching, learned=trained_model_name(watching.exercise))  # it may be newer
    return tuple(
        Detection(watching, sequence, number, fact)
        for number, fact in enumerate(facts, start=first)
    )
