"""Repeated chunks and dying workers lead to the same detections."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.live import tracker
from application.live.chunk import FrameChunk, InvalidSessionKey, SessionKey
from application.live.tracker import (
    DefinitionReplaced,
    Detection,
    ExerciseChanged,
    LiveFact,
    SetTracked,
    TrackerState,
    TrackResult,
    track,
)
from domain.coaching.cue_memory import Cue
from domain.ids import SessionId, TenantId
from domain.motion.exercises.library import get_exercise
from domain.motion.facts import PoseFound, PoseLost, RepetitionCounted
from domain.motion.fold import fold
from domain.motion.landmarks import PoseChunk
from domain.values import UnknownExercise
from tests.streams.videos import chunk_message, video

KEY = SessionKey(TenantId("gym"), SessionId("s-1"))
CHUNKS = 24


def run(messages: list[FrameChunk]) -> tuple[TrackerState, list[Detection]]:
    session: TrackerState | None = None
    detections: list[Detection] = []
    for position, message in enumerate(messages):
        session, new = track(session, position, message)
        detections += new
    assert session is not None
    return session, detections


def seen(detections: list[LiveFact]) -> tuple[LiveFact, ...]:
    """Return the detections without cues."""
    return tuple(fact for fact in detections if not isinstance(fact, Cue))


def a_set(chunks: int = CHUNKS, number: int = 1) -> list[FrameChunk]:
    return [
        chunk_message(sequence, number=number, last=sequence == chunks)
        for sequence in range(1, chunks + 1)
    ]


def test_chunks_yield_the_facts_of_the_whole_set() -> None:
    """R-EVT-13."""
    _, detections = run(a_set())
    whole = fold(get_exercise("squat"), video()[:CHUNKS])
    *facts, watched = [one.fact for one in detections]
    assert seen(facts) == whole.facts
    assert watched == SetTracked(0.0, whole.state.last_frame_s or 0.0, whole.state.repetitions)
    assert any(isinstance(fact, RepetitionCounted) for fact in facts)


def test_facts_are_named_by_session_set_and_number() -> None:
    _, detections = run(a_set())
    ids = [one.id(KEY) for one in detections]
    assert len(set(ids)) == len(ids)
    assert ids == [one.id(KEY) for one in run(a_set())[1]]
    elsewhere = SessionKey(TenantId("other"), KEY.session_id)
    assert detections[0].id(elsewhere) not in ids


def test_the_end_of_a_set_has_the_same_id_with_and_without_a_reconciliation() -> None:
    """R-EVT-16: a worker may be killed between the two, and omit the second on its next attempt."""
    _, detections = run(a_set())
    end = detections[-1]
    assert isinstance(end.fact, SetTracked)
    assert replace(end, number=end.number + 1).id(KEY) == end.id(KEY)
    assert end.id(KEY) not in [replace(one, number=end.number).id(KEY) for one in detections[:-1]]


def test_a_repeated_chunk_yields_the_same_detections_and_counts_nothing() -> None:
    """R-EVT-16."""
    session, detections = run(a_set())
    counting = next(one for one in detections if isinstance(one.fact, RepetitionCounted))
    again = track(session, 100, chunk_message(counting.sequence))
    assert counting in again.detections
    assert again.session == replace(session, position=100)


def test_a_chunk_older_than_the_kept_replies_has_no_result() -> None:
    session, _ = run(a_set(60)[: tracker.RESENT_CHUNKS + 12])
    assert track(session, 100, chunk_message(3)).detections == ()


def test_a_chunk_that_arrives_after_its_successor_counts_as_missing() -> None:
    first, second, third, fourth = a_set()[:4]
    delayed, _ = run([first, third, second, fourth])
    missing, _ = run([first, third, fourth])
    assert replace(delayed, position=0) == replace(missing, position=0)


def test_a_gap_is_a_time_in_which_nothing_was_seen() -> None:
    messages = a_set()
    _, detections = run(messages[:6] + messages[9:])
    *facts, _ = [one.fact for one in detections]
    chunks = [message.chunk for message in messages[:6] + messages[9:]]
    assert seen(facts) == fold(get_exercise("squat"), chunks).facts


def test_a_set_that_nobody_ended_is_ended_by_the_next_one() -> None:
    one, other = a_set()[:-1], a_set(number=2)[:1]
    _, detections = run(one + other)
    watched = [one for one in detections if isinstance(one.fact, SetTracked)]
    assert [one.watching.set for one in watched] == [1]
    assert [one.number for one in detections if one.watching.set == 1] == list(
        range(1, len(watched) + watched[0].number)
    )


def test_chunks_after_the_last_of_a_set_tell_nothing() -> None:
    session, _ = run(a_set())
    after = track(session, 50, chunk_message(CHUNKS + 1))
    assert after == TrackResult(replace(session, position=50, sequence=CHUNKS + 1), ())


def test_chunks_of_an_earlier_set_tell_nothing() -> None:
    session, _ = run(a_set() + a_set(number=2)[:3])
    assert track(session, 50, chunk_message(CHUNKS)) == TrackResult(
        replace(session, position=50), ()
    )


def test_the_last_chunk_may_be_empty() -> None:
    empty = PoseChunk(video()[0].times_s[:0], video()[0].image[:0])
    end = replace(chunk_message(2, last=True), chunk=empty)
    _, detections = run([chunk_message(1), end])
    assert isinstance(detections[-1].fact, SetTracked)


def test_a_set_without_frames_is_where_the_frames_before_it_end() -> None:
    """R-LIV-03: not at the beginning of the session, among its earlier sets."""
    empty = PoseChunk(video()[0].times_s[:0], video()[0].image[:0])
    end = replace(chunk_message(CHUNKS + 1, number=2, last=True, at=0), chunk=empty)
    _, detections = run([*a_set(), end])
    first, second = (each.fact for each in detections if isinstance(each.fact, SetTracked))
    assert second == SetTracked(first.ended_s, first.ended_s, 0)


def test_the_first_chunk_reports_a_fact_though_nobody_is_in_view() -> None:
    """R-LIV-10: the fact starts the set, and the facts after it are those of a set with people."""
    chunk = video()[0]
    unseen = PoseChunk(chunk.times_s, np.full_like(chunk.image, np.nan), None, chunk.aspect_ratio)
    session, first = track(None, 0, replace(chunk_message(1), chunk=unseen))
    assert [(one.number, one.fact) for one in first] == [(1, PoseLost(float(chunk.times_s[-1])))]
    assert track(session, 1, replace(chunk_message(1), chunk=unseen)).detections == first
    seen_later = track(session, 2, chunk_message(2)).detections
    assert [(one.number, type(one.fact)) for one in seen_later] == [(2, PoseFound)]


def test_a_set_has_one_exercise() -> None:
    session, _ = run(a_set()[:2])
    with pytest.raises(ExerciseChanged):
        track(session, 2, chunk_message(3, exercise="biceps_curl"))


def test_an_unknown_exercise_is_refused() -> None:
    with pytest.raises(UnknownExercise):
        track(None, 0, replace(chunk_message(1), exercise="moonwalk"))


def test_a_definition_replaced_within_a_set_ends_its_analysis() -> None:
    session, _ = run(a_set()[:12])
    old = replace(session, watching=replace(session.watching, version=0))
    with pytest.raises(DefinitionReplaced):
        track(old, 12, chunk_message(13))
    next_set = track(old, 13, chunk_message(1, number=2))
    assert isinstance(next_set.detections[0].fact, SetTracked)
    assert next_set.session.watching.set == 2


def test_a_definition_replaced_within_a_set_lets_the_set_end() -> None:
    """R-LIV-10: the last frames are not counted, and the set is completed without them.

    A client that got a provisional reply to them has dropped them, and sends no other end.
    """
    session, before = run(a_set()[:12])
    old = replace(session, watching=replace(session.watching, version=0))
    end = chunk_message(13, last=True)
    ended = track(old, 13, end)
    (over,) = ended.detections
    assert isinstance(over.fact, SetTracked)
    assert over.number == len(before) + 1
    assert over.fact.repetitions == session.feedback.repetitions
    assert ended.session.feedback.repetitions == session.feedback.repetitions
    assert track(ended.session, 14, end).detections == ended.detections
    assert ended.session.motion is None
    assert ended.session.seen_to_s == end.chunk.times_s[-1]


@pytest.mark.parametrize("text", ["", "gym", "/s", "gym/"])
def test_a_key_names_tenant_and_session(text: str) -> None:
    with pytest.raises(InvalidSessionKey):
        SessionKey.parse(text)
    assert SessionKey.parse(str(KEY)) == KEY


Crash = tuple[int, int, list[int]]
"""Crash of a worker: after which message it died, and where its stored state was.

