"""Chunks that are measured together give what each gives by itself."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import all_exercises
from domain.motion.fold import FoldResult, advance, advance_measured, begin
from domain.motion.landmarks import PoseChunk
from domain.motion.signals.body import body_of
from domain.motion.signals.columns import measure_all, measure_for
from tests.domain.motion.figure import squats

EXERCISES = [all_exercises()[name] for name in ("squat", "push_up", "plank", "jumping_jack")]
WHOLE = squats(2)

Wanted = tuple[ExerciseDefinition, PoseChunk]


@st.composite
def chunks(draw: st.DrawFn) -> Wanted:
    """Return some frames of one of several exercises and kinds of cameras."""
    start = draw(st.integers(0, len(WHOLE) - 1))
    frames = slice(start, start + draw(st.integers(0, 20)))
    assert WHOLE.world is not None
    image, world = WHOLE.image[frames].copy(), WHOLE.world[frames].copy()
    seen_by = draw(st.sampled_from(["depth and meters", "depth", "flat"]))
    if seen_by == "flat":
        image[:, :, 2] = draw(st.sampled_from([0.0, np.nan]))
    if len(image) and draw(st.booleans()):
        lost = draw(st.integers(0, len(image) - 1))
        image[lost], world[lost] = np.nan, np.nan
    aspect_ratio = draw(st.sampled_from([16 / 9, 9 / 16]))
    metric = world if seen_by == "depth and meters" else None
    chunk = PoseChunk(WHOLE.times_s[frames], image, metric, aspect_ratio)
    return draw(st.sampled_from(EXERCISES)), chunk


@settings(max_examples=200, deadline=None)
@given(st.lists(chunks(), max_size=12))
def test_chunks_measured_together_have_the_values_of_each_alone(wanted: list[Wanted]) -> None:
    """Athletes whose chunks arrive at the same time do not change each other's counts."""
    for (definition, chunk), measured in zip(wanted, measure_all(wanted), strict=True):
        alone = measure_for(definition, chunk)
        assert measured.definition is definition
        assert measured.chunk is chunk
        assert measured.rows.tobytes() == alone.rows.tobytes()
        for part in ("axes", "plane", "visibility", "seen", "size"):
            together = getattr(measured.body, part)
            assert together.tobytes() == getattr(alone.body, part).tobytes()
        assert measured.body.metric == alone.body.metric
        assert advance_measured(begin(definition), measured) == advanced(definition, chunk)


def advanced(definition: ExerciseDefinition, chunk: PoseChunk) -> FoldResult:
    return advance(definition, begin(definition), chunk)


def test_measuring_changes_no_landmark() -> None:
    chunk = replace(WHOLE, image=WHOLE.image.copy())
    measure_all([(EXERCISES[0], chunk), (EXERCISES[0], WHOLE)])
    np.testing.assert_array_equal(chunk.image, WHOLE.image)


def test_a_part_of_a_body_has_the_frames_of_that_part() -> None:
    part = body_of(WHOLE).part(slice(3, 8))
    assert len(part) == 5
    np.testing.assert_array_equal(part.y, body_of(WHOLE).y[3:8])
