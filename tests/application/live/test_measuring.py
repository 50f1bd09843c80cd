"""Chunks of several sessions are measured together."""

from dataclasses import replace

import pytest

from application.live.chunk import FrameChunk
from application.live.measuring import measure_together, measured_for
from application.live.tracker import track
from domain.motion.exercises.library import get_exercise
from tests.live.chunks import command, take

SQUAT, CURL = get_exercise("squat"), get_exercise("biceps_curl")


def messages(*exercises: str) -> list[FrameChunk]:
    """Return the first chunk of a session of each exercise."""
    return [command("s", 1, exercise=each).message for each in exercises]


def test_chunks_are_measured_for_their_exercises() -> None:
    squat, unknown, curl = measure_together(messages("squat", "ballet", "biceps_curl"))
    assert squat.measured is not None
    assert curl.measured is not None
    assert (squat.measured.definition, curl.measured.definition) == (SQUAT, CURL)
    assert squat.measured.chunk is squat.chunk
    assert unknown.measured is None


def test_a_chunk_alone_is_measured_when_it_is_tracked() -> None:
    (alone,) = measure_together(messages("squat"))
    assert alone.measured is None


def test_a_custom_exercise_is_measured_by_the_definition_that_comes_with_the_chunk() -> None:
    custom = replace(SQUAT, id="custom-1")
    sent = replace(messages("squat")[0], exercise="custom-1", definition=custom)
    measured, _ = measure_together([sent, *messages("squat")])
    assert measured.measured is not None
    assert measured.measured.definition is custom


def test_a_chunk_that_cannot_be_measured_leaves_those_it_waited_with() -> None:
    good, bad = messages("squat", "squat")
    broken = replace(
        SQUAT, range_of_motion=replace(SQUAT.range_of_motion, measure="no such measure")
    )
    good, bad = measure_together([good, replace(bad, definition=broken)])
    assert track(None, 1, good).session.sequence == 1
    with pytest.raises(KeyError, match="no such measure"):
        track(None, 1, bad)


def test_measurements_of_another_exercise_or_of_other_frames_are_not_used() -> None:
    squat, other = measure_together(messages("squat", "squat"))
    assert measured_for(SQUAT, squat) is squat.measured
    assert measured_for(CURL, squat).definition is CURL
    exchanged = replace(squat, chunk=take("s")[1].message.chunk)
    assert measured_for(SQUAT, exchanged).chunk is exchanged.chunk
    assert other.measured is not None
    assert other.measured is not squat.measured