The second number is how many messages before that the stored position was; the list says how
many before the position the state of each session was.
"""

MESSAGES = [
    (key, message)
    for at in range(CHUNKS)
    for key in ("gym/a", "gym/b", "gym/c")
    for message in [a_set()[at]] * (2 if (at + ord(key[-1])) % 5 == 0 else 1)
]


@cache
def undisturbed() -> tuple[dict[str, TrackerState], dict[tuple[str, int], Detection]]:
    sessions: dict[str, TrackerState] = {}
    detections: dict[tuple[str, int], Detection] = {}
    for position, (key, message) in enumerate(MESSAGES):
        sessions[key], new = track(sessions.get(key), position, message)
        detections |= {(key, one.number): one for one in new}
    return sessions, detections


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, len(MESSAGES)),
            st.integers(0, 12),
            st.lists(st.integers(0, 12), min_size=3, max_size=3),
        ),
        max_size=4,
    )
)
def test_the_same_facts_are_reported_and_stored_wherever_a_worker_dies(
    crashes: list[Crash],
) -> None:
    """R-EVT-16: a state may be ahead of the position, never behind it."""
    history: list[dict[str, TrackerState]] = [{}]
    detections: dict[tuple[str, int], Detection] = {}
    position = 0
    for at, back, behind in [*sorted(crashes), (len(MESSAGES), 0, [0, 0, 0])]:
        while position < at:
            key, message = MESSAGES[position]
            session, new = track(history[-1].get(key), position, message)
            for one in new:
                assert detections.setdefault((key, one.number), one) == one
            history.append(history[-1] | {key: session})
            position += 1
        stored = max(0, position - back)
        ages = zip(("gym/a", "gym/b", "gym/c"), behind, strict=True)
        kept = {key: history[-1 - min(age, back, len(history) - 1)].get(key) for key, age in ages}
        history = [{key: session for key, session in kept.items() if session is not None}]
        position = stored
    assert (history[-1], detections) == undisturbed()
