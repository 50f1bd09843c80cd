"""Reconciled counts of a set in its view and its feed."""

from application.live.feed_events import RepetitionsRevised, to_feed_events
from projections.exercise_set import EXERCISE_SET
from tests.domain.session_examples import LOOKS, SAID, SEEN
from tests.projections.histories import rows_after


def test_a_set_and_its_followers_receive_both_analyses() -> None:
    """C-02: in the read model and in the progress on the page."""
    rows = rows_after(EXERCISE_SET, "session-s1", *SEEN, SAID)
    (row,) = rows.values()
    assert (row.looks, row.stands, row.repetitions) == (LOOKS, "device", 2)
    (reported,) = to_feed_events(SAID)
    assert reported == RepetitionsRevised(1, 2, (), (), LOOKS, "device")
