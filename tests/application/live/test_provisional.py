"""Provisional feedback begins with the first timeout, and ends with the next reply."""

import pytest

from application.live import provisional
from application.live.chunk import SessionChunk
from application.live.provisional import UNANSWERED_CHUNKS, ProvisionalTracker
from application.live.replies import LiveReply
from application.live.tracker import TrackerState, TrackResult, track
from tests.live.chunks import take
from tests.live.session_fixture import KEY

CHUNKS = take("s", repetitions=6)
ANSWERED = len(CHUNKS) // 2


def replies() -> list[LiveReply]:
    """Return the replies of workers to all chunks."""
    state: TrackerState | None = None
    found: list[LiveReply] = []
    for sent in CHUNKS:
        result = track(state, sent.sequence, sent.message)
        state = result.session
        found.append(LiveReply.processed(SessionChunk(session=KEY, message=sent.message), result))
    return found


def counted(reply: LiveReply) -> int:
    assert reply.feedback is not None
    return reply.feedback.repetitions


def test_unanswered_chunks_add_to_the_last_feedback_of_a_worker() -> None:
    """R-LIV-11."""
    newest, last = replies()[ANSWERED - 1], replies()[-1]
    tracker = ProvisionalTracker()
    counts = [
        tracker.track(KEY, sent.message, newest).session.feedback.repetitions
        for sent in CHUNKS[ANSWERED:]
    ]
    assert counts == sorted(counts)
    assert counts[0] >= counted(newest) > 0
    assert abs(counts[-1] - counted(last)) <= 1


def test_chunks_that_a_worker_answered_later_do_not_count_twice() -> None:
    """R-LIV-11."""
    all_replies = replies()
    tracker = ProvisionalTracker()
    for sent in CHUNKS[ANSWERED:-1]:
        tracker.track(KEY, sent.message, all_replies[ANSWERED - 1])
    delayed = all_replies[-2]
    result = tracker.track(KEY, CHUNKS[-1].message, delayed)
    assert result.session.feedback.repetitions <= counted(all_replies[-1]) + 1


def test_a_chunk_that_is_sent_again_counts_once() -> None:
    tracker = ProvisionalTracker()
    for sent in CHUNKS:
        first = tracker.track(KEY, sent.message, None).session.feedback
        assert tracker.track(KEY, sent.message, None).session.feedback == first


def test_a_reply_ends_provisional_tracking_and_its_work_is_limited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a reply no chunk is tracked again; before it at most 20 are."""
    tracked: list[int] = []

    def count(*given: object) -> TrackResult:
        tracked.append(1)
        return track(*given)  # type: ignore[arg-type]

    tracker = ProvisionalTracker()
    for sent in CHUNKS[:-1]:
        tracker.track(KEY, sent.message, None)
    monkeypatch.setattr(provisional, "track", count)
    tracker.track(KEY, CHUNKS[-1].message, replies()[0])
    assert len(tracked) <= UNANSWERED_CHUNKS + 1
    tracker.end(KEY)
    tracked.clear()
    tracker.track(KEY, CHUNKS[-1].message, replies()[-2])
    assert len(tracked) == 1
