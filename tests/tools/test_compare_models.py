"""Comparison of rules and learned models on labeled frames."""

import numpy as np

from domain.motion.landmarks import LANDMARK_COUNT, PoseChunk
from domain.motion.signals.body import body_of
from tools.form.compare_models import sources_of
from tools.form.labeled_frames import Frame


def frames(exercise: str, *labels: str | None) -> list[Frame]:
    nobody = PoseChunk(np.zeros(1), np.full((1, LANDMARK_COUNT, 4), np.nan, np.float32), None, 1.0)
    return [Frame(exercise, label, frozenset(), body_of(nobody)) for label in labels]


def test_a_source_ends_when_its_athlete_shows_a_label_again() -> None:
    """R-POS-05: frames of one athlete are never on both sides of a fold."""
    curls = frames("biceps_curl", None, None, "leaning_back", None, "leaning_back", None)
    planks = frames("plank", None, "hips_piked", None, "hips_piked", None)
    assert [each[-1] for each in sources_of([*curls, *planks])] == list("00011200001")
